package provider

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestIsItSaidWhichEventDestroyWaitsFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821", "removal": "verified_by_event", "timeouts": values{"delete": "2m"}}))
		w.seam.MuteEvents("access_code.removed_from_device")
		w.fails(w.destroy(), "Seam's event access_code.removed_from_device did not come", `removal = "verified"`)
	})
}

func TestIsAShortPINToldToBeQuoted(t *testing.T) {
	inWorld(t, func(w *world) {
		for name, config := range map[string]values{"code": {"code": "123"}, "code_wo": {"code_wo": "123", "code_wo_version": 1}} {
			w.fails(w.plan(config.with(values{"device_id": w.lock.ID})).diags, "argument "+name, `such as "0729"`, "put it in quotes", "drops the zero")
		}
		if said := w.plan(values{"device_id": w.lock.ID, "code": "12a"}).errors(); strings.Contains(said, "drops the zero") {
			t.Errorf("a letter is no lost zero: %s", said)
		}
	})
}

func TestIsItKnownInThePlanWhetherTheLockMayChangeANewCode(t *testing.T) {
	inWorld(t, func(w *world) {
		config := values{"device_id": w.lock.ID, "code": "4821"}
		if allowed := plain(attributes(w.plan(config).planned)["is_external_modification_allowed"]); allowed != false {
			t.Errorf("planned: %v", allowed)
		}
		w.restart()
		w.silent(w.apply(config))
		for _, request := range w.seam.Requests() {
			if sent := request.Body["is_external_modification_allowed"]; request.Path == createPath && sent != false {
				t.Errorf("sent: %v", sent)
			}
		}
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
	})
}

// An adopted code may be one that the lock may change; a plan must not promise otherwise.
func TestIsItLeftOpenInThePlanWhetherTheLockMayChangeAnAdoptedCode(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		for name, adopted := range map[string]any{"known": id, "unknown": unknown{}} {
			planned := attributes(w.plan(values{"device_id": w.lock.ID, "adopt_access_code_id": adopted}).planned)
			if planned["is_external_modification_allowed"].IsKnown() {
				t.Errorf("%s: planned as %s", name, planned["is_external_modification_allowed"])
			}
		}
	})
}

// What Seam answers may differ from what was planned: that is shown by the next plan, and
// never taints.
func TestDoesACodeThatSeamLetsTheLockChangeTaint(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, path := range []string{createPath, getPath, listPath} {
			w.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(status int, body []byte) (int, []byte) {
				return status, bytes.ReplaceAll(body, []byte(`"is_external_modification_allowed":false`), []byte(`"is_external_modification_allowed":true`))
			}})
		}
		config := values{"device_id": w.lock.ID, "code": "4821"}
		w.silent(w.apply(config))
		w.silent(w.refresh())
		if w.has("is_external_modification_allowed") != true || !w.plan(config).empty() {
			t.Errorf("read as %v, and planned %v", w.has("is_external_modification_allowed"), w.plan(config).changes())
		}
	})
}

func TestWithWhichExamplesAreMalformedArgumentsExplained(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Now().UTC().Format("2006-01-02 15:04")
		w.fails(w.plan(values{"device_id": w.lock.ID, "starts_at": at, "ends_at": at}).diags, "such as 2026-01-02T15:04:05Z")
	})
}
