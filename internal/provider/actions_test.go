package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (h *harness) mustInvoke(kind string, config values) string {
	h.t.Helper()
	said, diags := h.InvokeAction(kind, config)
	h.requireNoDiagnostics(diags)
	return strings.Join(said, "\n")
}

func (h *harness) requireInvokeError(kind string, config values, says ...string) {
	h.t.Helper()
	_, diags := h.InvokeAction(kind, config)
	h.requireError(diags, says...)
}

func TestAction_locksAndUnlocks(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.SetDefaultLockAction(seamtest.LockActionBehavior{Takes: 25 * time.Second})
		door := values{"device_id": h.lock.ID}
		h.RequireText(h.mustInvoke("seam_unlock_door", door), "the unlock request", "action attempt", "Still waiting after 10s", "Still waiting after 20s", "is unlocked")
		requireEqual(t, "locked", h.lock.IsLocked(), false)
		h.RequireText(h.mustInvoke("seam_lock_door", door), "the lock request", "is locked")
		requireEqual(t, "locked", h.lock.IsLocked(), true)
	})
}

func TestAction_failingLockIsExplained(t *testing.T) {
	withHarness(t, func(h *harness) {
		door := values{"device_id": h.lock.ID}
		h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "It is offline"})
		h.requireInvokeError("seam_unlock_door", door, "Unable to unlock door", "device_offline", "It is offline", "Remedy", "run the action again")
		h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		h.requireDuration(45*time.Second, func() {
			h.requireInvokeError("seam_unlock_door", door.with(values{"timeouts": values{"invoke": "45s"}}), "took longer than 45s", "pending", "data.seam_action_attempt", "raise timeouts.invoke")
		})
		for _, ends := range []seamtest.Outcome{seamtest.Vanishes, seamtest.EndsWithStatus("weird")} {
			h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: ends})
			h.requireInvokeError("seam_lock_door", door, "Unable to lock door", "not known", "Check the door")
		}
		h.requireInvokeError("seam_lock_door", values{"device_id": missingID}, "Unable to lock door", "device_not_found")
	})
}

func TestAction_lostResponseDoesNotUnlockTwice(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: "/locks/unlock_door", Drop: seamtest.DropAfter, Times: 1})
		h.requireInvokeError("seam_unlock_door", values{"device_id": h.lock.ID}, "is not known", "Check the door")
		h.requireRequests("/locks/unlock_door", 1)
		h.seam.InjectFault(seamtest.Fault{Path: "/locks/unlock_door", Status: 502, Times: 1})
		h.requireInvokeError("seam_unlock_door", values{"device_id": h.lock.ID}, "is not known")
		h.requireRequests("/locks/unlock_door", 2)
	})
}

func TestAction_interruptEndsTheWait(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		time.AfterFunc(5*time.Second, h.Interrupt)
		if d := elapsed(func() {
			h.requireInvokeError("seam_unlock_door", values{"device_id": h.lock.ID}, "has not confirmed yet")
		}); d > 6*time.Second {
			t.Errorf("it took %v", d)
		}
	})
}

func TestAction_staysWithinTheRateLimit(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EnforceLimits(true)
		h.requireWithin(time.Minute, 2*time.Minute, func() {
			for range 16 {
				h.mustInvoke("seam_unlock_door", values{"device_id": h.lock.ID})
			}
		})
		requireEqual(t, "refused by Seam", h.seam.RateLimitedCount(), 0)
	})
}

func TestUnmanagedAccessCode_deleteActionWaitsForProof(t *testing.T) {
	withHarness(t, func(h *harness) {
		written := h.recordReceipts()
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		said := h.mustInvoke("seam_delete_unmanaged_access_code", values{"access_code_id": id})
		h.RequireText(said, "Requested the removal of unmanaged access code "+id, "Checking lock", "is removed from lock "+h.lock.ID)
		h.requireOpens("4821", false)
		h.requireRequests("/access_codes/unmanaged/delete", 1)
		receipts := written()
		requireEqual(t, "receipts", []any{len(receipts), receipts[0].AccessCodeID, receipts[0].Outcome}, []any{1, id, "verified"})
		requireAbsent(t, said, "4821")
	})
}

func TestUnmanagedAccessCode_deleteActionFailsWithoutProof(t *testing.T) {
	type testCase struct {
		removal seamtest.DeleteBehavior
		says    []string
	}
	forEach(t, map[string]testCase{
		"ghost":      {seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}}, []string{"still opens the door"}},
		"fails":      {seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "failed_to_remove_from_device", ErrorMessage: "No"}, []string{"failed_to_remove_from_device", "may still open"}},
		"never ends": {seamtest.DeleteBehavior{Outcome: seamtest.StaysPending}, []string{"not confirmed", "timeouts.invoke"}},
	}, func(h *harness, c testCase) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(c.removal)
		_, diags := h.InvokeAction("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		h.requireError(diags, append(c.says, "Unable to delete unmanaged access code")...)
		requireAbsent(h.t, errorText(diags), "4821", "state keeps", "destroy again")
		h.requireOpens("4821", true)
	})
}

func TestUnmanagedAccessCode_deleteActionOfAMissingCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": missingID}, "no unmanaged access code "+missingID, "Check the id")
		ours := h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": ours}, "managed by this workspace", "terraform import")
		fixed := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319", CannotBeDeleted: true})
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": fixed}, "cannot delete", "manufacturer's app")
		h.requireRequests("/access_codes/unmanaged/delete", 0)
		h.requireOpens("4821", true)
	})
}

func TestAction_pulledBackupCodeIsRemovedWithItsCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(h.withStay(values{"code": "4821", "use_backup_access_code_pool": true})))
		pull := values{"access_code_id": h.id()}
		said := h.mustInvoke("seam_pull_backup_access_code", pull)
		backup := strings.Fields(textAfter(said, "Backup access code "))[0]
		got := h.mustOpen("seam_access_code", values{"id": backup})
		spare := fmt.Sprint(got.Values["code"])
		h.requireOpens(spare, true)
		requireAbsent(t, said, spare)
		h.RequireText(h.mustInvoke("seam_pull_backup_access_code", pull), backup)
		h.mustDestroy(spare, "4821")
	})
}

func TestAction_backupCodeIsRefusedWithoutAPool(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821"}))
		h.requireInvokeError("seam_pull_backup_access_code", values{"access_code_id": h.id()}, "Unable to pull backup access code", "request id")
		h.requireInvokeError("seam_pull_backup_access_code", values{"access_code_id": missingID}, "access_code_not_found")
	})
}

func TestAction_backupCodePulledByOthersIsRemovedToo(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(h.withStay(values{"code": "4821"})))
		h.requireNoError(h.refresh()) // fills the list that the destroy would take
		spare, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.requireOpens(spare.PIN, true)
		h.mustDestroyWithoutRefresh(spare.PIN, "4821")
	})
}
