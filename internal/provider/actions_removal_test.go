package provider

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestUnmanagedAccessCode_convertedDuringDeletion(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second, Stays: true})
		time.AfterFunc(12*time.Second, func() {
			adopter := h.newObject("seam_access_code")
			adopter.requireNoError(adopter.apply(values{"device_id": h.lock.ID, "adopt_access_code_id": id}))
		})
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "managed by this workspace now", "somebody converted it", "terraform import 'ADDRESS' "+id)
		h.requireOpens("4821", true)
	})
}

func TestUnmanagedAccessCode_removedByOthersDuringDeletion(t *testing.T) {
	withHarness(t, func(h *harness) {
		written := h.recordReceipts()
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending})
		time.AfterFunc(20*time.Second, func() { h.seam.RemoveUnmanagedAccessCode(id) })
		said := h.mustInvoke("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		h.RequireText(said, "Requested the removal", "is removed from lock")
		requireEqual(t, "outcome", written()[0].Outcome, "verified")
	})
}

func TestUnmanagedAccessCode_deleteActionShowsErrorsAndRemedies(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EchoSecrets(true)
		h.lock.SetOnline(false)
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "PIN " + canary + " stays"}}})
		_, diags := h.InvokeAction("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		h.requireError(diags, "not confirmed", "failed_to_remove_from_device", "Remedy: check in the manufacturer's app", "The lock is offline", "Action attempt", "pending", "raise timeouts.invoke")
		h.Diags = diags
		h.requireNoSecrets()
	})
}

func TestUnmanagedAccessCode_deleteActionNeedsAWritableReceiptFile(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.configure(values{"removal_receipts": missingDirectory(t)})
		h.restart()
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "receipt could not be written", "removal_receipts")
		h.requireRequests("/access_codes/unmanaged/delete", 0)
		h.requireOpens("4821", true)
	})
}

func TestUnmanagedAccessCode_deleteActionOnAMissingLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second, Stays: true})
		time.AfterFunc(5*time.Second, h.lock.Disappear)
		_, diags := h.InvokeAction("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		h.requireError(diags, "is missing from the workspace", "no proof")
		requireAbsent(t, errorText(diags), "the state")
		h.requireError(diags, "comes back: check it in the Seam console and run again later.")
		h.requireOpens("4821", true)
	})
}

func TestAction_backupCodeLeftOnTheLockKeepsItsCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(h.withStay(values{"code": "4821", "use_backup_access_code_pool": true})))
		said := h.mustInvoke("seam_pull_backup_access_code", values{"access_code_id": h.id()})
		backup := strings.Fields(textAfter(said, "Backup access code "))[0]
		o := h.mustOpen("seam_access_code", values{"id": backup})
		spare, _ := o.Values["code"].(string)
		h.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "still opens the door") })
		h.requireOpens("4821", false)
		h.requireOpens(spare, true)
		h.seam.RemoveUnmanagedAccessCode(h.unmanagedCodeID(errorText(h.Diags)))
		h.mustDestroyInNextRun(spare)
	})
}

func TestAction_lostBackupCodeResponseIsRetried(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(h.withStay(values{"code": "4821", "use_backup_access_code_pool": true})))
		h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/pull_backup_access_code", Drop: seamtest.DropAfter, Times: 1})
		h.RequireText(h.mustInvoke("seam_pull_backup_access_code", values{"access_code_id": h.id()}), "is pulled for access code", "replaces access code")
		requireEqual(t, "PINs on the lock", len(h.lock.PINs()), 2)
	})
}

func TestAction_argumentsAreValidated(t *testing.T) {
	withHarness(t, func(h *harness) {
		for kind, target := range map[string]string{"seam_lock_door": "device_id", "seam_unlock_door": "device_id", "seam_delete_unmanaged_access_code": "access_code_id", "seam_pull_backup_access_code": "access_code_id"} {
			h.requireError(h.ValidateActionConfig(kind, values{target: ""}), "length must be at least 1")
			h.requireError(h.ValidateActionConfig(kind, values{target: missingID, "timeouts": values{"invoke": "soon"}}), "invoke", "Valid time units")
			h.requireNoDiagnostics(h.ValidateActionConfig(kind, values{target: missingID, "timeouts": values{"invoke": "90s"}}))
		}
	})
}

