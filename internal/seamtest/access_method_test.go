package seamtest

import (
	"testing"
	"time"
)

func TestAccessMethod_takenPINIsReplacedOnThatLock(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	c.create(back, jsonObject{"code": "1234"})
	grant, _ := c.newGrant(jsonObject{"device_ids": []string{front.ID, back.ID}})
	warning := valueAt(c.grant(grant), "warnings.0")
	assertShows(t, warning, jsonObject{"warning_code": "requested_code_unavailable", "device_id": back.ID, "original_code": "1234"})
	assertOpens(t, front, "1234", true)
	assertOpens(t, back, stringAt(warning, "new_code"), true)
}

func TestAccessMethod_chosenPINIsTheSameOnAllDoors(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	_, method := c.newGrant(jsonObject{"device_ids": []string{front.ID, back.ID}, "requested_access_methods": []any{jsonObject{"mode": "code"}}})
	pin := stringAt(c.method(method), "code")
	assertOpens(t, front, pin, true)
	assertOpens(t, back, pin, true)
}

func TestAccessMethod_deviceWithoutAccessCodes(t *testing.T) {
	s, front, c, _ := setup(t)
	safe := s.AddLock("Safe")
	safe.Describe(func(device map[string]any) { device["can_program_online_access_codes"] = false })
	grant, _ := c.newGrant(jsonObject{"device_ids": []string{front.ID, safe.ID}})
	assertEqual(t, "warning", valueAt(c.grant(grant), "warnings.0.warning_code"), any("device_does_not_support_access_codes"))
	assertEqual(t, "codes", len(c.codesOf(grant)), 1)
	assertOpens(t, safe, "1234", false)
}

func TestAccessMethod_isIssuedWhenTheLockHasTheCode(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnCreate(CreateBehavior{AssignAfter: time.Second, SetAfter: time.Minute})
	_, id := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "requested_access_methods": []any{jsonObject{"mode": "code"}}})
	assertEqual(t, "code", c.method(id)["code"], nil)
	clock.advance(time.Second)
	assertEqual(t, "issued", c.method(id)["is_issued"], any(false))
	clock.advance(time.Minute)
	assertEqual(t, "issued", c.method(id)["is_issued"], any(true))
}

func TestAccessMethod_requestAndDelete(t *testing.T) {
	s, l, c, clock := setup(t)
	l.OnDelete(DeleteBehavior{Takes: time.Hour})
	s.SetGrantDelete(GrantDelete{MethodsGoneAfter: time.Minute})
	id, first := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	more := jsonObject{"access_grant_id": id, "requested_access_methods": []any{jsonObject{"mode": "code", "code": "5678"}}}
	assertEqual(t, "methods", len(listAt(c.ok("/access_grants/request_access_methods", more), "access_grant.access_method_ids")), 2)
	assertOpens(t, l, "5678", true)

	c.ok("/access_methods/delete", jsonObject{"access_method_id": first})
	assertEqual(t, "warning", valueAt(c.method(first), "warnings.0.warning_code"), any("being_deleted"))
	clock.advance(time.Minute)
	c.wantMissing("access_method", jsonObject{"access_method_id": first}, "/access_methods/get")
	assertShows(t, c.grant(id), jsonObject{
		"access_method_ids.#": 1, "requested_access_methods.#": 2, "requested_access_methods.0.created_access_method_ids.#": 0,
	})
	assertOpens(t, l, "1234", true)
	clock.advance(time.Hour)
	assertOpens(t, l, "1234", false)
	assertOpens(t, l, "5678", true)
	c.ok("/access_methods/delete", jsonObject{"access_grant_id": id})
	clock.advance(time.Minute)
	assertOpens(t, l, "5678", false)
	assertEqual(t, "methods", len(listAt(c.grant(id), "access_method_ids")), 0)
	c.wantMissing("access_method", jsonObject{"access_method_id": first}, "/access_methods/delete")
	c.wantMissing("access_grant", jsonObject{"access_grant_id": newID()}, "/access_methods/delete")
	c.ok("/access_methods/delete", jsonObject{"reservation_key": "none"})
}

