package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// losses are ways to lose sight of a lock that still opens.
var losses = map[string]struct {
	lose func(*seamtest.Lock)
	says []string
}{
	"missing":   {(*seamtest.Lock).Disappear, []string{"is missing from the workspace", "no proof", "comes back"}},
	"unmanaged": {(*seamtest.Lock).Unmanage, []string{"became unmanaged", "may still open the door", "managed again"}},
}

func TestLockOutOfSightProvesNothing(t *testing.T) {
	for name, loss := range losses {
		for form, config := range forms {
			t.Run(name+", "+form, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.ok(w.apply(guest(w).with(config)))
					loss.lose(w.lock)
					says := append(loss.says, w.lock.ID, `removal = "abandoned"`, `"requested"`, "apply -refresh=false", "destroy -refresh=false", "state rm")
					w.restart()
					w.keeps(func() { w.fails(w.refresh(), says...) })
					w.keeps(func() { w.fails(w.destroy(), says...) })
					w.keeps(func() { w.fails(w.delete(), append(says, "not confirmed")...) })
					w.opens("4821", true)
				})
			})
		}
	}
}

func TestWayOutOfALockOutOfSight(t *testing.T) {
	for name, loss := range losses {
		for _, removal := range []string{"abandoned", "requested"} {
			t.Run(name+", "+removal, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.ok(w.apply(guest(w)))
					loss.lose(w.lock)
					w.restart()
					w.fails(w.destroy())
					asked := len(w.seam.Requests())
					w.ok(w.put(guest(w).with(values{"removal": removal})))
					if len(w.seam.Requests()) != asked {
						t.Error("a change of only removal called Seam")
					}
					w.keeps(func() { w.warns(w.refresh(), "out of sight", loss.says[0], removal) })
					w.restart()
					diags := w.delete()
					w.ok(diags)
					w.warns(diags, `removal = "`+removal+`"`, "may still open")
					w.gone()
				})
			})
		}
	}
}

// A manufacturer's account that is disturbed for a while takes all its locks along.
func TestLockThatComesBackChangesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.lock.Disappear()
		w.restart()
		w.fails(w.refresh())
		w.lock.Restore()
		w.restart()
		w.silent(w.refresh())
		if p := w.plan(guest(w)); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
	})
}

func TestLockThatDisappearsWhileItsCodeIsRemoved(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		w.ok(w.apply(guest(w)))
		w.restart()
		w.ok(w.refresh())
		go func() { later(10 * time.Second); w.lock.Disappear() }()
		w.keeps(func() { w.fails(w.delete(), "is missing from the workspace", "not confirmed") })
		w.restart()
		w.keeps(func() { w.fails(w.refresh(), "is missing from the workspace") })
	})
}
