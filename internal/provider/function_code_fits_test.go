package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var constraintType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"constraint_type": tftypes.String, "min_length": tftypes.Number, "max_length": tftypes.Number,
}}

// callCodeFits calls code_fits with lengths and constraint types; nil is null.
func (h *harness) callCodeFits(code string, lengths []int64, kinds []string) (fits bool, failure *tfprotov6.FunctionError) {
	h.t.Helper()
	var numbers, rules any
	if lengths != nil {
		list := make([]tftypes.Value, len(lengths))
		for i, length := range lengths {
			list[i] = tftypes.NewValue(tftypes.Number, length)
		}
		numbers = list
	}
	if kinds != nil {
		list := make([]tftypes.Value, len(kinds))
		for i, kind := range kinds {
			list[i] = h.ObjectValue(constraintType, values{"constraint_type": kind})
		}
		rules = list
	}
	return h.callCodeFitsRaw(code, numbers, rules)
}

func (h *harness) callCodeFitsRaw(code string, lengths, rules any) (fits bool, failure *tfprotov6.FunctionError) {
	h.t.Helper()
	resp, err := h.Server.CallFunction(h.t.Context(), &tfprotov6.CallFunctionRequest{Name: "code_fits", Arguments: []*tfprotov6.DynamicValue{
		h.Encode(tftypes.NewValue(tftypes.String, code)),
		h.Encode(tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, lengths)),
		h.Encode(tftypes.NewValue(tftypes.List{ElementType: constraintType}, rules)),
	}})
	h.must(err)
	if resp.Error != nil {
		return false, resp.Error
	}
	result, err := resp.Result.Unmarshal(tftypes.Bool)
	h.must(err)
	h.must(result.As(&fits))
	return fits, nil
}

// Does a PIN fit the rules of a lock?
func TestCodeFits_checksThePINAgainstTheRules(t *testing.T) {
	withHarness(t, func(h *harness) {
		for _, c := range []struct {
			code    string
			lengths []int64
			kinds   []string
			want    bool
		}{
			{"4821", nil, nil, true},
			{"4821", []int64{}, []string{}, true},
			{"4821", []int64{4, 6}, []string{"no_zeros"}, true},
			{"48215", []int64{4, 6}, nil, false},
			{"4801", nil, []string{"no_zeros"}, false},
			{"0821", []int64{4}, nil, true},
			{"4821", nil, []string{"cannot_specify_pin_code"}, false},
			{"4821", nil, []string{"pin_code_matches_existing_set"}, false},
			{"4824", nil, []string{"unique_first_four_digits"}, false},
			{"4821", nil, []string{"only_on_sundays", "name_length"}, true},
		} {
			if got, failure := h.callCodeFits(c.code, c.lengths, c.kinds); failure != nil || got != c.want {
				t.Errorf("%+v: %v, %v", c, got, failure)
			}
		}
		for _, code := range []string{"", "481", "48a1", "4821482148214"} {
			_, failure := h.callCodeFits(code, nil, nil)
			if failure == nil || failure.FunctionArgument == nil || *failure.FunctionArgument != 0 || code != "" && strings.Contains(failure.Text, code) {
				t.Errorf("%q: %+v", code, failure)
			}
		}
	})
}

func TestCodeFits_nullInAListIsAnError(t *testing.T) {
	withHarness(t, func(h *harness) {
		for argument, lists := range map[int64][2]any{
			1: {[]tftypes.Value{tftypes.NewValue(tftypes.Number, nil)}, nil},
			2: {nil, []tftypes.Value{tftypes.NewValue(constraintType, nil)}},
		} {
			_, failure := h.callCodeFitsRaw("4821", lists[0], lists[1])
			if failure == nil || failure.FunctionArgument == nil || *failure.FunctionArgument != argument || !strings.Contains(failure.Text, "must not be null") {
				t.Errorf("argument %d: %+v", argument, failure)
			}
		}
	})
}
