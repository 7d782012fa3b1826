package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// killedApply is a run of apply whose process is killed: what it did stays, what it would have
// written to the state does not.
func (h *harness) killedApply(do func()) {
	state, private, identity := h.State.Copy(), h.Private, h.Identity
	do()
	h.State, h.Private, h.Identity = state, private, identity
	h.restart()
}

// Does the old PIN still open the door after `kill -9` in a rotation, then destroy?
func TestAccessCode_destroyAfterAKilledRotation(t *testing.T) {
	forEach(t, refreshes, func(h *harness, refreshed bool) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.killedApply(func() { h.ApplyWithoutRefresh(guestConfig(h).with(values{"code": "7319"})) })
		if refreshed {
			h.requireNoError(h.refresh())
		}
		left := h.requireLeftover(h.destroyWithoutRefresh(), "still lists the PIN")
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun("4821", "7319")
	})
}

// Does the nightly plan see an old PIN that a killed rotation left on the lock, and does
// apply say done while it opens the door?
func TestAccessCode_planAfterAKilledRotation(t *testing.T) {
	withHarness(t, func(h *harness) {
		after := guestConfig(h).with(values{"code": "7319"})
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.killedApply(func() { h.ApplyWithoutRefresh(after) })
		h.requireWarning(h.refresh(), "Earlier PIN", "still lists the PIN")
		h.requireUpdate(after)
		left := h.requireLeftover(h.ApplyWithoutRefresh(after), "old PIN may still open")
		h.requireNoError(h.refreshInNextRun())
		h.requireUpdate(after)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.ApplyWithoutRefresh(after))
		h.restart()
		h.requireSettled(after)
		h.requireOpens("4821", false)
	})
}

// Is a PIN that somebody changed on the lock forgotten once the lock is seen without it?
func TestAccessCode_pinChangedOutsideIsForgottenOnceItIsOffTheLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(values{"code": nil})
		h.requireNoError(h.apply(config))
		before, _ := h.attribute("code").(string)
		h.seam.ChangeAccessCode(h.id(), func(code *seamtest.AccessCode) { code.PIN = "7319" })
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: before})
		h.requireWarning(h.refreshInNextRun(), left)
		h.requireUpdate(config) // as long as the old PIN opens the door
		h.seam.RemoveUnmanagedAccessCode(left)
		h.restart()
		h.requireSettled(config)
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: before}) // somebody else's by now
		h.requireNoDiagnostics(h.refreshInNextRun())
		h.requireOpens("7319", true)
	})
}

// Is a PIN that the user wants again taken for an old one?
func TestAccessCode_pinThatIsWantedAgainIsNoOldOne(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Minute})
		h.killedApply(func() {
			go func() { advanceClock(5 * time.Second); h.Interrupt() }()
			h.ApplyWithoutRefresh(guestConfig(h).with(values{"code": "7319"}))
		})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireOpens("4821", true)
		h.requireOpens("7319", false)
		h.restart()
		h.requireSettled(guestConfig(h))
		h.mustDestroy("4821")
	})
}

// Is a secret PIN written anywhere to look for it later?
func TestAccessCode_writeOnlyPINIsNotRemembered(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(pinForms["write-only"])))
		h.seam.ChangeAccessCode(h.id(), func(code *seamtest.AccessCode) { code.PIN = "7319" })
		h.requireNoDiagnostics(h.refreshInNextRun())
		requireAbsent(t, privateStateText(t, h.Private), "4821", "7319")
	})
}

// A PIN stays on the lock when a code gets a write-only one, and then the code moves to
// another lock. Is the old PIN still looked for?
func TestAccessCode_unprovenRotationIsNotForgottenWhenTheCodeMoves(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(pinForms["write-only"])))
		h.lock.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		rotated := guestConfig(h).with(values{"code": nil, "code_wo": "7319", "code_wo_version": 2})
		left := h.requireLeftover(h.apply(rotated), "The old PIN may still open")
		h.seam.MoveAccessCode(h.id(), h.seam.AddLock("Other"))
		for range 2 {
			h.requireNoError(h.refreshInNextRun())
		}
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "still lists the PIN", h.lock.ID, left) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.destroyWithoutRefresh())
	})
}

// A code becomes unmanaged, with another PIN than the state has, which is left on the lock. Is
// that one forgotten when the code is taken back?
func TestAccessCode_pinOfTheStateIsLookedForWhenTheCodeIsTakenBack(t *testing.T) {
	forEach(t, map[string]any{"the same PIN": "4821", "another PIN": "5555"}, func(h *harness, pin any) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.ChangeAccessCode(h.id(), func(code *seamtest.AccessCode) { code.PIN = "7319" })
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.seam.UnmanageAccessCode(h.id())
		h.requireNoError(h.refreshInNextRun())
		diags := h.ApplyWithoutRefresh(guestConfig(h).with(values{"code": pin}))
		if h.lock.Opens("7319") && !hasError(diags) || pin != "4821" && !hasError(diags) {
			h.t.Errorf("apply says done, and the lock holds %q", h.lock.PINs())
		}
		h.requireError(h.destroyInNextRun(), "still lists the PIN", left)
	})
}

// Does a rotation look for the old PIN on the lock where Seam says the code is?
func TestAccessCode_rotationOfACodeThatMoved(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		h.requireNoError(h.apply(guestConfig(h).with(r.before)))
		other := h.seam.AddLock("Other")
		h.seam.MoveAccessCode(h.id(), other)
		other.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.restart()
		left := h.requireLeftover(h.ApplyWithoutRefresh(guestConfig(h).with(r.after)), "The old PIN may still open", other.ID)
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), other.ID) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.destroyWithoutRefresh())
	})
}

// An apply was killed after it gave a code a stay, and then the code became unmanaged. Is
// everything known once it is taken back, although there is nothing left to change?
func TestAccessCode_killedChangeOfACodeThatIsTakenBack(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		after := stayConfig(h, time.Hour)
		h.killedApply(func() { h.requireNoError(h.ApplyWithoutRefresh(after)) })
		h.seam.UnmanageAccessCode(h.id())
		h.requireNoError(h.apply(after))
		h.requireAttributes(values{"type": "time_bound"})
		h.requireNoDiagnostics(h.refreshInNextRun())
		h.requireCleanPlan(after)
	})
}
