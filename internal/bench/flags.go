package main

import (
	"fmt"
	"strconv"
	"strings"
)

// scale is how many codes there are, or grants with one code each, on how many locks; or how many users in
// how many groups.
type scale struct{ codes, locks int }

func (s scale) String() string { return fmt.Sprintf("%d/%d", s.codes, s.locks) }

// scaleList is a flag.
type scaleList []scale

func (s *scaleList) String() string { return strings.Join(toStrings(*s), ",") }

// Set implements flag.Value.
func (s *scaleList) Set(text string) error {
	*s = nil
	for _, part := range splitList(text) {
		var one scale
		if _, err := fmt.Sscanf(part, "%d/%d", &one.codes, &one.locks); err != nil || one.locks < 1 || one.codes < one.locks {
			return fmt.Errorf("%q is not a number of codes, grants or users, a slash and a number of locks or groups", part)
		}
		*s = append(*s, one)
	}
	return nil
}

// intList is a flag.
type intList []int

func (n *intList) String() string { return strings.Join(toStrings(*n), ",") }

// Set implements flag.Value.
func (n *intList) Set(text string) error {
	*n = nil
	for _, part := range splitList(text) {
		one, err := strconv.Atoi(part)
		if err != nil || one < 1 {
			return fmt.Errorf("%q is not a number above zero", part)
		}
		*n = append(*n, one)
	}
	return nil
}

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}

func toStrings[T any](all []T) []string {
	output := make([]string, len(all))
	for i, one := range all {
		output[i] = fmt.Sprint(one)
	}
	return output
}
