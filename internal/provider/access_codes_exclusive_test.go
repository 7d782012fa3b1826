package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const exclusiveNoun = "seam_device_access_codes_exclusive"

func withExclusive(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, exclusiveNoun, test)
}

// stranger puts a code on the lock past Seam.
func (h *harness) stranger(pin string) string {
	return h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Stranger", PIN: pin})
}

// inNextRun starts another run and refreshes.
func (h *harness) inNextRun() *harness {
	h.t.Helper()
	h.restart()
	h.requireNoError(h.refresh())
	return h
}

// requireStrangers fails the test unless the state has these strangers.
func (h *harness) requireStrangers(ids ...string) {
	h.t.Helper()
	found, _ := h.attribute("strangers").(map[string]any)
	if len(found) != len(ids) {
		h.t.Errorf("strangers %v, want %v", found, ids)
	}
	for _, id := range ids {
		if found[id] == nil {
			h.t.Errorf("%s is no stranger: %v", id, found)
		}
	}
}

func TestExclusive_strangerIsPlannedAwayAndRemoved(t *testing.T) {
	withExclusive(t, func(h *harness) {
		written := h.recordReceipts()
		owner := h.stranger("1111")
		config := values{"device_id": h.lock.ID, "unmanaged_access_code_ids": []any{owner}}
		h.requireNoDiagnostics(h.apply(config))
		h.inNextRun().requireSettled(config)
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		h.requireCleanPlan(config, "strangers")
		h.requireOpens("4821", true)
		h.requireNoDiagnostics(h.apply(config))
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
		h.inNextRun().requireSettled(config)
		receipts := written()
		requireEqual(h.t, "receipt", []any{len(receipts), receipts[0].AccessCodeID, receipts[0].Outcome, receipts[0].PINCompared}, []any{1, id, "verified", true})
	})
}

func TestExclusive_createWarnsAndRemovesNothing(t *testing.T) {
	withExclusive(t, func(h *harness) {
		id := h.stranger("4821")
		config := values{"device_id": h.lock.ID}
		h.requireWarningOnly(h.apply(config), "Strangers on the lock", id, "does not remove")
		h.requireOpens("4821", true)
		h.requireStrangers()
		h.inNextRun().requireStrangers(id)
		h.requireNoDiagnostics(h.apply(config))
		h.requireOpens("4821", false)
	})
}

// Does the plan that moves the resource to another lock name the strangers there? Terraform drops the
// warnings of the create that it plans after that.
func TestExclusive_moveWarnsOfTheStrangersThere(t *testing.T) {
	withExclusive(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID}))
		other := h.seam.AddLock("Back Door")
		id := other.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.restart()
		h.requireWarningOnly(h.plan(values{"device_id": other.ID}).Diags, "Strangers on the lock", id, "does not remove")
	})
}

func TestExclusive_whatComesAfterThePlanWaits(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		shown := h.stranger("4821")
		h.inNextRun()
		p := h.plan(config)
		later := h.stranger("7319")
		h.restart()
		h.requireWarningOnly(h.ApplyPlan(config, p.Plan), "did not show", later)
		h.requireOpens("4821", false)
		h.requireOpens("7319", true)
		h.inNextRun().requireStrangers(later)
		_ = shown
	})
}

func TestExclusive_whatIsAllowedSinceThePlanStays(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config.with(values{"unmanaged_access_code_ids": []any{id}})))
		h.requireOpens("4821", true)
		h.inNextRun().requireStrangers()
	})
}

func TestExclusive_destroyRemovesNothing(t *testing.T) {
	withExclusive(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID}))
		h.stranger("4821")
		h.inNextRun()
		h.requireNoDiagnostics(h.destroyWithoutRefresh())
		h.requireNoState()
		h.requireOpens("4821", true)
	})
}

func TestExclusive_undeletableStrangerFailsTheApply(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		stuck := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Stuck", PIN: "4821", CannotBeDeleted: true})
		h.stranger("7319")
		h.inNextRun()
		h.requireError(h.ApplyWithoutRefresh(config), "Unable to update device access codes exclusive", stuck, `"Stuck"`, "manufacturer's app")
		h.requireOpens("7319", false)
		h.inNextRun().requireStrangers(stuck)
		h.requireCleanPlan(config, "strangers")
		h.seam.RemoveUnmanagedAccessCode(stuck)
		h.inNextRun().requireSettled(config)
	})
}

func TestExclusive_managedCodesOnlyIfListed(t *testing.T) {
	withExclusive(t, func(h *harness) {
		kept := h.createOutside(values{"device_id": h.lock.ID, "code": "1111"})
		other := h.createOutside(values{"device_id": h.lock.ID, "code": "4821", "name": "Other"})
		gentle := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(gentle))
		h.inNextRun().requireSettled(gentle)
		strict := gentle.with(values{"access_code_ids": []any{kept}})
		h.requireWarning(h.apply(strict), "Strangers on the lock", other)
		h.requireOpens("4821", true)
		h.inNextRun().requireStrangers(other)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(strict))
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
		h.inNextRun().requireSettled(strict)
	})
}

func TestExclusive_hiddenPINsCountByID(t *testing.T) {
	for name, how := range pinMasks {
		t.Run(name, func(t *testing.T) {
			withExclusive(t, func(h *harness) {
				owner := h.lock.AddUnmanagedAccessCode(withMask(how, "1111"))
				config := values{"device_id": h.lock.ID, "unmanaged_access_code_ids": []any{owner}}
				h.requireNoDiagnostics(h.apply(config))
				advanceClock(time.Minute)
				id := h.lock.AddUnmanagedAccessCode(withMask(how, "4821"))
				h.inNextRun().requireStrangers(id)
				h.requireWarningOnly(h.ApplyWithoutRefresh(config), "without comparing PINs")
				h.requireOpens("4821", false)
				h.requireOpens("1111", true)
				h.inNextRun().requireSettled(config)
			})
		})
	}
}
