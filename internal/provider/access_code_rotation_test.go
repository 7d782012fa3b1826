package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// rotations are configurations with another PIN than guest has, in the form in which the
// PIN is given.
var rotations = map[string]struct{ before, after values }{
	"plain":      {forms["plain"], values{"code": "5555"}},
	"write-only": {forms["write-only"], values{"code": nil, "code_wo": "5555", "code_wo_version": 2}},
}

func TestRotationEndsWhenTheOldPINNoLongerOpensTheDoor(t *testing.T) {
	for name, r := range rotations {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(r.before)))
				id := w.id()
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 90 * time.Second})
				w.restart()
				start := time.Now()
				w.silent(w.apply(guest(w).with(r.after)))
				if took := time.Since(start); took < 90*time.Second || took > 100*time.Second {
					t.Errorf("took %v, want about 90s", took)
				}
				w.opens("4821", false)
				w.opens("5555", true)
				if w.id() != id {
					t.Error("the code was replaced")
				}
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(guest(w).with(r.after)); !p.empty() {
					t.Errorf("the next plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestOldPINThatStaysOnTheLockFailsTheRotation(t *testing.T) {
	for name, r := range rotations {
		for leftover, kept := range map[string]seamtest.UnmanagedAccessCode{"readable": {}, "masked": {Masked: true}} {
			t.Run(name+", "+leftover, func(t *testing.T) {
				inWorld(t, func(w *world) {
					after := guest(w).with(r.after)
					w.ok(w.apply(guest(w).with(r.before)))
					later(time.Minute)
					w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &kept})
					w.restart()
					var left string
					w.keeps(func() {
						diags := w.apply(after)
						w.fails(diags, "Unable to update access code", "The old PIN may still open", "the next apply repeats")
						left = w.stray(text(diags, 1))
						if said := text(diags, 1); strings.Contains(said, "4821") || strings.Contains(said, "5555") {
							t.Errorf("a PIN is in the error: %s", said)
						}
					})
					for range 2 {
						later(10 * time.Minute)
						w.restart()
						w.keeps(func() { w.warns(w.refresh(), "Change not proven", "The next apply repeats it") })
						if p := w.plan(after); p.empty() || len(p.replaces) > 0 {
							t.Errorf("the plan changes %q, replaces %q", p.changes(), p.replaces)
						}
						w.keeps(func() { w.fails(w.apply(after), "The old PIN may still open", left) })
						w.restart()
						w.keeps(func() { w.fails(w.put(after), "The old PIN may still open", left) })
					}
					w.opens("4821", true)
					w.seam.RemoveUnmanagedAccessCode(left)
					w.restart()
					w.ok(w.apply(after))
					w.opens("4821", false)
					w.opens("5555", true)
					w.restart()
					w.silent(w.refresh())
					if p := w.plan(after); !p.empty() {
						t.Errorf("the plan after the proof changes %q", p.changes())
					}
				})
			})
		}
	}
}

