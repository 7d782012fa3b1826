package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccessCode_destroyOfACodeRemovedOutsideSendsNoDelete(t *testing.T) {
	forEach(t, map[string]func(*harness) diagnostics{
		"with refresh": (*harness).destroy, "without refresh": (*harness).destroyWithoutRefresh,
	}, func(h *harness, destroy func(*harness) diagnostics) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveAccessCode(h.id())
		h.restart()
		h.requireNoError(destroy(h))
		h.requireNoState()
		h.requireRequests(deletePath, 0)
	})
}

func TestAccessCode_changeOutsideIsUndoneInPlace(t *testing.T) {
	for attribute, change := range map[string]func(*seamtest.AccessCode){
		"name":                             func(c *seamtest.AccessCode) { c.Name = "Somebody" },
		"code":                             func(c *seamtest.AccessCode) { c.PIN = "9999" },
		"ends_at":                          func(c *seamtest.AccessCode) { c.EndsAt = c.EndsAt.Add(time.Hour) },
		"is_external_modification_allowed": func(c *seamtest.AccessCode) { c.ExternalModificationAllowed = true },
	} {
		subtest(t, attribute, func(h *harness) {
			config := stayConfig(h, time.Hour).with(values{"is_external_modification_allowed": false})
			h.requireNoError(h.apply(config))
			id := h.id()
			h.seam.ChangeAccessCode(id, change)
			h.requireNoDiagnostics(h.refreshInNextRun())
			h.requireCleanPlan(config, attribute)
			h.requireNoDiagnostics(h.apply(config))
			h.requireSettled(config)
			requireEqual(h.t, "id", h.id(), id)
			h.requireOpens("4821", true)
			h.requireOpens("9999", false)
			code, _ := h.seam.AccessCode(id)
			requireEqual(h.t, "name", code.Name, "Guest")
		})
	}
}

// What changes by itself is no reason to change anything.
func TestAccessCode_volatileFieldsLeaveThePlanEmpty(t *testing.T) {
	forEach(t, map[string]func(*harness){
		"errors and warnings": func(h *harness) {
			h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) {
				c.Errors = []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "x"}}
				c.Warnings = []seamtest.Issue{{Code: "delay_in_setting_on_device", Message: "x"}}
			})
		},
		"status": func(h *harness) {
			h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) { c.Status = "unknown" })
		},
		"pending mutations": func(h *harness) {
			h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) { c.Mutations = []*seamtest.Mutation{{Code: "updating_name"}} })
		},
		"lock offline":    func(h *harness) { h.lock.SetOnline(false) },
		"unmanaged codes": func(h *harness) { h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"}) },
		"months":          func(*harness) { advanceClock(90 * 24 * time.Hour) },
		"backup":          func(h *harness) { h.seam.PullBackupAccessCode(h.id()) },
	}, func(h *harness, noise func(*harness)) {
		config := stayConfig(h, 365*24*time.Hour)
		h.requireNoError(h.apply(config))
		noise(h)
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refreshInNextRun()) })
		h.requireCleanPlan(config)
	})
}

func TestAccessCode_writeOnlyPINChangedOutsideIsNotSeen(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(pinForms["write-only"])
		h.requireNoError(h.apply(config))
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) { c.PIN = "9999" })
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refresh()) })
		h.requireCleanPlan(config)
		h.mustDestroy("9999")
	})
}

// endedStayBehaviors are the two ways in which Seam treats a stay that is over.
var endedStayBehaviors = map[string]bool{"the code is gone": false, "the code stays readable": true}

func TestAccessCode_expiredStayPlansNothing(t *testing.T) {
	forEach(t, endedStayBehaviors, func(h *harness, keep bool) {
		h.seam.KeepExpired(keep)
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		advanceClock(48 * time.Hour)
		for range 2 {
			h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refreshInNextRun()) })
			h.requireCleanPlan(config)
			h.requireNoDiagnostics(h.plan(config).Diags)
		}
		h.requireNoDiagnostics(h.destroyInNextRun())
		h.requireNoState()
		if h.seam.Count(strayPath) == 0 {
			h.t.Error("destroy did not check the lock")
		}
	})
}

func TestAccessCode_expiredPINOnTheLockKeepsTheState(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		advanceClock(2 * time.Hour)
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "still lists the PIN") })
	})
}

