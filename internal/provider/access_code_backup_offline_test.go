package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// stayConfig is guest with a window that began an hour ago and lasts for this long.
func stayConfig(h *harness, left time.Duration) values {
	return guestConfig(h).with(values{"starts_at": timeFromNow(-time.Hour), "ends_at": timeFromNow(left)})
}

// timeFromNow is a time from now.
func timeFromNow(in time.Duration) string { return time.Now().Add(in).UTC().Format(time.RFC3339) }

func TestAccessCode_pulledBackupCodeIsRemovedToo(t *testing.T) {
	forEach(t, refreshes, func(h *harness, refreshed bool) {
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(stayConfig(h, time.Hour).with(values{"use_backup_access_code_pool": true})))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.requireOpens(backup.PIN, true)
		h.restart()
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute}, seamtest.DeleteBehavior{Takes: 2 * time.Minute})
		if refreshed {
			h.requireNoDiagnostics(h.refresh())
		}
		h.requireNoDiagnostics(h.destroyWithoutRefresh())
		h.requireNoState()
		h.requireOpens("4821", false)
		h.requireOpens(backup.PIN, false)
		requireEqual(h.t, "proofs that both codes are gone", len(h.requireReceipt(receipts).Proofs), 5)
	})
}

func TestAccessCode_remainingBackupCodeKeepsTheState(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline"})
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "backup access code "+backup.ID, "device_offline") })
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "backup access code "+backup.ID, "still there") })
		h.requireOpens(backup.PIN, true)
		h.mustDestroy(backup.PIN)
	})
}

func TestAccessCode_backupCodeLeftOnTheLockKeepsTheState(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		left := h.requireLeftover(h.destroyInNextRun(), "still lists the PIN")
		h.requireOpens(backup.PIN, true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun()
	})
}

func TestAccessCode_backupCodeOutlivesItsCodeOnlyUntilDestroy(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.requireNoDiagnostics(h.refresh())
		h.seam.RemoveAccessCode(h.id())
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "backup access code "+backup.ID) })
		h.mustDestroyWithoutRefresh(backup.PIN)
	})
}

func offlineConfig(h *harness) values {
	return values{"device_id": h.lock.ID, "name": "Algo", "is_offline_access_code": true, "starts_at": timeFromNow(0), "ends_at": timeFromNow(24 * time.Hour)}
}

func TestAccessCode_offlineCodeIsRemovedOnlyByItsEnd(t *testing.T) {
	forEach(t, map[string]bool{"gone after its end": false, "readable after its end": true}, func(h *harness, keep bool) {
		h.seam.KeepExpired(keep)
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(offlineConfig(h)))
		pin := fmt.Sprint(h.attribute("code"))
		h.requireOpens(pin, true)
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.destroy(), "offline code", "keeps accepting it", "Wait until ends_at", `removal = "abandoned"`)
		})
		h.requireOpens(pin, true)
		advanceClock(25 * time.Hour)
		h.restart()
		h.requireOpens(pin, false)
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		h.requireRequests(deletePath, 0)
		requireEqual(h.t, "outcome", h.requireReceipt(receipts).Outcome, "expired")
	})
}

func TestAccessCode_offlineCodeCanBeAbandoned(t *testing.T) {
	for removal, calls := range map[string]int{"requested": 1, "abandoned": 0} {
		subtest(t, removal, func(h *harness) {
			receipts := h.recordReceipts()
			h.requireNoError(h.apply(offlineConfig(h)))
			pin := fmt.Sprint(h.attribute("code"))
			h.requireError(h.destroy())
			h.requireNoError(h.apply(offlineConfig(h).with(values{"removal": removal})))
			h.requireWarningOnly(h.destroyInNextRun(), removal, "may still open")
			h.requireNoState()
			h.requireOpens(pin, true)
			h.requireRequests(deletePath, calls)
			requireEqual(h.t, "outcome", h.requireReceipt(receipts).Outcome, removal)
		})
	}
}

func TestAccessCode_offlineCodeCannotBeChangedInPlace(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(offlineConfig(h)))
		for attribute, value := range map[string]any{"name": "Other", "ends_at": timeFromNow(48 * time.Hour), "starts_at": timeFromNow(time.Hour), "is_one_time_use": true, "is_offline_access_code": false} {
			h.requireReplaces(offlineConfig(h).with(values{attribute: value}), attribute)
		}
	})
}

// Is a backup code forgotten by an update, and its code then taken to be all there was?
func TestAccessCode_backupCodeIsKeptInMindByAnUpdate(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.requireNoDiagnostics(h.refresh())
		h.requireNoError(h.ApplyWithoutRefresh(config.with(values{"name": "Other"})))
		h.seam.RemoveAccessCode(h.id())
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "backup access code "+backup.ID) })
		h.mustDestroyWithoutRefresh(backup.PIN)
	})
}

// Is an offline code taken to have ended when it should, although the lock made it last longer?
func TestAccessCode_offlineCodeEndsWhenTheLockSaysSo(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{RoundWindowTo: 4 * time.Hour})
		h.requireNoError(h.apply(offlineConfig(h).with(values{
			"max_time_rounding": "1d", "starts_at": timeFromNow(time.Second), "ends_at": timeFromNow(25 * time.Hour),
		})))
		code, _ := h.seam.AccessCode(h.id())
		advanceClock(25*time.Hour + 30*time.Minute)
		h.restart()
		h.requireOpens(code.PIN, true)
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "offline code", "Wait until ends_at") })
		advanceClock(3 * time.Hour)
		h.requireOpens(code.PIN, false)
		h.restart()
		h.requireNoError(h.destroyWithoutRefresh())
	})
}

