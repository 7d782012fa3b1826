package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// withAna makes a person who has the PIN 4821 for the front door, and force_destroy.
func withAna(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana.with(values{"force_destroy": true})))
		h.grantFor(h.id(), "4821")
		test(h)
	})
}

// grantFor gives a person a PIN for the front door, past Terraform.
func (h *harness) grantFor(person, pin string) {
	h.t.Helper()
	h.Call("/access_grants/create", map[string]any{
		"user_identity_id": person, "device_ids": []any{h.lock.ID}, "requested_access_methods": []any{values{"mode": "code", "code": pin}},
	})
}

// Does one answer that is out of date end a destroy that has not removed anything?
func TestUserIdentity_staleAnswersRemoveNothing(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"no such person": stale404("/user_identities/get", "user_identity"),
		"no grants":      emptyList("/access_grants/list", "access_grants"),
	} {
		t.Run(name, func(t *testing.T) {
			withAna(t, func(h *harness) {
				h.restart()
				h.seam.InjectFault(fault)
				h.mustDestroyWithoutRefresh("4821")
				if people := h.seam.Objects("user_identity"); len(people) > 0 {
					t.Errorf("the person is still there: %v", people)
				}
			})
		})
	}
}

// Does a server that ignores the filter make force_destroy remove the access of other people?
func TestUserIdentity_otherPeopleKeepTheirAccess(t *testing.T) {
	withAna(t, func(h *harness) {
		other := h.seam.AddObject("user_identity", map[string]any{"full_name": "Ben"}).ID
		h.grantFor(other, "7319")
		h.restart()
		h.seam.InjectFault(seamtest.Fault{Path: "/access_grants/list", Match: hasField("user_identity_id"), Replace: allGrants(h)})
		h.mustDestroyWithoutRefresh("4821")
		h.requireOpens("7319", true)
	})
}

// Is a PIN that a destroy left forgotten once somebody deletes the person?
func TestUserIdentity_unprovenGrantOutlivesThePerson(t *testing.T) {
	for name, destroy := range map[string]func(*harness) diagnostics{"refresh": (*harness).destroy, "no refresh": (*harness).destroyWithoutRefresh} {
		t.Run(name, func(t *testing.T) {
			withAna(t, func(h *harness) {
				h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
				h.restart()
				h.requireError(h.destroy(), "still lists the PIN")
				h.seam.RemoveObject("user_identity", h.id())
				h.restart()
				h.requireStateUnchanged(func() { h.requireError(destroy(h), "Unable to delete user identity") })
				h.seam.RemoveUnmanagedAccessCode(h.lock.UnmanagedAccessCodeIDs()[0])
				h.restart()
				h.requireNoError(destroy(h))
				h.requireGone("4821")
			})
		})
	}
}

// Does the next destroy wait for the keys that the first one has not seen go away?
func TestUserIdentity_keysThatLingerAreAwaitedAgain(t *testing.T) {
	for name, destroy := range map[string]func(*harness) diagnostics{"refresh": (*harness).destroy, "no refresh": (*harness).destroyWithoutRefresh} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_user_identity", func(h *harness) {
				h.requireNoDiagnostics(h.apply(ana.with(values{"timeouts": values{"delete": "2m"}})))
				h.Call("/user_identities/generate_instant_key", map[string]any{"user_identity_id": h.id()})
				h.seam.SetDeleteLag("instant_key", seamtest.DeleteLag{Get: time.Hour, List: time.Hour})
				h.restart()
				h.requireError(h.destroy(), "is still there", "Run destroy again")
				h.restart()
				h.requireStateUnchanged(func() { h.requireError(destroy(h), "is still there") })
				advanceClock(time.Hour)
				h.restart()
				h.requireNoError(destroy(h))
				h.requireNoState()
			})
		})
	}
}

func TestUserIdentity_forceDestroyRemovesGrantsWithProof(t *testing.T) {
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		forced := ana.with(values{"force_destroy": true})
		h.requireNoDiagnostics(h.apply(forced))
		h.Call("/access_grants/create", map[string]any{
			"user_identity_id": h.id(), "device_ids": []any{h.lock.ID}, "requested_access_methods": []any{values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key"}},
		})
		h.requireOpens("4821", true)
		h.lock.OnDelete(seamtest.DeleteBehavior{Stays: true})
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "Unable to delete user identity", "not confirmed", "still open") })
		h.requireRequests("/user_identities/delete", 0)
		h.restart()
		h.mustDestroy("4821")
		if len(h.seam.Objects("access_grant"))+len(h.seam.Objects("client_session")) > 0 {
			t.Error("a grant or a session of the person is left")
		}
	})
}

// withAcsUserOf makes a person with a user of an access system, whose PIN is older than the link.
func withAcsUserOf(t *testing.T, test func(f *systemFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana.with(values{"timeouts": values{"delete": "2m"}})))
		f := &systemFixture{harness: h, system: h.seam.AddAccessSystem("brivo_account").ID}
		f.door = h.seam.AddEntrance(f.system, nil).ID
		f.user = h.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ana"}).ID
		f.pin = f.credential("code", f.door)
		h.seam.SetMembership(h.seam.AddAccessGroup(f.system, "Staff", f.door).ID, f.user, true)
		h.Call("/user_identities/add_acs_user", values{"user_identity_id": h.id(), "acs_user_id": f.user})
		f.requireDoor(f.pin, true)
		h.restart()
		test(f)
	})
}

