package core

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Data source building blocks.

func ComputedString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func ComputedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func ComputedStringList(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

func ComputedObjectList(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
}

// FilterStringList is a filter argument that matches any of several values.
func FilterStringList(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Optional: true, ElementType: types.StringType, Validators: EachNonEmpty}
}

func FilterString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: NonEmpty}
}

// An empty argument, for example from a variable that was never set, is an error. Treated as
// omitted, it would match everything.
var (
	NonEmpty     = []validator.String{stringvalidator.LengthAtLeast(1)}
	EachNonEmpty = []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(NonEmpty...)}
)

// AnyEmptyFilter reports whether one of the filters is an empty list, which matches nothing.
func AnyEmptyFilter(filters ...[]types.String) bool {
	return slices.ContainsFunc(filters, func(values []types.String) bool { return values != nil && len(values) == 0 })
}

// ErrorModel is one of the errors that Seam reports on an object.
type ErrorModel struct {
	ErrorCode types.String `tfsdk:"error_code"`
	Message   types.String `tfsdk:"message"`
	CreatedAt types.String `tfsdk:"created_at"`
	Remedy    types.String `tfsdk:"remedy"`
}

// WarningModel is one of the warnings that Seam reports on an object.
type WarningModel struct {
	WarningCode types.String `tfsdk:"warning_code"`
	Message     types.String `tfsdk:"message"`
	CreatedAt   types.String `tfsdk:"created_at"`
	Remedy      types.String `tfsdk:"remedy"`
}

func FlattenErrors(issues []seam.Issue) []ErrorModel {
	models := make([]ErrorModel, len(issues))
	for i, issue := range issues {
		models[i] = ErrorModel{StringOrNull(issue.ErrorCode), StringOrNull(issue.Message), TimeValue(issue.CreatedAt), StringOrNull(issue.Remedy())}
	}
	return models
}

func FlattenWarnings(issues []seam.Issue) []WarningModel {
	models := make([]WarningModel, len(issues))
	for i, issue := range issues {
		models[i] = WarningModel{StringOrNull(issue.WarningCode), StringOrNull(issue.Message), TimeValue(issue.CreatedAt), StringOrNull(issue.Remedy())}
	}
	return models
}

// MutationModel is one of the changes of an object that are not confirmed yet.
type MutationModel struct {
	MutationCode types.String `tfsdk:"mutation_code"`
	CreatedAt    types.String `tfsdk:"created_at"`
}

func FlattenMutations(pending []seam.Mutation) []MutationModel {
	models := make([]MutationModel, len(pending))
	for i, m := range pending {
		models[i] = MutationModel{StringOrNull(m.Code), TimeValue(m.CreatedAt)}
	}
	return models
}

func ComputedMutations(description string) schema.Attribute {
	return ComputedObjectList(description, map[string]schema.Attribute{
		"mutation_code": ComputedString("What changes, such as `updating_code` or `deleting`."),
		"created_at":    ComputedString("When the change was requested, in RFC 3339 format."),
	})
}

func ComputedErrors() schema.Attribute {
	return ComputedObjectList("Current errors that Seam reports.", map[string]schema.Attribute{
		"error_code": ComputedString("Seam's code for it."),
		"message":    ComputedString("Seam's explanation; digits that could be a PIN are masked."),
		"created_at": ComputedString("When it was reported, in RFC 3339 format."),
		"remedy":     ComputedString("Suggested fix; null if the provider has none."),
	})
}

func ComputedWarnings() schema.Attribute {
	return ComputedObjectList("Current warnings that Seam reports.", map[string]schema.Attribute{
		"warning_code": ComputedString("Seam's code for it."),
		"message":      ComputedString("Seam's explanation; digits that could be a PIN are masked."),
		"created_at":   ComputedString("When it was reported, in RFC 3339 format."),
		"remedy":       ComputedString("Suggested fix; null if the provider has none."),
	})
}

// TimeValue formats a timestamp from Seam.
func TimeValue(at seam.Timestamp) types.String { return PreserveSpelling(at, types.StringNull()) }

// StringValues converts a configured list; nil stays nil.
func StringValues(values []types.String) []string {
	if values == nil {
		return nil
	}
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = value.ValueString()
	}
	return all
}

// SetFilters returns the filters that are set.
func SetFilters(filters map[string]any) map[string]any {
	set := map[string]any{}
	for name, value := range filters {
		switch value := value.(type) {
		case types.String:
			if !value.IsNull() {
				set[name] = value.ValueString()
			}
		case []types.String:
			if value != nil {
				set[name] = StringValues(value)
			}
		}
	}
	return set
}
