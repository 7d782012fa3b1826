package provider

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// harness is [acctest.Harness] under the short names that the tests of this package use.
type harness struct {
	*acctest.Harness
	t    *testing.T
	seam *seamtest.Server
	lock *seamtest.Lock
}

type (
	plan         struct{ acctest.Plan }
	diagnostics  = acctest.Diagnostics
	listResult   = acctest.ListResult
	unknownValue = acctest.Unknown
	values       map[string]any
)

var (
	hasError, diagnosticText = acctest.HasError, acctest.DiagnosticText
	attributes, listedIDs    = acctest.Attributes, acctest.ListedIDs
	privateStateText         = acctest.PrivateText
)

// bulkRead runs all tests with or without it: nothing a user sees may depend on it.
var bulkRead = flag.Bool("bulk", true, "bulk_read of the provider in the tests without a CLI")

// actionAttemptPath is where pending action attempts are polled.
func actionAttemptPath() string {
	if *bulkRead {
		return "/action_attempts/list"
	}
	return "/action_attempts/get"
}

func newTestServer(transport http.RoundTripper, log acctest.Log) tfprotov6.ProviderServer {
	p := newTestProvider(transport, log)
	if !*fastPath {
		return wrapServer(p)
	}
	return withFastPath(p, wrapServer(p))
}

func newTestProvider(transport http.RoundTripper, log acctest.Log) *seamProvider {
	return &seamProvider{version: "test", overrideConfig: func(c *seam.Config) { c.Transport, c.Log = transport, log }}
}

// fastPath turns off the fast path, without which the provider must answer the same.
var fastPath = flag.Bool("fastpath", true, "fast path of the provider in the tests without a CLI")

// withHarness runs a test in a harness of its own, with a seam_access_code.
func withHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_access_code", test)
}

// withHarnessFor is withHarness with an object of another type.
func withHarnessFor(t *testing.T, noun string, test func(*harness)) {
	t.Helper()
	acctest.Run(t, newTestServer, noun, values{"bulk_read": *bulkRead}, func(h *acctest.Harness) { test(wrapHarness(h)) })
}

// subtest is withHarness in a subtest.
func subtest(t *testing.T, name string, test func(*harness)) {
	t.Helper()
	subtestFor(t, "seam_access_code", name, test)
}

func subtestFor(t *testing.T, noun, name string, test func(*harness)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { withHarnessFor(t, noun, test) })
}

// forEach runs a test for each case, as a subtest with a harness of its own.
func forEach[T any](t *testing.T, cases map[string]T, test func(*harness, T)) {
	t.Helper()
	forEachFor(t, "seam_access_code", cases, test)
}

// forEachFor is forEach with an object of another type.
func forEachFor[T any](t *testing.T, noun string, cases map[string]T, test func(*harness, T)) {
	t.Helper()
	for name, c := range cases {
		subtestFor(t, noun, name, func(h *harness) { test(h, c) })
	}
}

// forEachPair is forEach with every pair of cases.
func forEachPair[A, B any](t *testing.T, first map[string]A, second map[string]B, test func(*harness, A, B)) {
	t.Helper()
	for one, a := range first {
		for other, b := range second {
			subtest(t, one+", "+other, func(h *harness) { test(h, a, b) })
		}
	}
}

// named are cases that are their own names.
func named(cases ...string) map[string]string {
	all := map[string]string{}
	for _, c := range cases {
		all[c] = c
	}
	return all
}

func wrapHarness(h *acctest.Harness) *harness { return &harness{h, h.T, h.Seam, h.Lock} }

// newObject is another object of this harness, of which Terraform keeps the state separately.
func (h *harness) newObject(noun string) *harness {
	h.t.Helper()
	return wrapHarness(&acctest.Harness{Terraform: h.NewObject(noun), Seam: h.seam, Lock: h.lock})
}

// configure changes the provider's configuration, from the next restart on.
func (h *harness) configure(settings values) {
	h.ProviderConfig = values(h.ProviderConfig).with(settings)
}

// disableBulkRead restarts without bulk reads, for tests of what a single get answers.
func (h *harness) disableBulkRead() {
	h.t.Helper()
	h.configure(values{"bulk_read": false})
	h.Restart()
}

