package provider

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// Seam takes ten creates a minute on one lock. That the others wait is nothing that a
// timeout is for.
func TestManyCodesOnOneLockWaitForTheirTurnHoweverLong(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EnforceLimits(true)
		config := func(n int, name string) values {
			return values{"device_id": w.lock.ID, "name": name, "code": fmt.Sprint(5000 + n), "timeouts": values{"create": "30s", "update": "30s"}}
		}
		var all []*world
		for range 45 {
			all = append(all, w.another())
		}
		for _, name := range []string{"Guest", "Renamed"} {
			d := took(func() {
				var applies sync.WaitGroup
				for n, o := range all {
					applies.Go(func() { o.ok(o.put(config(n, name))) })
				}
				applies.Wait()
			})
			if d < 4*time.Minute || d > 6*time.Minute {
				t.Errorf("45 applies took %v", d)
			}
		}
		if n := w.seam.RateLimitedCount(); n > 0 {
			t.Errorf("Seam refused %d", n)
		}
	})
}

func TestATimeoutStillEndsWhatTheLockDoesNotConfirm(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(slow("/access_codes/get"))
		w.seam.InjectFault(slow("/access_codes/list"))
		d := took(func() {
			w.apply(values{"device_id": w.lock.ID, "code": "4821", "timeouts": values{"create": "45s"}})
		})
		if d > fitTime+46*time.Second {
			t.Errorf("it took %v", d)
		}
	})
}
