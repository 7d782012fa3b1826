package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// spaceFixture is a space, and a grant on it with the PIN 4821.
type spaceFixture struct {
	*harness
	back  *seamtest.Lock
	grant string
}

// withSpace makes a space of both doors and a grant on it.
func withSpace(t *testing.T, test func(*spaceFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_space", func(h *harness) {
		f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
		f.requireNoDiagnostics(f.apply(f.doors(f.lock, f.back)))
		f.grant = f.grantOn(values{})
		f.restart()
		test(f)
	})
}

// grantOn makes a grant on the space with the PIN 4821, or with other fields, past Terraform.
func (f *spaceFixture) grantOn(fields values) string {
	f.t.Helper()
	person := f.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"})
	made, _ := f.Call("/access_grants/create", values{
		"user_identity_id": person.ID, "space_ids": []string{f.id()}, "requested_access_methods": []any{values{"mode": "code", "code": "4821"}},
	}.with(fields))["access_grant"].(map[string]any)
	id, _ := made["access_grant_id"].(string)
	return id
}

// doors is a configuration of the space with these doors.
func (f *spaceFixture) doors(locks ...*seamtest.Lock) values {
	ids := []any{}
	for _, l := range locks {
		ids = append(ids, l.ID)
	}
	return values{"name": "Room", "device_ids": ids}
}

// requirePIN fails the test unless the PIN opens exactly these doors.
func (f *spaceFixture) requirePIN(front, back bool) {
	f.t.Helper()
	if got := [2]bool{f.lock.Opens("4821"), f.back.Opens("4821")}; got != [2]bool{front, back} {
		f.t.Errorf("the PIN opens front and back: %v, want %v and %v", got, front, back)
	}
}

func TestSpace_conforms(t *testing.T) {
	c := acctest.NounCase("space", "spaces")
	c.Replaces = "space_key"
	c.Configs = func(h *acctest.Harness) (before, after, other arguments) {
		back := h.Seam.AddLock("Back Door")
		gate := h.Seam.AddEntrance(h.Seam.AddAccessSystem("brivo_account").ID, nil).ID
		before = arguments{
			"name": "Room", "space_key": "room", "customer_key": "acme", "customer_data": values{"address": "Main St", "time_zone": "UTC"},
			"device_ids": []any{h.Lock.ID}, "acs_entrance_ids": []any{gate},
		}
		after = before.With(arguments{"name": "Suite", "customer_data": values{"time_zone": "UTC"}, "device_ids": []any{back.ID}, "acs_entrance_ids": []any{}})
		return before, after, before.With(arguments{"space_key": "suite"})
	}
	c.Lookup = func(*acctest.Harness, string) arguments { return arguments{"space_key": "room"} }
	c.OtherPaths = append(c.OtherPaths, "/spaces/add_devices", "/spaces/remove_devices", "/spaces/remove_acs_entrances", "/access_grants/list", "/devices/list", "/acs/entrances/list")
	conform(t, c)
}

func TestSpace_doorTakenOutStopsThePINThere(t *testing.T) {
	for name, removal := range map[string]seamtest.DeleteBehavior{"at once": {}, "by a slow lock": {Takes: time.Minute}} {
		t.Run(name, func(t *testing.T) {
			withSpace(t, func(f *spaceFixture) {
				f.requirePIN(true, true)
				f.back.OnDelete(removal)
				f.requireNoError(f.refresh())
				p := f.plan(f.doors(f.lock))
				f.requireWarning(p.Diags, "1 access grant uses this space; removing "+f.back.ID+" from the space takes away their access to it")
				f.requireNoError(f.apply(f.doors(f.lock)))
				f.requirePIN(true, false)
				f.requireSettled(f.doors(f.lock))
				f.requireRequests("/spaces/update", 0)
			})
		})
	}
}

func TestSpace_updateWaitsForGrants(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: 2 * time.Minute})
		took := elapsed(func() { f.requireNoError(f.apply(f.doors(f.lock))) })
		if took < 2*time.Minute {
			t.Errorf("the update took %v, and the grant settled after 2 minutes", took)
		}
		f.requirePIN(true, false)
		f.requireSettled(f.doors(f.lock))
	})
}

