package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Building blocks of schemas, for any noun.

const createOnlyDescription = "Replaces the object if the state holds another value; after an import it is only recorded."

// replaceIfInState is for arguments that Seam never returns: after an import the state
// holds none, which is no reason to replace anything.
func replaceIfInState() (planmodifier.String, planmodifier.Int64, planmodifier.Bool) {
	return stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, createOnlyDescription, createOnlyDescription),
		int64planmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, createOnlyDescription, createOnlyDescription),
		boolplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, createOnlyDescription, createOnlyDescription)
}

// computedStable is a computed text that an object keeps for life.
func computedStable(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
}

// requiredReplace is a text that makes another object if it changes.
func requiredReplace(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}, Validators: nonEmpty,
	}
}

// described gives a plan modifier or validator its description.
type described string

func (d described) Description(context.Context) string         { return string(d) }
func (d described) MarkdownDescription(context.Context) string { return string(d) }

// keepStateUnlessModifier keeps the state's value as long as none of these attributes comes or goes.
type keepStateUnlessModifier struct {
	described
	attributes []string
}

func keepStateUnless(attributes ...string) planmodifier.String {
	return keepStateUnlessModifier{"Known before apply unless what it depends on is set or left out.", attributes}
}

func (k keepStateUnlessModifier) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || !req.PlanValue.IsUnknown() {
		return
	}
	for _, name := range k.attributes {
		var planned, held types.String
		resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root(name), &planned)...)
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root(name), &held)...)
		if planned.IsUnknown() || planned.IsNull() != held.IsNull() {
			return
		}
	}
	resp.PlanValue = req.StateValue
}

// createOnly is for computed arguments that matter when an object is created. Later the
// state's value stays, whatever the configuration says.
type createOnly struct{ described }

func (createOnly) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if resp.PlanValue = req.ConfigValue; !req.State.Raw.IsNull() && !req.StateValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

func (createOnly) PlanModifyBool(_ context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	if resp.PlanValue = req.ConfigValue; !req.State.Raw.IsNull() && !req.StateValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

// rfc3339 is a time: compared as a moment, kept in the user's spelling.
type rfc3339 struct{ described }

var rfc3339Time = rfc3339{"A time in RFC 3339 format, such as `2026-01-02T15:04:05Z`, compared as a moment."}

func (rfc3339) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, ok := seam.ParseTime(req.ConfigValue.ValueString()); !ok {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid time", "It is not an RFC 3339 time. Write it with date, time and zone, such as 2026-01-02T15:04:05Z or 2026-01-02T16:04:05+01:00.")
	}
}

func (rfc3339) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if timesEqual(req.PlanValue, req.StateValue) {
		resp.PlanValue = req.StateValue
	}
}

func timesEqual(a, b types.String) bool {
	x, ok := seam.ParseTime(a.ValueString())
	y, too := seam.ParseTime(b.ValueString())
	return ok && too && x.Equal(y)
}

// preserveSpelling is at as a value, in the spelling that is there already if it means the same.
func preserveSpelling(at seam.Timestamp, before types.String) types.String {
	if at.IsZero() {
		return types.StringNull()
	}
	value := types.StringValue(at.UTC().Format(time.RFC3339Nano))
	if timesEqual(value, before) {
		return before
	}
	return value
}

// durationValidator validates a positive Go duration.
type durationValidator struct{}

func (durationValidator) Description(context.Context) string {
	return "A positive duration such as 10s or 2m."
}
func (d durationValidator) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

func (durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || d <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", "Write a number above zero and a unit, such as 10s or 2m.")
	}
}

// knownOr is value if the plan left it open.
func knownOr[T interface{ IsUnknown() bool }](planned, value T) T {
	if planned.IsUnknown() {
		return value
	}
	return planned
}

// knownPointer is the pointer, or nil where the plan leaves the value open.
func knownPointer[T any](unknown bool, value *T) *T {
	if unknown {
		return nil
	}
	return value
}

func stringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// formatMinutes spells whole minutes as a user would.
func formatMinutes(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }
