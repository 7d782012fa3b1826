package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

type rotation struct{ before, after values }

// rotations are configurations with another PIN than guest has, in the form in which the
// PIN is given.
var rotations = map[string]rotation{
	"plain":      {pinForms["plain"], values{"code": "5555"}},
	"write-only": {pinForms["write-only"], values{"code": nil, "code_wo": "5555", "code_wo_version": 2}},
}

// keptPINs are the forms in which a lock shows an old PIN that it keeps.
var keptPINs = map[string]seamtest.UnmanagedAccessCode{"readable": {}, "masked": {Masked: true}}

// leaveOldPIN rotates a PIN that stays on the lock, and returns the id of the code that holds it.
func (h *harness) leaveOldPIN(r rotation) (left string) {
	h.t.Helper()
	h.requireNoError(h.apply(guestConfig(h).with(r.before)))
	h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
	return h.requireLeftover(h.apply(guestConfig(h).with(r.after)), "The old PIN may still open")
}

func TestAccessCode_rotationWaitsForProof(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		h.requireNoError(h.apply(guestConfig(h).with(r.before)))
		id := h.id()
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second})
		h.restart()
		h.requireWithin(90*time.Second, 100*time.Second, func() { h.requireNoDiagnostics(h.apply(guestConfig(h).with(r.after))) })
		h.requireOpens("4821", false)
		h.requireOpens("5555", true)
		requireEqual(h.t, "id", h.id(), id)
		h.restart()
		h.requireSettled(guestConfig(h).with(r.after))
	})
}

func TestAccessCode_oldPINOnTheLockFailsTheRotation(t *testing.T) {
	forEachPair(t, rotations, keptPINs, func(h *harness, r rotation, kept seamtest.UnmanagedAccessCode) {
		after := guestConfig(h).with(r.after)
		h.requireNoError(h.apply(guestConfig(h).with(r.before)))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &kept})
		h.restart()
		var left string
		h.requireStateUnchanged(func() {
			left = h.requireLeftover(h.apply(after), "Unable to update access code", "The old PIN may still open", "the next apply repeats")
			requireAbsent(h.t, errorText(h.Diags), "4821", "5555")
		})
		for range 2 {
			advanceClock(10 * time.Minute)
			h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "Change not proven", "The next apply repeats it") })
			h.requireUpdate(after)
			h.requireStateUnchanged(func() { h.requireError(h.apply(after), "The old PIN may still open", left) })
			h.restart()
			h.requireStateUnchanged(func() { h.requireError(h.ApplyWithoutRefresh(after), "The old PIN may still open", left) })
		}
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.restart()
		h.requireNoError(h.apply(after))
		h.requireOpens("4821", false)
		h.requireOpens("5555", true)
		h.restart()
		h.requireSettled(after)
	})
}

func TestAccessCode_unprovenRotationIsRepeatedAfterARevert(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		before := guestConfig(h).with(r.before)
		left := h.leaveOldPIN(r)
		h.requireNoError(h.refreshInNextRun())
		h.requireUpdate(before) // for the rotation that half happened
		h.requireStateUnchanged(func() { h.requireError(h.apply(before)) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.restart()
		h.requireNoError(h.apply(before))
		h.requireOpens("4821", true)
		h.requireOpens("5555", false)
		h.restart()
		h.requireSettled(before)
	})
}

