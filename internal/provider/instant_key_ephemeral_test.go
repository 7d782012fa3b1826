package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (f *grantFixture) openKey(more values) acctest.Ephemeral {
	f.t.Helper()
	o, diags := f.OpenEphemeral("seam_instant_key", values{"user_identity_id": f.person}.with(more))
	f.requireNoDiagnostics(diags)
	return o
}

func (f *grantFixture) keyState(o acctest.Ephemeral) string {
	return f.seam.Object("instant_key", fmt.Sprint(o.Values["id"])).State
}

func TestInstantKey_isDeletedOnClose(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		var sent map[string]any
		f.onRequest("/user_identities/generate_instant_key", func(body map[string]any) { sent = body })
		o := f.openKey(values{"max_use_count": 3})
		made := f.seam.Objects("instant_key")[0]
		requireEqual(t, "sent", sent, map[string]any{"user_identity_id": f.person, "max_use_count": 3.0})
		requireEqual(t, "opened", []any{o.Values["id"], o.Values["url"], o.Values["client_session_id"], o.Values["expires_at"]},
			[]any{made.ID, made.Text("instant_key_url"), made.Text("client_session_id"), "2000-01-08T00:00:00Z"})
		f.requireNoDiagnostics(f.CloseEphemeral(o))
		requireEqual(t, "keys", len(f.ListedIDs("/instant_keys/list", "instant_keys", "instant_key_id", values{})), 0)
	})
}

func TestInstantKey_keepLeavesIt(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		o := f.openKey(values{"keep": true})
		f.requireNoDiagnostics(f.CloseEphemeral(o))
		requireEqual(t, "state", f.keyState(o), seamtest.StateLive)
		f.requireRequests("/instant_keys/delete", 0)
	})
}

// The close returns only on Seam's own answer that there is no such key.
func TestInstantKey_closeWaitsForProof(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.SetDeleteLag("instant_key", seamtest.DeleteLag{Get: time.Minute})
		o := f.openKey(nil)
		f.requireNoDiagnostics(f.CloseEphemeral(o))
		requireEqual(t, "keys", len(f.ListedIDs("/instant_keys/list", "instant_keys", "instant_key_id", values{})), 0)
		o = f.openKey(nil)
		f.seam.RemoveObject("instant_key", fmt.Sprint(o.Values["id"]))
		f.requireNoDiagnostics(f.CloseEphemeral(o)) // somebody else has deleted it
		for _, fault := range []seamtest.Fault{seamtest.HTML404("/instant_keys/get"), status500Fault("/instant_keys/get"), status500Fault("/instant_keys/delete")} {
			o = f.openKey(nil)
			injected := f.seam.InjectFault(fault)
			f.requireError(f.CloseEphemeral(o), "Unable to close instant key", fmt.Sprint(o.Values["id"]), "not proven", "may still work", "Delete it in the Seam console")
			injected.Remove()
		}
	})
}

func TestInstantKey_lostCreateSaysWhatIsLeft(t *testing.T) {
	forEachFor(t, "seam_access_grant", map[string]seamtest.Fault{
		"dropped": {Drop: seamtest.DropAfter}, "broken": {Truncate: true}, "500": {Status: 500, Processed: true},
		"without a key":  {Status: 200, Processed: true, ContentType: "application/json", Body: "{}"},
		"without a link": {Status: 200, Processed: true, ContentType: "application/json", Body: `{"instant_key":{"instant_key_id":"` + missingID + `"}}`},
	}, func(h *harness, fault seamtest.Fault) {
		fault.Path = "/user_identities/generate_instant_key"
		h.seam.InjectFault(fault)
		_, diags := h.OpenEphemeral("seam_instant_key", values{"user_identity_id": newGrantFixture(h).person})
		h.requireError(diags, "Unable to open instant key", "not known whether an instant key was created", "Run again", "nobody has its link", "expires by itself", "Seam console")
		h.requireRequests(fault.Path, 1)
	})
}

func TestInstantKey_refusedCreate(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		_, diags := f.OpenEphemeral("seam_instant_key", values{"user_identity_id": missingID})
		f.requireError(diags, "Unable to open instant key", "user_identity_not_found")
		if said := errorText(diags); strings.Contains(said, "not known whether") {
			t.Errorf("it says %s", said)
		}
		for _, wrong := range []values{{}, {"user_identity_id": ""}, {"user_identity_id": f.person, "max_use_count": 0}, {"user_identity_id": f.person, "customization_profile_id": ""}} {
			if _, diags := f.OpenEphemeral("seam_instant_key", wrong); !hasError(diags) {
				t.Errorf("%v is accepted", wrong)
			}
		}
		requireEqual(t, "keys", len(f.seam.Objects("instant_key")), 0)
	})
}

// The end of a run is often an interruption.
func TestInstantKey_interrupt(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		o, slow := f.openKey(nil), f.openKey(nil)
		f.Interrupt()
		f.requireNoDiagnostics(f.CloseEphemeral(o))
		f.restart()
		f.seam.InjectFault(slowFault("/instant_keys/get"))
		time.AfterFunc(5*time.Second, f.Interrupt)
		f.requireDuration(5*time.Second, func() {
			f.requireError(f.CloseEphemeral(slow), "Unable to close instant key", fmt.Sprint(slow.Values["id"]), "may still work")
		})
	})
}

func TestInstantKey_linkIsInTheResultOnly(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.EchoSecrets(true)
		o := f.openKey(nil)
		link := fmt.Sprint(o.Values["url"])
		f.seam.InjectFault(seamtest.Fault{Path: "/instant_keys/delete", Status: 400, Type: "invalid_input", Message: "Cannot delete " + link})
		diags := f.CloseEphemeral(o)
		f.requireError(diags, "Cannot delete ****")
		o.Values["url"] = nil
		for where, text := range map[string]string{"diagnostics": errorText(diags), "private": privateStateText(t, o.Private), "result": f.PrintedText(o.Values), "log": f.writtenText()} {
			if strings.Contains(text, link) {
				t.Errorf("the link is in the %s: %s", where, text)
			}
		}
	})
}