func TestAccessCode_expiredStayIsNotProvenWithoutItsLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		advanceClock(2 * time.Hour)
		h.lock.Disappear()
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refreshInNextRun()) })
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "is missing from the workspace") })
	})
}

func TestAccessCode_extendedExpiredStayIsReplaced(t *testing.T) {
	forEach(t, endedStayBehaviors, func(h *harness, keep bool) {
		h.seam.KeepExpired(keep)
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		first := h.id()
		advanceClock(48 * time.Hour)
		h.requireNoDiagnostics(h.refreshInNextRun())
		extended := config.with(values{"ends_at": timeFromNow(24 * time.Hour)})
		p := h.plan(extended)
		if want := !keep; slices.Equal(p.Replaces, []string{"ends_at"}) != want {
			h.t.Errorf("replaces because of %q", p.Replaces)
		}
		h.requireNoError(h.apply(extended))
		if (h.id() == first) != keep || len(h.seam.AccessCodes()) != 1 {
			h.t.Error("the code was replaced although it was there, or was not though it was gone")
		}
		h.requireOpens("4821", true)
		h.restart()
		h.requireSettled(extended)
	})
}

func TestAccessCode_otherChangesOfAnExpiredStayAreOnlyRecorded(t *testing.T) {
	for name, change := range map[string]values{
		"name": {"name": "Other"}, "code": {"code": "5555"}, "write-only": {"code": nil, "code_wo": "5555", "code_wo_version": 1},
		"flag": {"is_external_modification_allowed": true}, "starts_at": {"starts_at": "2000-01-01T00:30:00Z"}, "no window": {"starts_at": nil, "ends_at": nil},
	} {
		subtest(t, name, func(h *harness) {
			h.requireNoError(h.apply(stayConfig(h, time.Hour)))
			config := stayConfig(h, time.Hour).with(change)
			advanceClock(48 * time.Hour)
			h.requireNoDiagnostics(h.refreshInNextRun())
			if name == "no window" {
				h.requireReplaces(config, "ends_at")
				return
			}
			h.requireUpdate(config)
			h.requireNoWrite(func() { h.requireWarningOnly(h.apply(config), "Change not sent to Seam", h.id(), "expired") })
			h.restart()
			h.requireSettled(config)
			h.mustDestroy()
		})
	}
}

// Once the state has another PIN, nobody could look for the old one.
func TestAccessCode_expiredPINIsKeptInStateWhileItIsOnTheLock(t *testing.T) {
	forEach(t, map[string]values{
		"plain": {"code": "5555"}, "write-only": {"code": nil, "code_wo": "5555", "code_wo_version": 1},
	}, func(h *harness, change values) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		config := stayConfig(h, time.Hour).with(change)
		advanceClock(48 * time.Hour)
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.apply(config), "still lists the PIN", left) })
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), left) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.apply(config))
		h.mustDestroy()
	})
}

// Somebody extended a stay, and one out-of-date 404 makes it look as if it had ended. Does apply only
// record another PIN, while the old one opens the door?
func TestAccessCode_rotationOfAStayThatSeemsToHaveEnded(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config.with(r.before)))
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) { c.EndsAt = c.EndsAt.Add(30 * 24 * time.Hour) })
		advanceClock(2 * time.Hour)
		h.seam.InjectFault(staleReadFault(1))
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.apply(config.with(r.after)), "Seam answers with it", "apply again") })
		h.requireOpens("4821", true)
	})
}

// A state from a backup has a code that is gone, and its PIN is on the lock as another code. Is somebody
// told that the PIN opens the door?
func TestAccessCode_stateFromABackup(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveAccessCode(h.id())
		second := h.createOutside(guestConfig(h))
		h.requireWarning(h.destroyInNextRun(), "Removed outside Terraform", "its PIN still opens", second)
		h.requireOpens("4821", true)
	})
}

// Seam could not take a PIN off its lock at the end of the stay. Does the plan say that it opens the door?
func TestAccessCode_stayThatDoesNotEndIsAWarning(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.KeepExpired(true)
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		advanceClock(2 * time.Hour)
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) {
			c.Status, c.Errors = "set", []seamtest.Issue{{Code: "failed_to_expire", Message: "no answer"}}
		})
		h.requireStateUnchanged(func() {
			h.requireWarningOnly(h.refreshInNextRun(), "PIN opens after its end", h.id(), "failed_to_expire: no answer", "Destroy it")
		})
		h.requireCleanPlan(config)
		h.mustDestroy("4821")
	})
}
