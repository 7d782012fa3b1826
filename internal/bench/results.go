package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// results are what the file holds: one section for each command that measures.
type results struct {
	CLI       section `json:"cli"`
	Grants    section `json:"grants"`
	Exclusive section `json:"exclusive"`
	Users     section `json:"users"`
	SDK       section `json:"sdk"`
	Estates   section `json:"estates"`
}

type section struct {
	Provenance provenance `json:"made"`
	Rows       []row      `json:"rows"`
}

// provenance describes the machine and the settings of a measurement.
type provenance struct {
	Command string    `json:"command"`
	At      time.Time `json:"at"`
	System  string    `json:"system"`
	CPUs    int       `json:"cpus"`
	Go      string    `json:"go"`
	With    string    `json:"with"` // the CLI or the SDK, and its version
}

// row is one line of a table.
type row struct {
	Verb        string `json:"verb"`
	Variant     string `json:"variant"`
	Codes       int    `json:"codes"`
	Locks       int    `json:"locks"`
	Parallelism int    `json:"parallelism"`
	Runs        []run  `json:"runs"`
}

type run struct {
	Seconds  float64 `json:"seconds"`
	Requests int     `json:"requests"`
	Polls    int     `json:"polls"`              // of action attempts, among the requests
	Limited  int     `json:"limited,omitempty"`  // answers 429
	PeakKiB  int     `json:"peak_kib,omitempty"` // memory of the provider
	// CPU time in seconds
	CLICPU      float64        `json:"cli_cpu,omitempty"`
	ProviderCPU float64        `json:"provider_cpu,omitempty"`
	Paths       map[string]int `json:"paths"`
}

func newRun(seam *seamtest.Server, duration time.Duration) run {
	r := run{Seconds: duration.Seconds(), Paths: map[string]int{}}
	for _, request := range seam.Requests() {
		r.Requests++
		r.Paths[request.Path]++
		if strings.HasPrefix(request.Path, "/action_attempts/") {
			r.Polls++
		}
	}
	return r
}

// machineInfo describes this run of the benchmark. Where the CLI and the results are on this machine is left out.
func (b *bench) machineInfo(ctx context.Context, with string) provenance {
	args := append([]string{"go run ./internal/bench", filepath.Base(os.Args[1])}, b.scale...)
	system := runtime.GOARCH
	if out, err := exec.CommandContext(ctx, "uname", "-sm").Output(); err == nil {
		system = strings.TrimSpace(string(out))
	}
	return provenance{strings.Join(args, " "), time.Now().UTC(), system, runtime.NumCPU(), runtime.Version(), with}
}

// find returns the row of a scenario.
func (s section) find(verb, variant string, of scale, parallelism int) (row, bool) {
	i := slices.IndexFunc(s.Rows, func(r row) bool {
		return r.Verb == verb && r.Variant == variant && r.Codes == of.codes && r.Locks == of.locks && r.Parallelism == parallelism
	})
	if i < 0 {
		return row{}, false
	}
	return s.Rows[i], true
}

// values are one figure of every run.
func (r row) values(of func(run) float64) []float64 {
	all := make([]float64, len(r.Runs))
	for i, one := range r.Runs {
		all[i] = of(one)
	}
	return all
}

func seconds(r run) float64  { return r.Seconds }
func requests(r run) float64 { return float64(r.Requests) }
func cliCPU(r run) float64   { return r.CLICPU }
func ownCPU(r run) float64   { return r.ProviderCPU }
func polls(r run) float64    { return float64(r.Polls) }
func peak(r run) float64     { return float64(r.PeakKiB) * 1024 / 1e6 } // in MB

func requestsTo(path string) func(run) float64 {
	return func(r run) float64 { return float64(r.Paths[path]) }
}

func (r row) median(of func(run) float64) float64 { return median(r.values(of)) }
func (r row) max(of func(run) float64) float64    { return slices.Max(r.values(of)) }
func (r row) min(of func(run) float64) float64    { return slices.Min(r.values(of)) }

// median is the lower one of the two in the middle.
func median(all []float64) float64 {
	return slices.Sorted(slices.Values(all))[(len(all)-1)/2]
}

// ratio is the time of a row over some time of another, run by run, because a busy
// machine slows both.
func (r row) ratio(other row, of func(run) float64) float64 { return r.quotient(seconds, other, of) }

func (r row) quotient(of func(run) float64, other row, by func(run) float64) float64 {
	var all []float64
	for i := range min(len(r.Runs), len(other.Runs)) {
		all = append(all, of(r.Runs[i])/by(other.Runs[i]))
	}
	return median(all)
}

func (r *results) load(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, r)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

func (r *results) save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	return errors.Join(err, os.WriteFile(path, append(text, '\n'), 0o644))
}
