package seamtest

import (
	"cmp"
	"maps"
	"slices"
)

// toJSON is the lock as Seam describes it.
func (l *Lock) toJSON() jsonObject {
	device := jsonObject{
		"device_id":                        l.ID,
		"device_type":                      "yale_lock",
		"workspace_id":                     l.workspace.ID,
		"connected_account_id":             l.connectedAccountID,
		"capabilities_supported":           []string{"access_code", "lock"},
		"can_remotely_lock":                true,
		"can_remotely_unlock":              true,
		"can_program_online_access_codes":  true,
		"can_program_offline_access_codes": true,
		"created_at":                       formatTime(l.created),
		"custom_metadata":                  maps.Clone(l.metadata),
		"is_managed":                       !l.unmanaged,
		"location":                         jsonObject{"time_zone": "Etc/UTC"},
		"errors":                           l.errors(),
		"warnings":                         []jsonObject{},
		"properties":                       l.properties(),
	}
	if !l.unmanaged {
		device["display_name"] = cmp.Or(l.nickname, l.Name)
		device["space_ids"] = slices.Clone(l.spaces)
		device["device_manufacturer"] = jsonObject{"manufacturer": "yale", "display_name": "Yale"}
		device["device_provider"] = jsonObject{
			"device_provider_name": "yale", "display_name": "Yale", "provider_category": "stable",
		}
	}
	if !l.unmanaged && l.nickname != "" {
		device["nickname"] = l.nickname
	}
	for _, change := range l.describeFuncs {
		change(device)
	}
	own, named := objectField(objectField(device, "properties"), "appearance")["name"].(string)
	if named && l.nickname == "" && device["display_name"] == l.Name {
		device["display_name"] = own
	}
	return device
}

// displayName is the name that Seam displays.
func (l *Lock) displayName() string {
	name, _ := l.toJSON()["display_name"].(string)
	return cmp.Or(name, l.Name)
}

func (l *Lock) properties() jsonObject {
	p := jsonObject{
		"name": l.Name, "online": l.online, "manufacturer": "yale", "battery_level": 0.9,
		"battery": jsonObject{"level": 0.9, "status": "full"},
		"model":   jsonObject{"display_name": "Keypad Lock", "manufacturer_display_name": "Yale"},
	}
	if l.unmanaged {
		return p
	}
	p["appearance"] = jsonObject{"name": l.Name}
	p["locked"] = l.locked
	p["supported_code_lengths"] = []int{4, 5, 6, 7, 8}
	p["max_active_codes_supported"] = 250
	p["code_constraints"] = []jsonObject{}
	p["supports_backup_access_code_pool"] = true
	p["backup_access_code_pool_enabled"] = l.backupPool
	return p
}

func (l *Lock) errors() []jsonObject {
	if l.online {
		return []jsonObject{}
	}
	return []jsonObject{{
		"error_code": "device_disconnected", "message": "The lock cannot be reached", "is_device_error": true,
		"created_at": formatTime(l.server.now),
	}}
}

type deviceParams struct {
	DeviceID string `json:"device_id"`
	Name     string `json:"name"`
}

// devices lists the managed or the unmanaged locks of the workspace.
func (call *apiCall) devices(unmanaged bool) []*Lock {
	var found []*Lock
	for _, l := range call.workspace.locks {
		if !l.gone && l.unmanaged == unmanaged {
			found = append(found, l)
		}
	}
	return found
}

// findDevice finds a lock by ID, managed or not.
func (call *apiCall) findDevice(id string) (*Lock, error) {
	l := call.server.locks[id]
	if l == nil || l.gone || l.workspace != call.workspace {
		return nil, deviceNotFound()
	}
	return l, nil
}

func (call *apiCall) deviceResponse(unmanaged bool) (jsonObject, error) {
	p := params[deviceParams](call)
	if p.DeviceID == "" && p.Name == "" {
		return nil, invalidInput("device_id", "is required")
	}
	for _, l := range call.devices(unmanaged) {
		if (p.DeviceID == "" || p.DeviceID == l.ID) && (p.Name == "" || p.Name == l.displayName()) {
			return jsonObject{"device": l.toJSON()}, nil
		}
	}
	return nil, deviceNotFound()
}

func getDevice(call *apiCall) (jsonObject, error)          { return call.deviceResponse(false) }
func getUnmanagedDevice(call *apiCall) (jsonObject, error) { return call.deviceResponse(true) }
