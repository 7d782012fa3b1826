package seamtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (c *client) device(l *Lock) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/devices/get", jsonObject{"device_id": l.ID}), "device")
}

func (c *client) eventTypes(since string) (types string) {
	c.t.Helper()
	for _, e := range c.list("/events/list", jsonObject{"since": since}) {
		types += stringAt(e, "event_type") + " "
	}
	return types
}

// describe changes a property of a lock.
func describe(l *Lock, property string, value any) {
	l.Describe(func(device map[string]any) { objectAt(device, "properties")[property] = value })
}

func TestDevice_rename(t *testing.T) {
	_, l, c, clock := setup(t)
	describe(l, "appearance", jsonObject{"name": "Hall"})
	assertEqual(t, "nickname", c.device(l)["nickname"], nil)
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "name": "Lobby"})
	assertShows(t, c.device(l), jsonObject{"nickname": "Lobby", "display_name": "Lobby"})
	c.ok("/devices/get", jsonObject{"name": "Lobby"})
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "custom_metadata": jsonObject{}})
	assertEqual(t, "shown", c.device(l)["display_name"], any("Lobby"))
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "name": nil})
	assertShows(t, c.device(l), jsonObject{"nickname": nil, "display_name": "Hall"})
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "properties": jsonObject{"name": "Old way"}})
	assertEqual(t, "shown", c.device(l)["display_name"], any("Old way"))
	assertEqual(t, "events", c.eventTypes(clock.timestampIn(0)), strings.Repeat("device.name_changed ", 3))
}

func TestDevice_metadataIsMergedByKey(t *testing.T) {
	_, l, c, _ := setup(t)
	update := func(metadata jsonObject) {
		c.ok("/devices/update", jsonObject{"device_id": l.ID, "custom_metadata": metadata})
	}
	update(jsonObject{"floor": "3", "paid": true, "unit": "B"})
	update(jsonObject{"floor": nil, "unit": "", "wing": "east"})
	have := objectAt(c.device(l), "custom_metadata")
	assertEqual(t, "keys", strings.Join(sortedKeys(have), " "), "paid wing")
	assertEqual(t, "paid", have["paid"], any(true))

	many := jsonObject{}
	for i := range 49 {
		many[fmt.Sprintf("k%d", i)] = "v"
	}
	for _, bad := range []jsonObject{many, {"a.b": "v"}, {strings.Repeat("k", 41): "v"}} {
		c.wantInvalid("/devices/update", jsonObject{"device_id": l.ID, "name": "Never", "custom_metadata": bad})
	}
	assertEqual(t, "shown", c.device(l)["display_name"], any("Front Door"))
}

func TestDevice_backupPool(t *testing.T) {
	s, l, c, clock := setup(t)
	enabled := func() any { return valueAt(c.device(l), "properties.backup_access_code_pool_enabled") }
	assertEqual(t, "pool", enabled(), any(false))
	for _, on := range []bool{true, false} {
		c.ok("/devices/update", jsonObject{"device_id": l.ID, "backup_access_code_pool_enabled": on})
		assertEqual(t, "pool", enabled(), any(on))
	}
	stay := jsonObject{"starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour), "use_backup_access_code_pool": true}
	c.create(l, stay)
	assertEqual(t, "pool", enabled(), any(true))
	plain := s.AddLock("Plain")
	describe(plain, "supports_backup_access_code_pool", false)
	c.wantError("/devices/update", jsonObject{"device_id": plain.ID, "backup_access_code_pool_enabled": true}, http.StatusBadRequest, "backup_access_code_pool_not_supported")
}

func TestDevice_unmanageAndManageAgain(t *testing.T) {
	_, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	from := clock.timestampIn(time.Second)
	clock.advance(time.Second)
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "name": "Lobby"})
	c.wantError("/devices/unmanaged/update", jsonObject{"device_id": l.ID, "is_managed": true}, http.StatusBadRequest, "device_managed")

	c.ok("/devices/update", jsonObject{"device_id": l.ID, "is_managed": false, "custom_metadata": jsonObject{"floor": "3"}})
	c.wantMissing("device", jsonObject{"device_id": l.ID}, "/devices/get")
	c.wantError("/devices/update", jsonObject{"device_id": l.ID, "name": "x"}, http.StatusBadRequest, "device_unmanaged")
	c.wantNotFound(id)
	assertEqual(t, "unmanaged code", stringAt(c.unmanaged(l)[0], "access_code_id"), id)
	assertOpens(t, l, "1234", true)

	c.ok("/devices/unmanaged/update", jsonObject{"device_id": l.ID, "custom_metadata": jsonObject{"wing": "east"}})
	left := objectAt(c.ok("/devices/unmanaged/get", jsonObject{"device_id": l.ID}), "device")
	assertEqual(t, "metadata", strings.Join(sortedKeys(objectAt(left, "custom_metadata")), " "), "floor wing")

	c.ok("/devices/unmanaged/update", jsonObject{"device_id": l.ID, "is_managed": true})
	assertEqual(t, "shown", c.device(l)["display_name"], any("Lobby"))
	c.wantNotFound(id)
	assertEqual(t, "unmanaged codes", len(c.unmanaged(l)), 1)
	assertEqual(t, "events", c.eventTypes(from), "device.name_changed device.converted_to_unmanaged device.unmanaged.converted_to_managed ")
}

