package seamtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func (c *client) createSession(body jsonObject) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/client_sessions/create", body), "client_session")
}

func TestClientSession_fieldsAndFilters(t *testing.T) {
	s, l, c, clock := setup(t)
	identity, webview := newID(), newID()
	made := c.createSession(jsonObject{
		"user_identifier_key": "jane", "user_identity_id": identity, "customer_key": "acme", "expires_at": clock.timestampIn(time.Hour),
		"connected_account_ids": []string{l.ConnectedAccountID()}, "connect_webview_ids": []string{webview},
	})
	assertEqual(t, "token", strings.HasPrefix(stringAt(made, "token"), "seam_cst1_"), true)
	assertEqual(t, "locks", made["device_count"], any(1.0))
	assertShows(t, c.ok("/client_sessions/get", jsonObject{"user_identifier_key": "jane"})["client_session"], jsonObject{
		"client_session_id": made["client_session_id"], "token": made["token"], "customer_key": "acme",
		"user_identity_id": identity, "expires_at": "2026-01-02T04:04:05.000Z", "workspace_id": s.Workspace().ID,
		"connected_account_ids.0": l.ConnectedAccountID(),
	})
	plain := c.createSession(jsonObject{"user_identity_ids": []string{identity}})
	assertShows(t, plain, jsonObject{"user_identity_id": identity, "user_identifier_key": nil})
	c.wantListed("/client_sessions/list", jsonObject{}, 2)
	c.wantListed("/client_sessions/list", jsonObject{"client_session_id": made["client_session_id"]}, 1)
	c.wantListed("/client_sessions/list", jsonObject{"user_identifier_key": "jane"}, 1)
	c.wantListed("/client_sessions/list", jsonObject{"user_identifier_key": "joe"}, 0)
	c.wantListed("/client_sessions/list", jsonObject{"without_user_identifier_key": true}, 1)
	c.wantListed("/client_sessions/list", jsonObject{"user_identity_id": identity}, 2)
	c.wantListed("/client_sessions/list", jsonObject{"connect_webview_id": webview}, 1)
}

func TestClientSession_endStates(t *testing.T) {
	s, _, c, clock := setup(t)
	ids := map[string]jsonObject{}
	for _, user := range []string{"lives", "revoked", "deleted"} {
		ids[user] = jsonObject{"client_session_id": c.createSession(jsonObject{"user_identifier_key": user})["client_session_id"]}
	}
	c.ok("/client_sessions/revoke", ids["revoked"])
	c.ok("/client_sessions/delete", ids["deleted"])
	for i, state := range []string{StateLive, StateRevoked} {
		assertEqual(t, "state", s.Objects("client_session")[i].State, state)
	}
	c.ok("/client_sessions/get", ids["revoked"])
	c.wantMissing("client_session", ids["deleted"], "/client_sessions/get", "/client_sessions/delete", "/client_sessions/revoke")
	assertEqual(t, "events", c.eventTypes(clock.timestampIn(-time.Hour)), "client_session.deleted ")
	c.createSession(jsonObject{"user_identifier_key": "deleted"})

	s.RemoveObject("client_session", stringAt(ids["lives"], "client_session_id"))
	c.wantMissing("client_session", ids["lives"], "/client_sessions/get")
}

func TestClientSession_rejectsInvalidRequests(t *testing.T) {
	s, _, c, clock := setup(t)
	jane := jsonObject{"user_identifier_key": "jane"}
	made := c.createSession(jane)
	c.wantError("/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	for _, bad := range []jsonObject{
		{"user_identifier_key": ""}, {"customer_key": nil}, {"expires_at": "tomorrow"}, {"expires_at": clock.timestampIn(-time.Hour)},
		{"user_identity_id": "jane"}, {"token": "seam_cst1_mine"},
	} {
		c.wantInvalid("/client_sessions/create", bad)
	}
	c.wantInvalid("/client_sessions/get", jsonObject{})
	s.EchoSecrets(true)
	apiErr := c.wantError("/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	assertContains(t, stringAt(apiErr, "message"), stringAt(made, "token"))
	c.key = s.AddWorkspace("Other").APIKey
	c.wantMissing("client_session", jane, "/client_sessions/get")
	c.createSession(jane)
	c.wantListed("/client_sessions/list", jsonObject{}, 1)
	assertEqual(t, "in all", len(s.Objects("client_session")), 2)
}
