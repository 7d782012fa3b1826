package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// stay is guest with a window that began an hour ago and lasts for this long.
func stay(w *world, left time.Duration) values {
	return guest(w).with(values{"starts_at": stamp(-time.Hour), "ends_at": stamp(left)})
}

// stamp is a time from now.
func stamp(in time.Duration) string { return time.Now().Add(in).UTC().Format(time.RFC3339) }

func TestPulledBackupCodeIsRemovedToo(t *testing.T) {
	for name, refreshed := range map[string]bool{"with refresh": true, "without refresh": false} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				receipts := w.receipts()
				w.ok(w.apply(stay(w, time.Hour).with(values{"use_backup_access_code_pool": true})))
				backup, _ := w.seam.AccessCode(w.seam.PullBackupAccessCode(w.id()))
				w.opens(backup.PIN, true)
				w.restart()
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute}, seamtest.DeleteBehavior{Takes: 2 * time.Minute})
				if refreshed {
					w.silent(w.refresh())
				}
				w.silent(w.delete())
				w.gone()
				w.opens("4821", false)
				w.opens(backup.PIN, false)
				if got := receipts(); len(got) != 1 || len(got[0].Proofs) != 5 {
					t.Errorf("receipts %+v, want one that proves both codes gone", got)
				}
			})
		})
	}
}

func TestBackupCodeThatStaysKeepsTheState(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		backup, _ := w.seam.AccessCode(w.seam.PullBackupAccessCode(w.id()))
		w.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline"})
		w.restart()
		w.keeps(func() { w.fails(w.destroy(), "backup access code "+backup.ID, "device_offline") })
		w.restart()
		w.keeps(func() { w.warns(w.refresh(), "backup access code "+backup.ID, "still there") })
		w.opens(backup.PIN, true)
		w.ok(w.destroy())
		w.gone()
		w.opens(backup.PIN, false)
	})
}

func TestBackupCodeLeftOnTheLockKeepsTheState(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		backup, _ := w.seam.AccessCode(w.seam.PullBackupAccessCode(w.id()))
		w.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		w.restart()
		diags := w.destroy()
		w.fails(diags, "still lists the PIN")
		w.opens(backup.PIN, true)
		w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
		w.restart()
		w.ok(w.destroy())
		w.gone()
	})
}

func TestBackupCodeOutlivesItsCodeOnlyUntilDestroy(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		backup, _ := w.seam.AccessCode(w.seam.PullBackupAccessCode(w.id()))
		w.silent(w.refresh())
		w.seam.RemoveAccessCode(w.id())
		w.restart()
		w.keeps(func() { w.warns(w.refresh(), "backup access code "+backup.ID) })
		w.ok(w.delete())
		w.gone()
		w.opens(backup.PIN, false)
	})
}

func offline(w *world) values {
	return values{"device_id": w.lock.ID, "name": "Algo", "is_offline_access_code": true, "starts_at": stamp(0), "ends_at": stamp(24 * time.Hour)}
}

func TestOfflineCodeIsRemovedOnlyByItsEnd(t *testing.T) {
	for name, keep := range map[string]bool{"gone after its end": false, "readable after its end": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.seam.KeepExpired(keep)
				receipts := w.receipts()
				w.ok(w.apply(offline(w)))
				pin := fmt.Sprint(w.has("code"))
				w.opens(pin, true)
				w.restart()
				w.keeps(func() {
					w.fails(w.destroy(), "offline code", "keeps accepting it", "Wait until ends_at", `removal = "abandoned"`)
				})
				w.opens(pin, true)
				later(25 * time.Hour)
				w.restart()
				w.opens(pin, false)
				w.silent(w.destroy())
				w.gone()
				w.asked(deletePath, 0)
				if got := receipts(); len(got) != 1 || got[0].Outcome != "expired" {
					t.Errorf("receipts %+v, want outcome expired", got)
				}
			})
		})
	}
}

func TestOfflineCodeIsLetGo(t *testing.T) {
	for removal, calls := range map[string]int{"requested": 1, "abandoned": 0} {
		t.Run(removal, func(t *testing.T) {
			inWorld(t, func(w *world) {
				receipts := w.receipts()
				w.ok(w.apply(offline(w)))
				pin := fmt.Sprint(w.has("code"))
				w.fails(w.destroy())
				w.ok(w.apply(offline(w).with(values{"removal": removal})))
				w.restart()
				diags := w.destroy()
				w.ok(diags)
				w.warns(diags, removal, "may still open")
				w.gone()
				w.opens(pin, true)
				w.asked(deletePath, calls)
				if got := receipts(); len(got) != 1 || got[0].Outcome != removal {
					t.Errorf("receipts %+v", got)
				}
			})
		})
	}
}

func TestOfflineCodeCannotBeChangedInPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(offline(w)))
		for attribute, value := range map[string]any{"name": "Other", "ends_at": stamp(48 * time.Hour), "starts_at": stamp(time.Hour), "is_one_time_use": true, "is_offline_access_code": false} {
			p := w.plan(offline(w).with(values{attribute: value}))
			if len(p.replaces) != 1 || p.replaces[0] != attribute {
				t.Errorf("another %s replaces because of %q", attribute, p.replaces)
			}
		}
	})
}
