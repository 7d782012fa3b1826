package seamtest

import (
	"maps"
	"net/http"
	"testing"
	"time"
)

// createGrant creates a grant for a new person. Without methods it has one code.
func (c *client) createGrant(fields jsonObject) jsonObject {
	c.t.Helper()
	body := jsonObject{"user_identity": jsonObject{"full_name": "Jane Doe"}, "requested_access_methods": []any{jsonObject{"mode": "code", "code": "1234"}}}
	maps.Copy(body, fields)
	return objectAt(c.ok("/access_grants/create", body), "access_grant")
}

// newGrant is createGrant for a test that only needs the ids of the grant and of its first method.
func (c *client) newGrant(fields jsonObject) (id, method string) {
	c.t.Helper()
	grant := c.createGrant(fields)
	return stringAt(grant, "access_grant_id"), stringAt(grant, "access_method_ids.0")
}

func (c *client) grant(id any) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/access_grants/get", jsonObject{"access_grant_id": id}), "access_grant")
}

func (c *client) method(id any) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/access_methods/get", jsonObject{"access_method_id": id}), "access_method")
}

func (c *client) codesOf(grant any) []any {
	c.t.Helper()
	return c.list("/access_codes/list", jsonObject{"access_grant_id": grant})
}

// The PIN opens every door of the grant, from its start to its end.
func TestAccessGrant_codeOpensItsDoors(t *testing.T) {
	s, front, c, clock := setup(t)
	back, other := s.AddLock("Back Door"), s.AddLock("Other")
	room := c.createSpace(jsonObject{"name": "Room", "space_key": "room", "device_ids": []string{back.ID}})
	grant := c.createGrant(jsonObject{
		"device_ids": []string{front.ID}, "space_keys": []string{"room"}, "starts_at": clock.timestampIn(time.Hour), "ends_at": clock.timestampIn(2 * time.Hour),
	})
	id := grant["access_grant_id"]
	assertShows(t, grant, jsonObject{"space_ids.0": room, "device_ids": nil})
	method := c.method(valueAt(grant, "requested_access_methods.0.created_access_method_ids.0"))
	assertShows(t, method, jsonObject{"access_method_id": valueAt(grant, "access_method_ids.0"), "is_issued": true, "code": "1234"})
	assertOpens(t, front, "1234", false)
	clock.advance(time.Hour)
	for l, opens := range map[*Lock]bool{front: true, back: true, other: false} {
		assertOpens(t, l, "1234", opens)
	}
	assertShows(t, c.codesOf(id), jsonObject{"#": 2, "0.name": "Jane Doe"})
	clock.advance(time.Hour)
	assertOpens(t, front, "1234", false)
	assertEqual(t, "codes after the end", len(c.codesOf(id)), 0)
	c.grant(id)
}

func TestAccessGrant_deleteRemovesItsCodes(t *testing.T) {
	s, l, c, clock := setup(t)
	l.OnDelete(DeleteBehavior{Takes: time.Hour})
	s.SetGrantDelete(GrantDelete{GoneAfter: time.Minute, MethodsGoneAfter: 2 * time.Minute})
	grant, method := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	id, methodID := jsonObject{"access_grant_id": grant}, jsonObject{"access_method_id": method}
	code := jsonObject{"access_code_id": valueAt(c.codesOf(grant)[0], "access_code_id")}
	c.ok("/access_grants/delete", id)
	c.ok("/access_grants/delete", id)
	assertEqual(t, "warning", valueAt(c.grant(grant), "warnings.0.warning_code"), any("being_deleted"))
	assertEqual(t, "status", valueAt(c.codesOf(grant)[0], "status"), any("removing"))

	clock.advance(time.Minute)
	c.wantMissing("access_grant", id, "/access_grants/get")
	assertEqual(t, "codes of a grant that is gone", len(c.codesOf(grant)), 0)
	c.wantListed("/access_methods/list", id, 0)
	assertEqual(t, "warning", valueAt(c.method(method), "warnings.0.warning_code"), any("being_deleted"))
	clock.advance(time.Minute)
	c.wantMissing("access_method", methodID, "/access_methods/get")
	c.ok("/access_codes/get", code)
	assertOpens(t, l, "1234", true)

	clock.advance(time.Hour)
	c.wantMissing("access_code", code, "/access_codes/get")
	assertOpens(t, l, "1234", false)
	c.wantEvents("access_grant.deleted", id, 1)
	c.wantEvents("access_method.deleted", methodID, 1)
	c.wantEvents("access_method.deleted", jsonObject{"access_grant_ids": []any{newID(), grant}}, 1)
}

