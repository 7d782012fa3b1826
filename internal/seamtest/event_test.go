package seamtest

import (
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
	c.wantListed("/events/list", jsonObject{"since": start}, 6)
	c.wantListed("/events/list", jsonObject{"since": start, "device_id": l.ID}, 4)
	c.wantListed("/events/list", jsonObject{"since": start, "device_ids": []string{l.ID, other.ID}}, 6)
	c.wantListed("/events/list", jsonObject{"since": start, "access_code_id": id}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "access_code_ids": []string{id, newID()}}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "event_type": "access_code.created"}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "event_types": []string{"access_code.created", "lock.unlocked"}}, 3)
	c.wantListed("/events/list", jsonObject{"since": start, "connected_account_id": other.ConnectedAccountID()}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "customer_key": "acme"}, 4)
	c.wantListed("/events/list", jsonObject{"since": start, "acs_user_id": newID()}, 0)
	c.wantListed("/events/list", jsonObject{"since": start, "limit": 5}, 5)
	c.wantListed("/events/list", jsonObject{"since": clock.timestampIn(0)}, 2)
	c.wantListed("/events/list", jsonObject{"between": []string{start, clock.timestampIn(-time.Minute)}}, 4)
}

func TestEvent_accessCodeLifecycle(t *testing.T) {
	s, l, c, clock := setup(t)
	start := clock.timestampIn(0)
	l.OnDelete(DeleteBehavior{Takes: time.Second})
	id := c.create(l, jsonObject{"code": "1234"})
	c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
	clock.advance(time.Minute)
	found := c.list("/events/list", jsonObject{"since": start, "access_code_ids": []string{id}})
	assertShows(t, found, jsonObject{
		"#": 4, "0.event_type": "access_code.created", "1.event_type": "access_code.set_on_device",
		"2.event_type": "access_code.removed_from_device", "3.event_type": "access_code.deleted",
	})
	assertEqual(t, "time of the removal", s.Events()[2].At, clock.Now().Add(-time.Minute+time.Second))
	c.ok("/events/get", jsonObject{"event_id": valueAt(found, "3.event_id")})
	c.wantInvalid("/events/list", jsonObject{"access_code_ids": []string{id}})
	between := jsonObject{"between": []string{clock.timestampIn(-time.Hour), start}, "event_type": "access_code.created"}
	c.wantListed("/events/list", between, 1)
}

func TestEvent_mutedAndDelayed(t *testing.T) {
	s, l, c, clock := setup(t)
	s.MuteEvents("access_code.set_on_device")
	s.DelayEvents(time.Minute)
	list := jsonObject{"since": clock.timestampIn(0), "device_ids": []string{l.ID}}
	c.create(l, nil)
	c.wantListed("/events/list", list, 0)
	clock.advance(time.Minute)
	c.wantListed("/events/list", list, 1)
}
