package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const strayDeletePath = "/access_codes/unmanaged/delete"

// Does a PIN that comes back as an unmanaged code still open the door after destroy?
func TestAccessCode_returnedPINIsTakenOff(t *testing.T) {
	forEachPair(t, pinForms, map[string]seamtest.UnmanagedAccessCode{
		"another id": {}, "the same id": {SameID: true}, "the same id, hidden": {SameID: true, Masked: true},
		"as old as the code": {CreatedAt: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)},
	}, func(h *harness, config values, leftover seamtest.UnmanagedAccessCode) {
		stranger := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		receipts := h.recordReceipts()
		h.requireNoError(h.refresh())
		h.requireWarning(h.destroy(), "came back and was removed")
		h.requireNoState()
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
		h.requireRequests(strayDeletePath, 1)
		requireEqual(h.t, "outcome", h.requireReceipt(receipts).Outcome, "verified")
		h.seam.RemoveUnmanagedAccessCode(stranger)
	})
}

// Is a removal finished by the next destroy, if the PIN came back after the first gave up?
func TestAccessCode_returnedPINAfterAnInterruptedRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute, Leftover: &seamtest.UnmanagedAccessCode{}})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "30s"}})))
		h.requireError(h.destroyWithoutRefresh(), "not confirmed")
		advanceClock(5 * time.Minute)
		h.restart()
		h.mustDestroyWithoutRefresh("4821")
		h.requireRequests(deletePath, 1)
	})
}

// Does destroy delete anything that may be somebody else's, and does it say what it leaves?
func TestAccessCode_returnedPINThatDestroyLeavesAlone(t *testing.T) {
	type testCase struct {
		pin      string
		leftover seamtest.UnmanagedAccessCode
		after    time.Duration // from the ask to the check
	}
	forEach(t, map[string]testCase{
		"a PIN that matches without its zeros": {"0482", seamtest.UnmanagedAccessCode{DisplayedAs: "482"}, 0},
		"an unreadable PIN":                    {"4821", seamtest.UnmanagedAccessCode{Masked: true}, 0},
		"an unreadable PIN, said to be old":    {"4821", seamtest.UnmanagedAccessCode{Masked: true, CreatedAt: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}, 0},
		"an hour later":                        {"4821", seamtest.UnmanagedAccessCode{}, 61 * time.Minute},
	}, func(h *harness, test testCase) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second + test.after, Leftover: &test.leftover})
		h.requireNoError(h.apply(guestConfig(h).with(values{"code": test.pin, "timeouts": values{"delete": "2h"}})))
		h.requireLeftover(h.destroy(), "not confirmed")
		h.requireRequests(strayDeletePath, 0)
		h.requireOpens(test.pin, true)
	})
	subtest(t, "it comes back again", func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "still lists the PIN") })
		h.requireRequests(strayDeletePath, 1)
		h.requireOpens("4821", true)
	})
	subtest(t, "Seam refuses", func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: strayDeletePath, Status: 400, Type: "cannot_delete_unmanaged_access_code"})
		h.requireLeftover(h.destroy(), "cannot_delete_unmanaged_access_code")
	})
	subtest(t, "the list before the ask failed", func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{}})
		h.requireNoError(h.apply(guestConfig(h)))
		h.restart()
		injected := h.seam.InjectFault(seamtest.Fault{Path: strayPath, Status: 400, Type: "planned", Times: 1})
		h.requireError(h.destroyWithoutRefresh(), "still lists the PIN")
		h.requireRequests(strayDeletePath, 0)
		requireEqual(h.t, "hits", injected.Hits(), 1)
	})
}

// Does an old entry that cannot be read block destroy, and does the receipt tell of it?
func TestAccessCode_oldUnreadableEntryIsCountedInTheReceipt(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(guestConfig(h)))
		for i := range 2 {
			h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: fmt.Sprint(1111 + i), Masked: true})
		}
		h.requireNoDiagnostics(h.destroyInNextRun())
		got := h.requireReceipt(receipts)
		requireEqual(t, "compared", []any{got.PINCompared, got.NotCompared}, []any{false, 2})
	})
}

// Does a code that somebody released from Seam still open the door after destroy?
func TestAccessCode_unmanagedCodeIsDestroyed(t *testing.T) {
	forEach(t, unmanagedResponses, func(h *harness, answers func(*harness)) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.UnmanageAccessCode(h.id())
		answers(h)
		h.mustDestroyInNextRun("4821")
	})
}
