package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

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