// A shared method outlives one of its grants.
func TestAccessMethod_shared(t *testing.T) {
	s, l, c, _ := setup(t)
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}})
	method := stringAt(grant, "access_method_ids.0")
	other := s.AddObject("access_grant", jsonObject{"user_identity_id": grant["user_identity_id"]}).ID
	s.ShareAccessMethod(method, other)
	grants := func() []any {
		ask := jsonObject{"access_method_ids": []string{method}, "include": []string{"access_grants"}}
		return listAt(c.ok("/access_methods/get_related", ask), "batch.access_grants")
	}
	assertEqual(t, "grants", len(grants()), 2)
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant["access_grant_id"]})
	assertEqual(t, "grants", len(grants()), 1)
	assertEqual(t, "codes", len(c.codesOf(other)), 1)
	assertOpens(t, l, "1234", true)
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": other})
	assertOpens(t, l, "1234", false)
}

func TestAccessMethod_pulledBackup(t *testing.T) {
	s, l, c, clock := setup(t)
	id, method := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})
	backup := s.PullBackupAccessCode(stringAt(c.codesOf(id)[0], "access_code_id"))
	assertShows(t, c.list("/access_methods/list", jsonObject{"access_grant_id": id}), jsonObject{
		"#": 2, "1.warnings.0.original_access_method_id": method,
	})
	assertShows(t, c.grant(id), jsonObject{"requested_access_methods.0.created_access_method_ids.#": 2})
	assertShows(t, c.codesOf(id), jsonObject{"#": 2, "1.access_code_id": backup})
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": id})
	assertEqual(t, "PINs", len(l.PINs()), 0)
}

// Seam creates again what is missing from a grant.
func TestAccessMethod_deletedCodeComesBack(t *testing.T) {
	_, l, c, _ := setup(t)
	id, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	before := valueAt(c.codesOf(id), "0.access_code_id")
	c.ok("/access_codes/delete", jsonObject{"access_code_id": before})
	after := c.codesOf(id)
	assertEqual(t, "codes", len(after), 1)
	assertEqual(t, "is the same", valueAt(after, "0.access_code_id") == before, false)
	assertOpens(t, l, "1234", true)
}

func TestAccessMethod_listFilters(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	system := s.AddAccessSystem("brivo_account").ID
	gate := s.AddEntrance(system, nil).ID
	room := s.AddObject("space", jsonObject{"space_key": "room"}).ID
	back.SetSpaces(room)
	id, method := c.newGrant(jsonObject{
		"device_ids": []string{front.ID}, "space_ids": []string{room}, "acs_entrance_ids": []string{gate}, "access_grant_key": "k",
	})
	c.createGrant(jsonObject{"device_ids": []string{s.AddLock("Other").ID}})
	code := valueAt(c.codesOf(id), "0.access_code_id")
	c.wantListed("/access_grants/list", jsonObject{"access_code_id": code}, 1)
	c.wantListed("/access_grants/list", jsonObject{"user_identity_id": c.grant(id)["user_identity_id"]}, 1)
	c.wantListed("/access_grants/list", jsonObject{"user_identity_id": s.AddObject("user_identity", nil).ID}, 0)
	c.wantListed("/access_grants/list", jsonObject{"device_id": newID()}, 0)
	c.wantListed("/access_grants/list", jsonObject{"device_id": front.ID}, 1)
	c.wantListed("/access_grants/list", jsonObject{"device_id": back.ID}, 1)
	c.wantListed("/access_grants/list", jsonObject{"space_id": room}, 1)
	c.wantListed("/access_grants/list", jsonObject{"acs_entrance_id": gate}, 1)
	c.wantListed("/access_grants/list", jsonObject{"acs_system_id": system}, 1)
	c.wantListed("/access_grants/list", jsonObject{"acs_system_id": newID()}, 0)
	c.wantListed("/access_grants/list", jsonObject{"access_grant_key": "k"}, 1)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_id": id}, 1)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_key": "k"}, 1)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_id": id, "access_code_id": code}, 1)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_id": id, "acs_entrance_id": gate}, 1)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_id": id, "device_id": newID()}, 0)
	c.wantListed("/access_methods/list", jsonObject{"access_grant_id": id, "space_id": room}, 1)
	c.wantListed("/access_codes/list", jsonObject{"access_grant_id": id}, 2)
	c.wantListed("/access_codes/list", jsonObject{"access_grant_key": "k"}, 2)
	c.wantListed("/access_codes/list", jsonObject{"access_method_id": method}, 2)
	c.wantListed("/access_codes/list", jsonObject{"access_method_id": method, "device_id": back.ID}, 1)
	c.wantListed("/access_codes/list", jsonObject{"access_grant_id": newID()}, 0)
	related := objectAt(c.ok("/access_grants/get_related", jsonObject{"access_grant_keys": []string{"k"}, "exclude": []string{"devices"}}), "batch")
	assertShows(t, related, jsonObject{
		"spaces.#": 1, "devices": nil, "acs_entrances.#": 1, "acs_systems.#": 1, "user_identities.#": 1, "access_methods.#": 1,
		"acs_access_groups": nil,
	})
}

