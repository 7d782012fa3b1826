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

	adopts      verb = "adopt"
	lockDoors   verb = "lock"
	unlockDoors verb = "unlock"
)

// perMinute is how often Seam accepts each verb on one lock in any 60 seconds. For adopts
// it says nothing, so they count as the updates that they are.
var perMinute = map[verb]int{creates: 10, updates: 10, deletes: 20, adopts: 10, lockDoors: 15, unlockDoors: 15}

const minute = 60 * time.Second

// gatherTime is how long a check of a lock waits for other removals on the lock that end
// at about the same time: it vouches for all that came before it starts.
const gatherTime = 100 * time.Millisecond

// lock is what one run does with one lock: it paces the writes, lets them through one at
// a time, and shares the reads.
type lock struct {
	writing   turnstile
	pacing    map[verb]*pace
	codes     shared[listing]
	unmanaged shared[listing]
	view      shared[view]
	before    shared[codeList] // unmanaged codes, as they were before an ask
	facts     planFacts
	planned   plannedPINs
}

// pace keeps one verb within its limit.
type pace struct {
	turnstile
	past []time.Time // of the latest writes; guarded by the turnstile
}

func (c *Client) newLock(deviceID string) *lock {
	l := &lock{writing: newTurnstile(), pacing: map[verb]*pace{}, planned: plannedPINs{by: map[string][]*PlannedPIN{}}}
	c.preparePlanFacts(&l.facts, deviceID)
	l.codes.fetch = func(ctx context.Context) (listing, error) { return c.list(ctx, deviceID) }
	l.unmanaged.fetch = func(ctx context.Context) (listing, error) { return c.listingUnmanaged(ctx, deviceID) }
	l.before.fetch = factWithin(func(ctx context.Context) (l codeList, err error) {
		l.answer, l.codes, err = c.listUnmanaged(ctx, deviceID)
		return l, err
	})
	l.view.gather = gatherTime
	l.view.fetch = func(ctx context.Context) (view, error) { return c.viewLock(ctx, deviceID) }
	for v := range perMinute {
		l.pacing[v] = &pace{newTurnstile(), make([]time.Time, perMinute[v])}
	}
	return l
}

// locks are the locks of this run, by device id.
type locks struct {
	mu sync.Mutex
	of map[string]*lock
}

func (c *Client) lock(deviceID string) *lock {
	c.locks.mu.Lock()
	defer c.locks.mu.Unlock()
	if c.locks.of[deviceID] == nil {
		if c.locks.of == nil {
			c.locks.of = map[string]*lock{}
		}
		c.locks.of[deviceID] = c.newLock(deviceID)
	}
	return c.locks.of[deviceID]
}

// admit waits until a write may go to a lock: in its turn, under Seam's limits, and
// alone. The caller leaves as soon as the write is answered, before it waits for the
// lock. A write that waits out a 429 keeps the others waiting with it.
func (c *Client) admit(ctx context.Context, deviceID string, v verb) (leave func(), err error) {
	defer uncounted(ctx)()
	l := c.lock(deviceID)
	p := l.pacing[v]
	if err := p.enter(ctx); err != nil {
		return nil, err
	}
	if err := sleep(ctx, time.Until(p.past[0].Add(minute))); err == nil {
		err = l.writing.enter(ctx)
		if err == nil {
			l.outdate(v)
			return func() { l.leave(p, v) }, nil
		}
	}
	p.leave()
	return nil, context.Cause(ctx)
}

// leave notes the write at the time of its answer: Seam counted it no later.
func (l *lock) leave(p *pace, v verb) {
	l.outdate(v)
	p.past = append(p.past[1:], time.Now())
	l.writing.leave()
	p.leave()
}

// outdate keeps reads from before a write from being taken for later ones. Deletes that
// come together share what was on the lock before.
func (l *lock) outdate(v verb) {
	l.codes.invalidate()
	l.unmanaged.invalidate()
	if v != deletes {
		l.before.invalidate()
	}
}
