package seamtest

import (
	"cmp"
	"slices"
	"time"
)

// GrantDelete is what Seam does when a grant is deleted. The zero value deletes everything immediately.
// The lock of each code decides how long the code stays.
type GrantDelete struct {
	// GoneAfter is how long reads find the grant, with the warning being_deleted.
	GoneAfter time.Duration
	// MethodsGoneAfter is the same for access methods.
	MethodsGoneAfter time.Duration
	// CredentialsGoneAfter is the same for credentials, instant keys and their client sessions.
	CredentialsGoneAfter time.Duration
	// FailedDevices maps devices that keep their PIN to the error code that the grant shows. A grant
	// with one of them stays.
	FailedDevices map[string]string
	// Ignored means that a delete of a grant answers ok and does nothing.
	Ignored bool
}

// SetGrantDelete sets how Seam deletes grants and access methods from now on.
func (s *Server) SetGrantDelete(behavior GrantDelete) {
	defer s.lockAndAdvance()()
	s.grantDelete = behavior
}

func deleteAccessGrant(c *collection, call *apiCall) (jsonObject, error) {
	grant, err := c.find(call.workspace, call.body)
	s := call.server
	switch {
	case err != nil || grant.state != StateLive || s.grantDelete.Ignored:
		return nil, err
	case slices.ContainsFunc(s.methodsOf(grant), s.isStuck):
		s.deleteInPart(grant)
		return nil, nil
	}
	c.removeAll(grant, cmp.Or(lagUnless(false, s.grantDelete.GoneAfter), c.deleteLag), false)
	return nil, nil
}

// stuckDevices are the devices that keep the PIN of a method.
func (s *Server) stuckDevices(method *object) (devices []string) {
	for _, c := range s.codesOf(method) {
		if _, fails := s.grantDelete.FailedDevices[c.DeviceID]; fails {
			devices = append(devices, c.DeviceID)
		}
	}
	return devices
}

func (s *Server) isStuck(method *object) bool { return s.stuckDevices(method) != nil }

// deleteInPart removes what a grant can lose. The grant stays.
func (s *Server) deleteInPart(grant *object) {
	for _, method := range s.methodsOf(grant) {
		stuck := s.stuckDevices(method)
		if stuck == nil {
			s.removeMethod(method, false)
			continue
		}
		method.links["device"] = stuck
		s.reconcile(method)
		for _, id := range stuck {
			grant.warnFailedDevice(id, s.grantDelete.FailedDevices[id])
		}
	}
}

// removeMethodsOf removes the methods of a grant, except those that another grant has too.
func removeMethodsOf(grant *object, outside bool) {
	s := grant.server()
	grant.state = StateBeingDeleted
	for _, method := range s.methodsOf(grant) {
		others := slices.DeleteFunc(s.grantsOf(method), func(o *object) bool { return o.state != StateLive })
		if len(others) == 0 {
			s.removeMethod(method, outside)
			continue
		}
		method.links["access_grant"] = slices.DeleteFunc(method.links["access_grant"], func(id string) bool { return id == grant.id })
		grant.removeText("access_method_ids", method.id)
		s.reconcile(method)
	}
}
