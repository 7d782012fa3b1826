package seamtest

import (
	"fmt"
	"testing"
	"time"
)

func TestAccessCode_listFilters(t *testing.T) {
	s, l, c, _ := setup(t)
	l.SetCustomerKey("acme")
	jane := c.create(l, jsonObject{"name": "Jane", "code": "1234"})
	c.create(l, jsonObject{"name": "Joe", "code": "5678"})
	other := c.create(s.AddLock("Back Door"), jsonObject{"name": "Jane"})
	both := []string{jane, other}
	c.createSession(jsonObject{"user_identifier_key": "host", "connected_account_ids": []string{l.ConnectedAccountID()}})
	l.AddUnmanagedAccessCode(UnmanagedAccessCode{Name: "Cleaner", PIN: "9012"})
	for _, test := range []struct {
		path   string
		filter jsonObject
		shows  int
	}{
		{"/access_codes/list", jsonObject{"device_id": l.ID}, 2},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "search": "jane"}, 1},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "search": "5678"}, 1},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "search": jane[:8]}, 1},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "customer_key": "acme"}, 2},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "customer_key": "other"}, 0},
		{"/access_codes/list", jsonObject{"access_code_ids": both, "customer_key": "acme"}, 1},
		{"/access_codes/list", jsonObject{"access_code_ids": both, "user_identifier_key": "host"}, 1},
		{"/access_codes/list", jsonObject{"access_code_ids": both, "device_id": l.ID}, 1},
		{"/access_codes/list", jsonObject{"access_grant_id": newID()}, 0},
		{"/access_codes/list", jsonObject{"device_id": l.ID, "access_method_id": newID()}, 0},
		{"/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "clean"}, 1},
		{"/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "9012"}, 1},
		{"/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "jane"}, 0},
	} {
		assertEqual(t, fmt.Sprint(test.path, test.filter), len(listAt(c.ok(test.path, test.filter), "access_codes")), test.shows)
	}
	byPIN := c.ok("/access_codes/get", jsonObject{"device_id": l.ID, "code": "1234"})
	assertEqual(t, "by lock and PIN", stringAt(byPIN, "access_code", "access_code_id"), jane)
}

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
