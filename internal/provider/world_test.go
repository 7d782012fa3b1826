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

// world is a Seam with one lock, and a Terraform that keeps one object, without a CLI and
// in no time: it runs in a synctest bubble.
type world struct {
	t        *testing.T
	noun     string // type of the object
	seam     *seamtest.Server
	lock     *seamtest.Lock
	settings values // provider configuration
	server   tfprotov6.ProviderServer
	schema   *tfprotov6.Schema
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	said     []*tfprotov6.Diagnostic // everything since the last restart
	logging  sync.Mutex
	logged   []string // everything the client logged
}

// bulkRead runs all worlds with or without it: nothing a user sees may depend on it.
var bulkRead = flag.Bool("bulk", true, "bulk_read of the provider in the tests without a CLI")

// attemptPath is where pending action attempts are polled.
func attemptPath() string {
	if *bulkRead {
		return "/action_attempts/list"
	}
	return "/action_attempts/get"
}

// inWorld runs a test in a world of its own, with a seam_access_code.
func inWorld(t *testing.T, test func(*world)) {
	t.Helper()
	inWorldOf(t, "seam_access_code", test)
}

// inWorldOf is inWorld with an object of another type.
func inWorldOf(t *testing.T, noun string, test func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seamtest.New()
		w := &world{t: t, noun: noun, seam: server, lock: server.AddLock("Front Door")}
		w.settings = values{"api_key": server.Workspace().APIKey, "bulk_read": *bulkRead}
		w.restart()
		w.state = w.none()
		test(w)
	})
}

// restart is another run of Terraform: a new provider process, the state kept.
func (w *world) restart() {
	w.t.Helper()
	p := &seamProvider{version: "test"}
	p.adjust = func(config *seam.Config) {
		config.Transport, config.Log = w.seam.Transport(), w.log
	}
	w.server = forgetting(p)
	schemas, err := w.server.GetProviderSchema(w.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	w.must(err)
	w.schema = schemas.ResourceSchemas[w.noun]
	config := w.encode(w.value(schemas.Provider.ValueType(), w.settings))
	resp, err := w.server.ConfigureProvider(w.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	w.must(err)
	w.said = resp.Diagnostics
}

// oneByOne restarts without bulk reads, for tests of what a single get answers.
func (w *world) oneByOne() {
	w.t.Helper()
	w.settings = w.settings.with(values{"bulk_read": false})
	w.restart()
}

// plan is what a plan says about a configuration.
type plan struct {
	diags    []*tfprotov6.Diagnostic
	planned  tftypes.Value
	private  []byte
	replaces []string
	prior    tftypes.Value
}

func (p plan) errors() string { return text(p.diags, tfprotov6.DiagnosticSeverityError) }
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
func (w *world) refresh() (diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	if w.state.IsNull() {
		return nil
	}
	resp, err := w.server.ReadResource(w.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: w.noun, CurrentState: w.encode(w.state), Private: w.private, CurrentIdentity: w.identity,
	})
	w.must(err)
	if !failed(resp.Diagnostics) {
		w.state, w.private, w.identity = w.decode(resp.NewState), resp.Private, resp.NewIdentity
	} else if !w.decode(resp.NewState).Equal(w.state) {
		w.t.Error("a refresh failed and changed the state all the same")
	}
	w.said = append(w.said, resp.Diagnostics...)
	return resp.Diagnostics
}

// plan validates and plans a configuration against the state, without a refresh.
func (w *world) plan(config values) plan {
	w.t.Helper()
	c := w.value(w.schema.ValueType(), config)
	valid, err := w.server.ValidateResourceConfig(w.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: w.noun, Config: w.encode(c), ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	w.must(err)
	if failed(valid.Diagnostics) {
		return plan{diags: valid.Diagnostics}
	}
	resp, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: w.noun, PriorState: w.encode(w.state), ProposedNewState: w.encode(w.proposed(c)), Config: w.encode(c), PriorPrivate: w.private, PriorIdentity: w.identity,
	})
	w.must(err)
	p := plan{diags: resp.Diagnostics, private: resp.PlannedPrivate, prior: w.state}
	if !failed(resp.Diagnostics) {
		p.planned = w.decode(resp.PlannedState)
		w.plannable(c, p)
		for _, path := range resp.RequiresReplace {
			p.replaces = append(p.replaces, strings.TrimSuffix(strings.TrimPrefix(path.String(), `AttributeName("`), `")`))
		}
	}
	return p
}

