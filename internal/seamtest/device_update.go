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
	Managed  *bool  `json:"is_managed"`
	Pool     *bool  `json:"backup_access_code_pool_enabled"`
	Metadata object `json:"custom_metadata"`
}

func updateDevice(x *exchange) (object, error) {
	p := params[deviceUpdate](x)
	l, err := x.deviceOn(p.DeviceID, false)
	if err != nil {
		return nil, err
	}
	if p.Pool != nil && branch(l.object(), "properties")["supports_backup_access_code_pool"] != true {
		return nil, refuse(http.StatusBadRequest, "backup_access_code_pool_not_supported", "This device has no backup access code pool")
	}
	if err := l.annotate(p.Metadata); err != nil {
		return nil, err
	}
	if p.Pool != nil {
		l.pool = *p.Pool
	}
	if name, given := p.renames(x.body); given {
		l.rename(name)
	}
	if p.Managed != nil && !*p.Managed {
		l.unmanage()
	}
	return nil, nil
}

func updateUnmanagedDevice(x *exchange) (object, error) {
	p := params[deviceUpdate](x)
	l, err := x.deviceOn(p.DeviceID, true)
	if err != nil {
		return nil, err
	}
	if err := l.annotate(p.Metadata); err != nil {
		return nil, err
	}
	if p.Managed != nil {
		l.unmanaged = false
		x.server.report(l, "device.unmanaged.converted_to_managed", nil)
	}
	return nil, nil
}

// deviceOn finds a lock that can be updated on one side of management.
func (x *exchange) deviceOn(id string, unmanaged bool) (*Lock, error) {
	l, err := x.device(id)
	switch {
	case err != nil:
		return nil, err
	case l.unmanaged && !unmanaged:
		return nil, refuse(http.StatusBadRequest, "device_unmanaged", "The device is unmanaged")
	case unmanaged && !l.unmanaged:
		return nil, refuse(http.StatusBadRequest, "device_managed", "The device is managed")
	}
	return l, nil
}

// renames tells apart a name that is null from one that is left out.
func (p deviceUpdate) renames(body object) (name string, given bool) {
	if _, given = body["name"]; given {
		return value(p.Name), true
	}
	_, given = branch(body, "properties")["name"]
	return value(p.Properties.Name), given
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (l *Lock) rename(nickname string) {
	before := l.shown()
	l.nickname = nickname
	if l.shown() != before {
		l.server.report(l, "device.name_changed", object{"device_name": l.shown()})
	}
}

// annotate merges metadata key by key: null and the empty text remove one.
func (l *Lock) annotate(changes object) error {
	next := maps.Clone(l.metadata)
	for key, content := range changes {
		if len(key) > metadataKeyLen || strings.Contains(key, ".") {
			return invalid("custom_metadata", "has a key that is longer than 40 characters or has a dot")
		}
		next[key] = content
		if content == nil || content == "" {
			delete(next, key)
		}
	}
	if len(next) > metadataPairs {
		return invalid("custom_metadata", "has more than 50 keys")
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
		c.release()
	}
	l.server.report(l, "device.converted_to_unmanaged", nil)
}
