// Command bench measures the provider end to end: a real CLI against an embedded fake Seam with
// the latency of the real one.
//
//	go run ./internal/bench CLI [flags]    plans, an apply and destroys
//	go run ./internal/bench sdk [flags]    the destroy with Seam's JavaScript SDK
//	go run ./internal/bench plot [flags]   curves and report from earlier results
//
// CLI is Terraform 1.11, OpenTofu 1.11, or newer; sdk needs `npm ci` in internal/bench/sdk
// (`make bench-sdk` does it). Results go to a file, and from it into the report.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

const usage = "usage: go run ./internal/bench CLI|sdk|plot [flags] (`make bench` finds or builds a CLI)"

// bench is what the flags say, and what has been measured.
type bench struct {
	cli          string
	plans        scaleList
	destroy      scaleList
	grantPlans   scaleList
	grantDestroy scaleList
	exclusive    scaleList
	users        scaleList
	parallelisms intList // of destroys
	estates      intList // how many states at once
	creates      int
	runs         int
	longRound    time.Duration
	latency      time.Duration
	removal      time.Duration
	out          string
	report       string
	curves       string

	scale    []string // the flags that say what is measured, as given
	provider string   // the binary
	floor    string   // the binary of the floor
	buildDir string   // the directory it is in
	results  results
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	b := parse(os.Args[1], os.Args[2:])
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(what string, args []string) *bench {
	b := &bench{
		cli:   what,
		plans: scaleList{{1, 1}, {100, 5}, {300, 15}, {1000, 50}}, destroy: scaleList{{200, 20}}, parallelisms: intList{10, 100, 200, 400},
		grantPlans: scaleList{{1000, 50}}, grantDestroy: scaleList{{200, 20}}, exclusive: scaleList{{500, 25}}, users: scaleList{{1000, 10}},
	}
	flags := flag.NewFlagSet("bench "+what, flag.ExitOnError)
	flags.Var(&b.plans, "plan", "plans to measure, as codes/locks, separated by commas; empty for none")
	flags.Var(&b.destroy, "destroy", "destroys to measure, as codes/locks; empty for none")
	flags.Var(&b.grantPlans, "grants", "plans of access grants to measure, as grants/locks; empty for none")
	flags.Var(&b.grantDestroy, "destroy-grants", "destroys of access grants to measure, as grants/locks; empty for none")
	flags.Var(&b.exclusive, "exclusive", "plans of locks that may have only these codes to measure, as codes/locks; empty for none")
	flags.Var(&b.users, "users", "plans of users of an access system to measure, as users/groups; empty for none")
	flags.Var(&b.parallelisms, "parallelism", "values of -parallelism for the destroys, separated by commas")
	flags.Var(&b.estates, "estates", "how many of the 50 states of an estate of 5,000 codes to run at once, separated by commas; empty for none")
	flags.IntVar(&b.creates, "apply", 20, "codes to create on one lock; 0 for none")
	flags.IntVar(&b.runs, "runs", 3, "number of runs of each round")
	flags.DurationVar(&b.longRound, "long", time.Minute, "rounds that take longer are measured only once")
	flags.DurationVar(&b.latency, "latency", 100*time.Millisecond, "response time of Seam")
	flags.DurationVar(&b.removal, "removal", 5*time.Second, "time a lock takes to remove a code")
	flags.StringVar(&b.out, "out", filepath.Join("internal", "bench", "results.json"), "file of the results")
	flags.StringVar(&b.report, "report", "BENCHMARKS.md", "file whose tables are rewritten; empty for none")
	flags.StringVar(&b.curves, "curves", filepath.Join("internal", "bench", "curves"), "directory of the curves")
	_ = flags.Parse(args) // it exits
	flags.Visit(func(f *flag.Flag) {
		if !slices.Contains([]string{"out", "report", "curves"}, f.Name) {
			b.scale = append(b.scale, "-"+f.Name+"="+f.Value.String())
		}
	})
	return b
}

func (b *bench) run(ctx context.Context) error {
	if err := b.results.load(b.out); err != nil {
		return err
	}
	if b.cli == "plot" {
		return errors.Join(b.plot(), b.writeReport())
	}
	measure := b.measureCLI
	if b.cli == "sdk" {
		measure = b.measureSDK
	}
	if err := measure(ctx); err != nil {
		return err
	}
	return errors.Join(b.results.save(b.out), b.writeReport())
}
