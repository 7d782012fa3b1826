package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// The report is rewritten between these lines.
const (
	reportBegins = "<!-- measured: `make bench`, `make bench-sdk` -->"
	reportEnds   = "<!-- end of measured -->"
)

func (b *bench) writeReport() error {
	if b.report == "" {
		return nil
	}
	text, err := os.ReadFile(b.report)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), reportBegins)
	_, after, ends := strings.Cut(rest, reportEnds)
	if !begins || !ends {
		return errors.New(b.report + " does not have the lines between which the tables go")
	}
	text = []byte(before + reportBegins + "\n\n" + b.measured() + reportEnds + after)
	return os.WriteFile(b.report, text, 0o644)
}

// measured is the part of the report that is made of results.
func (b *bench) measured() string {
	cli, js := b.results.CLI, b.results.SDK
	var out strings.Builder
	for _, s := range []section{cli, js} {
		if len(s.Rows) > 0 {
			m := s.Made
			fmt.Fprintf(&out, "`%s`, %s: %s, %d CPUs, %s, %s.\n\n", m.Command, m.At.Format(time.DateOnly), m.System, m.CPUs, m.With, m.Go)
		}
	}
	out.WriteString("### Plan without changes\n\n" + planTable(cli))
	out.WriteString("### Apply\n\n" + applyTable(cli))
	out.WriteString("### Destroy\n\n" + b.destroyTable(cli, js))
	out.WriteString("### Goals\n\n" + b.goalTable())
	return out.String()
}

// table is a Markdown table. Its first line is the head.
type table [][]string

func (t *table) add(cells ...string) { *t = append(*t, cells) }

func (t table) String() string {
	var out strings.Builder
	for i, cells := range t {
		out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			out.WriteString("|" + strings.Repeat("---|", len(cells)) + "\n")
		}
	}
	return out.String() + "\n"
}

func planTable(s section) string {
	t := table{{"Codes / locks", "-parallelism", "What", "Time, s: least", "median", "Times ours", "Requests", "Provider's peak, MB", "Runs"}}
	for _, r := range s.Rows {
		if r.Verb == "plan" {
			beside, _ := s.find("plan", ours, size{r.Codes, r.Locks}, r.Parallelism)
			t.add(r.size(), fmt.Sprint(r.Parallelism), r.Variant, number(r.least(seconds)), number(r.median(seconds)), number(r.over(beside, seconds)), count(r, requests), memoryOf(r), fmt.Sprint(len(r.Runs)))
		}
	}
	return t.String()
}

func applyTable(s section) string {
	t := table{{"Codes / locks", "-parallelism", "What", "Time, s: least", "median", "Requests", "Answers 429", "Runs"}}
	for _, r := range s.Rows {
		if r.Verb == "apply" {
			t.add(r.size(), fmt.Sprint(r.Parallelism), r.Variant, number(r.least(seconds)), number(r.median(seconds)), count(r, requests), "0", fmt.Sprint(len(r.Runs)))
		}
	}
	return t.String()
}

func (b *bench) destroyTable(cli, js section) string {
	t := table{{"Codes / locks", "-parallelism", "What", "Time, s: least", "median", "Times floor + removal", "Requests", "Polls of attempts", "Provider's peak, MB", "Runs"}}
	for _, r := range slices.Concat(cli.Rows, js.Rows) {
		if r.Verb != "destroy" {
			continue
		}
		width, times := fmt.Sprint(r.Parallelism), "-"
		if beside, ok := cli.find("destroy", floor, size{r.Codes, r.Locks}, r.Parallelism); ok && r.Variant != floor {
			times = number(r.over(beside, b.andRemoval))
		}
		if r.Variant == sdk {
			width, times = "all at once", "-"
		}
		t.add(r.size(), width, r.Variant, number(r.least(seconds)), number(r.median(seconds)), times, count(r, requests), count(r, polls), memoryOf(r), fmt.Sprint(len(r.Runs)))
	}
	return t.String()
}

// andRemoval is what a destroy cannot go below: Terraform's own time, and a lock's time
// to remove a code.
func (b *bench) andRemoval(floor run) float64 { return floor.Seconds + b.removal.Seconds() }

func (r row) size() string { return fmt.Sprintf("%d / %d", r.Codes, r.Locks) }

func number(x float64) string { return fmt.Sprintf("%.2f", x) }

// count shows one figure, or the range if the runs differ.
func count(r row, of func(run) float64) string {
	low, high := r.least(of), r.most(of)
	if low == high {
		return fmt.Sprintf("%.0f", low)
	}
	return fmt.Sprintf("%.0f to %.0f", low, high)
}

func memoryOf(r row) string {
	if most := r.most(peak); most > 0 {
		return fmt.Sprintf("%.0f", most)
	}
	return "-"
}