func (h *harness) must(err error)                            { h.t.Helper(); h.Must(err) }
func (h *harness) id() string                                { h.t.Helper(); return h.ID() }
func (h *harness) attribute(name string) any                 { h.t.Helper(); return h.Attribute(name) }
func (h *harness) restart()                                  { h.t.Helper(); h.Restart() }
func (h *harness) refresh() diagnostics                      { h.t.Helper(); return h.Refresh() }
func (h *harness) plan(config values) plan                   { h.t.Helper(); return plan{h.Plan(config)} }
func (h *harness) apply(config values) diagnostics           { h.t.Helper(); return h.Apply(config) }
func (h *harness) destroy() diagnostics                      { h.t.Helper(); return h.Destroy() }
func (h *harness) destroyWithoutRefresh() diagnostics        { h.t.Helper(); return h.DestroyWithoutRefresh() }
func (h *harness) importID(id string) diagnostics            { h.t.Helper(); return h.ImportID(id) }
func (h *harness) requireNoError(d diagnostics)              { h.t.Helper(); h.RequireNoError(d) }
func (h *harness) requireNoDiagnostics(d diagnostics)        { h.t.Helper(); h.RequireNoDiagnostics(d) }
func (h *harness) requireError(d diagnostics, s ...string)   { h.t.Helper(); h.RequireError(d, s...) }
func (h *harness) requireWarning(d diagnostics, s ...string) { h.t.Helper(); h.RequireWarning(d, s...) }
func (h *harness) requireStateUnchanged(during func())       { h.t.Helper(); h.RequireStateUnchanged(during) }
func (h *harness) requireNoState()                           { h.t.Helper(); h.RequireNoState() }
func (h *harness) requireRequests(path string, n int)        { h.t.Helper(); h.RequireRequests(path, n) }
func (h *harness) requireSettled(config values)              { h.t.Helper(); h.RequireSettled(config) }

func (p plan) errors() string    { return p.Errors() }
func (p plan) empty() bool       { return p.Empty() }
func (p plan) changes() []string { return p.Changes() }

// requireCleanPlan fails the test unless a plan changes just these attributes, in place.
func (h *harness) requireCleanPlan(config values, except ...string) {
	h.t.Helper()
	h.RequireCleanPlan(config, except...)
}

// with is v with other values; nil leaves an argument out.
func (v values) with(other values) values {
	merged := maps.Clone(v)
	maps.Copy(merged, other)
	return merged
}

// requireOpens fails the test if the PIN does not open the door, or with false if it does.
func (h *harness) requireOpens(pin string, want bool) {
	h.t.Helper()
	if got := h.lock.Opens(pin); got != want {
		h.t.Errorf("does %s open the door: %v, want %v", pin, got, want)
	}
}

// onRequest looks at what is sent to a path.
func (h *harness) onRequest(path string, look func(body map[string]any)) {
	h.seam.InjectFault(seamtest.Fault{Path: path, Match: func(body map[string]any) bool {
		look(body)
		return false
	}})
}

// createOutside makes an access code past Terraform and returns its id.
func (h *harness) createOutside(body values) string {
	h.t.Helper()
	made, _ := h.Call(createPath, body)["access_code"].(map[string]any)
	return fmt.Sprint(made["access_code_id"])
}

// validateProviderConfig validates a provider configuration.
func validateProviderConfig(t *testing.T, settings values) (diags diagnostics) {
	withHarness(t, func(h *harness) {
		config := h.Encode(h.ObjectValue(h.Schemas().Provider.ValueType(), settings))
		resp, err := h.Server.ValidateProviderConfig(h.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
		h.must(err)
		diags = resp.Diagnostics
	})
	return diags
}

func status500Fault(path string) seamtest.Fault { return seamtest.Fault{Path: path, Status: 500} }
func slowFault(path string) seamtest.Fault      { return seamtest.Fault{Path: path, Delay: time.Hour} }

// advanceClock lets time pass.
func advanceClock(d time.Duration) { <-time.After(d) }

func elapsed(what func()) time.Duration {
	start := time.Now()
	what()
	return time.Since(start)
}
