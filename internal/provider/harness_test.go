package provider

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"strings"
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
	listResult   = acctest.ListResult
	unknownValue = acctest.Unknown
	values       map[string]any
)

var hasError, diagnosticText, attributes, listedIDs = acctest.HasError, acctest.DiagnosticText, acctest.Attributes, acctest.ListedIDs

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
	return wrapServer(&seamProvider{version: "test", overrideConfig: func(c *seam.Config) { c.Transport, c.Log = transport, log }})
}

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

func (h *harness) restart()                                { h.t.Helper(); h.Restart() }
func (h *harness) refresh() acctest.Diagnostics            { h.t.Helper(); return h.Refresh() }
func (h *harness) plan(config values) plan                 { h.t.Helper(); return plan{h.Plan(config)} }
func (h *harness) apply(config values) acctest.Diagnostics { h.t.Helper(); return h.Apply(config) }
func (h *harness) destroy() acctest.Diagnostics            { h.t.Helper(); return h.Destroy() }
func (h *harness) destroyWithoutRefresh() acctest.Diagnostics {
	h.t.Helper()
	return h.DestroyWithoutRefresh()
}
func (h *harness) importID(id string) acctest.Diagnostics { h.t.Helper(); return h.ImportID(id) }
func (h *harness) applyWithoutRefresh(config values) acctest.Diagnostics {
	h.t.Helper()
	return h.ApplyWithoutRefresh(config)
}
func (h *harness) readDataSource(kind string, config values) (map[string]any, acctest.Diagnostics) {
	h.t.Helper()
	return h.ReadDataSource(kind, config)
}
func (h *harness) openEphemeral(kind string, config values) (acctest.Ephemeral, acctest.Diagnostics) {
	h.t.Helper()
	return h.OpenEphemeral(kind, config)
}
func (h *harness) invokeAction(kind string, config values) ([]string, acctest.Diagnostics) {
	h.t.Helper()
	return h.InvokeAction(kind, config)
}
func (h *harness) listResources(kind string, config values, limit int64, include bool, enough int) ([]listResult, acctest.Diagnostics) {
	h.t.Helper()
	return h.ListResources(kind, config, limit, include, enough)
}
func (h *harness) attribute(name string) any                { h.t.Helper(); return h.Attribute(name) }
func (h *harness) id() string                               { h.t.Helper(); return h.ID() }
func (h *harness) must(err error)                           { h.t.Helper(); h.Must(err) }
func (h *harness) requireNoError(diags acctest.Diagnostics) { h.t.Helper(); h.RequireNoError(diags) }
func (h *harness) requireNoDiagnostics(diags acctest.Diagnostics) {
	h.t.Helper()
	h.RequireNoDiagnostics(diags)
}
func (h *harness) requireError(diags acctest.Diagnostics, says ...string) {
	h.t.Helper()
	h.RequireError(diags, says...)
}
func (h *harness) requireWarning(diags acctest.Diagnostics, says ...string) {
	h.t.Helper()
	h.RequireWarning(diags, says...)
}
func (h *harness) requireText(message string, parts ...string) {
	h.t.Helper()
	h.RequireText(message, parts...)
}
func (h *harness) requireStateUnchanged(meanwhile func()) {
	h.t.Helper()
	h.RequireStateUnchanged(meanwhile)
}
func (h *harness) requireNoState() { h.t.Helper(); h.RequireNoState() }
func (h *harness) requireRequests(path string, times int) {
	h.t.Helper()
	h.RequireRequests(path, times)
}

func (p plan) errors() string    { return p.Errors() }
func (p plan) empty() bool       { return p.Empty() }
func (p plan) changes() []string { return p.Changes() }

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
	text, err := json.Marshal(body)
	h.must(err)
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "https://seam.test"+createPath, strings.NewReader(string(text)))
	h.must(err)
	req.Header.Set("Authorization", "Bearer "+h.seam.Workspace().APIKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := h.seam.Transport().RoundTrip(req)
	h.must(err)
	defer func() { _ = res.Body.Close() }()
	var made struct {
		AccessCode struct {
			ID string `json:"access_code_id"`
		} `json:"access_code"`
	}
	h.must(json.NewDecoder(res.Body).Decode(&made))
	return made.AccessCode.ID
}

// validateProviderConfig validates a provider configuration.
func validateProviderConfig(t *testing.T, settings values) (diags acctest.Diagnostics) {
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

// privateStateText is what the provider keeps for itself, to look for what must not be there.
func privateStateText(t *testing.T, raw []byte) string {
	t.Helper()
	if raw == nil {
		return ""
	}
	var kept map[string][]byte
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s", kept)
}
