package provider

import (
	"regexp"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A change of the PIN is not proven, and the next change is not either and leaves the PIN in
// between on the lock. Does destroy notice, although no state has that PIN?
func TestAccessCode_pinBetweenTwoUnprovenRotationsIsLookedFor(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.hideMutatedPINs()
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnUpdate(seamtest.UpdateBehavior{StuckMutation: true})
		h.requireError(h.apply(guestConfig(h).with(values{"code": "5555"})), "it took longer")
		h.lock.OnUpdate(seamtest.UpdateBehavior{StuckMutation: true, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.requireError(h.apply(guestConfig(h).with(values{"code": "7319"})), "it took longer")
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "whose PIN cannot be compared") })
		h.requireOpens("5555", true)
	})
}

// Another change of the PIN is still under way, by an apply that gave up or was killed, and
// comes true before this one. Is its PIN looked for, although no state has it?
func TestAccessCode_rotationOverOneThatIsUnderWay(t *testing.T) {
	third := map[string]values{"plain": {"code": "7319"}, "write-only": {"code": nil, "code_wo": "7319", "code_wo_version": 3}}
	for form, r := range rotations {
		for name, run := range map[string]func(*harness, func()){"gave up": func(h *harness, do func()) { do(); h.restart() }, "killed": (*harness).killedApply} {
			subtest(t, form+", "+name, func(h *harness) {
				config := guestConfig(h).with(values{"timeouts": values{"update": "1m"}})
				h.requireNoError(h.apply(config.with(r.before)))
				h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second}, seamtest.UpdateBehavior{Takes: 40 * time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
				run(h, func() { h.requireError(h.apply(config.with(r.after)), "it took longer") })
				h.requireError(h.apply(config.with(third[form])), "The old PIN may still open")
				h.requireOpens("5555", true)
				h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun()) })
			})
		}
	}
}

// hideMutatedPINs is a Seam that does not say which PINs a pending change is about.
func (h *harness) hideMutatedPINs() {
	h.seam.InjectFault(seamtest.Fault{Path: getPath, Replace: func(status int, body []byte) (int, []byte) {
		return status, regexp.MustCompile(`"(from|to)":`).ReplaceAll(body, []byte(`"hidden":`))
	}})
	h.disableBulkRead()
}

// The same, if the answer does not say what is under way.
func TestAccessCode_rotationOverOneThatSeamDoesNotShow(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(values{"timeouts": values{"update": "1m"}})
		h.requireNoError(h.apply(config))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second}, seamtest.UpdateBehavior{Takes: 40 * time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		h.requireError(h.apply(config.with(values{"code": "5555"})), "it took longer")
		h.hideMutatedPINs()
		h.requireError(h.apply(config.with(values{"code": "7319"})), "The old PIN may still open", "cannot be compared")
		h.requireOpens("5555", true)
	})
}

// An apply that was killed has changed a write-only PIN already. Is the one before, which
// nobody knows any more, taken to be off the lock?
func TestAccessCode_killedRotationOfAWriteOnlyPINThatIsRepeated(t *testing.T) {
	forEach(t, keptPINs, func(h *harness, kept seamtest.UnmanagedAccessCode) {
		r := rotations["write-only"]
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		advanceClock(time.Minute)
		h.requireNoError(h.apply(guestConfig(h).with(r.before)))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &kept})
		h.killedApply(func() { h.ApplyWithoutRefresh(guestConfig(h).with(r.after)) })
		var left string
		for range 2 {
			left = h.requireLeftover(h.apply(guestConfig(h).with(r.after)), "The old PIN may still open", "cannot be compared")
			h.requireOpens("4821", true)
			h.restart()
		}
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), left) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun("5555")
	})
}

// A change of the PIN came true after apply gave up; then somebody removed the code, and the
// new PIN, which no state has, is on the lock as another code. Is the code taken to be gone?
func TestAccessCode_newPINOfAnUnprovenRotationIsLookedFor(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		config := guestConfig(h).with(values{"timeouts": values{"update": "1m"}})
		h.requireNoError(h.apply(config.with(r.before)))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second})
		h.requireError(h.apply(config.with(r.after)), "it took longer")
		advanceClock(time.Minute)
		h.seam.RemoveAccessCode(h.id())
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "5555"})
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), left) })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), left) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.destroyWithoutRefresh())
	})
}

// An earlier end is not proven, and then somebody adds a code of their own. The PIN never changed: does
// that code block a destroy?
func TestAccessCode_neighbourAfterAnUnprovenEnd(t *testing.T) {
	forEach(t, pinForms, func(h *harness, form values) {
		config := stayConfig(h, 48*time.Hour).with(form).with(values{"timeouts": values{"update": "1m"}})
		earlier := config.with(values{"ends_at": timeFromNow(time.Hour)})
		h.requireNoError(h.apply(config))
		advanceClock(time.Minute)
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Ignored: true})
		h.requireError(h.apply(earlier), "may open longer than it should")
		advanceClock(time.Minute)
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		h.mustDestroyInNextRun("4821")
		h.requireOpens("1111", true)
	})
}
