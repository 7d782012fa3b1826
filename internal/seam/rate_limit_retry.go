package seam

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// rateLimitKey marks the context of a write whose 429 is waited out by [Client.retryRateLimited].
type rateLimitKey struct{}

// minRateLimitPause keeps a server that says "again at once" from being asked in a loop.
const minRateLimitPause = time.Second

// retryRateLimited repeats a write to a lock for as long as Seam answers that it takes no more
// of them for now. Other runs write to the lock as well, so this is no failure, and does
// not use up max_retries. The caller has acquired the lock, and this run's other
// writes to the lock wait with it.
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
			return fmt.Errorf("waiting until Seam takes more writes to the lock: %w", err)
		}
	}
}

// rateLimitPause is how long Seam wants to be left alone. Its limits are about any sixty seconds:
// where it says nothing, all of them have to pass. Of several runs, the one that was
// refused first comes first, so the jitter is small.
func (e *Error) rateLimitPause() time.Duration {
	pause := rateLimitWindow
	if e.retryAfter != nil {
		pause = max(*e.retryAfter, minRateLimitPause)
	}
	return pause + rand.N(time.Second/2)
}

// postRateLimited is post for writes that Seam limits.
func (c *Client) postRateLimited(ctx context.Context, path string, in, out any) error {
	return c.retryRateLimited(ctx, func(ctx context.Context) error {
		_, err := c.post(ctx, path, in, out)
		return err
	})
}
