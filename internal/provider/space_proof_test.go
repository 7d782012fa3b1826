package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (f *spaceFixture) short(locks ...*seamtest.Lock) values {
	return f.doors(locks...).with(values{"timeouts": values{"update": "2m"}})
}

// The lock keeps the PIN: apply fails, and each later plan repeats the proof until it passes.
func TestSpace_unprovenChangeIsRepeated(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		config := f.short(f.lock)
		f.requireError(f.apply(config), "not proven", f.back.ID, "is still on lock")
		f.requirePIN(true, true)
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", f.back.ID)
		if p := f.plan(config); p.empty() {
			t.Fatal("the proof is not planned again")
		}
		f.requireError(f.apply(config), "not proven")

		f.seam.RemoveAccessCode(f.codeOn(f.back))
		f.restart()
		f.requireNoError(f.apply(config))
		f.requirePIN(true, false)
		f.requireSettled(config)
	})
}

// codeOn is the id of the one access code on a lock.
func (f *spaceFixture) codeOn(l *seamtest.Lock) (id string) {
	for _, code := range f.seam.AccessCodes() {
		if code.DeviceID == l.ID {
			id = code.ID
		}
	}
	return id
}

func TestSpace_unprovenChangeOutlivesTheGrant(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		f.requireError(f.apply(f.short(f.lock)), "not proven")
		f.seam.RemoveObject("access_grant", f.grant)
		left := f.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", left)
		f.seam.RemoveUnmanagedAccessCode(left)
		f.restart()
		f.requireNoDiagnostics(f.refresh())
		f.requireCleanPlan(f.doors(f.lock))
	})
}

func TestSpace_unprovenChangeOutlivesTheSpace(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		f.requireError(f.apply(f.short(f.lock)), "not proven")
		f.seam.RemoveObject("space", f.id())
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", f.back.ID)
		f.requireError(f.destroy(), "not proven")
		f.seam.RemoveAccessCode(f.codeOn(f.back))
		f.restart()
		f.requireWarning(f.refresh(), "Removed outside Terraform")
		f.requireNoState()
	})
}

func TestSpace_failedDoorIsUnconfirmed(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.seam.SetGrantDelete(seamtest.GrantDelete{FailedDevices: map[string]string{f.back.ID: "device_offline"}})
		var diags diagnostics
		took := elapsed(func() { diags = f.apply(f.short(f.lock)) })
		f.requireError(diags, "Seam could not remove the access", f.back.ID, "device_offline", "not proven")
		if took.Seconds() > 10 {
			t.Errorf("it took %v to see the failure", took)
		}
		f.restart()
		f.requireWarning(f.refresh(), "device_offline")
		if f.plan(f.short(f.lock)).empty() {
			t.Error("the proof is not planned again")
		}
		f.requireNoError(f.apply(f.doors(f.lock, f.back)))
		f.requireSettled(f.doors(f.lock, f.back))
		f.requirePIN(true, true)
	})
}

// Does the next run still know after an interrupted apply which codes it has to prove?
func TestSpace_leftoverOnTheLock(t *testing.T) {
	for name, test := range map[string]struct {
		leftover seamtest.UnmanagedAccessCode
		proven   bool
	}{
		"with the PIN": {seamtest.UnmanagedAccessCode{}, true},
		"masked":       {seamtest.UnmanagedAccessCode{Masked: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			withSpace(t, func(f *spaceFixture) {
				f.back.OnDelete(seamtest.DeleteBehavior{Leftover: &test.leftover})
				diags := f.apply(f.doors(f.lock))
				if test.proven {
					f.requireWarning(diags, "PIN came back and was removed")
					f.requirePIN(true, false)
					f.requireSettled(f.doors(f.lock))
					return
				}
				f.requireError(diags, "not proven", "may be the removed PIN", f.back.UnmanagedAccessCodeIDs()[0])
				f.requirePIN(true, true)
				f.restart()
				f.requireError(f.apply(f.doors(f.lock)), "may be the removed PIN")
				f.seam.RemoveUnmanagedAccessCode(f.back.UnmanagedAccessCodeIDs()[0])
				f.restart()
				f.requireNoError(f.apply(f.doors(f.lock)))
				f.requirePIN(true, false)
				f.requireSettled(f.doors(f.lock))
			})
		})
	}
}

// A run that was killed after the request leaves only a door that is out of the space. The next
// refresh compares what is on the lock with the PINs of the grants.
func TestSpace_doorThatLeftInAKilledRunIsChecked(t *testing.T) {
	for name, leftover := range map[string]*seamtest.UnmanagedAccessCode{"clean": nil, "leftover": {}} {
		t.Run(name, func(t *testing.T) {
			withSpace(t, func(f *spaceFixture) {
				f.requireNoError(f.refresh())
				f.back.OnDelete(seamtest.DeleteBehavior{Leftover: leftover})
				f.back.SetSpaces()
				f.restart()
				diags := f.refresh()
				if leftover == nil {
					f.requireNoDiagnostics(diags)
					f.requireCleanPlan(f.doors(f.lock))
					return
				}
				f.requireWarning(diags, "Removal not proven", "still lists the PIN")
				f.RequireCleanPlan(f.doors(f.lock), "unproven_door_ids")
				f.requireError(f.apply(f.doors(f.lock)), "still lists the PIN")
				f.seam.RemoveUnmanagedAccessCode(f.back.UnmanagedAccessCodeIDs()[0])
				f.restart()
				f.requireNoError(f.apply(f.doors(f.lock)))
				f.requireSettled(f.doors(f.lock))
			})
		})
	}
}

