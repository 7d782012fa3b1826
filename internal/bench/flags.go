package main

import (
	"fmt"
	"strconv"
	"strings"
)

// size is how many codes there are, on how many locks.
type size struct{ codes, locks int }

func (s size) String() string { return fmt.Sprintf("%d/%d", s.codes, s.locks) }

// sizes is a flag.
type sizes []size

func (s *sizes) String() string { return strings.Join(texts(*s), ",") }

// Set implements flag.Value.
func (s *sizes) Set(text string) error {
	*s = nil
	for _, part := range fields(text) {
		var one size
		if _, err := fmt.Sscanf(part, "%d/%d", &one.codes, &one.locks); err != nil || one.locks < 1 || one.codes < one.locks {
			return fmt.Errorf("%q is not codes/locks", part)
		}
		*s = append(*s, one)
	}
	return nil
}

// numbers is a flag.
type numbers []int

func (n *numbers) String() string { return strings.Join(texts(*n), ",") }

// Set implements flag.Value.
func (n *numbers) Set(text string) error {
	*n = nil
	for _, part := range fields(text) {
		one, err := strconv.Atoi(part)
		if err != nil || one < 1 {
			return fmt.Errorf("%q is not a number above zero", part)
		}
		*n = append(*n, one)
	}
	return nil
}

func fields(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}

func texts[T any](all []T) []string {
	said := make([]string, len(all))
	for i, one := range all {
		said[i] = fmt.Sprint(one)
	}
	return said
}
