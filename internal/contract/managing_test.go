//go:build contract

package contract

import (
	"net/http"
	"slices"
	"time"
)

func (u *user) device(id string) object {
	u.t.Helper()
	device, _ := u.ok(u.t, "/devices/get", object{"device_id": id})["device"].(object)
	return device
}

func lockUpdates(u *user) {
	update := func(more object) object {
		more["device_id"] = u.otherLock
		u.ok(u.t, "/devices/update", more)
		return u.device(u.otherLock)
	}
	after := update(object{"name": "Lobby"})
	equal(u.t, "nickname", text(after, "nickname"), either(u.server, nameIsNoNickname, "", "Lobby"))
	equal(u.t, "name at the provider", text(after, "properties", "name"), either(u.server, nameIsNoNickname, "Lobby", "Back Door"))
	after = update(object{"name": nil})
	equal(u.t, "nickname", text(after, "nickname"), "")
	equal(u.t, "name at the provider", text(after, "properties", "name"), either(u.server, nullNameIsIgnored, "Lobby", "Back Door"))
	update(object{"custom_metadata": object{"floor": "3", "unit": "B"}})
	after = update(object{"custom_metadata": object{"unit": nil}})
	equal(u.t, "metadata", in(after, "custom_metadata", "floor"), either(u.server, metadataIsIgnored, nil, any("3")))
	equal(u.t, "removed metadata", in(after, "custom_metadata", "unit"), nil)
	after = update(object{"backup_access_code_pool_enabled": true})
	equal(u.t, "pool", in(after, "properties", "backup_access_code_pool_enabled"), either(u.server, poolIsIgnored, nil, any(true)))
	equal(u.t, "managed all the time", after["is_managed"], any(true))

	for _, path := range []string{"/devices/update", "/devices/unmanaged/update"} {
		ask := object{"device_id": unknownID, "is_managed": true}
		u.refuses(u.t, path, ask, http.StatusNotFound, "device_not_found")
		ask["device_id"] = u.otherLock
		u.as(u.foreignKey).refuses(u.t, path, ask, http.StatusNotFound, "device_not_found")
	}
}

func lockManagement(u *user) {
	code := text(u.ok(u.t, "/access_codes/create", object{"device_id": u.otherLock, "code": u.pin()}), "access_code", "access_code_id")
	lock := object{"device_id": u.otherLock}
	managed, unmanaged := object{"device_id": u.otherLock, "is_managed": true}, object{"device_id": u.otherLock, "is_managed": false}
	u.refuses(u.t, "/devices/unmanaged/update", managed, http.StatusBadRequest, "device_managed")
	u.ok(u.t, "/devices/update", unmanaged)
	u.refuses(u.t, "/devices/get", lock, http.StatusNotFound, "device_not_found")
	u.refuses(u.t, "/devices/update", unmanaged, http.StatusBadRequest, "device_unmanaged")
	equal(u.t, "managed", in(u.ok(u.t, "/devices/unmanaged/get", lock), "device", "is_managed"), any(false))
	equal(u.t, "listed", u.lists("/devices/list", object{}, u.otherLock), false)
	equal(u.t, "listed as unmanaged", u.lists("/devices/unmanaged/list", object{}, u.otherLock), true)
	door := u.post(u.t, "/locks/unlock_door", lock)
	equal(u.t, "unlock_door: status", door.status, either(u.server, doorsOfUnmanaged, http.StatusOK, http.StatusBadRequest))
	equal(u.t, "unlock_door: type", door.errorType(), either(u.server, doorsOfUnmanaged, "", "device_unmanaged"))

	annotated := u.post(u.t, "/devices/unmanaged/update", object{"device_id": u.otherLock, "custom_metadata": object{"wing": "east"}})
	equal(u.t, "metadata only", annotated.status, either(u.server, unmanagedMustChange, http.StatusBadRequest, http.StatusOK))
	u.ok(u.t, "/devices/unmanaged/update", managed)
	equal(u.t, "managed again", u.device(u.otherLock)["is_managed"], any(true))
	found := u.post(u.t, "/access_codes/get", object{"access_code_id": code})
	equal(u.t, "its code", found.status, either(u.server, unmanagedKeepsCodes, http.StatusOK, http.StatusNotFound))
}

