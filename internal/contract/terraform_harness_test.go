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

const resourceType = "seam_access_code"

// terraformHarness is a Terraform without a CLI that keeps a single seam_access_code.
type terraformHarness struct {
	*server
	t        *testing.T
	provider tfprotov6.ProviderServer
	schema   *tfprotov6.Schema
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// diagnostics is what a run says.
type diagnostics []*tfprotov6.Diagnostic

func newTerraformHarness(t *testing.T, s *server) *terraformHarness {
	tf := &terraformHarness{server: s, t: t}
	tf.restart(s.key)
	tf.state = tftypes.NewValue(tf.schema.ValueType(), nil)
	return tf
}

// restart is another run, with a new provider process and the state of the one before.
func (tf *terraformHarness) restart(key string) {
	tf.t.Helper()
	tf.provider = provider.NewServer("test")
	schemas, err := tf.provider.GetProviderSchema(tf.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(tf.t, err)
	tf.schema = schemas.ResourceSchemas[resourceType]
	config := tf.encode(tfValue(schemas.Provider.ValueType(), jsonObject{"api_key": key, "endpoint": tf.endpoint, "max_retries": 1}))
	resp, err := tf.provider.ConfigureProvider(tf.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	must(tf.t, err)
	tf.wantNoErrors(resp.Diagnostics)
}

func (tf *terraformHarness) refresh() diagnostics {
	tf.t.Helper()
	if tf.state.IsNull() {
		return nil
	}
	resp, err := tf.provider.ReadResource(tf.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resourceType, CurrentState: tf.encode(tf.state), Private: tf.private, CurrentIdentity: tf.identity,
	})
	must(tf.t, err)
	if diagnostics(resp.Diagnostics).errors() == "" {
		tf.state, tf.private, tf.identity = tf.decode(resp.NewState), resp.Private, resp.NewIdentity
	}
	return resp.Diagnostics
}

// plan is one without a refresh; no config plans a destroy.
func (tf *terraformHarness) plan(config jsonObject) (planned tftypes.Value, private []byte, diags diagnostics) {
	tf.t.Helper()
	wanted := tf.configValue(config)
	resp, err := tf.provider.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceType, PriorState: tf.encode(tf.state), ProposedNewState: tf.encode(tf.proposedState(wanted)),
		Config: tf.encode(wanted), PriorPrivate: tf.private, PriorIdentity: tf.identity,
	})
	must(tf.t, err)
	if len(resp.RequiresReplace) > 0 && !tf.state.IsNull() {
		tf.t.Fatalf("this Terraform replaces nothing, but %v wants it", resp.RequiresReplace)
	}
	return tf.decode(resp.PlannedState), resp.PlannedPrivate, resp.Diagnostics
}

// plannedChanges are the attributes that a plan after a refresh changes.
func (tf *terraformHarness) plannedChanges(config jsonObject) string {
	tf.t.Helper()
	tf.wantNoErrors(tf.refresh())
	planned, _, diags := tf.plan(config)
	tf.wantNoErrors(diags)
	before, after := attributes(tf.state), attributes(planned)
	return strings.Join(slices.DeleteFunc(slices.Sorted(maps.Keys(after)), func(name string) bool { return after[name].Equal(before[name]) }), " ")
}

// apply refreshes, plans and applies; no config destroys.
func (tf *terraformHarness) apply(config jsonObject) diagnostics {
	tf.t.Helper()
	diags := tf.refresh()
	if diags.errors() != "" {
		return diags
	}
	planned, private, more := tf.plan(config)
	if diags = append(diags, more...); diags.errors() != "" || planned.Equal(tf.state) {
		return diags
	}
	resp, err := tf.provider.ApplyResourceChange(tf.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resourceType, PriorState: tf.encode(tf.state), PlannedState: tf.encode(planned),
		Config: tf.encode(tf.configValue(config)), PlannedPrivate: private, PlannedIdentity: tf.identity,
	})
	must(tf.t, err)
	tf.state, tf.private, tf.identity = tf.decode(resp.NewState), resp.Private, resp.NewIdentity
	tf.assertConsistent(planned, resp.Diagnostics)
	return append(diags, resp.Diagnostics...)
}

