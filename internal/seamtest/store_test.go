package seamtest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestStore_workspacesAreSeparate(t *testing.T) {
	s, _, c, _ := setup(t)
	id := jsonObject{"user_identity_id": s.AddObject("user_identity", jsonObject{"user_identity_key": "jane"}).ID}
	webhook := jsonObject{"webhook_id": c.createWebhook(nil)["webhook_id"]}
	c.key = s.AddWorkspace("Other").APIKey
	c.wantMissing("user_identity", id, "/user_identities/get", "/user_identities/update", "/user_identities/delete")
	c.wantListed("/user_identities/list", jsonObject{}, 0)
	c.createUserIdentity(jsonObject{"user_identity_key": "jane"})
	c.wantMissing("webhook", webhook, "/webhooks/get", "/webhooks/delete")
	c.wantListed("/webhooks/list", jsonObject{}, 0)
}

func TestStore_deleteLag(t *testing.T) {
	s, _, c, clock := setup(t)
	s.SetDeleteLag("user_identity", DeleteLag{Get: time.Minute, List: time.Hour})
	jane := jsonObject{"user_identity_key": "jane"}
	id := jsonObject{"user_identity_id": c.createUserIdentity(jane)["user_identity_id"]}
	c.ok("/user_identities/delete", id)
	c.ok("/user_identities/delete", id)
	read := objectAt(c.ok("/user_identities/get", id), "user_identity")
	assertShows(t, read, jsonObject{"warnings.#": 1, "warnings.0.warning_code": "being_deleted"})
	assertEqual(t, "state", s.Objects("user_identity")[0].State, StateBeingDeleted)
	c.wantError("/user_identities/create", jane, http.StatusBadRequest, "user_identity_key_conflict")
	clock.advance(time.Minute)
	c.wantMissing("user_identity", id, "/user_identities/get")
	c.wantListed("/user_identities/list", jsonObject{}, 1)
	clock.advance(time.Hour)
	c.wantListed("/user_identities/list", jsonObject{}, 0)
}

func TestStore_externalChanges(t *testing.T) {
	s, _, c, _ := setup(t)
	made := s.AddObject("user_identity", jsonObject{"full_name": "Jane"})
	id := jsonObject{"user_identity_id": made.ID}
	s.ChangeObject("user_identity", made.ID, jsonObject{"full_name": "Joan", "acs_user_ids": []string{newID()}})
	assertEqual(t, "name", valueAt(c.ok("/user_identities/get", id), "user_identity.full_name"), any("Joan"))
	s.DescribeObjects("user_identity", func(verb string, fields map[string]any) { fields["full_name"] = verb })
	assertShows(t, c.ok("/user_identities/get", id), jsonObject{"user_identity.full_name": "get"})
	assertShows(t, c.list("/user_identities/list", jsonObject{}), jsonObject{"0.full_name": "list"})
	s.RemoveObject("user_identity", made.ID)
	c.wantMissing("user_identity", id, "/user_identities/get")
}

// A response that the published document does not allow must fail the test that caused it.
func TestStore_invalidResponsePanics(t *testing.T) {
	forEach(t, map[string]func(string, map[string]any){
		"missing": func(_ string, fields map[string]any) { delete(fields, "display_name") },
		"type":    func(_ string, fields map[string]any) { fields["acs_user_ids"] = "none" },
		"unknown": func(_ string, fields map[string]any) { fields["nick_name"] = "J" },
	}, func(t *testing.T, change func(string, map[string]any)) {
		s, _, c, _ := setup(t)
		s.DescribeObjects("user_identity", change)
		defer func() {
			assertContains(t, fmt.Sprint(recover()), "/user_identities/create breaks the published contract")
		}()
		c.createUserIdentity(jsonObject{})
		t.Error("the response passed")
	})
}

// errorCounter is a test that counts its errors.
type errorCounter struct {
	testing.TB
	errors int
}

func (e *errorCounter) Errorf(string, ...any) { e.errors++ }

// net/http recovers a panic, so a fake on a port has to report it.
func TestStore_invalidResponseFailsTheTestOnAPort(t *testing.T) {
	for _, test := range []struct {
		value  any
		errors int
	}{{"invalid response", 1}, {http.ErrAbortHandler, 0}} {
		counter := &errorCounter{TB: t}
		handler := failOnPanic(counter, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(test.value) }))
		func() {
			defer func() { assertEqual(t, "panic", recover(), any(http.ErrAbortHandler)) }()
			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
		}()
		assertEqual(t, "errors", counter.errors, test.errors)
	}
}

func (c *client) createUserIdentity(fields jsonObject) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/user_identities/create", fields), "user_identity")
}

