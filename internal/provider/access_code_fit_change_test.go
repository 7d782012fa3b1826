package provider

import (
	"testing"
	"time"
)

// What a plan says of changes, and of a lock with many stays.

func TestStayThatIsExtendedNeedNotStartAnew(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(stay(w, time.Hour)))
		w.rules(nil, "start_date_in_future")
		w.restart()
		w.silent(w.plan(stay(w, time.Hour).with(values{"ends_at": stamp(48 * time.Hour)})).diags)
		w.warns(w.plan(stay(w, time.Hour).with(values{"starts_at": stamp(-time.Minute)})).diags, "start_date_in_future")
	})
}

func TestPlanOfAChangeSaysThatTheLockIsUnmanaged(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.lock.Unmanage()
		w.restart()
		for _, change := range []values{{"name": "Other"}, {"code": "5560"}} {
			p := w.plan(guest(w).with(change))
			w.ok(p.diags)
			w.warns(p.diags, "not managed", "is_managed = true")
		}
	})
}

func TestPINThatCannotBeChosenIsToBeLeftOut(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(nil, "cannot_specify_pin_code")
		w.fails(w.plan(guest(w)).diags, "cannot_specify_pin_code", "Leave out code and code_wo")
		w.silent(w.plan(values{"device_id": w.lock.ID}).diags)
	})
}

func TestFirstFourDigitsMayHaveToDiffer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(nil, "unique_first_four_digits")
		p := w.plan(guest(w).with(values{"code": "482844"}))
		w.ok(p.diags)
		w.warns(p.diags, "may refuse", "unique_first_four_digits")
		w.silent(w.plan(guest(w).with(values{"code": "482144"})).diags)
	})
}
