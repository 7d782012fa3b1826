package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestCodeRemovedOutsideIsDroppedAndPlannedAnew(t *testing.T) {
	for name, config := range forms {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(config)))
				id := w.id()
				w.seam.RemoveAccessCode(id)
				w.restart()
				w.warns(w.refresh(), "Removed outside Terraform", id, w.lock.ID, "creates it anew")
				w.gone()
				w.ok(w.apply(guest(w).with(config)))
				w.opens("4821", true)
			})
		})
	}
}

func TestDestroyOfACodeRemovedOutsideHasNothingToDo(t *testing.T) {
	for name, destroy := range map[string]func(*world) []*tfprotov6.Diagnostic{"with refresh": (*world).destroy, "without refresh": (*world).delete} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w)))
				w.seam.RemoveAccessCode(w.id())
				w.restart()
				w.ok(destroy(w))
				w.gone()
				w.asked(deletePath, 0)
			})
		})
	}
}

func TestChangeOutsideIsPlannedAndHealedInPlace(t *testing.T) {
	for attribute, change := range map[string]func(*seamtest.AccessCode){
		"name":                             func(c *seamtest.AccessCode) { c.Name = "Somebody" },
		"code":                             func(c *seamtest.AccessCode) { c.PIN = "9999" },
		"ends_at":                          func(c *seamtest.AccessCode) { c.EndsAt = c.EndsAt.Add(time.Hour) },
		"is_external_modification_allowed": func(c *seamtest.AccessCode) { c.ExternalModificationAllowed = true },
	} {
		t.Run(attribute, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := stay(w, time.Hour).with(values{"is_external_modification_allowed": false})
				w.ok(w.apply(config))
				id := w.id()
				w.seam.ChangeAccessCode(id, change)
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(config); !slices.Equal(p.changes(), []string{attribute}) || len(p.replaces) > 0 {
					t.Errorf("the plan changes %q and replaces because of %q, want an update of %s", p.changes(), p.replaces, attribute)
				}
				w.silent(w.apply(config))
				w.silent(w.refresh())
				if p := w.plan(config); !p.empty() || w.id() != id {
					t.Errorf("after the apply the plan changes %q", p.changes())
				}
				w.opens("4821", true)
				w.opens("9999", false)
				if code, _ := w.seam.AccessCode(id); code.Name != "Guest" {
					t.Errorf("the name is %q", code.Name)
				}
			})
		})
	}
}

// What changes by itself is no reason to change anything.
func TestNoiseLeavesThePlanEmpty(t *testing.T) {
	for name, noise := range map[string]func(*world){
		"errors and warnings": func(w *world) {
			w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) {
				c.Errors = []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "x"}}
				c.Warnings = []seamtest.Issue{{Code: "delay_in_setting_on_device", Message: "x"}}
			})
		},
		"status": func(w *world) { w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) { c.Status = "unknown" }) },
		"pending mutations": func(w *world) {
			w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) { c.Mutations = []*seamtest.Mutation{{Code: "updating_name"}} })
		},
		"lock offline":    func(w *world) { w.lock.SetOnline(false) },
		"unmanaged codes": func(w *world) { w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"}) },
		"months":          func(*world) { later(90 * 24 * time.Hour) },
		"backup":          func(w *world) { w.seam.PullBackupAccessCode(w.id()) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := stay(w, 365*24*time.Hour)
				w.ok(w.apply(config))
				noise(w)
				w.restart()
				w.keeps(func() { w.silent(w.refresh()) })
				if p := w.plan(config); !p.empty() {
					t.Errorf("the plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestWriteOnlyPINChangedOutsideIsNotSeen(t *testing.T) {
	inWorld(t, func(w *world) {
		config := guest(w).with(forms["write-only"])
		w.ok(w.apply(config))
		w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) { c.PIN = "9999" })
		w.keeps(func() { w.silent(w.refresh()) })
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		w.ok(w.destroy())
		w.opens("9999", false)
	})
}

// ends are the two ways in which Seam treats a stay that is over.
var ends = map[string]bool{"the code is gone": false, "the code stays readable": true}

func TestExpiredStayIsQuiet(t *testing.T) {
	for name, keep := range ends {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.seam.KeepExpired(keep)
				config := stay(w, time.Hour)
				w.ok(w.apply(config))
				later(48 * time.Hour)
				for range 2 {
					w.restart()
					w.keeps(func() { w.silent(w.refresh()) })
					if p := w.plan(config); !p.empty() || len(p.diags) > 0 {
						t.Errorf("the plan changes %q and says %v", p.changes(), p.diags)
					}
				}
				w.restart()
				w.silent(w.destroy())
				w.gone()
				if w.seam.Count(strayPath) == 0 {
					t.Error("destroy did not check the lock")
				}
			})
		})
	}
}

