package core

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

// CreateOnlyDescription says what ReplaceIfInState does.
const CreateOnlyDescription = "Replaces the object if the state holds another value; after an import it is only recorded."

// ReplaceIfInState is for arguments that Seam never returns: after an import the state
// holds none, which is no reason to replace anything.
func ReplaceIfInState() (planmodifier.String, planmodifier.Int64, planmodifier.Bool) {
	return stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, CreateOnlyDescription, CreateOnlyDescription),
		int64planmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, CreateOnlyDescription, CreateOnlyDescription),
		boolplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, CreateOnlyDescription, CreateOnlyDescription)
}

// ComputedStable is a computed text that an object keeps for life.
func ComputedStable(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
}

// RequiredString is a required string that can be changed in place.
func RequiredString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: NonEmpty}
}

// RequiredReplace is a required string whose change replaces the object.
func RequiredReplace(description string) schema.StringAttribute {
	return Replacing(RequiredString(description))
}

// Replacing makes a change of the attribute replace the object.
func Replacing(a schema.StringAttribute) schema.StringAttribute {
	a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.RequiresReplace())
	return a
}

// Described gives a plan modifier or validator its description.
type Described string

func (d Described) Description(context.Context) string         { return string(d) }
func (d Described) MarkdownDescription(context.Context) string { return string(d) }

// keepStateUnlessModifier keeps the state's value as long as none of these attributes comes or goes.
type keepStateUnlessModifier struct {
	Described
	attributes []string
}

func KeepStateUnless(attributes ...string) planmodifier.String {
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
type createOnly struct{ Described }

// CreateOnly is the plan modifier of such an argument.
var CreateOnly = createOnly{"Held from creation on."}

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

// checkedString validates a text that is known.
type checkedString struct {
	Described
	summary string
	problem func(string) string
}

// CheckString validates a text with a function that says what is wrong with it; nothing if it
// is valid.
func CheckString(description Described, summary string, problem func(string) string) validator.String {
	return checkedString{description, summary, problem}
}

func (c checkedString) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := c.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, c.summary, problem)
	}
}

// rfc3339 is a time: compared as a moment, kept in the user's spelling.
type rfc3339 struct{ checkedString }

// RFC3339 validates a time, and plans the state's spelling if that means the same.
var RFC3339 = rfc3339{checkedString{"A time in RFC 3339 format, such as `2026-01-02T15:04:05Z`, compared as a moment.", "Invalid time", describeInvalidTime}}

func describeInvalidTime(text string) string {
	if _, ok := seam.ParseTime(text); ok {
		return ""
	}
	return "It is not an RFC 3339 time. Write it with date, time and zone, such as 2026-01-02T15:04:05Z or 2026-01-02T16:04:05+01:00."
}

func (rfc3339) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if TimesEqual(req.PlanValue, req.StateValue) {
		resp.PlanValue = req.StateValue
	}
}

func TimesEqual(a, b types.String) bool {
	x, ok := seam.ParseTime(a.ValueString())
	y, too := seam.ParseTime(b.ValueString())
	return ok && too && x.Equal(y)
}

// PreserveSpelling is at as a value, in the spelling that is there already if it means the same.
func PreserveSpelling(at seam.Timestamp, before types.String) types.String {
	if at.IsZero() {
		return types.StringNull()
	}
	value := types.StringValue(at.UTC().Format(time.RFC3339Nano))
	if TimesEqual(value, before) {
		return before
	}
	return value
}

// KnownOr is value if the plan left it open.
func KnownOr[T interface{ IsUnknown() bool }](planned, value T) T {
	if planned.IsUnknown() {
		return value
	}
	return planned
}

// KnownPointer is the pointer, or nil where the plan leaves the value open.
func KnownPointer[T any](unknown bool, value *T) *T {
	if unknown {
		return nil
	}
	return value
}

func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// FormatMinutes spells whole minutes as a user would.
func FormatMinutes(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }
