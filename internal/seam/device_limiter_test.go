package seam

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// TestDeviceLimiter_canceledWaitersLeaveQueue has one create past the limit that waits for the minute to be
// over, and more that wait behind it.
func TestDeviceLimiter_canceledWaitersLeaveQueue(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(0), map[string]int{"the first in the queue": 0, "one further back": 2}, func(e *fixture, givesUp int) {
		c, start := e.client(Config{}), time.Now()
		e.createMany(c, e.Locks[0], 10, 50000).Wait()
		var all sync.WaitGroup
		var giveUp context.CancelFunc
		for i := range 4 {
			ctx, cancel := context.WithCancel(e.T.Context())
			if i == givesUp {
				giveUp = cancel
			}
			all.Go(func() {
				defer cancel()
				_, err := c.CreateAccessCode(ctx, emptyInput(e))
				took := time.Since(start)
				switch {
				case i == givesUp && (!errors.Is(err, context.Canceled) || took > 21*time.Second):
					e.T.Errorf("the one that gave up after 20s got %v after %v", err, took)
				case i == givesUp:
					clienttest.AssertContains(e.T, err.Error(), "waiting to send")
				case err != nil || took < time.Minute || took > 65*time.Second:
					e.T.Errorf("one that waited got %v after %v", err, took)
				}
			})
			synctest.Wait() // so that they queue in this order
		}
		<-time.After(time.Until(start.Add(20 * time.Second)))
		giveUp()
		all.Wait()
		if n := len(e.Server.AccessCodes()); n != 13 {
			e.T.Errorf("%d codes, want 13", n)
		}
	})
}
