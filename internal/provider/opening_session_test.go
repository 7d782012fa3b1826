package provider

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func errorsIn(diags []*tfprotov6.Diagnostic) string {
	return text(diags, tfprotov6.DiagnosticSeverityError)
}

// Terraform refuses a result that is not what is configured, and then nobody revokes it.
func TestClientSessionEndsWhenItIsConfiguredTo(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Now().Add(time.Hour)
		for _, spelling := range []string{at.UTC().Format(time.RFC3339), at.UTC().Format("2006-01-02T15:04:05.000Z"), at.In(time.FixedZone("", 7200)).Format(time.RFC3339), at.UTC().Format("2006-01-02T15:04:05.123456Z")} {
			o, diags := w.open("seam_client_session", values{"expires_at": spelling})
			w.silent(diags)
			same(t, "expires_at", o.values["expires_at"], spelling)
			w.silent(w.close(o))
		}
		for _, other := range []string{`null`, `"` + at.Add(time.Minute).UTC().Format(time.RFC3339) + `"`} {
			w.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/create", Times: 1, Replace: func(status int, body []byte) (int, []byte) {
				asked := []byte(`"` + at.UTC().Format("2006-01-02T15:04:05.000Z") + `"`)
				return status, bytes.ReplaceAll(body, asked, []byte(other))
			}})
			spelling := at.UTC().Format(time.RFC3339)
			o, diags := w.open("seam_client_session", values{"expires_at": spelling})
			w.ok(diags)
			same(t, "expires_at", o.values["expires_at"], spelling)
			w.silent(w.close(o))
		}
		o, diags := w.open("seam_client_session", values{})
		w.silent(diags)
		made := w.seam.ClientSessions()
		same(t, "expires_at", o.values["expires_at"], made[len(made)-1].ExpiresAt.UTC().Format(time.RFC3339))
		w.silent(w.close(o))
		for _, s := range w.seam.ClientSessions() {
			same(t, "session", s.State, seamtest.SessionRevoked)
		}
	})
}

func TestClientSessionWhoseAnswerIsLostEndsByItself(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"dropped": {Drop: seamtest.DropAfter}, "broken": {Truncate: true}, "500": {Status: 500, Processed: true}, "nonsense": {Status: 200, Processed: true, ContentType: "application/json", Body: "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				fault.Path = "/client_sessions/create"
				w.seam.InjectFault(fault)
				_, diags := w.open("seam_client_session", values{})
				w.fails(diags, "Unable to open client session", "may have been made", "Nobody has its token", "Run again", "expires_at")
				w.asked("/client_sessions/create", 1)
			})
		})
	}
}

func TestClientSessionThatIsNotAllowedIsNotSaidToExist(t *testing.T) {
	for _, fault := range []seamtest.Fault{{Status: 401, Type: "unauthorized", Message: "No"}, {Status: 403, Type: "forbidden", Message: "No"}, {Status: 400, Type: "invalid_input", Message: "No"}} {
		inWorld(t, func(w *world) {
			fault.Path = "/client_sessions/create"
			w.seam.InjectFault(fault)
			_, diags := w.open("seam_client_session", values{})
			w.fails(diags, "Unable to open client session", fault.Type)
			if said := errorsIn(diags); strings.Contains(said, "may have been made") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// The end of a run is often an interruption.
func TestClientSessionIsRevokedAfterAnInterruption(t *testing.T) {
	inWorld(t, func(w *world) {
		o, diags := w.open("seam_client_session", values{})
		w.silent(diags)
		w.interrupt()
		w.silent(w.close(o))
		same(t, "session", w.seam.ClientSessions()[0].State, seamtest.SessionRevoked)
	})
}

func TestClosingEndsWhenItIsInterrupted(t *testing.T) {
	inWorld(t, func(w *world) {
		o, diags := w.open("seam_client_session", values{})
		w.silent(diags)
		w.seam.InjectFault(slow("/client_sessions/revoke"))
		time.AfterFunc(5*time.Second, w.interrupt)
		w.lasts(5*time.Second, func() {
			w.fails(w.close(o), "Unable to close client session", fmt.Sprint(o.values["id"]), "still valid", "Revoke it in the Seam console")
		})
	})
}

func TestATokenIsNowhereButInTheResult(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EchoSecrets(true)
		o, diags := w.open("seam_client_session", values{"customer_key": "acme"})
		w.silent(diags)
		token := fmt.Sprint(o.values["token"])
		w.seam.InjectFault(seamtest.Fault{Path: "/client_sessions/revoke", Status: 400, Type: "invalid_input", Message: "Cannot revoke " + token})
		diags = w.close(o)
		w.fails(diags, "Cannot revoke ****")
		o.values["token"] = nil
		for where, text := range map[string]string{"diagnostics": errorsIn(diags), "private": privateState(t, o.private), "result": w.printed(o.values), "log": w.written()} {
			if strings.Contains(text, token) {
				t.Errorf("the token is in the %s: %s", where, text)
			}
		}
	})
}
