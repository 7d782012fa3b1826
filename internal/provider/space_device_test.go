package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	noList = "It has no list resource."
)

func TestSpaceDevice_conforms(t *testing.T) {
	space := func(h *acctest.Harness) string {
		if found := h.Seam.Objects("space"); len(found) > 0 {
			return found[0].ID
		}
		return h.Seam.AddObject("space", map[string]any{"name": "Room"}).ID
	}
	conform(t, acctest.Case{
		Type: "seam_space_device", Replaces: "device_id",
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			before = arguments{"space_id": space(h), "device_id": h.Lock.ID}
			return before, before.With(arguments{"removal": "verified_by_event"}), before.With(arguments{"device_id": h.Seam.AddLock("Back Door").ID})
		},
		IDs: func(h *acctest.Harness) (ids []string) {
			for _, device := range h.ListedIDs("/devices/list", "devices", "device_id", arguments{"space_id": space(h)}) {
				ids = append(ids, space(h)+"/"+device)
			}
			return ids
		},
		Remove:  func(h *acctest.Harness, _ string) { h.Lock.SetSpaces() },
		Missing: acctest.MissingID + "/" + acctest.MissingID,
		Create:  "/spaces/add_devices", Get: "/devices/list", List: "/devices/list", NotFound: "device_not_found",
		Except: map[string]string{
			"list": noList, "list limit": noList, "data source": noDataSource, "no secret": "It has no secret, and no list.",
		},
	})
}

// withSpaceDevice makes a space with the front door by Terraform, and a grant on it.
func withSpaceDevice(t *testing.T, test func(*spaceFixture, values)) {
	t.Helper()
	withHarnessFor(t, "seam_space_device", func(h *harness) {
		f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
		space := f.seam.AddObject("space", map[string]any{"name": "Room"}).ID
		f.back.SetSpaces(space)
		config := values{"space_id": space, "device_id": f.lock.ID, "timeouts": values{"delete": "2m"}}
		f.requireNoDiagnostics(f.apply(config))
		f.grant = f.grantOn(values{"space_ids": []string{space}})
		f.requirePIN(true, true)
		f.restart()
		test(f, config)
	})
}

func TestSpaceDevice_destroyStopsThePINThere(t *testing.T) {
	withSpaceDevice(t, func(f *spaceFixture, _ values) {
		f.requireNoDiagnostics(f.destroy())
		f.requireNoState()
		f.requirePIN(false, true)
	})
}

func TestSpaceDevice_unprovenDestroyStaysInTheState(t *testing.T) {
	withSpaceDevice(t, func(f *spaceFixture, config values) {
		f.lock.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "Unable to delete space device", "not proven", f.lock.ID)
			f.restart()
			f.requireWarning(f.refresh(), "Removal not proven", "so that destroy can prove its removal")
		})
		if p := f.plan(config); len(p.Replaces) == 0 {
			t.Error("a device that left the space without proof is not replaced")
		}
		f.seam.RemoveAccessCode(f.codeOn(f.lock))
		f.restart()
		f.requireWarning(f.destroy(), "Removed outside Terraform")
		f.requireNoState()
		f.requirePIN(false, true)
	})
}

func TestSpaceDevice_removedOutsideIsAddedAgain(t *testing.T) {
	withSpaceDevice(t, func(f *spaceFixture, config values) {
		f.lock.SetSpaces()
		f.restart()
		f.requireWarning(f.apply(config), "Removed outside Terraform", "is not in space")
		f.requirePIN(true, true)
		f.requireSettled(config)
	})
}

// Can the next run go on after a create whose answer was lost, or that Seam refused?
func TestSpaceDevice_createThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault seamtest.Fault
		isIn  bool
	}{
		"500":     {seamtest.Fault{Status: 500, Processed: true}, true},
		"refused": {seamtest.Fault{Status: 400, Type: "device_in_other_space"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			withSpaceDevice(t, func(f *spaceFixture, config values) {
				f.requireNoError(f.destroy())
				c.fault.Path = "/spaces/add_devices"
				fault := f.seam.InjectFault(c.fault)
				f.requireError(f.apply(config), "Unable to create space device")
				fault.Remove()
				f.restart()
				f.requireNoError(f.refresh())
				requireEqual(t, "in the state", !f.State.IsNull(), c.isIn)
				f.requireNoError(f.apply(config))
				f.requirePIN(true, true)
				f.requireNoError(f.destroy())
				f.requirePIN(false, true)
			})
		})
	}
}

func TestSpaceDevice_missingLockStaysInTheState(t *testing.T) {
	withSpaceDevice(t, func(f *spaceFixture, config values) {
		f.lock.Disappear()
		f.restart()
		f.requireSettled(config)
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "is missing from the workspace", "they may still open the door") })
		f.lock.Restore()
		f.restart()
		f.requireNoError(f.destroy())
		f.requirePIN(false, true)
	})
}

func TestSpaceDevice_otherModesDoNotWait(t *testing.T) {
	for mode, warning := range map[string]string{"requested": "Access not verified", "abandoned": "Membership abandoned"} {
		t.Run(mode, func(t *testing.T) {
			withSpaceDevice(t, func(f *spaceFixture, config values) {
				f.lock.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
				f.requireNoDiagnostics(f.apply(config.with(values{"removal": mode})))
				f.requireWarning(f.destroy(), warning)
				f.requireNoState()
				f.requirePIN(true, true)
			})
		})
	}
}

// A space that is gone has no devices, so there is nothing to ask for.
func TestSpaceDevice_destroyAfterItsSpace(t *testing.T) {
	withSpaceDevice(t, func(f *spaceFixture, config values) {
		space, _ := config["space_id"].(string)
		f.requireNoError(f.refresh())
		f.seam.RemoveObject("space", space)
		f.requireNoError(f.destroyWithoutRefresh())
		f.requireNoState()
		f.requirePIN(false, false)
	})
}
