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

func shown(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func shownFlag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func shownTexts(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

func shownObjects(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
}

// filterTexts is an argument that lets any of several values through.
func filterTexts(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Optional: true, ElementType: types.StringType, Validators: eachFilled}
}

func filterText(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: filled}
}

// An argument that is there and empty, as by a variable that was never set, must not look
// like one that was left out: that would find everything.
var (
	filled     = []validator.String{stringvalidator.LengthAtLeast(1)}
	eachFilled = []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(filled...)}
)

// none reports whether one of the filters is a list of nothing, which lets nothing through.
func none(filters ...[]types.String) bool {
	return slices.ContainsFunc(filters, func(values []types.String) bool { return values != nil && len(values) == 0 })
}

// errorView is one of the errors that Seam keeps on an object.
type errorView struct {
	ErrorCode types.String `tfsdk:"error_code"`
	Message   types.String `tfsdk:"message"`
	CreatedAt types.String `tfsdk:"created_at"`
	Remedy    types.String `tfsdk:"remedy"`
}

// warningView is the same of warnings.
type warningView struct {
	WarningCode types.String `tfsdk:"warning_code"`
	Message     types.String `tfsdk:"message"`
	CreatedAt   types.String `tfsdk:"created_at"`
	Remedy      types.String `tfsdk:"remedy"`
}

func errorViews(issues []seam.Issue) []errorView {
	views := make([]errorView, len(issues))
	for i, issue := range issues {
		views[i] = errorView{textOrNull(issue.ErrorCode), textOrNull(issue.Message), when(issue.CreatedAt), textOrNull(issue.Remedy())}
	}
	return views
}

func warningViews(issues []seam.Issue) []warningView {
	views := make([]warningView, len(issues))
	for i, issue := range issues {
		views[i] = warningView{textOrNull(issue.WarningCode), textOrNull(issue.Message), when(issue.CreatedAt), textOrNull(issue.Remedy())}
	}
	return views
}

func shownErrors() schema.Attribute {
	return shownObjects("What Seam reports as going wrong now.", map[string]schema.Attribute{
		"error_code": shown("Seam's name for it."),
		"message":    shown("Seam's explanation; digits that could be a PIN are masked."),
		"created_at": shown("When it came up, in RFC 3339 format."),
		"remedy":     shown("What helps; null if this provider does not know."),
	})
}

func shownWarnings() schema.Attribute {
	return shownObjects("What Seam warns of now.", map[string]schema.Attribute{
		"warning_code": shown("Seam's name for it."),
		"message":      shown("Seam's explanation; digits that could be a PIN are masked."),
		"created_at":   shown("When it came up, in RFC 3339 format."),
		"remedy":       shown("What helps; null if this provider does not know."),
	})
}

// when spells a time of Seam's.
func when(at seam.Timestamp) types.String { return spelled(at, types.StringNull()) }

// texts are values of a configuration; nil if it has none.
func texts(values []types.String) []string {
	if values == nil {
		return nil
	}
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = value.ValueString()
	}
	return all
}

// chosen are the filters that are set.
func chosen(filters map[string]any) map[string]any {
	set := map[string]any{}
	for name, value := range filters {
		switch value := value.(type) {
		case types.String:
			if !value.IsNull() {
				set[name] = value.ValueString()
			}
		case []types.String:
			if value != nil {
				set[name] = texts(value)
			}
		}
	}
	return set
}
