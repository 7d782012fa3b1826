package provider

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// releases are the ways in which Seam may answer for a code that is no longer managed.
var releases = map[string]func(*world){
	"get answers 404": func(*world) {},
	"get answers with it": func(w *world) {
		id := w.id()
		w.seam.InjectFault(seamtest.Fault{Path: getPath, Replace: func(status int, body []byte) (int, []byte) {
			code, managed := w.seam.AccessCode(id)
			if managed || status != 404 || !slices.Contains(w.lock.UnmanagedAccessCodeIDs(), id) {
				return status, body
			}
			answer, _ := json.Marshal(map[string]any{"ok": true, "access_code": map[string]any{"access_code_id": id, "device_id": w.lock.ID, "code": code.PIN, "is_managed": false}})
			return 200, answer
		}})
	},
}

// Does the nightly plan see that a code is no longer managed, and does apply take it back
// without anybody standing in front of the door?
func TestAccessCode_unmanagedCodeIsTakenBack(t *testing.T) {
	for form, config := range forms {
		for name, answers := range releases {
			t.Run(form+", "+name, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.ok(w.apply(guest(w).with(config)))
					id := w.id()
					w.seam.UnmanageAccessCode(id)
					answers(w)
					w.restart()
					w.warns(w.refresh(), "no longer managed", id)
					same(t, "is_managed", w.has("is_managed"), any(false))
					p := w.plan(guest(w).with(config))
					same(t, "changes", p.changes(), []string{"is_managed"})
					same(t, "replaces", len(p.replaces), 0)
					w.opens("4821", true)
					w.ok(w.put(guest(w).with(config)))
					w.opens("4821", true)
					same(t, "id", w.id(), id)
					w.asked(deletePath, 0)
					w.asked(strayDeletePath, 0)
					w.asked(updatePath, 0)
					w.restart()
					w.silent(w.refresh())
					if p := w.plan(guest(w).with(config)); !p.empty() {
						t.Errorf("the next plan changes %v", p.changes())
					}
					w.ok(w.destroy())
					w.opens("4821", false)
				})
			})
		}
	}
}

// Is a code that another workspace manages taken from it by force?
func TestAccessCode_unmanagedCodeOfAnotherWorkspaceIsNotForced(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.seam.UnmanageAccessCode(w.id())
		w.seam.InjectFault(seamtest.Fault{Path: "/access_codes/unmanaged/convert_to_managed", Status: 400, Type: "access_code_managed_by_another_workspace"})
		w.restart()
		w.ok(w.refresh())
		w.keeps(func() { w.fails(w.put(guest(w)), "managed again", "state rm") })
		for _, r := range w.seam.Requests() {
			if r.Body["force"] != nil {
				t.Error("it used force")
			}
		}
	})
}

// Does the nightly plan see that the PIN of a removed code is on the lock as another one?
func TestAccessCode_strayPINIsPlannedAsAReplacement(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.seam.RemoveAccessCode(w.id())
		left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.restart()
		w.warns(w.refresh(), "not proven", left)
		same(t, "is_managed", w.has("is_managed"), any(false))
		p := w.plan(guest(w))
		same(t, "replaces", p.replaces, []string{"is_managed"})
		same(t, "changed", slices.Contains(p.changes(), "is_managed"), true)
		w.fails(w.put(guest(w)), left)
		w.seam.RemoveUnmanagedAccessCode(left)
		w.ok(w.put(guest(w)))
		w.opens("4821", true)
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(guest(w)); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
	})
}

// Is a stay that is over made anew because its PIN is still on the lock?
func TestAccessCode_strayPINOfAnEndedStayReplacesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		config := stay(w, time.Hour)
		w.ok(w.apply(config))
		later(2 * time.Hour)
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.restart()
		w.ok(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan changes %v", p.changes())
		}
	})
}

// Is somebody told that a guest stands in front of a locked door?
func TestAccessCode_PINThatIsNotOnItsLockIsAWarning(t *testing.T) {
	inWorld(t, func(w *world) {
		full := []seamtest.Issue{{Code: "no_space_for_access_code_on_device", Message: "Full"}}
		w.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: full}, seamtest.CreateBehavior{NeverSet: true, Errors: full})
		w.ok(w.apply(guest(w)))
		w.restart()
		w.warns(w.refresh(), "PIN not on its lock", w.id(), "no_space_for_access_code_on_device", "delete codes from the lock")
		if p := w.plan(guest(w)); !p.empty() {
			t.Errorf("the plan changes %v", p.changes())
		}
		w.seam.RemoveAccessCode(w.id())
		w.restart()
		w.ok(w.refresh())
		w.ok(w.apply(guest(w).with(values{"starts_at": stamp(time.Hour), "ends_at": stamp(2 * time.Hour)})))
		w.silent(w.refresh()) // the stay has not begun
	})
}
