package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Variants of the provider or of the operation. Their names are keys in the results.
const (
	variantProvider   = "this provider"
	variantNoBulkRead = "`bulk_read = false`"
	variantFloor      = "Terraform's floor"
	variantNoop       = "no requests"
	variantUntuned    = "no I/O, no tuning"
	variantSDK        = "JavaScript SDK"
)

// scenario is a command of the CLI in an environment, in one variant.
type scenario struct {
	verb        string
	variant     string
	fixture     fixture
	parallelism int
	args, env   []string
	noRequests  bool // nothing may reach Seam
}

// bulkReadOff makes the provider ask for each code and each attempt by itself.
var bulkReadOff = []string{"TF_VAR_bulk_read=false"}

// untunedEnv are what a provider on the same framework has that does not set the garbage
// collector and lets the SDK write its trace.
var untunedEnv = []string{"GOGC=100", "TF_LOG_SDK=TRACE"}

func (b *bench) measureCLI(ctx context.Context) error {
	version, err := b.version(ctx)
	if err != nil {
		return err
	}
	cleanUp, err := b.buildProvider(ctx)
	if cleanUp != nil {
		defer cleanUp()
	}
	if err != nil {
		return err
	}
	for _, part := range []struct {
		section *section
		rounds  [][]scenario
	}{
		{&b.results.CLI, b.rounds()},
		{&b.results.Grants, b.grantRounds()},
		{&b.results.Exclusive, planRounds(kindExclusive, b.exclusive)},
		{&b.results.Users, planRounds(kindUsers, b.users)},
	} {
		if err := b.measureRounds(ctx, part.section, part.rounds, version); err != nil {
			return err
		}
	}
	return b.measureEstates(ctx, version)
}

// measureRounds replaces the results of a section. Without rounds it keeps them.
func (b *bench) measureRounds(ctx context.Context, s *section, rounds [][]scenario, version string) error {
	if len(rounds) > 0 {
		*s = section{Provenance: b.machineInfo(ctx, version)}
	}
	for _, round := range rounds {
		if err := b.measureRound(ctx, s, round); err != nil {
			return err
		}
		if err := b.results.save(b.out); err != nil {
			return err
		}
	}
	return nil
}

// rounds are the scenarios with codes; those of one round are measured side by side.
func (b *bench) rounds() (rounds [][]scenario) {
	for _, s := range b.plans {
		rounds = append(rounds, planScenarios(s))
	}
	if b.creates > 0 {
		rounds = append(rounds, []scenario{{verb: "apply", variant: variantProvider, fixture: fixture{scale: scale{b.creates, 1}, configOnly: true}, parallelism: 10}})
	}
	for _, s := range b.destroy {
		for _, parallelism := range b.parallelisms {
			rounds = append(rounds, destroyScenarios(s, parallelism))
		}
	}
	return rounds
}

// grantRounds are the scenarios with grants.
func (b *bench) grantRounds() (rounds [][]scenario) {
	rounds = planRounds(kindGrants, b.grantPlans)
	for _, s := range b.grantDestroy {
		for _, parallelism := range b.parallelisms {
			rounds = append(rounds, []scenario{{verb: "destroy", variant: variantProvider, fixture: fixture{scale: s, kind: kindGrants}, parallelism: parallelism}})
		}
	}
	return rounds
}

// planRounds are the plans of objects of other kinds than codes.
func planRounds(of kind, scales scaleList) (rounds [][]scenario) {
	for _, s := range scales {
		p := fixture{scale: s, kind: of}
		rounds = append(rounds, []scenario{
			{verb: "plan", variant: variantProvider, fixture: p, parallelism: 10},
			{verb: "plan", variant: variantFloor, fixture: p, parallelism: 10, noRequests: true},
			{verb: "plan", variant: variantNoop, fixture: p, parallelism: 10, args: []string{"-refresh=false"}, noRequests: true},
		})
	}
	return rounds
}

