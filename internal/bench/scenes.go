package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Variants of the provider, or of what it is asked. Their names are keys of the results.
const (
	ours    = "this provider"
	naive   = "`bulk_read = false`"
	floor   = "Terraform's floor"
	untuned = "no I/O, no tuning"
	sdk     = "JavaScript SDK"
)

// scene is a command of the CLI on a stage, in one variant.
type scene struct {
	verb        string
	variant     string
	prop        prop
	parallelism int
	args, env   []string
	silent      bool // nothing may reach Seam
}

// oneByOne makes the provider ask for each code and each attempt by itself.
var oneByOne = []string{"TF_VAR_bulk_read=false"}

// defaults are what a provider on the same framework has that does not set the garbage
// collector and lets the SDK write its trace.
var defaults = []string{"GOGC=100", "TF_LOG_SDK=TRACE"}

func (b *bench) measureCLI(ctx context.Context) error {
	version, err := b.version(ctx)
	if err != nil {
		return err
	}
	cleanUp, err := b.prepare(ctx)
	if cleanUp != nil {
		defer cleanUp()
	}
	if err != nil {
		return err
	}
	b.results.CLI = section{Made: here(ctx, version)}
	for _, round := range b.rounds() {
		if err := b.measureRound(ctx, round); err != nil {
			return err
		}
		if err := b.results.save(b.out); err != nil {
			return err
		}
	}
	return nil
}

// rounds are the scenes; those of one round are measured side by side.
func (b *bench) rounds() (rounds [][]scene) {
	for _, s := range b.plans {
		rounds = append(rounds, plans(s))
	}
	if b.creates > 0 {
		rounds = append(rounds, []scene{{verb: "apply", variant: ours, prop: prop{size: size{b.creates, 1}, bare: true}, parallelism: 10}})
	}
	for _, s := range b.destroy {
		for _, parallelism := range b.widths {
			rounds = append(rounds, destroys(s, parallelism))
		}
	}
	return rounds
}

func plans(s size) []scene {
	p := prop{size: s}
	still := []string{"-refresh=false"}
	return []scene{
		{verb: "plan", variant: ours, prop: p, parallelism: 10},
		{verb: "plan", variant: naive, prop: p, parallelism: 10, env: oneByOne},
		{verb: "plan", variant: floor, prop: p, parallelism: 10, args: still, silent: true},
		{verb: "plan", variant: untuned, prop: p, parallelism: 10, args: still, env: defaults, silent: true},
		{verb: "plan", variant: ours, prop: p, parallelism: 100},
		{verb: "plan", variant: naive, prop: p, parallelism: 100, env: oneByOne},
	}
}

// destroys has as its floor a destroy that only forgets the codes.
func destroys(s size, parallelism int) []scene {
	p := prop{size: s}
	return []scene{
		{verb: "destroy", variant: ours, prop: p, parallelism: parallelism},
		{verb: "destroy", variant: naive, prop: p, parallelism: parallelism, env: oneByOne},
		{verb: "destroy", variant: floor, prop: prop{size: s, removal: "abandoned"}, parallelism: parallelism, args: []string{"-refresh=false"}, silent: true},
	}
}

func (b *bench) measureRound(ctx context.Context, round []scene) error {
	runs, left := make([][]run, len(round)), b.runs
	for ; left > 0; left-- {
		start := time.Now()
		for i, sc := range round {
			r, err := b.measure(ctx, sc)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", sc.verb, sc.variant, err)
			}
			fmt.Fprintf(os.Stderr, "%s %s, -parallelism=%d, %s: %.2f s, %d requests, %.0f MB\n", sc.verb, sc.prop.size, sc.parallelism, sc.variant, r.Seconds, r.Requests, peak(r))
			runs[i] = append(runs[i], r)
		}
		if time.Since(start) > b.longRound {
			break
		}
	}
	for i, sc := range round {
		b.results.CLI.Rows = append(b.results.CLI.Rows, row{
			Verb: sc.verb, Variant: sc.variant, Codes: sc.prop.codes, Locks: sc.prop.locks, Parallelism: sc.parallelism, Runs: runs[i],
		})
	}
	return nil
}

// measure makes a stage, so that every run finds the same.
func (b *bench) measure(ctx context.Context, sc scene) (run, error) {
	s, err := b.newStage(ctx, sc.prop)
	if err != nil {
		return run{}, err
	}
	defer func() { _ = s.close() }()
	args := append([]string{sc.verb, fmt.Sprint("-parallelism=", sc.parallelism)}, sc.args...)
	if sc.verb == "plan" {
		args = append(args, "-detailed-exitcode")
	} else {
		args = append(args, "-auto-approve")
	}
	out, err := b.command(ctx, s, sc.env, args...)
	if err != nil {
		return run{}, err
	}
	r := newRun(s.seam, out.took)
	r.PeakKiB = out.peak
	return r, sc.check(s, out, r)
}

// check refuses a number that was not earned.
func (sc scene) check(s *stage, out outcome, r run) error {
	held, want := s.pinsLeft(), sc.prop.codes
	if sc.verb == "destroy" && sc.variant != floor {
		want = 0
	}
	switch {
	case held != want:
		return fmt.Errorf("the locks hold %d PINs, want %d", held, want)
	case s.seam.Limited() > 0:
		return fmt.Errorf("%d requests were refused as too many", s.seam.Limited())
	case sc.silent && r.Requests > 0:
		return fmt.Errorf("%d requests, want none: %v", r.Requests, r.Paths)
	case sc.verb == "plan" && (!strings.Contains(out.said, "No changes.") || strings.Contains(out.said, "changed outside")):
		return fmt.Errorf("the plan is not empty:\n%s", tail(out.said))
	}
	return nil
}
