package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestPINIsReadForOneRunOnly(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(values{"device_id": w.lock.ID, "code_wo": "4821", "code_wo_version": 1, "name": "Guest"}))
		o, diags := w.open("seam_access_code", values{"id": w.id()})
		w.silent(diags)
		same(t, "opened", []any{o.values["code"], o.values["name"], o.values["device_id"], o.values["status"]}, []any{"4821", "Guest", w.lock.ID, "set"})
		if strings.Contains(string(o.private), "4821") {
			t.Error("the PIN is kept")
		}
		w.silent(w.close(o))
		_, diags = w.open("seam_access_code", values{"id": nobody})
		w.fails(diags, "Unable to open access code", "no access code "+nobody, "Check the id")
		_, diags = w.open("seam_access_code", values{"id": w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319"})})
		w.fails(diags, "not managed", "adopt_access_code_id")
	})
}

func TestClientSessionIsRevokedAtTheEnd(t *testing.T) {
	inWorld(t, func(w *world) {
		ends := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		o, diags := w.open("seam_client_session", values{"customer_key": "acme", "expires_at": ends, "connected_account_ids": []string{w.lock.ConnectedAccountID()}})
		w.silent(diags)
		made := w.seam.ClientSessions()[0]
		same(t, "opened", []any{o.values["token"], o.values["id"], o.values["expires_at"], made.CustomerKey, made.State}, []any{made.Token, made.ID, ends, "acme", seamtest.SessionLive})
		if strings.Contains(string(o.private), made.Token) {
			t.Error("the token is kept")
		}
		w.silent(w.close(o))
		same(t, "state", w.seam.ClientSessions()[0].State, seamtest.SessionRevoked)
	})
}

func TestClientSessionThatIsGoneOrCannotBeRevoked(t *testing.T) {
	inWorld(t, func(w *world) {
		gone, diags := w.open("seam_client_session", values{})
		w.silent(diags)
		w.seam.RemoveClientSession(fmt.Sprint(gone.values["id"]))
		w.silent(w.close(gone))
		o, diags := w.open("seam_client_session", values{})
		w.silent(diags)
		w.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/revoke", Status: 500})
		w.fails(w.close(o), "Unable to close client session", fmt.Sprint(o.values["id"]), "is still valid")
	})
}

func TestClientSessionIsAskedForOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EchoSecrets(true)
		w.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/create", Drop: seamtest.DropAfter, Times: 1})
		_, diags := w.open("seam_client_session", values{})
		w.fails(diags, "Unable to open client session", "no answer")
		w.asked("/client_sessions/create", 1)
		_, diags = w.open("seam_client_session", values{"expires_at": "tomorrow"})
		w.fails(diags, "RFC 3339")
		_, diags = w.open("seam_client_session", values{"expires_at": "1999-01-01T00:00:00Z"})
		w.fails(diags, "Unable to open client session", "expires_at")
	})
}
