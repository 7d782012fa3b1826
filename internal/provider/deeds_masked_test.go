package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Some locks show no PIN, some show a text in its place.
var masks = map[string]seamtest.UnmanagedAccessCode{"nothing": {Masked: true}, "stars": {DisplayedAs: "****"}, "dots": {DisplayedAs: "••••"}, "part": {DisplayedAs: "**21"}}

func masked(how seamtest.UnmanagedAccessCode, pin string) seamtest.UnmanagedAccessCode {
	how.PIN = pin
	return how
}

func TestUnmanagedCodeBesideOthersThatLookTheSame(t *testing.T) {
	for name, how := range masks {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				written := w.receipts()
				id := w.lock.AddUnmanagedAccessCode(masked(how, "4821"))
				neighbour := w.lock.AddUnmanagedAccessCode(masked(how, "7321"))
				_, diags := w.invoke("seam_delete_unmanaged_access_code", values{"access_code_id": id})
				w.ok(diags)
				w.warns(diags, "without comparing PINs")
				w.opens("4821", false)
				w.opens("7321", true)
				receipts := written()
				same(t, "receipt", []any{len(receipts), receipts[0].Outcome, receipts[0].PINCompared}, []any{1, "verified", false})
				watching := w.other("seam_unmanaged_access_code")
				watching.silent(watching.apply(watched(neighbour)))
				watching.warns(watching.destroy(), "without comparing PINs")
				watching.gone()
				w.opens("7321", false)
			})
		})
	}
}

func TestUnmanagedCodeThatComesBackUnderAnotherID(t *testing.T) {
	for name, how := range masks {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				id := w.lock.AddUnmanagedAccessCode(masked(how, "4821"))
				w.lock.AddUnmanagedAccessCode(masked(how, "7321"))
				w.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &how})
				w.cannot("seam_delete_unmanaged_access_code", values{"access_code_id": id}, "may be the PIN", "may still open", "Look at that code in the manufacturer's app")
				w.opens("4821", true)
			})
		})
	}
}

// Whose PIN is hidden cannot be told from the code that we remove by its PIN.
func TestAMaskIsNoPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7321", DisplayedAs: "****"})
		later(time.Minute)
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821"}))
		w.silent(w.destroy())
		w.gone()
		w.opens("7321", true)
	})
}
