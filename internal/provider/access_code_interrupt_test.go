package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// interruptAfter runs a verb, interrupts it after a while and tells how long it went on.
func (h *harness) interruptAfter(after time.Duration, verb func()) (went time.Duration) {
	var at time.Time
	go func() { advanceClock(after); at = time.Now(); h.Interrupt() }()
	verb()
	return time.Since(at)
}

// requireInterruptible interrupts a verb after a while. It fails the test unless the verb ends
// within a second and leaves the state as it was.
func (h *harness) requireInterruptible(after time.Duration, verb func()) {
	h.t.Helper()
	h.requireStateUnchanged(func() {
		if went := h.interruptAfter(after, verb); went > time.Second {
			h.t.Errorf("went on for %v after the interrupt", went)
		}
	})
}

func TestAccessCode_interruptedDestroyResumesInTheNextRun(t *testing.T) {
	forEach(t, map[string]seamtest.DeleteBehavior{
		"waiting for the attempt": {Takes: 5 * time.Minute},
		"waiting for the code":    {Takes: time.Second, GoneAfter: 5 * time.Minute},
		"without an attempt":      {NoAttempt: true, GoneAfter: 5 * time.Minute},
	}, func(h *harness, removal seamtest.DeleteBehavior) {
		h.lock.OnDelete(removal)
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireInterruptible(90*time.Second, func() { h.requireError(h.destroy(), "interrupted", "may still open") })
		h.RequireText(privateStateText(h.t, h.Private), "asked_at")
		h.mustDestroyInNextRun("4821")
		if removal.Takes > time.Minute {
			h.requireRequests(deletePath, 1)
		}
	})
}

func TestAccessCode_interruptedWaitForTheEvent(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.DelayEvents(5 * time.Minute)
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "verified_by_event"})))
		h.requireInterruptible(time.Minute, func() { h.requireError(h.destroy(), "interrupted") })
		h.restart()
		h.mustDestroyWithoutRefresh()
		h.requireRequests(deletePath, 1)
	})
}

// A request that hangs must not keep Ctrl-C waiting either.
func TestAccessCode_interruptWhileSeamDoesNotAnswer(t *testing.T) {
	forEach(t, named(getPath, deletePath, strayPath, actionAttemptPath()), func(h *harness, path string) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second})
		h.requireNoError(h.apply(guestConfig(h)))
		hangs := h.seam.InjectFault(seamtest.Fault{Path: path, Delay: 20 * time.Second})
		h.requireInterruptible(10*time.Second, func() { h.requireError(h.destroyWithoutRefresh()) })
		hangs.Remove()
		h.mustDestroyInNextRun("4821")
	})
}

func TestAccessCode_interruptedWaitForTheLockIsNoFailure(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{SetAfter: 4 * time.Minute})
		config := guestConfig(h).with(values{"wait_for_set": true})
		h.interruptAfter(time.Minute, func() {
			h.requireWarningOnly(h.apply(config), "Access code not ready", "Seam accepted")
		})
		h.restart()
		h.requireSettled(config)
		advanceClock(4 * time.Minute)
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_interruptedWaitForThePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 4 * time.Minute})
		config := values{"device_id": h.lock.ID}
		went := h.interruptAfter(time.Minute, func() {
			h.requireWarningOnly(h.apply(config), "Access code not ready")
		})
		if went > time.Second || h.attribute("code") != nil {
			t.Errorf("went on for %v after the interrupt; code %v", went, h.attribute("code"))
		}
		advanceClock(4 * time.Minute)
		h.requireNoDiagnostics(h.refreshInNextRun())
		h.requireOpens(fmt.Sprint(h.attribute("code")), true) // it came meanwhile
		h.requireCleanPlan(config)
	})
}

func TestAccessCode_createInFlightSurvivesTheInterrupt(t *testing.T) {
	forEach(t, map[string]seamtest.Fault{
		"answers late":        {Delay: 10 * time.Second},
		"answer is lost":      {Delay: 10 * time.Second, Drop: seamtest.DropAfter},
		"answers only a 502":  {Delay: 10 * time.Second, Status: 502, Processed: true},
		"created, then hangs": {Delay: 25 * time.Second, DelayAfter: true},
	}, func(h *harness, fault seamtest.Fault) {
		fault.Path, fault.Times = createPath, 1
		h.seam.InjectFault(fault)
		went := h.interruptAfter(5*time.Second, func() { h.requireNoError(h.apply(guestConfig(h))) })
		if went > time.Minute {
			h.t.Errorf("went on for %v", went)
		}
		h.requireSingleCode()
		h.requireRequests(createPath, 1)
		h.requireNoDiagnostics(h.refreshInNextRun())
	})
}

func TestAccessCode_interruptedRotationIsRepeated(t *testing.T) {
	withHarness(t, func(h *harness) {
		after := guestConfig(h).with(values{"code": "5555"})
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 2 * time.Minute})
		h.requireInterruptible(time.Minute, func() { h.requireError(h.apply(after), "The old PIN may still open", "interrupted") })
		h.restart()
		h.requireNoError(h.apply(after))
		h.requireOpens("4821", false)
		h.requireOpens("5555", true)
	})
}
