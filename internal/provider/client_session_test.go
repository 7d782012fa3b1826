package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
)

const (
	firstAccount  = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a01"
	secondAccount = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a02"
)

func TestClientSession_conforms(t *testing.T) {
	c := acctest.NounCase("client_session", "client_sessions")
	c.Replaces = "user_identifier_key"
	c.Configs = func(*acctest.Harness) (before, after, other arguments) {
		before = arguments{"user_identifier_key": "ana", "customer_key": "acme", "connected_account_ids": []string{firstAccount}}
		return before, before.With(arguments{"connected_account_ids": []string{firstAccount, secondAccount}}), before.With(arguments{"user_identifier_key": "ben"})
	}
	c.OtherPaths = []string{"/client_sessions/grant_access", "/client_sessions/delete"}
	c.Secrets = func(h *acctest.Harness) (secrets []string) {
		for _, s := range h.Seam.Objects("client_session") {
			secrets = append(secrets, s.Text("token"))
		}
		return secrets
	}
	conform(t, c)
}

func withSession(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_client_session", test)
}

// Does the token reach the state, the private state or the plan?
func TestClientSession_tokenIsNotInTheState(t *testing.T) {
	withSession(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(values{"user_identifier_key": "ana"}))
		h.requireNoDiagnostics(h.refresh())
		token := h.seam.Objects("client_session")[0].Text("token")
		requireAbsent(t, h.PrintedText(acctest.GoValue(h.State))+h.PrivateText(), token)
		got := h.mustReadDataSource("seam_client_session", values{"id": h.id()})
		requireAbsent(t, h.PrintedText(got), token)
	})
}

// Does a session keep access that the configuration takes away?
func TestClientSession_lostAccessReplaces(t *testing.T) {
	withSession(t, func(h *harness) {
		both := values{"user_identifier_key": "ana", "connected_account_ids": []string{firstAccount, secondAccount}}
		h.requireNoDiagnostics(h.apply(both))
		before := h.id()
		for _, ids := range []any{nil, []string{}, []string{firstAccount}} {
			requireEqual(t, "replaces", h.plan(both.with(values{"connected_account_ids": ids})).Replaces, []string{"connected_account_ids"})
		}
		one := both.with(values{"connected_account_ids": []string{firstAccount}})
		h.requireNoDiagnostics(h.apply(one))
		h.requireSettled(one)
		sessions := h.seam.Objects("client_session")
		if h.id() == before || len(sessions) != 1 || len(sessions[0].Texts("connected_account_ids")) != 1 {
			t.Errorf("there is %v", sessions)
		}
		none := both.with(values{"connected_account_ids": []string{}})
		h.requireNoDiagnostics(h.apply(none))
		h.requireSettled(none)
	})
}

func TestClientSession_takenKeyIsExplained(t *testing.T) {
	withSession(t, func(h *harness) {
		taken := h.seam.AddObject("client_session", map[string]any{"user_identifier_key": "ana"})
		h.requireError(h.apply(values{"user_identifier_key": "ana"}), "Unable to create client session", taken.ID+" has this user_identifier_key", "terraform import 'ADDRESS' "+taken.ID)
		h.requireNoState()
	})
}
