package provider

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	convertPath      = "/access_codes/unmanaged/convert_to_managed"
	getUnmanagedPath = "/access_codes/unmanaged/get"
)

// adopting is a configuration that takes over an unmanaged code.
func (w *world) adopting(id string, more values) values {
	return values{"device_id": w.lock.ID, "adopt_access_code_id": id}.with(more)
}

func TestAdoptedCodeKeepsItsIDAndIsDestroyedWithProof(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
		w.silent(w.apply(w.adopting(id, nil)))
		w.keeps(func() { w.silent(w.refresh()) })
		if w.id() != id || w.has("name") != "Cleaner" || w.has("code") != "4821" {
			t.Errorf("adopted as %v", w.state)
		}
		w.asked(createPath, 0)
		if c, there := w.seam.AccessCode(id); !there || !c.Managed {
			t.Error("the code is not managed")
		}
		w.silent(w.refresh())
		for _, config := range []values{w.adopting(id, nil), {"device_id": w.lock.ID}, w.adopting("another", nil), w.adopting(id, values{"force_adoption": true})} {
			if p := w.plan(config); p.errors() != "" || len(p.changes()) > 0 && fmt.Sprint(p.changes()) != "[force_adoption]" {
				t.Errorf("a plan after the adoption changes %v: %s", p.changes(), p.errors())
			}
		}
		w.silent(w.destroy())
		w.gone()
		w.opens("4821", false)
	})
}

func TestAdoptedCodeIsBroughtToTheConfiguredShape(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
		ends := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		starts := time.Now().UTC().Format(time.RFC3339)
		config := w.adopting(id, values{"name": "Night cleaner", "code": "7319", "starts_at": starts, "ends_at": ends, "is_external_modification_allowed": true})
		w.silent(w.apply(config))
		w.opens("4821", false)
		w.opens("7319", true)
		w.keeps(func() { w.silent(w.refresh()) })
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		if c, _ := w.seam.AccessCode(id); c.Name != "Night cleaner" || !c.ExternalModificationAllowed {
			t.Errorf("on the lock it is %+v", c)
		}
		w.silent(w.destroy())
		w.opens("7319", false)
	})
}

func TestAdoptionWithAWriteOnlyPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(w.adopting(id, values{"code_wo": "7319", "code_wo_version": 1})))
		w.opens("4821", false)
		w.opens("7319", true)
		if w.has("code") != nil {
			t.Error("the PIN is in the state")
		}
	})
}

func TestAdoptionWhoseOldPINStaysOnTheLock(t *testing.T) {
	for name, c := range map[string]struct {
		config values
		kept   any
	}{
		"stored": {values{"code": "7319"}, "4821"},
		"secret": {values{"code_wo": "7319", "code_wo_version": 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				id, leftover := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"}), "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d"
				w.lock.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{ID: leftover}})
				w.fails(w.apply(w.adopting(id, c.config)), "old PIN may still open", "terraform untaint", "adopted all the same")
				same(t, "state", []any{w.id(), w.has("code")}, []any{id, c.kept})
				w.opens("4821", true)
				w.fails(w.destroy(), "still opens the door")
				w.seam.RemoveUnmanagedAccessCode(leftover)
				w.ok(w.destroy())
				w.gone()
				w.opens("7319", false)
			})
		})
	}
}

// What `terraform untaint` and another apply do.
func TestAdoptionIsCompletedLater(t *testing.T) {
	inWorld(t, func(w *world) {
		id, leftover := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"}), "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d"
		w.lock.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{ID: leftover}})
		config := w.adopting(id, values{"code": "7319"})
		w.fails(w.apply(config), "old PIN may still open")
		w.restart()
		w.fails(w.apply(config), "old PIN may still open")
		w.seam.RemoveUnmanagedAccessCode(leftover)
		w.restart()
		w.ok(w.apply(config))
		same(t, "state", []any{w.id(), w.has("code")}, []any{id, "7319"})
		w.opens("4821", false)
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
	})
}

