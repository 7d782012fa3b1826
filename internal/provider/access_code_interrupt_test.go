package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// interrupted runs a verb, interrupts it after a while and tells how long it went on.
func (w *world) interrupted(after time.Duration, verb func()) (went time.Duration) {
	var at time.Time
	go func() { later(after); at = time.Now(); w.interrupt() }()
	verb()
	return time.Since(at)
}

func TestInterruptedDestroyGoesOnInTheNextRun(t *testing.T) {
	for name, removal := range map[string]seamtest.DeleteBehavior{
		"waiting for the attempt": {Takes: 5 * time.Minute},
		"waiting for the code":    {Takes: time.Second, GoneAfter: 5 * time.Minute},
		"without an attempt":      {NoAttempt: true, GoneAfter: 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(removal)
				w.ok(w.apply(guest(w)))
				w.keeps(func() {
					if went := w.interrupted(90*time.Second, func() { w.fails(w.destroy(), "interrupted", "may still open") }); went > time.Second {
						t.Errorf("went on for %v after the interrupt", went)
					}
				})
				if !strings.Contains(privateState(t, w.private), "asked_at") {
					t.Error("private state was lost")
				}
				w.restart()
				w.ok(w.destroy())
				w.gone()
				w.opens("4821", false)
				if removal.Takes > time.Minute {
					w.asked(deletePath, 1)
				}
			})
		})
	}
}

func TestInterruptedWaitForTheEvent(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.DelayEvents(5 * time.Minute)
		w.ok(w.apply(guest(w).with(values{"removal": "verified_by_event"})))
		w.keeps(func() {
			if went := w.interrupted(time.Minute, func() { w.fails(w.destroy(), "interrupted") }); went > time.Second {
				t.Errorf("went on for %v after the interrupt", went)
			}
		})
		w.restart()
		w.ok(w.delete())
		w.gone()
		w.asked(deletePath, 1)
	})
}

// A request that hangs must not keep Ctrl-C waiting either.
func TestInterruptedWhileSeamDoesNotAnswer(t *testing.T) {
	for _, path := range []string{getPath, deletePath, strayPath, attemptPath()} {
		t.Run(path, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second})
				w.ok(w.apply(guest(w)))
				hangs := w.seam.InjectFault(seamtest.Fault{Path: path, Delay: 20 * time.Second})
				w.keeps(func() {
					if went := w.interrupted(10*time.Second, func() { w.fails(w.delete()) }); went > time.Second {
						t.Errorf("went on for %v after the interrupt", went)
					}
				})
				hangs.Remove()
				w.restart()
				w.ok(w.destroy())
				w.opens("4821", false)
			})
		})
	}
}

func TestInterruptedWaitForTheLockIsNoFailure(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{SetAfter: 4 * time.Minute})
		config := guest(w).with(values{"wait_for_set": true})
		w.interrupted(time.Minute, func() {
			diags := w.apply(config)
			w.ok(diags)
			w.warns(diags, "Access code not ready", "Seam accepted")
		})
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		later(4 * time.Minute)
		w.opens("4821", true)
	})
}

func TestInterruptedWaitForThePIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 4 * time.Minute})
		config := values{"device_id": w.lock.ID}
		went := w.interrupted(time.Minute, func() {
			diags := w.apply(config)
			w.ok(diags)
			w.warns(diags, "Access code not ready")
		})
		if went > time.Second || w.has("code") != nil {
			t.Errorf("went on for %v after the interrupt; code %v", went, w.has("code"))
		}
		later(4 * time.Minute)
		w.restart()
		w.silent(w.refresh())
		if w.has("code") == nil || !w.plan(config).empty() {
			t.Error("the PIN that came meanwhile is not taken over")
		}
	})
}

func TestCreateInFlightSurvivesTheInterrupt(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"answers late":        {Delay: 10 * time.Second},
		"answer is lost":      {Delay: 10 * time.Second, Drop: seamtest.DropAfter},
		"answers only a 502":  {Delay: 10 * time.Second, Status: 502, Processed: true},
		"created, then hangs": {Delay: 25 * time.Second, DelayAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				fault.Path, fault.Times = createPath, 1
				w.seam.InjectFault(fault)
				went := w.interrupted(5*time.Second, func() { w.ok(w.apply(guest(w))) })
				if went > time.Minute {
					t.Errorf("went on for %v", went)
				}
				if codes := w.seam.AccessCodes(); len(codes) != 1 || codes[0].ID != w.id() {
					t.Errorf("Seam has %v, the state has %s", codes, w.id())
				}
				w.asked(createPath, 1)
				w.restart()
				w.silent(w.refresh())
			})
		})
	}
}

func TestInterruptedRotationIsRepeated(t *testing.T) {
	inWorld(t, func(w *world) {
		after := guest(w).with(values{"code": "5555"})
		w.ok(w.apply(guest(w)))
		w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 2 * time.Minute})
		w.keeps(func() {
			went := w.interrupted(time.Minute, func() { w.fails(w.apply(after), "The old PIN may still open", "interrupted") })
			if went > time.Second {
				t.Errorf("went on for %v after the interrupt", went)
			}
		})
		w.restart()
		w.ok(w.apply(after))
		w.opens("4821", false)
		w.opens("5555", true)
	})
}