func TestUnprovenRotationIsRepeatedAlsoWhenTheUserGoesBack(t *testing.T) {
	for name, r := range rotations {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				before := guest(w).with(r.before)
				w.ok(w.apply(before))
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
				diags := w.apply(guest(w).with(r.after))
				w.fails(diags, "The old PIN may still open")
				w.restart()
				w.ok(w.refresh())
				if w.plan(before).empty() {
					t.Fatal("the plan forgets a rotation that half happened")
				}
				w.keeps(func() { w.fails(w.apply(before)) })
				w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
				w.restart()
				w.ok(w.apply(before))
				w.opens("4821", true)
				w.opens("5555", false)
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(before); !p.empty() {
					t.Errorf("the plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestRotationThatTheLockRefusesOrIgnores(t *testing.T) {
	for name, test := range map[string]struct {
		change seamtest.UpdateBehavior
		says   string
	}{
		"attempt fails":     {seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "no answer"}, "device_offline: no answer"},
		"takes too long":    {seamtest.UpdateBehavior{Takes: 5 * time.Minute}, "longer than 2m"},
		"ignored":           {seamtest.UpdateBehavior{Takes: time.Second, Ignored: true}, "longer than 2m"},
		"ignored, silently": {seamtest.UpdateBehavior{NoAttempt: true, Ignored: true}, "longer than 2m"},
		"failed_to_update":  {seamtest.UpdateBehavior{Takes: time.Second, Ignored: true, Errors: []seamtest.Issue{{Code: "failed_to_update", Message: "no answer"}}}, "it still has the old PIN or times"},
	} {
		for form, r := range rotations {
			t.Run(name+", "+form, func(t *testing.T) {
				inWorld(t, func(w *world) {
					timeouts := values{"timeouts": values{"update": "2m"}}
					after := guest(w).with(r.after).with(timeouts)
					w.ok(w.apply(guest(w).with(r.before).with(timeouts)))
					w.lock.OnUpdate(test.change)
					w.restart()
					w.keeps(func() { w.fails(w.apply(after), "The old PIN may still open", test.says) })
					w.opens("4821", true)
					later(10 * time.Minute)
					w.restart()
					w.ok(w.apply(after))
					w.opens("4821", false)
					w.opens("5555", true)
				})
			})
		}
	}
}

func TestChangeWaitsForThePendingMutation(t *testing.T) {
	inWorld(t, func(w *world) {
		config := guest(w).with(values{"timeouts": values{"update": "1m"}})
		w.ok(w.apply(config))
		w.lock.OnUpdate(seamtest.UpdateBehavior{StuckMutation: true})
		w.keeps(func() { w.fails(w.apply(config.with(values{"code": "5555"})), "The old PIN may still open") })
	})
}

func TestRotationIsRefusedInAForeignOrMissingPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.seam.InjectFault(seamtest.Fault{Path: strayPath, Status: 500})
		w.keeps(func() {
			w.fails(w.apply(guest(w).with(values{"code": "5555"})), "The old PIN may still open", "HTTP 500")
		})
	})
}

func TestStayThatEndsEarlierIsARemoval(t *testing.T) {
	t.Run("done", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.ok(w.apply(stay(w, 48*time.Hour)))
			w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Minute})
			w.silent(w.apply(stay(w, 48*time.Hour).with(values{"ends_at": stamp(time.Hour)})))
			later(2 * time.Hour)
			w.opens("4821", false)
		})
	})
	t.Run("ignored by the lock", func(t *testing.T) {
		inWorld(t, func(w *world) {
			config := stay(w, 48*time.Hour)
			earlier := config.with(values{"ends_at": stamp(time.Hour)})
			w.ok(w.apply(config))
			w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Ignored: true})
			w.keeps(func() { w.fails(w.apply(earlier), "may open longer than it should", "the next apply repeats") })
			w.restart()
			w.keeps(func() { w.warns(w.refresh(), "Change not proven") })
			w.ok(w.apply(earlier))
			later(2 * time.Hour)
			w.opens("4821", false)
		})
	})
	t.Run("attempt fails", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.ok(w.apply(guest(w)))
			w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline"})
			w.keeps(func() { w.fails(w.apply(stay(w, time.Hour)), "may open longer than it should", "device_offline") })
			w.restart()
			w.ok(w.apply(stay(w, time.Hour)))
			later(2 * time.Hour)
			w.opens("4821", false)
		})
	})
}

