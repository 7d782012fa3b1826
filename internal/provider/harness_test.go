package provider

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// harness is a Seam with one lock, and a Terraform that keeps one object, without a CLI and
// in no time: it runs in a synctest bubble.
type harness struct {
	t              *testing.T
	typeName       string // type of the object
	seam           *seamtest.Server
	lock           *seamtest.Lock
	providerConfig values // provider configuration
	server         tfprotov6.ProviderServer
	schema         *tfprotov6.Schema
	state          tftypes.Value
	private        []byte
	identity       *tfprotov6.ResourceIdentityData
	diags          []*tfprotov6.Diagnostic // everything since the last restart
	logMutex       sync.Mutex
	logged         []string // everything the client logged
}

// bulkRead runs all tests with or without it: nothing a user sees may depend on it.
var bulkRead = flag.Bool("bulk", true, "bulk_read of the provider in the tests without a CLI")

// actionAttemptPath is where pending action attempts are polled.
func actionAttemptPath() string {
	if *bulkRead {
		return "/action_attempts/list"
	}
	return "/action_attempts/get"
}

// withHarness runs a test in a harness of its own, with a seam_access_code.
func withHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_access_code", test)
}

// withHarnessFor is withHarness with an object of another type.
func withHarnessFor(t *testing.T, noun string, test func(*harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seamtest.New()
		h := &harness{t: t, typeName: noun, seam: server, lock: server.AddLock("Front Door")}
		h.providerConfig = values{"api_key": server.Workspace().APIKey, "bulk_read": *bulkRead}
		h.restart()
		h.state = h.nullState()
		test(h)
	})
}