func planScenarios(s scale) []scenario {
	p := fixture{scale: s}
	skipRefresh := []string{"-refresh=false"}
	return []scenario{
		{verb: "plan", variant: variantProvider, fixture: p, parallelism: 10},
		{verb: "plan", variant: variantNoBulkRead, fixture: p, parallelism: 10, env: bulkReadOff},
		{verb: "plan", variant: variantFloor, fixture: p, parallelism: 10, noRequests: true},
		{verb: "plan", variant: variantNoop, fixture: p, parallelism: 10, args: skipRefresh, noRequests: true},
		{verb: "plan", variant: variantUntuned, fixture: p, parallelism: 10, args: skipRefresh, env: untunedEnv, noRequests: true},
		{verb: "plan", variant: variantProvider, fixture: p, parallelism: 100},
		{verb: "plan", variant: variantNoBulkRead, fixture: p, parallelism: 100, env: bulkReadOff},
	}
}

// destroyScenarios has as its no-op variant a destroy that only forgets the codes.
func destroyScenarios(s scale, parallelism int) []scenario {
	p := fixture{scale: s}
	return []scenario{
		{verb: "destroy", variant: variantProvider, fixture: p, parallelism: parallelism},
		{verb: "destroy", variant: variantNoBulkRead, fixture: p, parallelism: parallelism, env: bulkReadOff},
		{verb: "destroy", variant: variantNoop, fixture: fixture{scale: s, removal: "abandoned"}, parallelism: parallelism, args: []string{"-refresh=false"}, noRequests: true},
	}
}

func (b *bench) measureRound(ctx context.Context, s *section, round []scenario) error {
	runs, left := make([][]run, len(round)), b.runs
	for ; left > 0; left-- {
		start := time.Now()
		for i, sc := range round {
			r, err := b.measureScenario(ctx, sc)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", sc.verb, sc.variant, err)
			}
			fmt.Fprintf(os.Stderr, "%s %s, -parallelism=%d, %s: %.2f s, %d requests, %.0f MB\n", sc.verb, sc.fixture.scale, sc.parallelism, sc.variant, r.Seconds, r.Requests, peak(r))
			runs[i] = append(runs[i], r)
		}
		if time.Since(start) > b.longRound {
			break
		}
	}
	for i, sc := range round {
		s.Rows = append(s.Rows, row{
			Verb: sc.verb, Variant: sc.variant, Codes: sc.fixture.codes, Locks: sc.fixture.locks, Parallelism: sc.parallelism, Runs: runs[i],
		})
	}
	return nil
}

// binary is the provider to run.
func (sc scenario) binary(b *bench) string {
	if sc.variant == variantFloor {
		return b.floor
	}
	return b.provider
}

// measureScenario creates a new environment, so that every run starts from the same state.
func (b *bench) measureScenario(ctx context.Context, sc scenario) (run, error) {
	e, err := b.newEnvironment(ctx, sc.fixture)
	if err != nil {
		return run{}, err
	}
	defer func() { _ = e.close() }()
	args := append([]string{sc.verb, fmt.Sprint("-parallelism=", sc.parallelism)}, sc.args...)
	if sc.verb == "plan" {
		args = append(args, "-detailed-exitcode")
	} else {
		args = append(args, "-auto-approve")
	}
	out, err := b.command(ctx, e, sc.binary(b), sc.env, args...)
	if err != nil {
		return run{}, err
	}
	r := newRun(e.seam, out.duration)
	r.PeakKiB, r.ProviderCPU, r.CLICPU = out.provider.peakKiB, out.provider.cpu.Seconds(), (out.cpu - out.provider.cpu).Seconds()
	return r, sc.check(e, out, r)
}

// check returns an error if a run did not do the work that it measures.
func (sc scenario) check(e *environment, out commandResult, r run) error {
	stored, want := e.storedPINs(), sc.fixture.pins()
	if sc.verb == "destroy" && sc.variant != variantNoop {
		want = 0
	}
	switch {
	case stored != want:
		return fmt.Errorf("the locks hold %d PINs, want %d", stored, want)
	case e.seam.RateLimitedCount() > 0:
		return fmt.Errorf("%d requests were refused as too many", e.seam.RateLimitedCount())
	case sc.noRequests && r.Requests > 0:
		return fmt.Errorf("%d requests, want none: %v", r.Requests, r.Paths)
	case sc.verb == "plan" && (!strings.Contains(out.output, "No changes.") || strings.Contains(out.output, "changed outside")):
		return fmt.Errorf("the plan is not empty:\n%s", tail(out.output))
	}
	return nil
}
