//go:build contract

package contract

import (
	"maps"
	"regexp"
	"strings"
)

// with is a configuration with other arguments; nil leaves one out.
func with(config, other object) object {
	merged := maps.Clone(config)
	maps.Copy(merged, other)
	return merged
}

func (tf *terraform) guest() object {
	return object{"device_id": tf.lock, "name": "Guest", "code": tf.pin()}
}

// applied applies a configuration and fails the test unless the next plan is empty.
func (tf *terraform) applied(config object) {
	tf.t.Helper()
	tf.ok(tf.apply(config))
	equal(tf.t, "changes after apply", tf.changes(config), "")
}

// seen is the code as the server has it.
func (tf *terraform) seen() any {
	tf.t.Helper()
	return tf.server.ok(tf.t, "/access_codes/get", object{"access_code_id": tf.has("id")})["access_code"]
}

// destroyed destroys and fails the test unless the server says that the code is gone.
func (tf *terraform) destroyed() {
	tf.t.Helper()
	id := tf.has("id")
	says := tf.destroy()
	tf.ok(says)
	equal(tf.t, "warnings of destroy", says.warnings(), "")
	equal(tf.t, "the state is empty", tf.state.IsNull(), true)
	tf.missing(tf.t, id)
}

func lifecycle(tf *terraform) {
	guest := tf.guest()
	tf.applied(guest)
	id := tf.has("id")
	equal(tf.t, "workspace", tf.has("workspace_id"), tf.workspace)
	firstStart, firstEnd := stay(2)
	thenStart, thenEnd := stay(9)
	for _, step := range []struct {
		config object
		moves  string
	}{
		{with(guest, object{"name": "Renamed"}), "name"},
		{with(guest, object{"name": "Renamed", "code": tf.pin()}), "code"},
		{with(guest, object{"starts_at": firstStart, "ends_at": firstEnd}), "code ends_at name starts_at type"},
		{with(guest, object{"name": "Stay", "starts_at": firstStart, "ends_at": firstEnd}), "name"},
		{with(guest, object{"name": "Stay", "starts_at": thenStart, "ends_at": thenEnd}), "ends_at starts_at"},
		{guest, "ends_at name starts_at type"},
	} {
		tf.restart(tf.key)
		equal(tf.t, "plan", tf.changes(step.config), step.moves)
		tf.applied(step.config)
		equal(tf.t, "id", tf.has("id"), id)
		equal(tf.t, "name on the server", text(tf.seen(), "name"), text(step.config, "name"))
		equal(tf.t, "PIN on the server", text(tf.seen(), "code"), text(step.config, "code"))
	}
	tf.restart(tf.key)
	tf.destroyed()
}

func chosenPIN(tf *terraform) {
	config := object{"device_id": tf.lock}
	tf.applied(config)
	equal(tf.t, "the PIN is one", regexp.MustCompile(`^\d{4,8}$`).MatchString(tf.has("code")), true)
	equal(tf.t, "PIN on the server", text(tf.seen(), "code"), tf.has("code"))
	tf.destroyed()
}

func writeOnlyPIN(tf *terraform) {
	first, second := tf.pin(), tf.pin()
	config := object{"device_id": tf.lock, "name": "Guest", "code_wo": first, "code_wo_version": 1}
	tf.applied(config)
	equal(tf.t, "PIN on the server", text(tf.seen(), "code"), first)
	equal(tf.t, "plan of another PIN alone", tf.changes(with(config, object{"code_wo": second})), "")
	tf.applied(with(config, object{"code_wo": second, "code_wo_version": 2}))
	equal(tf.t, "PIN on the server", text(tf.seen(), "code"), second)
	for _, pin := range []string{first, second} {
		without(tf.t, pin, tf.state.String()+string(tf.private))
	}
	tf.destroyed()
}

func repair(tf *terraform) {
	guest := tf.guest()
	tf.applied(guest)
	tf.server.ok(tf.t, "/access_codes/update", object{"access_code_id": tf.has("id"), "name": "Somebody", "code": tf.pin()})
	tf.restart(tf.key)
	equal(tf.t, "drift", tf.changes(guest), "code name")
	tf.applied(guest)
	equal(tf.t, "name on the server", text(tf.seen(), "name"), "Guest")
	equal(tf.t, "PIN on the server", text(tf.seen(), "code"), text(guest, "code"))
	tf.destroyed()
}

