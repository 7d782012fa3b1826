package seamtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestDoorIsUnlockedAndLocked(t *testing.T) {
	_, l, c, clock := door(t)
	from := clock.in(0)
	l.OnTurn(Turn{Takes: 3 * time.Second})
	attempt := c.attempt("/locks/unlock_door", object{"device_id": l.ID})
	clock.advance(2 * time.Second)
	want(t, "attempt", c.attemptStatus(attempt), any("pending"))
	want(t, "locked", l.IsLocked(), true)

	clock.advance(time.Second)
	want(t, "attempt", c.attemptStatus(attempt), any("success"))
	want(t, "locked", l.IsLocked(), false)
	want(t, "locked, says Seam", in(c.device(l), "properties", "locked"), any(false))
	byDevice := c.ok("/action_attempts/list", object{"device_id": l.ID})
	want(t, "type", text(byDevice, "action_attempts", 0, "action_type"), "UNLOCK_DOOR")

	c.ok("/locks/lock_door", object{"device_id": l.ID})
	want(t, "locked", l.IsLocked(), true)
	l.SetLocked(false)
	want(t, "locked", l.IsLocked(), false)
	want(t, "events", c.happened(from), "lock.unlocked action_attempt.unlock_door.succeeded "+
		"lock.locked action_attempt.lock_door.succeeded lock.unlocked ")
}

func TestDoorThatDoesNotTurn(t *testing.T) {
	for _, test := range []struct {
		name   string
		how    Turn
		status any // nil: 404
		locked bool
	}{
		{"fails", Turn{Takes: time.Second, Ends: Fails, ErrorType: "bolt_jammed", ErrorMessage: "It is jammed"}, "error", true},
		{"never ends", Turn{Ends: NeverEnds}, "pending", true},
		{"says it did", Turn{Stuck: true}, "success", true},
		{"is forgotten", Turn{Ends: Vanishes}, nil, false},
		{"has an unknown end", Turn{Ends: EndsAs("weird")}, "weird", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, l, c, clock := door(t)
			c.lenient = true
			l.DefaultTurn(test.how)
			id := c.attempt("/locks/unlock_door", object{"device_id": l.ID})
			clock.advance(time.Hour)
			status, answer := c.post("/action_attempts/get", object{"action_attempt_id": id})
			want(t, "locked", l.IsLocked(), test.locked)
			if test.status == nil {
				want(t, "status", status, http.StatusNotFound)
				return
			}
			want(t, "attempt", in(answer, "action_attempt", "status"), test.status)
			want(t, "error", text(answer, "action_attempt", "error", "type"), test.how.ErrorType)
			want(t, "message", text(answer, "action_attempt", "error", "message"), test.how.ErrorMessage)
		})
	}
}

func TestDoorsThatAreNotOurs(t *testing.T) {
	s, l, c, _ := door(t)
	elsewhere := s.AddWorkspace("Other").AddLock("Theirs")
	for _, path := range []string{"/locks/lock_door", "/locks/unlock_door"} {
		c.refused(path, object{}, http.StatusBadRequest, "invalid_input")
		c.refused(path, object{"device_id": l.ID, "sync": true}, http.StatusBadRequest, "invalid_input")
		c.refused(path, object{"device_id": newID()}, http.StatusNotFound, "device_not_found")
		c.refused(path, object{"device_id": elsewhere.ID}, http.StatusNotFound, "device_not_found")
	}
	l.Unmanage()
	c.refused("/locks/unlock_door", object{"device_id": l.ID}, http.StatusBadRequest, "device_unmanaged")
	want(t, "locked", l.IsLocked() && elsewhere.IsLocked(), true)
}

func TestDoorsHaveLimits(t *testing.T) {
	s, l, c, clock := door(t)
	s.EnforceLimits(true)
	s.DefaultTurn(Turn{Takes: time.Second})
	for range 15 {
		c.ok("/locks/unlock_door", object{"device_id": l.ID})
		c.ok("/locks/lock_door", object{"device_id": l.ID})
	}
	c.refused("/locks/unlock_door", object{"device_id": l.ID}, http.StatusTooManyRequests, "too_many_requests")
	c.ok("/locks/unlock_door", object{"device_id": s.AddLock("Back Door").ID})
	clock.advance(time.Minute)
	c.ok("/locks/unlock_door", object{"device_id": l.ID})
	want(t, "limited", s.Limited(), 1)
	want(t, "attempts", strings.Count(c.happened(clock.in(-time.Hour)), "lock_door.succeeded"), 31)
}
