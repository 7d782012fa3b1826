package removal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Four pipelines apply at the same moment, each with its own guests for the same door.
func TestRateLimit_parallelRunsOnOneLockAllCreate(t *testing.T) {
	for name, runs := range map[string]seamtest.ConcurrentRuns{"with Retry-After": {}, "without Retry-After": {NoRetryAfter: true}} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.server.EnforceLimitsFor(runs)
				var all sync.WaitGroup
				for run := range 4 {
					c := e.client(seam.Config{})
					for guest := range 20 {
						all.Go(func() { e.createStay(c, fmt.Sprint(50000+100*run+guest)) })
					}
				}
				all.Wait()
				if e.server.RateLimitedCount() == 0 || len(e.locks[0].PINs()) > 0 {
					e.t.Errorf("Seam put off %d writes, and %d PINs are left", e.server.RateLimitedCount(), len(e.locks[0].PINs()))
				}
			})
		})
	}
}

// createStay creates, updates and removes a code, each in its default timeout.
func (e *fixture) createStay(c *seam.Client, pin string) {
	ctx, cancel := seam.WithTimeout(e.t.Context(), 5*time.Minute)
	defer cancel()
	created, err := c.CreateAccessCode(ctx, seam.AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
	if err != nil {
		e.t.Errorf("creating: %v", err)
		return
	}
	code := AccessCode{ID: created.ID, DeviceID: created.DeviceID, PIN: pin, CreatedAt: created.CreatedAt.Time}
	if !e.locks[0].Opens(pin) {
		e.t.Errorf("the PIN of %s does not open the door", code.ID)
	}
	changing, cancel := seam.WithTimeout(e.t.Context(), 5*time.Minute)
	defer cancel()
	other := pin + "7"
	if err := e.update(changing, c, code, seam.AccessCodeInput{Code: &other}); err != nil {
		e.t.Errorf("changing: %v", err)
	}
	code.PIN = other
	if err := e.remove(e.t.Context(), c, code); err != nil {
		e.t.Errorf("removing: %v", err)
	}
}

// A removal and an update that Seam puts off end with their timeout, or with an interrupt.
func TestRateLimit_429EndsWithTimeoutOrInterrupt(t *testing.T) {
	name := "Renamed"
	for kind, test := range map[string]struct {
		path string
		call func(context.Context, *fixture, *seam.Client) error
	}{
		"update": {updatePath, func(ctx context.Context, e *fixture, c *seam.Client) error {
			ctx, cancel := seam.WithTimeout(ctx, 150*time.Second)
			defer cancel()
			return e.update(ctx, c, e.codes[0], seam.AccessCodeInput{Name: &name})
		}},
		"removal": {deletePath, func(ctx context.Context, e *fixture, c *seam.Client) error {
			o := e.options()
			o.Timeout = 150 * time.Second
			return RemoveAccessCode(ctx, c, e.codes[0], o)
		}},
	} {
		for end, least := range map[string]time.Duration{"timeout": 2 * time.Minute, "interrupt": 70 * time.Second} {
			t.Run(kind+", "+end, func(t *testing.T) {
				withFixture(t, 1, 1, func(e *fixture) {
					e.injectFault(test.path, 0, seamtest.Fault{Status: 429, Type: "too_many_requests"})
					ctx, cancel := context.WithCancel(e.t.Context())
					defer cancel()
					if end == "interrupt" {
						time.AfterFunc(least, cancel)
					}
					start := time.Now()
					err := test.call(ctx, e, e.client(seam.Config{}))
					if took := time.Since(start); err == nil || took < least || took > least+5*time.Second {
						e.t.Fatalf("after %v: %v", took, err)
					}
					if end == "timeout" {
						assertContains(e.t, err.Error(), "HTTP 429")
						if next := seam.Advice(err, ""); strings.Contains(next, "max_retries") || next == "" {
							e.t.Errorf("advice: %q", next)
						}
					} else if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupted") {
						e.t.Errorf("%v", err)
					}
				})
			})
		}
	}
}