func assertEntrance(t *testing.T, s *Server, entrance, method string, want bool) {
	t.Helper()
	if got := s.EntranceOpens(entrance, method); got != want {
		t.Errorf("the entrance opens: %v, want %v", got, want)
	}
}

func methodsOfMode(mode string) []any { return []any{jsonObject{"mode": mode}} }

// A door that decides by the card opens after the grant is gone; one that asks its system does not.
func TestACSCredential_cardAfterTheGrantIsDeleted(t *testing.T) {
	type outcome struct {
		system, mode string
		fields       jsonObject
		opens        bool
	}
	forEach(t, map[string]outcome{
		"card, online":              {"brivo_account", "card", nil, false},
		"card, on the card":         {"visionline_system", "card", nil, true},
		"card, door of reservation": {"salto_ks_site", "card", jsonObject{"can_belong_to_reservation": true}, true},
		"mobile key, on the phone":  {"salto_space_system", "mobile_key", nil, true},
		"mobile key, online":        {"salto_ks_site", "mobile_key", nil, false},
		"cloud key":                 {"visionline_system", "cloud_key", nil, false},
		"code":                      {"visionline_system", "code", nil, false},
	}, func(t *testing.T, test outcome) {
		s, _, c, clock := setup(t)
		gate := s.AddEntrance(s.AddAccessSystem(test.system).ID, test.fields).ID
		grant, method := c.newGrant(jsonObject{
			"acs_entrance_ids": []string{gate}, "requested_access_methods": methodsOfMode(test.mode), "ends_at": clock.timestampIn(time.Hour),
		})
		if test.mode == "card" {
			assertEntrance(t, s, gate, method, false)
			assertEqual(t, "ready", c.method(method)["is_ready_for_encoding"], any(true))
			s.IssueCard(method)
		}
		assertEqual(t, "issued", c.method(method)["is_issued"], any(true))
		assertEntrance(t, s, gate, method, true)
		c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
		c.wantMissing("access_method", jsonObject{"access_method_id": method}, "/access_methods/get")
		assertEntrance(t, s, gate, method, test.opens)
		clock.advance(time.Hour)
		assertEntrance(t, s, gate, method, false)
	})
}

