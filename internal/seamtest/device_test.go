package seamtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (c *client) device(l *Lock) object {
	c.t.Helper()
	return fields(c.ok("/devices/get", object{"device_id": l.ID}), "device")
}

func (c *client) happened(since string) (types string) {
	c.t.Helper()
	for _, e := range entries(c.ok("/events/list", object{"since": since}), "events") {
		types += text(e, "event_type") + " "
	}
	return types
}

func TestLockIsRenamed(t *testing.T) {
	_, l, c, clock := door(t)
	l.Describe(func(device map[string]any) {
		fields(device, "properties")["appearance"] = object{"name": "Hall"}
	})
	want(t, "nickname", c.device(l)["nickname"], nil)
	c.ok("/devices/update", object{"device_id": l.ID, "name": "Lobby"})
	want(t, "nickname", c.device(l)["nickname"], any("Lobby"))
	want(t, "shown", c.device(l)["display_name"], any("Lobby"))
	c.ok("/devices/get", object{"name": "Lobby"})
	c.ok("/devices/update", object{"device_id": l.ID, "custom_metadata": object{}})
	want(t, "shown", c.device(l)["display_name"], any("Lobby"))
	c.ok("/devices/update", object{"device_id": l.ID, "name": nil})
	want(t, "nickname", c.device(l)["nickname"], nil)
	want(t, "shown", c.device(l)["display_name"], any("Hall"))
	c.ok("/devices/update", object{"device_id": l.ID, "properties": object{"name": "Old way"}})
	want(t, "shown", c.device(l)["display_name"], any("Old way"))
	want(t, "events", c.happened(clock.in(0)), strings.Repeat("device.name_changed ", 3))
}

func TestMetadataIsMergedKeyByKey(t *testing.T) {
	_, l, c, _ := door(t)
	update := func(metadata object) {
		c.ok("/devices/update", object{"device_id": l.ID, "custom_metadata": metadata})
	}
	update(object{"floor": "3", "paid": true, "unit": "B"})
	update(object{"floor": nil, "unit": "", "wing": "east"})
	have := fields(c.device(l), "custom_metadata")
	want(t, "keys", strings.Join(sortedKeys(have), " "), "paid wing")
	want(t, "paid", have["paid"], any(true))

	many := object{}
	for i := range 49 {
		many[fmt.Sprintf("k%d", i)] = "v"
	}
	for _, bad := range []object{many, {"a.b": "v"}, {strings.Repeat("k", 41): "v"}} {
		c.refused("/devices/update", object{"device_id": l.ID, "name": "Never", "custom_metadata": bad}, http.StatusBadRequest, "invalid_input")
	}
	want(t, "shown", c.device(l)["display_name"], any("Front Door"))
}

func TestBackupPoolIsSwitched(t *testing.T) {
	s, l, c, clock := door(t)
	enabled := func() any { return in(c.device(l), "properties", "backup_access_code_pool_enabled") }
	want(t, "pool", enabled(), any(false))
	for _, on := range []bool{true, false} {
		c.ok("/devices/update", object{"device_id": l.ID, "backup_access_code_pool_enabled": on})
		want(t, "pool", enabled(), any(on))
	}
	stay := object{"starts_at": clock.in(0), "ends_at": clock.in(time.Hour), "use_backup_access_code_pool": true}
	c.create(l, stay)
	want(t, "pool", enabled(), any(true))
	plain := s.AddLock("Plain")
	plain.Describe(func(device map[string]any) { fields(device, "properties")["supports_backup_access_code_pool"] = false })
	c.refused("/devices/update", object{"device_id": plain.ID, "backup_access_code_pool_enabled": true}, http.StatusBadRequest, "backup_access_code_pool_not_supported")
}

func TestLockIsUnmanagedAndManagedAgain(t *testing.T) {
	_, l, c, clock := door(t)
	id := c.create(l, object{"code": "1234"})
	from := clock.in(time.Second)
	clock.advance(time.Second)
	c.ok("/devices/update", object{"device_id": l.ID, "name": "Lobby"})
	c.refused("/devices/unmanaged/update", object{"device_id": l.ID, "is_managed": true}, http.StatusBadRequest, "device_managed")

	c.ok("/devices/update", object{"device_id": l.ID, "is_managed": false, "custom_metadata": object{"floor": "3"}})
	c.refused("/devices/get", object{"device_id": l.ID}, http.StatusNotFound, "device_not_found")
	c.refused("/devices/update", object{"device_id": l.ID, "name": "x"}, http.StatusBadRequest, "device_unmanaged")
	c.missing(id)
	want(t, "unmanaged code", text(c.unmanaged(l)[0], "access_code_id"), id)
	opens(t, l, "1234", true)

	c.ok("/devices/unmanaged/update", object{"device_id": l.ID, "custom_metadata": object{"wing": "east"}})
	left := fields(c.ok("/devices/unmanaged/get", object{"device_id": l.ID}), "device")
	want(t, "metadata", strings.Join(sortedKeys(fields(left, "custom_metadata")), " "), "floor wing")

	c.ok("/devices/unmanaged/update", object{"device_id": l.ID, "is_managed": true})
	want(t, "shown", c.device(l)["display_name"], any("Lobby"))
	c.missing(id)
	want(t, "unmanaged codes", len(c.unmanaged(l)), 1)
	want(t, "events", c.happened(from), "device.name_changed device.converted_to_unmanaged device.unmanaged.converted_to_managed ")
}

