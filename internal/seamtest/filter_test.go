package seamtest

import (
	"fmt"
	"testing"
	"time"
)

func TestListsOfCodesAreFiltered(t *testing.T) {
	s, l, c, _ := door(t)
	l.SetCustomerKey("acme")
	jane := c.create(l, object{"name": "Jane", "code": "1234"})
	c.create(l, object{"name": "Joe", "code": "5678"})
	other := c.create(s.AddLock("Back Door"), object{"name": "Jane"})
	both := []string{jane, other}
	c.session(object{"user_identifier_key": "host", "connected_account_ids": []string{l.ConnectedAccountID()}})
	l.AddUnmanaged(Unmanaged{Name: "Cleaner", PIN: "9012"})
	for _, test := range []struct {
		path   string
		filter object
		shows  int
	}{
		{"/access_codes/list", object{"device_id": l.ID}, 2},
		{"/access_codes/list", object{"device_id": l.ID, "search": "jane"}, 1},
		{"/access_codes/list", object{"device_id": l.ID, "search": "5678"}, 1},
		{"/access_codes/list", object{"device_id": l.ID, "search": jane[:8]}, 1},
		{"/access_codes/list", object{"device_id": l.ID, "customer_key": "acme"}, 2},
		{"/access_codes/list", object{"device_id": l.ID, "customer_key": "other"}, 0},
		{"/access_codes/list", object{"access_code_ids": both, "customer_key": "acme"}, 1},
		{"/access_codes/list", object{"access_code_ids": both, "user_identifier_key": "host"}, 1},
		{"/access_codes/list", object{"access_code_ids": both, "device_id": l.ID}, 1},
		{"/access_codes/list", object{"access_grant_id": newID()}, 0},
		{"/access_codes/list", object{"device_id": l.ID, "access_method_id": newID()}, 0},
		{"/access_codes/unmanaged/list", object{"device_id": l.ID, "search": "clean"}, 1},
		{"/access_codes/unmanaged/list", object{"device_id": l.ID, "search": "9012"}, 1},
		{"/access_codes/unmanaged/list", object{"device_id": l.ID, "search": "jane"}, 0},
	} {
		want(t, fmt.Sprint(test.path, test.filter), len(entries(c.ok(test.path, test.filter), "access_codes")), test.shows)
	}
	byPIN := c.ok("/access_codes/get", object{"device_id": l.ID, "code": "1234"})
	want(t, "by lock and PIN", text(byPIN, "access_code", "access_code_id"), jane)
}

func TestListsOfEventsAreFiltered(t *testing.T) {
	s, l, c, clock := door(t)
	start := clock.in(0)
	l.SetCustomerKey("acme")
	id := c.create(l, nil)
	other := s.AddLock("Back Door")
	c.create(other, nil)
	clock.advance(time.Hour)
	c.ok("/locks/unlock_door", object{"device_id": l.ID})
	for _, test := range []struct {
		filter object
		shows  int
	}{
		{object{}, 6},
		{object{"device_id": l.ID}, 4},
		{object{"device_ids": []string{l.ID, other.ID}}, 6},
		{object{"access_code_id": id}, 2},
		{object{"access_code_ids": []string{id, newID()}}, 2},
		{object{"event_type": "access_code.created"}, 2},
		{object{"event_types": []string{"access_code.created", "lock.unlocked"}}, 3},
		{object{"connected_account_id": other.ConnectedAccountID()}, 2},
		{object{"customer_key": "acme"}, 4},
		{object{"acs_user_id": newID()}, 0},
		{object{"limit": 5}, 5},
		{object{"since": clock.in(0)}, 2},
		{object{"since": nil, "between": []string{start, clock.in(-time.Minute)}}, 4},
	} {
		filter := object{"since": start}
		for key, field := range test.filter {
			filter[key] = field
			if field == nil {
				delete(filter, key)
			}
		}
		want(t, fmt.Sprint(test.filter), len(entries(c.ok("/events/list", filter), "events")), test.shows)
	}
}
