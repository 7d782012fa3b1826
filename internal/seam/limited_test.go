package seam

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Four pipelines apply at the same moment, each with its own guests for the same door.
func TestFourRunsAtOnceOnOneLockAllGetTheirCodes(t *testing.T) {
	for name, runs := range map[string]seamtest.ConcurrentRuns{"with Retry-After": {}, "without Retry-After": {NoRetryAfter: true}} {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.seam.EnforceLimitsFor(runs)
				var all sync.WaitGroup
				for run := range 4 {
					c := e.client(Config{})
					for guest := range 20 {
						all.Go(func() { e.stay(c, fmt.Sprint(50000+100*run+guest)) })
					}
				}
				all.Wait()
				if e.seam.RateLimitedCount() == 0 || len(e.locks[0].PINs()) > 0 {
					e.t.Errorf("Seam put off %d writes, and %d PINs are left", e.seam.RateLimitedCount(), len(e.locks[0].PINs()))
				}
			})
		})
	}
}

// stay is a guest who comes, gets another PIN, and leaves; each in its default timeout.
func (e *estate) stay(c *Client, pin string) {
	ctx, cancel := Within(e.t.Context(), 5*time.Minute)
	defer cancel()
	code, err := c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
	if err != nil {
		e.t.Errorf("creating: %v", err)
		return
	}
	if !e.locks[0].Opens(pin) {
		e.t.Errorf("the PIN of %s does not open the door", code.ID)
	}
	changing, cancel := Within(e.t.Context(), 5*time.Minute)
	defer cancel()
	other := pin + "7"
	if _, err := c.ChangeAccessCode(changing, Change{
		Input: AccessCodeInput{AccessCodeID: code.ID, Code: &other}, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, PIN: pin,
		CreatedAt: code.CreatedAt.Time, Remember: func(Memory) {}, Warn: func(string, string) {},
	}); err != nil {
		e.t.Errorf("changing: %v", err)
	}
	if err := c.RemoveAccessCode(e.t.Context(), Removal{
		AccessCodeID: code.ID, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, Mode: Verified, PIN: other, CreatedAt: code.CreatedAt.Time,
		Timeout: 10 * time.Minute, Remember: func(Memory) {}, Warn: func(string, string) {},
	}); err != nil {
		e.t.Errorf("removing: %v", err)
	}
}
