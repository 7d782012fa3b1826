package provider

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func inDeviceWorld(t *testing.T, test func(*world)) {
	t.Helper()
	inWorldOf(t, "seam_device", test)
}

func (w *world) device(more values) values { return values{"device_id": w.lock.ID}.with(more) }

func TestDeviceIsTakenOverAsItIs(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.lock.SetMetadata(map[string]any{"floor": "2", "vip": true})
		w.silent(w.apply(w.device(nil)))
		if w.id() != w.lock.ID || w.has("name") != "Front Door" || w.has("is_managed") != true || w.has("device_type") != "yale_lock" {
			t.Errorf("taken over as %v", w.state)
		}
		w.asked("/devices/update", 0)
		w.silent(w.refresh())
		if p := w.plan(w.device(nil)); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		w.silent(w.destroy())
		w.gone()
		w.asked("/devices/update", 0)
	})
}

func TestDeviceIsNamedAndAnnotated(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.lock.SetMetadata(map[string]any{"theirs": "stays", "floor": "1"})
		config := w.device(values{"name": "Main entrance", "custom_metadata": map[string]string{"floor": "2", "vip": "true"}, "backup_access_code_pool_enabled": true})
		w.silent(w.apply(config))
		w.silent(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		w.metadata(map[string]any{"theirs": "stays", "floor": "2", "vip": "true"})
		less := w.device(values{"name": "Side entrance", "custom_metadata": map[string]string{"floor": "2"}})
		w.silent(w.apply(less))
		w.metadata(map[string]any{"theirs": "stays", "floor": "2"})
		w.silent(w.apply(w.device(nil)))
		w.metadata(map[string]any{"theirs": "stays"})
		if w.has("name") != "Side entrance" || w.has("backup_access_code_pool_enabled") != true {
			t.Errorf("what was left out changed: %v", w.state)
		}
	})
}

// metadata fails the test unless the lock keeps exactly these entries.
func (w *world) metadata(want map[string]any) {
	w.t.Helper()
	got, diags := w.read("seam_device", values{"id": w.lock.ID})
	w.ok(diags)
	if fmt.Sprint(got["custom_metadata"]) != fmt.Sprint(want) {
		w.t.Errorf("the lock keeps %v, want %v", got["custom_metadata"], want)
	}
}

func TestRenamedDeviceIsFoundByItsNewNameAtOnce(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.reads("seam_device", values{"name": "Front Door"})
		w.silent(w.apply(w.device(values{"name": "Main entrance"})))
		w.reads("seam_device", values{"name": "Main entrance"})
	})
}

func TestPlanShowsWhatSomebodyChangedOnADevice(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		config := w.device(values{"name": "Main entrance", "custom_metadata": map[string]string{"floor": "2"}})
		w.silent(w.apply(config))
		w.lock.SetMetadata(map[string]any{"floor": "3", "theirs": "new"})
		w.lock.SetNickname("Renamed")
		w.silent(w.refresh())
		if got := fmt.Sprint(w.plan(config).changes()); got != "[custom_metadata name]" {
			t.Errorf("the plan changes %s", got)
		}
		w.silent(w.apply(config))
		w.metadata(map[string]any{"floor": "2", "theirs": "new"})
	})
}

func TestDeviceBecomesUnmanagedAndManagedAgain(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(values{"is_managed": true})))
		w.silent(w.apply(w.device(values{"is_managed": false, "custom_metadata": map[string]string{"floor": "2"}})))
		w.silent(w.refresh())
		if w.has("is_managed") != false {
			t.Error("it is still managed")
		}
		w.metadata(map[string]any{"floor": "2"})
		w.silent(w.apply(w.device(values{"is_managed": false, "custom_metadata": map[string]string{"floor": "3"}})))
		w.metadata(map[string]any{"floor": "3"})
		w.fails(w.apply(w.device(values{"is_managed": false, "name": "Main"})), "managed devices only")
		w.silent(w.apply(w.device(values{"is_managed": true, "name": "Main"})))
		if w.has("is_managed") != true || w.has("name") != "Main" {
			t.Errorf("it is %v", w.state)
		}
	})
}

func TestUnmanagedDeviceThatAListFoundPlansNothing(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.lock.Unmanage()
		found, diags := w.list("seam_device", values{"is_managed": false}, 10, true, 0)
		w.silent(diags)
		w.silent(w.importID(found[0].id))
		if p := w.plan(w.generated(found[0].resource)); !p.empty() {
			t.Errorf("the plan changes %v: %s", p.changes(), p.errors())
		}
	})
}

