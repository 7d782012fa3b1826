package seamtest

import (
	"slices"
	"time"
)

// doors are the devices and entrances that a grant reaches, by itself or through its spaces.
func (s *Server) doors(grant *object) links {
	spaces := grant.texts("space_ids")
	doors := links{}
	doors.add("device", grant.links["device"]...)
	doors.add("acs_entrance", grant.links["acs_entrance"]...)
	for _, l := range grant.workspace.locks {
		if overlap(l.spaces, spaces) {
			doors.add("device", l.ID)
		}
	}
	for _, entrance := range s.collections["acs_entrance"].in(grant.workspace) {
		if overlap(entrance.texts("space_ids"), spaces) {
			doors.add("acs_entrance", entrance.id)
		}
	}
	return doors
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(text string) bool { return slices.Contains(b, text) })
}

// relatedToGrant also has the nouns that only filters use: the access codes.
func relatedToGrant(grant *object) links {
	s := grant.server()
	related := s.doors(grant)
	related.add("access_grant", grant.id)
	related.add("space", grant.texts("space_ids")...)
	related.add("user_identity", grant.text("user_identity_id"))
	for _, method := range s.methodsOf(grant) {
		related.add("access_method", method.id)
		for _, c := range s.codesOf(method) {
			related.add("access_code", c.ID)
		}
	}
	for _, entrance := range s.related(grant.workspace, "acs_entrance", related["acs_entrance"]) {
		related.add("acs_system", entrance.text("acs_system_id"))
	}
	return related
}

// methodsOf lists the methods of a grant that reads find.
func (s *Server) methodsOf(grant *object) (methods []*object) {
	for _, method := range s.collections["access_method"].in(grant.workspace) {
		if slices.Contains(method.links["access_grant"], grant.id) {
			methods = append(methods, method)
		}
	}
	return methods
}

// grantsOf lists the grants of a method that reads find.
func (s *Server) grantsOf(method *object) []*object {
	return s.related(method.workspace, "access_grant", method.links["access_grant"])
}

// times is the window of a grant.
func (o *object) times() (w window) {
	w.starts, _ = time.Parse(time.RFC3339, o.text("starts_at"))
	w.ends, _ = time.Parse(time.RFC3339, o.text("ends_at"))
	return w
}

// doorsOf are the doors that a method opens: those of its grants, or only some of them.
func (s *Server) doorsOf(method *object) links {
	all := links{}
	for _, grant := range s.grantsOf(method) {
		for noun, ids := range s.doors(grant) {
			all.add(noun, ids...)
		}
	}
	if only := method.links["device"]; only != nil {
		devices := slices.DeleteFunc(all["device"], func(id string) bool { return !slices.Contains(only, id) })
		return links{"device": devices}
	}
	return all
}

// reconcile gives a method the codes and credentials for the doors that it is to open, and no others.
func (s *Server) reconcile(method *object) {
	if method.state != StateLive {
		return
	}
	doors := s.doorsOf(method)
	if method.text("mode") == "code" {
		s.reconcileCodes(method, doors["device"])
	}
	s.reconcileCredentials(method, doors["acs_entrance"])
}

// GrantDelays are how long changes of a grant stay pending.
type GrantDelays struct {
	// Times is how long codes and credentials keep the old times after an update.
	Times time.Duration
	// Spaces is how long they stay as they are after the doors of a space have changed.
	Spaces time.Duration
}

// SetGrantDelays delays the changes of grants from now on.
func (s *Server) SetGrantDelays(delays GrantDelays) {
	defer s.lockAndAdvance()()
	s.grantDelays = delays
}

// spacesChanged reconciles the grants on spaces whose doors have changed.
func (s *Server) spacesChanged(w *Workspace, spaces ...string) {
	for _, grant := range s.collections["access_grant"].in(w) {
		if grant.state == StateLive && overlap(grant.texts("space_ids"), spaces) {
			s.reconcileLater(grant)
		}
	}
}

func (s *Server) reconcileLater(grant *object) {
	delay := s.grantDelays.Spaces
	if delay > 0 {
		s.showReconciling(grant)
	}
	s.scheduleFor(grant, "spaces", delay, func() {
		grant.settle(reconciling...)
		grant.forgetDevices(s.doors(grant)["device"])
		for _, method := range s.methodsOf(grant) {
			method.settle("provisioning_access", "revoking_access")
			s.reconcile(method)
		}
	})
}

// forgetDevices removes the warnings about devices that are not among these.
func (o *object) forgetDevices(devices []string) {
	o.reduce("warnings", func(entry any) bool {
		id, about := objectOf(entry)["device_id"].(string)
		return about && !slices.Contains(devices, id)
	})
}

// reconciling are the codes of the mutation and of the warnings while the doors of a grant change.
var reconciling = []string{"updating_spaces", "underprovisioned_access", "overprovisioned_access"}

// showReconciling says that a grant and its methods do not have the doors yet that they are to have.
func (s *Server) showReconciling(grant *object) {
	grant.settle(reconciling...)
	all := links{}
	for _, method := range s.methodsOf(grant) {
		have, want := s.doorsNow(method), s.doorsOf(method)
		change := changeOfDevices(have, want)
		if lacks(have, want) {
			method.mutate("provisioning_access", change)
		}
		if lacks(want, have) {
			method.mutate("revoking_access", change)
		}
		for noun, ids := range have {
			all.add(noun, ids...)
		}
	}
	want := s.doors(grant)
	if lacks(all, want) {
		grant.warn("underprovisioned_access", "Access is being created", nil)
	}
	if lacks(want, all) {
		grant.warn("overprovisioned_access", "Access is being removed", nil)
	}
	grant.mutate("updating_spaces", changeOfDevices(all, want))
}

// doorsNow are the doors that a method has codes and credentials for.
func (s *Server) doorsNow(method *object) links {
	doors := links{}
	for _, c := range s.codesOf(method) {
		doors.add("device", c.DeviceID)
	}
	for _, credential := range s.credentialsOf(method) {
		doors.add("acs_entrance", credential.links["acs_entrance"]...)
	}
	return doors
}

func changeOfDevices(from, to links) jsonObject {
	return jsonObject{"from": jsonObject{"device_ids": texts(from["device"])}, "to": jsonObject{"device_ids": texts(to["device"])}}
}

// lacks reports whether some of the ids that are wanted are missing.
func lacks(have, want links) bool {
	for noun, ids := range want {
		if slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(have[noun], id) }) {
			return true
		}
	}
	return false
}
