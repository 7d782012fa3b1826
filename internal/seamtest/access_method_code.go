package seamtest

import (
	"cmp"
	"slices"
)

// codesOf lists the access codes of a method, also those that are being removed.
func (s *Server) codesOf(method *object) (codes []*accessCode) {
	for _, l := range method.workspace.locks {
		for _, c := range l.codes {
			if c.method == method && c.Managed {
				codes = append(codes, c)
			}
		}
	}
	return codes
}

// commonPIN chooses a PIN that is free on all of these devices.
func (s *Server) commonPIN(devices []string) string {
	for {
		pin := new(Lock).freePIN(6)
		taken := func(id string) bool { return s.locks[id].hasPIN(pin) }
		if !slices.ContainsFunc(devices, taken) {
			return pin
		}
	}
}

func (l *Lock) hasPIN(pin string) bool {
	return slices.ContainsFunc(l.codes, func(c *accessCode) bool { return c.effectivePIN() == pin })
}

// reconcileCodes creates and removes access codes until each of these devices has one.
func (s *Server) reconcileCodes(method *object, devices []string) {
	for _, c := range s.codesOf(method) {
		if !slices.Contains(devices, c.DeviceID) {
			s.revokeCode(c, false)
		}
	}
	var have []string // a code that is being removed is replaced once it is gone
	for _, c := range s.codesOf(method) {
		have = append(have, c.DeviceID)
	}
	for _, id := range devices {
		if !slices.Contains(have, id) {
			s.programCode(method, s.locks[id])
		}
	}
}

// programCode creates the access code of a method on one of its devices.
func (s *Server) programCode(method *object, l *Lock) {
	grants := s.grantsOf(method)
	times := grants[0].times()
	if l.gone || l.unmanaged || !times.ends.IsZero() && !times.ends.After(s.now) {
		return
	}
	if l.toJSON()["can_program_online_access_codes"] != true {
		warnAll(grants, "device_does_not_support_access_codes", jsonObject{"device_id": l.ID})
		return
	}
	times = times.ofCode(s)
	wanted := method.text("code")
	pin := wanted
	if l.checkDuplicatePIN(nil, pin, times.starts, times.ends, false) != nil {
		pin = l.freePIN(len(pin))
		warnAll(grants, "requested_code_unavailable", jsonObject{"device_id": l.ID, "original_code": wanted, "new_code": pin})
	}
	p := createParams{Name: s.personOf(grants[0]), starts: times.starts, ends: times.ends}
	if slices.ContainsFunc(grants, method.hasRequestedCode) {
		p.Code = pin
	}
	s.newCode(l, p, pin, nextBehavior(&l.onCreate, &s.onCreate)).method = method
}

// hasRequestedCode reports whether the grant asked for the PIN of a method.
func (o *object) hasRequestedCode(grant *object) bool {
	requested, _ := grant.fields["requested_access_methods"].([]any)
	return slices.ContainsFunc(requested, func(entry any) bool {
		return objectOf(entry)["code"] != nil && contains(objectOf(entry)["created_access_method_ids"], o.id)
	})
}

// ofCode is the window of an access code: one without an end has no start in the past either.
func (f window) ofCode(s *Server) window {
	if f.ends.IsZero() && !f.starts.After(s.now) {
		return window{}
	}
	return f
}

func warnAll(grants []*object, code string, more jsonObject) {
	for _, grant := range grants {
		grant.warn(code, "The device differs from what was requested", more)
	}
}

// personOf is the name of the person that a grant is for.
func (s *Server) personOf(grant *object) string {
	for _, identity := range s.related(grant.workspace, "user_identity", []string{grant.text("user_identity_id")}) {
		return cmp.Or(identity.text("full_name"), identity.text("display_name"))
	}
	return ""
}

// revokeCode removes a code of a grant from its lock, unless that is set to fail.
func (s *Server) revokeCode(c *accessCode, outside bool) {
	failure, fails := s.grantDelete.FailedDevices[c.DeviceID]
	switch {
	case outside:
		s.removeCode(c)
	case fails:
		for _, grant := range s.grantsOf(c.method) {
			grant.warnFailedDevice(c.DeviceID, failure)
		}
	case c.Status != "removing":
		s.startRemoval(c, nextBehavior(&c.lock.onDelete, &s.onDelete))
	}
}

// warnFailedDevice adds a device to those that a grant could not be removed from.
func (o *object) warnFailedDevice(id, failure string) {
	const warning = "overprovisioned_access"
	failed := []any{jsonObject{"device_id": id, "error_code": failure, "message": "The access could not be removed"}}
	warnings, _ := o.fields["warnings"].([]any)
	for _, entry := range warnings {
		if entry := objectOf(entry); entry["warning_code"] == warning {
			before, _ := entry["failed_devices"].([]any)
			failed = append(slices.DeleteFunc(slices.Clone(before), func(one any) bool { return objectOf(one)["device_id"] == any(id) }), failed...)
		}
	}
	o.warn(warning, "Some access could not be removed", jsonObject{"failed_devices": failed})
}

// GrantsOfAccessCode lists the grants to which an access code belongs.
func (s *Server) GrantsOfAccessCode(id string) (ids []string) {
	defer s.lockAndAdvance()()
	if c := s.codes[id]; c != nil && c.method != nil && c.method.state != stateDeleted {
		for _, grant := range s.grantsOf(c.method) {
			ids = append(ids, grant.id)
		}
	}
	return ids
}
