package core

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// combination checks which of the top-level attributes are set together. The validators of
// terraform-plugin-framework-validators do the same with path expressions, for which the framework walks
// through the whole configuration: 40 % of the time to validate an access code.
type combination struct {
	Described
	others []string
	// problem is what is wrong with a set attribute if another one is set or null, and what to do.
	problem func(name, other string, set bool) (what, next string)
}

// ConflictsWith rejects an attribute if one of the others is set.
func ConflictsWith(others ...string) combination { //nolint:revive // used as a validator of several types
	return combination{Described("Conflicts with " + strings.Join(others, ", ") + "."), others, func(name, other string, set bool) (what, next string) {
		if !set {
			return "", ""
		}
		return fmt.Sprintf("%s cannot be specified when %s is specified.", name, other), "Remove one of them."
	}}
}

// Requires rejects an attribute if one of the others is null.
func Requires(others ...string) combination { //nolint:revive // used as a validator of several types
	return combination{Described("Requires " + strings.Join(others, ", ") + "."), others, func(name, other string, set bool) (what, next string) {
		if set {
			return "", ""
		}
		return fmt.Sprintf("%s must be specified when %s is specified.", other, name), fmt.Sprintf("Set %s, or remove %s.", other, name)
	}}
}

func (c combination) check(config tfsdk.Config, at path.Path, diags *diag.Diagnostics) {
	var attributes map[string]tftypes.Value
	if err := config.Raw.As(&attributes); err != nil || attributes[at.String()].IsNull() {
		return
	}
	for _, other := range c.others {
		value := attributes[other]
		if !value.IsKnown() {
			continue
		}
		if what, next := c.problem(at.String(), other, !value.IsNull()); what != "" {
			diags.AddAttributeError(at, "Invalid "+at.String(), what+"\n\n"+next)
		}
	}
}

// ValidateString implements [validator.String].
func (c combination) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	c.check(req.Config, req.Path, &resp.Diagnostics)
}

// ValidateInt64 implements [validator.Int64].
func (c combination) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	c.check(req.Config, req.Path, &resp.Diagnostics)
}

// ValidateBool implements [validator.Bool].
func (c combination) ValidateBool(_ context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	c.check(req.Config, req.Path, &resp.Diagnostics)
}
