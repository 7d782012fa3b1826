package seamtest

import (
	"fmt"
	"testing"
	"time"
)

func TestEvent_listFilters(t *testing.T) {
	s, l, c, clock := setup(t)
	start := clock.timestampIn(0)
	l.SetCustomerKey("acme")
	id := c.create(l, nil)
	other := s.AddLock("Back Door")
	c.create(other, nil)
	clock.advance(time.Hour)
	c.ok("/locks/unlock_door", jsonObject{"device_id": l.ID})
	for _, test := range []struct {
		filter jsonObject
		shows  int
	}{
		{jsonObject{}, 6},
		{jsonObject{"device_id": l.ID}, 4},
		{jsonObject{"device_ids": []string{l.ID, other.ID}}, 6},
		{jsonObject{"access_code_id": id}, 2},
		{jsonObject{"access_code_ids": []string{id, newID()}}, 2},
		{jsonObject{"event_type": "access_code.created"}, 2},
		{jsonObject{"event_types": []string{"access_code.created", "lock.unlocked"}}, 3},
		{jsonObject{"connected_account_id": other.ConnectedAccountID()}, 2},
		{jsonObject{"customer_key": "acme"}, 4},
		{jsonObject{"acs_user_id": newID()}, 0},
		{jsonObject{"limit": 5}, 5},
		{jsonObject{"since": clock.timestampIn(0)}, 2},
		{jsonObject{"since": nil, "between": []string{start, clock.timestampIn(-time.Minute)}}, 4},
	} {
		filter := jsonObject{"since": start}
		for key, field := range test.filter {
			filter[key] = field
			if field == nil {
				delete(filter, key)
			}
		}
		assertEqual(t, fmt.Sprint(test.filter), len(listAt(c.ok("/events/list", filter), "events")), test.shows)
	}
}

func TestEvent_accessCodeLifecycle(t *testing.T) {
	s, l, c, clock := setup(t)
	start := clock.timestampIn(0)
	l.OnDelete(DeleteBehavior{Takes: time.Second})
	id := c.create(l, jsonObject{"code": "1234"})
	c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
	clock.advance(time.Minute)
	found := listAt(c.ok("/events/list", jsonObject{"since": start, "access_code_ids": []string{id}}), "events")
	types := []any{}
	for _, e := range found {
		types = append(types, valueAt(e, "event_type"))
	}
	assertEqual(t, "number of events", len(types), 4)
	for i, name := range []string{"created", "set_on_device", "removed_from_device", "deleted"} {
		assertEqual(t, "event", types[i], any("access_code."+name))
	}
	assertEqual(t, "time of the removal", s.Events()[2].At, clock.Now().Add(-time.Minute+time.Second))
	last := valueAt(found, 3, "event_id")
	c.ok("/events/get", jsonObject{"event_id": last})
	c.wantInvalid("/events/list", jsonObject{"access_code_ids": []string{id}})
	between := jsonObject{"between": []string{clock.timestampIn(-time.Hour), start}, "event_type": "access_code.created"}
	assertEqual(t, "in the span", len(listAt(c.ok("/events/list", between), "events")), 1)
}

func TestEvent_mutedAndDelayed(t *testing.T) {
	s, l, c, clock := setup(t)
	s.MuteEvents("access_code.set_on_device")
	s.DelayEvents(time.Minute)
	list := jsonObject{"since": clock.timestampIn(0), "device_ids": []string{l.ID}}
	c.create(l, nil)
	assertEqual(t, "visible at once", len(listAt(c.ok("/events/list", list), "events")), 0)
	clock.advance(time.Minute)
	assertEqual(t, "visible later", len(listAt(c.ok("/events/list", list), "events")), 1)
}
