package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
)

// count is how many tests ended how.
type count struct{ passed, failed, skipped int }

func (c count) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

// cell is a count in the table, without what is 0.
func (c count) cell() string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{c.passed, "passed"}, {c.failed, "FAILED"}, {c.skipped, "skipped"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprint(part.n, " ", part.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (c *count) add(action string) {
	switch action {
	case "pass":
		c.passed++
	case "skip":
		c.skipped++
	default:
		c.failed++
	}
}

var groupPattern = regexp.MustCompile(`^TestAcc([A-Za-z]+)`)

// group is the noun that a test is about.
func group(name string) string { return groupPattern.FindStringSubmatch(name)[1] }

// count counts the tests of a group; of all if it is "".
func (r *result) count(of string) (c count) {
	for name, test := range r.leaves() {
		if of == "" || group(name) == of {
			c.add(test.action)
		}
	}
	return c
}

func (r *result) total() count { return r.count("") }

// skipped counts the tests that a CLI cannot run, by reason.
func (r *result) skipped() map[string]int {
	reasons := map[string]int{}
	for _, test := range r.leaves() {
		if test.action == "skip" {
			reasons[test.reason()]++
		}
	}
	return reasons
}

// printTable prints a line for each group of tests, then for each reason for which tests are skipped.
func printTable(out io.Writer, results []*result) {
	groups, reasons, all := map[string]bool{}, map[string]bool{}, count{}
	for _, r := range results {
		for name, test := range r.leaves() {
			groups[group(name)] = true
			all.add(test.action)
		}
		for reason := range r.skipped() {
			reasons[reason] = true
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(head string, cell func(*result) string) {
		_, _ = fmt.Fprint(w, head)
		for _, r := range results {
			_, _ = fmt.Fprint(w, "\t", cell(r))
		}
		_, _ = fmt.Fprintln(w)
	}
	row("\nTests of", func(r *result) string { return r.cli })
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		row(name, func(r *result) string { return r.count(name).cell() })
	}
	row("all", func(r *result) string { return r.total().cell() })
	row("\nSkipped because", func(r *result) string { return r.cli })
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		row(reason, func(r *result) string { return fmt.Sprint(r.skipped()[reason]) })
	}
	_ = w.Flush()
	_, _ = fmt.Fprintf(out, "\n%s\n", all)
}
