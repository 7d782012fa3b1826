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

// adoptionConfig is a configuration that takes over an unmanaged code.
func (h *harness) adoptionConfig(id string, more values) values {
	return values{"device_id": h.lock.ID, "adopt_access_code_id": id}.with(more)
}

func TestAccessCode_adoptedCodeKeepsItsIDAndIsDestroyedWithProof(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
		h.requireNoDiagnostics(h.apply(h.adoptionConfig(id, nil)))
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refresh()) })
		h.requireAttributes(values{"id": id, "name": "Cleaner", "code": "4821"})
		h.requireRequests(createPath, 0)
		code, _ := h.seam.AccessCode(id)
		requireEqual(t, "managed", code.Managed, true)
		h.requireNoDiagnostics(h.refresh())
		for _, config := range []values{h.adoptionConfig(id, nil), {"device_id": h.lock.ID}, h.adoptionConfig("another", nil), h.adoptionConfig(id, values{"force_adoption": true})} {
			if p := h.plan(config); p.errors() != "" || len(p.changes()) > 0 && fmt.Sprint(p.changes()) != "[force_adoption]" {
				t.Errorf("a plan after the adoption changes %v: %s", p.changes(), p.errors())
			}
		}
		h.requireNoDiagnostics(h.destroy())
		h.requireGone("4821")
	})
}

func TestAccessCode_adoptedCodeIsChangedAsConfigured(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
		stay := values{"starts_at": timeFromNow(0), "ends_at": timeFromNow(48 * time.Hour)}
		config := h.adoptionConfig(id, stay.with(values{"name": "Night cleaner", "code": "7319", "is_external_modification_allowed": true}))
		h.requireNoDiagnostics(h.apply(config))
		h.requireOpens("4821", false)
		h.requireOpens("7319", true)
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refresh()) })
		h.requireCleanPlan(config)
		code, _ := h.seam.AccessCode(id)
		requireEqual(t, "on the lock", []any{code.Name, code.ExternalModificationAllowed}, []any{"Night cleaner", true})
		h.requireNoDiagnostics(h.destroy())
		h.requireOpens("7319", false)
	})
}

func TestAccessCode_adoptionWithAWriteOnlyPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(h.adoptionConfig(id, values{"code_wo": "7319", "code_wo_version": 1})))
		h.requireOpens("4821", false)
		h.requireOpens("7319", true)
		h.requireAttributes(values{"code": nil})
	})
}

func TestAccessCode_adoptionFailsWhileTheOldPINIsOnTheLock(t *testing.T) {
	type testCase struct {
		config values
		kept   any
	}
	forEach(t, map[string]testCase{
		"stored": {values{"code": "7319"}, "4821"},
		"secret": {values{"code_wo": "7319", "code_wo_version": 1}, nil},
	}, func(h *harness, c testCase) {
		id, leftover := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"}), "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d"
		h.lock.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{ID: leftover}})
		h.requireError(h.apply(h.adoptionConfig(id, c.config)), "old PIN may still open", "terraform untaint", "adopted anyway")
		h.requireAttributes(values{"id": id, "code": c.kept})
		h.requireOpens("4821", true)
		h.requireError(h.destroy(), "still opens the door")
		h.seam.RemoveUnmanagedAccessCode(leftover)
		h.mustDestroy("7319")
	})
}

// What `terraform untaint` and another apply do.
func TestAccessCode_adoptionIsCompletedByTheNextApply(t *testing.T) {
	withHarness(t, func(h *harness) {
		id, leftover := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"}), "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d"
		h.lock.OnUpdate(seamtest.UpdateBehavior{KeepsOldPIN: &seamtest.UnmanagedAccessCode{ID: leftover}})
		config := h.adoptionConfig(id, values{"code": "7319"})
		h.requireError(h.apply(config), "old PIN may still open")
		h.restart()
		h.requireError(h.apply(config), "old PIN may still open")
		h.seam.RemoveUnmanagedAccessCode(leftover)
		h.restart()
		h.requireNoError(h.apply(config))
		h.requireAttributes(values{"id": id, "code": "7319"})
		h.requireOpens("4821", false)
		h.requireCleanPlan(config)
	})
}

func TestAccessCode_refusedAdoptionNamesTheReason(t *testing.T) {
	withHarness(t, func(h *harness) {
		back := h.seam.AddLock("Back Door")
		stubborn := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeManaged: true})
		elsewhere := back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4822"})
		ours := h.createOutside(values{"device_id": h.lock.ID, "code": "4823"})
		foreign := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4824", ManagedByAnotherWorkspace: true})
		for id, says := range map[string][]string{
			stubborn:                               {"cannot be managed", "seam_unmanaged_access_code"},
			elsewhere:                              {"is on lock " + back.ID, "Correct device_id"},
			ours:                                   {"already managed by this workspace", "terraform import 'ADDRESS' " + ours},
			foreign:                                {"force_adoption = true"},
			"b3b7d3f0-0000-4000-8000-000000000000": {"no unmanaged access code", "remove adopt_access_code_id"},
		} {
			h.requireError(h.apply(h.adoptionConfig(id, nil)), says...)
			h.requireNoState()
		}
		for _, r := range h.seam.Requests() {
			if r.Path == convertPath && (r.Body["force"] != nil || r.Body["access_code_id"] != foreign) {
				t.Errorf("asked to convert %v", r.Body)
			}
		}
		h.requireNoDiagnostics(h.apply(h.adoptionConfig(foreign, values{"force_adoption": true})))
		h.requireNoDiagnostics(h.destroy())
		h.requireOpens("4824", false)
	})
}

