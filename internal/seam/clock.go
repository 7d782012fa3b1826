package seam

import (
	"context"
	"sync"
	"time"
)

// clock estimates Seam's clock from the Date headers of its responses.
type clock struct {
	mu             sync.Mutex
	known          bool
	latestOffset   time.Duration // server clock minus local clock, from the last response
	earliestOffset time.Duration // the smallest such offset of all responses
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

// now is the time on Seam's clock, or the local time before the first response.
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

// Now returns the time on Seam's clock, estimated from its last response.
func (c *Client) Now() time.Time { return c.clock.now() }

// IsPast reports whether t is in the past by Seam's clock. If no response had a Date yet, it
// sends a request to get one. It is false if that fails.
func (c *Client) IsPast(ctx context.Context, t time.Time) bool {
	if !c.clock.isKnown() {
		_ = c.CheckCredentials(ctx)
	}
	return c.clock.isPast(t)
}

// ClockKnown reports whether any response had a Date header.
func (c *Client) ClockKnown() bool { return c.clock.isKnown() }
