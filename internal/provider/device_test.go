package provider

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func withDeviceHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_device", test)
}

func (h *harness) deviceConfig(more values) values { return values{"device_id": h.lock.ID}.with(more) }

func TestDevice_createChangesNothingByDefault(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.lock.SetMetadata(map[string]any{"floor": "2", "vip": true})
		h.requireNoDiagnostics(h.apply(h.deviceConfig(nil)))
		h.requireAttributes(values{"id": h.lock.ID, "name": "Front Door", "is_managed": true, "device_type": "yale_lock"})
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		h.requireRequests("/devices/update", 0)
	})
}

func TestDevice_setsNameAndMetadata(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.lock.SetMetadata(map[string]any{"theirs": "stays", "floor": "1"})
		config := h.deviceConfig(values{"name": "Main entrance", "custom_metadata": map[string]string{"floor": "2", "vip": "true"}, "backup_access_code_pool_enabled": true})
		h.requireNoDiagnostics(h.apply(config))
		h.requireSettled(config)
		h.requireMetadata(map[string]any{"theirs": "stays", "floor": "2", "vip": "true"})
		less := h.deviceConfig(values{"name": "Side entrance", "custom_metadata": map[string]string{"floor": "2"}})
		h.requireNoDiagnostics(h.apply(less))
		h.requireMetadata(map[string]any{"theirs": "stays", "floor": "2"})
		h.requireNoDiagnostics(h.apply(h.deviceConfig(nil)))
		h.requireMetadata(map[string]any{"theirs": "stays"})
		h.requireAttributes(values{"name": "Side entrance", "backup_access_code_pool_enabled": true})
	})
}

// requireMetadata fails the test unless the lock keeps exactly these entries.
func (h *harness) requireMetadata(want map[string]any) {
	h.t.Helper()
	requireEqual(h.t, "metadata of the lock", h.mustReadDataSource("seam_device", values{"id": h.lock.ID})["custom_metadata"], want)
}

func TestDevice_renamedDeviceIsFoundByItsNewName(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.mustReadDataSource("seam_device", values{"name": "Front Door"})
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"name": "Main entrance"})))
		h.mustReadDataSource("seam_device", values{"name": "Main entrance"})
	})
}

func TestDevice_changeOutsideIsPlanned(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		config := h.deviceConfig(values{"name": "Main entrance", "custom_metadata": map[string]string{"floor": "2"}})
		h.requireNoDiagnostics(h.apply(config))
		h.lock.SetMetadata(map[string]any{"floor": "3", "theirs": "new"})
		h.lock.SetNickname("Renamed")
		h.requireNoDiagnostics(h.refresh())
		h.requireCleanPlan(config, "custom_metadata", "name")
		h.requireNoDiagnostics(h.apply(config))
		h.requireMetadata(map[string]any{"floor": "2", "theirs": "new"})
	})
}

func TestDevice_becomesUnmanagedAndManagedAgain(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"is_managed": true})))
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"is_managed": false, "custom_metadata": map[string]string{"floor": "2"}})))
		h.requireNoDiagnostics(h.refresh())
		h.requireAttributes(values{"is_managed": false})
		h.requireMetadata(map[string]any{"floor": "2"})
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"is_managed": false, "custom_metadata": map[string]string{"floor": "3"}})))
		h.requireMetadata(map[string]any{"floor": "3"})
		h.requireError(h.apply(h.deviceConfig(values{"is_managed": false, "name": "Main"})), "only on managed devices")
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"is_managed": true, "name": "Main"})))
		h.requireAttributes(values{"is_managed": true, "name": "Main"})
	})
}