// apply refreshes, plans and applies, with a replacement as delete and create.
func (w *world) apply(config values) []*tfprotov6.Diagnostic {
	w.t.Helper()
	diags := w.refresh()
	if failed(diags) {
		return diags
	}
	return append(diags, w.put(config)...)
}

// put is an apply with -refresh=false.
func (w *world) put(config values) (diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	p := w.plan(config)
	switch {
	case failed(p.diags) || p.empty():
		return p.diags
	case len(p.replaces) > 0 && !w.state.IsNull():
		if diags = w.delete(); failed(diags) {
			return diags
		}
		p = w.plan(config)
	}
	resp, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: w.noun, PriorState: w.encode(w.state), PlannedState: w.encode(p.planned),
		Config: w.encode(w.value(w.schema.ValueType(), config)), PlannedPrivate: p.private, PlannedIdentity: w.identity,
	})
	w.must(err)
	w.consistent(p, resp)
	w.state, w.private, w.identity = w.decode(resp.NewState), resp.Private, resp.NewIdentity
	w.said = append(w.said, resp.Diagnostics...)
	return append(append(diags, p.diags...), resp.Diagnostics...)
}

// plannable fails on what Terraform calls an invalid plan: a value that is neither the
// configured one nor the one there was.
func (w *world) plannable(config tftypes.Value, p plan) {
	w.t.Helper()
	before, planned := attributes(p.prior), attributes(p.planned)
	for name, value := range attributes(config) {
		if !value.IsNull() && name != "code_wo" && !planned[name].Equal(value) && !planned[name].Equal(before[name]) {
			w.t.Errorf("%s is configured as %s and planned as %s", name, value, planned[name])
		}
	}
}

// consistent fails on what Terraform calls a bug in the provider: an applied value that
// is not the planned one.
func (w *world) consistent(p plan, resp *tfprotov6.ApplyResourceChangeResponse) {
	w.t.Helper()
	if failed(resp.Diagnostics) {
		return
	}
	applied := attributes(w.decode(resp.NewState))
	for name, planned := range attributes(p.planned) {
		if planned.IsFullyKnown() && !planned.Equal(applied[name]) {
			w.t.Errorf("%s was planned as %s and applied as %s", name, planned, applied[name])
		}
		if !applied[name].IsFullyKnown() {
			w.t.Errorf("%s is unknown after apply", name)
		}
	}
}

// destroy refreshes and deletes; a plan in between must not fail.
func (w *world) destroy() []*tfprotov6.Diagnostic {
	w.t.Helper()
	if diags := w.refresh(); failed(diags) || w.state.IsNull() {
		return diags
	}
	return w.delete()
}

// delete is a destroy with -refresh=false.
func (w *world) delete() []*tfprotov6.Diagnostic {
	w.t.Helper()
	none := w.encode(w.none())
	planned, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: w.noun, PriorState: w.encode(w.state), ProposedNewState: none, Config: none, PriorPrivate: w.private, PriorIdentity: w.identity,
	})
	w.must(err)
	if failed(planned.Diagnostics) {
		return planned.Diagnostics
	}
	resp, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: w.noun, PriorState: w.encode(w.state), PlannedState: none, Config: none, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: w.identity,
	})
	w.must(err)
	w.state, w.private = w.decode(resp.NewState), resp.Private
	w.said = append(w.said, resp.Diagnostics...)
	return resp.Diagnostics
}

