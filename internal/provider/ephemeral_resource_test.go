package provider

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

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

// Does a token stay valid because one answer to the revocation is out of date?
func TestClientSession_revokedTwiceIfMissing(t *testing.T) {
	withHarness(t, func(h *harness) {
		o := h.mustOpen("seam_client_session", values{})
		h.seam.InjectFault(stale404("/client_sessions/revoke", "client_session"))
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		requireEqual(t, "state", h.seam.Objects("client_session")[0].State, seamtest.StateRevoked)
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

func errorText(diags []*tfprotov6.Diagnostic) string {
	return diagnosticText(diags, tfprotov6.DiagnosticSeverityError)
}

// Terraform refuses a result that is not what is configured, and then nobody revokes it.
func TestClientSession_configuredExpiryIsKept(t *testing.T) {
	withHarness(t, func(h *harness) {
		at := time.Now().Add(time.Hour)
		for _, spelling := range []string{at.UTC().Format(time.RFC3339), at.UTC().Format("2006-01-02T15:04:05.000Z"), at.In(time.FixedZone("", 7200)).Format(time.RFC3339), at.UTC().Format("2006-01-02T15:04:05.123456Z")} {
			o := h.mustOpen("seam_client_session", values{"expires_at": spelling})
			requireEqual(t, "expires_at", o.Values["expires_at"], spelling)
			h.requireNoDiagnostics(h.CloseEphemeral(o))
		}
		for _, other := range []string{`null`, `"` + at.Add(time.Minute).UTC().Format(time.RFC3339) + `"`} {
			h.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/create", Times: 1, Replace: func(status int, body []byte) (int, []byte) {
				asked := []byte(`"` + at.UTC().Format("2006-01-02T15:04:05.000Z") + `"`)
				return status, bytes.ReplaceAll(body, asked, []byte(other))
			}})
			spelling := at.UTC().Format(time.RFC3339)
			o, diags := h.OpenEphemeral("seam_client_session", values{"expires_at": spelling})
			h.requireNoError(diags)
			requireEqual(t, "expires_at", o.Values["expires_at"], spelling)
			h.requireNoDiagnostics(h.CloseEphemeral(o))
		}
		o := h.mustOpen("seam_client_session", values{})
		made := h.seam.Objects("client_session")
		expires, _ := time.Parse(time.RFC3339, made[len(made)-1].Text("expires_at"))
		requireEqual(t, "expires_at", o.Values["expires_at"], expires.Format(time.RFC3339))
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		for _, s := range h.seam.Objects("client_session") {
			requireEqual(t, "session", s.State, seamtest.StateRevoked)
		}
	})
}

func TestClientSession_lostCreateExpires(t *testing.T) {
	forEach(t, map[string]seamtest.Fault{
		"dropped": {Drop: seamtest.DropAfter}, "broken": {Truncate: true}, "500": {Status: 500, Processed: true}, "nonsense": {Status: 200, Processed: true, ContentType: "application/json", Body: "{}"},
	}, func(h *harness, fault seamtest.Fault) {
		fault.Path = "/client_sessions/create"
		h.seam.InjectFault(fault)
		h.requireOpenError("seam_client_session", values{}, "Unable to open client session", "not known whether a client session was created", "nobody has its token", "Run again", "expires_at")
		h.requireRequests("/client_sessions/create", 1)
	})
}

func TestClientSession_refusedCreateIsNotReportedAsExisting(t *testing.T) {
	for _, fault := range []seamtest.Fault{{Status: 401, Type: "unauthorized", Message: "No"}, {Status: 403, Type: "forbidden", Message: "No"}, {Status: 400, Type: "invalid_input", Message: "No"}} {
		withHarness(t, func(h *harness) {
			fault.Path = "/client_sessions/create"
			h.seam.InjectFault(fault)
			_, diags := h.OpenEphemeral("seam_client_session", values{})
			h.requireError(diags, "Unable to open client session", fault.Type)
			requireAbsent(t, errorText(diags), "not known whether")
		})
	}
}

// The end of a run is often an interruption.
func TestClientSession_isRevokedAfterAnInterrupt(t *testing.T) {
	withHarness(t, func(h *harness) {
		o := h.mustOpen("seam_client_session", values{})
		h.Interrupt()
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		requireEqual(t, "session", h.seam.Objects("client_session")[0].State, seamtest.StateRevoked)
	})
}

func TestClientSession_interruptEndsTheClose(t *testing.T) {
	withHarness(t, func(h *harness) {
		o := h.mustOpen("seam_client_session", values{})
		h.seam.InjectFault(slowFault("/client_sessions/revoke"))
		time.AfterFunc(5*time.Second, h.Interrupt)
		h.requireDuration(5*time.Second, func() {
			h.requireError(h.CloseEphemeral(o), "Unable to close client session", fmt.Sprint(o.Values["id"]), "still valid", "Revoke it in the Seam console")
		})
	})
}

func TestClientSession_tokenIsInTheResultOnly(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EchoSecrets(true)
		o := h.mustOpen("seam_client_session", values{"customer_key": "acme"})
		token := fmt.Sprint(o.Values["token"])
		h.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/revoke", Status: 400, Type: "invalid_input", Message: "Cannot revoke " + token})
		diags := h.CloseEphemeral(o)
		h.requireError(diags, "Cannot revoke ****")
		o.Values["token"] = nil
		for _, text := range []string{errorText(diags), privateStateText(t, o.Private), h.PrintedText(o.Values), h.writtenText()} {
			requireAbsent(t, text, token)
		}
	})
}