// Does one answer that is out of date end a destroy while a user of the person may open a door?
func TestUserIdentity_acsUsersAreProvenGone(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"none": noFault, "no such person": stale404("/user_identities/get", "user_identity"), "no such person, later": later(1, stale404("/user_identities/get", "user_identity")),
		"no such person, later still": later(2, stale404("/user_identities/get", "user_identity")), "no credentials, later": later(1, emptyList("/acs/credentials/list", "acs_credentials")),
		"no users": emptyList("/acs/users/list", "acs_users"), "no credentials": emptyList("/acs/credentials/list", "acs_credentials"),
		"no such user": stale404("/acs/users/get", "acs_user"), "no such credential": stale404("/acs/credentials/get", "acs_credential"),
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUserOf(t, func(f *systemFixture) {
				f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: 30 * time.Second})
				f.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: time.Minute})
				f.seam.InjectFault(fault)
				f.requireDestroyed(f.destroyWithoutRefresh)
			})
		})
	}
}

func TestUserIdentity_acsUserThatStays(t *testing.T) {
	withAcsUserOf(t, func(f *systemFixture) {
		f.seam.KeepOnDelete(f.user)
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "acs user "+f.user, "is still there", "Run destroy again") })
		f.restart()
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven") })
		f.seam.KeepOnDelete()
		f.Call("/acs/users/delete", values{"acs_user_id": f.user})
		f.restart()
		f.requireDestroyed(f.destroy)
	})
}

// Does Seam's answer that everything is deleted hide a card that still opens a door?
func TestUserIdentity_cardOfAnOfflineSystem(t *testing.T) {
	for _, end := range []string{"none", "on the card", "not on the card"} {
		t.Run(end, func(t *testing.T) {
			withAcsUserOf(t, func(f *systemFixture) {
				f.seam.ChangeObject("acs_system", f.system, map[string]any{"external_type": "visionline_system"})
				f.seam.RemoveObject("acs_credential", f.pin)
				f.pin = f.credential("card", f.door)
				setEnd := func() {
					f.Call("/acs/credentials/update", values{"acs_credential_id": f.pin, "ends_at": "2000-01-02T00:00:00Z"})
				}
				if end == "on the card" {
					setEnd()
				}
				f.seam.EncodeCard(f.pin)
				if end == "not on the card" {
					setEnd()
					advanceClock(48 * time.Hour)
				}
				f.restart()
				f.requireStateUnchanged(func() {
					f.requireError(f.destroy(), "Unable to delete user identity", "not provable", f.pin, "Collect the card")
				})
				f.requireDoor(f.pin, true)
				f.restart()
				f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven") })
				f.restart()
				f.requireError(f.destroyWithoutRefresh(), "not provable")
				if end == "on the card" {
					advanceClock(48 * time.Hour)
					f.restart()
					f.requireDestroyed(f.destroyWithoutRefresh)
				}
			})
		})
	}
}

// Is a credential forgotten that the user gets, or that lists show, only after the request?
func TestUserIdentity_credentialListedLate(t *testing.T) {
	withAcsUserOf(t, func(f *systemFixture) {
		f.seam.KeepOnDelete(f.pin)
		f.seam.ListLater("acs_credential", f.pin, 5*time.Second)
		f.seam.SetDeleteLag("user_identity", seamtest.DeleteLag{Get: 10 * time.Second})
		f.requireError(f.destroyWithoutRefresh(), f.pin, "is still there")
		f.seam.RemoveObject("acs_credential", f.pin)
		f.restart()
		f.requireDestroyed(f.destroyWithoutRefresh)
	})
}

// Does one answer end the destroy of a person who stays?
func TestUserIdentity_stays(t *testing.T) {
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.requireNoError(h.apply(ana.with(values{"timeouts": values{"delete": "1m"}})))
		h.seam.KeepOnDelete(h.id())
		h.restart()
		h.seam.InjectFault(later(3, stale404("/user_identities/get", "user_identity")))
		h.requireError(h.destroyWithoutRefresh(), "Unable to delete user identity")
		h.seam.KeepOnDelete()
		h.restart()
		h.requireNoError(h.destroyWithoutRefresh())
		h.requireNoState()
	})
}

// Is a grant missed that somebody makes while force_destroy removes the others?
func TestUserIdentity_grantMadeMeanwhile(t *testing.T) {
	withAna(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 30 * time.Second})
		h.restart()
		time.AfterFunc(10*time.Second, func() { h.grantFor(h.id(), "9173") })
		h.mustDestroyWithoutRefresh("4821")
		h.requireOpens("9173", false)
	})
}

// Is a person dropped from the state whose destroy was killed, or whom somebody deleted, while a user of the
// person may open a door?
func TestUserIdentity_usersThatOutliveThePerson(t *testing.T) {
	withAcsUserOf(t, func(f *systemFixture) {
		for _, noun := range []string{"acs_user", "acs_credential"} {
			f.seam.SetDeleteLag(noun, seamtest.DeleteLag{Get: time.Hour, List: time.Hour})
		}
		f.Call("/user_identities/delete", values{"user_identity_id": f.id()})
		f.requireDoor(f.pin, true)
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven", "run destroy again") })
		f.requireError(f.destroyWithoutRefresh(), "acs user "+f.user, "is still there")
		advanceClock(time.Hour)
		f.restart()
		f.requireDestroyed(f.destroyWithoutRefresh)
	})
}
