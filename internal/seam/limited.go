package seam

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// limitedKey marks the context of a write whose 429 is waited out by [Client.untilTaken].
type limitedKey struct{}

// leastPause keeps a server that says "again at once" from being asked in a loop.
const leastPause = time.Second

// untilTaken repeats a write to a lock for as long as Seam answers that it takes no more
// of them for now. Other runs write to the lock as well, so this is no failure, and does
// not use up max_retries. Whoever calls it keeps the turn to write, and this run's other
// writes to the lock wait with it.
func (c *Client) untilTaken(ctx context.Context, write func(context.Context) error) error {
	ctx = context.WithValue(ctx, limitedKey{}, true)
	for {
		err := write(ctx)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Status != http.StatusTooManyRequests {
			return err
		}
		e.write = true
		pause := e.pause()
		if left, limited := timeLeft(ctx); limited && left < pause {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return fmt.Errorf("waiting until Seam takes more writes to the lock: %w", err)
		}
	}
}

// pause is how long Seam wants to be left alone. Its limits are about any sixty seconds:
// where it says nothing, all of them have to pass. Of several runs, the one that was
// refused first comes first, so the jitter is small.
func (e *Error) pause() time.Duration {
	pause := minute
	if e.retryAfter != nil {
		pause = max(*e.retryAfter, leastPause)
	}
	return pause + rand.N(time.Second/2)
}

// postLimited is post for writes that Seam limits.
func (c *Client) postLimited(ctx context.Context, path string, in, out any) error {
	return c.untilTaken(ctx, func(ctx context.Context) error {
		_, err := c.post(ctx, path, in, out)
		return err
	})
}
