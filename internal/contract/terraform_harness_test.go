//go:build contract

package contract

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

// terraformHarness is a Terraform without a CLI that keeps a single seam_access_code.
type terraformHarness struct {
	*server
	*acctest.Terraform
	t *testing.T
}

func warningsOf(diags acctest.Diagnostics) string {
	return acctest.DiagnosticText(diags, tfprotov6.DiagnosticSeverityWarning)
}

func errorsOf(diags acctest.Diagnostics) string {
	return acctest.DiagnosticText(diags, tfprotov6.DiagnosticSeverityError)
}

func newTerraformHarness(t *testing.T, s *server) *terraformHarness {
	start := func(acctest.Log) tfprotov6.ProviderServer { return provider.NewServer("test") }
	tf := &terraformHarness{s, &acctest.Terraform{T: t, TypeName: "seam_access_code", NewServer: start}, t}
	tf.restart(s.key)
	tf.Forget()
	return tf
}

// restart starts another run with a new provider process and the current state.
func (tf *terraformHarness) restart(key string) {
	tf.t.Helper()
	tf.ProviderConfig = jsonObject{"api_key": key, "endpoint": tf.endpoint, "max_retries": 1}
	tf.Restart()
	tf.RequireNoError(tf.Diags)
}

// plannedChanges are the attributes that a plan after a refresh changes.
func (tf *terraformHarness) plannedChanges(config jsonObject) string {
	tf.t.Helper()
	tf.RequireNoError(tf.Refresh())
	p := tf.Plan(config)
	tf.RequireNoError(p.Diags)
	return strings.Join(p.Changes(), " ")
}

// attribute is the text of an attribute in the state; empty for null.
func (tf *terraformHarness) attribute(name string) string {
	tf.t.Helper()
	text, _ := tf.Attribute(name).(string)
	return text
}
