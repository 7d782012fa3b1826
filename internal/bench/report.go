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
	reportBegins = "<!-- measured: `make bench`, `make bench-sdk`, `make bench-estates` -->"
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
	text = []byte(before + reportBegins + "\n\n" + b.renderResults() + reportEnds + after)
	return os.WriteFile(b.report, text, 0o644)
}

// renderResults is the part of the report that is made of results.
func (b *bench) renderResults() string {
	all := b.results
	cli, js := all.CLI, all.SDK
	var out strings.Builder
	var runs []string
	for _, s := range []section{cli, all.Grants, all.Exclusive, all.Users, js, all.Estates} {
		if len(s.Rows) > 0 {
			m := s.Provenance
			runs = append(runs, fmt.Sprintf("`%s`, %s: %s, %d CPUs, %s, %s.\n\n", m.Command, m.At.Format(time.DateOnly), m.System, m.CPUs, m.With, m.Go))
		}
	}
	out.WriteString(strings.Join(slices.Compact(runs), "")) // one run may have made several sections
	out.WriteString("### Plan without changes\n\n" + planTable(cli))
	out.WriteString("### Apply\n\n" + applyTable(cli))
	out.WriteString("### Destroy\n\n" + b.destroyTable(cli, js))
	out.WriteString(objectReport("Access grants", "Grants / locks", all.Grants))
	out.WriteString(objectReport("Locks with only the allowed codes", "Codes / locks", all.Exclusive))
	out.WriteString(objectReport("Users of an access system", "Users / groups", all.Users))
	out.WriteString("### Many states\n\n" + estateTable(all.Estates))
	out.WriteString("### Goals\n\n" + b.targetTable())
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
	t := table{{"Codes / locks", "-parallelism", "What", "Time, s: least", "median", "Times floor", "CPU, s: CLI", "provider", "Requests", "Provider's peak, MB", "Runs"}}
	for _, r := range s.Rows {
		if r.Verb != "plan" {
			continue
		}
		t.add(r.scale(), fmt.Sprint(r.Parallelism), r.Variant, formatNumber(r.min(seconds)), formatNumber(r.median(seconds)), s.timesFloor(r), formatNumber(r.median(cliCPU)), formatNumber(r.median(ownCPU)), formatRange(r, requests), formatMemory(r), fmt.Sprint(len(r.Runs)))
	}
	return t.String()
}

// timesFloor is the time of a plan over that of Terraform's floor.
func (s section) timesFloor(r row) string {
	floor, ok := s.find("plan", variantFloor, scale{r.Codes, r.Locks}, 10)
	if !ok || r.Verb != "plan" {
		return "-"
	}
	return formatNumber(r.ratio(floor, seconds))
}

func applyTable(s section) string {
	t := table{{"Codes / locks", "-parallelism", "What", "Time, s: least", "median", "Requests", "Answers 429", "Runs"}}
	for _, r := range s.Rows {
		if r.Verb == "apply" {
			t.add(r.scale(), fmt.Sprint(r.Parallelism), r.Variant, formatNumber(r.min(seconds)), formatNumber(r.median(seconds)), formatRange(r, requests), "0", fmt.Sprint(len(r.Runs)))
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
		parallelism, times := fmt.Sprint(r.Parallelism), "-"
		if baseline, ok := cli.find("destroy", variantNoop, scale{r.Codes, r.Locks}, r.Parallelism); ok && r.Variant != variantNoop {
			times = formatNumber(r.ratio(baseline, b.plusRemovalTime))
		}
		if r.Variant == variantSDK {
			parallelism, times = "all at once", "-"
		}
		t.add(r.scale(), parallelism, r.Variant, formatNumber(r.min(seconds)), formatNumber(r.median(seconds)), times, formatRange(r, requests), formatRange(r, polls), formatMemory(r), fmt.Sprint(len(r.Runs)))
	}
	return t.String()
}

// plusRemovalTime is what a destroy cannot go below: Terraform's own time, and a lock's time
// to remove a code.
func (b *bench) plusRemovalTime(floor run) float64 { return floor.Seconds + b.removal.Seconds() }

func (r row) scale() string { return fmt.Sprintf("%d / %d", r.Codes, r.Locks) }

func formatNumber(x float64) string { return fmt.Sprintf("%.2f", x) }

// formatRange shows one figure, or the range if the runs differ.
func formatRange(r row, of func(run) float64) string {
	low, high := r.min(of), r.max(of)
	if low == high {
		return fmt.Sprintf("%.0f", low)
	}
	return fmt.Sprintf("%.0f to %.0f", low, high)
}

func formatMemory(r row) string {
	if peakMB := r.max(peak); peakMB > 0 {
		return fmt.Sprintf("%.0f", peakMB)
	}
	return "-"
}
