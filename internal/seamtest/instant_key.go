package seamtest

import (
	"maps"
	"slices"
	"time"
)

const instantKeyLifetime = 7 * 24 * time.Hour

// instantKey is a link that opens a mobile key. Its client session ends with it.
var instantKey = rules{
	secrets: []string{"instant_key_url"},
	ended: func(o *object) {
		sessions := o.server().collections["client_session"]
		for _, session := range o.server().related(o.workspace, "client_session", []string{o.text("client_session_id")}) {
			sessions.end(session)
		}
	},
	complete: func(w *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"instant_key_url": "https://ik.seam.co/" + newSecret("I"),
			"expires_at":      formatTime(w.server.now.Add(instantKeyLifetime)),
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
}

func generateInstantKey(identities *collection, call *apiCall) (jsonObject, error) {
	identity, err := identities.find(call.workspace, jsonObject{"user_identity_id": call.body["user_identity_id"]})
	if err != nil {
		return nil, err
	}
	key := call.server.newInstantKey(call.workspace, identity.id)
	return jsonObject{"instant_key": call.server.collections["instant_key"].show("create", key)}, nil
}

func (s *Server) newInstantKey(w *Workspace, identity string) *object {
	session, err := s.collections["client_session"].add(w, jsonObject{"user_identity_id": identity})
	if err != nil {
		panic(err) // it has no field that can be refused
	}
	key, err := s.collections["instant_key"].add(w, jsonObject{"client_session_id": session.id, "user_identity_id": identity})
	if err != nil {
		panic(err)
	}
	return key
}

// addInstantKey adds the instant key of a mobile key.
func (s *Server) addInstantKey(method *object, identity string) {
	key := s.newInstantKey(method.workspace, identity)
	key.links.add("access_method", method.id)
	method.fields["instant_key_url"] = key.fields["instant_key_url"]
	for _, session := range s.related(method.workspace, "client_session", []string{key.text("client_session_id")}) {
		method.fields["client_session_token"] = session.fields["token"]
	}
}

func (s *Server) instantKeysOf(method *object) []*object {
	return slices.DeleteFunc(s.collections["instant_key"].in(method.workspace), func(key *object) bool {
		return !slices.Contains(key.links["access_method"], method.id)
	})
}

// removeKeysOf removes what a person opens doors with. Access grants stay.
func removeKeysOf(identity *object, _ bool) {
	for _, noun := range []string{"acs_user", "acs_credential", "instant_key", "client_session"} {
		c := identity.server().collections[noun]
		for _, o := range c.in(identity.workspace) {
			if o.fields["user_identity_id"] == any(identity.id) && o.state == StateLive {
				c.removeAll(o, c.deleteLag, false)
			}
		}
	}
}
