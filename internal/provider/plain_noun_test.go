package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// plainNouns are nouns whose removal needs no lock, with the path of their API and a configuration.
var plainNouns = map[string]struct {
	path   string
	config func(*harness) values
}{
	"space":           {"/spaces", func(*harness) values { return values{"name": "Room"} }},
	"user_identity":   {"/user_identities", func(*harness) values { return ana }},
	"client_session":  {"/client_sessions", func(*harness) values { return values{"user_identifier_key": "ana"} }},
	"webhook":         {"/webhooks", func(*harness) values { return webhookConfig() }},
	"connect_webview": {"/connect_webviews", func(*harness) values { return values{"customer_key": "acme"} }},
	"connected_account": {"/connected_accounts", func(h *harness) values {
		return values{"connected_account_id": h.seam.AddObject("connected_account", nil).ID, "on_destroy": "delete"}
	}},
}

// Does one answer that is out of date drop an object from the state, or end its destroy?
func TestPlainNoun_oneAnswerIsNotEnough(t *testing.T) {
	for noun, n := range plainNouns {
		for run, test := range map[string]func(*harness){
			"refresh": func(h *harness) {
				h.disableBulkRead()
				h.seam.InjectFault(stale404(n.path+"/get", noun))
				h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refresh()) })
			},
			"destroy": func(h *harness) {
				h.restart()
				h.seam.SetDeleteLag(noun, seamtest.DeleteLag{Get: time.Minute, List: time.Minute})
				fault := stale404(n.path+"/get", noun)
				fault.Match = h.after(n.path + "/delete")
				h.seam.InjectFault(fault)
				h.requireNoError(h.destroyWithoutRefresh())
				requireEqual(h.t, "left", len(h.seam.Objects(noun)), 0)
			},
		} {
			subtestFor(t, "seam_"+noun, noun+", "+run, func(h *harness) {
				h.requireNoError(h.apply(n.config(h)))
				test(h)
			})
		}
	}
}

// Does a link of two objects leave the state because of one answer?
func TestUserIdentityAcsUser_refreshAsksTwice(t *testing.T) {
	withIdentityLink(t, func(h *harness, _ values) {
		h.disableBulkRead()
		h.seam.InjectFault(stale404("/acs/users/get", "acs_user"))
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refresh()) })
	})
}
