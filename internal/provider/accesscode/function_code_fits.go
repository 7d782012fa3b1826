package accesscode

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// codeFitsFunction is the function code_fits.
type codeFitsFunction struct{}

func newCodeFitsFunction() function.Function { return codeFitsFunction{} }

func (codeFitsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "code_fits"
}

func (codeFitsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	constraint := types.ObjectType{AttrTypes: map[string]attr.Type{
		"constraint_type": types.StringType, "min_length": types.Int64Type, "max_length": types.Int64Type,
	}}
	resp.Definition = function.Definition{
		Summary:             "Whether a lock accepts a PIN.",
		MarkdownDescription: "Whether a PIN meets the rules of a lock, for preconditions and variable validation. It sends no requests: pass it the rules from `data.seam_device`. A rule that the PIN might break counts as broken. Rules about names, and rules that the provider does not know, are ignored.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "code", MarkdownDescription: "The PIN, 4 to 12 digits."},
			function.ListParameter{Name: "supported_lengths", MarkdownDescription: "Supported PIN lengths, such as `supported_code_lengths`; empty for any length.", ElementType: types.Int64Type, AllowNullValue: true},
			function.ListParameter{Name: "constraints", MarkdownDescription: "Other rules, such as `code_constraints`; empty for none. OpenTofu 1.12 cannot pass null here.", ElementType: constraint, AllowNullValue: true},
		},
		Return: function.BoolReturn{},
	}
}

func (codeFitsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var code string
	var lengths []*int64
	var rules []*codeConstraint
	if resp.Error = req.Arguments.Get(ctx, &code, &lengths, &rules); resp.Error != nil {
		return
	}
	if problem := describeInvalidPIN(code); problem != "" {
		resp.Error = function.NewArgumentFuncError(0, problem)
		return
	}
	// A null in a list is an error elsewhere in the configuration. Ignoring it could drop a rule.
	if slices.Contains(lengths, nil) {
		resp.Error = function.NewArgumentFuncError(1, "A length must not be null.")
		return
	}
	if slices.Contains(rules, nil) {
		resp.Error = function.NewArgumentFuncError(2, "A rule must not be null.")
		return
	}
	resp.Error = resp.Result.Set(ctx, len(seam.CodeViolations(code, lengthValues(lengths), constraintValues(rules))) == 0)
}

// codeConstraint is one of the constraints passed to the function.
type codeConstraint struct {
	ConstraintType types.String `tfsdk:"constraint_type"`
	MinLength      types.Int64  `tfsdk:"min_length"`
	MaxLength      types.Int64  `tfsdk:"max_length"`
}

func lengthValues(lengths []*int64) []int64 {
	plain := make([]int64, len(lengths))
	for i, length := range lengths {
		plain[i] = *length
	}
	return plain
}

func constraintValues(rules []*codeConstraint) []seam.Constraint {
	plain := make([]seam.Constraint, len(rules))
	for i, rule := range rules {
		plain[i].Type = rule.ConstraintType.ValueString()
	}
	return plain
}
