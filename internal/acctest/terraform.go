// Package acctest tests a provider in process: [Terraform] does what the CLI does with one object,
// [Harness] does it with a fake Seam, and [Conform] asks of a noun what holds for every noun.
package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Log is where the API client logs to.
type Log func(ctx context.Context, message string, fields map[string]any)

// Diagnostics are the errors and warnings of a call.
type Diagnostics = []*tfprotov6.Diagnostic

// Terraform keeps the state of one object, as the CLI does.
type Terraform struct {
	T              *testing.T
	TypeName       string // type of the object
	NewServer      func(Log) tfprotov6.ProviderServer
	ProviderConfig map[string]any

	Server   tfprotov6.ProviderServer
	Schema   *tfprotov6.Schema // of the object
	State    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
	Diags    Diagnostics // everything since the last restart

	logMutex sync.Mutex
	logged   []string
}

// Start starts the first run, without an object in the state.
func (tf *Terraform) Start() {
	tf.T.Helper()
	tf.Restart()
	tf.Forget()
}

// Restart is another run of Terraform: a new provider process, the state kept.
func (tf *Terraform) Restart() {
	tf.T.Helper()
	tf.Server = tf.NewServer(tf.log)
	schemas := tf.Schemas()
	tf.Schema = schemas.ResourceSchemas[tf.TypeName]
	config := tf.Encode(tf.ObjectValue(schemas.Provider.ValueType(), tf.ProviderConfig))
	resp := ask(tf, tf.Server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	tf.Diags = resp.Diagnostics
}

// ask makes a call of the provider's server.
func ask[Request, Response any](tf *Terraform, call func(context.Context, *Request) (*Response, error), req *Request) *Response {
	tf.T.Helper()
	resp, err := call(tf.T.Context(), req)
	tf.Must(err)
	return resp
}

// NewObject is another object of the same configuration, with a state and a provider process of
// its own.
func (tf *Terraform) NewObject(typeName string) *Terraform {
	tf.T.Helper()
	o := &Terraform{T: tf.T, TypeName: typeName, NewServer: tf.NewServer, ProviderConfig: tf.ProviderConfig}
	o.Start()
	return o
}

// Forget drops the object from the state.
func (tf *Terraform) Forget() { tf.State, tf.Private, tf.Identity = tf.NullState(), nil, nil }

// NullState is the state of what does not exist.
func (tf *Terraform) NullState() tftypes.Value { return tftypes.NewValue(tf.Schema.ValueType(), nil) }

// knownSchemas are asked for once: every run in a process is of the same provider, and making its
// schemas takes longer than most tests do.
var knownSchemas atomic.Pointer[tfprotov6.GetProviderSchemaResponse]

// Schemas are all schemas of the provider.
func (tf *Terraform) Schemas() *tfprotov6.GetProviderSchemaResponse {
	tf.T.Helper()
	if known := knownSchemas.Load(); known != nil {
		return known
	}
	schemas := ask(tf, tf.Server.GetProviderSchema, &tfprotov6.GetProviderSchemaRequest{})
	tf.RequireNoError(schemas.Diagnostics)
	knownSchemas.Store(schemas)
	return schemas
}

// Refresh reads the object, as every run does first. Like Terraform it keeps the old state on an
// error.
func (tf *Terraform) Refresh() Diagnostics {
	tf.T.Helper()
	if tf.State.IsNull() {
		return nil
	}
	resp := ask(tf, tf.Server.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: tf.TypeName, CurrentState: tf.Encode(tf.State), Private: tf.Private, CurrentIdentity: tf.Identity,
	})
	read := tf.Decode(resp.NewState)
	if !HasError(resp.Diagnostics) {
		tf.keep(read, resp.Private, resp.NewIdentity)
	} else if !read.Equal(tf.State) {
		tf.T.Error("a refresh failed and changed the state all the same")
	}
	tf.Diags = append(tf.Diags, resp.Diagnostics...)
	return resp.Diagnostics
}

// keep takes over what the provider returns.
func (tf *Terraform) keep(state tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) {
	tf.T.Helper()
	tf.requireNoWriteOnly(state)
	tf.State, tf.Private, tf.Identity = state, private, identity
}

