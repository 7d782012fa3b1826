package removal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Four pipelines apply at the same moment, each with its own guests for the same door.
func TestRateLimit_parallelRunsOnOneLockAllCreate(t *testing.T) {
	runs := map[string]seamtest.ConcurrentRuns{"with Retry-After": {}, "without Retry-After": {NoRetryAfter: true}}
	clienttest.ForEachIn(t, fixtures(1, 0), runs, func(e *fixture, runs seamtest.ConcurrentRuns) {
		e.Server.EnforceLimitsFor(runs)
		clients := [4]*seam.Client{}
		for run := range clients {
			clients[run] = e.client(seam.Config{})
		}
		e.Parallel(80, func(i int) error { return e.createStay(clients[i%4], fmt.Sprint(50000+i)) }).Wait()
		if e.Server.RateLimitedCount() == 0 || len(e.Locks[0].PINs()) > 0 {
			e.T.Errorf("Seam put off %d writes, and %d PINs are left", e.Server.RateLimitedCount(), len(e.Locks[0].PINs()))
		}
	})
}

// createStay creates, updates and removes a code, each in its default timeout.
func (e *fixture) createStay(c *seam.Client, pin string) error {
	ctx, cancel := seam.WithTimeout(e.T.Context(), 5*time.Minute)
	defer cancel()
	created, err := c.CreateAccessCode(ctx, seam.AccessCodeInput{DeviceID: e.Locks[0].ID, Code: &pin})
	if err != nil {
		return err
	}
	code := AccessCode{ID: created.ID, DeviceID: created.DeviceID, PIN: pin, CreatedAt: created.CreatedAt.Time}
	if !e.Locks[0].Opens(pin) {
		e.T.Errorf("the PIN of %s does not open the door", code.ID)
	}
	err = e.rotate(c, code, pin+"7")
	code.PIN = pin + "7"
	return errors.Join(err, e.remove(e.T.Context(), c, code))
}

// Writes that Seam puts off end with their timeout, or with an interrupt.
func TestRateLimit_429EndsWithTimeoutOrInterrupt(t *testing.T) {
	type testCase struct {
		path string
		call func(context.Context, *fixture, *seam.Client) error
	}
	clienttest.ForEachPairIn(t, fixtures(1, 1), map[string]testCase{
		"create": {createPath, func(ctx context.Context, e *fixture, c *seam.Client) error {
			ctx, cancel := seam.WithTimeout(ctx, 150*time.Second)
			defer cancel()
			return clienttest.ErrorOf(c.CreateAccessCode(ctx, seam.AccessCodeInput{DeviceID: e.Locks[0].ID}))
		}},
		"update": {updatePath, func(ctx context.Context, e *fixture, c *seam.Client) error {
			ctx, cancel := seam.WithTimeout(ctx, 150*time.Second)
			defer cancel()
			return e.update(ctx, c, e.codes[0], seam.AccessCodeInput{Name: new("Renamed")})
		}},
		"removal": {deletePath, func(ctx context.Context, e *fixture, c *seam.Client) error {
			o := e.options()
			o.Timeout = 150 * time.Second
			return RemoveAccessCode(ctx, c, e.codes[0], o)
		}},
	}, map[string]bool{"timeout": false, "interrupt": true}, func(e *fixture, test testCase, interrupt bool) {
		e.InjectFault(test.path, 0, seamtest.Fault{Status: 429, Type: "too_many_requests"})
		ctx, cancel := context.WithCancel(e.T.Context())
		defer cancel()
		least := 2 * time.Minute
		if interrupt {
			least = 70 * time.Second
			time.AfterFunc(least, cancel)
		}
		start := time.Now()
		err := test.call(ctx, e, e.client(seam.Config{}))
		clienttest.AssertTook(e.T, start, least, least+5*time.Second)
		clienttest.AssertError(e.T, err)
		if interrupt {
			if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupted") {
				e.T.Errorf("%v", err)
			}
			return
		}
		clienttest.AssertContains(e.T, err.Error(), "HTTP 429")
		if next := seam.Advice(err, ""); strings.Contains(next, "max_retries") || next == "" {
			e.T.Errorf("advice: %q", next)
		}
	})
}