// A grant that reaches the door in another way keeps it, and apply says so.
func TestSpace_doorReachedInAnotherWay(t *testing.T) {
	for name, reach := range map[string]func(f *spaceFixture) values{
		"directly": func(f *spaceFixture) values { return values{"device_ids": []string{f.back.ID}} },
		"by another space": func(f *spaceFixture) values {
			other := f.newObject("seam_space")
			f.requireNoDiagnostics(other.apply(f.doors(f.back)))
			return values{"space_ids": []string{f.id(), other.id()}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_space", func(h *harness) {
				f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
				f.requireNoDiagnostics(f.apply(f.doors(f.lock, f.back)))
				f.grant = f.grantOn(reach(f))
				f.restart()
				f.requireWarning(f.apply(f.doors(f.lock)), "Access stays in another way", f.back.ID, "access grant "+f.grant)
				f.requirePIN(true, true)
				f.requireSettled(f.doors(f.lock))
			})
		})
	}
}

// What Seam says about the ways of a grant counts only once the door has left the space.
func TestSpace_staleDeviceIsNoOtherWay(t *testing.T) {
	withHarnessFor(t, "seam_space", func(h *harness) {
		f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
		f.requireNoDiagnostics(f.apply(f.doors(f.lock, f.back)))
		f.grant = f.grantOn(values{"device_ids": []string{f.back.ID}})
		space := f.id()
		f.back.Describe(func(device map[string]any) { device["space_ids"] = []string{space} })
		f.requireError(f.apply(f.doors(f.lock)), "not proven", "is still on lock "+f.back.ID)
	})
}

func TestSpace_allGrantsLoseTheDoor(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		other := f.grantOn(values{"requested_access_methods": []any{values{"mode": "code", "code": "9173"}}})
		f.restart()
		f.requireNoError(f.refresh())
		f.requireWarning(f.plan(f.doors(f.lock)).Diags, "2 access grants use this space")
		f.requireNoError(f.apply(f.doors(f.lock)))
		if f.back.Opens("9173") || !f.lock.Opens("9173") {
			t.Errorf("the PIN of grant %s: want only the front door", other)
		}
		f.requirePIN(true, false)
	})
}

func TestSpace_emptySetEmptiesIt(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.requireNoError(f.apply(f.doors()))
		f.requirePIN(false, false)
		f.requireSettled(f.doors())
	})
}

// Without device_ids, the devices are not Terraform's business: neither when it drops the argument,
// nor when they change.
func TestSpace_nullLeavesMembersAlone(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		config := values{"name": "Suite"}
		f.requireNoDiagnostics(f.apply(config))
		f.requirePIN(true, true)
		f.back.SetSpaces()
		f.requireSettled(config)
		f.restart()
		f.requireNoError(f.refresh())
		f.requireWarning(f.plan(f.doors()).Diags, "removing "+f.lock.ID)
		f.requireNoError(f.apply(f.doors()))
		f.requirePIN(false, false)
	})
}

func TestSpace_doorsChangedOutsideAreHealed(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		side := f.seam.AddLock("Side Door")
		config := f.doors(f.lock, f.back)
		side.SetSpaces(f.id())
		f.restart()
		f.requireNoDiagnostics(f.refresh())
		if p := f.plan(config); p.empty() {
			t.Error("a door that was added is not planned to leave")
		}
		f.requireNoError(f.apply(config))
		if side.Opens("4821") {
			t.Error("the PIN still opens the door that was added outside")
		}
		f.back.SetSpaces()
		f.restart()
		f.requireNoError(f.apply(config))
		f.requirePIN(true, true)
		f.requireSettled(config)
	})
}

func TestSpace_readsListsOnce(t *testing.T) {
	withHarnessFor(t, "seam_space", func(h *harness) {
		f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
		f.requireNoDiagnostics(f.apply(f.doors(f.lock, f.back)))
		f.restart()
		f.seam.PageSize(1)
		f.seam.ResetRequests()
		for range 5 {
			f.requireSettled(f.doors(f.lock, f.back))
		}
		f.requireRequests("/devices/list", 2)
		f.requireRequests("/acs/entrances/list", 1)
		if *bulkRead {
			f.requireRequests("/spaces/list", 1)
		}
	})
}

func TestSpace_planRejectsInvalidCustomerData(t *testing.T) {
	withHarnessFor(t, "seam_space", func(h *harness) {
		for _, data := range []values{{"default_checkin_time": "25:00"}, {"phone": "1"}, {}} {
			if p := h.plan(values{"name": "Room", "customer_data": data}); p.errors() == "" {
				t.Errorf("customer_data %v is accepted", data)
			}
		}
	})
}