func TestDevice_rejectsInvalidUpdates(t *testing.T) {
	s, l, c, _ := setup(t)
	elsewhere := s.AddWorkspace("Other").AddLock("Theirs")
	for _, id := range []string{newID(), elsewhere.ID} {
		c.wantMissing("device", jsonObject{"device_id": id}, "/devices/update", "/devices/unmanaged/update")
	}
	for field, bad := range map[string]any{"name": 1, "is_managed": "no", "custom_metadata": jsonObject{"k": 1}, "colour": "red"} {
		c.wantInvalid("/devices/update", jsonObject{"device_id": l.ID, field: bad})
	}
	l.Unmanage()
	c.wantInvalid("/devices/unmanaged/update", jsonObject{"device_id": l.ID, "is_managed": false})
}

func TestDevice_listFilters(t *testing.T) {
	s, front, c, clock := setup(t)
	clock.advance(time.Hour)
	later := clock.timestampIn(0)
	back := s.AddLock("Back Door")
	space := newID()
	back.SetSpaces(newID(), space)
	back.SetCustomerKey("acme")
	back.Describe(func(device map[string]any) {
		device["device_type"] = "schlage_lock"
		objectAt(device, "properties")["manufacturer"] = "schlage"
	})
	c.ok("/devices/update", jsonObject{"device_id": back.ID, "custom_metadata": jsonObject{"floor": "3", "paid": true}})
	c.createSession(jsonObject{"user_identifier_key": "jane", "connected_account_ids": []string{back.ConnectedAccountID()}})
	filters := []struct {
		filter jsonObject
		shows  string
	}{
		{jsonObject{}, "Front Door, Back Door"},
		{jsonObject{"device_ids": []string{back.ID, newID()}}, "Back Door"},
		{jsonObject{"device_ids": []string{}}, ""},
		{jsonObject{"device_type": "schlage_lock"}, "Back Door"},
		{jsonObject{"device_types": []string{"yale_lock", "august_lock"}}, "Front Door"},
		{jsonObject{"manufacturer": "schlage"}, "Back Door"},
		{jsonObject{"connected_account_id": front.ConnectedAccountID()}, "Front Door"},
		{jsonObject{"connected_account_ids": []string{back.ConnectedAccountID()}}, "Back Door"},
		{jsonObject{"custom_metadata_has": jsonObject{"floor": "3"}}, "Back Door"},
		{jsonObject{"custom_metadata_has": jsonObject{"floor": "3", "paid": false}}, ""},
		{jsonObject{"search": "back"}, "Back Door"},
		{jsonObject{"search": front.ID[:8]}, "Front Door"},
		{jsonObject{"search": back.ConnectedAccountID()}, "Back Door"},
		{jsonObject{"space_id": space}, "Back Door"},
		{jsonObject{"customer_key": "acme"}, "Back Door"},
		{jsonObject{"created_before": later}, "Front Door"},
		{jsonObject{"connect_webview_id": newID()}, ""},
		{jsonObject{"user_identifier_key": "jane"}, "Back Door"},
		{jsonObject{"user_identifier_key": "joe"}, ""},
		{jsonObject{"limit": 1}, "Front Door"},
	}
	for range 2 {
		for _, test := range filters {
			path, shown := "/devices/list", []string{}
			if front.unmanaged {
				path = "/devices/unmanaged/list"
			}
			for _, device := range c.list(path, test.filter) {
				shown = append(shown, stringAt(device, "properties.name"))
			}
			assertEqual(t, fmt.Sprintf("%s %v", path, test.filter), strings.Join(shown, ", "), test.shows)
		}
		front.Unmanage()
		back.Unmanage()
	}
	back.SetConnectedAccount(front.ConnectedAccountID())
	c.wantListed("/devices/unmanaged/list", jsonObject{"connected_account_id": front.ConnectedAccountID()}, 2)
}