// What waits for its turn under Seam's limits does not use up its time.
func TestAction_manyDoorsStayWithinTheRateLimit(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EnforceLimits(true)
		back := h.seam.AddLock("Back Door")
		var all sync.WaitGroup
		limit := values{"timeouts": values{"invoke": "10s"}}
		h.requireDuration(2*time.Minute, func() {
			for range 31 {
				all.Go(func() { h.mustInvoke("seam_unlock_door", limit.with(values{"device_id": h.lock.ID})) })
			}
			for range 15 { // another lock and another verb are not held up
				all.Go(func() { h.mustInvoke("seam_unlock_door", limit.with(values{"device_id": back.ID})) })
				all.Go(func() { h.mustInvoke("seam_lock_door", limit.with(values{"device_id": back.ID})) })
			}
			all.Wait()
		})
		requireEqual(t, "refused by Seam", h.seam.RateLimitedCount(), 0)
		perLock, _ := h.seam.MaxInFlight("/locks/unlock_door")
		requireEqual(t, "in flight on one lock", perLock, 1)
	})
}

func TestAction_rateLimitWaitCanBeInterrupted(t *testing.T) {
	withHarness(t, func(h *harness) {
		for range 15 {
			h.mustInvoke("seam_unlock_door", values{"device_id": h.lock.ID})
		}
		time.AfterFunc(5*time.Second, h.Interrupt)
		h.requireDuration(5*time.Second, func() {
			h.requireInvokeError("seam_unlock_door", values{"device_id": h.lock.ID}, "waiting to send the unlock", "Run the action again")
		})
		h.requireRequests("/locks/unlock_door", 15)
	})
}

func TestAction_forceForgetAdviceDependsOnTheObject(t *testing.T) {
	for _, c := range []struct {
		kind string
		make func(*harness) values
	}{
		{"seam_access_code", func(h *harness) values { return values{"device_id": h.lock.ID, "code": "4821"} }},
		{"seam_unmanaged_access_code", func(h *harness) values {
			return unmanagedConfig(h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))
		}},
	} {
		withHarnessFor(t, c.kind, func(h *harness) {
			h.requireNoError(h.apply(c.make(h)))
			h.lock.Disappear()
			for _, ask := range []func() string{func() string { return errorText(h.destroyWithoutRefresh()) }, func() string { return diagnosticText(h.refresh(), 1) + diagnosticText(h.Diags, 2) }} {
				h.restart()
				h.requireStateUnchanged(func() {
					h.RequireText(ask(), "is missing from the workspace", "`state rm 'ADDRESS'`", "-target='ADDRESS'`", "such as "+c.kind+".stay[\"ana\"]")
				})
			}
		})
	}
}

// What was read before the backup code was pulled does not know of it.
func TestAction_backupCodeOfACodeThatWasReadBefore(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(h.withStay(values{"code": "4821", "use_backup_access_code_pool": true})))
		h.requireNoError(h.refresh())
		h.mustInvoke("seam_pull_backup_access_code", values{"access_code_id": h.id()})
		h.requireNoDiagnostics(h.destroyWithoutRefresh())
		h.requireNoState()
		requireEqual(t, "PINs on the lock", h.lock.PINs(), []string{})
	})
}

// What a run that ended too early began, the next one takes up.
func TestUnmanagedAccessCode_deleteActionResumes(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 90 * time.Second})
		again := values{"access_code_id": id, "timeouts": values{"invoke": "1m"}}
		h.requireInvokeError("seam_delete_unmanaged_access_code", again, "not confirmed", "run the action again", "raise timeouts.invoke")
		h.restart()
		h.RequireText(h.mustInvoke("seam_delete_unmanaged_access_code", again), "is removed from lock")
		h.requireOpens("4821", false)
		h.requireInvokeError("seam_delete_unmanaged_access_code", again, "no unmanaged access code "+id, "under another id")
	})
}