func TestAccessCode_rotationThatTheLockRefusesOrIgnores(t *testing.T) {
	type testCase struct {
		change seamtest.UpdateBehavior
		says   string
	}
	forEachPair(t, map[string]testCase{
		"attempt fails":     {seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "no answer"}, "device_offline: no answer"},
		"takes too long":    {seamtest.UpdateBehavior{Takes: 5 * time.Minute}, "longer than 2m"},
		"ignored":           {seamtest.UpdateBehavior{Takes: time.Second, Ignored: true}, "longer than 2m"},
		"ignored, silently": {seamtest.UpdateBehavior{NoAttempt: true, Ignored: true}, "longer than 2m"},
		"failed_to_update":  {seamtest.UpdateBehavior{Takes: time.Second, Ignored: true, Errors: []seamtest.Issue{{Code: "failed_to_update", Message: "no answer"}}}, "it still has the old PIN or times"},
	}, rotations, func(h *harness, test testCase, r rotation) {
		timeouts := values{"timeouts": values{"update": "2m"}}
		after := guestConfig(h).with(r.after).with(timeouts)
		h.requireNoError(h.apply(guestConfig(h).with(r.before).with(timeouts)))
		h.lock.OnUpdate(test.change)
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.apply(after), "The old PIN may still open", test.says) })
		h.requireOpens("4821", true)
		advanceClock(10 * time.Minute)
		h.restart()
		h.requireNoError(h.apply(after))
		h.requireOpens("4821", false)
		h.requireOpens("5555", true)
	})
}

func TestAccessCode_changeWaitsForThePendingMutation(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(values{"timeouts": values{"update": "1m"}})
		h.requireNoError(h.apply(config))
		h.lock.OnUpdate(seamtest.UpdateBehavior{StuckMutation: true})
		h.requireStateUnchanged(func() { h.requireError(h.apply(config.with(values{"code": "5555"})), "The old PIN may still open") })
	})
}

func TestAccessCode_rotationIsRefusedOnAForeignOrMissingLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: strayPath, Status: 500})
		h.requireStateUnchanged(func() {
			h.requireError(h.apply(guestConfig(h).with(values{"code": "5555"})), "The old PIN may still open", "HTTP 500")
		})
	})
}

func TestAccessCode_earlierEndIsARemoval(t *testing.T) {
	subtest(t, "done", func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, 48*time.Hour)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Minute})
		h.requireNoDiagnostics(h.apply(stayConfig(h, 48*time.Hour).with(values{"ends_at": timeFromNow(time.Hour)})))
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", false)
	})
	subtest(t, "ignored by the lock", func(h *harness) {
		config := stayConfig(h, 48*time.Hour)
		earlier := config.with(values{"ends_at": timeFromNow(time.Hour)})
		h.requireNoError(h.apply(config))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Ignored: true})
		h.requireStateUnchanged(func() { h.requireError(h.apply(earlier), "may open longer than it should", "the next apply repeats") })
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "Change not proven") })
		h.requireNoError(h.apply(earlier))
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", false)
	})
	subtest(t, "attempt fails", func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline"})
		h.requireStateUnchanged(func() {
			h.requireError(h.apply(stayConfig(h, time.Hour)), "may open longer than it should", "device_offline")
		})
		h.restart()
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", false)
	})
}

// Nobody gets in by these, so the lock may take its time.
func TestAccessCode_slowChangeThatRemovesNoAccessIsAWarning(t *testing.T) {
	forEach(t, map[string]values{
		"name":          {"name": "Other"},
		"a longer stay": {"ends_at": "2031-01-01T00:00:00Z"},
		"no end":        {"starts_at": nil, "ends_at": nil},
	}, func(h *harness, change values) {
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 10 * time.Minute})
		h.restart()
		h.requireWarningOnly(h.apply(config.with(change)), "Change not confirmed yet", "Seam keeps trying")
		advanceClock(6 * time.Minute)
		h.restart()
		h.requireSettled(config.with(change))
	})
}

func TestAccessCode_destroyAfterAnUnprovenRotationChecksTheOldPIN(t *testing.T) {
	forEachPair(t, rotations, refreshes, func(h *harness, r rotation, refreshed bool) {
		left := h.leaveOldPIN(r)
		h.restart()
		if refreshed {
			h.requireStateUnchanged(func() { h.requireNoError(h.refresh()) })
		}
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "still lists the PIN", left) })
		h.requireOpens("4821", true)
		h.requireOpens("5555", false)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun()
		requireEqual(h.t, "PINs on the lock", h.lock.PINs(), []string{})
	})
}

