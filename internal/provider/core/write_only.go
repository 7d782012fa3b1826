package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// codeUnlessWriteOnly plans null with code_wo, else the PIN in the state.
type codeUnlessWriteOnly struct{ Described }

// CodeUnlessWriteOnly is the plan modifier of an attribute code beside code_wo and code_wo_version.
var CodeUnlessWriteOnly = codeUnlessWriteOnly{"Keeps the PIN in the state; null with code_wo."}

func (codeUnlessWriteOnly) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	var writeOnly types.String
	var heldVersion types.Int64
	DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "code_wo", &writeOnly)
	if !req.State.Raw.IsNull() {
		DecodeAttribute(ctx, &resp.Diagnostics, req.State, "code_wo_version", &heldVersion)
	}
	switch {
	case !writeOnly.IsNull():
		resp.PlanValue = types.StringNull()
	case req.State.Raw.IsNull() || !req.PlanValue.IsUnknown() || !req.ConfigValue.IsNull():
	case heldVersion.IsNull():
		resp.PlanValue = req.StateValue
	}
}