func TestSpace_lostAnswerIsProvenByTheNextRun(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.seam.InjectFault(seamtest.Fault{Path: "/spaces/remove_devices", Drop: seamtest.DropAfter})
		f.requireError(f.apply(f.doors(f.lock)), "no answer from Seam")
		f.restart()
		f.requireNoDiagnostics(f.refresh())
		f.requirePIN(true, false)
		f.requireCleanPlan(f.doors(f.lock))
	})
}

func TestSpace_requestedDoesNotWait(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		config := f.doors(f.lock).with(values{"removal": "requested"})
		f.requireWarning(f.apply(config), "Access not verified", f.back.ID)
		f.requirePIN(true, true)
		f.requireSettled(config)
	})
}

func TestSpace_missingLockIsNotProven(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.Disappear()
		f.requireSettled(f.doors(f.lock, f.back))
		f.requireStateUnchanged(func() { f.requireError(f.apply(f.doors(f.lock)), "is missing from the workspace") })
		f.seam.RemoveObject("access_grant", f.grant)
		f.restart()
		f.requireNoError(f.apply(f.doors(f.lock)))
		f.requireSettled(f.doors(f.lock))
	})
}

func TestSpace_grantsPreventDestroy(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.requireError(f.destroy(), "Unable to delete space", f.grant, "force_destroy = true")
		f.requireRequests("/spaces/delete", 0)
		f.requirePIN(true, true)
	})
}

func TestSpace_forceDestroyProves(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		config := f.doors(f.lock, f.back).with(values{"force_destroy": true, "timeouts": values{"delete": "2m"}})
		f.requireNoError(f.apply(config))
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		f.requireError(f.destroy(), "not proven", f.back.ID)
		f.requireRequests("/spaces/delete", 0)
		f.requirePIN(false, true)
		f.seam.RemoveAccessCode(f.codeOn(f.back))
		f.restart()
		f.requireNoError(f.destroy())
		f.requireNoState()
		f.requirePIN(false, false)
		f.requireRequests("/spaces/delete", 1)
	})
}

// The card of an offline system keeps opening the entrance.
func TestSpace_entranceTakenOut(t *testing.T) {
	for system, want := range map[string]string{"brivo_account": "Removal verified at Seam", "visionline_system": "not provable"} {
		t.Run(system, func(t *testing.T) {
			withHarnessFor(t, "seam_space", func(h *harness) {
				f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
				gate := f.seam.AddEntrance(f.seam.AddAccessSystem(system).ID, nil).ID
				config := f.doors(f.lock).with(values{"acs_entrance_ids": []any{gate}})
				f.requireNoDiagnostics(f.apply(config))
				grant := f.grantOn(values{"requested_access_methods": []any{values{"mode": "mobile_key"}}})
				method := f.seam.Object("access_grant", grant).Texts("access_method_ids")[0]
				f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: time.Minute})
				f.restart()
				diags := f.apply(config.with(values{"acs_entrance_ids": []any{}}))
				opens := f.seam.EntranceOpens(gate, method)
				if system == "visionline_system" {
					f.requireError(diags, want)
				} else {
					f.requireNoError(diags)
					f.requireWarning(diags, want, gate)
				}
				if opens != (system == "visionline_system") {
					t.Errorf("the key opens the entrance: %v", opens)
				}
			})
		})
	}
}

func TestSpace_connectedAccounts(t *testing.T) {
	withHarnessFor(t, "seam_space", func(h *harness) {
		withAccount := func() values {
			return values{"name": "Room", "connected_account_ids": []any{h.seam.AddObject("connected_account", nil).ID}}
		}
		for _, config := range []values{withAccount(), withAccount()} {
			h.requireNoDiagnostics(h.apply(config))
			h.requireSettled(config)
		}
		h.requireRequests("/spaces/add_connected_account", 1)
		h.requireRequests("/spaces/remove_connected_account", 1)
	})
}

// Is a PIN forgotten that was the grant's, and that somebody took out of Seam's care before?
func TestSpace_codeThatIsNotManagedAnyMoreIsFound(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.seam.UnmanageAccessCode(f.codeOn(f.back))
		f.restart()
		f.requireError(f.apply(f.short(f.lock)), "not proven", "still lists the PIN")
		f.requirePIN(true, true)
		f.seam.RemoveUnmanagedAccessCode(f.back.UnmanagedAccessCodeIDs()[0])
		f.restart()
		f.requireNoError(f.apply(f.short(f.lock)))
		f.requirePIN(true, false)
	})
}
