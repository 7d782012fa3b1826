//go:build contract

package contract

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/provider"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
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

// merge is a configuration with other arguments; nil leaves one out.
func merge(config, other jsonObject) jsonObject {
	merged := maps.Clone(config)
	maps.Copy(merged, other)
	return merged
}

func (tf *terraformHarness) guestConfig() jsonObject {
	return jsonObject{"device_id": tf.lock, "name": "Guest", "code": tf.pin()}
}

// mustApply applies a configuration and fails the test unless the next plan is empty.
func (tf *terraformHarness) mustApply(config jsonObject) {
	tf.t.Helper()
	tf.RequireNoError(tf.Apply(config))
	assertEqual(tf.t, "changes after apply", tf.plannedChanges(config), "")
}

// applyGuest applies a guest's code.
func (tf *terraformHarness) applyGuest() (config jsonObject, id string) {
	tf.t.Helper()
	config = tf.guestConfig()
	tf.mustApply(config)
	return config, tf.attribute("id")
}

// assertServerHas fails the test unless these fields of the code are the same on the server.
func (tf *terraformHarness) assertServerHas(want jsonObject, fields ...string) {
	tf.t.Helper()
	has := tf.ok(tf.t, "/access_codes/get", jsonObject{"access_code_id": tf.attribute("id")})["access_code"]
	for _, field := range fields {
		assertEqual(tf.t, field+" on the server", stringAt(has, field), stringAt(want, field))
	}
}

// mustDestroy destroys and fails the test unless the server says that the code is gone.
func (tf *terraformHarness) mustDestroy() {
	tf.t.Helper()
	id := tf.attribute("id")
	diags := tf.Destroy()
	tf.RequireNoError(diags)
	assertEqual(tf.t, "warnings of destroy", warningsOf(diags), "")
	tf.RequireNoState()
	tf.wantNotFound(tf.t, id)
}

func terraformLifecycle(tf *terraformHarness) {
	guest, id := tf.applyGuest()
	assertEqual(tf.t, "workspace", tf.attribute("workspace_id"), tf.workspace)
	firstStart, firstEnd := stay(2)
	thenStart, thenEnd := stay(9)
	for _, step := range []struct {
		config  jsonObject
		changed string
	}{
		{merge(guest, jsonObject{"name": "Renamed"}), "name"},
		{merge(guest, jsonObject{"name": "Renamed", "code": tf.pin()}), "code"},
		{merge(guest, jsonObject{"starts_at": firstStart, "ends_at": firstEnd}), "code ends_at name starts_at type"},
		{merge(guest, jsonObject{"name": "Stay", "starts_at": firstStart, "ends_at": firstEnd}), "name"},
		{merge(guest, jsonObject{"name": "Stay", "starts_at": thenStart, "ends_at": thenEnd}), "ends_at starts_at"},
		{guest, "ends_at name starts_at type"},
	} {
		tf.restart(tf.key)
		assertEqual(tf.t, "plan", tf.plannedChanges(step.config), step.changed)
		tf.mustApply(step.config)
		assertEqual(tf.t, "id", tf.attribute("id"), id)
		tf.assertServerHas(step.config, "name", "code")
	}
	tf.restart(tf.key) // before the destroy
}

func terraformGeneratedPIN(tf *terraformHarness) {
	config := jsonObject{"device_id": tf.lock}
	tf.mustApply(config)
	assertEqual(tf.t, "the PIN is one", regexp.MustCompile(`^\d{4,8}$`).MatchString(tf.attribute("code")), true)
	tf.assertServerHas(jsonObject{"code": tf.attribute("code")}, "code")
}

func terraformWriteOnlyPIN(tf *terraformHarness) {
	first, second := tf.pin(), tf.pin()
	config := jsonObject{"device_id": tf.lock, "name": "Guest", "code_wo": first, "code_wo_version": 1}
	tf.mustApply(config)
	tf.assertServerHas(jsonObject{"code": first}, "code")
	assertEqual(tf.t, "plan of another PIN alone", tf.plannedChanges(merge(config, jsonObject{"code_wo": second})), "")
	tf.mustApply(merge(config, jsonObject{"code_wo": second, "code_wo_version": 2}))
	tf.assertServerHas(jsonObject{"code": second}, "code")
	for _, pin := range []string{first, second} {
		clienttest.AssertOmits(tf.t, tf.State.String()+string(tf.Private), pin)
	}
}

