package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// setUnknown plans an attribute of any type as unknown.
func setUnknown(ctx context.Context, plan *tfsdk.Plan, at path.Path) diag.Diagnostics {
	attribute, diags := plan.Schema.AttributeAtPath(ctx, at)
	if diags.HasError() {
		return diags
	}
	of := attribute.GetType()
	unknown, err := of.ValueFromTerraform(ctx, tftypes.NewValue(of.TerraformType(ctx), tftypes.UnknownValue))
	if err != nil {
		diags.AddAttributeError(at, "Unable to plan", err.Error())
		return diags
	}
	return plan.SetAttribute(ctx, at, unknown)
}

// keepPrior returns the new state with the prior values of the attributes that an update left unknown.
func keepPrior(state, prior tftypes.Value) tftypes.Value {
	return withAttributes(state, prior, func(now, _ tftypes.Value) bool { return !now.IsKnown() })
}

// keepPlanned returns the new state with the planned values. If Seam changed a value, the next plan
// shows that; Terraform rejects a result here that differs from the plan.
func keepPlanned(state, plan tftypes.Value) tftypes.Value {
	return withAttributes(state, plan, func(_, planned tftypes.Value) bool { return planned.IsFullyKnown() })
}

// withAttributes returns state with those attributes of other for which take returns true.
func withAttributes(state, other tftypes.Value, take func(now, other tftypes.Value) bool) tftypes.Value {
	var values, others map[string]tftypes.Value
	if state.As(&values) != nil || other.As(&others) != nil {
		return state
	}
	for name, value := range others {
		if take(values[name], value) {
			values[name] = value
		}
	}
	return tftypes.NewValue(state.Type(), values)
}

// unknownToNull replaces unknown values with null, because a state must not hold unknowns.
func unknownToNull(raw tftypes.Value) tftypes.Value {
	known, err := tftypes.Transform(raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		return raw
	}
	return known
}
