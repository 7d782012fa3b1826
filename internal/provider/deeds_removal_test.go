package provider

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestUnmanagedCodeThatIsConvertedWhileItIsRemoved(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second, Stays: true})
		time.AfterFunc(12*time.Second, func() {
			adopter := w.other("seam_access_code")
			adopter.ok(adopter.apply(values{"device_id": w.lock.ID, "adopt_access_code_id": id}))
		})
		w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "managed by this workspace now", "somebody converted it", "terraform import 'ADDRESS' "+id)
		w.opens("4821", true)
	})
}

func TestUnmanagedCodeThatSomebodyElseRemovesMeanwhile(t *testing.T) {
	inWorld(t, func(w *world) {
		written := w.receipts()
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending})
		time.AfterFunc(20*time.Second, func() { w.seam.RemoveUnmanagedAccessCode(id) })
		said := w.does("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		w.says(said, "is asked to remove", "is removed from lock")
		same(t, "outcome", written()[0].Outcome, "verified")
	})
}

func TestUnmanagedCodeWithWhatSeamReportsAndWhatHelps(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EchoSecrets(true)
		w.lock.SetOnline(false)
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})
		w.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "PIN " + canary + " stays"}}})
		_, diags := w.invoke("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		w.fails(diags, "not confirmed", "failed_to_remove_from_device", "Remedy: look in the manufacturer's app", "The lock is offline", "Action attempt", "pending", "raise timeouts.invoke")
		w.said = diags
		w.discreet()
	})
}

func TestUnmanagedCodeIsNotRemovedWithoutAPlaceForItsReceipt(t *testing.T) {
	inWorld(t, func(w *world) {
		w.settings = w.settings.with(values{"removal_receipts": t.TempDir()})
		w.restart()
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "receipt could not be written", "removal_receipts")
		w.asked("/access_codes/unmanaged/delete", 0)
		w.opens("4821", true)
	})
}

func TestUnmanagedCodeOnALockThatIsMissing(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second, Stays: true})
		time.AfterFunc(5*time.Second, w.lock.Disappear)
		_, diags := w.invoke("seam_delete_unmanaged_access_code", values{"access_code_id": id, "timeouts": values{"invoke": "1m"}})
		w.fails(diags, "is missing from the workspace", "no proof")
		if said := errorsIn(diags); strings.Contains(said, "the state") {
			t.Errorf("an action has no state: %s", said)
		}
		w.fails(diags, "comes back: check it in the Seam console and run again later.")
		w.opens("4821", true)
	})
}

func TestBackupCodeThatStaysOnTheLockKeepsItsCode(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(w.stays(values{"code": "4821", "use_backup_access_code_pool": true})))
		said := w.does("seam_pull_backup_access_code", values{"access_code_id": w.id()})
		backup := strings.Fields(after(said, "Backup access code "))[0]
		o, diags := w.open("seam_access_code", values{"id": backup})
		w.silent(diags)
		spare, _ := o.values["code"].(string)
		w.lock.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		w.keeps(func() { w.fails(w.destroy(), "still opens the door") })
		w.opens("4821", false)
		w.opens(spare, true)
		w.seam.RemoveUnmanagedAccessCode(w.stray(errorsIn(w.said)))
		w.restart()
		w.ok(w.destroy())
		w.gone()
		w.opens(spare, false)
	})
}

func TestBackupCodeWhoseAnswerIsLostIsThatOfTheSecondCall(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(w.stays(values{"code": "4821", "use_backup_access_code_pool": true})))
		w.seam.InjectFault(seamtest.Fault{Path: "/access_codes/pull_backup_access_code", Drop: seamtest.DropAfter, Times: 1})
		w.says(w.does("seam_pull_backup_access_code", values{"access_code_id": w.id()}), "is pulled for access code", "stands in for access code")
		same(t, "PINs on the lock", len(w.lock.PINs()), 2)
	})
}