func terraformDrift(tf *terraformHarness) {
	guest, id := tf.applyGuest()
	tf.ok(tf.t, "/access_codes/update", jsonObject{"access_code_id": id, "name": "Somebody", "code": tf.pin()})
	tf.restart(tf.key)
	assertEqual(tf.t, "drift", tf.plannedChanges(guest), "code name")
	tf.mustApply(guest)
	tf.assertServerHas(guest, "name", "code")
}

func terraformRecreate(tf *terraformHarness) {
	guest, id := tf.applyGuest()
	tf.ok(tf.t, "/access_codes/delete", jsonObject{"access_code_id": id})
	tf.restart(tf.key)
	diags := tf.Refresh()
	tf.RequireNoError(diags)
	tf.RequireWarning(diags, "Removed outside Terraform", id)
	tf.RequireNoState()
	tf.mustApply(guest)
	assertEqual(tf.t, "the id is the old one", tf.attribute("id") == id, false)
}

func terraformLeftover(tf *terraformHarness) {
	guest, id := tf.applyGuest()
	pin := stringAt(guest, "code")
	leftoverID := tf.addUnmanagedAccessCode(tf.t, pin)
	diags := tf.Destroy()
	tf.RequireError(diags, "Unable to delete access code", leftoverID, "still opens the door")
	clienttest.AssertOmits(tf.t, errorsOf(diags)+warningsOf(diags), pin)
	assertEqual(tf.t, "the state keeps it", tf.attribute("id"), id)
	tf.restart(tf.key)
	diags = tf.Refresh()
	tf.RequireNoError(diags)
	tf.RequireWarning(diags, "Removal not proven", leftoverID)
	clienttest.AssertOmits(tf.t, warningsOf(diags), pin)
	tf.removeUnmanagedAccessCode(tf.t, leftoverID)
	tf.restart(tf.key)
	diags = tf.Destroy()
	tf.RequireNoError(diags)
	tf.RequireWarning(diags, "Removal complete", "no longer lists its PIN")
	tf.RequireNoState()
	tf.wantNotFound(tf.t, id)
}

func terraformDuplicatePIN(tf *terraformHarness) {
	guest := tf.guestConfig()
	pin := stringAt(guest, "code")
	taken := tf.ok(tf.t, "/access_codes/create", jsonObject{"device_id": tf.lock, "code": pin})
	diags := tf.Apply(guest)
	tf.RequireError(diags, "Unable to create access code", "already has an access code with this PIN")
	clienttest.AssertOmits(tf.t, errorsOf(diags)+warningsOf(diags), pin)
	id := stringAt(taken, "access_code", "access_code_id")
	spelledOut := strings.Contains(errorsOf(diags), "terraform import") && strings.Contains(errorsOf(diags), id)
	assertEqual(tf.t, "the import is spelled out", spelledOut, expected(tf.server, duplicateHasNoID, false, true))
	tf.RequireNoState()
}

func terraformWaitForSet(tf *terraformHarness) {
	guest := merge(tf.guestConfig(), jsonObject{"wait_for_set": true, "timeouts": jsonObject{"create": "2s"}})
	diags := tf.Apply(guest)
	tf.RequireNoError(diags)
	assertEqual(tf.t, "warns", strings.Contains(warningsOf(diags), "not on the lock yet"), expected(tf.server, statusStaysSetting, true, false))
	assertEqual(tf.t, "changes after apply", tf.plannedChanges(guest), "")
}

func terraformImport(tf *terraformHarness) {
	guest := tf.guestConfig()
	created := tf.ok(tf.t, "/access_codes/create", guest)
	tf.RequireNoError(tf.ImportID(stringAt(created, "access_code", "access_code_id")))
	assertEqual(tf.t, "changes after import", tf.plannedChanges(guest), "")
}

func terraformWrongKey(tf *terraformHarness) {
	guest, id := tf.applyGuest()
	tf.restart("seam_wrong")
	for _, diags := range []acctest.Diagnostics{tf.Refresh(), tf.Destroy(), tf.Apply(merge(guest, jsonObject{"name": "Renamed"}))} {
		tf.RequireError(diags, expected(tf.server, wrongKeyMissesWorkspace, "missing_workspace_id", "unauthorized"))
		clienttest.AssertOmits(tf.t, errorsOf(diags), "seam_wrong")
		assertEqual(tf.t, "the state keeps it", tf.attribute("id"), id)
	}
	tf.restart(tf.foreignKey)
	tf.RequireError(tf.Destroy(), "belong to workspace", tf.workspace)
	tf.restart(tf.key)
	assertEqual(tf.t, "changes", tf.plannedChanges(guest), "")
}
