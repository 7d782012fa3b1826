package seamtest

import (
	"net/http"
	"testing"
	"time"
)

func TestRemovalTakesThePINOffTheLock(t *testing.T) {
	_, l, c, clock := door(t)
	l.OnRemove(Removal{Takes: 5 * time.Second, Warnings: []Issue{{"delay_in_removing_from_device", "slow"}}})
	id := c.create(l, object{"code": "1234"})
	opens(t, l, "1234", true)

	attempt := c.attempt("/access_codes/delete", object{"access_code_id": id})
	clock.advance(4 * time.Second)
	code := c.get(id)
	want(t, "status", code["status"], any("removing"))
	want(t, "warnings", len(entries(code, "warnings")), 2)
	want(t, "attempt", c.attemptStatus(attempt), any("pending"))
	opens(t, l, "1234", true)
	c.refused("/access_codes/delete", object{"access_code_id": id}, http.StatusConflict, "access_code_is_being_deleted")

	clock.advance(time.Second)
	c.missing(id)
	want(t, "attempt", c.attemptStatus(attempt), any("success"))
	opens(t, l, "1234", false)
	c.refused("/access_codes/delete", object{"access_code_id": id}, http.StatusNotFound, "access_code_not_found")
}

func TestRemovalByDefaultIsDoneAtOnce(t *testing.T) {
	_, l, c, _ := door(t)
	id := c.create(l, object{"code": "1234"})
	answer := c.ok("/access_codes/delete", object{"access_code_id": id})
	want(t, "attempt", in(answer, "action_attempt", "status"), any("success"))
	c.missing(id)
	opens(t, l, "1234", false)
}

func TestRemovalEndings(t *testing.T) {
	const (
		readable = "readable"
		gone     = "gone"
	)
	for _, test := range []struct {
		name    string
		how     Removal
		attempt any // nil: 404
		code    string
		status  any
	}{
		{"success first, code later", Removal{Takes: time.Second, GoneAfter: time.Hour}, "success", readable, "removing"},
		{"code first, attempt later", Removal{Takes: time.Hour, GoneAfter: time.Second}, "pending", gone, nil},
		{"fails", Removal{Takes: time.Second, Ends: Fails, ErrorType: "x"}, "error", readable, "set"},
		{"fails, goes later", Removal{Ends: Fails, GoneAfter: time.Minute}, "error", gone, nil},
		{"never ends", Removal{Ends: NeverEnds}, "pending", readable, "removing"},
		{"never ends, goes", Removal{Ends: NeverEnds, GoneAfter: time.Second}, "pending", gone, nil},
		{"vanishes", Removal{Takes: time.Second, Ends: Vanishes}, nil, gone, nil},
		{"vanishes, stays", Removal{Ends: Vanishes, Stays: true}, nil, readable, "set"},
		{"success, stays", Removal{Takes: time.Second, Stays: true}, "success", readable, "set"},
		{"weird", Removal{Ends: EndsAs("weird"), Stays: true}, "weird", readable, "set"},
		{"empty", Removal{Ends: EndsAs(""), GoneAfter: time.Hour}, "", readable, "removing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, l, c, clock := door(t)
			c.lenient = true
			l.OnRemove(test.how)
			id := c.create(l, object{"code": "1234"})
			attempt := c.attempt("/access_codes/delete", object{"access_code_id": id})
			clock.advance(time.Minute)
			if test.attempt == nil {
				c.refused("/action_attempts/get", object{"action_attempt_id": attempt}, http.StatusNotFound, "action_attempt_not_found")
			} else {
				want(t, "attempt", c.attemptStatus(attempt), test.attempt)
			}
			opens(t, l, "1234", test.code == readable)
			if test.code == gone {
				c.missing(id)
				return
			}
			want(t, "status", c.get(id)["status"], test.status)
		})
	}
}

func TestRemovalWithoutAttempt(t *testing.T) {
	_, l, c, _ := door(t)
	c.lenient = true
	l.OnRemove(Removal{NoAttempt: true})
	answer := c.ok("/access_codes/delete", object{"access_code_id": c.create(l, nil)})
	want(t, "fields", len(answer), 1)
	want(t, "ok", answer["ok"], any(true))
}

func TestGhostKeepsTheDoorOpen(t *testing.T) {
	s, l, c, clock := door(t)
	l.OnRemove(Removal{Ghost: &Unmanaged{SameID: true, AppearsAfter: time.Second, Masked: true, CannotDelete: true}})
	id := c.create(l, object{"code": "1234"})
	c.ok("/access_codes/delete", object{"access_code_id": id})
	c.missing(id)
	want(t, "listed", len(c.unmanaged(l)), 0)
	opens(t, l, "1234", true)

	clock.advance(time.Second)
	ghost := fields(c.unmanaged(l), 0)
	want(t, "id", ghost["access_code_id"], any(id))
	want(t, "code", ghost["code"], nil)
	c.missing(id)
	c.refused("/access_codes/unmanaged/delete", object{"access_code_id": id}, http.StatusBadRequest, "cannot_delete_unmanaged_access_code")

	s.RemoveUnmanaged(id)
	want(t, "listed", len(c.unmanaged(l)), 0)
	opens(t, l, "1234", false)
}

func TestOfflineCodeCannotBeRevoked(t *testing.T) {
	s, l, c, clock := door(t)
	id := c.create(l, object{"is_offline_access_code": true, "starts_at": clock.in(0), "ends_at": clock.in(time.Hour)})
	pin := text(c.get(id), "code")
	opens(t, l, pin, true)
	want(t, "on the lock", l.Holds(pin), false)
	c.refused("/access_codes/delete", object{"access_code_id": id}, http.StatusBadRequest, "invalid_input")
	s.RemoveOutside(id)
	c.missing(id)
	opens(t, l, pin, true)
	clock.advance(time.Hour)
	opens(t, l, pin, false)
}

func TestEventsOfACode(t *testing.T) {
	s, l, c, clock := door(t)
	start := clock.in(0)
	l.OnRemove(Removal{Takes: time.Second})
	id := c.create(l, object{"code": "1234"})
	c.ok("/access_codes/delete", object{"access_code_id": id})
	clock.advance(time.Minute)
	found := entries(c.ok("/events/list", object{"since": start, "access_code_ids": []string{id}}), "events")
	types := []any{}
	for _, e := range found {
		types = append(types, in(e, "event_type"))
	}
	want(t, "number of events", len(types), 4)
	for i, name := range []string{"created", "set_on_device", "removed_from_device", "deleted"} {
		want(t, "event", types[i], any("access_code."+name))
	}
	want(t, "time of the removal", s.Events()[2].At, clock.Now().Add(-time.Minute+time.Second))
	last := in(found, 3, "event_id")
	c.ok("/events/get", object{"event_id": last})
	c.refused("/events/list", object{"access_code_ids": []string{id}}, http.StatusBadRequest, "invalid_input")
	between := object{"between": []string{clock.in(-time.Hour), start}, "event_type": "access_code.created"}
	want(t, "in the span", len(entries(c.ok("/events/list", between), "events")), 1)
}

func TestEventsMutedAndLate(t *testing.T) {
	s, l, c, clock := door(t)
	s.MuteEvents("access_code.set_on_device")
	s.DelayEvents(time.Minute)
	list := object{"since": clock.in(0), "device_ids": []string{l.ID}}
	c.create(l, nil)
	want(t, "visible at once", len(entries(c.ok("/events/list", list), "events")), 0)
	clock.advance(time.Minute)
	want(t, "visible later", len(entries(c.ok("/events/list", list), "events")), 1)
}
