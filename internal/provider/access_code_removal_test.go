package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func guest(w *world) values {
	return values{"device_id": w.lock.ID, "name": "Guest", "code": "4821"}
}

func TestDestroyReturnsOnlyWhenThePINNoLongerOpensTheDoor(t *testing.T) {
	for name, removal := range map[string]seamtest.DeleteBehavior{
		"at once":                        {},
		"after a while":                  {Takes: 7 * time.Second},
		"without an attempt":             {NoAttempt: true, GoneAfter: 20 * time.Second},
		"success before it is gone":      {Takes: time.Second, GoneAfter: time.Minute},
		"the attempt vanishes":           {Takes: time.Second, Outcome: seamtest.Vanishes, GoneAfter: 30 * time.Second},
		"the attempt ends as never seen": {Takes: time.Second, Outcome: seamtest.EndsWithStatus("weird"), GoneAfter: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(removal)
				w.ok(w.apply(guest(w)))
				if !w.lock.Opens("4821") {
					t.Fatal("the PIN does not open the door after apply")
				}
				w.restart()
				w.silent(w.destroy())
				w.gone()
				w.opens("4821", false)
				w.asked(deletePath, 1)
			})
		})
	}
}

func TestFailedAttemptIsExplainedAndAskedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "the lock does not answer", Stays: true})
		w.ok(w.apply(guest(w)))
		w.restart()
		w.fails(w.destroy(), "Unable to delete access code", "device_offline", "the lock does not answer", "run destroy again")
		if w.state.IsNull() || !w.lock.Opens("4821") {
			t.Fatal("the state must keep a code that is still on the lock")
		}
		w.restart()
		w.ok(w.destroy())
		if w.lock.Opens("4821") || w.seam.Count("/access_codes/delete") != 2 {
			t.Error("the second destroy has to ask again and remove the PIN")
		}
	})
}

func TestPendingAttemptIsResumedWithoutASecondDelete(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 15 * time.Minute})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "2m"}})))
		w.restart()
		start := time.Now()
		w.fails(w.destroy(), "not confirmed", "pending", "Run destroy again")
		if took := time.Since(start); took < 2*time.Minute || took > 2*time.Minute+time.Second {
			t.Errorf("gave up after %v, want timeouts.delete = 2m", took)
		}
		later(14 * time.Minute)
		w.restart()
		w.ok(w.destroy())
		if w.lock.Opens("4821") || w.seam.Count("/access_codes/delete") != 1 {
			t.Error("the second destroy has to wait for the first one's attempt")
		}
	})
}

func TestPendingAttemptIsResumedWithoutARefresh(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 5 * time.Minute})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "2m"}})))
		w.restart()
		w.keeps(func() { w.fails(w.delete(), "not confirmed") })
		w.restart()
		w.keeps(func() { w.fails(w.delete(), "not confirmed", "pending") })
		w.restart()
		w.ok(w.delete())
		w.opens("4821", false)
		w.asked(deletePath, 1)
	})
}

func TestRefreshBetweenTwoDestroysWarnsThatTheRemovalIsUnderWay(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "1m"}})))
		w.fails(w.destroy(), "not confirmed")
		w.restart()
		w.keeps(func() { w.warns(w.refresh(), "Removal under way", w.id()) })
	})
}

// An attempt that is over says nothing about a code that is still there.
func TestEndedAttemptIsAskedAgain(t *testing.T) {
	for name, first := range map[string]seamtest.DeleteBehavior{
		"succeeded":        {Takes: time.Second, Stays: true},
		"vanished":         {Takes: time.Second, Outcome: seamtest.Vanishes, Stays: true},
		"there was none":   {NoAttempt: true, Stays: true},
		"of unknown state": {Takes: time.Second, Outcome: seamtest.EndsWithStatus("failed"), Stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(first)
				w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "1m"}})))
				w.keeps(func() { w.fails(w.destroy(), "not confirmed", "Status of the code: set") })
				w.opens("4821", true)
				later(20 * time.Minute)
				w.restart()
				w.ok(w.destroy())
				w.opens("4821", false)
				w.asked(deletePath, 2)
			})
		})
	}
}

func TestOldRecordIsAskedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, GoneAfter: 65 * time.Minute})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "10m"}})))
		w.fails(w.destroy(), "not confirmed")
		later(51 * time.Minute)
		w.restart()
		w.ok(w.destroy())
		w.opens("4821", false)
		w.asked(deletePath, 2)
	})
}

// kill -9 loses private state, and with it the attempt.
func TestRemovalThatARunForgotIsAwaited(t *testing.T) {
	for _, status := range []int{409, 400} {
		inWorld(t, func(w *world) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 8 * time.Minute})
			w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "5m"}})))
			before := w.private
			w.fails(w.destroy(), "not confirmed")
			w.private = before
			w.seam.InjectFault(seamtest.Fault{Path: deletePath, Status: status, Type: "already_being_deleted"})
			w.restart()
			w.ok(w.destroy())
			w.opens("4821", false)
		})
	}
}

func TestRefusedDeleteIsExplained(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.seam.InjectFault(seamtest.Fault{Path: deletePath, Status: 400, Type: "device_not_supported", Message: "cannot be deleted here"})
		w.restart()
		w.keeps(func() {
			w.fails(w.destroy(), "could not be asked for", "device_not_supported", "cannot be deleted here", "request id", "may still open")
		})
		w.opens("4821", true)
	})
}

func TestDeleteIsRepeatedAfterAPassingFailure(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"429":                       {Status: 429, Type: "too_many_requests"},
		"500":                       {Status: 500},
		"500 and done all the same": {Status: 500, Processed: true},
		"no connection":             {Drop: seamtest.DropBefore},
		"lost answer":               {Drop: seamtest.DropAfter},
		"answer that is no JSON":    {Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second})
				w.ok(w.apply(guest(w)))
				fault.Path, fault.Times = deletePath, 1
				w.seam.InjectFault(fault)
				w.restart()
				w.ok(w.destroy())
				w.opens("4821", false)
				w.asked(deletePath, 2)
			})
		})
	}
}

// Credentials may be withdrawn at the worst of moments.
func TestFailureAfterTheAskSaysThatThePINMayStillOpen(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: time.Minute})
		w.ok(w.apply(guest(w)))
		w.oneByOne()
		w.ok(w.refresh())
		denied := w.seam.InjectFault(seamtest.Fault{Path: getPath, Skip: 1, Status: 403, Type: "forbidden"})
		w.keeps(func() {
			w.fails(w.delete(), "not confirmed", "forbidden", "may still open lock "+w.lock.ID, "may not do this")
		})
		denied.Remove()
		w.restart()
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

func TestPassingFailuresWhileWaitingDoNotEndTheWait(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute, GoneAfter: 2 * time.Minute})
		w.ok(w.apply(guest(w)))
		w.seam.InjectFault(seamtest.Fault{Path: "/action_attempts/get", Status: 503, Skip: 3, Times: 8})
		w.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 503, Skip: 4, Times: 8})
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

// What Seam reports meanwhile is no end: it keeps trying.
func TestErrorsOnACodeBeingRemovedAreReportedWithTheirRemedy(t *testing.T) {
	inWorld(t, func(w *world) {
		issues := []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "no answer"}}
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 15 * time.Minute, Errors: issues, Warnings: []seamtest.Issue{{Code: "delay_in_removing_from_device", Message: "slow"}}})
		w.ok(w.apply(guest(w)))
		w.lock.SetOnline(false)
		w.fails(w.destroy(), "failed_to_remove_from_device: no answer", "look in the manufacturer's app", "delay_in_removing_from_device: slow", "The lock is offline", "Action attempt", "pending")
		w.restart()
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

func TestUpdateEndsAnUnfinishedRemoval(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, Stays: true})
		w.ok(w.apply(guest(w)))
		w.fails(w.destroy(), "Seam tried to remove the PIN and failed")
		w.ok(w.apply(guest(w).with(values{"name": "Stays"})))
		w.restart()
		w.ok(w.destroy())
		w.opens("4821", false)
		w.asked(deletePath, 2)
	})
}

func TestAnotherCodeWithTheSamePINIsNamed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		twin := w.createElsewhere(values{"device_id": w.lock.ID, "code": "5555"})
		w.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = "4821" })
		diags := w.destroy()
		w.ok(diags)
		w.warns(diags, "still opens lock", twin)
		w.opens("4821", true)
	})
}
