package seam

import (
	"context"
	"time"
)

const (
	// MaxSnapshotAge is how long one list of a lock's codes serves the codes on it: as long
	// as a refresh of thousands takes.
	MaxSnapshotAge = time.Minute
	// maxLookupAge is the same for what is read just before a write.
	maxLookupAge = 10 * time.Second
)

// deviceSnapshot is what one list of a lock's codes showed.
type deviceSnapshot struct {
	ResponseMeta
	codes map[string]AccessCode // managed codes on the lock, by id
}

func (c *Client) fetchDeviceSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.ListAccessCodes(ctx, map[string]any{"device_id": deviceID})
	l := deviceSnapshot{ResponseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID && !code.IsUnmanaged() {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// LockSnapshot is a lock and every code that Seam lists on it, read together after something was
// removed from it.
type LockSnapshot struct {
	Device             ResponseMeta
	Managed, Unmanaged CodeList
}

// CodeList is a complete list of codes, as it was answered.
type CodeList struct {
	ResponseMeta
	Codes []AccessCode
}

// readLock reads a lock and everything that Seam lists on it, or fails.
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

// FreshLockSnapshot reads a lock and everything listed on it, not before it is called.
func (c *Client) FreshLockSnapshot(ctx context.Context, deviceID string) (LockSnapshot, error) {
	return c.device(deviceID).snapshot.fresh(ctx)
}

// RecentLockSnapshot is one that was read a short while ago, if there is one.
func (c *Client) RecentLockSnapshot(ctx context.Context, deviceID string) (LockSnapshot, error) {
	return c.device(deviceID).snapshot.cached(ctx, MaxSnapshotAge)
}

// ListUnmanagedIDs are the ids of the unmanaged codes on some locks at this moment, or nil
// if they cannot be listed. Calls that come within seconds of each other share the lists.
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
