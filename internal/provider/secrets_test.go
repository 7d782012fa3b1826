package provider

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const canary, otherCanary = "73915824", "62804735"

// written is everything that a run leaves behind, other than the state itself.
func (w *world) written() string {
	w.t.Helper()
	all := []string{text(w.said, 1), text(w.said, 2), privateState(w.t, w.private)}
	file, _ := w.settings["removal_receipts"].(string)
	receipts, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	w.logging.Lock()
	defer w.logging.Unlock()
	return strings.Join(append(append(all, string(receipts)), w.logged...), "\n")
}

// discreet fails the test if anything that was written holds a secret.
func (w *world) discreet() {
	w.t.Helper()
	written := w.written()
	for _, secret := range []string{canary, otherCanary, w.seam.Workspace().APIKey} {
		if i := strings.Index(written, secret); i >= 0 {
			w.t.Errorf("a secret was written: %q", written[max(0, i-300):min(len(written), i+100)])
		}
	}
}

func TestNothingWrittenHoldsASecret(t *testing.T) {
	leak := seamtest.Issue{Code: "failed_to_remove_from_device", Message: "PIN " + canary + " stays"}
	for name, story := range map[string]func(*world, values){
		"everything goes well": func(w *world, config values) { w.ok(w.apply(config)); w.ok(w.destroy()) },
		"PIN is taken": func(w *world, config values) {
			w.createElsewhere(values{"device_id": w.lock.ID, "code": canary})
			w.fails(w.apply(config))
		},
		"lost create": func(w *world, config values) {
			w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore})
			w.fails(w.apply(config))
		},
		"refused create": func(w *world, config values) {
			w.seam.InjectFault(seamtest.Fault{Path: createPath, Type: "invalid_input", Message: "bad PIN " + canary})
			w.fails(w.apply(config))
		},
		"never set": func(w *world, config values) {
			w.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{leak}})
			w.ok(w.apply(config.with(values{"wait_for_set": true})))
		},
		"failed attempt": func(w *world, config values) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "pin_" + canary, ErrorMessage: "PIN " + canary, Errors: []seamtest.Issue{leak}, Stays: true})
			w.ok(w.apply(config))
			w.fails(w.destroy())
		},
		"attempt of a strange state": func(w *world, config values) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.EndsWithStatus(canary), Stays: true})
			w.ok(w.apply(config))
			w.fails(w.destroy())
		},
		"slow removal": func(w *world, config values) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: []seamtest.Issue{leak}, Warnings: []seamtest.Issue{leak}})
			w.ok(w.apply(config))
			w.fails(w.destroy())
			w.ok(w.refresh())
		},
		"ghost": func(w *world, config values) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{Name: canary, CannotBeDeleted: true}})
			w.ok(w.apply(config))
			w.fails(w.destroy())
			w.restart()
			w.warns(w.refresh(), "not proven")
			w.fails(w.delete())
		},
		"rotation": func(w *world, config values) {
			w.ok(w.apply(config))
			w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}, Errors: []seamtest.Issue{leak}})
			w.fails(w.apply(rotated(config)))
			w.restart()
			w.ok(w.refresh())
			w.fails(w.apply(rotated(config)))
			w.fails(w.destroy())
		},
		"failed rotation": func(w *world, config values) {
			w.ok(w.apply(config))
			w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "t", ErrorMessage: canary + otherCanary})
			w.fails(w.apply(rotated(config)))
		},
		"rotation to a taken PIN": func(w *world, config values) {
			w.createElsewhere(values{"device_id": w.lock.ID, "code": otherCanary})
			w.ok(w.apply(config))
			w.fails(w.apply(rotated(config)))
		},
		"removed outside": func(w *world, config values) {
			w.ok(w.apply(config))
			w.seam.RemoveAccessCode(w.id())
			w.warns(w.refresh(), "removed outside")
		},
		"missing lock": func(w *world, config values) {
			w.ok(w.apply(config))
			w.lock.Disappear()
			w.fails(w.refresh())
			w.fails(w.delete())
		},
		"twin": func(w *world, config values) {
			w.ok(w.apply(config))
			twin := w.createElsewhere(values{"device_id": w.lock.ID, "code": "1111"})
			w.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = canary })
			w.ok(w.destroy())
		},
		"event that never comes": func(w *world, config values) {
			w.seam.MuteEvents("access_code.removed_from_device")
			w.ok(w.apply(config.with(values{"removal": "verified_by_event"})))
			w.fails(w.destroy())
		},
	} {
		for form, config := range secretForms {
			t.Run(name+", "+form, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.receipts()
					w.seam.EchoSecrets(true)
					story(w, guest(w).with(config))
					w.discreet()
				})
			})
		}
	}
}

var secretForms = map[string]values{
	"plain":      {"code": canary},
	"write-only": {"code": nil, "code_wo": canary, "code_wo_version": 1},
}