// interrupt is Ctrl-C.
func (w *world) interrupt() {
	_, err := w.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	w.must(err)
}

func (w *world) importID(id string) []*tfprotov6.Diagnostic {
	w.t.Helper()
	resp, err := w.server.ImportResourceState(w.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: w.noun, ID: id})
	w.must(err)
	if failed(resp.Diagnostics) {
		return resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	w.state, w.private, w.identity = w.decode(imported.State), imported.Private, imported.Identity
	return append(resp.Diagnostics, w.refresh()...)
}

// has is the value of an attribute in the state; nil for null.
func (w *world) has(name string) any {
	w.t.Helper()
	if w.state.IsNull() {
		w.t.Fatalf("there is no object in the state")
	}
	return plain(attributes(w.state)[name])
}

// none is the state of what does not exist.
func (w *world) none() tftypes.Value { return tftypes.NewValue(w.schema.ValueType(), nil) }

func (w *world) id() string { return fmt.Sprint(w.has("id")) }

// ok fails the test on an error.
func (w *world) ok(diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	if failed(diags) {
		w.t.Fatalf("unexpected error: %s", text(diags, tfprotov6.DiagnosticSeverityError))
	}
}

// fails fails the test unless there is an error that says all of this.
func (w *world) fails(diags []*tfprotov6.Diagnostic, says ...string) {
	w.t.Helper()
	if !failed(diags) {
		w.t.Fatalf("no error, want one that says %q", says)
	}
	w.says(text(diags, tfprotov6.DiagnosticSeverityError), says...)
}

// warns fails the test unless there is a warning that says all of this.
func (w *world) warns(diags []*tfprotov6.Diagnostic, says ...string) {
	w.t.Helper()
	w.says(text(diags, tfprotov6.DiagnosticSeverityWarning), says...)
}

func (w *world) says(message string, parts ...string) {
	w.t.Helper()
	for _, part := range parts {
		if !strings.Contains(message, part) {
			w.t.Errorf("%q is not said in: %s", part, message)
		}
	}
}

// keeps fails the test if the state changes meanwhile.
func (w *world) keeps(meanwhile func()) {
	w.t.Helper()
	before := w.encode(w.state).MsgPack
	meanwhile()
	if after := w.encode(w.state).MsgPack; !bytes.Equal(before, after) {
		w.t.Errorf("the state changed from %q to %q", before, after)
	}
}

// silent fails the test on any error or warning.
func (w *world) silent(diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	if len(diags) > 0 {
		w.t.Errorf("unexpected: %s%s", text(diags, tfprotov6.DiagnosticSeverityError), text(diags, tfprotov6.DiagnosticSeverityWarning))
	}
}

// gone fails the test if there still is an object in the state.
func (w *world) gone() {
	w.t.Helper()
	if !w.state.IsNull() {
		w.t.Error("the object is still in the state")
	}
}

// opens fails the test if the PIN does not open the door, or with false if it does.
func (w *world) opens(pin string, want bool) {
	w.t.Helper()
	if got := w.lock.Opens(pin); got != want {
		w.t.Errorf("does %s open the door: %v, want %v", pin, got, want)
	}
}

// asked fails the test unless Seam was asked this often.
func (w *world) asked(path string, times int) {
	w.t.Helper()
	if n := w.seam.Count(path); n != times {
		w.t.Errorf("%d calls of %s, want %d", n, path, times)
	}
}

func failed(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

func text(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s %s: %s", d.Attribute, d.Summary, d.Detail))
		}
	}
	return strings.Join(lines, "\n")
}

// log is where the client logs to.
func (w *world) log(_ context.Context, message string, fields map[string]any) {
	w.logging.Lock()
	defer w.logging.Unlock()
	w.logged = append(w.logged, fmt.Sprint(message, fields))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// later lets time pass.
func later(d time.Duration) { <-time.After(d) }