func TestUserIdentity_lifecycle(t *testing.T) {
	s, _, c, clock := setup(t)
	made := c.createUserIdentity(jsonObject{"full_name": "Jane", "user_identity_key": "jane", "acs_system_ids": []string{newID()}})
	id := jsonObject{"user_identity_id": made["user_identity_id"]}
	assertShows(t, made, jsonObject{
		"full_name": "Jane", "display_name": "Jane", "email_address": nil, "workspace_id": s.Workspace().ID,
		"created_at": clock.Now().Format("2006-01-02T15:04:05.000Z"),
	})
	c.ok("/user_identities/update", jsonObject{"user_identity_id": made["user_identity_id"], "user_identity_key": "j", "full_name": nil, "email_address": "jane@example.com"})
	assertShows(t, c.ok("/user_identities/get", jsonObject{"user_identity_key": "j"})["user_identity"], jsonObject{
		"user_identity_id": made["user_identity_id"], "full_name": nil, "display_name": "jane@example.com",
	})
	c.ok("/user_identities/delete", id)
	c.wantMissing("user_identity", id, "/user_identities/get", "/user_identities/update", "/user_identities/delete")
	assertEqual(t, "left", len(s.Objects("user_identity")), 0)
}

func TestUserIdentity_listFilters(t *testing.T) {
	_, _, c, clock := setup(t)
	jane := c.createUserIdentity(jsonObject{"full_name": "Jane Doe"})
	clock.advance(time.Hour)
	c.createUserIdentity(jsonObject{"email_address": "joe@example.com"})
	c.wantListed("/user_identities/list", jsonObject{}, 2)
	c.wantListed("/user_identities/list", jsonObject{"search": "jane d"}, 1)
	c.wantListed("/user_identities/list", jsonObject{"search": "example.com"}, 1)
	c.wantListed("/user_identities/list", jsonObject{"search": "2026"}, 0)
	c.wantListed("/user_identities/list", jsonObject{"user_identity_ids": []any{jane["user_identity_id"], newID()}}, 1)
	c.wantListed("/user_identities/list", jsonObject{"user_identity_ids": []string{}}, 0)
	c.wantListed("/user_identities/list", jsonObject{"created_before": clock.timestampIn(-time.Minute)}, 1)
	c.wantListed("/user_identities/list", jsonObject{"credential_manager_acs_system_id": newID()}, 0)
}

func TestUserIdentity_rejectsInvalidRequests(t *testing.T) {
	_, _, c, _ := setup(t)
	jane := jsonObject{"user_identity_key": "jane", "email_address": "jane@example.com"}
	c.createUserIdentity(jane)
	joe := c.createUserIdentity(jsonObject{"user_identity_key": "joe"})
	c.wantError("/user_identities/create", jane, http.StatusBadRequest, "user_identity_email_or_phone_conflict")
	c.wantError("/user_identities/create", jsonObject{"user_identity_key": "jane"}, http.StatusBadRequest, "user_identity_key_conflict")
	change := jsonObject{"user_identity_id": joe["user_identity_id"], "full_name": "Joe", "email_address": "jane@example.com"}
	c.wantError("/user_identities/update", change, http.StatusBadRequest, "user_identity_email_or_phone_conflict")
	c.wantInvalid("/user_identities/create",
		jsonObject{"full_name": ""}, jsonObject{"email_address": "jane"}, jsonObject{"display_name": "Jane"},
	)
	c.wantInvalid("/user_identities/get", jsonObject{}, jsonObject{"user_identity_key": ""}, jsonObject{"user_identity_id": "jane"})
	assertShows(t, c.ok("/user_identities/get", jsonObject{"user_identity_key": "joe"}), jsonObject{"user_identity.full_name": nil})
}

func TestUserIdentity_merge(t *testing.T) {
	s, _, c, _ := setup(t)
	var ids []string
	for _, key := range []string{"one", "two", "three"} {
		ids = append(ids, s.AddObject("user_identity", jsonObject{"user_identity_key": key}).ID)
	}
	s.MergeUserIdentities(ids[1], ids[2])
	s.MergeUserIdentities(ids[0], ids[1])
	for _, id := range ids {
		read := c.ok("/user_identities/get", jsonObject{"user_identity_id": id})["user_identity"]
		assertShows(t, read, jsonObject{"user_identity_id": ids[0], "merged_user_identity_ids.#": 2})
	}
	assertShows(t, c.ok("/user_identities/get", jsonObject{"user_identity_key": "three"}), jsonObject{"user_identity.user_identity_id": ids[0]})
	assertEqual(t, "left", len(s.Objects("user_identity")), 1)
}

func TestUserIdentity_deleteRemovesItsKeys(t *testing.T) {
	s, _, c, _ := setup(t)
	gate := s.AddEntrance(s.AddAccessSystem("brivo_account").ID, nil).ID
	grant := c.createGrant(jsonObject{"acs_entrance_ids": []string{gate}, "requested_access_methods": methodsOfMode("mobile_key")})
	method := stringAt(grant, "access_method_ids.0")
	id := jsonObject{"user_identity_id": grant["user_identity_id"]}
	assertEqual(t, "users", len(listAt(c.ok("/user_identities/get", id), "user_identity.acs_user_ids")), 1)
	assertEntrance(t, s, gate, method, true)
	c.ok("/user_identities/delete", id)
	assertEntrance(t, s, gate, method, false)
	for _, noun := range []string{"acs_credential", "instant_key", "client_session"} {
		assertEqual(t, noun, len(s.Objects(noun)), 0)
	}
	c.grant(grant["access_grant_id"])
}

