package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// editDevices changes one list of devices.
func (h *harness) editDevices(edit func(device map[string]any) (keep bool)) seamtest.Fault {
	return seamtest.Fault{Path: "/devices/list", Times: 1, Replace: h.editAnswer(func(answer map[string]any) {
		devices, _ := answer["devices"].([]any)
		shown := []any{}
		for _, device := range devices {
			if fields, _ := device.(map[string]any); edit(fields) {
				shown = append(shown, fields)
			}
		}
		answer["devices"] = shown
	})}
}

// Does force_destroy close a door that one list of devices lacks, or shows outside the space?
func TestSpace_forceDestroyWithAStaleListOfDevices(t *testing.T) {
	for name, listed := range map[string]bool{"lacks the door": false, "shows it outside": true} {
		t.Run(name, func(t *testing.T) {
			withSpace(t, func(f *spaceFixture) {
				f.requireNoError(f.apply(f.doors(f.lock, f.back).with(values{"force_destroy": true})))
				f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
				f.restart()
				f.seam.InjectFault(f.editDevices(func(device map[string]any) bool {
					if device["device_id"] != f.back.ID {
						return true
					}
					device["space_ids"] = []any{}
					return listed
				}))
				f.requireNoError(f.destroyWithoutRefresh())
				f.requirePIN(false, false)
			})
		})
	}
}

// Does an entrance count as closed, or as open in another way, because one answer is out of date?
func TestSpace_entranceTakenOutWithAStaleAnswer(t *testing.T) {
	for _, name := range []string{"no pending change", "no entrances"} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_space", func(h *harness) {
				f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
				gate := f.seam.AddEntrance(f.seam.AddAccessSystem("brivo_account").ID, nil).ID
				config := f.doors(f.lock).with(values{"acs_entrance_ids": []any{gate}})
				f.requireNoDiagnostics(f.apply(config))
				grant := f.grantOn(values{"requested_access_methods": []any{values{"mode": "mobile_key"}}})
				method := f.seam.Object("access_grant", grant).Texts("access_method_ids")[0]
				f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: time.Minute})
				f.requireNoError(f.refresh())
				less := config.with(values{"acs_entrance_ids": []any{}})
				p := f.plan(less)
				f.restart()
				if name == "no entrances" {
					f.seam.InjectFault(emptyList("/acs/entrances/list", "acs_entrances"))
				} else {
					f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Times: 1, Match: f.after("/spaces/remove_acs_entrances"), Replace: f.answerOf("/access_grants/get", values{"access_grant_id": grant})})
				}
				f.requireNoError(f.ApplyPlan(less, p.Plan))
				requireEqual(t, "the key opens the entrance", f.seam.EntranceOpens(gate, method), false)
			})
		})
	}
}

// Is a door called open in another way because Seam needs a moment to see that it has left the space?
func TestSpace_slowSeamIsNoOtherWay(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.requireNoError(f.refresh())
		less := f.short(f.lock)
		p := f.plan(less)
		sent := f.after("/spaces/remove_devices")
		for path, body := range map[string]values{
			"/access_grants/get":         {"access_grant_id": f.grant},
			"/access_grants/get_related": {"access_grant_ids": []string{f.grant}, "include": []string{"devices", "acs_entrances"}},
		} {
			fault := f.seam.InjectFault(seamtest.Fault{Path: path, Match: sent, Replace: f.answerOf(path, body)})
			time.AfterFunc(2*time.Second, fault.Remove)
		}
		f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: time.Minute})
		f.requireNoError(f.ApplyPlan(less, p.Plan))
		f.requirePIN(true, false)
	})
}

// Is a PIN forgotten whose grant reached the door in another way when the wait began, and is gone since?
func TestSpace_otherWayThatEnds(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		other := f.grantOn(values{"device_ids": []string{f.back.ID}, "requested_access_methods": []any{values{"mode": "code", "code": "9173"}}})
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: 40 * time.Second}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		time.AfterFunc(10*time.Second, func() { f.Call("/access_grants/delete", values{"access_grant_id": other}) })
		f.restart()
		f.requireError(f.apply(f.doors(f.lock)), "not proven", "still lists the PIN")
	})
}

// Is a device dropped from the state, or left in the space by destroy, because of one list of devices?
func TestSpaceDevice_staleListOfDevices(t *testing.T) {
	for name, test := range map[string]func(*spaceFixture){
		"refresh": func(f *spaceFixture) {
			f.seam.InjectFault(f.editDevices(func(device map[string]any) bool { device["space_ids"] = []any{}; return true }))
			f.requireStateUnchanged(func() { f.requireNoDiagnostics(f.refresh()) })
		},
		"destroy": func(f *spaceFixture) {
			f.seam.InjectFault(f.editDevices(func(device map[string]any) bool { return device["device_id"] != f.lock.ID }))
			f.requireNoError(f.destroyWithoutRefresh())
			f.requireRequests("/spaces/remove_devices", 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			withSpaceDevice(t, func(f *spaceFixture, _ values) {
				f.seam.RemoveObject("access_grant", f.grant)
				f.restart()
				test(f)
			})
		})
	}
}
