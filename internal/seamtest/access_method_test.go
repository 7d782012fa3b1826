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
