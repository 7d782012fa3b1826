package seam

import (
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

func TestCodeConstraints_pins(t *testing.T) {
	const fits, refused, doubted = "fits", "refused", "doubted"
	for _, c := range []struct{ rule, pin, want string }{
		{"no_zeros", "0123", refused},
		{"no_zeros", "1234", fits},
		{"cannot_contain_089", "7654", fits},
		{"cannot_contain_089", "7658", refused},
		{"cannot_contain_0789", "6543", fits},
		{"cannot_contain_0789", "6547", refused},
		{"cannot_start_with_12", "1212", refused},
		{"cannot_start_with_12", "0123", fits},
		{"cannot_specify_pin_code", "4821", refused},
		{"pin_code_matches_existing_set", "4821", doubted},
		{"no_ascending_or_descending_sequence", "0123", refused},
		{"no_ascending_or_descending_sequence", "9876", refused},
		{"no_ascending_or_descending_sequence", "1235", fits},
		{"no_ascending_or_descending_sequence", "1111", fits},
		{"at_least_three_unique_digits", "1122", refused},
		{"at_least_three_unique_digits", "1123", fits},
		{"no_all_same_digits", "0000", refused},
		{"no_all_same_digits", "0001", fits},
		{"unique_first_four_digits", "482844", doubted},
		{"unique_first_four_digits", "482144", fits},
		{"no_triple_consecutive_ints", "9012395", refused}, // 0123
		{"no_triple_consecutive_ints", "943219", refused},
		{"no_triple_consecutive_ints", "577779", refused},
		{"no_triple_consecutive_ints", "912395", doubted},
		{"no_triple_consecutive_ints", "5777", doubted},
		{"no_triple_consecutive_ints", "1224", fits},
		// what says nothing about one PIN alone
		{"start_date_in_future", "4821", fits},
		{"name_length", "4821", fits},
		{"name_must_be_unique", "4821", fits},
		{"a_rule_to_come", "4821", fits},
		{"", "4821", fits},
	} {
		got := fits
		for _, b := range CodeViolations(c.pin, nil, []Constraint{{Type: c.rule}}) {
			got = doubted
			if b.Certain {
				got = refused
			}
			if b.Constraint != c.rule || b.Requirement == "" {
				t.Errorf("%s and %s: %+v", c.rule, c.pin, b)
			}
		}
		if got != c.want {
			t.Errorf("%s and %s: %s, want %s", c.rule, c.pin, got, c.want)
		}
	}
}

func TestCodeConstraints_everyViolationIsNamed(t *testing.T) {
	const pin = "00000"
	found := CodeViolations(pin, []int64{6, 4}, []Constraint{{Type: "no_zeros"}, {Type: "a_rule_to_come"}, {Type: "no_all_same_digits"}})
	var said strings.Builder
	for _, b := range found {
		said.WriteString(b.Constraint + ": " + b.Requirement + "\n")
	}
	clienttest.AssertContains(t, said.String(), "supported_code_lengths: A PIN must have 4 or 6 digits.", "no_zeros", "no_all_same_digits")
	if len(found) != 3 || strings.Contains(said.String(), pin) {
		t.Errorf("%d rules are broken, want 3 and no PIN:\n%s", len(found), &said)
	}
	if found := CodeViolations("0123", []int64{4}, nil); found != nil {
		t.Errorf("a leading zero is a digit as well: %+v", found)
	}
}

func TestCodeConstraints_names(t *testing.T) {
	bounds := func(shortest, longest *int64) []Constraint {
		return []Constraint{{"name_length", shortest, longest}, {Type: "name_must_be_unique"}}
	}
	for name, c := range map[string]struct {
		rules []Constraint
		want  int
	}{
		"no rule":       {nil, 0},
		"no bounds":     {bounds(nil, nil), 0},
		"just within":   {bounds(new(int64(4)), new(int64(4))), 0},
		"one too short": {bounds(new(int64(5)), nil), 1},
		"one too long":  {bounds(nil, new(int64(3))), 1},
	} {
		if found := NameViolations("Zoë1", c.rules); len(found) != c.want { // 4 characters, 5 bytes
			t.Errorf("%s: %+v", name, found)
		}
	}
}
