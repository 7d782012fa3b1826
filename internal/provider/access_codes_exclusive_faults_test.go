package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// killed does something in a run that ends before Terraform writes the state.
func (h *harness) killed(do func()) {
	state, private, identity := h.State.Copy(), h.Private, h.Identity
	do()
	h.State, h.Private, h.Identity = state, private, identity
	h.restart()
}

func TestExclusive_killedRunIsFinishedByTheNext(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		first, second := h.stranger("4821"), h.stranger("7319")
		h.inNextRun().requireStrangers(first, second)
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails})
		h.killed(func() { h.requireError(h.ApplyWithoutRefresh(config), "is not removed") })
		h.requireNoError(h.refresh())
		left := h.lock.UnmanagedAccessCodeIDs()
		h.requireStrangers(left...)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
		h.requireOpens("4821", false)
		h.requireOpens("7319", false)
		h.inNextRun().requireSettled(config)
	})
}

func TestExclusive_interruptedRunIsFinishedByTheNext(t *testing.T) {
	withExclusive(t, func(h *harness) {
		written := h.recordReceipts()
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 2 * time.Minute})
		h.inNextRun()
		time.AfterFunc(10*time.Second, h.Interrupt)
		took := elapsed(func() { h.requireError(h.ApplyWithoutRefresh(config), id, "interrupted") })
		if took > 11*time.Second {
			t.Errorf("it took %v", took)
		}
		advanceClock(5 * time.Minute) // the lock has removed it by now
		h.restart()
		h.requireWarningOnly(h.refresh(), "Removal complete", id)
		h.requireStrangers()
		requireEqual(t, "receipts", len(written()), 1)
		h.requireOpens("4821", false)
	})
}

// A list that is out of date lacks a stranger that an earlier refresh has seen.
func TestExclusive_staleListHidesNoKnownStranger(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		stale := emptyList(strayPath, "access_codes")
		stale.Times = 0
		h.seam.InjectFault(stale)
		h.inNextRun().requireStrangers(id)
		h.requireNoError(h.ApplyWithoutRefresh(config)) // by its id
		h.requireOpens("4821", false)
		h.inNextRun().requireStrangers()
	})
}

// A get that is out of date says that a stranger is gone, while the list has it and it opens the door.
func TestExclusive_wrongGetIsNotBelieved(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun()
		h.seam.InjectFault(seamtest.Fault{Path: getUnmanagedPath, Status: 404, Type: "access_code_not_found"})
		h.inNextRun().requireStrangers(id)
		if diags := h.ApplyWithoutRefresh(config); h.lock.Opens("4821") {
			h.requireError(diags, id)
		}
		h.inNextRun()
		if h.lock.Opens("4821") {
			h.requireStrangers(id)
		}
	})
}

func TestExclusive_returningPINFailsTheApply(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun()
		h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		h.requireError(h.ApplyWithoutRefresh(config), id, "still lists the PIN")
		h.restart()
		h.requireWarningOnly(h.refresh(), "Removal not proven", id)
		h.requireStrangers(append(h.lock.UnmanagedAccessCodeIDs(), id)...)
	})
}

func TestExclusive_missingLockStays(t *testing.T) {
	withExclusive(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID}))
		h.stranger("4821")
		h.inNextRun()
		h.lock.Disappear()
		h.restart()
		h.requireStateUnchanged(func() { h.requireWarningOnly(h.refresh(), "Lock not read", "missing from the workspace") })
		h.requireNoDiagnostics(h.destroyWithoutRefresh())
		h.requireError(h.apply(values{"device_id": h.lock.ID}), "There is no device")
	})
}

func TestExclusive_unreadableListIsAnError(t *testing.T) {
	forEachFor(t, exclusiveNoun, map[string]seamtest.Fault{
		"managed":   status500Fault(listPath),
		"unmanaged": status500Fault(strayPath),
		"no place":  {Path: strayPath, Status: 200, ContentType: "application/json", Body: `{"ok":true,"access_codes":[{"access_code_id":"` + missingID + `"}],"pagination":{"has_next_page":false}}`},
	}, func(h *harness, fault seamtest.Fault) {
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID, "access_code_ids": []any{}}))
		h.stranger("4821")
		h.inNextRun()
		h.seam.InjectFault(fault)
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), "Unable to read")
			h.requireError(h.ApplyWithoutRefresh(values{"device_id": h.lock.ID, "access_code_ids": []any{}}), "Unable to update")
		})
		h.requireOpens("4821", true)
	})
}

func TestExclusive_namesShowNoPIN(t *testing.T) {
	withExclusive(t, func(h *harness) {
		h.seam.EchoSecrets(true)
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner " + canary, PIN: canary, CannotBeDeleted: true})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: otherCanary, PIN: otherCanary})
		h.inNextRun()
		h.requireError(h.ApplyWithoutRefresh(config))
		h.requireNoSecrets()
		requireAbsent(h.t, h.State.String(), canary, otherCanary)
	})
}
