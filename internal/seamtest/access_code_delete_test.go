package seamtest

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// The PIN opens the door until the delete is complete.
func TestAccessCode_deleteRemovesThePIN(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnDelete(DeleteBehavior{Takes: 5 * time.Second, Warnings: []Issue{{"delay_in_removing_from_device", "slow"}}})
	id := c.create(l, jsonObject{"code": "1234"})
	assertOpens(t, l, "1234", true)

	attempt := c.attempt("/access_codes/delete", jsonObject{"access_code_id": id})
	clock.advance(4 * time.Second)
	assertShows(t, c.get(id), jsonObject{"status": "removing", "warnings.#": 2})
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("pending"))
	assertOpens(t, l, "1234", true)
	c.wantError("/access_codes/delete", jsonObject{"access_code_id": id}, http.StatusConflict, "access_code_is_being_deleted")

	clock.advance(time.Second)
	c.wantNotFound(id)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("success"))
	assertOpens(t, l, "1234", false)
	c.wantMissing("access_code", jsonObject{"access_code_id": id}, "/access_codes/delete")
}

func TestAccessCode_deleteIsImmediateByDefault(t *testing.T) {
	_, l, c, _ := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	assertShows(t, c.ok("/access_codes/delete", jsonObject{"access_code_id": id}), jsonObject{"action_attempt.status": "success"})
	c.wantNotFound(id)
	assertOpens(t, l, "1234", false)
}

func TestAccessCode_deleteOutcomes(t *testing.T) {
	const readable, gone = true, false
	type outcome struct {
		behavior DeleteBehavior
		attempt  any // nil: 404
		code     bool
		status   any
	}
	forEach(t, map[string]outcome{
		"success first, code later": {DeleteBehavior{Takes: time.Second, GoneAfter: time.Hour}, "success", readable, "removing"},
		"code first, attempt later": {DeleteBehavior{Takes: time.Hour, GoneAfter: time.Second}, "pending", gone, nil},
		"fails":                     {DeleteBehavior{Takes: time.Second, Outcome: Fails, ErrorType: "x"}, "error", readable, "set"},
		"fails, goes later":         {DeleteBehavior{Outcome: Fails, GoneAfter: time.Minute}, "error", gone, nil},
		"never ends":                {DeleteBehavior{Outcome: StaysPending}, "pending", readable, "removing"},
		"never ends, goes":          {DeleteBehavior{Outcome: StaysPending, GoneAfter: time.Second}, "pending", gone, nil},
		"vanishes":                  {DeleteBehavior{Takes: time.Second, Outcome: Vanishes}, nil, gone, nil},
		"vanishes, stays":           {DeleteBehavior{Outcome: Vanishes, Stays: true}, nil, readable, "set"},
		"success, stays":            {DeleteBehavior{Takes: time.Second, Stays: true}, "success", readable, "set"},
		"weird":                     {DeleteBehavior{Outcome: EndsWithStatus("weird"), Stays: true}, "weird", readable, "set"},
		"empty":                     {DeleteBehavior{Outcome: EndsWithStatus(""), GoneAfter: time.Hour}, "", readable, "removing"},
	}, func(t *testing.T, test outcome) {
		_, l, c, clock := setup(t)
		c.lenient = true
		l.OnDelete(test.behavior)
		id := c.create(l, jsonObject{"code": "1234"})
		attempt := c.attempt("/access_codes/delete", jsonObject{"access_code_id": id})
		clock.advance(time.Minute)
		if test.attempt == nil {
			c.wantMissing("action_attempt", jsonObject{"action_attempt_id": attempt}, "/action_attempts/get")
		} else {
			assertEqual(t, "attempt", c.attemptStatus(attempt), test.attempt)
		}
		assertOpens(t, l, "1234", test.code)
		if test.code == gone {
			c.wantNotFound(id)
		} else {
			assertEqual(t, "status", c.get(id)["status"], test.status)
		}
	})
}

func TestAccessCode_deleteWithoutAttempt(t *testing.T) {
	_, l, c, _ := setup(t)
	c.lenient = true
	l.OnDelete(DeleteBehavior{NoAttempt: true})
	answer := c.ok("/access_codes/delete", jsonObject{"access_code_id": c.create(l, nil)})
	assertEqual(t, "answer", fmt.Sprint(answer), "map[ok:true]")
}

// A leftover on the lock keeps the PIN working after the delete.
func TestAccessCode_deleteLeavesThePIN(t *testing.T) {
	s, l, c, clock := setup(t)
	l.OnDelete(DeleteBehavior{Leftover: &UnmanagedAccessCode{SameID: true, AppearsAfter: time.Second, Masked: true, CannotBeDeleted: true}})
	id := c.create(l, jsonObject{"code": "1234"})
	c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
	c.wantNotFound(id)
	assertEqual(t, "listed", len(c.unmanaged(l)), 0)
	assertOpens(t, l, "1234", true)

	clock.advance(time.Second)
	assertShows(t, c.unmanaged(l)[0], jsonObject{"access_code_id": id, "code": nil})
	c.wantNotFound(id)
	c.wantError("/access_codes/unmanaged/delete", jsonObject{"access_code_id": id}, http.StatusBadRequest, "cannot_delete_unmanaged_access_code")

	s.RemoveUnmanagedAccessCode(id)
	assertEqual(t, "listed", len(c.unmanaged(l)), 0)
	assertOpens(t, l, "1234", false)
}

func TestAccessCode_offlineCannotBeDeleted(t *testing.T) {
	s, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"is_offline_access_code": true, "starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)})
	pin := stringAt(c.get(id), "code")
	assertOpens(t, l, pin, true)
	assertEqual(t, "on the lock", l.Holds(pin), false)
	c.wantInvalid("/access_codes/delete", jsonObject{"access_code_id": id})
	s.RemoveAccessCode(id)
	c.wantNotFound(id)
	assertOpens(t, l, pin, true)
	clock.advance(time.Hour)
	assertOpens(t, l, pin, false)
}
