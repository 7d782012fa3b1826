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