// Plan is what a plan says about a configuration.
type Plan struct {
	Diags          Diagnostics
	Prior, Planned tftypes.Value
	Private        []byte
	Replaces       []string // attributes that need another object
}

// Errors are the errors of the plan, as text.
func (p Plan) Errors() string { return DiagnosticText(p.Diags, tfprotov6.DiagnosticSeverityError) }

// Empty reports whether the plan changes nothing.
func (p Plan) Empty() bool { return p.Errors() == "" && p.Planned.Equal(p.Prior) }

// Changes are the names of the attributes that the plan changes.
func (p Plan) Changes() []string {
	before, after := Attributes(p.Prior), Attributes(p.Planned)
	var names []string
	for name, value := range after {
		if !value.Equal(before[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Plan validates and plans a configuration against the state, without a refresh.
func (tf *Terraform) Plan(config map[string]any) Plan {
	tf.T.Helper()
	c := tf.ObjectValue(tf.Schema.ValueType(), config)
	valid := ask(tf, tf.Server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: tf.TypeName, Config: tf.Encode(c), ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if HasError(valid.Diagnostics) {
		return Plan{Diags: valid.Diagnostics}
	}
	resp := tf.planChange(c, proposedObject(tf.Schema.Block.Attributes, tf.State, c))
	p := Plan{Diags: resp.Diagnostics, Private: resp.PlannedPrivate, Prior: tf.State}
	if HasError(resp.Diagnostics) {
		return p
	}
	p.Planned = tf.Decode(resp.PlannedState)
	tf.requireNoWriteOnly(p.Planned)
	for _, problem := range planProblems("", tf.Schema.Block.Attributes, p.Prior, c, p.Planned) {
		tf.T.Error(problem)
	}
	for _, path := range resp.RequiresReplace {
		p.Replaces = append(p.Replaces, strings.TrimSuffix(strings.TrimPrefix(path.String(), `AttributeName("`), `")`))
	}
	return p
}

func (tf *Terraform) planChange(config, proposed tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	tf.T.Helper()
	return ask(tf, tf.Server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: tf.TypeName, PriorState: tf.Encode(tf.State), ProposedNewState: tf.Encode(proposed), Config: tf.Encode(config), PriorPrivate: tf.Private, PriorIdentity: tf.Identity,
	})
}

func (tf *Terraform) applyChange(config, planned tftypes.Value, private []byte) Diagnostics {
	tf.T.Helper()
	resp := ask(tf, tf.Server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: tf.TypeName, PriorState: tf.Encode(tf.State), PlannedState: tf.Encode(planned), Config: tf.Encode(config), PlannedPrivate: private, PlannedIdentity: tf.Identity,
	})
	applied := tf.Decode(resp.NewState)
	if !HasError(resp.Diagnostics) {
		tf.requireConsistent(planned, applied)
	}
	tf.keep(applied, resp.Private, resp.NewIdentity)
	tf.Diags = append(tf.Diags, resp.Diagnostics...)
	return resp.Diagnostics
}

// Apply refreshes, plans and applies, with a replacement as delete and create.
func (tf *Terraform) Apply(config map[string]any) Diagnostics {
	tf.T.Helper()
	diags := tf.Refresh()
	if HasError(diags) {
		return diags
	}
	return append(diags, tf.ApplyWithoutRefresh(config)...)
}

// ApplyWithoutRefresh is an apply with -refresh=false.
func (tf *Terraform) ApplyWithoutRefresh(config map[string]any) (diags Diagnostics) {
	tf.T.Helper()
	p := tf.Plan(config)
	switch {
	case HasError(p.Diags) || p.Empty():
		return p.Diags
	case len(p.Replaces) > 0 && !tf.State.IsNull():
		if diags = tf.DestroyWithoutRefresh(); HasError(diags) {
			return diags
		}
		p = tf.Plan(config)
	}
	return append(append(diags, p.Diags...), tf.ApplyPlan(config, p)...)
}

// ApplyPlan applies a plan that replaces nothing.
func (tf *Terraform) ApplyPlan(config map[string]any, p Plan) Diagnostics {
	tf.T.Helper()
	return tf.applyChange(tf.ObjectValue(tf.Schema.ValueType(), config), p.Planned, p.Private)
}

// requireConsistent fails on what Terraform calls a bug in the provider: an applied value that is
// not the planned one.
func (tf *Terraform) requireConsistent(planned, applied tftypes.Value) {
	tf.T.Helper()
	values := Attributes(applied)
	for name, want := range Attributes(planned) {
		if !isConsistent(want, values[name]) || !values[name].IsFullyKnown() {
			tf.T.Errorf("%s was planned as %s and applied as %s", name, want, values[name])
		}
	}
}

// Destroy refreshes and deletes.
func (tf *Terraform) Destroy() Diagnostics {
	tf.T.Helper()
	if diags := tf.Refresh(); HasError(diags) || tf.State.IsNull() {
		return diags
	}
	return tf.DestroyWithoutRefresh()
}

// DestroyWithoutRefresh is a destroy with -refresh=false.
func (tf *Terraform) DestroyWithoutRefresh() Diagnostics {
	tf.T.Helper()
	planned := tf.planChange(tf.NullState(), tf.NullState())
	if HasError(planned.Diagnostics) {
		return planned.Diagnostics
	}
	return tf.applyChange(tf.NullState(), tf.NullState(), planned.PlannedPrivate)
}

// Interrupt is Ctrl-C.
func (tf *Terraform) Interrupt() {
	_, err := tf.Server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	tf.Must(err)
}

// ImportID imports an object by its id, and reads it.
func (tf *Terraform) ImportID(id string) Diagnostics {
	tf.T.Helper()
	return tf.importState(&tfprotov6.ImportResourceStateRequest{TypeName: tf.TypeName, ID: id})
}

// ImportIdentity imports an object by its identity, and reads it.
func (tf *Terraform) ImportIdentity(identity map[string]any) Diagnostics {
	tf.T.Helper()
	data := tf.Encode(tf.ObjectValue(tf.identityType(tf.TypeName), identity))
	return tf.importState(&tfprotov6.ImportResourceStateRequest{TypeName: tf.TypeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: data}})
}

func (tf *Terraform) importState(req *tfprotov6.ImportResourceStateRequest) Diagnostics {
	tf.T.Helper()
	resp := ask(tf, tf.Server.ImportResourceState, req)
	if HasError(resp.Diagnostics) {
		return resp.Diagnostics
	}
	state, private, identity, imported := tf.State, tf.Private, tf.Identity, resp.ImportedResources[0]
	tf.keep(tf.Decode(imported.State), imported.Private, imported.Identity)
	diags := append(resp.Diagnostics, tf.Refresh()...)
	if HasError(diags) {
		tf.State, tf.Private, tf.Identity = state, private, identity
	}
	return diags
}

// Attribute is the value of an attribute in the state; nil for null.
func (tf *Terraform) Attribute(name string) any {
	tf.T.Helper()
	if tf.State.IsNull() {
		tf.T.Fatal("there is no object in the state")
	}
	return GoValue(Attributes(tf.State)[name])
}

// ID is the id of the object in the state.
func (tf *Terraform) ID() string {
	tf.T.Helper()
	return fmt.Sprint(tf.Attribute("id"))
}

func (tf *Terraform) log(_ context.Context, message string, fields map[string]any) {
	tf.logMutex.Lock()
	defer tf.logMutex.Unlock()
	tf.logged = append(tf.logged, fmt.Sprint(message, fields))
}

// Logged is everything that the client logged.
func (tf *Terraform) Logged() string {
	tf.logMutex.Lock()
	defer tf.logMutex.Unlock()
	return strings.Join(tf.logged, "\n")
}

// PrivateText is what the provider keeps for itself, as text.
func (tf *Terraform) PrivateText() string { tf.T.Helper(); return PrivateText(tf.T, tf.Private) }

// PrivateText is a private state, which Terraform keeps as it is.
func PrivateText(t *testing.T, private []byte) string {
	t.Helper()
	var kept map[string][]byte
	if err := json.Unmarshal(private, &kept); private != nil && err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s", kept)
}
