package provider

import (
	"bytes"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Is it said which event destroy waits for?
func TestAccessCode_timeoutNamesTheAwaitedEvent(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821", "removal": "verified_by_event", "timeouts": values{"delete": "2m"}}))
		h.seam.MuteEvents("access_code.removed_from_device")
		h.requireError(h.destroy(), "Seam's event access_code.removed_from_device did not come", `removal = "verified"`)
	})
}

// Does the error about a short PIN say to put it in quotes?
func TestAccessCode_shortPINErrorSuggestsQuotes(t *testing.T) {
	withHarness(t, func(h *harness) {
		for name, config := range map[string]values{"code": {"code": "123"}, "code_wo": {"code_wo": "123", "code_wo_version": 1}} {
			h.requireError(h.plan(config.with(values{"device_id": h.lock.ID})).Diags, "argument "+name, `such as "0729"`, "put it in quotes", "drops the zero")
		}
		requireAbsent(t, h.plan(values{"device_id": h.lock.ID, "code": "12a"}).errors(), "drops the zero") // a letter is no lost zero
	})
}

// Is it known in the plan whether the lock may change a new code?
func TestAccessCode_externalModificationOfANewCodeIsKnownInThePlan(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := values{"device_id": h.lock.ID, "code": "4821"}
		if allowed := acctest.GoValue(attributes(h.plan(config).Planned)["is_external_modification_allowed"]); allowed != false {
			t.Errorf("planned: %v", allowed)
		}
		h.restart()
		h.requireNoDiagnostics(h.apply(config))
		for _, request := range h.seam.Requests() {
			if sent := request.Body["is_external_modification_allowed"]; request.Path == createPath && sent != false {
				t.Errorf("sent: %v", sent)
			}
		}
		h.requireCleanPlan(config)
	})
}

// Is it left open in the plan whether the lock may change an adopted code?
// An adopted code may be one that the lock may change; a plan must not promise otherwise.
func TestAccessCode_externalModificationOfAnAdoptedCodeIsUnknown(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		for name, adopted := range map[string]any{"known": id, "unknown": unknownValue{}} {
			planned := attributes(h.plan(values{"device_id": h.lock.ID, "adopt_access_code_id": adopted}).Planned)
			if planned["is_external_modification_allowed"].IsKnown() {
				t.Errorf("%s: planned as %s", name, planned["is_external_modification_allowed"])
			}
		}
	})
}

// Does a code that Seam lets the lock change taint?
// What Seam answers may differ from what was planned: that is shown by the next plan, and
// never taints.
func TestAccessCode_externalModificationNeverTaints(t *testing.T) {
	withHarness(t, func(h *harness) {
		for _, path := range []string{createPath, getPath, listPath} {
			h.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(status int, body []byte) (int, []byte) {
				return status, bytes.ReplaceAll(body, []byte(`"is_external_modification_allowed":false`), []byte(`"is_external_modification_allowed":true`))
			}})
		}
		config := values{"device_id": h.lock.ID, "code": "4821"}
		h.requireNoDiagnostics(h.apply(config))
		h.requireNoDiagnostics(h.refresh())
		if h.attribute("is_external_modification_allowed") != true || !h.plan(config).empty() {
			t.Errorf("read as %v, and planned %v", h.attribute("is_external_modification_allowed"), h.plan(config).changes())
		}
	})
}
