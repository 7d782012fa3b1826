package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// staleReadFault is a replica of Seam that has not heard of a code, for so many reads.
func staleReadFault(times int) seamtest.Fault {
	return seamtest.Fault{Path: getPath, Status: 404, Type: "access_code_not_found", Times: times}
}

// Does one out-of-date 404 take the code out of the state while its PIN opens the door?
func TestAccessCode_staleNotFoundKeepsTheState(t *testing.T) {
	forEach(t, pinForms, func(h *harness, config values) {
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		h.seam.InjectFault(staleReadFault(1))
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), "not proven", h.id(), "lists it on lock "+h.lock.ID) })
		h.requireOpens("4821", true)
	})
}

// Does destroy ask for the removal although a stale replica says that the code is gone?
func TestAccessCode_staleNotFoundBeforeTheRemovalIsAskedFor(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(staleReadFault(1))
		h.disableBulkRead()
		h.mustDestroyWithoutRefresh("4821")
		h.requireRequests(deletePath, 1)
	})
}

// Is a removal that the lock never carries out called done because of a stale 404?
func TestAccessCode_staleNotFoundAfterTheRemovalWasAskedFor(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: 5 * time.Minute})
		h.disableBulkRead()
		h.requireNoError(h.refresh())
		fault := staleReadFault(0)
		fault.Skip = 1 // the look before the ask
		injected := h.seam.InjectFault(fault)
		h.requireWithin(15*time.Second, 40*time.Second, func() { // it looks again for about 20 s
			h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "not confirmed", "lists it on lock "+h.lock.ID) })
		})
		h.requireOpens("4821", true)
		injected.Remove()
		h.mustDestroyInNextRun("4821")
	})
}

// Does a list that lags behind for some seconds fail a removal that is complete?
func TestAccessCode_listThatLagsBehind(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		var before []byte
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Replace: func(status int, body []byte) (int, []byte) {
			if before == nil {
				before = body
			}
			if time.Since(removalTime(h)) < 8*time.Second {
				return status, before
			}
			return status, body
		}})
		h.mustDestroyInNextRun("4821")
	})
}

// removalTime is when the removal was asked for; now, if it was not.
func removalTime(h *harness) time.Time {
	for _, r := range h.seam.Requests() {
		if r.Path == deletePath {
			return r.At
		}
	}
	return time.Now()
}

// Is the PIN of a code proven away on the lock where Seam says the code is?
func TestAccessCode_codeMovedToAnotherLock(t *testing.T) {
	moved := func(t *testing.T, test func(h *harness, other *seamtest.Lock)) {
		withHarness(t, func(h *harness) {
			other := h.seam.AddLock("Back Door")
			h.requireNoError(h.apply(guestConfig(h)))
			h.seam.MoveAccessCode(h.id(), other)
			h.restart()
			test(h, other)
		})
	}
	t.Run("left on the new lock", func(t *testing.T) {
		moved(t, func(h *harness, other *seamtest.Lock) {
			other.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
			h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), other.ID, "still lists the PIN") })
			h.restart()
			h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), other.ID, "still lists the PIN") })
		})
	})
	t.Run("left on the old lock", func(t *testing.T) {
		for _, refreshed := range []bool{false, true} {
			moved(t, func(h *harness, other *seamtest.Lock) {
				left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true})
				if refreshed {
					h.requireWarning(h.refresh(), "on another lock", h.lock.ID, other.ID)
				}
				h.requireError(h.destroyWithoutRefresh(), h.lock.ID, "still lists the PIN", left)
				h.seam.RemoveUnmanagedAccessCode(left)
				h.mustDestroyInNextRun("4821")
			})
		}
	})
	t.Run("destroy says so", func(t *testing.T) {
		moved(t, func(h *harness, other *seamtest.Lock) {
			h.requireWarning(h.destroyWithoutRefresh(), "on another lock", h.lock.ID, other.ID)
			h.requireNoState()
			requireEqual(t, "opens the other door", other.Opens("4821"), false)
		})
	})
}

// Is a hidden leftover taken for an old neighbour, because a list that lags behind made
// destroy ask for what was gone already?
func TestAccessCode_leftoverFromBeforeALateDeleteRequest(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		id := h.id()
		h.seam.RemoveAccessCode(id)
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Times: 1, Status: 200, ContentType: "application/json", Body: fmt.Sprintf(
			`{"ok":true,"access_codes":[{"access_code_id":%q,"device_id":%q,"is_managed":true}],"pagination":{"has_next_page":false}}`, id, h.lock.ID)})
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), left, "cannot be compared") })
		h.requireRequests(deletePath, 1)
		h.requireOpens("4821", true)
	})
}

// A removal was asked for without looking where the code is, and refused. Does one stale 404 end
// the next one, while the code is on another lock?
func TestAccessCode_staleNotFoundOfACodeThatMovedUnseen(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "requested"})))
		other := h.seam.AddLock("Other")
		h.seam.MoveAccessCode(h.id(), other)
		h.seam.InjectFault(seamtest.Fault{Path: deletePath, Status: 400, Type: "planned", Times: 1})
		h.requireError(h.destroyWithoutRefresh(), "planned")
		h.restart()
		h.requireNoError(h.ApplyWithoutRefresh(guestConfig(h)))
		h.seam.InjectFault(staleReadFault(1))
		h.disableBulkRead()
		h.requireNoError(h.destroyWithoutRefresh())
		requireEqual(t, "opens the other door", other.Opens("4821"), false)
	})
}

// A code is on another lock than the state says, and Seam does not answer whether it is
// anywhere. Is it taken to be gone?
func TestAccessCode_notGoneWhileOtherLocksCannotBeChecked(t *testing.T) {
	forEach(t, map[string]func(*harness){
		"unmanaged": func(h *harness) {
			h.seam.UnmanageAccessCode(h.id())
			h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/unmanaged/get", Status: 400, Type: "planned"})
		},
		"managed, and a stale 404": func(h *harness) {
			h.seam.InjectFault(staleReadFault(1))
			h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 400, Type: "planned", Match: func(body map[string]any) bool { return body["access_code_ids"] != nil }})
		},
	}, func(h *harness, hide func(*harness)) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.MoveAccessCode(h.id(), h.seam.AddLock("Other"))
		hide(h)
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), "not proven", "planned") })
	})
}