// restart is another run of Terraform: a new provider process, the state kept.
func (h *harness) restart() {
	h.t.Helper()
	p := &seamProvider{version: "test"}
	p.overrideConfig = func(config *seam.Config) {
		config.Transport, config.Log = h.seam.Transport(), h.log
	}
	h.server = wrapServer(p)
	schemas, err := h.server.GetProviderSchema(h.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	h.must(err)
	h.schema = schemas.ResourceSchemas[h.typeName]
	config := h.encode(h.objectValue(schemas.Provider.ValueType(), h.providerConfig))
	resp, err := h.server.ConfigureProvider(h.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	h.must(err)
	h.diags = resp.Diagnostics
}

// disableBulkRead restarts without bulk reads, for tests of what a single get answers.
func (h *harness) disableBulkRead() {
	h.t.Helper()
	h.providerConfig = h.providerConfig.with(values{"bulk_read": false})
	h.restart()
}

// plan is what a plan says about a configuration.
type plan struct {
	diags    []*tfprotov6.Diagnostic
	planned  tftypes.Value
	private  []byte
	replaces []string
	prior    tftypes.Value
}

func (p plan) errors() string { return diagnosticText(p.diags, tfprotov6.DiagnosticSeverityError) }
func (p plan) empty() bool    { return p.errors() == "" && p.planned.Equal(p.prior) }

// changes are the names of the attributes that a plan changes.
func (p plan) changes() []string {
	before, after := attributes(p.prior), attributes(p.planned)
	var names []string
	for name, value := range after {
		if !value.Equal(before[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// refresh reads the object, as every run does first. Like Terraform it keeps the old
// state on an error.
func (h *harness) refresh() (diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	if h.state.IsNull() {
		return nil
	}
	resp, err := h.server.ReadResource(h.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: h.typeName, CurrentState: h.encode(h.state), Private: h.private, CurrentIdentity: h.identity,
	})
	h.must(err)
	if !hasError(resp.Diagnostics) {
		h.state, h.private, h.identity = h.decode(resp.NewState), resp.Private, resp.NewIdentity
	} else if !h.decode(resp.NewState).Equal(h.state) {
		h.t.Error("a refresh failed and changed the state all the same")
	}
	h.diags = append(h.diags, resp.Diagnostics...)
	return resp.Diagnostics
}

// plan validates and plans a configuration against the state, without a refresh.
func (h *harness) plan(config values) plan {
	h.t.Helper()
	c := h.objectValue(h.schema.ValueType(), config)
	valid, err := h.server.ValidateResourceConfig(h.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: h.typeName, Config: h.encode(c), ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	h.must(err)
	if hasError(valid.Diagnostics) {
		return plan{diags: valid.Diagnostics}
	}
	resp, err := h.server.PlanResourceChange(h.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: h.typeName, PriorState: h.encode(h.state), ProposedNewState: h.encode(h.proposed(c)), Config: h.encode(c), PriorPrivate: h.private, PriorIdentity: h.identity,
	})
	h.must(err)
	p := plan{diags: resp.Diagnostics, private: resp.PlannedPrivate, prior: h.state}
	if !hasError(resp.Diagnostics) {
		p.planned = h.decode(resp.PlannedState)
		h.requireValidPlan(c, p)
		for _, path := range resp.RequiresReplace {
			p.replaces = append(p.replaces, strings.TrimSuffix(strings.TrimPrefix(path.String(), `AttributeName("`), `")`))
		}
	}
	return p
}

// apply refreshes, plans and applies, with a replacement as delete and create.
func (h *harness) apply(config values) []*tfprotov6.Diagnostic {
	h.t.Helper()
	diags := h.refresh()
	if hasError(diags) {
		return diags
	}
	return append(diags, h.applyWithoutRefresh(config)...)
}

// applyWithoutRefresh is an apply with -refresh=false.
func (h *harness) applyWithoutRefresh(config values) (diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	p := h.plan(config)
	switch {
	case hasError(p.diags) || p.empty():
		return p.diags
	case len(p.replaces) > 0 && !h.state.IsNull():
		if diags = h.destroyWithoutRefresh(); hasError(diags) {
			return diags
		}
		p = h.plan(config)
	}
	resp, err := h.server.ApplyResourceChange(h.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: h.typeName, PriorState: h.encode(h.state), PlannedState: h.encode(p.planned),
		Config: h.encode(h.objectValue(h.schema.ValueType(), config)), PlannedPrivate: p.private, PlannedIdentity: h.identity,
	})
	h.must(err)
	h.requireConsistentApply(p, resp)
	h.state, h.private, h.identity = h.decode(resp.NewState), resp.Private, resp.NewIdentity
	h.diags = append(h.diags, resp.Diagnostics...)
	return append(append(diags, p.diags...), resp.Diagnostics...)
}

// requireValidPlan fails on what Terraform calls an invalid plan: a value that is neither the
// configured one nor the one there was.
func (h *harness) requireValidPlan(config tftypes.Value, p plan) {
	h.t.Helper()
	before, planned := attributes(p.prior), attributes(p.planned)
	for name, value := range attributes(config) {
		if !value.IsNull() && name != "code_wo" && !planned[name].Equal(value) && !planned[name].Equal(before[name]) {
			h.t.Errorf("%s is configured as %s and planned as %s", name, value, planned[name])
		}
	}
}

// requireConsistentApply fails on what Terraform calls a bug in the provider: an applied value that
// is not the planned one.
func (h *harness) requireConsistentApply(p plan, resp *tfprotov6.ApplyResourceChangeResponse) {
	h.t.Helper()
	if hasError(resp.Diagnostics) {
		return
	}
	applied := attributes(h.decode(resp.NewState))
	for name, planned := range attributes(p.planned) {
		if planned.IsFullyKnown() && !planned.Equal(applied[name]) {
			h.t.Errorf("%s was planned as %s and applied as %s", name, planned, applied[name])
		}
		if !applied[name].IsFullyKnown() {
			h.t.Errorf("%s is unknown after apply", name)
		}
	}
}

// destroy refreshes and deletes; a plan in between must not fail.
func (h *harness) destroy() []*tfprotov6.Diagnostic {
	h.t.Helper()
	if diags := h.refresh(); hasError(diags) || h.state.IsNull() {
		return diags
	}
	return h.destroyWithoutRefresh()
}

// destroyWithoutRefresh is a destroy with -refresh=false.
func (h *harness) destroyWithoutRefresh() []*tfprotov6.Diagnostic {
	h.t.Helper()
	none := h.encode(h.nullState())
	planned, err := h.server.PlanResourceChange(h.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: h.typeName, PriorState: h.encode(h.state), ProposedNewState: none, Config: none, PriorPrivate: h.private, PriorIdentity: h.identity,
	})
	h.must(err)
	if hasError(planned.Diagnostics) {
		return planned.Diagnostics
	}
	resp, err := h.server.ApplyResourceChange(h.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: h.typeName, PriorState: h.encode(h.state), PlannedState: none, Config: none, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: h.identity,
	})
	h.must(err)
	h.state, h.private = h.decode(resp.NewState), resp.Private
	h.diags = append(h.diags, resp.Diagnostics...)
	return resp.Diagnostics
}

// interrupt is Ctrl-C.
func (h *harness) interrupt() {
	_, err := h.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	h.must(err)
}

func (h *harness) importID(id string) []*tfprotov6.Diagnostic {
	h.t.Helper()
	resp, err := h.server.ImportResourceState(h.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: h.typeName, ID: id})
	h.must(err)
	if hasError(resp.Diagnostics) {
		return resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	h.state, h.private, h.identity = h.decode(imported.State), imported.Private, imported.Identity
	return append(resp.Diagnostics, h.refresh()...)
}

// attribute is the value of an attribute in the state; nil for null.
func (h *harness) attribute(name string) any {
	h.t.Helper()
	if h.state.IsNull() {
		h.t.Fatalf("there is no object in the state")
	}
	return goValue(attributes(h.state)[name])
}

// nullState is the state of what does not exist.
func (h *harness) nullState() tftypes.Value { return tftypes.NewValue(h.schema.ValueType(), nil) }

func (h *harness) id() string { return fmt.Sprint(h.attribute("id")) }

// requireNoError fails the test on an error.
func (h *harness) requireNoError(diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	if hasError(diags) {
		h.t.Fatalf("unexpected error: %s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
	}
}

// requireError fails the test unless there is an error that says all of this.
func (h *harness) requireError(diags []*tfprotov6.Diagnostic, says ...string) {
	h.t.Helper()
	if !hasError(diags) {
		h.t.Fatalf("no error, want one that says %q", says)
	}
	h.requireText(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), says...)
}

// requireWarning fails the test unless there is a warning that says all of this.
func (h *harness) requireWarning(diags []*tfprotov6.Diagnostic, says ...string) {
	h.t.Helper()
	h.requireText(diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning), says...)
}

func (h *harness) requireText(message string, parts ...string) {
	h.t.Helper()
	for _, part := range parts {
		if !strings.Contains(message, part) {
			h.t.Errorf("%q is not said in: %s", part, message)
		}
	}
}

// requireStateUnchanged fails the test if the state changes meanwhile.
func (h *harness) requireStateUnchanged(meanwhile func()) {
	h.t.Helper()
	before := h.encode(h.state).MsgPack
	meanwhile()
	if after := h.encode(h.state).MsgPack; !bytes.Equal(before, after) {
		h.t.Errorf("the state changed from %q to %q", before, after)
	}
}

// requireNoDiagnostics fails the test on any error or warning.
func (h *harness) requireNoDiagnostics(diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	if len(diags) > 0 {
		h.t.Errorf("unexpected: %s%s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError), diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning))
	}
}

// requireNoState fails the test if there still is an object in the state.
func (h *harness) requireNoState() {
	h.t.Helper()
	if !h.state.IsNull() {
		h.t.Error("the object is still in the state")
	}
}

// requireOpens fails the test if the PIN does not open the door, or with false if it does.
func (h *harness) requireOpens(pin string, want bool) {
	h.t.Helper()
	if got := h.lock.Opens(pin); got != want {
		h.t.Errorf("does %s open the door: %v, want %v", pin, got, want)
	}
}

// requireRequests fails the test unless Seam was asked this often.
func (h *harness) requireRequests(path string, times int) {
	h.t.Helper()
	if n := h.seam.Count(path); n != times {
		h.t.Errorf("%d calls of %s, want %d", n, path, times)
	}
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

func diagnosticText(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s %s: %s", d.Attribute, d.Summary, d.Detail))
		}
	}
	return strings.Join(lines, "\n")
}

// log is where the client logs to.
func (h *harness) log(_ context.Context, message string, fields map[string]any) {
	h.logMutex.Lock()
	defer h.logMutex.Unlock()
	h.logged = append(h.logged, fmt.Sprint(message, fields))
}

func (h *harness) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// advanceClock lets time pass.
func advanceClock(d time.Duration) { <-time.After(d) }
