package seamtest

import (
	"maps"
	"net/http"
	"strings"
)

// The documented limits of custom metadata.
const (
	metadataPairs  = 50
	metadataKeyLen = 40
)

type deviceUpdate struct {
	DeviceID   string  `json:"device_id"`
	Name       *string `json:"name"`
	Properties struct {
		Name *string `json:"name"`
	} `json:"properties"`
	Managed    *bool      `json:"is_managed"`
	BackupPool *bool      `json:"backup_access_code_pool_enabled"`
	Metadata   jsonObject `json:"custom_metadata"`
}

func updateDevice(call *apiCall) (jsonObject, error) {
	p := params[deviceUpdate](call)
	l, err := call.updatableDevice(p.DeviceID, false)
	if err != nil {
		return nil, err
	}
	if p.BackupPool != nil && objectField(l.toJSON(), "properties")["supports_backup_access_code_pool"] != true {
		return nil, newAPIError(http.StatusBadRequest, "backup_access_code_pool_not_supported", "This device has no backup access code pool")
	}
	if err := l.mergeMetadata(p.Metadata); err != nil {
		return nil, err
	}
	if p.BackupPool != nil {
		l.backupPool = *p.BackupPool
	}
	if name, given := p.newNickname(call.body); given {
		l.setNickname(name)
	}
	if p.Managed != nil && !*p.Managed {
		l.unmanage()
	}
	return nil, nil
}

func updateUnmanagedDevice(call *apiCall) (jsonObject, error) {
	p := params[deviceUpdate](call)
	l, err := call.updatableDevice(p.DeviceID, true)
	if err != nil {
		return nil, err
	}
	if err := l.mergeMetadata(p.Metadata); err != nil {
		return nil, err
	}
	if p.Managed != nil {
		l.unmanaged = false
		call.server.emitDeviceEvent(l, "device.unmanaged.converted_to_managed", nil)
	}
	return nil, nil
}

// updatableDevice finds a lock and checks that the endpoint for managed or unmanaged devices may
// update it.
func (call *apiCall) updatableDevice(id string, unmanaged bool) (*Lock, error) {
	l, err := call.findDevice(id)
	switch {
	case err != nil:
		return nil, err
	case l.unmanaged && !unmanaged:
		return nil, newAPIError(http.StatusBadRequest, "device_unmanaged", "The device is unmanaged")
	case unmanaged && !l.unmanaged:
		return nil, newAPIError(http.StatusBadRequest, "device_managed", "The device is managed")
	}
	return l, nil
}

// newNickname distinguishes a null name from an absent one.
func (p deviceUpdate) newNickname(body jsonObject) (name string, given bool) {
	if _, given = body["name"]; given {
		return valueOrEmpty(p.Name), true
	}
	_, given = objectField(body, "properties")["name"]
	return valueOrEmpty(p.Properties.Name), given
}

func valueOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (l *Lock) setNickname(nickname string) {
	before := l.displayName()
	l.nickname = nickname
	if l.displayName() != before {
		l.server.emitDeviceEvent(l, "device.name_changed", jsonObject{"device_name": l.displayName()})
	}
}

// mergeMetadata merges metadata key by key. A null or empty value deletes the key.
func (l *Lock) mergeMetadata(changes jsonObject) error {
	next := maps.Clone(l.metadata)
	for key, content := range changes {
		if len(key) > metadataKeyLen || strings.Contains(key, ".") {
			return invalidInput("custom_metadata", "has a key that is longer than 40 characters or has a dot")
		}
		next[key] = content
		if content == nil || content == "" {
			delete(next, key)
		}
	}
	if len(next) > metadataPairs {
		return invalidInput("custom_metadata", "has more than 50 keys")
	}
	l.metadata = next
	return nil
}

func (l *Lock) unmanage() {
	if l.unmanaged {
		return
	}
	l.unmanaged = true
	for _, c := range l.codes {
		c.unmanage()
	}
	l.server.emitDeviceEvent(l, "device.converted_to_unmanaged", nil)
}