func TestExpiredPINLeftOnTheLockKeepsTheState(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		later(2 * time.Hour)
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.restart()
		w.keeps(func() { w.fails(w.destroy(), "still lists the PIN") })
	})
}

func TestExpiredStayIsNotProvenWithoutItsLock(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		later(2 * time.Hour)
		w.lock.Disappear()
		w.restart()
		w.keeps(func() { w.silent(w.refresh()) })
		w.keeps(func() { w.fails(w.destroy(), "is missing from the workspace") })
	})
}

func TestExpiredStayThatIsExtendedIsReplaced(t *testing.T) {
	for name, keep := range ends {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.seam.KeepExpired(keep)
				config := stay(w, time.Hour)
				w.ok(w.apply(config))
				first := w.id()
				later(48 * time.Hour)
				w.restart()
				w.silent(w.refresh())
				extended := config.with(values{"ends_at": stamp(24 * time.Hour)})
				p := w.plan(extended)
				if want := !keep; slices.Equal(p.replaces, []string{"ends_at"}) != want {
					t.Errorf("replaces because of %q", p.replaces)
				}
				w.ok(w.apply(extended))
				if (w.id() == first) != keep || len(w.seam.AccessCodes()) != 1 {
					t.Error("the code was replaced although it was there, or was not though it was gone")
				}
				w.opens("4821", true)
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(extended); !p.empty() {
					t.Errorf("the plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestOtherChangesOfAnExpiredStayAreOnlyRecorded(t *testing.T) {
	for name, change := range map[string]values{
		"name": {"name": "Other"}, "code": {"code": "5555"}, "write-only": {"code": nil, "code_wo": "5555", "code_wo_version": 1},
		"flag": {"is_external_modification_allowed": true}, "starts_at": {"starts_at": "2000-01-01T00:30:00Z"}, "no window": {"starts_at": nil, "ends_at": nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(stay(w, time.Hour)))
				config := stay(w, time.Hour).with(change)
				later(48 * time.Hour)
				w.restart()
				w.silent(w.refresh())
				before := writes(w)
				p := w.plan(config)
				if name == "no window" {
					if !slices.Equal(p.replaces, []string{"ends_at"}) {
						t.Errorf("an end that is taken back replaces because of %q", p.replaces)
					}
					return
				}
				if p.empty() || len(p.replaces) > 0 {
					t.Errorf("the plan changes %q, replaces %q: %s", p.changes(), p.replaces, p.errors())
				}
				diags := w.apply(config)
				w.ok(diags)
				w.warns(diags, "Only recorded", w.id(), "expired")
				if writes(w) != before {
					t.Error("something was written to Seam")
				}
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(config); !p.empty() {
					t.Errorf("the next plan changes %q", p.changes())
				}
				w.ok(w.destroy())
				w.gone()
			})
		})
	}
}

// Once the state has another PIN, nobody could look for the old one.
func TestPINOfAnExpiredStayIsNotForgottenWhileItIsOnTheLock(t *testing.T) {
	for name, change := range map[string]values{"plain": {"code": "5555"}, "write-only": {"code": nil, "code_wo": "5555", "code_wo_version": 1}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(stay(w, time.Hour)))
				config := stay(w, time.Hour).with(change)
				later(48 * time.Hour)
				left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				w.restart()
				w.keeps(func() { w.fails(w.apply(config), "still lists the PIN", left) })
				w.keeps(func() { w.fails(w.destroy(), left) })
				w.seam.RemoveUnmanagedAccessCode(left)
				w.ok(w.apply(config))
				w.ok(w.destroy())
				w.gone()
			})
		})
	}
}
