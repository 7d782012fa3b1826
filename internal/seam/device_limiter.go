package seam

import (
	"context"
	"sync"
	"time"
)

// WriteKind is a kind of write that Seam limits for each lock.
type WriteKind string

const (
	writeCreate WriteKind = "create"
	WriteUpdate WriteKind = "update"
	WriteDelete WriteKind = "delete"

	writeAdopt  WriteKind = "adopt"
	writeLock   WriteKind = "lock"
	writeUnlock WriteKind = "unlock"
)

// writesPerMinute is how often Seam accepts each kind of write on one lock in any 60 seconds. For adoptions
// it says nothing, so they count as the updates that they are.
var writesPerMinute = map[WriteKind]int{writeCreate: 10, WriteUpdate: 10, WriteDelete: 20, writeAdopt: 10, writeLock: 15, writeUnlock: 15}

const rateLimitWindow = 60 * time.Second

// batchDelay is how long a check of a lock waits for other removals on the lock that end
// at about the same time: it vouches for all that came before it starts.
const batchDelay = 100 * time.Millisecond

// deviceState is what one run does with one lock: it limits the rate of writes, serializes
// them, and shares the reads.
type deviceState struct {
	writeMutex        ctxMutex
	limiters          map[WriteKind]*rateLimiter
	codes             sharedRead[deviceSnapshot]
	unmanaged         sharedRead[deviceSnapshot]
	snapshot          sharedRead[LockSnapshot]
	unmanagedBaseline sharedRead[CodeList] // unmanaged codes, as they were before a request
	planCache         planCache
	plannedPINs       plannedPINs
}

// rateLimiter keeps one kind of write within its limit.
type rateLimiter struct {
	ctxMutex
	recentWrites []time.Time // of the latest writes; guarded by the mutex
}

func (c *Client) newDeviceState(deviceID string) *deviceState {
	l := &deviceState{writeMutex: newCtxMutex(), limiters: map[WriteKind]*rateLimiter{}, plannedPINs: plannedPINs{byPIN: map[string][]*PlannedPIN{}}}
	c.initPlanCache(&l.planCache, deviceID)
	l.codes.fetch = func(ctx context.Context) (deviceSnapshot, error) { return c.fetchDeviceSnapshot(ctx, deviceID) }
	l.unmanaged.fetch = func(ctx context.Context) (deviceSnapshot, error) { return c.fetchUnmanagedSnapshot(ctx, deviceID) }
	l.unmanagedBaseline.fetch = withPlanReadTimeout(func(ctx context.Context) (l CodeList, err error) {
		l.ResponseMeta, l.Codes, err = c.listUnmanaged(ctx, deviceID)
		return l, err
	})
	l.snapshot.batchDelay = batchDelay
	l.snapshot.fetch = func(ctx context.Context) (LockSnapshot, error) { return c.readLock(ctx, deviceID) }
	for v := range writesPerMinute {
		l.limiters[v] = &rateLimiter{newCtxMutex(), make([]time.Time, writesPerMinute[v])}
	}
	return l
}

// deviceStates are the locks of this run.
type deviceStates struct {
	mu   sync.Mutex
	byID map[string]*deviceState
}

func (c *Client) device(deviceID string) *deviceState {
	c.deviceStates.mu.Lock()
	defer c.deviceStates.mu.Unlock()
	if c.deviceStates.byID[deviceID] == nil {
		if c.deviceStates.byID == nil {
			c.deviceStates.byID = map[string]*deviceState{}
		}
		c.deviceStates.byID[deviceID] = c.newDeviceState(deviceID)
	}
	return c.deviceStates.byID[deviceID]
}

// AcquireWrite waits until a write may go to a lock: in order, under Seam's limits, and one at
// a time. The caller releases as soon as the write is answered, before it waits for the
// lock. A write that waits out a 429 keeps the others waiting with it.
func (c *Client) AcquireWrite(ctx context.Context, deviceID string, v WriteKind) (release func(), err error) {
	defer pauseDeadline(ctx)()
	l := c.device(deviceID)
	p := l.limiters[v]
	if err := p.Lock(ctx); err != nil {
		return nil, err
	}
	if err := sleep(ctx, time.Until(p.recentWrites[0].Add(rateLimitWindow))); err == nil {
		err = l.writeMutex.Lock(ctx)
		if err == nil {
			l.invalidate(v)
			return func() { l.release(p, v) }, nil
		}
	}
	p.Unlock()
	return nil, context.Cause(ctx)
}

// release notes the write at the time of its answer: Seam counted it no later.
func (l *deviceState) release(p *rateLimiter, v WriteKind) {
	l.invalidate(v)
	p.recentWrites = append(p.recentWrites[1:], time.Now())
	l.writeMutex.Unlock()
	p.Unlock()
}

// invalidate keeps reads from before a write from being taken for later ones. Deletes that
// come together share what was on the lock before.
func (l *deviceState) invalidate(v WriteKind) {
	l.codes.invalidate()
	l.unmanaged.invalidate()
	if v != WriteDelete {
		l.unmanagedBaseline.invalidate()
	}
}
