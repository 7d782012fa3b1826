//go:build contract

package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

const noun = "seam_access_code"

// terraform is one without a CLI, which keeps a single seam_access_code.
type terraform struct {
	*server
	t        *testing.T
	process  tfprotov6.ProviderServer
	schema   *tfprotov6.Schema
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// said is what a run says.
type said []*tfprotov6.Diagnostic

func newTerraform(t *testing.T, s *server) *terraform {
	tf := &terraform{server: s, t: t}
	tf.restart(s.key)
	tf.state = tftypes.NewValue(tf.schema.ValueType(), nil)
	return tf
}

// restart is another run, with a new provider process and the state of the one before.
func (tf *terraform) restart(key string) {
	tf.t.Helper()
	tf.process = provider.NewServer("test")
	schemas, err := tf.process.GetProviderSchema(tf.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(tf.t, err)
	tf.schema = schemas.ResourceSchemas[noun]
	config := tf.encode(value(schemas.Provider.ValueType(), object{"api_key": key, "endpoint": tf.endpoint, "max_retries": 1}))
	resp, err := tf.process.ConfigureProvider(tf.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	must(tf.t, err)
	tf.ok(resp.Diagnostics)
}

func (tf *terraform) refresh() said {
	tf.t.Helper()
	if tf.state.IsNull() {
		return nil
	}
	resp, err := tf.process.ReadResource(tf.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: noun, CurrentState: tf.encode(tf.state), Private: tf.private, CurrentIdentity: tf.identity,
	})
	must(tf.t, err)
	if said(resp.Diagnostics).errors() == "" {
		tf.state, tf.private, tf.identity = tf.decode(resp.NewState), resp.Private, resp.NewIdentity
	}
	return resp.Diagnostics
}

// plan is one without a refresh; no config plans a destroy.
func (tf *terraform) plan(config object) (planned tftypes.Value, private []byte, says said) {
	tf.t.Helper()
	wanted := tf.wanted(config)
	resp, err := tf.process.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: noun, PriorState: tf.encode(tf.state), ProposedNewState: tf.encode(tf.proposed(wanted)),
		Config: tf.encode(wanted), PriorPrivate: tf.private, PriorIdentity: tf.identity,
	})
	must(tf.t, err)
	if len(resp.RequiresReplace) > 0 && !tf.state.IsNull() {
		tf.t.Fatalf("this Terraform replaces nothing, but %v wants it", resp.RequiresReplace)
	}
	return tf.decode(resp.PlannedState), resp.PlannedPrivate, resp.Diagnostics
}

// changes are the attributes that a plan after a refresh changes.
func (tf *terraform) changes(config object) string {
	tf.t.Helper()
	tf.ok(tf.refresh())
	planned, _, says := tf.plan(config)
	tf.ok(says)
	before, after := attributes(tf.state), attributes(planned)
	return strings.Join(slices.DeleteFunc(slices.Sorted(maps.Keys(after)), func(name string) bool { return after[name].Equal(before[name]) }), " ")
}

// apply refreshes, plans and applies; no config destroys.
func (tf *terraform) apply(config object) said {
	tf.t.Helper()
	says := tf.refresh()
	if says.errors() != "" {
		return says
	}
	planned, private, more := tf.plan(config)
	if says = append(says, more...); says.errors() != "" || planned.Equal(tf.state) {
		return says
	}
	resp, err := tf.process.ApplyResourceChange(tf.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: noun, PriorState: tf.encode(tf.state), PlannedState: tf.encode(planned),
		Config: tf.encode(tf.wanted(config)), PlannedPrivate: private, PlannedIdentity: tf.identity,
	})
	must(tf.t, err)
	tf.state, tf.private, tf.identity = tf.decode(resp.NewState), resp.Private, resp.NewIdentity
	tf.consistent(planned, resp.Diagnostics)
	return append(says, resp.Diagnostics...)
}

// consistent fails on what Terraform calls a bug in the provider: an applied value that
// is not the planned one.
func (tf *terraform) consistent(planned tftypes.Value, says said) {
	tf.t.Helper()
	applied := attributes(tf.state)
	for name, want := range attributes(planned) {
		if says.errors() == "" && (want.IsFullyKnown() && !want.Equal(applied[name]) || !applied[name].IsFullyKnown()) {
			tf.t.Errorf("%s was planned as %s and applied as %s", name, want, applied[name])
		}
	}
}

func (tf *terraform) destroy() said { return tf.apply(nil) }

func (tf *terraform) importID(id string) {
	tf.t.Helper()
	resp, err := tf.process.ImportResourceState(tf.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: noun, ID: id})
	must(tf.t, err)
	tf.ok(resp.Diagnostics)
	imported := resp.ImportedResources[0]
	tf.state, tf.private, tf.identity = tf.decode(imported.State), imported.Private, imported.Identity
	tf.ok(tf.refresh())
}

// has is the text of an attribute in the state; empty for null.
func (tf *terraform) has(name string) (s string) {
	tf.t.Helper()
	if v := attributes(tf.state)[name]; !v.IsNull() {
		must(tf.t, v.As(&s))
	}
	return s
}

// ok fails the test on an error.
func (tf *terraform) ok(says said) {
	tf.t.Helper()
	if text := says.errors(); text != "" {
		tf.t.Fatalf("unexpected error: %s", text)
	}
}

func (s said) errors() string   { return s.of(tfprotov6.DiagnosticSeverityError) }
func (s said) warnings() string { return s.of(tfprotov6.DiagnosticSeverityWarning) }

func (s said) of(severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range s {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s: %s", d.Summary, d.Detail))
		}
	}
	return strings.Join(lines, "\n")
}

func (tf *terraform) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	tf.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	must(tf.t, err)
	return &encoded
}

func (tf *terraform) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	tf.t.Helper()
	if v == nil {
		return tftypes.NewValue(tf.schema.ValueType(), nil)
	}
	decoded, err := v.Unmarshal(tf.schema.ValueType())
	must(tf.t, err)
	return decoded
}

// wanted is a configuration; none is null.
func (tf *terraform) wanted(config object) tftypes.Value {
	if config == nil {
		return tftypes.NewValue(tf.schema.ValueType(), nil)
	}
	return value(tf.schema.ValueType(), config)
}

// proposed merges configuration and state as Terraform does.
func (tf *terraform) proposed(config tftypes.Value) tftypes.Value {
	if tf.state.IsNull() || config.IsNull() {
		return config
	}
	merged, held := attributes(config), attributes(tf.state)
	for _, a := range tf.schema.Block.Attributes {
		if a.Computed && merged[a.Name].IsNull() {
			merged[a.Name] = held[a.Name]
		}
	}
	return tftypes.NewValue(tf.schema.ValueType(), merged)
}

// value makes one of a type from Go values; what a map leaves out is null.
func value(kind tftypes.Type, v any) tftypes.Value {
	fields, isObject := v.(object)
	of, ok := kind.(tftypes.Object)
	if !isObject || !ok {
		return tftypes.NewValue(kind, v)
	}
	merged := map[string]tftypes.Value{}
	for name, kind := range of.AttributeTypes {
		merged[name] = value(kind, fields[name])
	}
	return tftypes.NewValue(of, merged)
}

// attributes are a copy: As hands out the map inside the value.
func attributes(v tftypes.Value) map[string]tftypes.Value {
	var fields map[string]tftypes.Value
	_ = v.As(&fields) // null has none
	return maps.Clone(fields)
}
