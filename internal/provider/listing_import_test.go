package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a query finds is imported with the configuration that Terraform makes of it. It must
// not be a change then, whatever kind of object it is.
func TestAllKindsOfObjectsArePlannedAsTheyWereFound(t *testing.T) {
	for name, c := range map[string]struct {
		kind   string
		filter values
		make   func(*world)
	}{
		"ongoing code":  {"seam_access_code", nil, func(w *world) { w.createElsewhere(values{"device_id": w.lock.ID, "code": "0481"}) }},
		"nameless code": {"seam_access_code", nil, func(w *world) { w.createElsewhere(values{"device_id": w.lock.ID}) }},
		"stay":          {"seam_access_code", nil, func(w *world) { w.createElsewhere(w.stays(values{"name": "Guest"})) }},
		"stay to come": {"seam_access_code", nil, func(w *world) {
			w.createElsewhere(w.stays(values{"starts_at": stamp(48 * time.Hour), "ends_at": stamp(72 * time.Hour)}))
		}},
		"stay that ended": {"seam_access_code", nil, func(w *world) { w.seam.KeepExpired(true); w.createElsewhere(w.stays(nil)); later(48 * time.Hour) }},
		"open to change": {"seam_access_code", nil, func(w *world) {
			w.createElsewhere(values{"device_id": w.lock.ID, "is_external_modification_allowed": true})
		}},
		"once only": {"seam_access_code", nil, func(w *world) {
			w.createElsewhere(w.stays(values{"is_offline_access_code": true, "is_one_time_use": true}))
		}},
		"offline": {"seam_access_code", nil, func(w *world) { w.createElsewhere(w.stays(values{"is_offline_access_code": true})) }},
		"with a backup": {"seam_access_code", nil, func(w *world) {
			w.seam.PullBackupAccessCode(w.createElsewhere(w.stays(values{"use_backup_access_code_pool": true})))
		}},
		"with a key": {"seam_access_code", nil, func(w *world) { w.createElsewhere(values{"device_id": w.lock.ID, "common_code_key": "family"}) }},
		"never set": {"seam_access_code", nil, func(w *world) {
			w.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true})
			w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		}},
		"hidden stranger": {"seam_unmanaged_access_code", nil, func(w *world) { w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true}) }},
		"stranger": {"seam_unmanaged_access_code", nil, func(w *world) {
			w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true, CannotBeManaged: true})
		}},
		"device":           {"seam_device", nil, func(w *world) { w.lock.SetMetadata(map[string]any{"floor": "2", "lit": true}) }},
		"renamed device":   {"seam_device", nil, func(w *world) { w.lock.SetNickname("Back Door") }},
		"device with pool": {"seam_device", nil, func(w *world) { w.lock.SetBackupPool(true) }},
		"bare device": {"seam_device", nil, func(w *world) {
			w.lock.Describe(func(d map[string]any) { d["properties"] = map[string]any{}; delete(d, "display_name") })
		}},
		"webhook of all":  {"seam_webhook", nil, func(w *world) { hooks := w.other("seam_webhook"); hooks.ok(hooks.apply(hook())) }},
		"webhook of some": {"seam_webhook", nil, func(w *world) { hooks := w.other("seam_webhook"); hooks.ok(hooks.apply(hook("access_code.deleted"))) }},
		"webhook, spelled out": {"seam_webhook", nil, func(w *world) {
			w.seam.ExpandEventTypes(true)
			hooks := w.other("seam_webhook")
			hooks.ok(hooks.apply(hook()))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorldOf(t, c.kind, func(w *world) {
				c.make(w)
				found, diags := w.list(c.kind, c.filter, 100, true, 0)
				w.silent(diags)
				if len(found) == 0 {
					t.Fatal("nothing is found")
				}
				for _, f := range found {
					same(t, "id", f.resource["id"], f.id)
					w.restart()
					w.state, w.private, w.identity = w.none(), nil, nil
					w.ok(w.importID(f.id))
					p := w.plan(w.generated(f.resource))
					if p.errors() != "" || !p.empty() {
						t.Errorf("%v is planned with changes of %v: %s", w.generated(f.resource), p.changes(), p.errors())
					}
					for name, value := range f.resource {
						if name != "timeouts" && value != nil && w.has(name) == nil {
							t.Errorf("the list shows %s = %v, the import nothing", name, value)
						}
					}
					if timeouts, there := f.resource["timeouts"]; !there || timeouts != nil {
						t.Errorf("timeouts are %v", timeouts)
					}
				}
			})
		})
	}
}

// stays are the arguments of a stay that has begun.
func (w *world) stays(v values) values {
	return values{"device_id": w.lock.ID, "starts_at": stamp(-time.Hour), "ends_at": stamp(24 * time.Hour)}.with(v)
}

