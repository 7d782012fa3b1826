package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// event is a line that `go test -json` prints.
type event struct{ Action, Test, Output string }

// outcome is how a test ended, and what it printed.
type outcome struct {
	action string // pass, fail or skip
	output strings.Builder
}

// result is what the tests did with one CLI.
type result struct {
	cli      string // name and version
	tests    map[string]*outcome
	other    strings.Builder // what no test printed
	exitCode int
}

var cliLine = regexp.MustCompile(`^with (\S+ v\S+) \(`)

// readEvents reads the output of internal/tools/gotest with -json: some lines of its own, and events.
func readEvents(output io.Reader) (*result, error) {
	r := &result{tests: map[string]*outcome{}}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		var e event
		switch found := cliLine.FindStringSubmatch(line); {
		case found != nil:
			r.cli = found[1]
		case json.Unmarshal([]byte(line), &e) == nil:
			r.add(e)
		default:
			r.other.WriteString(line)
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *result) add(e event) {
	if e.Test == "" {
		r.other.WriteString(e.Output)
		return
	}
	test := r.tests[e.Test]
	if test == nil {
		test = &outcome{}
		r.tests[e.Test] = test
	}
	test.output.WriteString(e.Output)
	if slices.Contains([]string{"pass", "fail", "skip"}, e.Action) {
		test.action = e.Action
	}
}

// leaves are the tests without those that only have subtests, by name.
func (r *result) leaves() map[string]*outcome {
	leaves := maps.Clone(r.tests)
	for name := range r.tests {
		for parent := range parents(name) {
			delete(leaves, parent)
		}
	}
	return leaves
}

// parents yields the tests that a subtest is part of.
func parents(name string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i, c := range name {
			if c == '/' && !yield(name[:i]) {
				return
			}
		}
	}
}

// problems prints the output of each test that failed or did not end, and is an error if there is one,
// or if the tests do not count.
func (r *result) problems(out io.Writer) error {
	var problems []error
	for name, test := range r.tests {
		switch {
		case test.action == "pass":
			continue
		case test.action == "skip" && test.reason() != "":
			continue
		}
		_, _ = fmt.Fprintf(out, "--- %s\n%s", name, test.output.String())
		problems = append(problems, fmt.Errorf("%s: %s (%s)", r.cli, name, test.text()))
	}
	if r.exitCode != 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("%s: exit code %d\n%s", r.cli, r.exitCode, r.other.String()))
	}
	if r.count("").passed == 0 {
		problems = append(problems, fmt.Errorf("%s: no test passed", r.cli))
	}
	return errors.Join(problems...)
}

// text is how a test ended.
func (o *outcome) text() string {
	switch o.action {
	case "fail":
		return "failed"
	case "skip":
		return "skipped without a reason that names what the CLI lacks"
	}
	return "did not end"
}

var reasonLine = regexp.MustCompile(`NOT RUN: (.*? need .*?);`)

// reason is what a skipped test needs that the CLI lacks; see requireFeatures.
func (o *outcome) reason() string {
	if found := reasonLine.FindStringSubmatch(o.output.String()); found != nil {
		return found[1]
	}
	return ""
}
