package core

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// Schema building blocks.

// CreateOnlyDescription describes ReplaceIfInState.
const CreateOnlyDescription = "Changing this replaces the object, except after an import, when the value is only recorded in the state."

// ReplaceIfInState is for arguments that Seam never returns. After an import the state has no value
// for them, and setting one must not replace the object.
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

// ComputedStable is a computed string that never changes.
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

// OptionalTime is an optional time, compared by instant.
func OptionalTime(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{RFC3339}, PlanModifiers: []planmodifier.String{RFC3339}}
}

// OptionalComputed makes an optional attribute that is not configured keep its value.
func OptionalComputed(a schema.StringAttribute) schema.StringAttribute {
	a.Computed, a.PlanModifiers = true, append([]planmodifier.String{stringplanmodifier.UseStateForUnknown()}, a.PlanModifiers...)
	return a
}

// Described gives a plan modifier or validator its description.
type Described string

func (d Described) Description(context.Context) string         { return string(d) }
func (d Described) MarkdownDescription(context.Context) string { return string(d) }

// keepStateUnlessModifier plans the state's value unless one of these attributes is added or removed.
type keepStateUnlessModifier struct {
	Described
	attributes []string
}

func KeepStateUnless(attributes ...string) planmodifier.String {
	return keepStateUnlessModifier{"Keeps the state's value unless one of the attributes it depends on is added or removed.", attributes}
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

// createOnly is for computed arguments that are used only at creation. After that the state's
// value is kept, whatever the configuration says.
type createOnly struct{ Described }

// CreateOnly is the plan modifier for arguments that are used only at creation.
var CreateOnly = createOnly{"Used only at creation."}

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

// checkedString validates a known string.
type checkedString struct {
	Described
	summary string
	problem func(string) string
}

// CheckString validates a string with a function that returns the problem, or an empty string.
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

// rfc3339 is a time. Times are compared by instant, and keep the format in which the user wrote them.
type rfc3339 struct{ checkedString }

// RFC3339 validates a time, and plans the state's value if it is the same instant.
var RFC3339 = rfc3339{checkedString{"A time in RFC 3339 format, such as `2026-01-02T15:04:05Z`, compared by instant.", "Invalid time", describeInvalidTime}}

func describeInvalidTime(text string) string {
	if _, ok := seam.ParseTime(text); ok {
		return ""
	}
	return "Not a valid RFC 3339 time. Use date, time and zone, such as 2026-01-02T15:04:05Z or 2026-01-02T16:04:05+01:00."
}

func (rfc3339) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if TimesEqual(req.PlanValue, req.StateValue) {
		resp.PlanValue = req.StateValue
	}
}

// TimesEqual reports whether both are the same instant.
func TimesEqual(a, b types.String) bool {
	x, ok := seam.ParseTime(a.ValueString())
	y, too := seam.ParseTime(b.ValueString())
	return ok && too && x.Equal(y)
}

// PreserveSpelling formats a time, or returns before if that is the same instant.
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

// KnownOr returns planned, or value if planned is unknown.
func KnownOr[T interface{ IsUnknown() bool }](planned, value T) T {
	if planned.IsUnknown() {
		return value
	}
	return planned
}

// KnownString is a string to send; nil if it is null or not known yet.
func KnownString(value types.String) *string {
	if value.IsUnknown() {
		return nil
	}
	return value.ValueStringPointer()
}

// KnownBool is a flag to send; nil if it is null or not known yet.
func KnownBool(value types.Bool) *bool {
	if value.IsUnknown() {
		return nil
	}
	return value.ValueBoolPointer()
}

func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// FormatMinutes formats a duration in whole minutes.
func FormatMinutes(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }

// StringsOf returns the elements of a list or set of strings that are known.
func StringsOf(from interface{ Elements() []attr.Value }) []string {
	var all []string
	for _, element := range from.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			all = append(all, text.ValueString())
		}
	}
	return all
}

// SetOf is a set of strings; null if there are none.
func SetOf(texts []string) types.Set {
	if len(texts) == 0 {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.SetValueMust(types.StringType, elements)
}

// SetOrEmpty is SetOf with an empty set instead of null.
func SetOrEmpty(texts []string) types.Set {
	if len(texts) == 0 {
		return types.SetValueMust(types.StringType, nil)
	}
	return SetOf(texts)
}

// StringsOrNil is StringsOf with nil only for a set that is null or unknown. An empty set is sent.
func StringsOrNil(set types.Set) []string {
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	return append([]string{}, StringsOf(set)...)
}

// ElementsOf decodes the elements of a list; none if the list is not known.
func ElementsOf[E any](ctx context.Context, from types.List) []E {
	var all []E
	if !from.IsUnknown() && !from.IsNull() {
		from.ElementsAs(ctx, &all, false)
	}
	return all
}

// ListOf is a list of elements that the type describes.
func ListOf[E any](ctx context.Context, of attr.Type, elements []E) types.List {
	if elements == nil {
		elements = []E{}
	}
	list, _ := types.ListValueFrom(ctx, of, elements)
	return list
}
