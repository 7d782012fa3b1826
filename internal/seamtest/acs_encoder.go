package seamtest

import (
	"net/http"
	"slices"
)

// acsEncoder is a card reader and writer of an access control system. Its link card has the
// credential of the card that is held to it.
var acsEncoder = rules{
	complete: func(w *Workspace, fields jsonObject) error {
		fields["display_name"] = "Encoder"
		return fillSystem(w, fields)
	},
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){"encode_credential": encodeCredential, "scan_credential": scanCredential},
}

// AddEncoder adds an encoder to an access control system.
func (s *Server) AddEncoder(systemID string) Object {
	return s.AddObject("acs_encoder", jsonObject{"acs_system_id": systemID})
}

// HoldCard holds the card of a credential to an encoder. A card without a credential has an empty ID.
func (s *Server) HoldCard(encoderID, credentialID string) {
	defer s.lockAndAdvance()()
	s.collections["acs_encoder"].mustFind(encoderID).links["card"] = []string{credentialID}
}

// OnAccessSystemAction queues behavior for the next times an encoder or an access control system is asked
// to do something.
func (s *Server) OnAccessSystemAction(next ...LockActionBehavior) {
	defer s.lockAndAdvance()()
	s.onSystemAction.queue = append(s.onSystemAction.queue, next...)
}

// systemAction answers with an attempt at whose end it was done.
func (call *apiCall) systemAction(action string, do func(), result func() jsonObject) (jsonObject, error) {
	s := call.server
	a := s.newAttemptIn(call.workspace, action, pendingAttempt, result)
	s.runAttempt(a, nextBehavior(&s.onSystemAction, &s.onSystemAction), do, func() {})
	return jsonObject{"action_attempt": a.toJSON()}, nil
}

func encodeCredential(c *collection, call *apiCall) (jsonObject, error) {
	s := call.server
	if _, err := c.find(call.workspace, jsonObject{"acs_encoder_id": call.body["acs_encoder_id"]}); err != nil {
		return nil, err
	}
	credentials := s.collections["acs_credential"]
	wanted := jsonObject{"acs_credential_id": call.body["acs_credential_id"]}
	if id := call.body["access_method_id"]; id != nil {
		method, err := s.collections["access_method"].find(call.workspace, jsonObject{"access_method_id": id})
		if err != nil {
			return nil, err
		}
		for _, credential := range s.credentialsOf(method) {
			wanted["acs_credential_id"] = credential.id
		}
	}
	if wanted["acs_credential_id"] == nil {
		return nil, invalidInput("acs_credential_id", "or access_method_id is required")
	}
	credential, err := credentials.findLive(call, wanted)
	if err == nil && credential.text("access_method") != "card" {
		err = newAPIError(http.StatusBadRequest, "credential_cannot_be_encoded", "Only a card can be encoded")
	}
	if err != nil {
		return nil, err
	}
	return call.systemAction("ENCODE_CREDENTIAL", func() { s.encode(credential) }, func() jsonObject { return credentials.show("get", credential) })
}

// encode writes the card of a credential.
func (s *Server) encode(credential *object) {
	methods := s.related(credential.workspace, "access_method", credential.links["access_method"])
	for _, method := range methods {
		s.issueCard(method)
	}
	if len(methods) == 0 {
		s.issueCredential(credential)
	}
}

func scanCredential(c *collection, call *apiCall) (jsonObject, error) {
	encoder, err := c.find(call.workspace, jsonObject{"acs_encoder_id": call.body["acs_encoder_id"]})
	if err != nil {
		return nil, err
	}
	return call.systemAction("SCAN_CREDENTIAL", func() {}, func() jsonObject { return call.server.scanned(encoder) })
}

// scanned is what an encoder reads from the card that is held to it.
func (s *Server) scanned(encoder *object) jsonObject {
	credentials := s.collections["acs_credential"]
	found := s.related(encoder.workspace, "acs_credential", encoder.links["card"])
	if len(found) == 0 {
		return jsonObject{
			"acs_credential_on_encoder": jsonObject{"card_number": "00998877", "created_at": nil, "is_issued": nil, "starts_at": nil, "ends_at": nil},
			"acs_credential_on_seam":    nil,
			"warnings":                  []any{jsonObject{"warning_code": "acs_credential_on_seam_not_found", "warning_message": "Seam does not have it"}},
		}
	}
	shown := credentials.show("get", found[0])
	return jsonObject{
		"acs_credential_on_encoder": jsonObject{"card_number": shown["card_number"], "created_at": nil, "is_issued": shown["is_issued"], "starts_at": nil, "ends_at": nil},
		"acs_credential_on_seam":    shown, "warnings": []any{},
	}
}

// assignCard gives a card that exists to an access method.
func assignCard(methods *collection, call *apiCall) (jsonObject, error) {
	s := call.server
	method, err := methods.findLive(call, jsonObject{"access_method_id": call.body["access_method_id"]})
	if err == nil && method.text("mode") != "card" {
		err = newAPIError(http.StatusBadRequest, "access_method_is_no_card", "Only a card can be assigned")
	}
	if err != nil {
		return nil, err
	}
	assign := func() {
		for _, credential := range s.credentialsOf(method) {
			credential.fields["card_number"] = call.body["card_number"]
		}
		method.fields["is_assignment_required"] = false
		s.issueCard(method)
	}
	return call.systemAction("ASSIGN_CREDENTIAL", assign, func() jsonObject {
		shown := methods.show("get", method)
		delete(shown, "display_status") // attempts do not have it
		return shown
	})
}

// unlockEntrance opens an entrance with a credential. Its link unlocked has the credentials that did.
func unlockEntrance(c *collection, call *apiCall) (jsonObject, error) {
	entrance, err := c.find(call.workspace, jsonObject{"acs_entrance_id": call.body["acs_entrance_id"]})
	if err != nil {
		return nil, err
	}
	credential, err := call.server.collections["acs_credential"].findLive(call, jsonObject{"acs_credential_id": call.body["acs_credential_id"]})
	if err != nil {
		return nil, err
	}
	return call.systemAction("UNLOCK_DOOR", func() { entrance.links.add("unlocked", credential.id) }, emptyResult)
}

// WasUnlocked reports whether an entrance was unlocked with a credential through the API.
func (s *Server) WasUnlocked(entranceID, credentialID string) bool {
	defer s.lockAndAdvance()()
	return slices.Contains(s.collections["acs_entrance"].mustFind(entranceID).links["unlocked"], credentialID)
}