// Nobody gets in by these, so the lock may take its time.
func TestSlowChangeThatTakesNoAccessIsAWarning(t *testing.T) {
	for name, change := range map[string]values{
		"name":          {"name": "Other"},
		"a longer stay": {"ends_at": "2031-01-01T00:00:00Z"},
		"no end":        {"starts_at": nil, "ends_at": nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := stay(w, time.Hour)
				w.ok(w.apply(config))
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 10 * time.Minute})
				w.restart()
				diags := w.apply(config.with(change))
				w.ok(diags)
				w.warns(diags, "Change not confirmed yet", "Seam keeps trying")
				later(6 * time.Minute)
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(config.with(change)); !p.empty() {
					t.Errorf("the plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestDestroyAfterAnUnprovenRotationChecksTheOldPIN(t *testing.T) {
	for name, r := range rotations {
		for _, refreshed := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.ok(w.apply(guest(w).with(r.before)))
					w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
					diags := w.apply(guest(w).with(r.after))
					w.fails(diags)
					left := w.stray(text(diags, 1))
					w.restart()
					if refreshed {
						w.keeps(func() { w.ok(w.refresh()) })
					}
					w.keeps(func() { w.fails(w.delete(), "still lists the PIN", left) })
					w.opens("4821", true)
					w.opens("5555", false)
					w.seam.RemoveUnmanagedAccessCode(left)
					w.restart()
					w.ok(w.destroy())
					w.gone()
					if pins := w.lock.PINs(); len(pins) > 0 {
						t.Errorf("the lock still holds %q", pins)
					}
				})
			})
		}
	}
}

// The old PIN was left there when the PIN was changed, which is before the removal of
// the code was asked for.
func TestDestroyAfterAnUnprovenRotationDoubtsWhatAppearedSinceThen(t *testing.T) {
	for name, r := range rotations {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(r.before)))
				later(time.Minute)
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{Masked: true}})
				diags := w.apply(guest(w).with(r.after))
				w.fails(diags, "cannot be compared")
				left := w.stray(text(diags, 1))
				later(time.Minute)
				w.restart()
				w.keeps(func() { w.fails(w.destroy(), "not confirmed", left) })
				w.opens("4821", true)
				w.seam.RemoveUnmanagedAccessCode(left)
				w.restart()
				w.ok(w.destroy())
				w.gone()
			})
		})
	}
}

// Nobody saw the old PIN become unmanaged, and of a write-only one nobody knows it.
func TestOldPINThatTurnsUpAfterAnUnprovenRotation(t *testing.T) {
	for name, r := range rotations {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				timeouts := values{"timeouts": values{"update": "1m"}}
				w.ok(w.apply(guest(w).with(r.before).with(timeouts)))
				later(time.Minute)
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: 5 * time.Minute, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
				w.fails(w.apply(guest(w).with(r.after).with(timeouts)), "The old PIN may still open")
				later(10 * time.Minute)
				w.restart()
				diags := w.destroy()
				w.fails(diags, "not confirmed")
				w.opens("4821", true)
				w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
				w.restart()
				w.ok(w.destroy())
				w.gone()
			})
		})
	}
}

func TestCodeRemovedOutsideAfterAnUnprovenRotationIsNotGoneYet(t *testing.T) {
	for name, r := range rotations {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(r.before)))
				w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
				diags := w.apply(guest(w).with(r.after))
				w.fails(diags)
				left := w.stray(text(diags, 1))
				w.seam.RemoveAccessCode(w.id())
				w.restart()
				w.warns(w.refresh(), "not proven", left)
				w.seam.RemoveUnmanagedAccessCode(left)
				w.restart()
				w.ok(w.refresh())
				w.gone()
			})
		})
	}
}

func TestOldPINInAnotherCodeIsNamed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		twin := w.createElsewhere(values{"device_id": w.lock.ID, "code": "6666"})
		w.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = "4821" })
		diags := w.apply(guest(w).with(values{"code": "5555"}))
		w.ok(diags)
		w.warns(diags, "the old one still opens", twin)
	})
}

func TestRotationToATakenPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		taken := w.createElsewhere(values{"device_id": w.lock.ID, "code": "5555"})
		w.ok(w.apply(guest(w)))
		w.keeps(func() {
			diags := w.apply(guest(w).with(values{"code": "5555"}))
			w.fails(diags, "already has an access code with this PIN", taken)
			if strings.Contains(text(diags, 1), "5555") {
				t.Error("the PIN is in the error")
			}
		})
		w.restart()
		w.ok(w.apply(guest(w)))
		w.opens("4821", true)
		w.ok(w.apply(guest(w).with(values{"code": "7777"})))
		if pins := w.lock.PINs(); !slices.Equal(pins, []string{"5555", "7777"}) {
			t.Errorf("the lock holds %q", pins)
		}
	})
}