func TestACSCredential_oneForEachSystem(t *testing.T) {
	s, _, c, clock := setup(t)
	s.SetGrantDelete(GrantDelete{CredentialsGoneAfter: time.Minute})
	system := s.AddAccessSystem("brivo_account").ID
	gate, door := s.AddEntrance(system, nil).ID, s.AddEntrance(s.AddAccessSystem("salto_ks_site").ID, nil).ID
	hall, cardless := s.AddEntrance(system, nil).ID, s.AddEntrance(system, jsonObject{"can_unlock_with_card": false}).ID
	grant, method := c.newGrant(jsonObject{
		"acs_entrance_ids": []string{gate, door, hall, cardless}, "requested_access_methods": methodsOfMode("card"),
	})
	related := func() jsonObject {
		return objectAt(c.ok("/access_methods/get_related", jsonObject{"access_method_ids": []string{method}}), "batch")
	}
	credentials := listAt(related(), "acs_credentials")
	assertShows(t, credentials, jsonObject{"#": 2, "0.warnings.0.warning_code": "waiting_to_be_issued"})
	s.IssueCard(method)
	assertEntrance(t, s, hall, method, true)
	assertEntrance(t, s, cardless, method, false)
	assertEqual(t, "warnings", len(listAt(related(), "acs_credentials.0.warnings")), 0)
	ask := jsonObject{"acs_credential_id": valueAt(credentials, "0.acs_credential_id")}
	c.wantListed("/acs/credentials/list", jsonObject{"acs_system_id": system}, 1)
	c.wantListed("/acs/credentials/list", jsonObject{"acs_user_id": valueAt(credentials, "0.acs_user_id")}, 1)
	c.wantListed("/acs/entrances/list", ask, 2)

	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
	assertShows(t, c.ok("/acs/credentials/get", ask), jsonObject{"acs_credential.warnings.0.warning_code": "being_deleted"})
	assertEntrance(t, s, gate, method, true)
	clock.advance(time.Minute)
	c.wantMissing("acs_credential", ask, "/acs/credentials/get")
	assertEntrance(t, s, gate, method, false)
	c.wantEvents("acs_credential.deleted", ask, 1)
	c.wantEvents("access_grant.access_granted_to_door", jsonObject{"acs_entrance_id": gate}, 1)
	c.wantEvents("access_grant.access_to_door_lost", jsonObject{"acs_entrance_id": gate, "access_grant_id": grant}, 1)
}

// New times reach a card when it is encoded again, if the door decides by the card.
func TestACSCredential_cardKeepsItsTimes(t *testing.T) {
	for system, late := range map[string]bool{"visionline_system": true, "brivo_account": false} {
		t.Run(system, func(t *testing.T) {
			s, _, c, clock := setup(t)
			gate := s.AddEntrance(s.AddAccessSystem(system).ID, nil).ID
			grant, method := c.newGrant(jsonObject{
				"acs_entrance_ids": []string{gate}, "requested_access_methods": methodsOfMode("card"), "ends_at": clock.timestampIn(2 * time.Hour),
			})
			s.IssueCard(method)
			c.ok("/access_grants/update", jsonObject{"access_grant_id": grant, "ends_at": clock.timestampIn(time.Hour)})
			assertEqual(t, "issued", c.method(method)["is_issued"], any(!late))
			clock.advance(time.Hour)
			assertEntrance(t, s, gate, method, late)
		})
	}
}

func TestACSEntrance_leavesASpace(t *testing.T) {
	s, _, c, _ := setup(t)
	gate := s.AddEntrance(s.AddAccessSystem("brivo_account").ID, nil).ID
	room := c.createSpace(jsonObject{"name": "Room"})
	_, method := c.newGrant(jsonObject{"space_ids": []string{room}, "requested_access_methods": methodsOfMode("cloud_key")})
	assertEntrance(t, s, gate, method, false)
	c.ok("/spaces/add_acs_entrances", jsonObject{"space_id": room, "acs_entrance_ids": []string{gate}})
	assertEntrance(t, s, gate, method, true)
	c.ok("/spaces/remove_acs_entrances", jsonObject{"space_id": room, "acs_entrance_ids": []string{gate}})
	assertEntrance(t, s, gate, method, false)
	s.ChangeObject("acs_entrance", gate, jsonObject{"space_ids": []string{room}})
	assertEntrance(t, s, gate, method, true)
}

func TestACSAccessGroup_list(t *testing.T) {
	s, _, c, _ := setup(t)
	system := s.AddAccessSystem("brivo_account")
	group := s.AddObject("acs_access_group", jsonObject{"name": "Staff", "acs_system_id": system.ID, "connected_account_id": system.Fields["connected_account_id"]})
	assertShows(t, c.ok("/acs/access_groups/get", jsonObject{"acs_access_group_id": group.ID}), jsonObject{"acs_access_group.display_name": "Staff"})
	c.wantListed("/acs/access_groups/list", jsonObject{"acs_system_id": system.ID}, 1)
	c.wantListed("/acs/access_groups/list", jsonObject{"acs_system_id": newID()}, 0)
	c.ok("/acs/systems/get", jsonObject{"acs_system_id": system.ID})
	c.wantListed("/acs/systems/list", jsonObject{"search": "access"}, 1)
}

