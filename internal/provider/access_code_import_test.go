package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func writeCount(h *harness) int {
	return h.seam.Count(createPath) + h.seam.Count(updatePath) + h.seam.Count(deletePath)
}

// Seam never tells these, so an imported code has none of them.
func TestAccessCode_createOnlyArgumentsAreRecordedAfterImport(t *testing.T) {
	for name, value := range map[string]any{
		"common_code_key": "family", "preferred_code_length": 6, "max_time_rounding": "1day", "prefer_native_scheduling": false, "use_backup_access_code_pool": true,
	} {
		subtest(t, name, func(h *harness) {
			window := values{"starts_at": timeFromNow(0), "ends_at": "2040-01-01T00:00:00Z"}
			config := window.with(values{"device_id": h.lock.ID, "name": "Guest", name: value})
			id := h.createOutside(window.with(values{"device_id": h.lock.ID, "code": "4821", "name": "Guest"}))
			h.requireNoDiagnostics(h.importID(id))
			h.requireCleanPlan(config, name)
			h.requireNoWrite(func() { h.requireNoDiagnostics(h.apply(config)) })
			h.restart()
			h.requireSettled(config)
			h.requireOpens("4821", true)
		})
	}
}

func TestAccessCode_createOnlyArgumentsInTheStateReplace(t *testing.T) {
	for name, change := range map[string][2]any{
		"common_code_key": {"family", "friends"}, "preferred_code_length": {6, 8}, "max_time_rounding": {"1hour", "1day"},
		"prefer_native_scheduling": {false, true}, "use_backup_access_code_pool": {true, nil},
	} {
		subtest(t, name, func(h *harness) {
			config := values{"device_id": h.lock.ID, "starts_at": timeFromNow(0), "ends_at": "2040-01-01T00:00:00Z"}
			h.requireNoError(h.apply(config.with(values{name: change[0]})))
			first := h.id()
			h.restart()
			h.requireReplaces(config.with(values{name: change[1]}), name)
			h.requireNoError(h.apply(config.with(values{name: change[1]})))
			if h.id() == first || len(h.seam.AccessCodes()) != 1 {
				h.t.Error("the code was not replaced")
			}
		})
	}
}

func TestAccessCode_importOfAnUnmanagedCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireError(h.importID(id), "Access code "+id, "not managed", "adopt_access_code_id", "seam_unmanaged_access_code")
	})
}
