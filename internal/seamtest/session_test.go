package seamtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func (c *client) session(body object) object {
	c.t.Helper()
	return fields(c.ok("/client_sessions/create", body), "client_session")
}

func TestClientSessionKnowsWhatItIsFor(t *testing.T) {
	s, l, c, clock := door(t)
	identity, webview := newID(), newID()
	made := c.session(object{
		"user_identifier_key": "jane", "user_identity_id": identity, "customer_key": "acme", "expires_at": clock.in(time.Hour),
		"connected_account_ids": []string{l.ConnectedAccountID()}, "connect_webview_ids": []string{webview},
	})
	want(t, "token", strings.HasPrefix(text(made, "token"), "seam_cst1_"), true)
	want(t, "locks", made["device_count"], any(1.0))
	read := fields(c.ok("/client_sessions/get", object{"user_identifier_key": "jane"}), "client_session")
	for key, field := range map[string]any{
		"client_session_id": made["client_session_id"], "token": made["token"], "customer_key": "acme",
		"user_identity_id": identity, "expires_at": "2026-01-02T04:04:05.000Z", "workspace_id": s.Workspace().ID,
	} {
		want(t, key, read[key], field)
	}
	want(t, "account", in(read, "connected_account_ids", 0), any(l.ConnectedAccountID()))

	plain := c.session(object{"user_identity_ids": []string{identity}})
	want(t, "identity", plain["user_identity_id"], any(identity))
	want(t, "key", plain["user_identifier_key"], nil)
	for _, test := range []struct {
		filter object
		shows  int
	}{
		{object{}, 2},
		{object{"client_session_id": made["client_session_id"]}, 1},
		{object{"user_identifier_key": "jane"}, 1},
		{object{"user_identifier_key": "joe"}, 0},
		{object{"without_user_identifier_key": true}, 1},
		{object{"user_identity_id": identity}, 2},
		{object{"connect_webview_id": webview}, 1},
	} {
		want(t, "listed", len(entries(c.ok("/client_sessions/list", test.filter), "client_sessions")), test.shows)
	}
}

func TestClientSessionsEnd(t *testing.T) {
	s, _, c, clock := door(t)
	ids := map[string]object{}
	for _, user := range []string{"lives", "expires", "revoked", "deleted"} {
		body := object{"user_identifier_key": user}
		if user == "expires" {
			body["expires_at"] = clock.in(time.Minute)
		}
		ids[user] = object{"client_session_id": c.session(body)["client_session_id"]}
	}
	c.ok("/client_sessions/revoke", ids["revoked"])
	c.ok("/client_sessions/delete", ids["deleted"])
	clock.advance(time.Minute)
	for i, state := range []SessionState{SessionLive, SessionExpired, SessionRevoked, SessionDeleted} {
		want(t, "state", s.ClientSessions()[i].State, state)
	}
	c.ok("/client_sessions/get", ids["revoked"])
	for _, path := range []string{"/client_sessions/get", "/client_sessions/delete", "/client_sessions/revoke"} {
		c.refused(path, ids["deleted"], http.StatusNotFound, "client_session_not_found")
	}
	want(t, "events", c.happened(clock.in(-time.Hour)), "client_session.deleted ")
	c.session(object{"user_identifier_key": "deleted"})

	s.RevokeClientSession(text(ids["lives"], "client_session_id"))
	want(t, "state", s.ClientSessions()[0].State, SessionRevoked)
	s.RemoveClientSession(text(ids["lives"], "client_session_id"))
	want(t, "state", s.ClientSessions()[0].State, SessionDeleted)
	c.refused("/client_sessions/get", ids["lives"], http.StatusNotFound, "client_session_not_found")
}

func TestClientSessionsThatAreRefused(t *testing.T) {
	s, _, c, clock := door(t)
	jane := object{"user_identifier_key": "jane"}
	made := c.session(jane)
	c.refused("/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	for _, bad := range []object{
		{"user_identifier_key": ""}, {"customer_key": nil}, {"expires_at": "tomorrow"}, {"expires_at": clock.in(-time.Hour)},
		{"user_identity_id": "jane"}, {"token": "seam_cst1_mine"},
	} {
		c.refused("/client_sessions/create", bad, http.StatusBadRequest, "invalid_input")
	}
	c.refused("/client_sessions/get", object{}, http.StatusBadRequest, "invalid_input")
	s.EchoSecrets(true)
	refusal := c.refused("/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	want(t, "echoes the token", strings.Contains(text(refusal, "message"), text(made, "token")), true)

	c.key = s.AddWorkspace("Other").APIKey
	c.refused("/client_sessions/get", jane, http.StatusNotFound, "client_session_not_found")
	c.session(jane)
	want(t, "seen from another workspace", len(entries(c.ok("/client_sessions/list", object{}), "client_sessions")), 1)
	want(t, "in all", len(s.ClientSessions()), 2)
}
