package access

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// requestedMethod is an entry of requested_access_methods.
type requestedMethod struct {
	Mode                  types.String `tfsdk:"mode"`
	Code                  types.String `tfsdk:"code"`
	InstantKeyMaxUseCount types.Int64  `tfsdk:"instant_key_max_use_count"`
}

var requestedMethodType = types.ObjectType{AttrTypes: map[string]attr.Type{"mode": types.StringType, "code": types.StringType, "instant_key_max_use_count": types.Int64Type}}

func requestedMethodsAttribute() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: "How the person opens the doors. The order does not matter.",
		Required:            true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
		PlanModifiers: []planmodifier.List{sameMethods{"Keeps the state if the same methods are requested."}},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"mode": schema.StringAttribute{
				MarkdownDescription: "`code` (a PIN), `card`, `mobile_key` or `cloud_key`.", Required: true, Validators: []validator.String{stringvalidator.OneOf("code", "card", "mobile_key", "cloud_key")},
			},
			"code": schema.StringAttribute{
				MarkdownDescription: "Preferred PIN for the mode `code`: 4 to 9 digits, in quotes. Seam chooses another PIN for a lock on which this one is taken.", Optional: true, Computed: true, Sensitive: true, Validators: []validator.String{validGrantPIN},
			},
			"instant_key_max_use_count": schema.Int64Attribute{MarkdownDescription: "How often the instant key of the mode `mobile_key` can be used.", Optional: true, Validators: []validator.Int64{int64validator.AtLeast(1)}},
		}},
	}
}

var (
	grantPINPattern = regexp.MustCompile(`^\d{4,9}$`)
	validGrantPIN   = core.CheckString("A PIN of 4 to 9 digits, such as \"0729\".", "Invalid PIN", func(text string) string {
		if grantPINPattern.MatchString(text) {
			return ""
		}
		return `A PIN must be 4 to 9 digits in quotes, such as "0729".`
	})
)

// requestedMethods are the entries of the list that are known, with the write-only PIN if there is one.
func requestedMethods(ctx context.Context, from types.List, writeOnlyPIN string) (all []seam.RequestedAccessMethod) {
	for _, r := range core.ElementsOf[requestedMethod](ctx, from) {
		method := seam.RequestedAccessMethod{Mode: r.Mode.ValueString(), Code: r.Code.ValueString(), InstantKeyMaxUseCount: r.InstantKeyMaxUseCount.ValueInt64()}
		if method.Mode == "code" && writeOnlyPIN != "" {
			method.Code = writeOnlyPIN
		}
		all = append(all, method)
	}
	return all
}

// requestedMethodList is the inverse of requestedMethods. It leaves out PINs that are write-only.
func requestedMethodList(ctx context.Context, requests []seam.RequestedAccessMethod, writeOnly bool) types.List {
	var methods []requestedMethod
	for _, r := range requests {
		method := requestedMethod{types.StringValue(r.Mode), core.StringOrNull(r.Code), types.Int64Null()}
		if writeOnly {
			method.Code = types.StringNull()
		}
		if r.InstantKeyMaxUseCount > 0 {
			method.InstantKeyMaxUseCount = types.Int64Value(r.InstantKeyMaxUseCount)
		}
		methods = append(methods, method)
	}
	return core.ListOf(ctx, requestedMethodType, methods)
}

// checkRequestedPIN rejects a PIN that no method or more than one method would get.
func checkRequestedPIN(ctx context.Context, p *core.PlanRequest[accessGrant], requested types.List) {
	codes := 0
	for _, r := range core.ElementsOf[requestedMethod](ctx, requested) {
		if r.Mode.ValueString() == "code" {
			codes++
		} else if !r.Code.IsNull() && !r.Mode.IsUnknown() {
			p.AddAttributeError("requested_access_methods", "Only the mode code has a PIN.", "Remove code from the other access methods.")
		}
		if !r.Code.IsNull() && !p.Config.CodeWO.IsNull() {
			p.AddAttributeError("code_wo", "The PIN is set twice, by code and code_wo.", "Remove code from requested_access_methods, or code_wo.")
		}
	}
	if !p.Config.CodeWO.IsNull() && codes != 1 && !requested.IsUnknown() {
		p.AddAttributeError("code_wo", fmt.Sprintf("code_wo is the PIN of the one access method with mode code, but there are %d.", codes), "Request exactly one access method with mode = \"code\", or remove code_wo.")
	}
}

// sameMethods plans the state's list if the configuration asks for the same methods. Their order does
// not matter, and without a configured PIN any PIN will do.
type sameMethods struct{ core.Described }

func (sameMethods) PlanModifyList(ctx context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	var writeOnly types.String
	core.DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "code_wo", &writeOnly)
	planned, held := core.ElementsOf[requestedMethod](ctx, req.ConfigValue), core.ElementsOf[requestedMethod](ctx, req.StateValue)
	left := slices.Clone(held)
	for i, r := range planned {
		same := func(h requestedMethod) bool { return r == h }
		at := slices.IndexFunc(left, same)
		if at < 0 && r.Code.IsNull() && writeOnly.IsNull() {
			at = slices.IndexFunc(left, func(h requestedMethod) bool { h.Code = r.Code; return same(h) })
		}
		if at >= 0 {
			planned[i] = left[at]
			left = slices.Delete(left, at, at+1)
		}
	}
	resp.PlanValue = core.ListOf(ctx, requestedMethodType, planned)
	if len(left) == 0 && len(planned) == len(held) {
		resp.PlanValue = req.StateValue
	}
}