const webhookURL = "https://example.com/seam"

func (c *client) createWebhook(more jsonObject) jsonObject {
	c.t.Helper()
	body := jsonObject{"url": webhookURL}
	maps.Copy(body, more)
	return objectAt(c.ok("/webhooks/create", body), "webhook")
}

func TestWebhook_lifecycle(t *testing.T) {
	s, _, c, clock := setup(t)
	made := c.createWebhook(jsonObject{"event_types": []string{"lock.locked", "access_code.created"}})
	id := jsonObject{"webhook_id": made["webhook_id"]}
	assertEqual(t, "secret", strings.HasPrefix(stringAt(made, "secret"), "whsec_"), true)
	have := s.Objects("webhook")[0]
	assertEqual(t, "url", have.Text("url"), webhookURL)
	assertEqual(t, "created", have.CreatedAt, clock.Now())
	assertEqual(t, "types", strings.Join(have.Texts("event_types"), " "), "lock.locked access_code.created")

	c.ok("/webhooks/update", jsonObject{"webhook_id": made["webhook_id"], "event_types": []string{"device.removed"}})
	assertShows(t, c.ok("/webhooks/get", id)["webhook"], jsonObject{"event_types.0": "device.removed", "secret": made["secret"]})

	second := c.createWebhook(nil)
	c.wantListed("/webhooks/list", jsonObject{}, 2)
	assertEqual(t, "a second one for the same url", second["webhook_id"] == made["webhook_id"], false)
	c.ok("/webhooks/delete", id)
	c.wantMissing("webhook", id, "/webhooks/get", "/webhooks/delete")
	id["event_types"] = []string{"*"}
	c.wantMissing("webhook", id, "/webhooks/update")
	assertEqual(t, "left", s.Objects("webhook")[0].ID, stringAt(second, "webhook_id"))
}

func TestWebhook_allEventTypes(t *testing.T) {
	s, _, c, _ := setup(t)
	types := func(webhook jsonObject) string {
		var all []string
		for _, name := range listAt(webhook, "event_types") {
			all = append(all, fmt.Sprint(name))
		}
		return strings.Join(all, " ")
	}
	assertEqual(t, "left out", types(c.createWebhook(nil)), "*")
	assertEqual(t, "asked for", types(c.createWebhook(jsonObject{"event_types": []string{"*"}})), "*")
	s.ExpandEventTypes()
	expanded := c.createWebhook(nil)
	known := strings.Join(EventTypes(), " ")
	assertEqual(t, "expanded", types(expanded), known)
	c.ok("/webhooks/update", jsonObject{"webhook_id": expanded["webhook_id"], "event_types": []string{"*"}})
	assertEqual(t, "expanded again", strings.Join(s.Objects("webhook")[2].Texts("event_types"), " "), known)
	assertEqual(t, "types of today", strings.Contains(known, "access_code.removed_from_device"), true)
}

func TestWebhook_rejectsInvalidRequests(t *testing.T) {
	s, _, c, _ := setup(t)
	for _, types := range [][]string{{"door.slammed"}, {"*", "lock.locked"}, {"lock.locked", "door.slammed"}} {
		c.wantError("/webhooks/create", jsonObject{"url": webhookURL, "event_types": types}, http.StatusBadRequest, "invalid_event_types")
	}
	c.wantInvalid("/webhooks/create", jsonObject{"url": "not a url"}, jsonObject{})
	assertEqual(t, "webhooks", len(s.Objects("webhook")), 0)

	id := c.createWebhook(nil)["webhook_id"]
	c.wantInvalid("/webhooks/update", jsonObject{"webhook_id": id})
	c.wantError("/webhooks/update", jsonObject{"webhook_id": id, "event_types": []string{"door.slammed"}}, http.StatusBadRequest, "invalid_event_types")
	assertEqual(t, "types", s.Objects("webhook")[0].Texts("event_types")[0], "*")
}

func TestWebhook_secrets(t *testing.T) {
	s, _, c, _ := setup(t)
	made := c.createWebhook(nil)
	s.HideWebhookSecrets()
	assertShows(t, c.ok("/webhooks/get", jsonObject{"webhook_id": made["webhook_id"]}), jsonObject{"webhook.secret": nil})
	assertShows(t, c.ok("/webhooks/list", jsonObject{}), jsonObject{"webhooks.#": 1, "webhooks.0.secret": nil})
	s.EchoSecrets(true)
	apiErr := c.wantError("/webhooks/get", jsonObject{"webhook_id": newID()}, http.StatusNotFound, "webhook_not_found")
	assertContains(t, stringAt(apiErr, "message"), stringAt(made, "secret"))
}

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
