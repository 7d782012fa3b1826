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

const (
	convertPath         = "/access_codes/unmanaged/convert_to_managed"
	updateUnmanagedPath = "/access_codes/unmanaged/update"
)

func (c *client) getUnmanaged(id string) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/access_codes/unmanaged/get", jsonObject{"access_code_id": id}), "access_code")
}

func TestUnmanagedAccessCode_convertTakesTime(t *testing.T) {
	for path, more := range map[string]jsonObject{convertPath: {}, updateUnmanagedPath: {"is_managed": true}} {
		t.Run(path, func(t *testing.T) {
			_, l, c, clock := setup(t)
			l.OnConvert(ConvertBehavior{Takes: 3 * time.Second})
			id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234", Name: "Cleaner"})
			from := clock.timestampIn(time.Second)
			clock.advance(time.Second)
			more["access_code_id"], more["allow_external_modification"] = id, true
			assertEqual(t, "fields of the answer", len(c.ok(path, more)), 1)
			clock.advance(2 * time.Second)
			c.wantNotFound(id)
			assertEqual(t, "name", c.getUnmanaged(id)["name"], any("Cleaner"))

			clock.advance(time.Second)
			assertShows(t, c.get(id), jsonObject{"code": "1234", "status": "set", "is_external_modification_allowed": true})
			c.wantMissing("access_code", jsonObject{"access_code_id": id}, "/access_codes/unmanaged/get")
			c.wantMissing("access_code", more, path)
			assertOpens(t, l, "1234", true)
			assertEqual(t, "events", c.eventTypes(from), "access_code.unmanaged.converted_to_managed ")
		})
	}
}

func TestUnmanagedAccessCode_convertFails(t *testing.T) {
	s, l, c, clock := setup(t)
	from := clock.timestampIn(time.Second)
	s.SetDefaultConvert(ConvertBehavior{Takes: time.Second, Outcome: Fails})
	id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})
	clock.advance(time.Second)
	c.ok(convertPath, jsonObject{"access_code_id": id})
	assertEqual(t, "errors", len(listAt(c.getUnmanaged(id), "errors")), 0)
	clock.advance(time.Second)
	c.wantNotFound(id)
	assertEqual(t, "error", stringAt(c.getUnmanaged(id), "errors.0.error_code"), "provider_issue")
	assertShows(t, c.list("/events/list", jsonObject{"since": from}), jsonObject{
		"0.event_type": "access_code.unmanaged.failed_to_convert_to_managed", "0.access_code_errors.0.error_code": "provider_issue",
	})

	l.SetDefaultConvert(ConvertBehavior{Outcome: StaysPending})
	c.ok(convertPath, jsonObject{"access_code_id": id})
	clock.advance(time.Hour)
	c.wantNotFound(id)
	l.OnConvert(ConvertBehavior{})
	c.ok(convertPath, jsonObject{"access_code_id": id})
	assertEqual(t, "errors", len(listAt(c.get(id), "errors")), 0)
}

// Seam's guide shows an action attempt; the API reference does not.
func TestUnmanagedAccessCode_convertWithAttempt(t *testing.T) {
	_, l, c, clock := setup(t)
	c.lenient = true
	l.OnConvert(ConvertBehavior{WithAttempt: true, Takes: time.Second, Outcome: Fails, ErrorType: "nope"}, ConvertBehavior{WithAttempt: true})
	id := jsonObject{"access_code_id": l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})}
	attempt := c.attempt(convertPath, id)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("pending"))
	clock.advance(time.Second)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("error"))
	assertEqual(t, "attempt", c.attemptStatus(c.attempt(convertPath, id)), any("success"))
}

