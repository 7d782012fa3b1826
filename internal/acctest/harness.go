package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// NewServer makes a protocol server of the provider under test, which reaches Seam through this
// transport.
type NewServer func(http.RoundTripper, Log) tfprotov6.ProviderServer

// Harness is a Terraform that keeps one object, and a fake Seam with one lock.
type Harness struct {
	*Terraform
	Seam *seamtest.Server
	Lock *seamtest.Lock
}

// Run runs a test with a harness of its own, in no time: in a synctest bubble. Config is the
// provider's configuration besides the API key.
func Run(t *testing.T, newServer NewServer, typeName string, config map[string]any, test func(*Harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seamtest.New()
		test(New(t, newServer, typeName, config, server, server.AddLock("Front Door")))
	})
}

// New makes a harness on a Seam that others may use as well.
func New(t *testing.T, newServer NewServer, typeName string, config map[string]any, server *seamtest.Server, lock *seamtest.Lock) *Harness {
	t.Helper()
	start := func(log Log) tfprotov6.ProviderServer { return newServer(server.Transport(), log) }
	h := &Harness{&Terraform{T: t, TypeName: typeName, NewServer: start}, server, lock}
	h.ProviderConfig = Values{"api_key": server.Workspace().APIKey}.With(config)
	h.Start()
	return h
}

// Call sends a request to Seam past Terraform, and returns the answer, which may be an error.
func (h *Harness) Call(path string, body map[string]any) map[string]any {
	h.T.Helper()
	text, err := json.Marshal(body)
	h.Must(err)
	req, err := http.NewRequestWithContext(h.T.Context(), http.MethodPost, "https://seam.test"+path, bytes.NewReader(text))
	h.Must(err)
	req.Header.Set("Authorization", "Bearer "+h.Seam.Workspace().APIKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := h.Seam.Transport().RoundTrip(req)
	h.Must(err)
	defer func() { _ = res.Body.Close() }()
	var answer map[string]any
	h.Must(json.NewDecoder(res.Body).Decode(&answer))
	return answer
}

// RequireRequests fails the test unless Seam was asked this often.
func (h *Harness) RequireRequests(path string, times int) {
	h.T.Helper()
	if n := h.Seam.Count(path); n != times {
		h.T.Errorf("%d calls of %s, want %d", n, path, times)
	}
}

// HasError reports whether there is an error among the diagnostics.
func HasError(diags Diagnostics) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// DiagnosticText is all diagnostics of a severity.
func DiagnosticText(diags Diagnostics, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s %s: %s", d.Attribute, d.Summary, d.Detail))
		}
	}
	text := strings.Join(lines, "\n")
	if strings.Contains(text, "{{") {
		panic("a diagnostic has a seam.Step that was not rendered: " + text)
	}
	return text
}

func allText(diags Diagnostics) string {
	return DiagnosticText(diags, tfprotov6.DiagnosticSeverityError) + DiagnosticText(diags, tfprotov6.DiagnosticSeverityWarning)
}

// Must fails the test on an error that is no diagnostic.
func (tf *Terraform) Must(err error) {
	tf.T.Helper()
	clienttest.Must(tf.T, err)
}

// RequireNoError fails the test on an error.
func (tf *Terraform) RequireNoError(diags Diagnostics) {
	tf.T.Helper()
	if HasError(diags) {
		tf.T.Fatalf("unexpected error: %s", DiagnosticText(diags, tfprotov6.DiagnosticSeverityError))
	}
}

// RequireError fails the test unless there is an error that says all of this.
func (tf *Terraform) RequireError(diags Diagnostics, says ...string) {
	tf.T.Helper()
	if !HasError(diags) {
		tf.T.Fatalf("no error, want one that says %q", says)
	}
	tf.RequireText(DiagnosticText(diags, tfprotov6.DiagnosticSeverityError), says...)
}

// RequireWarning fails the test unless the warnings say all of this.
func (tf *Terraform) RequireWarning(diags Diagnostics, says ...string) {
	tf.T.Helper()
	tf.RequireText(DiagnosticText(diags, tfprotov6.DiagnosticSeverityWarning), says...)
}

// RequireText fails the test unless the message holds all parts.
func (tf *Terraform) RequireText(message string, parts ...string) {
	tf.T.Helper()
	clienttest.AssertContains(tf.T, message, parts...)
}

// RequireNoDiagnostics fails the test on any error or warning.
func (tf *Terraform) RequireNoDiagnostics(diags Diagnostics) {
	tf.T.Helper()
	if len(diags) > 0 {
		tf.T.Errorf("unexpected: %s", allText(diags))
	}
}

// RequireStateUnchanged fails the test if the state changes meanwhile.
func (tf *Terraform) RequireStateUnchanged(meanwhile func()) {
	tf.T.Helper()
	before := tf.State
	meanwhile()
	if !tf.State.Equal(before) {
		tf.T.Errorf("the state changed from %s to %s", before, tf.State)
	}
}

// RequireNoState fails the test if there still is an object in the state.
func (tf *Terraform) RequireNoState() {
	tf.T.Helper()
	if !tf.State.IsNull() {
		tf.T.Error("the object is still in the state")
	}
}

// RequireImportable imports what a list found, and fails unless it is what the list shows, without
// its secrets, and the configuration that Terraform makes of it plans nothing.
func (tf *Terraform) RequireImportable(f ListResult) {
	tf.T.Helper()
	tf.Restart()
	tf.Forget()
	tf.RequireNoError(tf.ImportIdentity(f.Identity))
	for _, a := range tf.Schema.Block.Attributes {
		if value, imported := f.Resource[a.Name], withoutSecrets(a, tf.Attribute(a.Name)); value != nil && !reflect.DeepEqual(value, imported) {
			tf.T.Errorf("the list shows %s = %v, the import %v", a.Name, value, imported)
		}
	}
	tf.RequireCleanPlan(tf.GeneratedConfig(f.Resource))
}

// withoutSecrets is the value of an attribute with null for what is sensitive, also in nested objects.
func withoutSecrets(a *tfprotov6.SchemaAttribute, value any) any {
	list, _ := value.([]any)
	switch {
	case a.Sensitive:
		return nil
	case a.NestedType == nil || list == nil:
		return value
	}
	shown := make([]any, len(list))
	for i, element := range list {
		object, _ := element.(map[string]any)
		object = maps.Clone(object)
		for _, nested := range a.NestedType.Attributes {
			object[nested.Name] = withoutSecrets(nested, object[nested.Name])
		}
		shown[i] = object
	}
	return shown
}

// RequireSettled fails the test unless the next run says nothing and plans nothing.
func (tf *Terraform) RequireSettled(config map[string]any) {
	tf.T.Helper()
	tf.RequireNoDiagnostics(tf.Refresh())
	tf.RequireCleanPlan(config)
}

// RequireCleanPlan fails the test if a plan of this configuration changes anything else than these
// attributes.
func (tf *Terraform) RequireCleanPlan(config map[string]any, except ...string) {
	tf.T.Helper()
	p := tf.Plan(config)
	tf.RequireNoError(p.Diags)
	if len(p.Replaces) > 0 || !slices.Equal(p.Changes(), slices.Sorted(slices.Values(except))) {
		tf.T.Errorf("the plan changes %v and replaces because of %v, want a change of %v", p.Changes(), p.Replaces, except)
	}
}
