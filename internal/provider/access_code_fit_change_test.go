package provider

import "testing"

// What a plan says of changes, and of a lock with many stays.

func TestFirstFourDigitsMayHaveToDiffer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(nil, "unique_first_four_digits")
		p := w.plan(guest(w).with(values{"code": "482844"}))
		w.ok(p.diags)
		w.warns(p.diags, "may refuse", "unique_first_four_digits")
		w.silent(w.plan(guest(w).with(values{"code": "482144"})).diags)
	})
}