func TestUpdatesOfNoLock(t *testing.T) {
	s, l, c, _ := door(t)
	elsewhere := s.AddWorkspace("Other").AddLock("Theirs")
	for _, id := range []string{newID(), elsewhere.ID} {
		for _, path := range []string{"/devices/update", "/devices/unmanaged/update"} {
			c.refused(path, object{"device_id": id}, http.StatusNotFound, "device_not_found")
		}
	}
	for field, bad := range map[string]any{"name": 1, "is_managed": "no", "custom_metadata": object{"k": 1}, "colour": "red"} {
		c.refused("/devices/update", object{"device_id": l.ID, field: bad}, http.StatusBadRequest, "invalid_input")
	}
	l.Unmanage()
	c.refused("/devices/unmanaged/update", object{"device_id": l.ID, "is_managed": false}, http.StatusBadRequest, "invalid_input")
}

func TestListsOfLocksAreFiltered(t *testing.T) {
	s, front, c, clock := door(t)
	clock.advance(time.Hour)
	later := clock.in(0)
	back := s.AddLock("Back Door")
	space := newID()
	back.SetSpaces(newID(), space)
	back.SetCustomerKey("acme")
	back.Describe(func(device map[string]any) {
		device["device_type"] = "schlage_lock"
		fields(device, "properties")["manufacturer"] = "schlage"
	})
	c.ok("/devices/update", object{"device_id": back.ID, "custom_metadata": object{"floor": "3", "paid": true}})
	c.session(object{"user_identifier_key": "jane", "connected_account_ids": []string{back.ConnectedAccountID()}})
	filters := []struct {
		filter object
		shows  string
	}{
		{object{}, "Front Door, Back Door"},
		{object{"device_ids": []string{back.ID, newID()}}, "Back Door"},
		{object{"device_ids": []string{}}, ""},
		{object{"device_type": "schlage_lock"}, "Back Door"},
		{object{"device_types": []string{"yale_lock", "august_lock"}}, "Front Door"},
		{object{"manufacturer": "schlage"}, "Back Door"},
		{object{"connected_account_id": front.ConnectedAccountID()}, "Front Door"},
		{object{"connected_account_ids": []string{back.ConnectedAccountID()}}, "Back Door"},
		{object{"custom_metadata_has": object{"floor": "3"}}, "Back Door"},
		{object{"custom_metadata_has": object{"floor": "3", "paid": false}}, ""},
		{object{"search": "back"}, "Back Door"},
		{object{"search": front.ID[:8]}, "Front Door"},
		{object{"search": back.ConnectedAccountID()}, "Back Door"},
		{object{"space_id": space}, "Back Door"},
		{object{"customer_key": "acme"}, "Back Door"},
		{object{"created_before": later}, "Front Door"},
		{object{"connect_webview_id": newID()}, ""},
		{object{"user_identifier_key": "jane"}, "Back Door"},
		{object{"user_identifier_key": "joe"}, ""},
		{object{"limit": 1}, "Front Door"},
	}
	for range 2 {
		for _, test := range filters {
			path, shown := "/devices/list", []string{}
			if front.unmanaged {
				path = "/devices/unmanaged/list"
			}
			for _, device := range entries(c.ok(path, test.filter), "devices") {
				shown = append(shown, text(device, "properties", "name"))
			}
			want(t, fmt.Sprintf("%s %v", path, test.filter), strings.Join(shown, ", "), test.shows)
		}
		front.Unmanage()
		back.Unmanage()
	}
	back.SetConnectedAccount(front.ConnectedAccountID())
	shared := c.ok("/devices/unmanaged/list", object{"connected_account_id": front.ConnectedAccountID()})
	want(t, "locks of one account", len(entries(shared, "devices")), 2)
}

func TestProviders(t *testing.T) {
	_, _, c, _ := door(t)
	all := entries(c.ok("/devices/list_device_providers", object{}), "device_providers")
	thermostats := entries(c.ok("/devices/list_device_providers", object{"provider_category": "thermostats"}), "device_providers")
	want(t, "all", len(all) > 1, true)
	want(t, "thermostats", len(thermostats), 1)
	want(t, "name", text(thermostats, 0, "device_provider_name"), "ecobee")
	c.refused("/devices/list_device_providers", object{"provider_category": "toasters"}, http.StatusBadRequest, "invalid_input")
}