func TestAListAcrossLocksSkipsWhatTakesNoPINs(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		thermostat := w.seam.AddLock("Thermostat")
		thermostat.Describe(func(d map[string]any) { d["capabilities_supported"] = []string{"thermostat"} })
		for range 3 {
			w.seam.AddLock("Empty")
		}
		w.seam.ResetRequests()
		same(t, "found", ids(w.finds("seam_access_code", values{})), []string{id})
		w.asked(listPath, 4)
		w.asked("/devices/list", 1)
		same(t, "unmanaged", len(w.finds("seam_unmanaged_access_code", values{})), 0)
		w.asked(strayPath, 4)
	})
}

func TestAListAcrossLocksFailsWithTheFirstThatFails(t *testing.T) {
	inWorld(t, func(w *world) {
		w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		back := w.seam.AddLock("Back Door")
		w.seam.AddLock("Shed")
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 403, Type: "forbidden", Message: "No", Match: func(body map[string]any) bool { return body["device_id"] == back.ID }})
		found, diags := w.list("seam_access_code", values{}, 100, true, 0)
		w.fails(diags, "Unable to list access codes", "forbidden", "may not do this")
		same(t, "found before", len(found), 1)
		same(t, "errors", len(diags), 1)
	})
}

func TestAListThatIsInterruptedEndsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.furnish()
		w.seam.PageSize(2)
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Delay: time.Hour})
		time.AfterFunc(5*time.Second, w.interrupt)
		w.lasts(5*time.Second, func() {
			found, diags := w.list("seam_access_code", values{"device_id": w.lock.ID}, 100, false, 0)
			w.fails(diags, "Unable to list access codes", "canceled", "Run again")
			same(t, "found before", len(found), 2)
		})
	})
}

func TestEveryListStopsAtItsLimit(t *testing.T) {
	for kind, path := range map[string]string{"seam_access_code": listPath, "seam_unmanaged_access_code": strayPath, "seam_device": "/devices/list", "seam_webhook": "/webhooks/list"} {
		inWorld(t, func(w *world) {
			w.furnish()
			hooks := w.other("seam_webhook")
			hooks.ok(hooks.apply(hook()))
			another := w.other("seam_webhook")
			another.ok(another.apply(hook().with(values{"url": "https://example.com/other"})))
			w.seam.PageSize(1)
			for _, c := range []struct{ limit, enough int }{{2, 0}, {100, 2}} {
				w.seam.ResetRequests()
				found, diags := w.list(kind, values{}, int64(c.limit), true, c.enough)
				w.silent(diags)
				if asks := w.seam.Count(path); len(found) != 2 || asks > 2 {
					t.Errorf("%s with %+v: %d found in %d requests", kind, c, len(found), asks)
				}
			}
			all, diags := w.list(kind, values{}, 0, false, 0)
			w.silent(diags)
			if len(all) < 2 {
				t.Errorf("%s without a limit: %d found", kind, len(all))
			}
			for _, f := range all {
				if f.resource != nil {
					t.Error(fmt.Sprint("a resource is sent that nobody asked for: ", f.resource))
				}
			}
		})
	}
}

// A query may leave its filter out altogether.
func TestAListWithoutAFilterFindsEverything(t *testing.T) {
	for _, kind := range []string{"seam_access_code", "seam_unmanaged_access_code", "seam_device", "seam_webhook"} {
		inWorld(t, func(w *world) {
			w.furnish()
			hooks := w.other("seam_webhook")
			hooks.ok(hooks.apply(hook()))
			want := ids(w.finds(kind, values{}))
			lists, ok := w.server.(tfprotov6.ListResourceServer)
			if !ok {
				t.Fatal("the provider offers no lists")
			}
			of := w.schemas().ListResourceSchemas[kind].ValueType()
			for name, config := range map[string]*tfprotov6.DynamicValue{"nothing": nil, "null": w.encode(tftypes.NewValue(of, nil))} {
				stream, err := lists.ListResource(w.t.Context(), &tfprotov6.ListResourceRequest{TypeName: kind, Config: config, Limit: 100})
				w.must(err)
				valid, err := lists.ValidateListResourceConfig(w.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: kind, Config: config})
				w.must(err)
				w.silent(valid.Diagnostics)
				found := 0
				for result := range stream.Results {
					w.silent(result.Diagnostics)
					found++
				}
				same(t, fmt.Sprint(kind, " with ", name), found, len(want))
			}
		})
	}
}

func TestWhatHasNoNameIsListedByItsID(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID})
		w.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) { c.Name = "" })
		w.lock.Describe(func(d map[string]any) {
			d["properties"] = map[string]any{}
			delete(d, "display_name")
		})
		same(t, "code", w.finds("seam_access_code", values{})[0].name, id)
		same(t, "device", w.finds("seam_device", values{})[0].name, w.lock.ID)
	})
}