func TestDeviceWithCodesDoesNotBecomeUnmanaged(t *testing.T) {
	for name, attempt := range map[string]func(*world){
		"update": func(w *world) {
			w.fails(w.apply(w.device(values{"is_managed": false})), "managed access codes", "Guest", "Destroy those codes first")
		},
		"destroy": func(w *world) {
			w.silent(w.apply(w.device(values{"on_destroy": "unmanage"})))
			w.fails(w.destroy(), "managed access codes", "Guest", "Destroy those codes first")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inDeviceWorld(t, func(w *world) {
				w.silent(w.apply(w.device(nil)))
				guest := w.other("seam_access_code")
				guest.silent(guest.apply(values{"device_id": w.lock.ID, "code": "4821", "name": "Guest"}))
				attempt(w)
				if d, _ := w.read("seam_device", values{"id": w.lock.ID}); d["is_managed"] != true {
					t.Error("it became unmanaged")
				}
				guest.silent(guest.destroy())
				guest.gone()
			})
		})
	}
}

func TestDeviceWithSpareCodesDoesNotBecomeUnmanaged(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(values{"backup_access_code_pool_enabled": true, "on_destroy": "unmanage"})))
		w.fails(w.destroy(), "pool of backup access codes", "backup_access_code_pool_enabled = false first")
		w.fails(w.apply(w.device(values{"is_managed": false})), "pool of backup access codes")
		w.silent(w.apply(w.device(values{"backup_access_code_pool_enabled": false, "on_destroy": "unmanage"})))
		w.silent(w.destroy())
		w.gone()
	})
}

func TestDestroyMakesADeviceUnmanagedIfAsked(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(values{"on_destroy": "unmanage"})))
		w.silent(w.destroy())
		w.gone()
		if d, _ := w.read("seam_device", values{"id": w.lock.ID}); d["is_managed"] != false {
			t.Error("it is still managed")
		}
		w.silent(w.apply(w.device(values{"is_managed": true}))) // and back
		if w.has("is_managed") != true {
			t.Error("it is not managed again")
		}
	})
}

func TestDeviceThatIsMissing(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.fails(w.apply(values{"device_id": "b3b7d3f0-0000-4000-8000-000000000000"}), "There is no device b3b7d3f0", "Check the id")
		w.gone()
		w.fails(w.importID("b3b7d3f0-0000-4000-8000-000000000000"), "There is no device b3b7d3f0", "Check the id")
		w.state = w.none()
		w.silent(w.apply(w.device(nil)))
		w.lock.Disappear()
		w.warns(w.refresh(), "Device missing", "take the resource out of the configuration")
		w.lock.Restore()
		w.silent(w.refresh())
	})
}

func TestDeviceOfAnotherWorkspaceIsLeftAlone(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(values{"on_destroy": "unmanage"})))
		w.settings = w.settings.with(values{"api_key": w.seam.AddWorkspace("Other").APIKey})
		w.restart()
		w.keeps(func() {
			w.fails(w.refresh(), "belong to workspace", "state rm")
			w.fails(w.delete(), "belong to workspace")
		})
	})
}

func TestDeviceImportPlansNothing(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.lock.SetMetadata(map[string]any{"floor": "2"})
		w.silent(w.importID(w.lock.ID))
		if p := w.plan(w.device(nil)); !p.empty() {
			t.Errorf("the plan after an import changes %v", p.changes())
		}
		w.silent(w.apply(w.device(values{"custom_metadata": map[string]string{"floor": "2"}})))
		w.metadata(map[string]any{"floor": "2"})
	})
}

func TestSeamRefusesAChangeOfADevice(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(nil)))
		w.lock.Describe(func(d map[string]any) { d["properties"].(map[string]any)["supports_backup_access_code_pool"] = false }) //nolint:forcetypeassert // as the fake makes it
		w.keeps(func() {
			w.fails(w.apply(w.device(values{"backup_access_code_pool_enabled": true})), "Unable to update device", "request id")
		})
		w.seam.InjectFault(seamtest.Fault{Path: "/devices/update", Status: 400, Type: "invalid_input", Message: "no"})
		w.keeps(func() { w.fails(w.apply(w.device(values{"name": "Main"})), "Unable to update device: no") })
	})
}

func TestDeviceArgumentsThatSeamWouldRefuse(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		long := fmt.Sprintf("%041d", 0)
		for _, config := range []values{{"custom_metadata": map[string]string{"a.b": "x"}}, {"custom_metadata": map[string]string{long: "x"}}, {"custom_metadata": map[string]string{"a": ""}}, {"on_destroy": "delete"}, {"name": ""}} {
			if w.plan(w.device(config)).errors() == "" {
				t.Errorf("%v is accepted", config)
			}
		}
	})
}

func TestDeviceThatIsMissingIsLetGo(t *testing.T) {
	inDeviceWorld(t, func(w *world) {
		w.silent(w.apply(w.device(values{"on_destroy": "unmanage"})))
		w.lock.Disappear()
		w.warns(w.destroy(), "Device missing", "nothing to make unmanaged", "says nothing about PINs")
		w.gone()
	})
}
