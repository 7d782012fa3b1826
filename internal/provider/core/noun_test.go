package core

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

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
	if diags.HasError() || got.GroupID.ValueString() != "g" || got.UserID.ValueString() != "u" || !got.ID.IsNull() {
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
