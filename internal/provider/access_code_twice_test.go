package provider

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const twice = "Same PIN twice on one lock"

// planAll plans each configuration as an object of its own, at the same time.
func (w *world) planAll(configs ...values) (said []*tfprotov6.Diagnostic) {
	w.t.Helper()
	var all sync.WaitGroup
	diags := make([][]*tfprotov6.Diagnostic, len(configs))
	for i, config := range configs {
		all.Go(func() { diags[i] = w.another().plan(config).diags })
	}
	all.Wait()
	return slices.Concat(diags...)
}

func TestTheSamePINTwiceOnOneLockIsSeenWhilePlanning(t *testing.T) {
	day := func(n int) string { return stamp(time.Duration(n) * 24 * time.Hour) }
	window := func(from, to int) values { return values{"starts_at": day(from), "ends_at": day(to)} }
	for name, test := range map[string]struct {
		ana, bob values
		want     bool
	}{
		"always":                    {nil, nil, true},
		"one of them for some days": {nil, window(3, 5), true},
		"in overlapping weeks":      {window(1, 8), window(7, 14), true},
		"one after the other":       {window(1, 7), window(7, 14), false},
		"with write-only arguments": {nil, values{"code": nil, "code_wo": "4821", "code_wo_version": 1}, true},
		"with other PINs":           {nil, values{"code": "7319"}, false},
		"at a time not known yet":   {window(1, 7), values{"starts_at": unknown{}, "ends_at": unknown{}}, false},
		"not known yet":             {nil, values{"code": unknown{}}, false},
		"on a lock not known yet":   {nil, values{"device_id": unknown{}}, false},
		"with the same name":        {nil, values{"name": "Ana"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				ana, bob := values{"device_id": w.lock.ID, "name": "Ana", "code": "4821"}, values{"device_id": w.lock.ID, "name": "Bob", "code": "4821"}
				diags := w.planAll(ana.with(test.ana), bob.with(test.bob))
				said := text(diags, tfprotov6.DiagnosticSeverityWarning)
				if n := strings.Count(said, twice); n != map[bool]int{true: 1, false: 0}[test.want] {
					t.Fatalf("said %d times: %s", n, said)
				}
				if test.want && !strings.Contains(said, `named "Ana"`) && !strings.Contains(said, `named "Bob"`) {
					t.Errorf("names nobody: %s", said)
				}
				if strings.Contains(said, "4821") {
					t.Errorf("tells the PIN: %s", said)
				}
			})
		})
	}
}

func TestTheSamePINOnTwoLocksIsFine(t *testing.T) {
	inWorld(t, func(w *world) {
		other := w.seam.AddLock("Back Door")
		w.silent(w.planAll(values{"device_id": w.lock.ID, "code": "4821"}, values{"device_id": other.ID, "code": "4821"}))
	})
}

func TestANewCodeWithThePINOfOneInTheStateIsSeenWhilePlanning(t *testing.T) {
	inWorld(t, func(w *world) {
		ana := values{"device_id": w.lock.ID, "name": "Ana", "code": "4821"}
		w.ok(w.apply(ana))
		w.restart()
		w.silent(w.refresh())
		w.silent(w.plan(ana).diags)
		w.warns(w.another().plan(values{"device_id": w.lock.ID, "name": "Bob", "code": "4821"}).diags, twice, `named "Ana"`)
	})
}

func TestACodeIsNoTwinOfItself(t *testing.T) {
	for name, test := range map[string]struct{ next func(*world) values }{
		"that stays as it is": {func(w *world) values { return guest(w) }},
		"that is renamed":     {func(w *world) values { return guest(w).with(values{"name": "Other"}) }},
		"that is replaced":    {func(w *world) values { return guest(w).with(values{"max_time_rounding": "1d"}) }},
		"that moves": {func(w *world) values {
			return guest(w).with(values{"device_id": w.seam.AddLock("Back Door").ID})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(values{"max_time_rounding": "1h"})))
				w.restart()
				w.silent(w.refresh())
				next := test.next(w)
				w.silent(w.plan(next).diags)
				w.state = w.none() // the second plan of a replacement
				w.silent(w.plan(next).diags)
			})
		})
	}
}

func TestAPINThatMovesOnIsNoTwin(t *testing.T) {
	inWorld(t, func(w *world) {
		ana, bob := values{"device_id": w.lock.ID, "name": "Ana", "code": "4821"}, values{"device_id": w.lock.ID, "name": "Bob", "code": "4821"}
		w.ok(w.apply(ana))
		w.restart()
		w.silent(w.refresh())
		w.silent(w.plan(ana.with(values{"code": "7319"})).diags)
		w.silent(w.another().plan(bob).diags)
	})
}

// Terraform removes one key and creates the other at the same time.
func TestAGuestWhoseKeyIsRenamedKeepsThePIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 20 * time.Second})
		w.restart()
		renamed := w.another()
		var all sync.WaitGroup
		all.Go(func() { w.silent(renamed.put(guest(w).with(values{"name": "Bob"}))) })
		all.Go(func() { w.silent(w.delete()) })
		all.Wait()
		w.opens("4821", true)
		w.gone()
		if renamed.has("id") != w.seam.AccessCodes()[0].ID {
			t.Error("the state does not know the new code")
		}
	})
}
