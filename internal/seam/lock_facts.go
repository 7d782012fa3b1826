package seam

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// What a plan may know of a lock. Each is read once for a while, however many codes are
// planned on the lock, and our own writes do not outdate it: Terraform plans every
// create once more just before it is carried out. Nothing is proven by it.

type planFacts struct {
	device    shared[Device]
	managed   shared[[]AccessCode]
	unmanaged shared[[]AccessCode]
}

// factTime ends a read before those who wait for it leave: only a read that ended, if by
// a failure, serves the next plan too. Else each code would wait for a silent lock anew.
const factTime = 10 * time.Second

func factWithin[T any](fetch func(context.Context) (T, error)) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, factTime)
		defer cancel()
		return fetch(ctx)
	}
}

func (c *Client) preparePlanFacts(f *planFacts, deviceID string) {
	f.device.fetch = factWithin(func(ctx context.Context) (Device, error) { return c.DeviceNow(ctx, deviceID) })
	f.managed.fetch = factWithin(func(ctx context.Context) ([]AccessCode, error) {
		_, listed, err := c.listAccessCodes(ctx, map[string]any{"device_id": deviceID})
		return slices.DeleteFunc(listed, func(a AccessCode) bool { return a.DeviceID != deviceID || a.unmanaged() }), err
	})
	f.unmanaged.fetch = factWithin(func(ctx context.Context) ([]AccessCode, error) {
		return collect(c.UnmanagedAccessCodes(ctx, deviceID))
	})
}

// LockForPlan is the lock as it was within the last minute.
func (c *Client) LockForPlan(ctx context.Context, deviceID string) (Device, error) {
	return c.lock(deviceID).facts.device.recent(ctx, snapshotAge)
}

// Holds notes that a state has this code, though the run may not have read it
// (-refresh=false): the other half of its replacement must not take it for a stranger.
func (c *Client) Holds(id string) { c.held.Store(id, nil) }

// Occupant is a code on a lock.
type Occupant struct {
	AccessCode
	Managed bool
	Known   bool // this run has read or made it, or planned it from a state
}

// OnLockForPlan are the codes on a lock as they were within the last minute, spares
// included.
func (c *Client) OnLockForPlan(ctx context.Context, deviceID string) ([]Occupant, error) {
	l := c.lock(deviceID)
	managed, err := l.facts.managed.recent(ctx, snapshotAge)
	if err != nil {
		return nil, err
	}
	unmanaged, err := l.facts.unmanaged.recent(ctx, snapshotAge)
	all := make([]Occupant, 0, len(managed)+len(unmanaged))
	for _, code := range managed {
		_, held := c.held.Load(code.ID)
		all = append(all, Occupant{code, true, held})
	}
	for _, code := range unmanaged {
		all = append(all, Occupant{code, false, false})
	}
	return all, err
}

// UnmanagedForPlan is an unmanaged code that should be on a lock. One that the lock does
// not list is asked for by itself.
func (c *Client) UnmanagedForPlan(ctx context.Context, deviceID, id string) (AccessCode, error) {
	listed, err := c.lock(deviceID).facts.unmanaged.recent(ctx, snapshotAge)
	if at := slices.IndexFunc(listed, func(code AccessCode) bool { return code.ID == id }); err == nil && at >= 0 {
		return listed[at], nil
	}
	return c.UnmanagedAccessCodeNow(ctx, id)
}

// Overlaps reports whether a code opens the lock at a time between starts and ends. Zero
// times are open ends.
func (o Occupant) Overlaps(starts, ends time.Time) bool {
	return overlap(o.StartsAt.Time, o.EndsAt.Time, starts, ends)
}

// Crowd is how many codes open the lock at once, at the busiest time between starts and
// ends. Stays that follow each other share a slot: a lock may have many ahead.
func Crowd(all []Occupant, starts, ends time.Time) int64 {
	type turn struct {
		at time.Time
		by int64
	}
	var turns []turn
	for _, o := range all {
		if !o.Overlaps(starts, ends) {
			continue
		}
		turns = append(turns, turn{o.StartsAt.Time, 1})
		if !o.EndsAt.IsZero() {
			turns = append(turns, turn{o.EndsAt.Time, -1})
		}
	}
	slices.SortFunc(turns, func(a, b turn) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.by, b.by)) })
	var most, now int64
	for _, t := range turns {
		now += t.by
		most = max(most, now)
	}
	return most
}
