package seamtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestLockAction_unlocksAndLocks(t *testing.T) {
	_, l, c, clock := setup(t)
	from := clock.timestampIn(0)
	l.OnLockAction(LockActionBehavior{Takes: 3 * time.Second})
	attempt := c.attempt("/locks/unlock_door", jsonObject{"device_id": l.ID})
	clock.advance(2 * time.Second)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("pending"))
	assertEqual(t, "locked", l.IsLocked(), true)

	clock.advance(time.Second)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("success"))
	assertEqual(t, "locked", l.IsLocked(), false)
	assertEqual(t, "locked, says Seam", valueAt(c.device(l), "properties", "locked"), any(false))
	byDevice := c.ok("/action_attempts/list", jsonObject{"device_id": l.ID})
	assertEqual(t, "type", stringAt(byDevice, "action_attempts", 0, "action_type"), "UNLOCK_DOOR")

	c.ok("/locks/lock_door", jsonObject{"device_id": l.ID})
	assertEqual(t, "locked", l.IsLocked(), true)
	l.SetLocked(false)
	assertEqual(t, "locked", l.IsLocked(), false)
	assertEqual(t, "events", c.eventTypes(from), "lock.unlocked action_attempt.unlock_door.succeeded "+
		"lock.locked action_attempt.lock_door.succeeded lock.unlocked ")
}

// A lock action can fail, stay pending, or report success without effect.
func TestLockAction_failures(t *testing.T) {
	for _, test := range []struct {
		name     string
		behavior LockActionBehavior
		status   any // nil: 404
		locked   bool
	}{
		{"fails", LockActionBehavior{Takes: time.Second, Outcome: Fails, ErrorType: "bolt_jammed", ErrorMessage: "It is jammed"}, "error", true},
		{"never ends", LockActionBehavior{Outcome: StaysPending}, "pending", true},
		{"says it did", LockActionBehavior{Stuck: true}, "success", true},
		{"is forgotten", LockActionBehavior{Outcome: Vanishes}, nil, false},
		{"has an unknown end", LockActionBehavior{Outcome: EndsWithStatus("weird")}, "weird", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, l, c, clock := setup(t)
			c.lenient = true
			l.SetDefaultLockAction(test.behavior)
			id := c.attempt("/locks/unlock_door", jsonObject{"device_id": l.ID})
			clock.advance(time.Hour)
			status, result := c.post("/action_attempts/get", jsonObject{"action_attempt_id": id})
			assertEqual(t, "locked", l.IsLocked(), test.locked)
			if test.status == nil {
				assertEqual(t, "status", status, http.StatusNotFound)
				return
			}
			assertEqual(t, "attempt", valueAt(result, "action_attempt", "status"), test.status)
			assertEqual(t, "error", stringAt(result, "action_attempt", "error", "type"), test.behavior.ErrorType)
			assertEqual(t, "message", stringAt(result, "action_attempt", "error", "message"), test.behavior.ErrorMessage)
		})
	}
}

func TestLockAction_rejectsUnknownAndUnmanagedDevices(t *testing.T) {
	s, l, c, _ := setup(t)
	elsewhere := s.AddWorkspace("Other").AddLock("Theirs")
	for _, path := range []string{"/locks/lock_door", "/locks/unlock_door"} {
		c.wantInvalid(path, jsonObject{}, jsonObject{"device_id": l.ID, "sync": true})
		c.wantMissing("device", jsonObject{"device_id": newID()}, path)
		c.wantMissing("device", jsonObject{"device_id": elsewhere.ID}, path)
	}
	l.Unmanage()
	c.wantError("/locks/unlock_door", jsonObject{"device_id": l.ID}, http.StatusBadRequest, "device_unmanaged")
	assertEqual(t, "locked", l.IsLocked() && elsewhere.IsLocked(), true)
}

func TestLockAction_rateLimits(t *testing.T) {
	s, l, c, clock := setup(t)
	s.EnforceLimits(true)
	s.SetDefaultLockAction(LockActionBehavior{Takes: time.Second})
	for range 15 {
		c.ok("/locks/unlock_door", jsonObject{"device_id": l.ID})
		c.ok("/locks/lock_door", jsonObject{"device_id": l.ID})
	}
	c.wantError("/locks/unlock_door", jsonObject{"device_id": l.ID}, http.StatusTooManyRequests, "too_many_requests")
	c.ok("/locks/unlock_door", jsonObject{"device_id": s.AddLock("Back Door").ID})
	clock.advance(time.Minute)
	c.ok("/locks/unlock_door", jsonObject{"device_id": l.ID})
	assertEqual(t, "limited", s.RateLimitedCount(), 1)
	assertEqual(t, "attempts", strings.Count(c.eventTypes(clock.timestampIn(-time.Hour)), "lock_door.succeeded"), 31)
}
