package provider

import (
	"strings"
	"testing"
	"time"
)

// What the same run has elsewhere, and what the same configuration has twice.

// A code in a state of this run is no stranger, even if it is not allowed by mistake.
func TestExclusive_codeOfTheSameRunIsNoStranger(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{}}
		h.requireNoDiagnostics(h.apply(config))
		code := h.newObject("seam_access_code")
		code.requireNoDiagnostics(code.apply(values{"device_id": h.lock.ID, "code": "1111"}))
		h.restart()
		code.Server = h.Server
		read := make(chan struct{})
		time.AfterFunc(2*time.Second, func() { // Terraform reads it at the same time
			defer close(read)
			_ = code.refresh()
		})
		h.requireNoDiagnostics(h.refresh())
		<-read
		h.requireStrangers()
		h.restart()
		took := elapsed(func() { h.requireNoDiagnostics(h.refresh()) })
		h.requireStrangers(code.id()) // of another configuration
		if took > 6*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestExclusive_adoptionInTheSameRun(t *testing.T) {
	withExclusive(t, func(h *harness) {
		gentle := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(gentle))
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		h.restart()
		code := h.newObject("seam_access_code")
		code.Server = h.Server
		code.requireNoDiagnostics(code.apply(values{"device_id": h.lock.ID, "adopt_access_code_id": id}))
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(gentle)) // Seam manages it by now
		h.requireOpens("4821", true)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(gentle.with(values{"access_code_ids": []any{id}})))
		h.requireOpens("4821", true)
		h.inNextRun().requireStrangers()
	})
}

func TestExclusive_twoForOneLockAreAnError(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		other := config.with(values{"unmanaged_access_code_ids": []any{h.stranger("4821")}})
		second := h.newObject(exclusiveNoun)
		second.Server = h.Server
		h.requireNoError(h.plan(config).Diags)
		h.requireError(second.plan(other).Diags, "Another seam_device_access_codes_exclusive", h.lock.ID, "Keep one")
		h.restart()
		second.Server = h.Server
		h.requireNoError(h.plan(config).Diags)
		h.requireError(second.plan(config).Diags, "Another") // both are new, and the same
		h.restart()
		h.requireNoError(h.apply(config))
		second.restart()
		second.requireNoError(second.apply(config))
		h.restart()
		second.Server = h.Server
		h.requireNoError(h.plan(config).Diags)
		h.requireError(second.plan(config).Diags, "Another") // both are in the state
		elsewhere := values{"device_id": h.seam.AddLock("Back Door").ID}
		h.requireNoError(second.plan(elsewhere).Diags)
	})
}

func TestExclusive_replacementIsNoSecondOne(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoError(h.apply(config))
		h.restart()
		h.requireNoError(h.plan(config).Diags)
		h.State = h.NullState() // Terraform plans the other half as a create, in the same process
		h.requireNoError(h.plan(config).Diags)
	})
}

func TestExclusive_unknownIDsNameNobody(t *testing.T) {
	withExclusive(t, func(h *harness) {
		managed, theirs := h.createOutside(values{"device_id": h.lock.ID, "code": "1111"}), h.stranger("4821")
		p := h.plan(values{"device_id": h.lock.ID, "access_code_ids": []any{unknownValue{}}})
		h.requireWarning(p.Diags, theirs)
		requireAbsent(t, diagnosticText(p.Diags, 2), managed)
		h.restart()
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "access_code_ids": unknownValue{}, "unmanaged_access_code_ids": unknownValue{}}).Diags)
		h.restart()
		h.requireNoDiagnostics(h.plan(values{"device_id": unknownValue{}}).Diags)
	})
}

func TestExclusive_upperCaseIDsCount(t *testing.T) {
	withExclusive(t, func(h *harness) {
		owner := h.stranger("1111")
		config := values{"device_id": h.lock.ID, "unmanaged_access_code_ids": []any{strings.ToUpper(owner)}}
		h.requireNoDiagnostics(h.apply(config))
		h.inNextRun().requireStrangers()
	})
}

func TestExclusive_importRemovesNothing(t *testing.T) {
	withExclusive(t, func(h *harness) {
		id := h.stranger("4821")
		h.requireNoDiagnostics(h.importID(h.lock.ID))
		h.requireStrangers()
		h.requireCleanPlan(values{"device_id": h.lock.ID})
		h.restart()
		h.requireNoDiagnostics(h.refresh())
		h.requireStrangers(id)
		h.requireError(h.importID(missingID), "There is no", missingID, "Check the id")
	})
}

func TestExclusive_otherWorkspaceIsRefused(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		h.stranger("4821")
		h.inNextRun()
		h.configure(values{"api_key": h.seam.AddWorkspace("Other").APIKey})
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), "Use credentials of workspace")
			h.requireError(h.ApplyWithoutRefresh(config), "Use credentials of workspace")
			h.requireError(h.destroyWithoutRefresh(), "Use credentials of workspace")
		})
		h.requireOpens("4821", true)
	})
}

// Somebody converts a stranger that the plan has shown. Apply does not remove it; does it say so?
func TestExclusive_strangerConvertedSinceThePlan(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{}}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		p := h.inNextRun().plan(config)
		h.Call("/access_codes/unmanaged/convert_to_managed", values{"access_code_id": id})
		h.restart()
		h.requireWarningOnly(h.ApplyPlan(config, p.Plan), "Strangers on the lock", id, "Plan again")
		h.requireOpens("4821", true)
		h.inNextRun().requireStrangers(id)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
		h.requireOpens("4821", false)
	})
}
