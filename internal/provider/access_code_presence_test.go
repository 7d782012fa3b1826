package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// stale is a replica of Seam that has not heard of a code, for so many reads.
func stale(times int) seamtest.Fault {
	return seamtest.Fault{Path: getPath, Status: 404, Type: "access_code_not_found", Times: times}
}

// Does one out-of-date 404 take the code out of the state while its PIN opens the door?
func TestAccessCode_staleNotFoundKeepsTheState(t *testing.T) {
	for name, config := range forms {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(config)))
				w.seam.InjectFault(stale(1))
				w.oneByOne()
				w.keeps(func() { w.warns(w.refresh(), "not proven", w.id(), "lists it on lock "+w.lock.ID) })
				w.opens("4821", true)
			})
		})
	}
}

// Does destroy ask for the removal although a stale replica says that the code is gone?
func TestAccessCode_staleNotFoundBeforeTheRemovalIsAskedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.seam.InjectFault(stale(1))
		w.oneByOne()
		w.ok(w.delete())
		w.gone()
		w.opens("4821", false)
		w.asked(deletePath, 1)
	})
}

// Is a removal that the lock never carries out called done because of a stale 404?
func TestAccessCode_staleNotFoundAfterTheRemovalWasAskedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.lock.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: 5 * time.Minute})
		w.oneByOne()
		w.ok(w.refresh())
		fault := stale(0)
		fault.Skip = 1 // the look before the ask
		injected := w.seam.InjectFault(fault)
		start := time.Now()
		w.keeps(func() { w.fails(w.delete(), "not confirmed", "lists it on lock "+w.lock.ID) })
		if took := time.Since(start); took < 15*time.Second || took > 40*time.Second {
			t.Errorf("it looked again for %v, want about 20 s", took)
		}
		w.opens("4821", true)
		injected.Remove()
		w.restart()
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

// Does a list that lags behind for some seconds fail a removal that is complete?
func TestAccessCode_listThatLagsBehind(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		var before []byte
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Replace: func(status int, body []byte) (int, []byte) {
			if before == nil {
				before = body
			}
			if time.Since(removed(w)) < 8*time.Second {
				return status, before
			}
			return status, body
		}})
		w.restart()
		w.ok(w.destroy())
		w.gone()
		w.opens("4821", false)
	})
}

// removed is when the removal was asked for; now, if it was not.
func removed(w *world) time.Time {
	for _, r := range w.seam.Requests() {
		if r.Path == deletePath {
			return r.At
		}
	}
	return time.Now()
}

// Is the PIN of a code proven away on the lock where Seam says the code is?
func TestAccessCode_moved(t *testing.T) {
	moved := func(t *testing.T, test func(w *world, other *seamtest.Lock)) {
		inWorld(t, func(w *world) {
			other := w.seam.AddLock("Back Door")
			w.ok(w.apply(guest(w)))
			w.seam.MoveAccessCode(w.id(), other)
			w.restart()
			test(w, other)
		})
	}
	t.Run("left on the new lock", func(t *testing.T) {
		moved(t, func(w *world, other *seamtest.Lock) {
			other.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
			w.keeps(func() { w.fails(w.delete(), other.ID, "still lists the PIN") })
			w.restart()
			w.keeps(func() { w.fails(w.delete(), other.ID, "still lists the PIN") })
		})
	})
	t.Run("left on the old lock", func(t *testing.T) {
		for _, refreshed := range []bool{false, true} {
			moved(t, func(w *world, other *seamtest.Lock) {
				left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true})
				if refreshed {
					w.warns(w.refresh(), "on another lock", w.lock.ID, other.ID)
				}
				w.fails(w.delete(), w.lock.ID, "still lists the PIN", left)
				w.seam.RemoveUnmanagedAccessCode(left)
				w.restart()
				w.ok(w.destroy())
				w.gone()
				w.opens("4821", false)
			})
		}
	})
	t.Run("destroy says so", func(t *testing.T) {
		moved(t, func(w *world, other *seamtest.Lock) {
			w.warns(w.delete(), "on another lock", w.lock.ID, other.ID)
			w.gone()
			if other.Opens("4821") {
				t.Error("the PIN opens the other door")
			}
		})
	})
}

// Is a hidden leftover taken for an old neighbour, because a list that lags behind made
// destroy ask for what was gone already?
func TestAccessCode_leftoverFromBeforeALateAsk(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		id := w.id()
		w.seam.RemoveAccessCode(id)
		left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Times: 1, Status: 200, ContentType: "application/json", Body: fmt.Sprintf(
			`{"ok":true,"access_codes":[{"access_code_id":%q,"device_id":%q,"is_managed":true}],"pagination":{"has_next_page":false}}`, id, w.lock.ID)})
		w.oneByOne()
		w.keeps(func() { w.fails(w.delete(), left, "cannot be compared") })
		w.asked(deletePath, 1)
		w.opens("4821", true)
	})
}
