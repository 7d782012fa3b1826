package seamtest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What follows is about credentials that a user has without a grant. They open what the groups of the
// user open, and the entrances that they were created with.

func createCredential(c *collection, call *apiCall) (jsonObject, error) {
	s := call.server
	user, err := s.collections["acs_user"].findLive(call, jsonObject{"acs_user_id": call.body["acs_user_id"]})
	if err != nil {
		return nil, err
	}
	fields := c.input(call.body)
	maps.DeleteFunc(fields, func(name string, _ any) bool { return strings.HasSuffix(name, "_metadata") }) // the object shows other things there
	fields["acs_system_id"], fields["is_issued"], fields["issued_at"] = user.fields["acs_system_id"], false, nil
	if identity := user.fields["user_identity_id"]; identity != nil {
		fields["user_identity_id"] = identity
	}
	if err := fillSystem(call.workspace, fields); err != nil {
		return nil, err
	}
	if fields["code"] != nil && call.body["access_method"] != "code" {
		return nil, invalidInput("code", "needs the access method code")
	}
	o, err := c.add(call.workspace, fields)
	if err != nil {
		return nil, err
	}
	entrances, _ := call.body["allowed_acs_entrance_ids"].([]any)
	for _, id := range entrances {
		id, _ := id.(string)
		o.links.add("acs_entrance", id)
	}
	s.startCredential(o)
	return jsonObject{c.noun: c.show("create", o)}, nil
}

// startCredential issues a credential, except a card, which has to be encoded.
func (s *Server) startCredential(o *object) {
	o.fields["is_latest_desired_state_synced_with_provider"] = true
	if o.text("access_method") == "card" {
		o.warn("waiting_to_be_issued", "The card has to be encoded", nil)
		return
	}
	issue := func() {
		if o.text("access_method") == "code" && o.fields["code"] == nil {
			o.fields["code"] = s.unusedPIN()
		}
		s.issueCredential(o)
	}
	if o.text("access_method") == "code" && o.fields["code"] == nil {
		o.fields["code"] = nil
		s.scheduleFor(o, "code", s.systemDelays.Code, issue)
		return
	}
	issue()
}

func (s *Server) issueCredential(o *object) {
	o.fields["is_issued"], o.fields["issued_at"] = true, formatTime(s.now)
	o.settle("waiting_to_be_issued", "needs_to_be_reissued")
	if onCard(o) {
		for _, id := range s.entrancesOf(o) {
			s.passes[pass{id, o.id}] = o.times()
		}
	}
	s.collections["acs_credential"].emit(o, "issued")
}

// unusedPIN is a PIN that no credential has.
func (s *Server) unusedPIN() string {
	for n := 60417; ; n++ {
		pin := strconv.Itoa(n)
		taken := func(o *object) bool { return o.text("code") == pin }
		if !slices.ContainsFunc(s.collections["acs_credential"].objects, taken) {
			return pin
		}
	}
}

func updateCredential(c *collection, call *apiCall) (jsonObject, error) {
	o, err := c.findLive(call, jsonObject{"acs_credential_id": call.body["acs_credential_id"]})
	if err != nil {
		return nil, err
	}
	if err := c.change(o, c.input(call.body)); err != nil {
		return nil, err
	}
	o.fields["is_latest_desired_state_synced_with_provider"] = false
	if onCard(o) {
		o.warnUnlessUnissued()
	}
	call.server.scheduleFor(o, "sync", call.server.systemDelays.Credential, func() {
		o.fields["is_latest_desired_state_synced_with_provider"] = true
		o.fields["latest_desired_state_synced_with_provider_at"] = formatTime(call.server.now)
	})
	return jsonObject{c.noun: c.show("update", o)}, nil
}

func assignCredential(assigned bool) func(*collection, *apiCall) (jsonObject, error) {
	return func(c *collection, call *apiCall) (jsonObject, error) {
		o, err := c.findLive(call, jsonObject{"acs_credential_id": call.body["acs_credential_id"]})
		if err != nil {
			return nil, err
		}
		user, err := call.server.collections["acs_user"].find(call.workspace, jsonObject{"acs_user_id": call.body["acs_user_id"]})
		switch {
		case err != nil:
			return nil, err
		case assigned && o.text("acs_user_id") != "" && o.text("acs_user_id") != user.id:
			return nil, newAPIError(http.StatusConflict, "acs_credential_already_assigned", "The credential belongs to another user")
		case assigned:
			o.fields["acs_user_id"] = user.id
		default:
			delete(o.fields, "acs_user_id")
		}
		return jsonObject{c.noun: c.show("update", o)}, nil
	}
}

