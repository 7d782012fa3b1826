//go:build contract

package contract

import (
	"net/http"
	"slices"
	"time"
)

func (h *clientHarness) device(id string) jsonObject {
	h.t.Helper()
	device, _ := h.ok(h.t, "/devices/get", jsonObject{"device_id": id})["device"].(jsonObject)
	return device
}

func deviceUpdates(h *clientHarness) {
	update := func(more jsonObject) jsonObject {
		more["device_id"] = h.otherLock
		h.ok(h.t, "/devices/update", more)
		return h.device(h.otherLock)
	}
	after := update(jsonObject{"name": "Lobby"})
	assertEqual(h.t, "nickname", stringAt(after, "nickname"), expected(h.server, nameReplacesProviderName, "", "Lobby"))
	assertEqual(h.t, "name at the provider", stringAt(after, "properties", "name"), expected(h.server, nameReplacesProviderName, "Lobby", "Back Door"))
	after = update(jsonObject{"name": nil})
	assertEqual(h.t, "nickname", stringAt(after, "nickname"), "")
	assertEqual(h.t, "name at the provider", stringAt(after, "properties", "name"), expected(h.server, nullNameIgnored, "Lobby", "Back Door"))
	update(jsonObject{"custom_metadata": jsonObject{"floor": "3", "unit": "B"}})
	after = update(jsonObject{"custom_metadata": jsonObject{"unit": nil}})
	assertEqual(h.t, "metadata", valueAt(after, "custom_metadata", "floor"), expected(h.server, metadataIgnored, nil, any("3")))
	assertEqual(h.t, "removed metadata", valueAt(after, "custom_metadata", "unit"), nil)
	after = update(jsonObject{"backup_access_code_pool_enabled": true})
	assertEqual(h.t, "pool", valueAt(after, "properties", "backup_access_code_pool_enabled"), expected(h.server, backupPoolIgnored, nil, any(true)))
	assertEqual(h.t, "managed all the time", after["is_managed"], any(true))

	for _, path := range []string{"/devices/update", "/devices/unmanaged/update"} {
		ask := jsonObject{"device_id": unknownID, "is_managed": true}
		h.wantError(h.t, path, ask, http.StatusNotFound, "device_not_found")
		ask["device_id"] = h.otherLock
		h.withKey(h.foreignKey).wantError(h.t, path, ask, http.StatusNotFound, "device_not_found")
	}
}

func deviceManagement(h *clientHarness) {
	code := stringAt(h.ok(h.t, "/access_codes/create", jsonObject{"device_id": h.otherLock, "code": h.pin()}), "access_code", "access_code_id")
	lock := jsonObject{"device_id": h.otherLock}
	managed, unmanaged := jsonObject{"device_id": h.otherLock, "is_managed": true}, jsonObject{"device_id": h.otherLock, "is_managed": false}
	h.wantError(h.t, "/devices/unmanaged/update", managed, http.StatusBadRequest, "device_managed")
	h.ok(h.t, "/devices/update", unmanaged)
	h.wantError(h.t, "/devices/get", lock, http.StatusNotFound, "device_not_found")
	h.wantError(h.t, "/devices/update", unmanaged, http.StatusBadRequest, "device_unmanaged")
	assertEqual(h.t, "managed", valueAt(h.ok(h.t, "/devices/unmanaged/get", lock), "device", "is_managed"), any(false))
	assertEqual(h.t, "listed", h.listsDevice("/devices/list", jsonObject{}, h.otherLock), false)
	assertEqual(h.t, "listed as unmanaged", h.listsDevice("/devices/unmanaged/list", jsonObject{}, h.otherLock), true)
	h.wantErrorUnless(h.t, lockActionsOnUnmanaged, "/locks/unlock_door", lock, http.StatusBadRequest, "device_unmanaged")

	metadata := jsonObject{"device_id": h.otherLock, "custom_metadata": jsonObject{"wing": "east"}}
	h.wantStatus(h.t, unmanagedUpdateNeedsManaged, "/devices/unmanaged/update", metadata, http.StatusBadRequest, http.StatusOK)
	h.ok(h.t, "/devices/unmanaged/update", managed)
	assertEqual(h.t, "managed again", h.device(h.otherLock)["is_managed"], any(true))
	h.wantStatus(h.t, unmanagedDeviceKeepsCodes, "/access_codes/get", jsonObject{"access_code_id": code}, http.StatusOK, http.StatusNotFound)
}

