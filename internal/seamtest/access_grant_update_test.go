package seamtest

import (
	"testing"
	"time"
)

// The old window counts at the lock until the change has arrived there.
func TestAccessGrant_updateMovesTheWindow(t *testing.T) {
	s, l, c, clock := setup(t)
	s.SetGrantDelays(GrantDelays{Times: time.Minute})
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}, "access_grant_key": "k", "ends_at": clock.timestampIn(time.Hour)})
	id, method := grant["access_grant_id"], valueAt(grant, "access_method_ids", 0)
	c.ok("/access_grants/update", jsonObject{"access_grant_key": "k", "name": "Stay", "starts_at": clock.timestampIn(2 * time.Hour), "ends_at": nil})
	pending := c.grant(id)
	assertShows(t, pending, jsonObject{"name": "Stay", "ends_at": nil})
	for _, shown := range []jsonObject{pending, c.method(method)} {
		assertEqual(t, "mutation", valueAt(shown, "pending_mutations", 0, "mutation_code"), any("updating_access_times"))
		assertEqual(t, "warning", valueAt(shown, "warnings", 0, "warning_code"), any("updating_access_times"))
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
	for kind, count := range map[string]int{"access_method.revoked": 1, "access_method.reissued": 1, "access_grant.access_times_changed": 1} {
		filter := jsonObject{"since": clock.timestampIn(-2000 * time.Hour), "event_type": kind}
		assertEqual(t, kind, len(listAt(c.ok("/events/list", filter), "events")), count)
	}
}

func TestAccessGrant_updateRejectsInvalidTimes(t *testing.T) {
	_, l, c, clock := setup(t)
	id := c.createGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})["access_grant_id"]
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
	id := c.createGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})["access_grant_id"]
	clock.advance(2 * time.Hour)
	assertOpens(t, l, "1234", false)
	c.ok("/access_grants/update", jsonObject{"access_grant_id": id, "ends_at": clock.timestampIn(time.Hour)})
	assertOpens(t, l, "1234", true)
}

func TestAccessGrant_timesChangedOutsideTheAPI(t *testing.T) {
	s, l, c, clock := setup(t)
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}, "ends_at": clock.timestampIn(time.Hour)})
	s.ChangeObject("access_grant", stringAt(grant, "access_grant_id"), jsonObject{"ends_at": clock.timestampIn(2 * time.Hour)})
	clock.advance(90 * time.Minute)
	assertOpens(t, l, "1234", true)
	clock.advance(time.Hour)
	assertOpens(t, l, "1234", false)
}