func TestInstantKey_endsWithTheGrant(t *testing.T) {
	s, _, c, _ := setup(t)
	gate := s.AddEntrance(s.AddAccessSystem("salto_ks_site").ID, nil).ID
	grant, method := c.newGrant(jsonObject{"acs_entrance_ids": []string{gate}, "requested_access_methods": methodsOfMode("mobile_key")})
	ask := jsonObject{"access_method_ids": []string{method}, "include": []string{"instant_keys", "client_sessions"}}
	related := objectAt(c.ok("/access_methods/get_related", ask), "batch")
	key := jsonObject{"instant_key_id": valueAt(related, "instant_keys.0.instant_key_id")}
	session := jsonObject{"client_session_id": valueAt(related, "client_sessions.0.client_session_id")}
	c.ok("/instant_keys/get", key)
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
	c.wantMissing("instant_key", key, "/instant_keys/get")
	c.wantMissing("client_session", session, "/client_sessions/get")
}

func TestInstantKey_lifecycle(t *testing.T) {
	s, _, c, _ := setup(t)
	jane := jsonObject{"user_identity_id": s.AddObject("user_identity", nil).ID}
	key := objectAt(c.ok("/user_identities/generate_instant_key", jane), "instant_key")
	c.wantListed("/instant_keys/list", jane, 1)
	c.ok("/instant_keys/get", jsonObject{"instant_key_url": key["instant_key_url"]})
	c.ok("/instant_keys/delete", jsonObject{"instant_key_id": key["instant_key_id"]})
	c.wantMissing("client_session", jsonObject{"client_session_id": key["client_session_id"]}, "/client_sessions/get")
	c.wantMissing("user_identity", jsonObject{"user_identity_id": newID()}, "/user_identities/generate_instant_key")
}

// A shared mobile key outlives one of its grants.
func TestACSCredential_shared(t *testing.T) {
	s, _, c, _ := setup(t)
	gate := s.AddEntrance(s.AddAccessSystem("brivo_account").ID, nil).ID
	fields := jsonObject{"acs_entrance_ids": []string{gate}, "requested_access_methods": methodsOfMode("mobile_key")}
	grant, method := c.newGrant(fields)
	other, _ := c.newGrant(jsonObject{"acs_entrance_ids": []string{gate}})
	s.ShareAccessMethod(method, other)
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
	assertEntrance(t, s, gate, method, true)
	assertEqual(t, "keys", len(s.Objects("instant_key")), 1)
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": other})
	assertEntrance(t, s, gate, method, false)
	assertEqual(t, "keys", len(s.Objects("instant_key")), 0)
}

// A card that is encoded again loses the doors that its grant has lost.
func TestACSCredential_encodedAgain(t *testing.T) {
	s, _, c, _ := setup(t)
	system := s.AddAccessSystem("visionline_system").ID
	gate, hall := s.AddEntrance(system, nil).ID, s.AddEntrance(system, nil).ID
	room := c.createSpace(jsonObject{"name": "Room", "acs_entrance_ids": []string{gate}})
	_, method := c.newGrant(jsonObject{"space_ids": []string{room}, "requested_access_methods": methodsOfMode("card")})
	s.IssueCard(method)
	c.ok("/spaces/update", jsonObject{"space_id": room, "acs_entrance_ids": []string{hall}})
	assertEntrance(t, s, gate, method, true)
	assertEntrance(t, s, hall, method, false)
	assertShows(t, s.Objects("acs_credential")[0].Fields, jsonObject{"warnings.0.warning_code": "needs_to_be_reissued"})
	s.IssueCard(method)
	assertEntrance(t, s, gate, method, false)
	assertEntrance(t, s, hall, method, true)
}
