package core

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// partialResource is a noun whose create fails, before or after Seam has given it an id.
type partialResource struct {
	ID       types.String   `tfsdk:"id"`
	Late     types.String   `tfsdk:"late"`
	Early    types.String   `tfsdk:"early"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (m *partialResource) Read(context.Context, *Request[partialResource]) error   { return nil }
func (m *partialResource) Update(context.Context, *Request[partialResource]) error { return nil }
func (m *partialResource) Delete(context.Context, *Request[partialResource]) error { return nil }

func (m *partialResource) Create(context.Context, *Request[partialResource]) error {
	if m.Early.ValueString() != "" {
		m.ID = m.Early
	}
	return errors.New("the second call failed")
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
		clienttest.Must(t, err)
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

// membership is a noun with two ids for an identity.
type membership struct {
	Managed
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

type membershipObject struct{}

func (membershipObject) ObjectID() string { return "m" }

func membershipResource() (r resource.ResourceWithImportState, s schema.Schema) {
	declared := Declare(Noun[membership, membershipObject, struct{}]{
		Name: "membership", API: seam.Endpoint[membershipObject, struct{}]{}, Identity: []string{"group_id", "user_id"},
		Attributes: map[string]schema.Attribute{"group_id": RequiredReplace("The group."), "user_id": RequiredReplace("The user.")},
	})
	r, _ = declared.Resource().(resource.ResourceWithImportState)
	var resp resource.SchemaResponse
	r.Schema(context.Background(), resource.SchemaRequest{}, &resp)
	return r, resp.Schema
}

func importMembership(t *testing.T, id string) (got membership, diags diag.Diagnostics) {
	t.Helper()
	r, s := membershipResource()
	resp := resource.ImportStateResponse{State: tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}}
	r.ImportState(t.Context(), resource.ImportStateRequest{ID: id}, &resp)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Get(t.Context(), &got)...)
	}
	return got, resp.Diagnostics
}

func TestNoun_compositeIdentity(t *testing.T) {
	got, diags := importMembership(t, "g/u")
	if diags.HasError() || got.GroupID.ValueString() != "g" || got.UserID.ValueString() != "u" || got.ID.ValueString() != "g/u" {
		t.Errorf("imported %+v: %v", got, diags)
	}
	if _, diags := importMembership(t, "g"); !diags.HasError() {
		t.Error("an id with one part is imported")
	}
	r, _ := membershipResource()
	withIdentity, ok := r.(resource.ResourceWithIdentity)
	if !ok {
		t.Fatal("no identity")
	}
	var identity resource.IdentitySchemaResponse
	withIdentity.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
	if all := identity.IdentitySchema.Attributes; len(all) != 2 || all["group_id"].GetDescription() != "The group." {
		t.Errorf("identity %+v", all)
	}
}
