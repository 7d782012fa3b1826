package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func withUnmanagedHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_unmanaged_access_code", test)
}

func unmanagedConfig(id string) values { return values{"access_code_id": id} }

func TestUnmanagedAccessCode_destroyWaitsForProof(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Old tenant", PIN: "4821"})
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 2 * time.Minute})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		if h.id() != id || h.attribute("name") != "Old tenant" || h.attribute("code") != "4821" || h.attribute("device_id") != h.lock.ID || h.attribute("workspace_id") != h.seam.Workspace().ID {
			t.Errorf("watched as %v", h.State)
		}
		h.requireOpens("4821", true)
		h.requireNoDiagnostics(h.refresh())
		if p := h.plan(unmanagedConfig(id)); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		h.requireOpens("4821", false)
	})
}

func TestUnmanagedAccessCode_remainingCodeKeepsTheState(t *testing.T) {
	for name, r := range map[string]seamtest.DeleteBehavior{
		"ghost":      {Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}},
		"never ends": {Outcome: seamtest.StaysPending},
		"fails":      {Outcome: seamtest.Fails},
	} {
		t.Run(name, func(t *testing.T) {
			withUnmanagedHarness(t, func(h *harness) {
				id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				h.lock.OnDelete(r)
				h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
				h.requireStateUnchanged(func() { h.requireError(h.destroy(), "Unable to delete unmanaged access code", "open") })
				h.requireOpens("4821", true)
			})
		})
	}
}

func TestUnmanagedAccessCode_undeletableCodeIsExplained(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "cannot delete", "manufacturer's app") })
		h.requireRequests("/access_codes/unmanaged/delete", 0)
		h.seam.RemoveUnmanagedAccessCode(id)
		h.restart()
		h.requireNoError(h.destroy())
		h.requireNoState()
	})
}

func TestUnmanagedAccessCode_hiddenPIN(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		neighbour := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "5555", Masked: true})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireWarning(h.destroy(), "without comparing PINs", neighbour, "cannot be seen")
		h.requireNoState()
		h.requireOpens("4821", false)
		h.requireOpens("5555", true)
	})
}

func TestUnmanagedAccessCode_hiddenPINThatComesBack(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{Masked: true}})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "may be the PIN") })
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "may be the PIN") })
	})
}

func TestUnmanagedAccessCode_removedOutside(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.seam.RemoveUnmanagedAccessCode(id)
		h.requireWarning(h.refresh(), "Removed outside Terraform")
		h.requireNoState()
		h.requireError(h.apply(unmanagedConfig(id)), "no unmanaged access code "+id, "drop it from the configuration")
	})
}

func TestUnmanagedAccessCode_convertedOutside(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		adopter := h.newObject("seam_access_code")
		adopter.requireNoDiagnostics(adopter.apply(values{"device_id": h.lock.ID, "adopt_access_code_id": id}))
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), "managed by this workspace now", "terraform import 'ADDRESS' "+id, "state rm")
			h.requireError(h.destroyWithoutRefresh(), "managed by this workspace now")
		})
		h.requireOpens("4821", true)
	})
}

func TestUnmanagedAccessCode_abandonedOnlyIfConfigured(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id).with(values{"removal": "abandoned"})))
		h.requireWarning(h.destroy(), "abandoned")
		h.requireNoState()
		h.requireOpens("4821", true)
		if h.plan(unmanagedConfig(id).with(values{"removal": "verified_by_event"})).errors() == "" {
			t.Error("a mode is accepted for which there are no events")
		}
	})
}

func TestUnmanagedAccessCode_import(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.importID(id))
		if p := h.plan(unmanagedConfig(id)); !p.empty() {
			t.Errorf("the plan after an import changes %v", p.changes())
		}
		managed := h.createOutside(values{"device_id": h.lock.ID, "code": "7319"})
		h.requireError(h.importID(managed), "managed by this workspace now", "terraform import 'ADDRESS' "+managed)
		h.requireError(h.importID("b3b7d3f0-0000-4000-8000-000000000000"), "There is no access code b3b7d3f0", "Check the id")
	})
}

func TestUnmanagedAccessCode_manyCodesAreReadByOneList(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		if !*bulkRead {
			return // then each is read by itself
		}
		all := []*harness{h}
		for range 9 {
			all = append(all, h.anotherObject())
		}
		for _, o := range all {
			o.requireNoDiagnostics(o.apply(unmanagedConfig(h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))))
		}
		h.restart()
		h.seam.ResetRequests()
		for _, o := range all {
			o.Server = h.Server
			o.requireNoDiagnostics(o.refresh())
		}
		h.requireRequests("/access_codes/unmanaged/list", 1)
		h.requireRequests(getUnmanagedPath, 0)
	})
}

func TestUnmanagedAccessCode_onlyATypedNotFoundMeansGone(t *testing.T) {
	for _, f := range []seamtest.Fault{{Status: 404}, {Status: 404, Type: "not_found"}, {Status: 404, Type: "device_not_found"}, {Status: 401, Type: "access_code_not_found"}, {Status: 500}} {
		withUnmanagedHarness(t, func(h *harness) {
			h.requireNoDiagnostics(h.apply(unmanagedConfig(h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))))
			h.seam.RemoveUnmanagedAccessCode(h.id())
			h.restart()
			f.Path = getUnmanagedPath
			h.seam.InjectFault(f)
			h.requireStateUnchanged(func() {
				if !hasError(h.refresh()) || !hasError(h.destroyWithoutRefresh()) {
					t.Errorf("%+v passes for a code that is gone", f)
				}
			})
		})
	}
}
