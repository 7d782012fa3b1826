package core

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// partialResource is a noun whose create fails, before or after Seam has given it an id.
type partialResource struct {
	ID       types.String   `tfsdk:"id"`
	Late     types.String   `tfsdk:"late"`
	Early    types.String   `tfsdk:"early"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

var errPartialCreate = errors.New("the second call failed")

func (m *partialResource) Read(context.Context, *Request[partialResource]) error   { return nil }
func (m *partialResource) Update(context.Context, *Request[partialResource]) error { return nil }
func (m *partialResource) Delete(context.Context, *Request[partialResource]) error { return nil }

func (m *partialResource) Create(context.Context, *Request[partialResource]) error {
	if m.Early.ValueString() != "" {
		m.ID = types.StringValue(m.Early.ValueString())
	}
	return errPartialCreate
}

func partialSchema(ctx context.Context) schema.Schema {
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true}, "late": schema.StringAttribute{Computed: true}, "early": schema.StringAttribute{Optional: true},
		"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
	}}
}

func TestResource_partiallyCreatedObjectIsKept(t *testing.T) {
	ctx := t.Context()
	for early, kept := range map[string]bool{"made-1": true, "": false} {
		client, err := seam.New(seam.Config{APIKey: "key"})
		if err != nil {
			t.Fatal(err)
		}
		r := &managedResource[partialResource]{name: "half", schema: partialSchema, identity: identityByID, verbs: modelVerbs[partialResource, *partialResource]{}, client: client}
		plan := tfsdk.Plan{Schema: partialSchema(ctx), Raw: tftypes.NewValue(partialSchema(ctx).Type().TerraformType(ctx), nil)}
		kinds := map[string]attr.Type{"create": types.StringType, "update": types.StringType, "delete": types.StringType}
		model := partialResource{ID: types.StringUnknown(), Late: types.StringUnknown(), Early: types.StringValue(early), Timeouts: timeouts.Value{Object: types.ObjectNull(kinds)}}
		if d := plan.Set(ctx, &model); d.HasError() {
			t.Fatal(d)
		}
		resp := resource.CreateResponse{State: tfsdk.State{Schema: plan.Schema, Raw: tftypes.NewValue(plan.Raw.Type(), nil)}}
		r.Create(ctx, resource.CreateRequest{Plan: plan, Config: tfsdk.Config(plan)}, &resp)
		if !resp.Diagnostics.HasError() {
			t.Error("the failure is not reported")
		}
		if resp.State.Raw.IsNull() == kept {
			t.Errorf("id %q: the state is %s", early, resp.State.Raw)
		}
		if !resp.State.Raw.IsFullyKnown() {
			t.Errorf("unknown values in the state: %s", resp.State.Raw)
		}
		var saved partialResource
		if kept && (resp.State.Get(ctx, &saved).HasError() || saved.ID.ValueString() != early || !saved.Late.IsNull()) {
			t.Errorf("saved %+v", saved)
		}
	}
}
