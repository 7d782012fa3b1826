package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
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

// Stays that follow each other share a slot.
func TestBookingsAheadDoNotFillALock(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(values{"max_active_codes_supported": 2})
		day := func(n int) string { return stamp(time.Duration(n) * 24 * time.Hour) }
		for n := 1; n <= 5; n++ {
			w.createElsewhere(values{"device_id": w.lock.ID, "code": fmt.Sprint(7319 + n), "starts_at": day(n), "ends_at": day(n + 1)})
		}
		ongoing := values{"device_id": w.lock.ID}
		second := ongoing.with(values{"starts_at": day(2), "ends_at": day(3)})
		for _, config := range []values{ongoing, second, ongoing.with(values{"starts_at": day(9), "ends_at": day(10)})} {
			w.silent(w.plan(config).diags)
		}
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.restart()
		w.warns(w.plan(ongoing).diags, "holds 2 codes at once", "takes 2")
		w.warns(w.plan(second).diags, "holds 2 codes at once", "takes 2")
		w.silent(w.plan(second.with(values{"starts_at": day(9), "ends_at": day(10)})).diags)
		w.silent(w.plan(second.with(values{"starts_at": unknown{}, "ends_at": unknown{}})).diags)
	})
}
