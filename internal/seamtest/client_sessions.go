package seamtest

import (
	"slices"
	"time"
)

// StateRevoked is the state of a revoked client session, which can still be read.
const StateRevoked = "revoked"

const sessionLifetime = 365 * 24 * time.Hour

var clientSession = rules{
	unique:   map[string]string{"user_identifier_key": "client_session_token_already_exists"},
	secrets:  []string{"token"},
	complete: completeClientSession,
	actions:  map[string]func(*object){"revoke": func(o *object) { o.state = StateRevoked }},
	routes:   map[string]func(*collection, *apiCall) (jsonObject, error){"grant_access": grantSessionAccess},
}

// grantSessionAccess adds to what a session may access.
func grantSessionAccess(c *collection, call *apiCall) (jsonObject, error) {
	o, err := c.find(call.workspace, jsonObject{"client_session_id": call.body["client_session_id"]})
	if err != nil {
		return nil, err
	}
	for _, field := range []string{"connected_account_ids", "connect_webview_ids"} {
		o.fields[field] = anyList(addMembers(o.texts(field), Object{Fields: call.body}.Texts(field)))
	}
	return jsonObject{c.noun: c.show("get", o)}, nil
}

func completeClientSession(w *Workspace, fields jsonObject) error {
	expires := w.server.now.Add(sessionLifetime)
	if text, given := fields["expires_at"].(string); given {
		var err error
		if expires, err = parseTime("expires_at", text); err != nil {
			return err
		}
	}
	if !expires.After(w.server.now) {
		return invalidInput("expires_at", "must be in the future")
	}
	if fields["token"] == nil {
		fields["token"] = newSecret("seam_cst1_")
	}
	identities, _ := fields["user_identity_ids"].([]any)
	switch id := fields["user_identity_id"]; {
	case id != nil:
		fields["user_identity_ids"] = []any{id}
	case len(identities) == 1:
		fields["user_identity_id"] = identities[0]
	}
	fields["expires_at"] = formatTime(expires)
	fields["device_count"] = w.deviceCount(fields["connected_account_ids"])
	return nil
}

// deviceCount counts the devices of these connected accounts.
func (w *Workspace) deviceCount(accounts any) (n int) {
	for _, l := range w.locks {
		if !l.gone && !l.unmanaged && contains(accounts, l.connectedAccountID) {
			n++
		}
	}
	return n
}

// userHasAccess reports whether a user may see a lock. An empty user sees every lock.
func (call *apiCall) userHasAccess(user string, l *Lock) bool {
	sessions := call.server.collections["client_session"].in(call.workspace)
	return user == "" || slices.ContainsFunc(sessions, func(o *object) bool {
		return o.fields["user_identifier_key"] == any(user) && contains(o.fields["connected_account_ids"], l.connectedAccountID)
	})
}