// rotated is config with the other canary.
func rotated(config values) values {
	if config["code_wo"] != nil {
		return config.with(values{"code_wo": otherCanary, "code_wo_version": 2})
	}
	return config.with(values{"code": otherCanary})
}

// Every call may fail in every way, and Seam repeats secrets in every message.
func TestNoFailureTellsASecret(t *testing.T) {
	for _, path := range []string{"/workspaces/get", getPath, listPath, createPath, updatePath, deletePath, strayPath, "/devices/get", attemptPath(), "/events/list"} {
		for kind, fault := range map[string]seamtest.Fault{
			"envelope": {Status: 400, Type: "bad", Message: "no"}, "server": {Status: 500, Type: "internal", Message: "no"}, "auth": {Status: 401, Type: "unauthorized", Message: "no"},
			"type": {Status: 400, Type: "bad_" + canary}, "raw": {Status: 400, ContentType: "text/plain", Body: canary}, "html": {Status: 200, ContentType: "text/html", Body: canary},
			"not found": {Status: 404, Type: "not_found", Message: "no"}, "id": {Status: 200, ContentType: "application/json", Body: `{"access_code":{"access_code_id":"x ` + canary + `"},"workspace":{"workspace_id":""}}`},
		} {
			t.Run(kind+" on "+path, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.receipts()
					w.seam.EchoSecrets(true)
					w.lock.SetDefaultDelete(seamtest.DeleteBehavior{Takes: time.Second})
					w.lock.SetDefaultUpdate(seamtest.UpdateBehavior{Takes: time.Second})
					fault.Path = path
					config := guest(w).with(values{"code": canary, "removal": "verified_by_event"})
					failing := w.seam.InjectFault(fault)
					if path == "/workspaces/get" || path == createPath {
						w.apply(config)
						w.discreet()
						if failing.Hits() == 0 {
							t.Error("the fault did not strike")
						}
					}
					failing.Remove()
					w.restart()
					w.ok(w.apply(config))
					failing = w.seam.InjectFault(fault)
					w.restart()
					w.put(rotated(config))
					w.discreet()
					w.refresh()
					w.discreet()
					if !w.state.IsNull() {
						w.delete()
						w.discreet()
					}
					if path != listPath && path != createPath && failing.Hits() == 0 {
						t.Error("the fault did not strike")
					}
				})
			})
		}
	}
}

func TestWriteOnlyPINIsNowhere(t *testing.T) {
	inWorld(t, func(w *world) {
		config := guest(w).with(secretForms["write-only"])
		look := func() {
			t.Helper()
			kept := fmt.Sprintf("%s\n%s\n%s", w.encode(w.state).MsgPack, privateState(t, w.private), w.written())
			for _, secret := range []string{canary, otherCanary} {
				if strings.Contains(kept, secret) {
					t.Errorf("the PIN is in %q", kept)
				}
			}
		}
		planned := func(config values) {
			t.Helper()
			p := w.plan(config)
			if bytes := fmt.Sprintf("%s%s", w.encode(p.planned).MsgPack, privateState(t, p.private)); strings.Contains(bytes, canary) || strings.Contains(bytes, otherCanary) {
				t.Errorf("the PIN is in the plan: %q", bytes)
			}
		}
		planned(config)
		w.ok(w.apply(config))
		w.opens(canary, true)
		look()
		w.ok(w.refresh())
		look()
		planned(rotated(config))
		w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		diags := w.apply(rotated(config))
		w.fails(diags)
		look()
		w.ok(w.refresh())
		look()
		planned(rotated(config))
		w.seam.RemoveUnmanagedAccessCode(w.stray(text(diags, 1)))
		w.ok(w.apply(rotated(config)))
		look()
		w.opens(otherCanary, true)
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		w.fails(w.destroy())
		look()
		if w.has("code") != nil || w.has("code_wo") != nil {
			t.Errorf("code %v, code_wo %v", w.has("code"), w.has("code_wo"))
		}
	})
}

func TestFromPlainToWriteOnlyAndBack(t *testing.T) {
	inWorld(t, func(w *world) {
		plain, hidden := guest(w).with(secretForms["plain"]), guest(w).with(secretForms["write-only"])
		w.ok(w.apply(plain))
		w.silent(w.apply(hidden))
		w.opens(canary, true)
		if w.has("code") != nil {
			t.Error("the PIN is still in the state")
		}
		w.silent(w.apply(plain))
		w.opens(canary, true)
		if w.has("code") != canary {
			t.Error("the PIN is not in the state")
		}
		w.silent(w.refresh())
		if p := w.plan(plain); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		w.silent(w.apply(hidden))
		w.ok(w.apply(plain.with(values{"code": nil})))
		if pin := w.has("code"); pin != canary {
			t.Errorf("without code_wo the PIN on the lock is the PIN in the state, not %v", pin)
		}
	})
}
