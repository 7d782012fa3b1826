package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// killed is a run of apply whose process is killed: what it did stays, what it would have
// written to the state does not.
func (w *world) killed(do func()) {
	state, private, identity := w.state.Copy(), w.private, w.identity
	do()
	w.state, w.private, w.identity = state, private, identity
	w.restart()
}

// Does the old PIN still open the door after `kill -9` in a rotation, then destroy?
func TestAccessCode_destroyAfterAKilledRotation(t *testing.T) {
	for name, refreshed := range map[string]bool{"with refresh": true, "without refresh": false} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w)))
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
				w.killed(func() { w.put(guest(w).with(values{"code": "7319"})) })
				if refreshed {
					w.ok(w.refresh())
				}
				diags := w.delete()
				w.fails(diags, "still lists the PIN")
				w.opens("4821", true)
				w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
				w.restart()
				w.ok(w.destroy())
				w.opens("4821", false)
				w.opens("7319", false)
			})
		})
	}
}

// Does the nightly plan see an old PIN that a killed rotation left on the lock, and does
// apply say done while it opens the door?
func TestAccessCode_planAfterAKilledRotation(t *testing.T) {
	inWorld(t, func(w *world) {
		after := guest(w).with(values{"code": "7319"})
		w.ok(w.apply(guest(w)))
		w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		w.killed(func() { w.put(after) })
		w.warns(w.refresh(), "Former PIN", "still lists the PIN")
		p := w.plan(after)
		if p.empty() || len(p.replaces) > 0 {
			t.Errorf("the plan changes %v and replaces %v, want an update in place", p.changes(), p.replaces)
		}
		diags := w.put(after)
		w.fails(diags, "old PIN may still open")
		w.restart()
		if w.ok(w.refresh()); w.plan(after).empty() {
			t.Error("the next plan is empty")
		}
		w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
		w.ok(w.put(after))
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(after); !p.empty() {
			t.Errorf("the last plan changes %v", p.changes())
		}
		w.opens("4821", false)
	})
}

// Is a PIN that somebody changed on the lock forgotten once the lock is seen without it?
func TestAccessCode_PINChangedOutsideIsForgottenOnceItIsOffTheLock(t *testing.T) {
	inWorld(t, func(w *world) {
		config := guest(w).with(values{"code": nil})
		w.ok(w.apply(config))
		before, _ := w.has("code").(string)
		w.seam.ChangeAccessCode(w.id(), func(code *seamtest.AccessCode) { code.PIN = "7319" })
		left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: before})
		w.restart()
		w.warns(w.refresh(), left)
		if w.plan(config).empty() {
			t.Error("the plan is empty while the old PIN opens the door")
		}
		w.seam.RemoveUnmanagedAccessCode(left)
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan changes %v", p.changes())
		}
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: before}) // somebody else's by now
		w.restart()
		w.silent(w.refresh())
		w.opens("7319", true)
	})
}

// Is a PIN that the user wants again taken for an old one?
func TestAccessCode_PINThatIsWantedAgainIsNoOldOne(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Minute})
		w.killed(func() {
			go func() { later(5 * time.Second); w.interrupt() }()
			w.put(guest(w).with(values{"code": "7319"}))
		})
		w.ok(w.apply(guest(w)))
		w.opens("4821", true)
		w.opens("7319", false)
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(guest(w)); !p.empty() {
			t.Errorf("the plan changes %v", p.changes())
		}
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

// Is a secret PIN written anywhere to look for it later?
func TestAccessCode_writeOnlyPINIsNotRemembered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w).with(forms["write-only"])))
		w.seam.ChangeAccessCode(w.id(), func(code *seamtest.AccessCode) { code.PIN = "7319" })
		w.restart()
		w.silent(w.refresh())
		if kept := privateState(t, w.private); strings.Contains(kept, "4821") || strings.Contains(kept, "7319") {
			t.Errorf("a PIN is in the private state: %s", kept)
		}
	})
}