// lists tells whether a lock is in the list.
func (u *user) lists(path string, filter object, id string) bool {
	u.t.Helper()
	return slices.ContainsFunc(entries(u.ok(u.t, path, filter), "devices"), func(device any) bool {
		return text(device, "device_id") == id
	})
}

func locksListed(u *user) {
	front := u.device(u.lock)
	for field, value := range map[string]any{
		"connected_account_id": front["connected_account_id"], "connected_account_ids": []any{front["connected_account_id"]},
		"device_type": front["device_type"], "device_types": []any{front["device_type"]},
		"manufacturer": in(front, "properties", "manufacturer"), "device_ids": []string{u.lock},
	} {
		equal(u.t, field+": shows the lock", u.lists("/devices/list", object{field: value}, u.lock), true)
	}
	for field, value := range map[string]any{
		"connected_account_id": unknownID, "connected_account_ids": []string{unknownID}, "device_type": "smartthings_lock",
		"device_types": []string{"smartthings_lock"}, "manufacturer": "smartthings", "device_ids": []string{u.otherLock},
	} {
		equal(u.t, field+": shows others", u.lists("/devices/list", object{field: value}, u.lock), false)
	}
	for field, value := range map[string]any{
		"search": "no such lock", "space_id": unknownID, "customer_key": "nobody", "connect_webview_id": unknownID,
		"custom_metadata_has": object{"no": "such"}, "created_before": time.Unix(0, 0).UTC().Format(time.RFC3339),
	} {
		equal(u.t, field+": shows others", u.lists("/devices/list", object{field: value}, u.lock), u.has(devicesIgnoreFilters))
	}
	page := object{"limit": 1}
	first := u.ok(u.t, "/devices/list", page)
	page["page_cursor"] = text(first, "pagination", "next_page_cursor")
	second := u.ok(u.t, "/devices/list", page)
	shown := append(entries(first, "devices"), entries(second, "devices")...)
	equal(u.t, "locks on two pages of one", len(shown), 2)
	equal(u.t, "the same lock twice", text(shown[0], "device_id") == text(shown[1], "device_id"), false)
	page["device_ids"] = []string{u.lock, u.otherLock}
	u.refuses(u.t, "/devices/list", page, http.StatusBadRequest, "mismatched_page_parameters")
}

func doors(u *user) {
	since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	lock := object{"device_id": u.lock}
	for _, turn := range []struct {
		path, action, event string
		locked              bool
	}{
		{"/locks/unlock_door", "UNLOCK_DOOR", "lock.unlocked", false},
		{"/locks/lock_door", "LOCK_DOOR", "lock.locked", true},
	} {
		answer := u.ok(u.t, turn.path, lock)
		equal(u.t, turn.path+": status", text(answer, "action_attempt", "status"), either(u.server, endsInTheAnswer, "success", "pending"))
		attempt := u.ok(u.t, "/action_attempts/get", object{"action_attempt_id": in(answer, "action_attempt", "action_attempt_id")})
		equal(u.t, turn.path+": status, later", text(attempt, "action_attempt", "status"), "success")
		equal(u.t, turn.path+": action", text(attempt, "action_attempt", "action_type"), turn.action)
		equal(u.t, turn.path+": has a result", in(attempt, "action_attempt", "result") != nil, !u.has(resultIsNull))
		equal(u.t, turn.path+": locked", in(u.device(u.lock), "properties", "locked"), any(turn.locked))
		list := u.ok(u.t, "/events/list", object{"since": since, "device_id": u.lock, "event_type": turn.event})
		equal(u.t, turn.path+": events", len(entries(list, "events")), 1)
		u.refuses(u.t, turn.path, object{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
		a := u.as(u.foreignKey).post(u.t, turn.path, lock)
		equal(u.t, turn.path+": with another key", a.status, either(u.server, doorsOfAll, http.StatusOK, http.StatusNotFound))
	}
}
