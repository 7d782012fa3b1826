package seamtest

import (
	"cmp"
	"maps"
	"slices"
)

// object is the lock as Seam describes it.
func (l *Lock) object() object {
	device := object{
		"device_id":                        l.ID,
		"device_type":                      "yale_lock",
		"workspace_id":                     l.workspace.ID,
		"connected_account_id":             l.account,
		"capabilities_supported":           []string{"access_code", "lock"},
		"can_remotely_lock":                true,
		"can_remotely_unlock":              true,
		"can_program_online_access_codes":  true,
		"can_program_offline_access_codes": true,
		"created_at":                       stamp(l.created),
		"custom_metadata":                  maps.Clone(l.metadata),
		"is_managed":                       !l.unmanaged,
		"location":                         object{"time_zone": "Etc/UTC"},
		"errors":                           l.errors(),
		"warnings":                         []object{},
		"properties":                       l.properties(),
	}
	if !l.unmanaged {
		device["display_name"] = cmp.Or(l.nickname, l.Name)
		device["space_ids"] = slices.Clone(l.spaces)
		device["device_manufacturer"] = object{"manufacturer": "yale", "display_name": "Yale"}
		device["device_provider"] = object{
			"device_provider_name": "yale", "display_name": "Yale", "provider_category": "stable",
		}
	}
	if !l.unmanaged && l.nickname != "" {
		device["nickname"] = l.nickname
	}
	for _, change := range l.describe {
		change(device)
	}
	own, named := branch(branch(device, "properties"), "appearance")["name"].(string)
	if named && l.nickname == "" && device["display_name"] == l.Name {
		device["display_name"] = own
	}
	return device
}

// shown is the name that Seam displays.
func (l *Lock) shown() string {
	name, _ := l.object()["display_name"].(string)
	return cmp.Or(name, l.Name)
}

func (l *Lock) properties() object {
	p := object{
		"name": l.Name, "online": l.online, "manufacturer": "yale", "battery_level": 0.9,
		"battery": object{"level": 0.9, "status": "full"},
		"model":   object{"display_name": "Keypad Lock", "manufacturer_display_name": "Yale"},
	}
	if l.unmanaged {
		return p
	}
	p["appearance"] = object{"name": l.Name}
	p["locked"] = l.locked
	p["supported_code_lengths"] = []int{4, 5, 6, 7, 8}
	p["max_active_codes_supported"] = 250
	p["code_constraints"] = []object{}
	p["supports_backup_access_code_pool"] = true
	p["backup_access_code_pool_enabled"] = l.pool
	return p
}

func (l *Lock) errors() []object {
	if l.online {
		return []object{}
	}
	return []object{{
		"error_code": "device_disconnected", "message": "The lock cannot be reached", "is_device_error": true,
		"created_at": stamp(l.server.moment),
	}}
}

type deviceParams struct {
	DeviceID string `json:"device_id"`
	Name     string `json:"name"`
}

// devices lists the locks of the workspace on one side of management.
func (x *exchange) devices(unmanaged bool) []*Lock {
	var found []*Lock
	for _, l := range x.workspace.locks {
		if !l.gone && l.unmanaged == unmanaged {
			found = append(found, l)
		}
	}
	return found
}

// device finds a lock by id, on either side of management.
func (x *exchange) device(id string) (*Lock, error) {
	l := x.server.locks[id]
	if l == nil || l.gone || l.workspace != x.workspace {
		return nil, noDevice()
	}
	return l, nil
}

func (x *exchange) oneDevice(unmanaged bool) (object, error) {
	p := params[deviceParams](x)
	if p.DeviceID == "" && p.Name == "" {
		return nil, invalid("device_id", "is required")
	}
	for _, l := range x.devices(unmanaged) {
		if (p.DeviceID == "" || p.DeviceID == l.ID) && (p.Name == "" || p.Name == l.shown()) {
			return object{"device": l.object()}, nil
		}
	}
	return nil, noDevice()
}

func getDevice(x *exchange) (object, error)          { return x.oneDevice(false) }
func getUnmanagedDevice(x *exchange) (object, error) { return x.oneDevice(true) }
