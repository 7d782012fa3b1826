package seamtest

import (
	"cmp"
	"slices"
	"time"
)

// accessMethod is a PIN, card or key of one or more access grants.
var accessMethod = rules{
	secrets:  []string{"code", "client_session_token", "instant_key_url"},
	complete: completeAccessMethod,
	related:  relatedToMethod,
	view:     viewAccessMethod,
	cascade:  func(o *object, outside bool) { o.server().removeAccess(o, outside) },
	ended:    endAccessMethod,
	eventFields: func(o *object) jsonObject {
		return jsonObject{"access_grant_ids": texts(o.links["access_grant"])}
	},
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){"delete": deleteAccessMethods, "assign_card": assignCard},
}

func completeAccessMethod(_ *Workspace, fields jsonObject) error {
	fields["display_name"] = methodNames[Object{Fields: fields}.Text("mode")]
	fields["display_status"] = "active"
	return nil
}

var methodNames = map[string]string{"code": "PIN Code", "card": "Key Card", "mobile_key": "Mobile Key", "cloud_key": "Cloud Key"}

type requestedMethod struct {
	Mode        string `json:"mode"`
	Code        string `json:"code,omitempty"`
	MaxUseCount int    `json:"instant_key_max_use_count,omitempty"`
}

func validateMethods(requested []requestedMethod) error {
	if slices.ContainsFunc(requested, func(r requestedMethod) bool { return r.Code != "" && r.Mode != "code" }) {
		return invalidInput("requested_access_methods", "can have a code only with the mode code")
	}
	return nil
}

// requestMethods adds the requested methods to a grant.
func (s *Server) requestMethods(grant *object, requested []requestedMethod) {
	for _, r := range requested {
		method := s.addMethod(grant, r)
		entry := plainJSON(jsonObject{
			"mode": r.Mode, "display_name": methodNames[r.Mode], "created_at": formatTime(s.now), "created_access_method_ids": []string{method.id},
		})
		if r.Code != "" {
			entry["code"] = r.Code
		}
		if r.MaxUseCount > 0 {
			entry["instant_key_max_use_count"] = r.MaxUseCount
		}
		grant.extend("requested_access_methods", entry)
		s.reconcile(method)
		if r.Mode == "card" {
			s.collections["access_method"].emit(method, "card_encoding_required")
		} else {
			s.issue(method, "issued")
		}
	}
}

func (s *Server) addMethod(grant *object, r requestedMethod) *object {
	methods := s.collections["access_method"]
	fields := jsonObject{"mode": r.Mode, "is_issued": false}
	switch r.Mode {
	case "code":
		fields["code"] = cmp.Or(r.Code, s.commonPIN(s.doors(grant)["device"]))
	case "card":
		fields["is_encoding_required"], fields["is_ready_for_encoding"] = true, true
	}
	method, err := methods.add(grant.workspace, fields)
	if err != nil {
		panic(err) // methods have no rule that can fail
	}
	method.links.add("access_grant", grant.id)
	grant.extend("access_method_ids", method.id)
	if r.Mode == "mobile_key" {
		s.addInstantKey(method, grant.text("user_identity_id"))
	}
	methods.emit(method, "created")
	return method
}

func relatedToMethod(method *object) links {
	s := method.server()
	related := s.doorsOf(method)
	related.add("access_method", method.id)
	for _, grant := range s.grantsOf(method) {
		related.add("access_grant", grant.id)
		related.add("space", grant.texts("space_ids")...)
	}
	for _, c := range s.codesOf(method) {
		related.add("access_code", c.ID)
		related.add("device", c.DeviceID)
	}
	for _, credential := range s.credentialsOf(method) {
		related.add("acs_credential", credential.id)
	}
	for _, key := range s.instantKeysOf(method) {
		related.add("instant_key", key.id)
		related.add("client_session", key.text("client_session_id"))
	}
	return related
}

// viewAccessMethod shows a code as issued when each door has it, or will have it when the grant starts.
func viewAccessMethod(method *object, fields jsonObject) {
	now := method.server().now
	for _, c := range method.server().codesOf(method) {
		if c.WaitingForAssignment {
			fields["code"] = nil
		}
		if !c.isStored() && !c.StartsAt.After(now) {
			fields["is_issued"], fields["issued_at"] = false, nil
		}
	}
}

// deleteAccessMethods deletes one method, or those of a grant or of a reservation.
func deleteAccessMethods(c *collection, call *apiCall) (jsonObject, error) {
	for _, noun := range []string{"access_method", "access_grant"} {
		if id := call.body[noun+"_id"]; id != nil {
			if _, err := call.server.collections[noun].find(call.workspace, jsonObject{noun + "_id": id}); err != nil {
				return nil, err
			}
		}
	}
	for _, method := range c.in(call.workspace) {
		asked := c.matchesAll(method, call.body) || call.server.hasReservation(method, call.body["reservation_key"])
		if asked && method.state == StateLive {
			call.server.removeMethod(method, false)
		}
	}
	return nil, nil
}

func (s *Server) hasReservation(method *object, key any) bool {
	return key != nil && slices.ContainsFunc(s.grantsOf(method), func(grant *object) bool { return grant.fields["reservation_key"] == key })
}

// removeMethod removes a method and what it opens doors with.
func (s *Server) removeMethod(method *object, outside bool) {
	s.collections["access_method"].removeAll(method, lagUnless(outside, s.grantDelete.MethodsGoneAfter), outside)
}

// lagUnless is the lag of a removal. One outside the API has none.
func lagUnless(outside bool, after time.Duration) DeleteLag {
	if outside {
		return DeleteLag{}
	}
	return DeleteLag{Get: after, List: after}
}

// removeAccess removes the codes, credentials and keys of a method.
func (s *Server) removeAccess(method *object, outside bool) {
	method.state = StateBeingDeleted // from here on, nothing is reconciled
	for _, c := range s.codesOf(method) {
		s.revokeCode(c, outside)
	}
	lag := lagUnless(outside, s.grantDelete.CredentialsGoneAfter)
	for _, credential := range s.credentialsOf(method) {
		s.collections["acs_credential"].remove(credential, lag)
	}
	for _, key := range s.instantKeysOf(method) {
		s.collections["instant_key"].remove(key, lag)
	}
}

// endAccessMethod takes a method out of its grants. What was requested stays.
func endAccessMethod(method *object) {
	for _, grant := range method.server().grantsOf(method) {
		grant.removeText("access_method_ids", method.id)
		requested, _ := grant.fields["requested_access_methods"].([]any)
		for _, entry := range requested {
			entry := &object{fields: objectOf(entry)}
			entry.removeText("created_access_method_ids", method.id)
		}
	}
}

func objectOf(v any) jsonObject {
	o, _ := v.(jsonObject)
	return o
}

// ShareAccessMethod makes a method belong to another grant too, which then also opens its doors.
func (s *Server) ShareAccessMethod(methodID, otherGrantID string) {
	defer s.lockAndAdvance()()
	method, grant := s.collections["access_method"].mustFind(methodID), s.collections["access_grant"].mustFind(otherGrantID)
	for noun, ids := range s.doorsOf(method) {
		grant.links.add(noun, ids...)
	}
	s.shareMethod(method, grant)
}

func (s *Server) shareMethod(method, grant *object) {
	method.links.add("access_grant", grant.id)
	grant.extend("access_method_ids", method.id)
}
