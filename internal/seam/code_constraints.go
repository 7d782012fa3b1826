package seam

import (
	"fmt"
	"slices"
	"strings"
)

// ConstraintViolation is a constraint of a lock that a PIN or a name violates.
type ConstraintViolation struct {
	Constraint  string // constraint_type, or supported_code_lengths
	Requirement string // a sentence that says what the lock requires
	Certain     bool   // true if the lock will refuse; false if it may
}

// codeConstraints are the PIN constraints by type, as Seam documents them. Other types are not
// checked.
var codeConstraints = map[string]struct {
	requirement string
	violated    func(pin string) (certain, doubtful bool)
}{
	"no_zeros":                            {"A PIN must not contain a 0.", containsAny("0")},
	"cannot_contain_089":                  {"A PIN must not contain 0, 8 or 9.", containsAny("089")},
	"cannot_contain_0789":                 {"A PIN must not contain 0, 7, 8 or 9.", containsAny("0789")},
	"cannot_start_with_12":                {"A PIN must not begin with 12.", definite(func(pin string) bool { return strings.HasPrefix(pin, "12") })},
	"cannot_specify_pin_code":             {"The PIN cannot be chosen: the lock's system makes it.", definite(func(string) bool { return true })},
	"pin_code_matches_existing_set":       {"A chosen PIN must be one that the account already has.", func(string) (bool, bool) { return false, true }},
	"no_ascending_or_descending_sequence": {"A PIN must not be a sequence such as 1234 or 4321.", definite(func(pin string) bool { return max(longestRun(pin, 1), longestRun(pin, -1)) == len(pin) })},
	"at_least_three_unique_digits":        {"A PIN must have at least three different digits.", definite(func(pin string) bool { return uniqueDigits(pin) < 3 })},
	"no_all_same_digits":                  {"A PIN must not repeat one digit only.", definite(func(pin string) bool { return uniqueDigits(pin) == 1 })},
	// Seam describes this as a rule about the digits of one PIN. Manufacturers mean that no two
	// PINs on the lock may start with the same four digits, so a violation is not certain.
	"unique_first_four_digits": {"The first four digits of a PIN must differ from each other.", func(pin string) (bool, bool) {
		first := pin[:min(4, len(pin))]
		return false, uniqueDigits(first) < len(first)
	}},
	"no_triple_consecutive_ints": {"A PIN must not have more than three digits in a row that are the same or follow each other.", func(pin string) (bool, bool) {
		longest := max(longestRun(pin, 0), longestRun(pin, 1), longestRun(pin, -1))
		return longest > 3, longest == 3
	}},
}

func definite(violated func(string) bool) func(string) (bool, bool) {
	return func(pin string) (bool, bool) { return violated(pin), false }
}

func containsAny(digits string) func(string) (bool, bool) {
	return definite(func(pin string) bool { return strings.ContainsAny(pin, digits) })
}

// longestRun is the length of the longest run of digits in which each digit is the previous one
// plus step.
func longestRun(pin string, step int) int {
	longest, length := 1, 1
	for i := 1; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != step {
			length = 0
		}
		length++
		longest = max(longest, length)
	}
	return longest
}

// uniqueDigits is how many different digits a PIN has.
func uniqueDigits(pin string) int {
	seen := map[rune]bool{}
	for _, digit := range pin {
		seen[digit] = true
	}
	return len(seen)
}

// CodeViolations returns the constraints that a PIN violates. Empty lengths allow any length.
// The result does not contain the PIN.
func CodeViolations(pin string, lengths []int64, constraints []Constraint) []ConstraintViolation {
	var found []ConstraintViolation
	if len(lengths) > 0 && !slices.Contains(lengths, int64(len(pin))) {
		found = append(found, ConstraintViolation{"supported_code_lengths", lengthRequirement(lengths), true})
	}
	for _, c := range constraints {
		rule, known := codeConstraints[c.Type]
		if !known {
			continue
		}
		if certain, doubtful := rule.violated(pin); certain || doubtful {
			found = append(found, ConstraintViolation{c.Type, rule.requirement, certain})
		}
	}
	return found
}

func lengthRequirement(lengths []int64) string {
	var parts []string
	for _, length := range slices.Sorted(slices.Values(lengths)) {
		parts = append(parts, fmt.Sprint(length))
	}
	last := len(parts) - 1
	if last > 0 {
		parts = []string{strings.Join(parts[:last], ", "), parts[last]}
	}
	return fmt.Sprintf("A PIN must have %s digits.", strings.Join(parts, " or "))
}

// NameViolations returns the constraints that a name violates. Lengths are in characters.
func NameViolations(name string, constraints []Constraint) []ConstraintViolation {
	var found []ConstraintViolation
	length := int64(len([]rune(name)))
	for _, c := range constraints {
		if c.Type != "name_length" {
			continue
		}
		if c.MinLength != nil && length < *c.MinLength {
			found = append(found, ConstraintViolation{c.Type, fmt.Sprintf("A name must have at least %d characters.", *c.MinLength), true})
		}
		if c.MaxLength != nil && length > *c.MaxLength {
			found = append(found, ConstraintViolation{c.Type, fmt.Sprintf("A name must have at most %d characters.", *c.MaxLength), true})
		}
	}
	return found
}

// HasConstraint reports whether a lock has a constraint of this type.
func (p Properties) HasConstraint(constraint string) bool {
	return slices.ContainsFunc(p.CodeConstraints, func(c Constraint) bool { return c.Type == constraint })
}
