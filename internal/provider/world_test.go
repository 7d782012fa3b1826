package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// values are the arguments of a resource, as somebody writes them.
type values map[string]any

// with is v with other values; nil leaves an argument out.
func (v values) with(other values) values {
	merged := maps.Clone(v)
	maps.Copy(merged, other)
	return merged
}

// world is a Seam with one lock, and a Terraform that keeps one seam_access_code, without
// a CLI and in no time: it runs in a synctest bubble.
type world struct {
	t        *testing.T
	seam     *seamtest.Server
	lock     *seamtest.Lock
	settings values // provider configuration
	server   tfprotov6.ProviderServer
	schema   *tfprotov6.Schema
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	said     []*tfprotov6.Diagnostic // everything since the last restart
}

const noun = "seam_access_code"

// inWorld runs a test in a world of its own.
func inWorld(t *testing.T, test func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seamtest.New()
		w := &world{t: t, seam: server, lock: server.AddLock("Front Door")}
		w.settings = values{"api_key": server.Workspace().APIKey}
		w.restart()
		w.state = tftypes.NewValue(w.schema.ValueType(), nil)
		test(w)
	})
}

// restart is another run of Terraform: a new provider process, the state kept.
func (w *world) restart() {
	w.t.Helper()
	p := New("test").(*seamProvider)
	p.adjust = func(config *seam.Config) { config.Transport = w.seam.Transport() }
	w.server = providerserver.NewProtocol6(p)()
	schemas, err := w.server.GetProviderSchema(w.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	w.must(err)
	w.schema = schemas.ResourceSchemas[noun]
	config := w.encode(w.value(schemas.Provider.ValueType(), w.settings))
	resp, err := w.server.ConfigureProvider(w.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	w.must(err)
	w.said = resp.Diagnostics
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
		TypeName: noun, CurrentState: w.encode(w.state), Private: w.private, CurrentIdentity: w.identity,
	})
	w.must(err)
	if !failed(resp.Diagnostics) {
		w.state, w.private, w.identity = w.decode(resp.NewState), resp.Private, resp.NewIdentity
	}
	w.said = append(w.said, resp.Diagnostics...)
	return resp.Diagnostics
}

// plan validates and plans a configuration against the state, without a refresh.
func (w *world) plan(config values) plan {
	w.t.Helper()
	c := w.value(w.schema.ValueType(), config)
	valid, err := w.server.ValidateResourceConfig(w.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: noun, Config: w.encode(c), ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	w.must(err)
	if failed(valid.Diagnostics) {
		return plan{diags: valid.Diagnostics}
	}
	resp, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: noun, PriorState: w.encode(w.state), ProposedNewState: w.encode(w.proposed(c)), Config: w.encode(c), PriorPrivate: w.private, PriorIdentity: w.identity,
	})
	w.must(err)
	p := plan{diags: resp.Diagnostics, private: resp.PlannedPrivate, prior: w.state}
	if !failed(resp.Diagnostics) {
		p.planned = w.decode(resp.PlannedState)
		for _, path := range resp.RequiresReplace {
			p.replaces = append(p.replaces, strings.Trim(path.String(), `AttributeName(")`))
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
	p := w.plan(config)
	switch {
	case failed(p.diags) || p.empty():
		return append(diags, p.diags...)
	case len(p.replaces) > 0 && !w.state.IsNull():
		if diags = append(diags, w.delete()...); failed(diags) {
			return diags
		}
		p = w.plan(config)
	}
	resp, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: noun, PriorState: w.encode(w.state), PlannedState: w.encode(p.planned),
		Config: w.encode(w.value(w.schema.ValueType(), config)), PlannedPrivate: p.private, PlannedIdentity: w.identity,
	})
	w.must(err)
	w.consistent(p, resp)
	w.state, w.private, w.identity = w.decode(resp.NewState), resp.Private, resp.NewIdentity
	w.said = append(w.said, resp.Diagnostics...)
	return append(append(diags, p.diags...), resp.Diagnostics...)
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
	none := w.encode(tftypes.NewValue(w.schema.ValueType(), nil))
	planned, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: noun, PriorState: w.encode(w.state), ProposedNewState: none, Config: none, PriorPrivate: w.private, PriorIdentity: w.identity,
	})
	w.must(err)
	if failed(planned.Diagnostics) {
		return planned.Diagnostics
	}
	resp, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: noun, PriorState: w.encode(w.state), PlannedState: none, Config: none, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: w.identity,
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
	resp, err := w.server.ImportResourceState(w.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: noun, ID: id})
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

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	w.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	w.must(err)
	return &encoded
}

func (w *world) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	w.t.Helper()
	if v == nil {
		return tftypes.NewValue(w.schema.ValueType(), nil)
	}
	decoded, err := v.Unmarshal(w.schema.ValueType())
	w.must(err)
	return decoded
}

// proposed merges configuration and state as Terraform does.
func (w *world) proposed(config tftypes.Value) tftypes.Value {
	if w.state.IsNull() {
		return config
	}
	merged, held := attributes(config), attributes(w.state)
	for _, a := range w.schema.Block.Attributes {
		if a.Computed && merged[a.Name].IsNull() {
			merged[a.Name] = held[a.Name]
		}
	}
	return tftypes.NewValue(w.schema.ValueType(), merged)
}

// value makes an object of a schema's type.
func (w *world) value(of tftypes.Type, v values) tftypes.Value {
	w.t.Helper()
	object := of.(tftypes.Object)
	merged := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		merged[name] = w.native(kind, v[name])
	}
	for name := range v {
		if _, ok := object.AttributeTypes[name]; !ok {
			w.t.Fatalf("there is no argument %q", name)
		}
	}
	return tftypes.NewValue(object, merged)
}

func (w *world) native(kind tftypes.Type, v any) tftypes.Value {
	w.t.Helper()
	switch v := v.(type) {
	case values:
		return w.value(kind, v)
	case unknown:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	default:
		return tftypes.NewValue(kind, v)
	}
}

// unknown is a value that is known only after apply.
type unknown struct{}

func attributes(v tftypes.Value) map[string]tftypes.Value {
	fields := map[string]tftypes.Value{}
	if v.IsNull() || !v.IsKnown() {
		return fields
	}
	if err := v.As(&fields); err != nil {
		panic(err)
	}
	return fields
}

func plain(v tftypes.Value) any {
	if v.IsNull() {
		return nil
	}
	var s string
	var b bool
	if v.As(&s) == nil {
		return s
	}
	if v.As(&b) == nil {
		return b
	}
	return v.String()
}

// privateState is what the provider keeps for itself, to look for what must not be there.
func (w *world) privateState() string { return string(w.private) }

// later lets time pass.
func later(d time.Duration) { <-time.After(d) }
