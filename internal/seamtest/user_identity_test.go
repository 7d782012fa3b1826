package seamtest

import (
	"net/http"
	"testing"
	"time"
)

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