// removeChildCredentials begins the removal of what was made from a credential.
func removeChildCredentials(parent *object, outside bool) {
	c := parent.server().collections["acs_credential"]
	for _, child := range c.in(parent.workspace) {
		if child.text("parent_acs_credential_id") == parent.id && child.state == StateLive {
			c.removeAll(child, c.lag(outside), outside)
		}
	}
}

func onCard(o *object) bool {
	return o.text("access_method") == "card" || o.text("access_method") == "mobile_key"
}

// entrancesOf are the entrances that a credential of a user opens now.
func (s *Server) entrancesOf(credential *object) []string {
	all := links{"": slices.Clone(credential.links["acs_entrance"])}
	for _, group := range s.collections["acs_access_group"].in(credential.workspace) {
		if slices.Contains(group.links["member"], credential.text("acs_user_id")) {
			all.add("", group.links["acs_entrance"]...)
		}
	}
	return all[""]
}

// EncodeCard writes the card of a credential, again if it was written before.
func (s *Server) EncodeCard(credentialID string) {
	defer s.lockAndAdvance()()
	s.encode(s.collections["acs_credential"].mustFind(credentialID))
}

// CollectCard takes the card or phone of a credential away, so that it opens nothing any more.
func (s *Server) CollectCard(credentialID string) {
	defer s.lockAndAdvance()()
	maps.DeleteFunc(s.passes, func(p pass, _ window) bool { return p.method == credentialID })
}

// outdateCards says that the cards of a user have to be encoded again.
func (s *Server) outdateCards(user *object) {
	for _, credential := range s.collections["acs_credential"].in(user.workspace) {
		if credential.text("acs_user_id") == user.id && onCard(credential) {
			credential.warnUnlessUnissued()
		}
	}
}

// CredentialOpens reports whether a credential of a user opens an entrance now. A door that decides by
// the card or phone does so with what was on it when it was issued, also after Seam has forgotten it.
func (s *Server) CredentialOpens(entranceID, credentialID string) bool {
	defer s.lockAndAdvance()()
	for _, entrance := range s.collections["acs_entrance"].objects {
		if times, known := s.passes[pass{entranceID, credentialID}]; known && entrance.id == entranceID && s.isOffline(entrance) {
			return times.has(s.now)
		}
	}
	for _, o := range s.collections["acs_credential"].objects {
		if o.id == credentialID && o.state != stateDeleted && o.fields["is_issued"] == true && slices.Contains(s.entrancesOf(o), entranceID) {
			return o.times().has(s.now) && s.admitsUser(o.text("acs_user_id"))
		}
	}
	return false
}

func (w window) has(t time.Time) bool {
	return !t.Before(w.starts) && (w.ends.IsZero() || t.Before(w.ends))
}

// admitsUser reports whether the system lets a user in: it follows changes once they are not pending any more.
func (s *Server) admitsUser(id string) bool {
	for _, user := range s.collections["acs_user"].objects {
		if user.id != id {
			continue
		}
		suspended, schedule := user.fields["is_suspended"], objectOf(user.fields["access_schedule"])
		pending, _ := user.fields["pending_mutations"].([]any)
		for _, entry := range pending {
			switch mutation := objectOf(entry); mutation["mutation_code"] {
			case "updating_suspension_state":
				suspended = objectOf(mutation["from"])["is_suspended"]
			case "updating_access_schedule":
				schedule = objectOf(mutation["from"])
			}
		}
		return suspended != true && (&object{fields: schedule}).times().has(s.now) && !user.hasIssue("errors", "error_code", "deleted_externally")
	}
	return true // it belongs to no user
}

func (o *object) hasIssue(field, key, code string) bool {
	list, _ := o.fields[field].([]any)
	return slices.ContainsFunc(list, func(entry any) bool { return objectOf(entry)[key] == any(code) })
}