// The old PIN was left there when the PIN was changed, which is before the removal of
// the code was asked for.
func TestAccessCode_destroyAfterAnUnprovenRotationSuspectsNewEntries(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		h.requireNoError(h.apply(guestConfig(h).with(r.before)))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{Masked: true}})
		left := h.requireLeftover(h.apply(guestConfig(h).with(r.after)), "cannot be compared")
		advanceClock(time.Minute)
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "not confirmed", left) })
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun()
	})
}

// Nobody saw the old PIN become unmanaged, and of a write-only one nobody knows it.
func TestAccessCode_oldPINThatAppearsAfterAnUnprovenRotation(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		timeouts := values{"timeouts": values{"update": "1m"}}
		h.requireNoError(h.apply(guestConfig(h).with(r.before).with(timeouts)))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 5 * time.Minute, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.requireError(h.apply(guestConfig(h).with(r.after).with(timeouts)), "The old PIN may still open")
		advanceClock(10 * time.Minute)
		left := h.requireLeftover(h.destroyInNextRun(), "not confirmed")
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun()
	})
}

func TestAccessCode_removedOutsideAfterAnUnprovenRotationIsNotGone(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		left := h.leaveOldPIN(r)
		h.seam.RemoveAccessCode(h.id())
		h.requireWarning(h.refreshInNextRun(), "not proven", left)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.refreshInNextRun())
		h.requireNoState()
	})
}

func TestAccessCode_rotationNamesAnotherCodeWithTheOldPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		twin := h.createOutside(values{"device_id": h.lock.ID, "code": "6666"})
		h.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = "4821" })
		h.requireWarningOnly(h.apply(guestConfig(h).with(values{"code": "5555"})), "the old one still opens", twin)
	})
}

func TestAccessCode_rotationToATakenPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		taken := h.createOutside(values{"device_id": h.lock.ID, "code": "5555"})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireStateUnchanged(func() {
			diags := h.apply(guestConfig(h).with(values{"code": "5555"}))
			h.requireError(diags, "already has an access code with this PIN", taken)
			requireAbsent(t, diagnosticText(diags, 1), "5555")
		})
		h.restart()
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireOpens("4821", true)
		h.requireNoError(h.apply(guestConfig(h).with(values{"code": "7777"})))
		requireEqual(t, "PINs on the lock", h.lock.PINs(), []string{"5555", "7777"})
	})
}

// Is the end that somebody else asked for taken for the one of this apply, rounded by the lock?
func TestAccessCode_otherEndIsNoRoundedOne(t *testing.T) {
	forEach(t, map[string]func(h *harness, config values){
		"an apply that gave up": func(h *harness, config values) {
			h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second}, seamtest.UpdateBehavior{Takes: 10 * time.Second})
			h.requireWarningOnly(h.apply(config.with(values{"ends_at": timeFromNow(500 * time.Hour)})), "Change not confirmed yet")
			h.restart()
		},
		"somebody": func(h *harness, _ values) {
			h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 10 * time.Second, Ignored: true})
			id := h.id()
			time.AfterFunc(5*time.Second, func() {
				h.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) { c.EndsAt = c.EndsAt.Add(500 * time.Hour) })
			})
		},
	}, func(h *harness, change func(*harness, values)) {
		config := stayConfig(h, 48*time.Hour).with(values{"timeouts": values{"update": "1m"}})
		earlier := config.with(values{"ends_at": timeFromNow(time.Hour)})
		h.requireNoError(h.apply(config))
		change(h, config)
		h.requireStateUnchanged(func() { h.requireError(h.ApplyWithoutRefresh(earlier), "may open longer than it should") })
		advanceClock(time.Minute)
		h.restart()
		h.requireNoError(h.apply(earlier))
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", false)
	})
}