func replace(tf *terraform) {
	guest := tf.guest()
	tf.applied(guest)
	id := tf.has("id")
	tf.server.ok(tf.t, "/access_codes/delete", object{"access_code_id": id})
	tf.restart(tf.key)
	says := tf.refresh()
	tf.ok(says)
	saying(tf.t, says.warnings(), "Removed outside Terraform", id)
	equal(tf.t, "the state is empty", tf.state.IsNull(), true)
	tf.applied(guest)
	equal(tf.t, "the id is the old one", tf.has("id") == id, false)
	tf.destroyed()
}

func keepGhost(tf *terraform) {
	guest := tf.guest()
	pin := text(guest, "code")
	tf.applied(guest)
	id := tf.has("id")
	left := tf.addUnmanaged(tf.t, pin)
	says := tf.destroy()
	saying(tf.t, says.errors(), "Unable to delete access code", left, "still opens the door")
	without(tf.t, pin, says.errors()+says.warnings())
	equal(tf.t, "the state keeps it", tf.has("id"), id)
	tf.restart(tf.key)
	says = tf.refresh()
	tf.ok(says)
	saying(tf.t, says.warnings(), "Removal not proven", left)
	without(tf.t, pin, says.warnings())
	tf.removeUnmanaged(tf.t, left)
	tf.restart(tf.key)
	says = tf.destroy()
	tf.ok(says)
	saying(tf.t, says.warnings(), "Removal complete", "no longer lists its PIN")
	equal(tf.t, "the state is empty", tf.state.IsNull(), true)
	tf.missing(tf.t, id)
}

func takenPIN(tf *terraform) {
	guest := tf.guest()
	pin := text(guest, "code")
	taken := tf.server.ok(tf.t, "/access_codes/create", object{"device_id": tf.lock, "code": pin})
	says := tf.apply(guest)
	saying(tf.t, says.errors(), "Unable to create access code", "already has an access code with this PIN")
	without(tf.t, pin, says.errors()+says.warnings())
	id := text(taken, "access_code", "access_code_id")
	equal(tf.t, "the import is spelled out", strings.Contains(says.errors(), "terraform import") && strings.Contains(says.errors(), id), either(tf.server, duplicateHasNoID, false, true))
	equal(tf.t, "the state is empty", tf.state.IsNull(), true)
}

func waitForSet(tf *terraform) {
	guest := with(tf.guest(), object{"wait_for_set": true, "timeouts": object{"create": "2s"}})
	says := tf.apply(guest)
	tf.ok(says)
	equal(tf.t, "warns", strings.Contains(says.warnings(), "not on the lock yet"), either(tf.server, statusStaysSetting, true, false))
	equal(tf.t, "changes after apply", tf.changes(guest), "")
	tf.destroyed()
}

func imports(tf *terraform) {
	guest := tf.guest()
	made := tf.server.ok(tf.t, "/access_codes/create", guest)
	tf.importID(text(made, "access_code", "access_code_id"))
	equal(tf.t, "changes after import", tf.changes(guest), "")
	tf.destroyed()
}

func keyGoesWrong(tf *terraform) {
	guest := tf.guest()
	tf.applied(guest)
	id := tf.has("id")
	tf.restart("seam_wrong")
	for _, says := range []said{tf.refresh(), tf.destroy(), tf.apply(with(guest, object{"name": "Renamed"}))} {
		saying(tf.t, says.errors(), either(tf.server, wrongKeyIsASession, "missing_workspace_id", "unauthorized"))
		without(tf.t, "seam_wrong", says.errors())
		equal(tf.t, "the state keeps it", tf.has("id"), id)
	}
	tf.restart(tf.foreignKey)
	saying(tf.t, tf.destroy().errors(), "belong to workspace", tf.workspace)
	tf.restart(tf.key)
	equal(tf.t, "changes", tf.changes(guest), "")
	tf.destroyed()
}
