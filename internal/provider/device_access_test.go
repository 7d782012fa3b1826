package provider

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// deviceAccess reads who can open the lock: the entries by id, and the PINs.
func (h *harness) deviceAccess(config values) (entries map[string]map[string]any, pins map[string]any) {
	h.t.Helper()
	shown, diags := h.ReadDataSource("seam_device_access", values{"device_id": h.lock.ID}.with(config))
	h.requireNoDiagnostics(diags)
	entries = map[string]map[string]any{}
	all, _ := shown["access"].([]any)
	for _, one := range all {
		entry, _ := one.(map[string]any)
		id, _ := entry["id"].(string)
		entries[id] = entry
	}
	pins, _ = shown["pins"].(map[string]any)
	return entries, pins
}

func TestDeviceAccess_everyWayIn(t *testing.T) {
	withHarness(t, func(h *harness) {
		grant := h.grantOnLock()
		stranger := h.stranger("4821")
		stay := h.createOutside(values{"device_id": h.lock.ID, "code": "7319", "name": "Ana 4821", "starts_at": timeFromNow(0), "ends_at": timeFromNow(48 * time.Hour)})
		backup := h.seam.PullBackupAccessCode(stay)
		advanceClock(time.Minute)
		h.restart()
		entries, pins := h.deviceAccess(nil)
		kinds := map[string]int{}
		for _, entry := range entries {
			kinds[entry["kind"].(string)]++ //nolint:forcetypeassert // a test
			if entry["in_force"] != true {
				t.Errorf("%v is not in force", entry)
			}
		}
		requireEqual(t, "kinds", kinds, map[string]int{"access_code": 2, "backup_access_code": 1, "unmanaged_access_code": 1, "access_grant": 1, "access_method": 1})
		requireEqual(t, "grant's entries", len(slices.DeleteFunc(slices.Collect(maps.Values(entries)), func(e map[string]any) bool { return e["access_grant_id"] != grant })), 3)
		requireEqual(t, "stranger's PIN", pins[stranger], any("4821"))
		requireEqual(t, "PINs", len(pins), 4)
		requireAbsent(t, entries[stay]["name"].(string), "4821") //nolint:forcetypeassert // a test
		later, _ := h.deviceAccess(values{"at": timeFromNow(72 * time.Hour)})
		for id, want := range map[string]bool{stay: false, backup: false, stranger: true, grant: true} {
			requireEqual(t, id+" in force later", later[id]["in_force"], any(want))
		}
	})
}

func TestDeviceAccess_codesOfOtherLocksAreNotShown(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.grantOnLock()
		back := h.seam.AddLock("Back Door")
		back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		all := h.encodeJSON(h.Call(grantsListPath, values{}))
		h.seam.InjectFault(seamtest.Fault{Path: grantsListPath, Status: 200, ContentType: "application/json", Body: all}) // the filter is ignored
		h.restart()
		shown, diags := h.ReadDataSource("seam_device_access", values{"device_id": back.ID})
		h.requireNoDiagnostics(diags)
		entries, _ := shown["access"].([]any)
		requireEqual(t, "entries", len(entries), 1)
	})
}

func TestDeviceAccess_failuresAreErrors(t *testing.T) {
	forEach(t, named(listPath, strayPath, grantsListPath, "/access_methods/list", "/access_grants/get_related"), func(h *harness, path string) {
		h.grantOnLock()
		h.seam.InjectFault(status500Fault(path))
		h.restart()
		_, diags := h.ReadDataSource("seam_device_access", values{"device_id": h.lock.ID})
		h.requireError(diags, "Unable to read device access", path)
	})
}
