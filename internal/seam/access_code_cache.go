package seam

import (
	"context"
	"time"
)

const (
	// MaxSnapshotAge is how long one list of a lock's codes is reused: long enough for a
	// refresh of thousands of codes.
	MaxSnapshotAge = time.Minute
	// maxLookupAge is the same limit for reads just before a write.
	maxLookupAge = 10 * time.Second
)

// deviceSnapshot is the result of one list of a lock's codes.
type deviceSnapshot struct {
	ResponseMeta
	codes    map[string]AccessCode // managed codes on the lock, by id
	unplaced bool                  // an entry does not say on which lock it is
}

func (c *Client) fetchDeviceSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.ListAccessCodes(ctx, map[string]any{"device_id": deviceID})
	l := deviceSnapshot{ResponseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		l.unplaced = l.unplaced || code.DeviceID == ""
		if code.DeviceID == deviceID && !code.IsUnmanaged() {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// LockSnapshot is a lock and every code that Seam lists on it, read together after a removal.
type LockSnapshot struct {
	Device             ResponseMeta
	Managed, Unmanaged CodeList
}

// CodeList is a complete list of codes from one response.
type CodeList struct {
	ResponseMeta
	Codes []AccessCode
}

// readLock reads a lock and all its codes. It fails if any of the three reads fails.
func (c *Client) readLock(ctx context.Context, deviceID string) (v LockSnapshot, err error) {
	if _, v.Device, err = c.GetLockDevice(ctx, deviceID); err != nil {
		return v, err
	}
	if v.Managed.ResponseMeta, v.Managed.Codes, err = c.ListAccessCodes(ctx, map[string]any{"device_id": deviceID}); err != nil {
		return v, err
	}
	v.Unmanaged.ResponseMeta, v.Unmanaged.Codes, err = c.listUnmanaged(ctx, deviceID)
	return v, err
}

// FreshLockSnapshot returns a snapshot whose read starts after the call.
func (c *Client) FreshLockSnapshot(ctx context.Context, deviceID string) (LockSnapshot, error) {
	return c.device(deviceID).snapshot.fresh(ctx)
}

// RecentLockSnapshot returns a snapshot that is at most [MaxSnapshotAge] old, and reads one if
// there is none.
func (c *Client) RecentLockSnapshot(ctx context.Context, deviceID string) (LockSnapshot, error) {
	return c.device(deviceID).snapshot.cached(ctx, MaxSnapshotAge)
}

// ListUnmanagedIDs returns the IDs of the unmanaged codes on the given locks, or nil if a list
// fails. Calls within a few seconds of each other share the lists.
func (c *Client) ListUnmanagedIDs(ctx context.Context, locks []string) []string {
	ids := []string{}
	for _, id := range locks {
		seen, err := c.device(id).unmanagedBaseline.cached(ctx, maxLookupAge)
		if err != nil {
			return nil
		}
		for _, entry := range seen.Codes {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}
