package seam

import (
	"context"
	"sync"
	"time"
)

// clock is Seam's clock, as the Date headers of its answers tell it.
type clock struct {
	mu             sync.Mutex
	known          bool
	latestOffset   time.Duration // server clock minus ours, by the last answer
	earliestOffset time.Duration // the same, by the answer that puts Seam's clock furthest back
}

func (c *clock) set(date time.Time) {
	offset := time.Until(date)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known || offset < c.earliestOffset {
		c.earliestOffset = offset
	}
	c.known, c.latestOffset = true, offset
}

// now is the time on Seam's clock, or ours if no answer has told it yet.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.latestOffset)
}

// remaining is how long it is until t, by the answer that puts Seam's clock furthest back.
func (c *clock) remaining(t time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Until(t) - c.earliestOffset
}

// isPast reports whether t is over. That is not believed of one answer with a wrong date:
// all answers of this run have to agree. Without a date, nothing is over.
func (c *clock) isPast(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known && t.Before(time.Now().Add(c.earliestOffset))
}

func (c *clock) isKnown() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// Now is the time on Seam's clock, as far as its last answer tells.
func (c *Client) Now() time.Time { return c.clock.now() }

// IsPast reports whether t is over by Seam's clock. It asks Seam for the time if no answer
// has told it; if that fails, t is not over.
func (c *Client) IsPast(ctx context.Context, t time.Time) bool {
	if !c.clock.isKnown() {
		_ = c.CheckCredentials(ctx)
	}
	return c.clock.isPast(t)
}

// ClockKnown reports whether an answer has told Seam's clock.
func (c *Client) ClockKnown() bool { return c.clock.isKnown() }
