package provider

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// unmanagedResponses are the ways in which Seam may answer for a code that is no longer managed.
var unmanagedResponses = map[string]func(*harness){
	"get answers 404": func(*harness) {},
	"get answers with it": func(h *harness) {
		id := h.id()
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Replace: func(status int, body []byte) (int, []byte) {
			code, managed := h.seam.AccessCode(id)
			if managed || status != 404 || !slices.Contains(h.lock.UnmanagedAccessCodeIDs(), id) {
				return status, body
			}
			answer, _ := json.Marshal(map[string]any{"ok": true, "access_code": map[string]any{"access_code_id": id, "device_id": h.lock.ID, "code": code.PIN, "is_managed": false}})
			return 200, answer
		}})
	},
}

// Does the nightly plan see that a code is no longer managed, and does apply take it back
// without anybody standing in front of the door?
func TestAccessCode_unmanagedCodeIsTakenBack(t *testing.T) {
	forEachPair(t, pinForms, unmanagedResponses, func(h *harness, config values, answers func(*harness)) {
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		id := h.id()
		h.seam.UnmanageAccessCode(id)
		answers(h)
		h.requireWarning(h.refreshInNextRun(), "no longer managed", id)
		h.requireAttributes(values{"is_managed": false})
		h.requireCleanPlan(guestConfig(h).with(config), "is_managed")
		h.requireOpens("4821", true)
		h.requireNoError(h.ApplyWithoutRefresh(guestConfig(h).with(config)))
		h.requireOpens("4821", true)
		requireEqual(h.t, "id", h.id(), id)
		h.requireRequests(deletePath, 0)
		h.requireRequests(strayDeletePath, 0)
		h.requireRequests(updatePath, 0)
		h.restart()
		h.requireSettled(guestConfig(h).with(config))
		h.mustDestroy("4821")
	})
}

// Is a code that another workspace manages taken from it by force?
func TestAccessCode_unmanagedCodeOfAnotherWorkspaceIsNotForced(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.UnmanageAccessCode(h.id())
		h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/unmanaged/convert_to_managed", Status: 400, Type: "access_code_managed_by_another_workspace"})
		h.requireNoError(h.refreshInNextRun())
		h.requireStateUnchanged(func() { h.requireError(h.ApplyWithoutRefresh(guestConfig(h)), "managed again", "state rm") })
		for _, r := range h.seam.Requests() {
			if r.Body["force"] != nil {
				t.Error("it used force")
			}
		}
	})
}

// Does the nightly plan see that the PIN of a removed code is on the lock as another one?
func TestAccessCode_strayPINIsPlannedAsAReplacement(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveAccessCode(h.id())
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireWarning(h.refreshInNextRun(), "not proven", left)
		h.requireAttributes(values{"is_managed": false})
		h.requireReplaces(guestConfig(h), "is_managed")
		requireEqual(t, "changed", slices.Contains(h.plan(guestConfig(h)).changes(), "is_managed"), true)
		h.requireError(h.ApplyWithoutRefresh(guestConfig(h)), left)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.ApplyWithoutRefresh(guestConfig(h)))
		h.requireOpens("4821", true)
		h.restart()
		h.requireSettled(guestConfig(h))
	})
}

// Is a stay that is over made anew because its PIN is still on the lock?
func TestAccessCode_strayPINOfAnEndedStayReplacesNothing(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := stayConfig(h, time.Hour)
		h.requireNoError(h.apply(config))
		advanceClock(2 * time.Hour)
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoError(h.refreshInNextRun())
		h.requireCleanPlan(config)
	})
}

// Is somebody told that a guest stands in front of a locked door?
func TestAccessCode_pinThatIsNotOnItsLockIsAWarning(t *testing.T) {
	withHarness(t, func(h *harness) {
		full := []seamtest.Issue{{Code: "no_space_for_access_code_on_device", Message: "Full"}}
		h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: full}, seamtest.CreateBehavior{NeverSet: true, Errors: full})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireWarning(h.refreshInNextRun(), "PIN not on its lock", h.id(), "no_space_for_access_code_on_device", "delete codes from the lock")
		h.requireCleanPlan(guestConfig(h))
		h.seam.RemoveAccessCode(h.id())
		h.requireNoError(h.refreshInNextRun())
		h.requireNoError(h.apply(guestConfig(h).with(values{"starts_at": timeFromNow(time.Hour), "ends_at": timeFromNow(2 * time.Hour)})))
		h.requireNoDiagnostics(h.refresh()) // the stay has not begun
	})
}