func TestUnmanagedAccessCode_convertIsRejected(t *testing.T) {
	_, l, c, _ := setup(t)
	theirs := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234", ManagedByAnotherWorkspace: true})
	fixed := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "5678", CannotBeManaged: true})
	c.wantError(convertPath, jsonObject{"access_code_id": theirs}, http.StatusBadRequest, "access_code_managed_by_another_workspace")
	c.wantError(updateUnmanagedPath, jsonObject{"access_code_id": theirs, "is_managed": true, "force": false}, http.StatusBadRequest, "access_code_managed_by_another_workspace")
	c.wantInvalid(updateUnmanagedPath, jsonObject{"access_code_id": theirs, "is_managed": false})
	for _, force := range []bool{true, false} {
		c.wantError(convertPath, jsonObject{"access_code_id": fixed, "force": force}, http.StatusBadRequest, "cannot_be_managed")
	}
	c.wantMissing("access_code", jsonObject{"access_code_id": newID()}, convertPath)
	c.ok(convertPath, jsonObject{"access_code_id": theirs, "force": true})
	c.get(theirs)

	left := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "9012"})
	l.OnDelete(DeleteBehavior{Outcome: StaysPending})
	c.ok("/access_codes/unmanaged/delete", jsonObject{"access_code_id": left})
	c.wantError(convertPath, jsonObject{"access_code_id": left}, http.StatusConflict, "access_code_is_being_deleted")
	l.Unmanage()
	c.wantError(convertPath, jsonObject{"access_code_id": theirs}, http.StatusBadRequest, "device_unmanaged")
}

// A pending conversion ends when the code is removed.
func TestUnmanagedAccessCode_removedWhileConverting(t *testing.T) {
	s, l, c, clock := setup(t)
	l.OnConvert(ConvertBehavior{Takes: time.Minute})
	id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})
	c.ok(convertPath, jsonObject{"access_code_id": id})
	s.RemoveUnmanagedAccessCode(id)
	clock.advance(time.Minute)
	c.wantNotFound(id)
	assertOpens(t, l, "1234", false)
}

func TestUnmanagedAccessCode_convertBeforeStart(t *testing.T) {
	s, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"code": "1234", "starts_at": clock.timestampIn(time.Hour), "ends_at": clock.timestampIn(2 * time.Hour)})
	s.UnmanageAccessCode(id)
	assertEqual(t, "status", c.getUnmanaged(id)["status"], any("unset"))
	c.ok(convertPath, jsonObject{"access_code_id": id})
	clock.advance(time.Hour)
	assertEqual(t, "status", c.get(id)["status"], any("set"))
	assertOpens(t, l, "1234", true)
}

func TestUnmanagedAccessCode_deleteOutcomes(t *testing.T) {
	type outcome struct {
		behavior DeleteBehavior
		attempt  any
		stays    bool // at Seam
		opens    bool
	}
	forEach(t, map[string]outcome{
		"at once":                   {DeleteBehavior{}, "success", false, false},
		"fails":                     {DeleteBehavior{Takes: time.Second, Outcome: Fails}, "error", true, true},
		"never ends":                {DeleteBehavior{Outcome: StaysPending}, "pending", true, true},
		"never ends, goes":          {DeleteBehavior{Outcome: StaysPending, GoneAfter: time.Second}, "pending", false, false},
		"success, stays":            {DeleteBehavior{Stays: true}, "success", true, true},
		"leftover":                  {DeleteBehavior{Leftover: &UnmanagedAccessCode{AppearsAfter: time.Hour}}, "success", false, true},
		"leftover with the same id": {DeleteBehavior{Takes: time.Second, Leftover: &UnmanagedAccessCode{SameID: true}}, "success", true, true},
	}, func(t *testing.T, test outcome) {
		_, l, c, clock := setup(t)
		l.OnDelete(test.behavior)
		id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})
		attempt := c.attempt("/access_codes/unmanaged/delete", jsonObject{"access_code_id": id})
		clock.advance(time.Minute)
		assertEqual(t, "attempt", c.attemptStatus(attempt), test.attempt)
		assertOpens(t, l, "1234", test.opens)
		assertEqual(t, "listed", len(c.unmanaged(l)) == 1, test.stays)
		if test.stays {
			c.getUnmanaged(id)
			return
		}
		c.wantMissing("access_code", jsonObject{"access_code_id": id}, "/access_codes/unmanaged/delete")
	})
}

func TestAccessCode_convertAndUnmanage(t *testing.T) {
	s, l, c, _ := setup(t)
	id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})
	c.wantNotFound(id)
	c.ok(convertPath, jsonObject{"access_code_id": id})
	assertEqual(t, "status", c.get(id)["status"], any("set"))
	s.UnmanageAccessCode(id)
	c.wantNotFound(id)
	c.ok("/access_codes/unmanaged/update", jsonObject{"access_code_id": id, "is_managed": true})
	c.ok("/access_codes/update", jsonObject{"access_code_id": id, "is_managed": false})
	c.ok("/access_codes/unmanaged/delete", jsonObject{"access_code_id": id})
	assertOpens(t, l, "1234", false)
}