func TestDeviceProvider_list(t *testing.T) {
	_, _, c, _ := setup(t)
	assertEqual(t, "all", len(c.list("/devices/list_device_providers", jsonObject{})) > 1, true)
	thermostats := c.list("/devices/list_device_providers", jsonObject{"provider_category": "thermostats"})
	assertShows(t, thermostats, jsonObject{"#": 1, "0.device_provider_name": "ecobee"})
	c.wantInvalid("/devices/list_device_providers", jsonObject{"provider_category": "toasters"})
}

func TestDevice_disappears(t *testing.T) {
	_, l, c, _ := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	l.Disappear()
	c.wantNotFound(id)
	c.wantMissing("device", jsonObject{"device_id": l.ID},
		"/devices/get", "/devices/unmanaged/get", "/access_codes/list", "/access_codes/unmanaged/list",
	)
	c.wantListed("/access_codes/list", jsonObject{"access_code_ids": []string{id}}, 0)
	assertOpens(t, l, "1234", true)
	l.Restore()
	c.get(id)
}

func TestDevice_becomesUnmanaged(t *testing.T) {
	_, l, c, _ := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	l.Unmanage()
	c.wantNotFound(id)
	c.wantMissing("device", jsonObject{"device_id": l.ID}, "/devices/get")
	c.ok("/devices/unmanaged/get", jsonObject{"device_id": l.ID})
	assertEqual(t, "unmanaged", len(c.unmanaged(l)), 1)
	assertOpens(t, l, "1234", true)
}

func TestDevice_externalChanges(t *testing.T) {
	_, l, c, _ := setup(t)
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "name": "Lobby", "custom_metadata": jsonObject{"floor": "3"}})
	l.SetNickname("Hall")
	l.SetMetadata(jsonObject{"wing": "east"})
	l.SetBackupPool(true)
	assertShows(t, c.device(l), jsonObject{"nickname": "Hall", "custom_metadata.#": 1, "custom_metadata.wing": "east"})
	assertShows(t, c.device(l), jsonObject{"properties.backup_access_code_pool_enabled": true})
	l.SetNickname("")
	assertEqual(t, "shown", c.device(l)["display_name"], any("Front Door"))
}

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
	assertEqual(t, "locked, says Seam", valueAt(c.device(l), "properties.locked"), any(false))
	assertShows(t, c.list("/action_attempts/list", jsonObject{"device_id": l.ID}), jsonObject{"0.action_type": "UNLOCK_DOOR"})

	c.ok("/locks/lock_door", jsonObject{"device_id": l.ID})
	assertEqual(t, "locked", l.IsLocked(), true)
	l.SetLocked(false)
	assertEqual(t, "locked", l.IsLocked(), false)
	assertEqual(t, "events", c.eventTypes(from), "lock.unlocked action_attempt.unlock_door.succeeded "+
		"lock.locked action_attempt.lock_door.succeeded lock.unlocked ")
}

// A lock action can fail, stay pending, or report success without effect.
func TestLockAction_failures(t *testing.T) {
	type outcome struct {
		behavior LockActionBehavior
		status   any // nil: 404
		locked   bool
	}
	forEach(t, map[string]outcome{
		"fails":              {LockActionBehavior{Takes: time.Second, Outcome: Fails, ErrorType: "bolt_jammed", ErrorMessage: "It is jammed"}, "error", true},
		"never ends":         {LockActionBehavior{Outcome: StaysPending}, "pending", true},
		"says it did":        {LockActionBehavior{Stuck: true}, "success", true},
		"is forgotten":       {LockActionBehavior{Outcome: Vanishes}, nil, false},
		"has an unknown end": {LockActionBehavior{Outcome: EndsWithStatus("weird")}, "weird", false},
	}, func(t *testing.T, test outcome) {
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
		assertEqual(t, "attempt", valueAt(result, "action_attempt.status"), test.status)
		assertEqual(t, "error", stringAt(result, "action_attempt.error.type"), test.behavior.ErrorType)
		assertEqual(t, "message", stringAt(result, "action_attempt.error.message"), test.behavior.ErrorMessage)
	})
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

func TestDevice_describe(t *testing.T) {
	_, l, c, _ := setup(t)
	describe(l, "supported_code_lengths", []int{6})
	assertShows(t, c.ok("/devices/get", jsonObject{"name": "Front Door"}), jsonObject{"device.properties.supported_code_lengths.0": 6.0})
}