func TestAccessGrant_rejectsInvalidRequests(t *testing.T) {
	s, l, c, clock := setup(t)
	jane := s.AddObject("user_identity", jsonObject{"full_name": "Jane"}).ID
	code := []any{jsonObject{"mode": "code"}}
	forEach(t, map[string]jsonObject{
		"no person":     {"device_ids": []string{l.ID}},
		"two persons":   {"device_ids": []string{l.ID}, "user_identity_id": jane, "user_identity": jsonObject{}},
		"no door":       {"user_identity_id": jane},
		"past":          {"device_ids": []string{l.ID}, "user_identity_id": jane, "starts_at": clock.timestampIn(-2 * time.Hour), "ends_at": clock.timestampIn(-time.Hour)},
		"inverted":      {"device_ids": []string{l.ID}, "user_identity_id": jane, "starts_at": clock.timestampIn(2 * time.Hour), "ends_at": clock.timestampIn(time.Hour)},
		"code and card": {"device_ids": []string{l.ID}, "user_identity_id": jane, "requested_access_methods": []any{jsonObject{"mode": "card", "code": "1234"}}},
		"short PIN":     {"device_ids": []string{l.ID}, "user_identity_id": jane, "requested_access_methods": []any{jsonObject{"mode": "code", "code": "123"}}},
	}, func(t *testing.T, bad jsonObject) {
		c.t = t
		body := jsonObject{"requested_access_methods": code}
		maps.Copy(body, bad)
		c.wantInvalid("/access_grants/create", body)
	})
	c.t = t
	foreign := s.AddWorkspace("Other").AddLock("Foreign")
	for kind, bad := range map[string]jsonObject{
		"user_identity_not_found": {"user_identity_id": newID(), "device_ids": []string{l.ID}},
		"device_not_found":        {"user_identity_id": jane, "device_ids": []string{foreign.ID}},
		"space_not_found":         {"user_identity_id": jane, "space_keys": []string{"x"}},
		"acs_entrance_not_found":  {"user_identity_id": jane, "acs_entrance_ids": []string{newID()}},
	} {
		bad["requested_access_methods"] = code
		c.wantError("/access_grants/create", bad, http.StatusNotFound, kind)
	}
	keyed := jsonObject{"user_identity_id": jane, "device_ids": []string{l.ID}, "access_grant_key": "k", "requested_access_methods": code}
	c.ok("/access_grants/create", keyed)
	c.wantError("/access_grants/create", keyed, http.StatusBadRequest, "access_grant_key_conflict")
	assertEqual(t, "grants", len(s.Objects("access_grant")), 1)
	assertEqual(t, "PINs", len(l.PINs()), 1)
}

func TestAccessGrant_echoesItsSecrets(t *testing.T) {
	s, l, c, _ := setup(t)
	id, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	s.SetGrantDelete(GrantDelete{GoneAfter: time.Hour, MethodsGoneAfter: time.Hour})
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": id})
	s.EchoSecrets(true)
	assertContains(t, stringAt(c.grant(id), "warnings.0.message"), "1234")
}

// A lock that fails to remove the PIN keeps it, whatever Seam says about the grant.
func TestAccessGrant_deleteOutcomesOfTheLock(t *testing.T) {
	type outcome struct {
		behavior DeleteBehavior
		opens    bool
	}
	forEach(t, map[string]outcome{
		"at once":  {DeleteBehavior{}, false},
		"later":    {DeleteBehavior{Takes: time.Minute}, true},
		"stays":    {DeleteBehavior{Stays: true}, true},
		"leftover": {DeleteBehavior{Leftover: &UnmanagedAccessCode{}}, true},
	}, func(t *testing.T, test outcome) {
		_, l, c, _ := setup(t)
		l.OnDelete(test.behavior)
		grant, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
		c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
		c.wantMissing("access_grant", jsonObject{"access_grant_id": grant}, "/access_grants/get")
		assertOpens(t, l, "1234", test.opens)
	})
}

func TestAccessGrant_deleteFailsOnADevice(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	grant, _ := c.newGrant(jsonObject{"device_ids": []string{front.ID, back.ID}})
	id := jsonObject{"access_grant_id": grant}
	s.SetGrantDelete(GrantDelete{FailedDevices: map[string]string{back.ID: "offline_access_code_not_revocable"}})
	c.ok("/access_grants/delete", id)
	assertShows(t, valueAt(c.grant(grant), "warnings.0"), jsonObject{
		"warning_code": "overprovisioned_access", "failed_devices.0.device_id": back.ID,
		"failed_devices.0.error_code": "offline_access_code_not_revocable",
	})
	assertOpens(t, front, "1234", false)
	assertOpens(t, back, "1234", true)

	s.SetGrantDelete(GrantDelete{})
	c.ok("/access_grants/delete", id)
	c.wantMissing("access_grant", id, "/access_grants/get")
	assertOpens(t, back, "1234", false)
}

func TestAccessGrant_deleteIsIgnored(t *testing.T) {
	s, l, c, _ := setup(t)
	s.SetGrantDelete(GrantDelete{Ignored: true})
	grant, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
	assertEqual(t, "warnings", len(listAt(c.grant(grant), "warnings")), 0)
	assertOpens(t, l, "1234", true)
}

