package seam

import (
	"context"
	"sync"
	"time"
)

// verb is a kind of write that Seam limits for each lock.
type verb string

const (
	creates verb = "create"
	updates verb = "update"
	deletes verb = "delete"
)

// perMinute is how often Seam accepts each verb on one lock in any 60 seconds.
var perMinute = map[verb]int{creates: 10, updates: 10, deletes: 20}

const minute = 60 * time.Second

// lane paces the writes to one lock and lets them through one at a time.
type lane struct {
	writing turnstile
	pacing  map[verb]turnstile
	past    map[verb][]time.Time // of the latest writes; each guarded by its pacing turnstile
}

func newLane() *lane {
	l := &lane{writing: newTurnstile(), pacing: map[verb]turnstile{}, past: map[verb][]time.Time{}}
	for v := range perMinute {
		l.pacing[v] = newTurnstile()
		l.past[v] = make([]time.Time, perMinute[v])
	}
	return l
}

// lanes has a lane for each lock.
type lanes struct {
	mu sync.Mutex
	of map[string]*lane
}

func (l *lanes) get(deviceID string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[deviceID] == nil {
		if l.of == nil {
			l.of = map[string]*lane{}
		}
		l.of[deviceID] = newLane()
	}
	return l.of[deviceID]
}

// admit waits until a write may go to a lock: in its turn, under Seam's limits, and
// alone. The caller leaves as soon as the write is answered, before it waits for the
// lock. A write that waits out a 429 keeps the others waiting with it.
func (c *Client) admit(ctx context.Context, deviceID string, v verb) (leave func(), err error) {
	l := c.lanes.get(deviceID)
	if err := l.pacing[v].enter(ctx); err != nil {
		return nil, err
	}
	oldest := l.past[v][0]
	if err := sleep(ctx, time.Until(oldest.Add(minute))); err == nil {
		err = l.writing.enter(ctx)
		if err == nil {
			return func() { l.leave(v) }, nil
		}
	}
	l.pacing[v].leave()
	return nil, context.Cause(ctx)
}

// leave notes the write at the time of its answer: Seam counted it no later.
func (l *lane) leave(v verb) {
	l.past[v] = append(l.past[v][1:], time.Now())
	l.writing.leave()
	l.pacing[v].leave()
}
