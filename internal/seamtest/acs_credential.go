package seamtest

import (
	"maps"
	"slices"
)

// acsCredential is a PIN, card or key in an access control system.
var acsCredential = rules{
	secrets:     []string{"code", "card_number"},
	eventFields: systemOf,
	complete: func(_ *Workspace, fields jsonObject) error {
		fields["is_managed"] = true
		fields["display_name"] = methodNames[Object{Fields: fields}.Text("access_method")]
		return nil
	},
	related: func(o *object) links { return o.links },
	cascade: removeChildCredentials,
	ended:   func(o *object) { o.server().withdraw(o, o.links["acs_entrance"]) },
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"create": createCredential, "update": updateCredential, "assign": assignCredential(true), "unassign": assignCredential(false),
	},
}

// credentialsOf lists the credentials of a method that reads find.
func (s *Server) credentialsOf(method *object) []*object {
	return slices.DeleteFunc(s.collections["acs_credential"].in(method.workspace), func(o *object) bool {
		return !slices.Contains(o.links["access_method"], method.id)
	})
}

// reconcileCredentials gives a method one credential in each system that has some of these entrances.
func (s *Server) reconcileCredentials(method *object, entrances []string) {
	wanted := links{} // entrances by system
	for _, entrance := range s.related(method.workspace, "acs_entrance", entrances) {
		if entrance.fields["can_unlock_with_"+method.text("mode")] == true {
			wanted.add(entrance.text("acs_system_id"), entrance.id)
		}
	}
	for _, credential := range s.credentialsOf(method) {
		system := credential.text("acs_system_id")
		s.moveCredential(credential, wanted[system])
		delete(wanted, system)
	}
	for _, system := range s.collections["acs_system"].in(method.workspace) {
		if wanted[system.id] != nil {
			credential := s.addCredential(method, system)
			credential.links.add("acs_entrance", wanted[system.id]...)
			s.admitWithoutCard(method, credential)
		}
	}
}

// moveCredential changes the entrances of a credential. One without entrances is deleted.
func (s *Server) moveCredential(credential *object, entrances []string) {
	if credential.state != StateLive {
		return
	}
	if len(entrances) == 0 {
		s.collections["acs_credential"].remove(credential, DeleteLag{})
		return
	}
	lost := slices.DeleteFunc(slices.Clone(credential.links["acs_entrance"]), func(id string) bool { return slices.Contains(entrances, id) })
	s.withdraw(credential, lost)
	credential.links["acs_entrance"] = entrances
	for _, method := range s.related(credential.workspace, "access_method", credential.links["access_method"]) {
		s.admitWithoutCard(method, credential)
	}
}

func (s *Server) addCredential(method, system *object) *object {
	grant := s.grantsOf(method)[0]
	fields := jsonObject{
		"acs_system_id": system.id, "connected_account_id": system.fields["connected_account_id"], "access_method": method.fields["mode"],
		"user_identity_id": grant.fields["user_identity_id"], "acs_user_id": s.acsUser(grant, system.id), "is_issued": false, "issued_at": nil,
	}
	if code := method.fields["code"]; code != nil {
		fields["code"] = code
	}
	credential, err := s.collections["acs_credential"].add(method.workspace, fields)
	if err != nil {
		panic(err) // credentials have no rule that can fail
	}
	credential.links.add("access_method", method.id)
	credential.links.add("access_grant", method.links["access_grant"]...)
	credential.setTimes(grant.times())
	if method.text("mode") == "card" {
		credential.warn("waiting_to_be_issued", "The card has to be encoded", nil)
	}
	return credential
}

// acsUser is the user that a system has for the person of a grant.
func (s *Server) acsUser(grant *object, system string) string {
	users := s.collections["acs_user"]
	for _, user := range users.in(grant.workspace) {
		if user.text("acs_system_id") == system && user.fields["user_identity_id"] == grant.fields["user_identity_id"] {
			return user.id
		}
	}
	user, err := users.add(grant.workspace, jsonObject{"acs_system_id": system, "full_name": "Guest"})
	if err != nil {
		panic(err) // the system exists
	}
	s.linkToIdentity(user, grant.text("user_identity_id"))
	return user.id
}

// setTimes sets the times of a credential, which has no field for an end that is open.
func (o *object) setTimes(times window) {
	o.fields["starts_at"] = formatTime(times.starts)
	delete(o.fields, "ends_at")
	if !times.ends.IsZero() {
		o.fields["ends_at"] = formatTime(times.ends)
	}
}

