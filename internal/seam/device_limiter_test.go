package seam

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// createMany puts codes on a lock, all at once. Those with a PIN have one from base on.
func (e *fixture) createMany(c *Client, lock *seamtest.Lock, n, base int) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			pin := fmt.Sprint(base + i)
			if _, err := c.CreateAccessCode(e.t.Context(), AccessCodeInput{DeviceID: lock.ID, Code: &pin}); err != nil {
				e.t.Errorf("create %d: %v", i, err)
			}
		})
	}
	return &all
}

// TestDeviceLimiter_canceledWaitersLeaveQueue has one create past the limit that waits for the minute to be
// over, and more that wait behind it.
func TestDeviceLimiter_canceledWaitersLeaveQueue(t *testing.T) {
	for name, givesUp := range map[string]int{"the first in the queue": 0, "one further back": 2} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				c, start := e.client(Config{}), time.Now()
				e.createMany(c, e.locks[0], 10, 50000).Wait()
				var all sync.WaitGroup
				var giveUp context.CancelFunc
				for i := range 4 {
					ctx, cancel := context.WithCancel(e.t.Context())
					if i == givesUp {
						giveUp = cancel
					}
					all.Go(func() {
						defer cancel()
						_, err := c.CreateAccessCode(ctx, emptyInput(e))
						took := time.Since(start)
						switch {
						case i == givesUp && (!errors.Is(err, context.Canceled) || took > 21*time.Second):
							e.t.Errorf("the one that gave up after 20s got %v after %v", err, took)
						case i == givesUp:
							assertContains(e.t, err.Error(), "waiting to send")
						case err != nil || took < time.Minute || took > 65*time.Second:
							e.t.Errorf("one that waited got %v after %v", err, took)
						}
					})
					synctest.Wait() // so that they queue in this order
				}
				<-time.After(time.Until(start.Add(20 * time.Second)))
				giveUp()
				all.Wait()
				if n := len(e.server.AccessCodes()); n != 13 {
					e.t.Errorf("%d codes, want 13", n)
				}
			})
		})
	}
}
