package seamtest

import (
	"net/http"
	"testing"
	"time"
)

func (c *client) createSpace(fields jsonObject) string {
	c.t.Helper()
	return stringAt(c.ok("/spaces/create", fields), "space.space_id")
}

func TestSpace_lifecycle(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	gate := s.AddEntrance(s.AddAccessSystem("brivo_account").ID, nil).ID
	id := c.createSpace(jsonObject{"name": "Room", "space_key": "room", "customer_key": "acme", "device_ids": []string{front.ID}, "customer_data": jsonObject{"address": "Main St", "time_zone": "UTC"}})
	update := jsonObject{"space_key": "room", "name": "Suite", "device_ids": []string{back.ID}, "acs_entrance_ids": []string{gate}, "customer_data": jsonObject{"address": nil}}
	changed := objectAt(c.ok("/spaces/update", update), "space")
	assertShows(t, changed, jsonObject{"display_name": "Suite", "device_count": 1.0, "acs_entrance_count": 1.0, "customer_data.#": 1})
	c.wantListed("/devices/list", jsonObject{"space_id": id}, 1)
	c.wantListed("/acs/entrances/list", jsonObject{"space_id": id}, 1)
	c.ok("/spaces/add_devices", jsonObject{"space_id": id, "device_ids": []string{front.ID, back.ID}})
	c.ok("/spaces/remove_acs_entrances", jsonObject{"space_id": id, "acs_entrance_ids": []string{gate}})
	c.ok("/spaces/add_connected_account", jsonObject{"space_id": id, "connected_account_id": front.ConnectedAccountID()})
	c.ok("/spaces/remove_connected_account", jsonObject{"space_id": id, "connected_account_id": front.ConnectedAccountID()})
	c.wantListed("/devices/list", jsonObject{"space_id": id}, 2)
	c.wantListed("/acs/entrances/list", jsonObject{"space_id": id}, 0)
	related := objectAt(c.ok("/spaces/get_related", jsonObject{"space_keys": []string{"room"}, "include": []string{"devices", "spaces"}}), "batch")
	assertEqual(t, "related", len(listAt(related, "devices"))+len(listAt(related, "spaces")), 3)

	assertEqual(t, "shown by the device", len(listAt(c.device(front), "space_ids")), 1)
	c.ok("/spaces/delete", jsonObject{"space_id": id})
	c.wantMissing("space", jsonObject{"space_key": "room"}, "/spaces/get")
	assertEqual(t, "shown by the device", len(listAt(c.device(front), "space_ids")), 0)
	for kind, count := range map[string]int{"space.created": 1, "space.device_membership_changed": 3, "space.deleted": 1} {
		c.wantEvents(kind, jsonObject{"space_id": id}, count)
	}
}

func TestSpace_rejectsInvalidRequests(t *testing.T) {
	s, _, c, _ := setup(t)
	id := c.createSpace(jsonObject{"name": "Room", "space_key": "room"})
	foreign := s.AddWorkspace("Other").AddLock("Foreign").ID
	c.wantError("/spaces/create", jsonObject{"name": "Room", "space_key": "room"}, http.StatusBadRequest, "space_key_conflict")
	c.wantMissing("device", jsonObject{"name": "Room", "device_ids": []string{foreign}}, "/spaces/create")
	c.wantMissing("device", jsonObject{"space_id": id, "device_ids": []string{foreign}}, "/spaces/add_devices")
	c.wantMissing("acs_entrance", jsonObject{"space_id": id, "acs_entrance_ids": []string{newID()}}, "/spaces/update")
	c.wantMissing("space", jsonObject{"space_id": newID(), "device_ids": []string{newID()}}, "/spaces/add_devices")
}

