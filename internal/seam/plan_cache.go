package seam

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// planCache holds what plans read about a lock. All plans of codes on the lock share each read for
// a minute, and writes of this run do not invalidate it: every create is planned again just
// before it is applied. It never serves as proof.
type planCache struct {
	device    sharedRead[Device]
	managed   sharedRead[[]AccessCode]
	unmanaged sharedRead[[]AccessCode]
}

// planReadTimeout is shorter than the timeout of the callers: only a read that has ended, even by
// failing, is cached. Otherwise each code would wait again for a lock that does not respond.
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

// GetDeviceForPlan returns the lock as read within the last minute.
func (c *Client) GetDeviceForPlan(ctx context.Context, deviceID string) (Device, error) {
	return c.device(deviceID).planCache.device.cached(ctx, MaxSnapshotAge)
}

// TrackID records that the state has this code, even if this run has not read it
// (-refresh=false). Otherwise the create of its replacement would report it as foreign.
func (c *Client) TrackID(id string) { c.trackedIDs.Store(id, nil) }

// ExistingCode is a code on a lock.
type ExistingCode struct {
	AccessCode
	Managed bool
	Tracked bool // this run has read or made it, or planned it from a state
}

// ExistingCodesForPlan returns the codes on a lock as read within the last minute, including
// backup codes. If only the unmanaged codes cannot be read, it returns the managed ones and an
// error.
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

// GetUnmanagedForPlan returns an unmanaged code of a lock. If the list of the lock lacks it, it
// is read by its ID.
func (c *Client) GetUnmanagedForPlan(ctx context.Context, deviceID, id string) (AccessCode, error) {
	listed, err := c.device(deviceID).planCache.unmanaged.cached(ctx, MaxSnapshotAge)
	if at := slices.IndexFunc(listed, func(code AccessCode) bool { return code.ID == id }); err == nil && at >= 0 {
		return listed[at], nil
	}
	return c.GetUnmanagedAccessCode(ctx, id)
}

// Overlaps reports whether the code's window overlaps starts to ends. Zero times are unbounded.
func (o ExistingCode) Overlaps(starts, ends time.Time) bool {
	return overlap(o.StartsAt.Time, o.EndsAt.Time, starts, ends)
}

// PeakOccupancy returns the largest number of codes that are active at the same time between
// starts and ends. Zero times are unbounded. Codes whose windows do not overlap share a slot.
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
