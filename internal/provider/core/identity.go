package core

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// identity names the attributes that identify an object. An import ID is their values, separated
// by slashes.
type identity []string

var identityByID = identity{"id"}

// keyLookup finds the ID of the object with a user-defined key.
type keyLookup func(ctx context.Context, client *seam.Client, key string) (id string, err error)

func (names identity) schema(of schema.Schema) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	for _, name := range names {
		description := "ID of the object."
		if name != "id" {
			description = of.Attributes[name].GetMarkdownDescription()
		}
		attributes[name] = identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	return identityschema.Schema{Attributes: attributes}
}

// set copies the identity from a state, and reports whether it is known. The framework requires it
// even for an object that is gone.
func (names identity) set(ctx context.Context, diags *diag.Diagnostics, into *tfsdk.ResourceIdentity, from attributeGetter) bool {
	for _, name := range names {
		var value types.String
		if !DecodeAttribute(ctx, diags, from, name, &value) || value.IsUnknown() || value.IsNull() {
			return false
		}
		if into != nil {
			diags.Append(into.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	return true
}

// importInto sets the identity attributes and the ID of an imported object, from an ID or an identity.
func (names identity) importInto(ctx context.Context, id string, req resource.ImportStateRequest, resp *resource.ImportStateResponse) error {
	parts := []string{id}
	if len(names) > 1 {
		parts = strings.Split(id, "/")
	}
	if id != "" && len(parts) != len(names) {
		return WithAdvice(fmt.Errorf("the import ID has %d parts, want %d", len(parts), len(names)), "Use the format "+strings.Join(names, "/")+".")
	}
	values := make([]string, len(names))
	for i, name := range names {
		var value types.String
		if id != "" {
			value = types.StringValue(parts[i])
		} else {
			DecodeAttribute(ctx, &resp.Diagnostics, req.Identity, name, &value)
		}
		values[i] = value.ValueString()
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), strings.Join(values, "/"))...)
	return nil
}