func TestAdoptionIsRefusedWithTheReason(t *testing.T) {
	inWorld(t, func(w *world) {
		back := w.seam.AddLock("Back Door")
		stubborn := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeManaged: true})
		elsewhere := back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4822"})
		ours := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4823"})
		foreign := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4824", ManagedByAnotherWorkspace: true})
		for id, says := range map[string][]string{
			stubborn:                               {"cannot be managed", "seam_unmanaged_access_code"},
			elsewhere:                              {"is on lock " + back.ID, "Correct device_id"},
			ours:                                   {"managed by this workspace already", "terraform import 'ADDRESS' " + ours},
			foreign:                                {"force_adoption = true"},
			"b3b7d3f0-0000-4000-8000-000000000000": {"no unmanaged access code", "leave adopt_access_code_id out"},
		} {
			w.fails(w.apply(w.adopting(id, nil)), says...)
			w.gone()
		}
		for _, r := range w.seam.Requests() {
			if r.Path == convertPath && (r.Body["force"] != nil || r.Body["access_code_id"] != foreign) {
				t.Errorf("asked to convert %v", r.Body)
			}
		}
		w.silent(w.apply(w.adopting(foreign, values{"force_adoption": true})))
		w.silent(w.destroy())
		w.opens("4824", false)
	})
}

func TestAdoptedPINThatTheLocksRulesForbid(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4800"})
		w.rules(nil, "no_zeros")
		w.ok(w.apply(w.adopting(id, values{"code": "4800"})))
		if w.id() != id {
			t.Errorf("adopted %s, want %s", w.id(), id)
		}
	})
}

func TestPlanTellsWhatCannotBeAdopted(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeManaged: true})
		w.fails(w.plan(w.adopting(id, nil)).diags, "adopt_access_code_id", "cannot be managed")
		w.restart()
		w.seam.InjectFault(seamtest.Fault{Path: getUnmanagedPath, Status: 500})
		w.seam.InjectFault(seamtest.Fault{Path: "/access_codes/unmanaged/list", Status: 500})
		if p := w.plan(w.adopting(id, nil)); p.errors() != "" {
			t.Errorf("a failing read blocks the plan: %s", p.errors())
		}
		w.fails(w.plan(w.adopting(id, values{"preferred_code_length": 6})).diags, "preferred_code_length")
	})
}

func TestConversionThatTakesAWhile(t *testing.T) {
	for _, withAttempt := range []bool{false, true} {
		inWorld(t, func(w *world) {
			id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
			w.lock.OnConvert(seamtest.ConvertBehavior{Takes: time.Minute, WithAttempt: withAttempt})
			w.silent(w.apply(w.adopting(id, nil)))
			w.silent(w.destroy())
			w.opens("4821", false)
		})
	}
}

func TestConversionThatFailsOrNeverEnds(t *testing.T) {
	for name, c := range map[string]seamtest.ConvertBehavior{
		"fails":      {Takes: time.Second, Outcome: seamtest.Fails},
		"with error": {Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "provider_issue", ErrorMessage: "The lock said no", WithAttempt: true},
		"never ends": {Outcome: seamtest.StaysPending},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				w.lock.OnConvert(c)
				w.fails(w.apply(w.adopting(id, values{"timeouts": values{"create": "2m"}})), "asked to manage access code "+id, "Run apply again")
				w.gone()
				w.opens("4821", true)
			})
		})
	}
}

func TestConversionWhoseAnswerIsLost(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.seam.InjectFault(seamtest.Fault{Path: convertPath, Drop: seamtest.DropAfter, Times: 1})
		w.silent(w.apply(w.adopting(id, nil)))
		if w.id() != id {
			t.Errorf("adopted %s, want %s", w.id(), id)
		}
	})
}

func TestAdoptionWaitsForTheLockOnlyIfTheStayHasStarted(t *testing.T) {
	inWorld(t, func(w *world) {
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		config := w.adopting(id, values{"wait_for_set": true, "starts_at": at(24 * time.Hour), "ends_at": at(48 * time.Hour)})
		if d := took(func() { w.silent(w.apply(config)) }); d > 10*time.Second {
			t.Errorf("it took %v", d)
		}
		w.silent(w.destroy())
	})
}

func TestAdoptionAfterTheCodeIsGoneSaysWhatToDo(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(w.adopting(id, nil)))
		w.silent(w.destroy())
		w.fails(w.apply(w.adopting(id, nil)), "leave adopt_access_code_id out")
	})
}

func TestTwoResourcesDoNotAdoptOneCode(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.lock.SetDefaultConvert(seamtest.ConvertBehavior{Takes: 10 * time.Second})
		pair := []*world{w.another(), w.another()}
		answers := make([][]*tfprotov6.Diagnostic, len(pair))
		var applies sync.WaitGroup
		for n, o := range pair {
			applies.Go(func() { answers[n] = o.put(o.adopting(id, nil)) })
		}
		applies.Wait()
		if failed(answers[0]) == failed(answers[1]) {
			t.Fatalf("both or none adopted it: %v", answers)
		}
		w.says(text(append(answers[0], answers[1]...), tfprotov6.DiagnosticSeverityError), "another resource of this run", "on one resource only")
	})
}
