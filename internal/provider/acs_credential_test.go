package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAcsCredential_conforms(t *testing.T) {
	c := acctest.NounCase("acs_credential", "acs_credentials")
	c.Configs = func(h *acctest.Harness) (before, after, other arguments) {
		system := h.Seam.AddAccessSystem("brivo_account").ID
		user := func(name string) string {
			return h.Seam.AddObject("acs_user", map[string]any{"acs_system_id": system, "full_name": name}).ID
		}
		before = arguments{"acs_user_id": user("Ana"), "access_method": "code", "code": canary}
		return before, before.With(arguments{"code": otherCanary, "ends_at": "2100-01-01T00:00:00Z"}), before.With(arguments{"acs_user_id": user("Ben")})
	}
	c.Create, c.Get, c.List, c.Replaces = "/acs/credentials/create", "/acs/credentials/get", "/acs/credentials/list", "acs_user_id"
	c.IDs = func(h *acctest.Harness) []string {
		return h.ListedIDs("/acs/credentials/list", "acs_credentials", "acs_credential_id", nil)
	}
	c.OtherPaths = []string{"/acs/credentials/update", "/acs/credentials/delete"}
	c.Secrets = func(*acctest.Harness) []string { return []string{canary, otherCanary} }
	conform(t, c)
}

// withAcsCredential makes a credential by Terraform for a user who may open the door.
func withAcsCredential(t *testing.T, externalType string, config values, test func(*systemFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_acs_credential", func(h *harness) {
		f := &systemFixture{harness: h}
		f.system = h.seam.AddAccessSystem(externalType).ID
		f.door = h.seam.AddEntrance(f.system, nil).ID
		f.staff = h.seam.AddAccessGroup(f.system, "Staff", f.door).ID
		f.user = h.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ana"}).ID
		h.seam.SetMembership(f.staff, f.user, true)
		f.config = values{"acs_user_id": f.user, "access_method": "code", "timeouts": values{"update": "1m", "delete": "2m"}}.with(config)
		h.requireNoError(h.apply(f.config))
		f.pin = h.id()
		h.restart()
		test(f)
	})
}

// Does one answer that is out of date end a destroy while the PIN opens the door?
func TestAcsCredential_staleAnswersProveNothing(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"no such credential":        stale404("/acs/credentials/get", "acs_credential"),
		"no such credential, later": {Path: "/acs/credentials/get", Skip: 1, Status: 404, Type: "acs_credential_not_found", Times: 1},
		"nothing to delete":         stale404("/acs/credentials/delete", "acs_credential"),
		"no credentials":            emptyList("/acs/credentials/list", "acs_credentials"),
		"another 404":               {Path: "/acs/credentials/get", Status: 404, Type: "acs_user_not_found", Times: 1},
	} {
		for kind, lag := range map[string]seamtest.DeleteLag{"slow": {Get: time.Minute, List: time.Minute}, "not listed": {Get: time.Minute}} {
			t.Run(name+", "+kind, func(t *testing.T) {
				withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
					child := f.childOf(f.pin)
					f.requireDoor(child, true)
					f.seam.SetDeleteLag("acs_credential", lag)
					f.seam.InjectFault(fault)
					if hasError(f.destroyWithoutRefresh()) {
						advanceClock(time.Minute)
						f.restart()
						f.requireNoError(f.destroyWithoutRefresh())
					}
					f.requireNoState()
					f.requireDoor(f.pin, false)
					f.requireDoor(child, false)
				})
			})
		}
	}
}

func TestAcsCredential_thatLingers(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		receipts := f.recordReceipts()
		f.seam.KeepOnDelete(f.pin)
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "Unable to delete acs credential", "Seam still has acs credential "+f.pin, "may still open")
		})
		f.seam.KeepOnDelete()
		f.restart()
		f.requireNoError(f.destroy())
		f.requireNoState()
		f.requireDoor(f.pin, false)
		if r := f.requireReceipt(receipts); r.AcsCredentialID != f.pin || r.Grade != "seam" || len(r.Credentials) != 1 {
			t.Errorf("receipt %+v", r)
		}
	})
}

func TestAcsCredential_cardOfAnOfflineSystem(t *testing.T) {
	ends := values{"access_method": "card", "ends_at": "2000-01-02T00:00:00Z"}
	withAcsCredential(t, "visionline_system", ends, func(f *systemFixture) {
		f.seam.EncodeCard(f.pin)
		another := f.newObject("seam_acs_credential")
		another.requireWarning(another.plan(f.config).Diags, "Revocation will not be provable")
		replacement := f.config.with(values{"access_method": "mobile_key"}) // Terraform drops the warnings of its create
		f.requireWarning(f.plan(replacement).Diags, "Revocation will not be provable")
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "not provable", f.pin, "Collect the card") })
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven")
		advanceClock(25 * time.Hour)
		f.restart()
		f.requireNoError(f.destroyWithoutRefresh())
		f.requireNoState()
		f.requireDoor(f.pin, false)
	})
}

// Is a card that was never written provably gone?
func TestAcsCredential_cardThatWasNotWritten(t *testing.T) {
	withAcsCredential(t, "visionline_system", values{"access_method": "card"}, func(f *systemFixture) {
		f.requireNoError(f.destroy())
		f.requireNoState()
	})
}

func TestAcsCredential_changedPINIsConfirmed(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code": "48210"}, func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Credential: 30 * time.Second})
		changed := f.config.with(values{"code": "73190"})
		f.requireWithin(30*time.Second, time.Minute, func() { f.requireNoDiagnostics(f.apply(changed)) })
		f.requireSettled(changed)
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Credential: 10 * time.Minute})
		f.requireError(f.apply(f.config), "Unable to update acs credential", "has not confirmed")
		f.restart()
		f.requireNoError(f.refresh())
		f.requireUpdate(f.config)
	})
}

// Does a PIN that an earlier apply has sent open the door, after an apply of a configuration with another one?
func TestAcsCredential_earlierPendingPINDoesNotComeIntoEffect(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code": "48210"}, func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Credential: 3 * time.Minute})
		f.requireError(f.apply(f.config.with(values{"code": "73190", "ends_at": "2100-01-01T00:00:00Z"})), "has not confirmed")
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{})
		f.restart()
		f.requireNoError(f.apply(f.config.with(values{"ends_at": "2099-01-01T00:00:00Z"})))
		advanceClock(5 * time.Minute)
		requireEqual(t, "PIN", f.seam.Object("acs_credential", f.pin).Text("code"), "48210")
	})
}

func TestAcsCredential_PINThatTheSystemChooses(t *testing.T) {
	withHarnessFor(t, "seam_acs_credential", func(h *harness) {
		user := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": h.seam.AddAccessSystem("salto_ks_site").ID, "full_name": "Ana"}).ID
		h.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Code: 5 * time.Second})
		config := values{"acs_user_id": user, "access_method": "code"}
		h.requireNoDiagnostics(h.apply(config))
		requireEqual(t, "PIN", h.attribute("code"), h.seam.Object("acs_credential", h.id()).Text("code"))
		h.requireSettled(config)
		h.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Code: 5 * time.Minute})
		late := h.newObject("seam_acs_credential")
		late.requireWarningOnly(late.apply(config), "No PIN yet")
		advanceClock(5 * time.Minute)
		late.restart()
		late.requireSettled(config)
	})
}
