package seam

import (
	"context"
	"time"
)

const (
	// MaxSnapshotAge is how long one list of a lock's codes serves the codes on it: as long
	// as a refresh of thousands takes.
	MaxSnapshotAge = time.Minute
	// MaxLookupAge is the same for a removal, which takes from it the PIN to look for.
	MaxLookupAge = 10 * time.Second
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

// getCached is getAccessCode for a code that need not be seen this very moment: one list of the
// lock's codes serves all of them for a while. That a code is absent from the list, or
// that the list fails, proves nothing: then it is looked up by itself.
func (c *Client) getCached(ctx context.Context, deviceID, id string, age time.Duration) (Lookup, error) {
	if c.bulkReads && deviceID != "" {
		l, err := c.device(deviceID).codes.cached(ctx, age)
		if code, listed := l.codes[id]; err == nil && listed && code.validateFor(id) == "" {
			c.track(&code)
			return Lookup{Code: code, ResponseMeta: l.ResponseMeta}, nil
		}
	}
	return c.getAccessCode(ctx, id)
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
