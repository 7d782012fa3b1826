package seam

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// rateLimitKey marks the context of a write whose 429 is handled by [Client.retryRateLimited].
type rateLimitKey struct{}

// minRateLimitPause prevents a busy loop if the server sends Retry-After: 0.
const minRateLimitPause = time.Second

// retryRateLimited retries a write to a lock while Seam responds with 429. Other runs may write
// to the same lock, so these retries do not count as max_retries. The caller holds the write lock
// of the device, so this run's other writes to the lock wait too.
func (c *Client) retryRateLimited(ctx context.Context, write func(context.Context) error) error {
	ctx = context.WithValue(ctx, rateLimitKey{}, true)
	for {
		err := write(ctx)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Status != http.StatusTooManyRequests {
			return err
		}
		e.lockWrite = true
		pause := e.rateLimitPause()
		if left, limited := remainingTime(ctx); limited && left < pause {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return fmt.Errorf("waiting for Seam's rate limit of the lock: %w", err)
		}
	}
}

// rateLimitPause is the time until the next try: the Retry-After header, or 60 seconds, the
// window of Seam's limits. The jitter is small, so that of several runs the one that was refused
// first retries first.
func (e *Error) rateLimitPause() time.Duration {
	pause := rateLimitWindow
	if e.retryAfter != nil {
		pause = max(*e.retryAfter, minRateLimitPause)
	}
	return pause + rand.N(time.Second/2)
}

// postRateLimited is post for writes that Seam rate limits per lock.
func (c *Client) postRateLimited(ctx context.Context, path string, in, out any) error {
	return c.retryRateLimited(ctx, func(ctx context.Context) error {
		_, err := c.post(ctx, path, in, out)
		return err
	})
}