// listsDevice tells whether a lock is in the list.
func (h *clientHarness) listsDevice(path string, filter jsonObject, id string) bool {
	h.t.Helper()
	return slices.ContainsFunc(listAt(h.ok(h.t, path, filter), "devices"), func(device any) bool {
		return stringAt(device, "device_id") == id
	})
}

func deviceLists(h *clientHarness) {
	front := h.device(h.lock)
	for field, value := range map[string]any{
		"connected_account_id": front["connected_account_id"], "connected_account_ids": []any{front["connected_account_id"]},
		"device_type": front["device_type"], "device_types": []any{front["device_type"]},
		"manufacturer": valueAt(front, "properties", "manufacturer"), "device_ids": []string{h.lock},
	} {
		assertEqual(h.t, field+": shows the lock", h.listsDevice("/devices/list", jsonObject{field: value}, h.lock), true)
	}
	for field, value := range map[string]any{
		"connected_account_id": unknownID, "connected_account_ids": []string{unknownID}, "device_type": "smartthings_lock",
		"device_types": []string{"smartthings_lock"}, "manufacturer": "smartthings", "device_ids": []string{h.otherLock},
	} {
		assertEqual(h.t, field+": shows others", h.listsDevice("/devices/list", jsonObject{field: value}, h.lock), false)
	}
	for field, value := range map[string]any{
		"search": "no such lock", "space_id": unknownID, "customer_key": "nobody", "connect_webview_id": unknownID,
		"custom_metadata_has": jsonObject{"no": "such"}, "created_before": time.Unix(0, 0).UTC().Format(time.RFC3339),
	} {
		assertEqual(h.t, field+": shows others", h.listsDevice("/devices/list", jsonObject{field: value}, h.lock), h.deviates(devicesIgnoreFilters))
	}
	page := jsonObject{"limit": 1}
	first := h.ok(h.t, "/devices/list", page)
	page["page_cursor"] = stringAt(first, "pagination", "next_page_cursor")
	second := h.ok(h.t, "/devices/list", page)
	shown := append(listAt(first, "devices"), listAt(second, "devices")...)
	assertEqual(h.t, "locks on two pages of one", len(shown), 2)
	assertEqual(h.t, "the same lock twice", stringAt(shown[0], "device_id") == stringAt(shown[1], "device_id"), false)
	page["device_ids"] = []string{h.lock, h.otherLock}
	h.wantError(h.t, "/devices/list", page, http.StatusBadRequest, "mismatched_page_parameters")
}

func lockActions(h *clientHarness) {
	since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	lock := jsonObject{"device_id": h.lock}
	for _, test := range []struct {
		path, action, event string
		locked              bool
	}{
		{"/locks/unlock_door", "UNLOCK_DOOR", "lock.unlocked", false},
		{"/locks/lock_door", "LOCK_DOOR", "lock.locked", true},
	} {
		result := h.ok(h.t, test.path, lock)
		assertEqual(h.t, test.path+": status", stringAt(result, "action_attempt", "status"), expected(h.server, attemptEndsInResponse, "success", "pending"))
		attempt := h.ok(h.t, "/action_attempts/get", jsonObject{"action_attempt_id": valueAt(result, "action_attempt", "action_attempt_id")})
		assertEqual(h.t, test.path+": status, later", stringAt(attempt, "action_attempt", "status"), "success")
		assertEqual(h.t, test.path+": action", stringAt(attempt, "action_attempt", "action_type"), test.action)
		assertEqual(h.t, test.path+": has a result", valueAt(attempt, "action_attempt", "result") != nil, !h.deviates(resultIsNull))
		assertEqual(h.t, test.path+": locked", valueAt(h.device(h.lock), "properties", "locked"), any(test.locked))
		list := h.ok(h.t, "/events/list", jsonObject{"since": since, "device_id": h.lock, "event_type": test.event})
		assertEqual(h.t, test.path+": events", len(listAt(list, "events")), 1)
		h.wantError(h.t, test.path, jsonObject{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
		h.withKey(h.foreignKey).wantStatus(h.t, lockActionsInOtherWorkspaces, test.path, lock, http.StatusOK, http.StatusNotFound)
	}
}
