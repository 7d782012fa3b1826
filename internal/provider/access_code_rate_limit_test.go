package provider

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/provider/accesscode"
)

// Seam takes ten creates a minute on one lock. That the others wait is nothing that a
// timeout is for.
func TestAccessCode_rateLimitWaitDoesNotCountAgainstTheTimeout(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EnforceLimits(true)
		config := func(n int, name string) values {
			return values{"device_id": h.lock.ID, "name": name, "code": fmt.Sprint(5000 + n), "timeouts": values{"create": "30s", "update": "30s"}}
		}
		var all []*harness
		for range 45 {
			all = append(all, h.anotherObject())
		}
		for _, name := range []string{"Guest", "Renamed"} {
			h.requireWithin(4*time.Minute, 6*time.Minute, func() {
				var applies sync.WaitGroup
				for n, o := range all {
					applies.Go(func() { o.requireNoError(o.ApplyWithoutRefresh(config(n, name))) })
				}
				applies.Wait()
			})
		}
		requireEqual(t, "refused by Seam", h.seam.RateLimitedCount(), 0)
	})
}

func TestAccessCode_timeoutEndsTheWaitForTheLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(slowFault("/access_codes/get"))
		h.seam.InjectFault(slowFault("/access_codes/list"))
		h.requireWithin(0, accesscode.PreflightTimeout+46*time.Second, func() {
			h.apply(values{"device_id": h.lock.ID, "code": "4821", "timeouts": values{"create": "45s"}})
		})
	})
}
