package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (w *world) does(kind string, config values) string {
	w.t.Helper()
	said, diags := w.invoke(kind, config)
	w.silent(diags)
	return strings.Join(said, "\n")
}

func (w *world) cannot(kind string, config values, says ...string) {
	w.t.Helper()
	_, diags := w.invoke(kind, config)
	w.fails(diags, says...)
}

func TestDoorIsUnlockedAndLocked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.SetDefaultLockAction(seamtest.LockActionBehavior{Takes: 25 * time.Second})
		door := values{"device_id": w.lock.ID}
		w.says(w.does("seam_unlock_door", door), "is told to unlock", "action attempt", "Still waiting after 10s", "Still waiting after 20s", "is unlocked")
		same(t, "locked", w.lock.IsLocked(), false)
		w.says(w.does("seam_lock_door", door), "is told to lock", "is locked")
		same(t, "locked", w.lock.IsLocked(), true)
	})
}

func TestDoorThatDoesNotMove(t *testing.T) {
	inWorld(t, func(w *world) {
		door := values{"device_id": w.lock.ID}
		w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "It is offline"})
		w.cannot("seam_unlock_door", door, "Unable to unlock door", "device_offline", "It is offline", "Remedy", "run it again")
		w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		d := took(func() {
			w.cannot("seam_unlock_door", door.with(values{"timeouts": values{"invoke": "45s"}}), "took longer than 45s", "pending", "data.seam_action_attempt", "raise timeouts.invoke")
		})
		same(t, "took", d, 45*time.Second)
		for _, ends := range []seamtest.Outcome{seamtest.Vanishes, seamtest.EndsWithStatus("weird")} {
			w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: ends})
			w.cannot("seam_lock_door", door, "Unable to lock door", "not known", "Look at the door")
		}
		w.cannot("seam_lock_door", values{"device_id": nobody}, "Unable to lock door", "device_not_found")
	})
}

func TestDoorIsNotUnlockedTwiceForALostAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: "/locks/unlock_door", Drop: seamtest.DropAfter, Times: 1})
		w.cannot("seam_unlock_door", values{"device_id": w.lock.ID}, "is not known", "Look at the door")
		w.asked("/locks/unlock_door", 1)
		w.seam.InjectFault(seamtest.Fault{Path: "/locks/unlock_door", Status: 502, Times: 1})
		w.cannot("seam_unlock_door", values{"device_id": w.lock.ID}, "is not known")
		w.asked("/locks/unlock_door", 2)
	})
}

func TestActionEndsWhenItIsInterrupted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		time.AfterFunc(5*time.Second, w.interrupt)
		if d := took(func() { w.cannot("seam_unlock_door", values{"device_id": w.lock.ID}, "has not confirmed yet") }); d > 6*time.Second {
			t.Errorf("it took %v", d)
		}
	})
}

func TestDoorsKeepToSeamsLimits(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EnforceLimits(true)
		d := took(func() {
			for range 16 {
				w.does("seam_unlock_door", values{"device_id": w.lock.ID})
			}
		})
		if d < time.Minute || d > 2*time.Minute || w.seam.RateLimitedCount() > 0 {
			t.Errorf("16 turns took %v, %d refused", d, w.seam.RateLimitedCount())
		}
	})
}

func TestUnmanagedCodeIsDeletedWithProof(t *testing.T) {
	inWorld(t, func(w *world) {
		written := w.receipts()
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		said := w.does("seam_delete_unmanaged_access_code", values{"access_code_id": id})
		w.says(said, "is asked to remove access code "+id, "Checking the lock", "is removed from lock "+w.lock.ID)
		w.opens("4821", false)
		w.asked("/access_codes/unmanaged/delete", 1)
		receipts := written()
		same(t, "receipts", []any{len(receipts), receipts[0].AccessCodeID, receipts[0].Outcome}, []any{1, id, "verified"})
		if strings.Contains(said, "4821") {
			t.Error("the PIN is printed")
		}
	})
}

func TestUnmanagedCodeThatCannotBeProvenGone(t *testing.T) {
	for name, c := range map[string]struct {
		removal seamtest.DeleteBehavior
		says    []string
	}{
		"ghost":      {seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}}, []string{"still opens the door"}},
		"fails":      {seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "failed_to_remove_from_device", ErrorMessage: "No"}, []string{"failed_to_remove_from_device", "may still open"}},
		"never ends": {seamtest.DeleteBehavior{Outcome: seamtest.StaysPending}, []string{"not confirmed", "timeouts.invoke"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				w.lock.OnDelete(c.removal)
				_, diags := w.invoke("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
				w.fails(diags, append(c.says, "Unable to delete unmanaged access code")...)
				if said := text(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(said, "4821") || strings.Contains(said, "state keeps") || strings.Contains(said, "destroy again") {
					t.Errorf("it says: %s", said)
				}
				w.opens("4821", true)
			})
		})
	}
}

func TestUnmanagedCodeThatIsNotThereToBeDeleted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": nobody}, "no unmanaged access code "+nobody, "Check the id")
		ours := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": ours}, "managed by this workspace", "terraform import")
		fixed := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319", CannotBeDeleted: true})
		w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": fixed}, "cannot delete", "manufacturer's app")
		w.asked("/access_codes/unmanaged/delete", 0)
		w.opens("4821", true)
	})
}

func TestBackupCodeStandsInAndIsRemovedWithItsCode(t *testing.T) {
	inWorld(t, func(w *world) {
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821", "starts_at": at(-time.Hour), "ends_at": at(time.Hour), "use_backup_access_code_pool": true}))
		pull := values{"access_code_id": w.id()}
		said := w.does("seam_pull_backup_access_code", pull)
		backup := strings.Fields(after(said, "Backup access code "))[0]
		got, diags := w.open("seam_access_code", values{"id": backup})
		w.silent(diags)
		spare := fmt.Sprint(got.values["code"])
		w.opens(spare, true)
		if strings.Contains(said, spare) {
			t.Error("the PIN is printed")
		}
		w.says(w.does("seam_pull_backup_access_code", pull), backup)
		w.ok(w.destroy())
		w.opens(spare, false)
		w.opens("4821", false)
	})
}

func TestNoBackupCodeForWhatHasNone(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821"}))
		w.cannot("seam_pull_backup_access_code", values{"access_code_id": w.id()}, "Unable to pull backup access code", "request id")
		w.cannot("seam_pull_backup_access_code", values{"access_code_id": nobody}, "access_code_not_found")
	})
}

func TestBackupCodeThatSomebodyPullsAMomentBeforeIsRemovedToo(t *testing.T) {
	inWorld(t, func(w *world) {
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821", "starts_at": at(-time.Hour), "ends_at": at(time.Hour)}))
		w.ok(w.refresh()) // fills the list that the destroy would take
		spare, _ := w.seam.AccessCode(w.seam.PullBackupAccessCode(w.id()))
		w.opens(spare.PIN, true)
		w.ok(w.delete())
		w.gone()
		w.opens(spare.PIN, false)
		w.opens("4821", false)
	})
}