func TestAnActionIsForOneThing(t *testing.T) {
	inWorld(t, func(w *world) {
		for kind, target := range map[string]string{"seam_lock_door": "device_id", "seam_unlock_door": "device_id", "seam_delete_unmanaged_access_code": "access_code_id", "seam_pull_backup_access_code": "access_code_id"} {
			w.fails(w.validatesAction(kind, values{target: ""}), "length must be at least 1")
			w.fails(w.validatesAction(kind, values{target: nobody, "timeouts": values{"invoke": "soon"}}), "invoke", "Valid time units")
			w.silent(w.validatesAction(kind, values{target: nobody, "timeouts": values{"invoke": "90s"}}))
		}
	})
}

// What waits for its turn under Seam's limits does not use up its time.
func TestManyDoorsAtOnceKeepToSeamsLimits(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EnforceLimits(true)
		back := w.seam.AddLock("Back Door")
		var all sync.WaitGroup
		limit := values{"timeouts": values{"invoke": "10s"}}
		d := took(func() {
			for range 31 {
				all.Go(func() { w.does("seam_unlock_door", limit.with(values{"device_id": w.lock.ID})) })
			}
			for range 15 { // another lock and another verb are not held up
				all.Go(func() { w.does("seam_unlock_door", limit.with(values{"device_id": back.ID})) })
				all.Go(func() { w.does("seam_lock_door", limit.with(values{"device_id": back.ID})) })
			}
			all.Wait()
		})
		if d < 2*time.Minute || d > 2*time.Minute+time.Second || w.seam.RateLimitedCount() > 0 {
			t.Errorf("31 turns took %v, %d refused", d, w.seam.RateLimitedCount())
		}
		perLock, _ := w.seam.MaxInFlight("/locks/unlock_door")
		same(t, "in flight on one lock", perLock, 1)
	})
}

func TestADoorThatWaitsForItsTurnCanBeInterrupted(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 15 {
			w.does("seam_unlock_door", values{"device_id": w.lock.ID})
		}
		time.AfterFunc(5*time.Second, w.interrupt)
		w.lasts(5*time.Second, func() {
			w.cannot("seam_unlock_door", values{"device_id": w.lock.ID}, "waiting for the turn to unlock", "Run again")
		})
		w.asked("/locks/unlock_door", 15)
	})
}

func TestTheWayOutIsThatOfTheObject(t *testing.T) {
	for _, c := range []struct {
		kind string
		make func(*world) values
	}{
		{"seam_access_code", func(w *world) values { return values{"device_id": w.lock.ID, "code": "4821"} }},
		{"seam_unmanaged_access_code", func(w *world) values {
			return watched(w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))
		}},
	} {
		inWorldOf(t, c.kind, func(w *world) {
			w.ok(w.apply(c.make(w)))
			w.lock.Disappear()
			for _, ask := range []func() string{func() string { return errorsIn(w.delete()) }, func() string { return text(w.refresh(), 1) + text(w.said, 2) }} {
				w.restart()
				w.keeps(func() {
					w.says(ask(), "is missing from the workspace", "`state rm 'ADDRESS'`", "-target='ADDRESS'`", "such as "+c.kind+".stay[\"ana\"]")
				})
			}
		})
	}
}

// What was read before the backup code was pulled does not know of it.
func TestBackupCodeOfACodeThatWasReadBefore(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(w.stays(values{"code": "4821", "use_backup_access_code_pool": true})))
		w.ok(w.refresh())
		w.does("seam_pull_backup_access_code", values{"access_code_id": w.id()})
		w.silent(w.delete())
		w.gone()
		same(t, "PINs on the lock", w.lock.PINs(), []string{})
	})
}

// What a run that ended too early began, the next one takes up.
func TestUnmanagedCodeWhoseRemovalIsRunAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 90 * time.Second})
		again := values{"access_code_id": id, "timeouts": values{"invoke": "1m"}}
		w.cannot("seam_delete_unmanaged_access_code", again, "not confirmed", "run the action again", "raise timeouts.invoke")
		w.restart()
		w.says(w.does("seam_delete_unmanaged_access_code", again), "is removed from lock")
		w.opens("4821", false)
		w.cannot("seam_delete_unmanaged_access_code", again, "no unmanaged access code "+id, "under another id")
	})
}
