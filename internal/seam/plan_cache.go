package seam

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// What a plan may know of a lock. Each is read once for a while, however many codes are
// planned on the lock, and our own writes do not invalidate it: every
// create is planned once more just before it is carried out. Nothing is proven by it.

type planCache struct {
	device    sharedRead[Device]
	managed   sharedRead[[]AccessCode]
	unmanaged sharedRead[[]AccessCode]
}

// planReadTimeout ends a read before those who wait for it leave: only a read that ended, if by
// a failure, serves the next plan too. Else each code would wait for a silent lock anew.
const planReadTimeout = 10 * time.Second

func withPlanReadTimeout[T any](fetch func(context.Context) (T, error)) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, planReadTimeout)
		defer cancel()
		return fetch(ctx)
	}
}

func (c *Client) initPlanCache(f *planCache, deviceID string) {
	f.device.fetch = withPlanReadTimeout(func(ctx context.Context) (Device, error) { return c.GetDevice(ctx, deviceID) })
	f.managed.fetch = withPlanReadTimeout(func(ctx context.Context) ([]AccessCode, error) {
		_, listed, err := c.ListAccessCodes(ctx, map[string]any{"device_id": deviceID})
		return slices.DeleteFunc(listed, func(a AccessCode) bool { return a.DeviceID != deviceID || a.IsUnmanaged() }), err
	})
	f.unmanaged.fetch = withPlanReadTimeout(func(ctx context.Context) ([]AccessCode, error) {
		return collect(c.UnmanagedAccessCodes(ctx, deviceID))
	})
}

// GetDeviceForPlan is the lock as it was within the last minute.
func (c *Client) GetDeviceForPlan(ctx context.Context, deviceID string) (Device, error) {
	return c.device(deviceID).planCache.device.cached(ctx, MaxSnapshotAge)
}

// TrackID notes that a state has this code, though the run may not have read it
// (-refresh=false): so the create of its replacement does not report our own code as foreign.
func (c *Client) TrackID(id string) { c.trackedIDs.Store(id, nil) }

// ExistingCode is a code on a lock.
type ExistingCode struct {
	AccessCode
	Managed bool
	Tracked bool // this run has read or made it, or planned it from a state
}

// ExistingCodesForPlan are the codes on a lock as they were within the last minute, spares
// included.
func (c *Client) ExistingCodesForPlan(ctx context.Context, deviceID string) ([]ExistingCode, error) {
	l := c.device(deviceID)
	managed, err := l.planCache.managed.cached(ctx, MaxSnapshotAge)
	if err != nil {
		return nil, err
	}
	unmanaged, err := l.planCache.unmanaged.cached(ctx, MaxSnapshotAge)
	all := make([]ExistingCode, 0, len(managed)+len(unmanaged))
	for _, code := range managed {
		_, tracked := c.trackedIDs.Load(code.ID)
		all = append(all, ExistingCode{code, true, tracked})
	}
	for _, code := range unmanaged {
		all = append(all, ExistingCode{code, false, false})
	}
	return all, err
}

// GetUnmanagedForPlan is an unmanaged code that should be on a lock. One that the lock does
// not list is asked for by itself.
func (c *Client) GetUnmanagedForPlan(ctx context.Context, deviceID, id string) (AccessCode, error) {
	listed, err := c.device(deviceID).planCache.unmanaged.cached(ctx, MaxSnapshotAge)
	if at := slices.IndexFunc(listed, func(code AccessCode) bool { return code.ID == id }); err == nil && at >= 0 {
		return listed[at], nil
	}
	return c.GetUnmanagedAccessCode(ctx, id)
}

// Overlaps reports whether a code opens the lock at a time between starts and ends. Zero
// times are open ends.
func (o ExistingCode) Overlaps(starts, ends time.Time) bool {
	return overlap(o.StartsAt.Time, o.EndsAt.Time, starts, ends)
}

// PeakOccupancy is how many codes open the lock at once, at the busiest time between starts and
// ends. Stays that follow each other share a slot: a lock may have many ahead.
func PeakOccupancy(all []ExistingCode, starts, ends time.Time) int64 {
	type change struct {
		at time.Time
		by int64
	}
	var changes []change
	for _, o := range all {
		if !o.Overlaps(starts, ends) {
			continue
		}
		changes = append(changes, change{o.StartsAt.Time, 1})
		if !o.EndsAt.IsZero() {
			changes = append(changes, change{o.EndsAt.Time, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.by, b.by)) })
	var most, now int64
	for _, t := range changes {
		now += t.by
		most = max(most, now)
	}
	return most
}
