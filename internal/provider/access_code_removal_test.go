package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func guestConfig(h *harness) values {
	return values{"device_id": h.lock.ID, "name": "Guest", "code": "4821"}
}

// refreshes are the two ways to destroy.
var refreshes = map[string]bool{"with refresh": true, "without refresh": false}

func TestAccessCode_destroyWaitsForProof(t *testing.T) {
	forEach(t, map[string]seamtest.DeleteBehavior{
		"at once":                        {},
		"after a while":                  {Takes: 7 * time.Second},
		"without an attempt":             {NoAttempt: true, GoneAfter: 20 * time.Second},
		"success before it is gone":      {Takes: time.Second, GoneAfter: time.Minute},
		"the attempt vanishes":           {Takes: time.Second, Outcome: seamtest.Vanishes, GoneAfter: 30 * time.Second},
		"the attempt ends as never seen": {Takes: time.Second, Outcome: seamtest.EndsWithStatus("weird"), GoneAfter: 30 * time.Second},
	}, func(h *harness, removal seamtest.DeleteBehavior) {
		h.lock.OnDelete(removal)
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireOpens("4821", true)
		h.requireNoDiagnostics(h.destroyInNextRun())
		h.requireGone("4821")
		h.requireRequests(deletePath, 1)
	})
}

func TestAccessCode_failedAttemptIsExplainedAndRetried(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "the lock does not answer", Stays: true})
		h.requireNoError(h.apply(guestConfig(h)))
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.destroy(), "Unable to delete access code", "device_offline", "the lock does not answer", "run destroy again")
		})
		h.requireOpens("4821", true)
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 2)
	})
}

func TestAccessCode_pendingAttemptIsResumedWithoutASecondDelete(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 15 * time.Minute})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "2m"}})))
		h.requireDuration(2*time.Minute, func() { h.requireError(h.destroyInNextRun(), "not confirmed", "pending", "Run destroy again") })
		advanceClock(14 * time.Minute)
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 1) // the second destroy waits for the attempt of the first
	})
}

func TestAccessCode_pendingAttemptIsResumedWithoutARefresh(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 5 * time.Minute})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "2m"}})))
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "not confirmed") })
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "not confirmed", "pending") })
		h.restart()
		h.mustDestroyWithoutRefresh("4821")
		h.requireRequests(deletePath, 1)
	})
}

func TestAccessCode_refreshWarnsOfARemovalUnderWay(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
		h.requireError(h.destroy(), "not confirmed")
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "Removal in progress", h.id()) })
	})
}

// An attempt that is over says nothing about a code that is still there.
func TestAccessCode_endedAttemptIsRequestedAgain(t *testing.T) {
	forEach(t, map[string]seamtest.DeleteBehavior{
		"succeeded":        {Takes: time.Second, Stays: true},
		"vanished":         {Takes: time.Second, Outcome: seamtest.Vanishes, Stays: true},
		"there was none":   {NoAttempt: true, Stays: true},
		"of unknown state": {Takes: time.Second, Outcome: seamtest.EndsWithStatus("failed"), Stays: true},
	}, func(h *harness, first seamtest.DeleteBehavior) {
		h.lock.OnDelete(first)
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "not confirmed", "Status of the code: set") })
		h.requireOpens("4821", true)
		advanceClock(20 * time.Minute)
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 2)
	})
}

func TestAccessCode_oldDeleteRequestIsRepeated(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, GoneAfter: 65 * time.Minute})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "10m"}})))
		h.requireError(h.destroy(), "not confirmed")
		advanceClock(51 * time.Minute)
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 2)
	})
}

// kill -9 loses private state, and with it the attempt.
func TestAccessCode_removalOfAKilledRunIsAwaited(t *testing.T) {
	for _, status := range []int{409, 400} {
		withHarness(t, func(h *harness) {
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 8 * time.Minute})
			h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "5m"}})))
			before := h.Private
			h.requireError(h.destroy(), "not confirmed")
			h.Private = before
			h.seam.InjectFault(seamtest.Fault{Path: deletePath, Status: status, Type: "already_being_deleted"})
			h.mustDestroyInNextRun("4821")
		})
	}
}

func TestAccessCode_refusedDeleteIsExplained(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: deletePath, Status: 400, Type: "device_not_supported", Message: "cannot be deleted here"})
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.destroy(), "could not be requested", "device_not_supported", "cannot be deleted here", "request id", "may still open")
		})
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_deleteIsRetriedAfterATransientFailure(t *testing.T) {
	forEach(t, map[string]seamtest.Fault{
		"429":                       {Status: 429, Type: "too_many_requests"},
		"500":                       {Status: 500},
		"500 and done all the same": {Status: 500, Processed: true},
		"no connection":             {Drop: seamtest.DropBefore},
		"lost answer":               {Drop: seamtest.DropAfter},
		"answer that is no JSON":    {Truncate: true},
	}, func(h *harness, fault seamtest.Fault) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second})
		h.requireNoError(h.apply(guestConfig(h)))
		fault.Path, fault.Times = deletePath, 1
		h.seam.InjectFault(fault)
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 2)
	})
}

// Credentials may be withdrawn at the worst of moments.
func TestAccessCode_failureAfterTheDeleteSaysThatThePINMayStillOpen(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: time.Minute})
		h.requireNoError(h.apply(guestConfig(h)))
		h.disableBulkRead()
		h.requireNoError(h.refresh())
		denied := h.seam.InjectFault(seamtest.Fault{Path: getPath, Skip: 1, Status: 403, Type: "forbidden"})
		h.requireStateUnchanged(func() {
			h.requireError(h.destroyWithoutRefresh(), "not confirmed", "forbidden", "may still open lock "+h.lock.ID, "may not do this")
		})
		denied.Remove()
		h.mustDestroyInNextRun("4821")
	})
}

func TestAccessCode_transientFailuresDoNotEndTheWait(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute, GoneAfter: 2 * time.Minute})
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: "/action_attempts/get", Status: 503, Skip: 3, Times: 8})
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 503, Skip: 4, Times: 8})
		h.mustDestroy("4821")
	})
}

// What Seam reports meanwhile is no end: it keeps trying.
func TestAccessCode_errorsDuringRemovalAreReportedWithTheirRemedy(t *testing.T) {
	withHarness(t, func(h *harness) {
		issues := []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "no answer"}}
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 15 * time.Minute, Errors: issues, Warnings: []seamtest.Issue{{Code: "delay_in_removing_from_device", Message: "slow"}}})
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.SetOnline(false)
		h.requireError(h.destroy(), "failed_to_remove_from_device: no answer", "check in the manufacturer's app", "delay_in_removing_from_device: slow", "The lock is offline", "Action attempt", "pending")
		h.mustDestroyInNextRun("4821")
	})
}

func TestAccessCode_updateEndsAnUnfinishedRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, Stays: true})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireError(h.destroy(), "Seam tried to remove the PIN and failed")
		h.requireNoError(h.apply(guestConfig(h).with(values{"name": "Stays"})))
		h.mustDestroyInNextRun("4821")
		h.requireRequests(deletePath, 2)
	})
}

func TestAccessCode_destroyNamesAnotherCodeWithThePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		twin := h.createOutside(values{"device_id": h.lock.ID, "code": "5555"})
		h.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = "4821" })
		h.requireWarningOnly(h.destroy(), "still opens lock", twin)
		h.requireOpens("4821", true)
	})
}
