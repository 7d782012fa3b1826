package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// An estate is 5,000 codes in 50 states. Each state has 10 locks of its own, as a building has; some
// also have codes on one lock that they share, as a gate. Another process runs each command, as in CI.
const (
	estateStates  = 50
	codesPerState = 100
	locksPerState = 10
	sharingStates = 8
	slotsPerState = 50 // codes take the locks of their state in turn
)

// estate is a fake Seam, and a directory for each state.
type estate struct {
	environment
	gate *seamtest.Lock
	dirs []string
}

// measureEstates replaces the results with the same number of states at once.
func (b *bench) measureEstates(ctx context.Context, version string) error {
	estates := &b.results.Estates
	for _, atOnce := range b.estates {
		rows, err := b.measureEstate(ctx, atOnce)
		if err != nil {
			return fmt.Errorf("%d at once: %w", atOnce, err)
		}
		estates.Provenance = b.machineInfo(ctx, version)
		estates.Rows = append(slices.DeleteFunc(estates.Rows, func(r row) bool { return r.Parallelism == atOnce }), rows...)
		slices.SortStableFunc(estates.Rows, func(a, b row) int { return a.Parallelism - b.Parallelism })
		if err := b.results.save(b.out); err != nil {
			return err
		}
	}
	return nil
}

// measureEstate applies, plans and destroys all states, atOnce of them at a time.
func (b *bench) measureEstate(ctx context.Context, atOnce int) (rows []row, err error) {
	e, err := b.newEstate(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	for _, step := range []struct {
		verb   string
		args   []string
		stored int
	}{
		{"apply", []string{"-auto-approve"}, estateStates * codesPerState},
		{"plan", []string{"-detailed-exitcode"}, estateStates * codesPerState},
		{"destroy", []string{"-auto-approve"}, 0},
	} {
		e.seam.ResetRequests()
		limited, start, memory := e.seam.RateLimitedCount(), time.Now(), watchProcesses(b.provider, sum)
		err := b.runStates(ctx, e, atOnce, append([]string{step.verb, "-parallelism=50"}, step.args...))
		r := newRun(e.seam, time.Since(start))
		r.PeakKiB, r.Limited = memory.stop().peakKiB, e.seam.RateLimitedCount()-limited
		if stored := e.storedPINs(); err == nil && stored != step.stored {
			err = fmt.Errorf("%s: the locks hold %d PINs, want %d", step.verb, stored, step.stored)
		}
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(os.Stderr, "%s of %d states, %d at once: %.1f s, %d requests, %d answers 429, %.0f MB\n", step.verb, estateStates, atOnce, r.Seconds, r.Requests, r.Limited, peak(r))
		rows = append(rows, row{Verb: step.verb, Variant: variantProvider, Codes: estateStates * codesPerState, Locks: len(e.locks), Parallelism: atOnce, Runs: []run{r}})
	}
	return rows, nil
}

// newEstate writes the configurations; the codes are created by the applies.
func (b *bench) newEstate(ctx context.Context) (*estate, error) {
	e := &estate{environment: environment{seam: seamtest.New()}}
	e.gate = e.seam.AddLock("Gate")
	e.locks = []*seamtest.Lock{e.gate}
	var err error
	if e.dir, err = os.MkdirTemp(b.buildDir, "estate-"); err != nil {
		return nil, err
	}
	for i := range estateStates {
		err = errors.Join(err, e.writeStateConfig(i))
	}
	if err = errors.Join(err, e.serve(ctx)); err != nil {
		return nil, errors.Join(err, e.close())
	}
	e.seam.InjectFault(seamtest.Fault{Delay: b.latency})
	e.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: b.removal})
	e.seam.EnforceLimitsFor(seamtest.ConcurrentRuns{})
	return e, nil
}

func (e *estate) writeStateConfig(i int) error {
	slots := make([]string, slotsPerState)
	for n := range locksPerState {
		lock := e.seam.AddLock(fmt.Sprintf("Building %d, lock %d", i, n))
		e.locks = append(e.locks, lock)
		for slot := n; slot < slotsPerState; slot += locksPerState {
			slots[slot] = strconv.Quote(lock.ID)
		}
	}
	if i < sharingStates {
		slots[0] = strconv.Quote(e.gate.ID)
	}
	dir := filepath.Join(e.dir, fmt.Sprint("building-", i))
	e.dirs = append(e.dirs, dir)
	text := fmt.Sprintf(hclHead, strings.Join(slots, ", ")) + fmt.Sprintf(hclCodes, codesPerState, firstPIN+i*codesPerState, quoteOrNull(""))
	return errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text), 0o600))
}

// runStates runs a command in every state, atOnce at a time.
func (b *bench) runStates(ctx context.Context, e *estate, atOnce int, args []string) error {
	errs := make([]error, len(e.dirs))
	turn := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, dir := range e.dirs {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			here := e.environment
			here.dir = dir
			out, err := b.command(ctx, &here, b.provider, nil, args...)
			if err == nil && args[0] == "plan" && !strings.Contains(out.output, "No changes.") {
				err = fmt.Errorf("the plan of %s is not empty", filepath.Base(dir))
			}
			errs[i] = err
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func estateTable(s section) string {
	t := table{{"Command", "States at once", "Time, s", "Times 2 at once", "Requests", "Answers 429", "All providers' peak, MB"}}
	for _, r := range s.Rows {
		base, _ := s.find(r.Verb, variantProvider, scale{r.Codes, r.Locks}, 2)
		t.add(r.Verb, fmt.Sprint(r.Parallelism), formatNumber(r.min(seconds)), formatNumber(r.ratio(base, seconds)), formatRange(r, requests), fmt.Sprint(r.Runs[0].Limited), formatMemory(r))
	}
	return t.String()
}
