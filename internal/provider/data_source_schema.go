package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Building blocks of data sources, for any noun.

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func computedStringList(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

func computedObjectList(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
}

// filterStringList is an argument that lets any of several values through.
func filterStringList(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Optional: true, ElementType: types.StringType, Validators: eachNonEmpty}
}

func filterString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: nonEmpty}
}

// An argument that is there and empty, as by a variable that was never set, must not look
// like one that was left out: that would find everything.
var (
	nonEmpty     = []validator.String{stringvalidator.LengthAtLeast(1)}
	eachNonEmpty = []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(nonEmpty...)}
)

// anyEmptyFilter reports whether one of the filters is an empty list, which lets nothing through.
func anyEmptyFilter(filters ...[]types.String) bool {
	return slices.ContainsFunc(filters, func(values []types.String) bool { return values != nil && len(values) == 0 })
}

// errorModel is one of the errors that Seam keeps on an object.
type errorModel struct {
	ErrorCode types.String `tfsdk:"error_code"`
	Message   types.String `tfsdk:"message"`
	CreatedAt types.String `tfsdk:"created_at"`
	Remedy    types.String `tfsdk:"remedy"`
}

// warningModel is the same of warnings.
type warningModel struct {
	WarningCode types.String `tfsdk:"warning_code"`
	Message     types.String `tfsdk:"message"`
	CreatedAt   types.String `tfsdk:"created_at"`
	Remedy      types.String `tfsdk:"remedy"`
}

func flattenErrors(issues []seam.Issue) []errorModel {
	models := make([]errorModel, len(issues))
	for i, issue := range issues {
		models[i] = errorModel{stringOrNull(issue.ErrorCode), stringOrNull(issue.Message), timeValue(issue.CreatedAt), stringOrNull(issue.Remedy())}
	}
	return models
}

func flattenWarnings(issues []seam.Issue) []warningModel {
	models := make([]warningModel, len(issues))
	for i, issue := range issues {
		models[i] = warningModel{stringOrNull(issue.WarningCode), stringOrNull(issue.Message), timeValue(issue.CreatedAt), stringOrNull(issue.Remedy())}
	}
	return models
}

func computedErrors() schema.Attribute {
	return computedObjectList("What Seam reports as going wrong now.", map[string]schema.Attribute{
		"error_code": computedString("Seam's name for it."),
		"message":    computedString("Seam's explanation; digits that could be a PIN are masked."),
		"created_at": computedString("When it came up, in RFC 3339 format."),
		"remedy":     computedString("What helps; null if this provider does not know."),
	})
}

func computedWarnings() schema.Attribute {
	return computedObjectList("What Seam warns of now.", map[string]schema.Attribute{
		"warning_code": computedString("Seam's name for it."),
		"message":      computedString("Seam's explanation; digits that could be a PIN are masked."),
		"created_at":   computedString("When it came up, in RFC 3339 format."),
		"remedy":       computedString("What helps; null if this provider does not know."),
	})
}

// timeValue spells a time of Seam's.
func timeValue(at seam.Timestamp) types.String { return preserveSpelling(at, types.StringNull()) }

// stringValues are values of a configuration; nil if it has none.
func stringValues(values []types.String) []string {
	if values == nil {
		return nil
	}
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = value.ValueString()
	}
	return all
}

// setFilters are the filters that are set.
func setFilters(filters map[string]any) map[string]any {
	set := map[string]any{}
	for name, value := range filters {
		switch value := value.(type) {
		case types.String:
			if !value.IsNull() {
				set[name] = value.ValueString()
			}
		case []types.String:
			if value != nil {
				set[name] = stringValues(value)
			}
		}
	}
	return set
}
