package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const strayDeletePath = "/access_codes/unmanaged/delete"

// Does a PIN that comes back as an unmanaged code still open the door after destroy?
func TestAccessCode_returnedPINIsTakenOff(t *testing.T) {
	for form, config := range forms {
		for name, leftover := range map[string]seamtest.UnmanagedAccessCode{
			"another id": {}, "the same id": {SameID: true}, "the same id, hidden": {SameID: true, Masked: true},
			"as old as the code": {CreatedAt: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)},
		} {
			t.Run(form+", "+name, func(t *testing.T) {
				inWorld(t, func(w *world) {
					stranger := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
					w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
					w.ok(w.apply(guest(w).with(config)))
					receipts := w.receipts()
					w.ok(w.refresh())
					w.warns(w.destroy(), "came back and was removed")
					w.gone()
					w.opens("4821", false)
					w.opens("1111", true)
					w.asked(strayDeletePath, 1)
					if got := receipts(); len(got) != 1 || got[0].Outcome != "verified" {
						t.Errorf("receipts %+v", got)
					}
					w.seam.RemoveUnmanagedAccessCode(stranger)
				})
			})
		}
	}
}

// Is a removal finished by the next destroy, if the PIN came back after the first gave up?
func TestAccessCode_returnedPINAfterAnInterruptedRemoval(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute, Leftover: &seamtest.UnmanagedAccessCode{}})
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "30s"}})))
		w.fails(w.delete(), "not confirmed")
		later(5 * time.Minute)
		w.restart()
		w.ok(w.delete())
		w.gone()
		w.opens("4821", false)
		w.asked(deletePath, 1)
	})
}

// Does destroy delete anything that may be somebody else's, and does it say what it leaves?
func TestAccessCode_returnedPINThatDestroyLeavesAlone(t *testing.T) {
	for name, test := range map[string]struct {
		pin      string
		leftover seamtest.UnmanagedAccessCode
		after    time.Duration // from the ask to the check
	}{
		"a PIN that matches without its zeros": {"0482", seamtest.UnmanagedAccessCode{DisplayedAs: "482"}, 0},
		"an unreadable PIN":                    {"4821", seamtest.UnmanagedAccessCode{Masked: true}, 0},
		"an unreadable PIN, said to be old":    {"4821", seamtest.UnmanagedAccessCode{Masked: true, CreatedAt: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}, 0},
		"an hour later":                        {"4821", seamtest.UnmanagedAccessCode{}, 61 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second + test.after, Leftover: &test.leftover})
				w.ok(w.apply(guest(w).with(values{"code": test.pin, "timeouts": values{"delete": "2h"}})))
				diags := w.destroy()
				w.fails(diags, "not confirmed", w.stray(text(diags, 1)))
				w.asked(strayDeletePath, 0)
				w.opens(test.pin, true)
			})
		})
	}
	t.Run("it comes back again", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}}, seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
			w.ok(w.apply(guest(w)))
			w.keeps(func() { w.fails(w.destroy(), "still lists the PIN") })
			w.asked(strayDeletePath, 1)
			w.opens("4821", true)
		})
	})
	t.Run("Seam refuses", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
			w.ok(w.apply(guest(w)))
			w.seam.InjectFault(seamtest.Fault{Path: strayDeletePath, Status: 400, Type: "cannot_delete_unmanaged_access_code"})
			diags := w.destroy()
			w.fails(diags, "cannot_delete_unmanaged_access_code", w.stray(text(diags, 1)))
		})
	})
	t.Run("the list before the ask failed", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{}})
			w.ok(w.apply(guest(w)))
			w.restart()
			injected := w.seam.InjectFault(seamtest.Fault{Path: strayPath, Status: 400, Type: "planned", Times: 1})
			w.fails(w.delete(), "still lists the PIN")
			w.asked(strayDeletePath, 0)
			if injected.Hits() != 1 {
				t.Error("the fault did not strike")
			}
		})
	})
}

// Does an old entry that cannot be read block destroy, and does the receipt tell of it?
func TestAccessCode_oldUnreadableEntryIsCountedInTheReceipt(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.ok(w.apply(guest(w)))
		for i := range 2 {
			w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: fmt.Sprint(1111 + i), Masked: true})
		}
		w.restart()
		w.silent(w.destroy())
		if got := receipts(); len(got) != 1 || got[0].PINCompared || got[0].NotCompared != 2 {
			t.Errorf("receipts %+v, want one that says that two entries were not compared", got)
		}
	})
}

// Does a code that somebody released from Seam still open the door after destroy?
func TestAccessCode_unmanagedCodeIsDestroyed(t *testing.T) {
	for name, answers := range releases {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w)))
				w.seam.UnmanageAccessCode(w.id())
				answers(w)
				w.restart()
				w.ok(w.destroy())
				w.gone()
				w.opens("4821", false)
			})
		})
	}
}
