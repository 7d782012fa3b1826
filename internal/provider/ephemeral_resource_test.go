package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccessCode_ephemeralPINReachesNoState(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code_wo": "4821", "code_wo_version": 1, "name": "Guest"}))
		o := h.mustOpen("seam_access_code", values{"id": h.id()})
		requireEqual(t, "opened", []any{o.Values["code"], o.Values["name"], o.Values["device_id"], o.Values["status"]}, []any{"4821", "Guest", h.lock.ID, "set"})
		requireAbsent(t, string(o.Private), "4821")
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		h.requireOpenError("seam_access_code", values{"id": missingID}, "Unable to open access code", "no access code "+missingID, "Check the id")
		h.requireOpenError("seam_access_code", values{"id": h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319"})}, "not managed", "adopt_access_code_id")
	})
}

func TestClientSession_isRevokedOnClose(t *testing.T) {
	withHarness(t, func(h *harness) {
		ends := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		o := h.mustOpen("seam_client_session", values{"customer_key": "acme", "expires_at": ends, "connected_account_ids": []string{h.lock.ConnectedAccountID()}})
		made := h.seam.Objects("client_session")[0]
		requireEqual(t, "opened", []any{o.Values["token"], o.Values["id"], o.Values["expires_at"], made.Text("customer_key"), made.State}, []any{made.Text("token"), made.ID, ends, "acme", seamtest.StateLive})
		requireAbsent(t, string(o.Private), made.Text("token"))
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		requireEqual(t, "state", h.seam.Objects("client_session")[0].State, seamtest.StateRevoked)
	})
}

func TestClientSession_goneOrNotRevocable(t *testing.T) {
	withHarness(t, func(h *harness) {
		gone := h.mustOpen("seam_client_session", values{})
		h.seam.RemoveObject("client_session", fmt.Sprint(gone.Values["id"]))
		h.requireNoDiagnostics(h.CloseEphemeral(gone))
		o := h.mustOpen("seam_client_session", values{})
		h.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/revoke", Status: 500})
		h.requireError(h.CloseEphemeral(o), "Unable to close client session", fmt.Sprint(o.Values["id"]), "is still valid")
	})
}

func TestClientSession_createIsSentOnce(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EchoSecrets(true)
		h.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/create", Drop: seamtest.DropAfter, Times: 1})
		h.requireOpenError("seam_client_session", values{}, "Unable to open client session", "no answer")
		h.requireRequests("/client_sessions/create", 1)
		h.requireOpenError("seam_client_session", values{"expires_at": "tomorrow"}, "RFC 3339")
		h.requireOpenError("seam_client_session", values{"expires_at": "1999-01-01T00:00:00Z"}, "Unable to open client session", "expires_at")
	})
}
