package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a query finds is imported with the configuration that Terraform makes of it. It must
// not be a change then, whatever kind of object it is.
func TestListResource_importedResultsPlanNothing(t *testing.T) {
	for name, c := range map[string]struct {
		kind   string
		filter values
		make   func(*harness)
	}{
		"ongoing code":  {"seam_access_code", nil, func(h *harness) { h.createOutside(values{"device_id": h.lock.ID, "code": "0481"}) }},
		"nameless code": {"seam_access_code", nil, func(h *harness) { h.createOutside(values{"device_id": h.lock.ID}) }},
		"stay":          {"seam_access_code", nil, func(h *harness) { h.createOutside(h.withStay(values{"name": "Guest"})) }},
		"stay to come": {"seam_access_code", nil, func(h *harness) {
			h.createOutside(h.withStay(values{"starts_at": timeFromNow(48 * time.Hour), "ends_at": timeFromNow(72 * time.Hour)}))
		}},
		"stay that ended": {"seam_access_code", nil, func(h *harness) {
			h.seam.KeepExpired(true)
			h.createOutside(h.withStay(nil))
			advanceClock(48 * time.Hour)
		}},
		"open to change": {"seam_access_code", nil, func(h *harness) {
			h.createOutside(values{"device_id": h.lock.ID, "is_external_modification_allowed": true})
		}},
		"once only": {"seam_access_code", nil, func(h *harness) {
			h.createOutside(h.withStay(values{"is_offline_access_code": true, "is_one_time_use": true}))
		}},
		"offline": {"seam_access_code", nil, func(h *harness) { h.createOutside(h.withStay(values{"is_offline_access_code": true})) }},
		"with a backup": {"seam_access_code", nil, func(h *harness) {
			h.seam.PullBackupAccessCode(h.createOutside(h.withStay(values{"use_backup_access_code_pool": true})))
		}},
		"with a key": {"seam_access_code", nil, func(h *harness) { h.createOutside(values{"device_id": h.lock.ID, "common_code_key": "family"}) }},
		"never set": {"seam_access_code", nil, func(h *harness) {
			h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true})
			h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		}},
		"hidden stranger": {"seam_unmanaged_access_code", nil, func(h *harness) {
			h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		}},
		"stranger": {"seam_unmanaged_access_code", nil, func(h *harness) {
			h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true, CannotBeManaged: true})
		}},
		"device":           {"seam_device", nil, func(h *harness) { h.lock.SetMetadata(map[string]any{"floor": "2", "lit": true}) }},
		"renamed device":   {"seam_device", nil, func(h *harness) { h.lock.SetNickname("Back Door") }},
		"device with pool": {"seam_device", nil, func(h *harness) { h.lock.SetBackupPool(true) }},
		"unmanaged device": {"seam_device", values{"is_managed": false}, func(h *harness) { h.lock.Unmanage() }},
		"bare device": {"seam_device", nil, func(h *harness) {
			h.lock.Describe(func(d map[string]any) { d["properties"] = map[string]any{}; delete(d, "display_name") })
		}},
		"webhook of all": {"seam_webhook", nil, func(h *harness) {
			hooks := h.newObject("seam_webhook")
			hooks.requireNoError(hooks.apply(webhookConfig()))
		}},
		"webhook of some": {"seam_webhook", nil, func(h *harness) {
			hooks := h.newObject("seam_webhook")
			hooks.requireNoError(hooks.apply(webhookConfig("access_code.deleted")))
		}},
		"webhook, spelled out": {"seam_webhook", nil, func(h *harness) {
			h.seam.ExpandEventTypes()
			hooks := h.newObject("seam_webhook")
			hooks.requireNoError(hooks.apply(webhookConfig()))
		}},
	} {
		subtestFor(t, c.kind, name, func(h *harness) {
			c.make(h)
			found, diags := h.ListResources(c.kind, c.filter, 100, true, 0)
			h.requireNoDiagnostics(diags)
			if len(found) == 0 {
				h.t.Fatal("nothing is found")
			}
			for _, f := range found {
				requireEqual(h.t, "id", f.Resource["id"], f.ID)
				h.RequireImportable(f)
			}
		})
	}
}

// withStay are the arguments of a stay that has begun.
func (h *harness) withStay(v values) values {
	return values{"device_id": h.lock.ID, "starts_at": timeFromNow(-time.Hour), "ends_at": timeFromNow(24 * time.Hour)}.with(v)
}

func TestListResource_skipsDevicesWithoutPINs(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		thermostat := h.seam.AddLock("Thermostat")
		thermostat.Describe(func(d map[string]any) { d["capabilities_supported"] = []string{"thermostat"} })
		for range 3 {
			h.seam.AddLock("Empty")
		}
		h.seam.ResetRequests()
		requireEqual(t, "found", listedIDs(h.mustList("seam_access_code", values{})), []string{id})
		h.requireRequests(listPath, 4)
		h.requireRequests("/devices/list", 1)
		requireEqual(t, "unmanaged", len(h.mustList("seam_unmanaged_access_code", values{})), 0)
		h.requireRequests(strayPath, 4)
	})
}

func TestListResource_failsWithTheFirstLockThatFails(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		back := h.seam.AddLock("Back Door")
		h.seam.AddLock("Shed")
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 403, Type: "forbidden", Message: "No", Match: func(body map[string]any) bool { return body["device_id"] == back.ID }})
		found, diags := h.ListResources("seam_access_code", values{}, 100, true, 0)
		h.requireError(diags, "Unable to list access codes", "forbidden", "may not do this")
		requireEqual(t, "found before", len(found), 1)
		requireEqual(t, "errors", len(diags), 1)
	})
}

func TestListResource_interruptEndsItAtOnce(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.addCodes()
		h.seam.PageSize(2)
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Delay: time.Hour})
		time.AfterFunc(5*time.Second, h.Interrupt)
		h.requireDuration(5*time.Second, func() {
			found, diags := h.ListResources("seam_access_code", values{"device_id": h.lock.ID}, 100, false, 0)
			h.requireError(diags, "Unable to list access codes", "canceled", "Run again")
			requireEqual(t, "found before", len(found), 2)
		})
	})
}

func TestListResource_unnamedObjectsShowTheirID(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID})
		h.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) { c.Name = "" })
		h.lock.Describe(func(d map[string]any) {
			d["properties"] = map[string]any{}
			delete(d, "display_name")
		})
		requireEqual(t, "code", h.mustList("seam_access_code", values{})[0].Name, id)
		requireEqual(t, "device", h.mustList("seam_device", values{})[0].Name, h.lock.ID)
	})
}