// assertConsistent fails on what Terraform calls a bug in the provider: an applied value that
// is not the planned one.
func (tf *terraformHarness) assertConsistent(planned tftypes.Value, diags diagnostics) {
	tf.t.Helper()
	applied := attributes(tf.state)
	for name, want := range attributes(planned) {
		if diags.errors() == "" && (want.IsFullyKnown() && !want.Equal(applied[name]) || !applied[name].IsFullyKnown()) {
			tf.t.Errorf("%s was planned as %s and applied as %s", name, want, applied[name])
		}
	}
}

func (tf *terraformHarness) destroy() diagnostics { return tf.apply(nil) }

func (tf *terraformHarness) importID(id string) {
	tf.t.Helper()
	resp, err := tf.provider.ImportResourceState(tf.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, ID: id})
	must(tf.t, err)
	tf.wantNoErrors(resp.Diagnostics)
	imported := resp.ImportedResources[0]
	tf.state, tf.private, tf.identity = tf.decode(imported.State), imported.Private, imported.Identity
	tf.wantNoErrors(tf.refresh())
}

// attribute is the text of an attribute in the state; empty for null.
func (tf *terraformHarness) attribute(name string) (s string) {
	tf.t.Helper()
	if v := attributes(tf.state)[name]; !v.IsNull() {
		must(tf.t, v.As(&s))
	}
	return s
}

// wantNoErrors fails the test on an error.
func (tf *terraformHarness) wantNoErrors(diags diagnostics) {
	tf.t.Helper()
	if text := diags.errors(); text != "" {
		tf.t.Fatalf("unexpected error: %s", text)
	}
}

func (s diagnostics) errors() string   { return s.withSeverity(tfprotov6.DiagnosticSeverityError) }
func (s diagnostics) warnings() string { return s.withSeverity(tfprotov6.DiagnosticSeverityWarning) }

func (s diagnostics) withSeverity(severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range s {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s: %s", d.Summary, d.Detail))
		}
	}
	return strings.Join(lines, "\n")
}

func (tf *terraformHarness) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	tf.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	must(tf.t, err)
	return &encoded
}

func (tf *terraformHarness) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	tf.t.Helper()
	if v == nil {
		return tftypes.NewValue(tf.schema.ValueType(), nil)
	}
	decoded, err := v.Unmarshal(tf.schema.ValueType())
	must(tf.t, err)
	return decoded
}

// configValue is a configuration; none is null.
func (tf *terraformHarness) configValue(config jsonObject) tftypes.Value {
	if config == nil {
		return tftypes.NewValue(tf.schema.ValueType(), nil)
	}
	return tfValue(tf.schema.ValueType(), config)
}

// proposedState merges configuration and state as Terraform does.
func (tf *terraformHarness) proposedState(config tftypes.Value) tftypes.Value {
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

// tfValue makes one of a type from Go values; what a map leaves out is null.
func tfValue(kind tftypes.Type, v any) tftypes.Value {
	fields, isObject := v.(jsonObject)
	of, ok := kind.(tftypes.Object)
	if !isObject || !ok {
		return tftypes.NewValue(kind, v)
	}
	merged := map[string]tftypes.Value{}
	for name, kind := range of.AttributeTypes {
		merged[name] = tfValue(kind, fields[name])
	}
	return tftypes.NewValue(of, merged)
}

// attributes are a copy: As hands out the map inside the value.
func attributes(v tftypes.Value) map[string]tftypes.Value {
	var fields map[string]tftypes.Value
	_ = v.As(&fields) // null has none
	return maps.Clone(fields)
}