func TestAccessGrant_removedOutsideTheAPI(t *testing.T) {
	s, l, c, _ := setup(t)
	l.SetDefaultDelete(DeleteBehavior{Takes: time.Hour})
	s.SetGrantDelete(GrantDelete{MethodsGoneAfter: time.Hour})
	grant, method := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	s.RemoveObject("access_grant", grant)
	c.wantListed("/access_grants/list", jsonObject{}, 0)
	c.wantMissing("access_method", jsonObject{"access_method_id": method}, "/access_methods/get")
	assertOpens(t, l, "1234", false)

	other, its := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	s.RemoveObject("access_method", its)
	assertEqual(t, "methods", len(listAt(c.grant(other), "access_method_ids")), 0)
	assertOpens(t, l, "1234", false)
}

func TestAccessGrant_workspacesAreSeparate(t *testing.T) {
	s, l, c, _ := setup(t)
	grant, method := c.newGrant(jsonObject{"device_ids": []string{l.ID}})
	id := jsonObject{"access_grant_id": grant}
	c.key = s.AddWorkspace("Other").APIKey
	c.wantMissing("access_grant", id, "/access_grants/get", "/access_grants/delete")
	c.wantMissing("access_method", jsonObject{"access_method_id": method}, "/access_methods/get")
	assertEqual(t, "codes", len(c.codesOf(grant)), 0)
	assertShows(t, c.ok("/access_grants/get_related", jsonObject{"access_grant_ids": []any{grant}}), jsonObject{"batch.#": 0})
}

// The old window counts at the lock until the change has arrived there.
func TestAccessGrant_updateMovesTheWindow(t *testing.T) {
	s, l, c, clock := setup(t)
	s.SetGrantDelays(GrantDelays{Times: time.Minute})
	id, method := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "access_grant_key": "k", "ends_at": clock.timestampIn(time.Hour)})
	c.ok("/access_grants/update", jsonObject{"access_grant_key": "k", "name": "Stay", "starts_at": clock.timestampIn(2 * time.Hour), "ends_at": nil})
	assertShows(t, c.grant(id), jsonObject{"name": "Stay", "ends_at": nil})
	for _, shown := range []jsonObject{c.grant(id), c.method(method)} {
		const updating = "updating_access_times"
		assertShows(t, shown, jsonObject{"pending_mutations.0.mutation_code": updating, "warnings.0.warning_code": updating})
	}
	assertEqual(t, "issued", c.method(method)["is_issued"], any(false))
	assertOpens(t, l, "1234", true)

	clock.advance(time.Minute)
	assertEqual(t, "mutations", len(listAt(c.grant(id), "pending_mutations")), 0)
	assertShows(t, c.method(method), jsonObject{"warnings.#": 0, "is_issued": true})
	assertOpens(t, l, "1234", false)
	clock.advance(2 * time.Hour)
	assertOpens(t, l, "1234", true)
	clock.advance(1000 * time.Hour)
	assertOpens(t, l, "1234", true)
	for _, kind := range []string{"access_method.revoked", "access_method.reissued", "access_grant.access_times_changed"} {
		c.wantEvents(kind, nil, 1)
	}
}

func TestAccessGrant_updateRejectsInvalidTimes(t *testing.T) {
	_, l, c, clock := setup(t)
	id, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})
	c.wantInvalid("/access_grants/update",
		jsonObject{"access_grant_id": id, "ends_at": clock.timestampIn(-time.Hour)},
		jsonObject{"access_grant_id": id, "starts_at": clock.timestampIn(2 * time.Hour)},
	)
	c.ok("/access_grants/update", jsonObject{"access_grant_id": id, "name": "Only the name"})
	assertEqual(t, "mutations", len(listAt(c.grant(id), "pending_mutations")), 0)
}

// A grant that has ended and is extended opens its doors again.
func TestAccessGrant_updateAfterItsEnd(t *testing.T) {
	_, l, c, clock := setup(t)
	id, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})
	clock.advance(2 * time.Hour)
	assertOpens(t, l, "1234", false)
	c.ok("/access_grants/update", jsonObject{"access_grant_id": id, "ends_at": clock.timestampIn(time.Hour)})
	assertOpens(t, l, "1234", true)
}

func TestAccessGrant_timesChangedOutsideTheAPI(t *testing.T) {
	s, l, c, clock := setup(t)
	id, _ := c.newGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})
	s.ChangeObject("access_grant", id, jsonObject{"ends_at": clock.timestampIn(2 * time.Hour)})
	clock.advance(90 * time.Minute)
	assertOpens(t, l, "1234", true)
	clock.advance(time.Hour)
	assertOpens(t, l, "1234", false)
}