// issue makes a method and its credentials open their doors.
func (s *Server) issue(method *object, event string) {
	method.fields["is_issued"], method.fields["issued_at"] = true, formatTime(s.now)
	for _, credential := range s.credentialsOf(method) {
		s.admit(method, credential)
		s.collections["acs_credential"].emit(credential, event)
	}
	s.collections["access_method"].emit(method, event)
}

// admit makes a credential open its entrances.
func (s *Server) admit(method, credential *object) {
	credential.fields["is_issued"], credential.fields["issued_at"] = true, formatTime(s.now)
	credential.settle("waiting_to_be_issued", "needs_to_be_reissued")
	for _, id := range credential.links["acs_entrance"] {
		s.admitAt(id, method, credential.times())
	}
}

func (s *Server) admitAt(entrance string, method *object, times window) {
	key := pass{entrance, method.id}
	if _, known := s.passes[key]; !known {
		s.emitDoorEvent(method.workspace, method.links["access_grant"], "access_granted_to_door", entrance)
	}
	s.passes[key] = times
}

// emitDoorEvent records that grants reach an entrance, or no longer do.
func (s *Server) emitDoorEvent(w *Workspace, grants []string, name, entrance string) {
	for _, id := range grants {
		s.emitEvent(w, nil, Event{Type: "access_grant." + name}, jsonObject{"access_grant_id": id, "acs_entrance_id": entrance})
	}
}

// admitWithoutCard makes an issued credential open the entrances that it has got since. A door that
// decides by the card opens when the card is encoded again.
func (s *Server) admitWithoutCard(method, credential *object) {
	if method.fields["is_issued"] != true {
		return
	}
	for _, entrance := range s.related(credential.workspace, "acs_entrance", credential.links["acs_entrance"]) {
		_, known := s.passes[pass{entrance.id, method.id}]
		switch {
		case known:
		case method.text("mode") == "card" && s.isOffline(entrance):
			credential.warnUnlessUnissued()
		default:
			s.admitAt(entrance.id, method, credential.times())
		}
	}
}

// warnUnlessUnissued says that a card has to be encoded again.
func (o *object) warnUnlessUnissued() {
	if o.fields["is_issued"] == true {
		o.warn("needs_to_be_reissued", "The card has to be encoded again", nil)
	}
}

// knowsCard reports whether a card is issued and all doors ask the system about it.
func (s *Server) knowsCard(method *object) bool {
	credentials := s.credentialsOf(method)
	return len(credentials) > 0 && !slices.ContainsFunc(credentials, func(o *object) bool {
		entrances := s.related(o.workspace, "acs_entrance", o.links["acs_entrance"])
		return o.fields["is_issued"] != true || slices.ContainsFunc(entrances, s.isOffline)
	})
}

// withdraw makes entrances refuse a credential. Those that decide by the card or phone cannot.
func (s *Server) withdraw(credential *object, entrances []string) {
	onCard := credential.text("access_method") == "card" || credential.text("access_method") == "mobile_key"
	for _, entrance := range s.related(credential.workspace, "acs_entrance", entrances) {
		if onCard && s.isOffline(entrance) {
			continue
		}
		for _, method := range credential.links["access_method"] {
			s.dismiss(entrance.id, method, credential)
		}
	}
}

func (s *Server) dismiss(entrance, method string, credential *object) {
	key := pass{entrance, method}
	if _, known := s.passes[key]; known {
		delete(s.passes, key)
		s.emitDoorEvent(credential.workspace, credential.links["access_grant"], "access_to_door_lost", entrance)
	}
}

// IssueCard encodes the card of an access method, again if it is encoded already.
func (s *Server) IssueCard(accessMethodID string) {
	defer s.lockAndAdvance()()
	s.issueCard(s.collections["access_method"].mustFind(accessMethodID))
}

func (s *Server) issueCard(method *object) {
	doors := s.doorsNow(method)["acs_entrance"]
	maps.DeleteFunc(s.passes, func(p pass, _ window) bool { return p.method == method.id && !slices.Contains(doors, p.entrance) })
	method.fields["is_encoding_required"], method.fields["is_ready_for_encoding"] = false, false
	s.issue(method, "issued")
}
