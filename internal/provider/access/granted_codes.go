package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
)

// grantedCode is an entry of access_codes.
type grantedCode struct {
	AccessCodeID types.String `tfsdk:"access_code_id"`
	DeviceID     types.String `tfsdk:"device_id"`
}

var grantedCodeType = types.ObjectType{AttrTypes: map[string]attr.Type{"access_code_id": types.StringType, "device_id": types.StringType}}

func grantedCodesAttribute() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: "Access codes of the grant, one for each lock. They are in the state because the proof of a removal needs them after the grant is gone, and are only read again when the access methods change.",
		Computed:            true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"access_code_id": schema.StringAttribute{MarkdownDescription: "ID of the access code.", Computed: true},
			"device_id":      schema.StringAttribute{MarkdownDescription: "Lock that it opens.", Computed: true},
		}},
	}
}

func grantedCodes(ctx context.Context, from types.List) (all []removal.GrantCode) {
	for _, c := range core.ElementsOf[grantedCode](ctx, from) {
		all = append(all, removal.GrantCode{ID: c.AccessCodeID.ValueString(), DeviceID: c.DeviceID.ValueString()})
	}
	return all
}

// grantedCodeList is the inverse of grantedCodes, sorted by lock.
func grantedCodeList(ctx context.Context, codes []removal.GrantCode) types.List {
	slices.SortFunc(codes, func(a, b removal.GrantCode) int {
		return slices.Compare([]string{a.DeviceID, a.ID}, []string{b.DeviceID, b.ID})
	})
	var all []grantedCode
	for _, c := range codes {
		all = append(all, grantedCode{types.StringValue(c.ID), types.StringValue(c.DeviceID)})
	}
	return core.ListOf(ctx, grantedCodeType, all)
}
