package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func guest(w *world) values {
	return values{"device_id": w.lock.ID, "name": "Guest", "code": "4821"}
}

func TestDestroyReturnsOnlyWhenThePINNoLongerOpensTheDoor(t *testing.T) {
	for name, removal := range map[string]seamtest.Removal{
		"at once":                        {},
		"after a while":                  {Takes: 7 * time.Second},
		"without an attempt":             {NoAttempt: true, GoneAfter: 20 * time.Second},
		"success before it is gone":      {Takes: time.Second, GoneAfter: time.Minute},
		"the attempt vanishes":           {Takes: time.Second, Ends: seamtest.Vanishes, GoneAfter: 30 * time.Second},
		"the attempt ends as never seen": {Takes: time.Second, Ends: seamtest.EndsAs("weird"), GoneAfter: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnRemove(removal)
				w.ok(w.apply(guest(w)))
				if !w.lock.Opens("4821") {
					t.Fatal("the PIN does not open the door after apply")
				}
				w.restart()
				w.ok(w.destroy())
				if w.lock.Opens("4821") {
					t.Error("destroy said done, and the PIN still opens the door")
				}
				if n := w.seam.Count("/access_codes/delete"); n != 1 {
					t.Errorf("%d delete calls, want 1", n)
				}
			})
		})
	}
}

func TestFailedAttemptIsExplainedAndAskedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnRemove(seamtest.Removal{Takes: time.Second, Ends: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "the lock does not answer", Stays: true})
		w.ok(w.apply(guest(w)))
		w.restart()
		w.fails(w.destroy(), "Unable to delete access code", "device_offline", "the lock does not answer", "run destroy again")
		if w.state.IsNull() || !w.lock.Opens("4821") {
			t.Fatal("the state must keep a code that is still on the lock")
		}
		w.restart()
		w.ok(w.destroy())
		if w.lock.Opens("4821") || w.seam.Count("/access_codes/delete") != 2 {
			t.Error("the second destroy has to ask again and remove the PIN")
		}
	})
}

func TestPendingAttemptIsResumedWithoutASecondDelete(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnRemove(seamtest.Removal{Takes: 15 * time.Minute})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "2m"}})))
		w.restart()
		start := time.Now()
		w.fails(w.destroy(), "not confirmed", "pending", "Run destroy again")
		if took := time.Since(start); took < 2*time.Minute || took > 2*time.Minute+time.Second {
			t.Errorf("gave up after %v, want timeouts.delete = 2m", took)
		}
		later(14 * time.Minute)
		w.restart()
		w.ok(w.destroy())
		if w.lock.Opens("4821") || w.seam.Count("/access_codes/delete") != 1 {
			t.Error("the second destroy has to wait for the first one's attempt")
		}
	})
}

func TestGhostKeepsTheState(t *testing.T) {
	for name, config := range map[string]values{
		"plain":      {"code": "4821"},
		"write-only": {"code": nil, "code_wo": "4821", "code_wo_version": 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnRemove(seamtest.Removal{Takes: time.Second, Ghost: &seamtest.Unmanaged{}})
				w.ok(w.apply(guest(w).with(config)))
				w.restart()
				diags := w.destroy()
				w.fails(diags, "still lists the PIN", "unmanaged access code")
				if strings.Contains(text(diags, 1), "4821") {
					t.Error("the PIN is in the error")
				}
				w.restart()
				w.fails(w.destroy(), "unmanaged access code")
			})
		})
	}
}