func TestAccessCode_adoptedPINMayBreakTheLocksRules(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4800"})
		h.setConstraints(nil, "no_zeros")
		h.requireNoError(h.apply(h.adoptionConfig(id, values{"code": "4800"})))
		requireEqual(t, "adopted", h.id(), id)
	})
}

func TestAccessCode_planRefusesWhatCannotBeAdopted(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeManaged: true})
		h.requireError(h.plan(h.adoptionConfig(id, nil)).Diags, "adopt_access_code_id", "cannot be managed")
		h.restart()
		h.seam.InjectFault(seamtest.Fault{Path: getUnmanagedPath, Status: 500})
		h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/unmanaged/list", Status: 500})
		h.requireNoError(h.plan(h.adoptionConfig(id, nil)).Diags)
		h.requireError(h.plan(h.adoptionConfig(id, values{"preferred_code_length": 6})).Diags, "preferred_code_length")
	})
}

func TestAccessCode_slowConversionIsAwaited(t *testing.T) {
	for _, withAttempt := range []bool{false, true} {
		withHarness(t, func(h *harness) {
			id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
			h.lock.OnConvert(seamtest.ConvertBehavior{Takes: time.Minute, WithAttempt: withAttempt})
			h.requireNoDiagnostics(h.apply(h.adoptionConfig(id, nil)))
			h.requireNoDiagnostics(h.destroy())
			h.requireOpens("4821", false)
		})
	}
}

func TestAccessCode_conversionThatFailsOrNeverEnds(t *testing.T) {
	forEach(t, map[string]seamtest.ConvertBehavior{
		"fails":      {Takes: time.Second, Outcome: seamtest.Fails},
		"with error": {Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "provider_issue", ErrorMessage: "The lock said no", WithAttempt: true},
		"never ends": {Outcome: seamtest.StaysPending},
	}, func(h *harness, c seamtest.ConvertBehavior) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnConvert(c)
		h.requireError(h.apply(h.adoptionConfig(id, values{"timeouts": values{"create": "2m"}})), "asked to manage access code "+id, "Run apply again")
		h.requireNoState()
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_conversionWithALostResponse(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.seam.InjectFault(seamtest.Fault{Path: convertPath, Drop: seamtest.DropAfter, Times: 1})
		h.requireNoDiagnostics(h.apply(h.adoptionConfig(id, nil)))
		requireEqual(t, "adopted", h.id(), id)
	})
}

func TestAccessCode_adoptionWaitsOnlyIfTheStayHasStarted(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		config := h.adoptionConfig(id, values{"wait_for_set": true, "starts_at": timeFromNow(24 * time.Hour), "ends_at": timeFromNow(48 * time.Hour)})
		h.requireWithin(0, 10*time.Second, func() { h.requireNoDiagnostics(h.apply(config)) })
		h.requireNoDiagnostics(h.destroy())
	})
}

func TestAccessCode_adoptionOfAMissingCodeSaysWhatToDo(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(h.adoptionConfig(id, nil)))
		h.requireNoDiagnostics(h.destroy())
		h.requireError(h.apply(h.adoptionConfig(id, nil)), "remove adopt_access_code_id")
	})
}

func TestAccessCode_twoResourcesDoNotAdoptOneCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.SetDefaultConvert(seamtest.ConvertBehavior{Takes: 10 * time.Second})
		pair := []*harness{h.anotherObject(), h.anotherObject()}
		answers := make([][]*tfprotov6.Diagnostic, len(pair))
		var applies sync.WaitGroup
		for n, o := range pair {
			applies.Go(func() { answers[n] = o.ApplyWithoutRefresh(o.adoptionConfig(id, nil)) })
		}
		applies.Wait()
		if hasError(answers[0]) == hasError(answers[1]) {
			t.Fatalf("both or none adopted it: %v", answers)
		}
		h.RequireText(diagnosticText(append(answers[0], answers[1]...), tfprotov6.DiagnosticSeverityError), "another resource of this run", "on one resource only")
	})
}

// A lock shows asterisks instead of PINs. Are all its codes taken to have one PIN?
func TestAccessCode_maskIsNoPIN(t *testing.T) {
	adopt := func(h *harness) values {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", DisplayedAs: "****"})
		config := values{"device_id": h.lock.ID, "adopt_access_code_id": id}
		advanceClock(time.Minute)
		h.requireNoError(h.apply(config))
		advanceClock(time.Minute)
		h.restart()
		return config
	}
	subtest(t, "beside another one", func(h *harness) {
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111", DisplayedAs: "****"})
		advanceClock(time.Minute)
		adopt(h)
		h.requireWarningOnly(h.destroy(), "without comparing PINs")
		h.requireGone("4821")
		h.requireOpens("1111", true)
	})
	for name, shown := range map[string]string{"shows the PIN later": "", "never shows it": "****"} {
		subtest(t, name+", rotation", func(h *harness) {
			config := adopt(h)
			h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{DisplayedAs: shown}})
			h.requireError(h.apply(config.with(values{"code": "5555"})), "The old PIN may still open")
			h.requireOpens("4821", true)
		})
		subtest(t, name+", destroy", func(h *harness) {
			adopt(h)
			h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{DisplayedAs: shown}})
			h.requireStateUnchanged(func() { h.requireError(h.destroy(), "not confirmed") })
			h.requireOpens("4821", true)
		})
	}
}