// Is an offline code taken to be gone because Seam has no such code any more, while its lock accepts it?
func TestAccessCode_offlineCodeThatSeamForgot(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(offlineConfig(h)))
		pin := fmt.Sprint(h.attribute("code"))
		h.seam.RemoveAccessCode(h.id())
		h.requireStateUnchanged(func() {
			h.requireWarning(h.refreshInNextRun(), "not proven", "offline code", "keeps accepting it")
			h.requireError(h.destroy(), "offline code", "Wait until ends_at")
		})
		h.requireOpens(pin, true)
		advanceClock(25 * time.Hour)
		h.mustDestroyInNextRun(pin)
	})
	subtest(t, "a one-time code that was used", func(h *harness) {
		h.requireNoError(h.apply(offlineConfig(h).with(values{"is_one_time_use": true})))
		h.seam.RemoveAccessCode(h.id())
		h.requireWarning(h.refreshInNextRun(), "Removed outside Terraform")
		h.requireNoState()
	})
}

// The lock made an offline code last longer, which the state does not know. Is it taken to have ended, if
// the read that would tell fails or is out of date?
func TestAccessCode_offlineEndThatCannotBeRead(t *testing.T) {
	forEach(t, map[string]seamtest.Fault{"refused": {Path: getPath, Status: 400, Type: "planned"}, "out of date": staleReadFault(0)}, func(h *harness, fault seamtest.Fault) {
		h.lock.OnCreate(seamtest.CreateBehavior{RoundWindowTo: 4 * time.Hour})
		h.requireNoError(h.apply(offlineConfig(h).with(values{
			"max_time_rounding": "1d", "starts_at": timeFromNow(time.Second), "ends_at": timeFromNow(25 * time.Hour),
		})))
		code, _ := h.seam.AccessCode(h.id())
		advanceClock(25*time.Hour + 30*time.Minute)
		h.seam.InjectFault(fault)
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh()) })
		h.requireOpens(code.PIN, true)
	})
}

// A backup code keeps the end that it had when it was pulled. Is an earlier end of its code called done?
func TestAccessCode_backupCodeEndsAfterAnEarlierEnd(t *testing.T) {
	forEach(t, refreshes, func(h *harness, refreshed bool) {
		config := stayConfig(h, 48*time.Hour)
		h.requireNoError(h.apply(config))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.restart()
		if refreshed {
			h.requireNoError(h.refresh())
		}
		earlier := config.with(values{"ends_at": timeFromNow(36 * time.Hour)})
		h.requireStateUnchanged(func() {
			h.requireError(h.ApplyWithoutRefresh(earlier), "may open longer than it should", "backup access code "+backup.ID, "Seam console")
		})
		h.requireUpdate(earlier)
		h.seam.RemoveAccessCode(backup.ID)
		h.restart()
		h.requireNoError(h.apply(earlier))
		advanceClock(37 * time.Hour)
		h.requireOpens("4821", false)
		h.requireOpens(backup.PIN, false)
	})
}

func TestAccessCode_rotationNamesTheBackupCode(t *testing.T) {
	forEach(t, rotations, func(h *harness, r rotation) {
		config := stayConfig(h, 48*time.Hour)
		h.requireNoError(h.apply(config.with(r.before)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.restart()
		h.requireWarningOnly(h.apply(config.with(r.after)), "Backup access code unchanged", backup.ID)
		h.requireOpens("4821", false)
		h.requireOpens(backup.PIN, true)
	})
}

// Seam's list of a lock has no backup codes. Does one out-of-date 404 prove that one is gone?
func TestAccessCode_staleNotFoundOfABackupCode(t *testing.T) {
	forEach(t, map[string]func(*harness){
		"removed outside": func(h *harness) {
			h.seam.RemoveAccessCode(h.id())
			h.requireNoError(h.refresh())
		},
		"asked for": func(h *harness) {
			h.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: time.Hour})
			h.requireError(h.destroyWithoutRefresh(), "not confirmed")
		},
	}, func(h *harness, remove func(*harness)) {
		h.requireNoError(h.apply(stayConfig(h, 5*time.Hour)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.requireNoError(h.refresh())
		h.disableBulkRead()
		stale := staleReadFault(0)
		stale.Match = func(body map[string]any) bool { return body["access_code_id"] == backup.ID }
		injected := h.seam.InjectFault(stale)
		h.requireStateUnchanged(func() { remove(h) })
		h.requireOpens(backup.PIN, true)
		injected.Remove()
		advanceClock(2 * time.Hour)
		h.mustDestroyInNextRun(backup.PIN)
	})
}

// A backup code was pulled since the last refresh, and its code was removed by somebody, or by a run that
// was killed. Does destroy say done while the backup code opens the door?
func TestAccessCode_backupCodeThatNoRunHasSeen(t *testing.T) {
	forEachPair(t, map[string]func(*harness){
		"removed outside": func(h *harness) { h.seam.RemoveAccessCode(h.id()); h.restart() },
		"killed": func(h *harness) {
			h.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails})
			h.killedApply(func() { h.requireError(h.destroyWithoutRefresh()) })
		},
	}, refreshes, func(h *harness, remove func(*harness), refreshed bool) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		remove(h)
		if refreshed {
			h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), "backup access code "+backup.ID) })
		}
		h.mustDestroyWithoutRefresh(backup.PIN)
	})
}
