package seam

import (
	"context"
	"sync"
	"time"
)

// WriteKind is a kind of write that Seam rate limits per lock.
type WriteKind string

// Kinds of writes.
const (
	writeCreate WriteKind = "create"
	WriteUpdate WriteKind = "update"
	WriteDelete WriteKind = "delete"

	writeAdopt  WriteKind = "adopt"
	writeLock   WriteKind = "lock"
	writeUnlock WriteKind = "unlock"
)

// writesPerMinute is how many writes of each kind Seam accepts per lock in any 60 seconds. Seam
// documents no limit for adoptions, so they have the limit of updates.
var writesPerMinute = map[WriteKind]int{writeCreate: 10, WriteUpdate: 10, WriteDelete: 20, writeAdopt: 10, writeLock: 15, writeUnlock: 15}

const rateLimitWindow = 60 * time.Second

// batchDelay is how long a lock check waits for other removals on the same lock that end at about
// the same time. One check proves all removals that ended before it starts.
const batchDelay = 100 * time.Millisecond

// deviceState is the state of one lock in one run. It rate limits and serializes writes and
// shares reads.
type deviceState struct {
	writeMutex        ctxMutex
	limiters          map[WriteKind]*rateLimiter
	codes             sharedRead[deviceSnapshot]
	unmanaged         sharedRead[deviceSnapshot]
	snapshot          sharedRead[LockSnapshot]
	unmanagedBaseline sharedRead[CodeList] // unmanaged codes before a request
	planCache         planCache
	plannedPINs       plannedPINs
	claims            lockClaims
}

// rateLimiter limits one kind of write.
type rateLimiter struct {
	ctxMutex
	recentWrites []time.Time // oldest first; guarded by the mutex
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

// deviceStates holds the state of each lock of this run.
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

// AcquireWrite waits until a write may be sent to a lock: in order, within Seam's rate limits and
// one at a time. The caller must call release when the response arrives, before it waits for the
// lock. While a write waits after a 429, the other writes to the lock wait too. Time spent here
// is not counted against a [Deadline].
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

// release records the write at the time of its response: Seam counted it no later than that.
func (l *deviceState) release(p *rateLimiter, v WriteKind) {
	l.invalidate(v)
	p.recentWrites = append(p.recentWrites[1:], time.Now())
	l.writeMutex.Unlock()
	p.Unlock()
}

// invalidate drops the reads from before a write. Deletes keep the unmanaged baseline, so that
// concurrent deletes share it.
func (l *deviceState) invalidate(v WriteKind) {
	l.codes.invalidate()
	l.unmanaged.invalidate()
	if v != WriteDelete {
		l.unmanagedBaseline.invalidate()
	}
}