func TestDevice_withCodesStaysManaged(t *testing.T) {
	forEachFor(t, "seam_device", map[string]func(*harness){
		"update": func(h *harness) {
			h.requireError(h.apply(h.deviceConfig(values{"is_managed": false})), "managed access codes", "Guest", "Destroy those codes first")
		},
		"destroy": func(h *harness) {
			h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"on_destroy": "unmanage"})))
			h.requireError(h.destroy(), "managed access codes", "Guest", "Destroy those codes first")
		},
	}, func(h *harness, attempt func(*harness)) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(nil)))
		guest := h.newObject("seam_access_code")
		guest.requireNoDiagnostics(guest.apply(guestConfig(h)))
		attempt(h)
		requireEqual(h.t, "is_managed", h.mustReadDataSource("seam_device", values{"id": h.lock.ID})["is_managed"], true)
		guest.requireNoDiagnostics(guest.destroy())
		guest.requireNoState()
	})
}

func TestDevice_withBackupCodesStaysManaged(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"backup_access_code_pool_enabled": true, "on_destroy": "unmanage"})))
		h.requireError(h.destroy(), "backup access code pool", "backup_access_code_pool_enabled = false first")
		h.requireError(h.apply(h.deviceConfig(values{"is_managed": false})), "backup access code pool")
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"backup_access_code_pool_enabled": false, "on_destroy": "unmanage"})))
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
	})
}

func TestDevice_destroyUnmanagesIfConfigured(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"on_destroy": "unmanage"})))
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		requireEqual(t, "is_managed", h.mustReadDataSource("seam_device", values{"id": h.lock.ID})["is_managed"], false)
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"is_managed": true}))) // and back
		h.requireAttributes(values{"is_managed": true})
	})
}

func TestDevice_missingDeviceKeepsTheState(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireError(h.apply(values{"device_id": "b3b7d3f0-0000-4000-8000-000000000000"}), "There is no device b3b7d3f0", "Check the id")
		h.requireNoState()
		h.requireNoDiagnostics(h.apply(h.deviceConfig(nil)))
		h.lock.Disappear()
		h.requireWarning(h.refresh(), "Device missing", "remove the resource from the configuration")
		h.lock.Restore()
		h.requireNoDiagnostics(h.refresh())
	})
}

func TestDevice_metadataOfAnImportedDeviceIsReplaced(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.lock.SetMetadata(map[string]any{"floor": "2"})
		h.requireNoDiagnostics(h.importID(h.lock.ID))
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"custom_metadata": map[string]string{"floor": "2"}})))
		h.requireMetadata(map[string]any{"floor": "2"})
	})
}

func TestDevice_refusedChangeIsExplained(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(nil)))
		h.lock.Describe(func(d map[string]any) { d["properties"].(map[string]any)["supports_backup_access_code_pool"] = false }) //nolint:forcetypeassert // as the fake makes it
		h.requireStateUnchanged(func() {
			h.requireError(h.apply(h.deviceConfig(values{"backup_access_code_pool_enabled": true})), "Unable to update device", "request id")
		})
		h.seam.InjectFault(seamtest.Fault{Path: "/devices/update", Status: 400, Type: "invalid_input", Message: "no"})
		h.requireStateUnchanged(func() { h.requireError(h.apply(h.deviceConfig(values{"name": "Main"})), "Unable to update device: no") })
	})
}

func TestDevice_invalidArgumentsAreRefused(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		long := fmt.Sprintf("%041d", 0)
		for _, config := range []values{{"custom_metadata": map[string]string{"a.b": "x"}}, {"custom_metadata": map[string]string{long: "x"}}, {"custom_metadata": map[string]string{"a": ""}}, {"on_destroy": "delete"}, {"name": ""}} {
			if h.plan(h.deviceConfig(config)).errors() == "" {
				t.Errorf("%v is accepted", config)
			}
		}
	})
}

func TestDevice_destroyOfAMissingDeviceSucceeds(t *testing.T) {
	withDeviceHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(h.deviceConfig(values{"on_destroy": "unmanage"})))
		h.lock.Disappear()
		h.requireWarning(h.destroy(), "Device missing", "no device to make unmanaged", "PINs may still be on it")
		h.requireNoState()
	})
}