// A door that leaves a space is closed to its grants, unless they reach it in another way.
func TestSpace_doorsOfItsGrantsFollow(t *testing.T) {
	s, front, c, clock := setup(t)
	back, side := s.AddLock("Back Door"), s.AddLock("Side Door")
	s.SetGrantDelays(GrantDelays{Spaces: time.Minute})
	room := c.createSpace(jsonObject{"name": "Room", "device_ids": []string{front.ID, back.ID}})
	id, method := c.newGrant(jsonObject{"space_ids": []string{room}, "device_ids": []string{front.ID}})
	c.ok("/spaces/update", jsonObject{"space_id": room, "device_ids": []string{side.ID}})
	assertShows(t, c.grant(id), jsonObject{
		"pending_mutations.0.mutation_code": "updating_spaces", "pending_mutations.0.from.device_ids.#": 2, "warnings.#": 2,
	})
	assertShows(t, c.method(method), jsonObject{
		"pending_mutations.0.mutation_code": "provisioning_access", "pending_mutations.1.mutation_code": "revoking_access",
	})
	assertOpens(t, back, "1234", true)
	assertOpens(t, side, "1234", false)

	clock.advance(time.Minute)
	assertShows(t, c.grant(id), jsonObject{"pending_mutations.#": 0, "warnings.#": 0})
	assertShows(t, c.method(method), jsonObject{"pending_mutations.#": 0})
	assertOpens(t, front, "1234", true)
	assertOpens(t, back, "1234", false)
	assertOpens(t, side, "1234", true)

	other := c.createSpace(jsonObject{"name": "Other"})
	side.SetSpaces(room, other)
	c.ok("/spaces/delete", jsonObject{"space_id": room})
	assertOpens(t, side, "1234", true)
	clock.advance(time.Minute)
	assertOpens(t, side, "1234", false)
	assertOpens(t, front, "1234", true)
	assertShows(t, c.grant(id), jsonObject{"space_ids.#": 0})
}

func TestSpace_removedDoorKeepsThePIN(t *testing.T) {
	s, l, c, _ := setup(t)
	s.SetGrantDelete(GrantDelete{FailedDevices: map[string]string{l.ID: "offline_access_code_not_revocable"}})
	room := c.createSpace(jsonObject{"name": "Room", "device_ids": []string{l.ID}})
	grant, _ := c.newGrant(jsonObject{"space_ids": []string{room}})
	c.ok("/spaces/remove_devices", jsonObject{"space_id": room, "device_ids": []string{l.ID}})
	assertEqual(t, "failed", valueAt(c.grant(grant), "warnings.0.failed_devices.0.device_id"), any(l.ID))
	assertOpens(t, l, "1234", true)
}

// A door that comes back while its code is being removed gets a new one.
func TestSpace_doorComesBack(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnDelete(DeleteBehavior{Takes: time.Minute})
	room := c.createSpace(jsonObject{"name": "Room", "device_ids": []string{l.ID}})
	grant, _ := c.newGrant(jsonObject{"space_ids": []string{room}})
	change := jsonObject{"space_id": room, "device_ids": []string{l.ID}}
	c.ok("/spaces/remove_devices", change)
	c.ok("/spaces/add_devices", change)
	assertEqual(t, "status", valueAt(c.codesOf(grant), "0.status"), any("removing"))
	clock.advance(time.Minute)
	assertEqual(t, "status", valueAt(c.codesOf(grant), "0.status"), any("set"))
	assertOpens(t, l, "1234", true)
}

// A space keeps a device that Seam does not see for a while.
func TestSpace_keepsDisappearedDevices(t *testing.T) {
	s, l, c, _ := setup(t)
	room := c.createSpace(jsonObject{"name": "Room", "device_ids": []string{l.ID}})
	l.Disappear()
	count := func() any { return valueAt(c.ok("/spaces/get", jsonObject{"space_id": room}), "space.device_count") }
	assertEqual(t, "devices", count(), any(0.0))
	c.ok("/spaces/add_devices", jsonObject{"space_id": room, "device_ids": []string{s.AddLock("Back Door").ID}})
	l.Restore()
	assertEqual(t, "devices", count(), any(2.0))
}
