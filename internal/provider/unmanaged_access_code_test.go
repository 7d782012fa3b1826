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
		h.requireAttributes(values{"id": id, "name": "Old tenant", "code": "4821", "device_id": h.lock.ID, "workspace_id": h.seam.Workspace().ID})
		h.requireOpens("4821", true)
		h.requireNoDiagnostics(h.destroy())
		h.requireGone("4821")
	})
}

func TestUnmanagedAccessCode_remainingCodeKeepsTheState(t *testing.T) {
	forEachFor(t, "seam_unmanaged_access_code", map[string]seamtest.DeleteBehavior{
		"ghost":      {Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}},
		"never ends": {Outcome: seamtest.StaysPending},
		"fails":      {Outcome: seamtest.Fails},
	}, func(h *harness, r seamtest.DeleteBehavior) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.lock.OnDelete(r)
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "Unable to delete unmanaged access code", "open") })
		h.requireOpens("4821", true)
	})
}

func TestUnmanagedAccessCode_undeletableCodeIsExplained(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "cannot delete", "manufacturer's app") })
		h.requireRequests("/access_codes/unmanaged/delete", 0)
		h.seam.RemoveUnmanagedAccessCode(id)
		h.mustDestroyInNextRun()
	})
}

func TestUnmanagedAccessCode_hiddenPIN(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		neighbour := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "5555", Masked: true})
		h.requireNoDiagnostics(h.apply(unmanagedConfig(id)))
		h.requireWarning(h.destroy(), "without comparing PINs", neighbour, "is unknown")
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
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "may be the removed PIN") })
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "may be the removed PIN") })
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
		h.requireError(h.plan(unmanagedConfig(id).with(values{"removal": "verified_by_event"})).Diags) // there are no events
	})
}

func TestUnmanagedAccessCode_managedOrMissingCodeIsExplained(t *testing.T) {
	withUnmanagedHarness(t, func(h *harness) {
		h.requireError(h.apply(unmanagedConfig(missingID)), "no unmanaged access code "+missingID, "remove it from the configuration")
		managed := h.createOutside(values{"device_id": h.lock.ID, "code": "7319"})
		h.requireError(h.importID(managed), "managed by this workspace now", "terraform import 'ADDRESS' "+managed)
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

// Some locks show no PIN, some show a text in its place.
var pinMasks = map[string]seamtest.UnmanagedAccessCode{"nothing": {Masked: true}, "stars": {DisplayedAs: "****"}, "dots": {DisplayedAs: "••••"}, "part": {DisplayedAs: "**21"}}

func withMask(how seamtest.UnmanagedAccessCode, pin string) seamtest.UnmanagedAccessCode {
	how.PIN = pin
	return how
}

func TestUnmanagedAccessCode_deleteActionBesideIdenticalCodes(t *testing.T) {
	forEach(t, pinMasks, func(h *harness, how seamtest.UnmanagedAccessCode) {
		written := h.recordReceipts()
		id := h.lock.AddUnmanagedAccessCode(withMask(how, "4821"))
		neighbour := h.lock.AddUnmanagedAccessCode(withMask(how, "7321"))
		_, diags := h.InvokeAction("seam_delete_unmanaged_access_code", values{"access_code_id": id})
		h.requireWarningOnly(diags, "without comparing PINs")
		h.requireOpens("4821", false)
		h.requireOpens("7321", true)
		receipts := written()
		requireEqual(h.t, "receipt", []any{len(receipts), receipts[0].Outcome, receipts[0].PINCompared}, []any{1, "verified", false})
		watching := h.newObject("seam_unmanaged_access_code")
		watching.requireNoDiagnostics(watching.apply(unmanagedConfig(neighbour)))
		watching.requireWarning(watching.destroy(), "without comparing PINs")
		watching.requireNoState()
		h.requireOpens("7321", false)
	})
}

func TestUnmanagedAccessCode_deleteActionFailsIfThePINComesBack(t *testing.T) {
	forEach(t, pinMasks, func(h *harness, how seamtest.UnmanagedAccessCode) {
		id := h.lock.AddUnmanagedAccessCode(withMask(how, "4821"))
		h.lock.AddUnmanagedAccessCode(withMask(how, "7321"))
		h.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &how})
		h.requireInvokeError("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "may be the removed PIN", "may still open", "Check that code in the manufacturer's app")
		h.requireOpens("4821", true)
	})
}

// Whose PIN is hidden cannot be told from the code that we remove by its PIN.
func TestUnmanagedAccessCode_maskIsNoPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7321", DisplayedAs: "****"})
		advanceClock(time.Minute)
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821"}))
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		h.requireOpens("7321", true)
	})
}
