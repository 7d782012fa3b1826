package seam

import (
	"context"
	"time"
)

const (
	// maxSnapshotAge is how long one list of a lock's codes serves the codes on it: as long
	// as a refresh of thousands takes.
	maxSnapshotAge = time.Minute
	// maxLookupAge is the same for a removal, which takes from it the PIN to look for.
	maxLookupAge = 10 * time.Second
)

// deviceSnapshot is what one list of a lock's codes showed.
type deviceSnapshot struct {
	responseMeta
	codes map[string]AccessCode // managed codes on the lock, by id
}

func (c *Client) fetchDeviceSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.listAccessCodes(ctx, map[string]any{"device_id": deviceID})
	l := deviceSnapshot{responseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID && !code.unmanaged() {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// getCached is getAccessCode for a code that need not be seen this very moment: one list of the
// lock's codes serves all of them for a while. That a code is absent from the list, or
// that the list fails, proves nothing: then it is looked up by itself.
func (c *Client) getCached(ctx context.Context, deviceID, id string, age time.Duration) (lookupResult, error) {
	if c.bulkReads && deviceID != "" {
		l, err := c.device(deviceID).codes.cached(ctx, age)
		if code, listed := l.codes[id]; err == nil && listed && code.validateFor(id) == "" {
			c.track(&code)
			return lookupResult{code: code, responseMeta: l.responseMeta}, nil
		}
	}
	return c.getAccessCode(ctx, id)
}

// lockSnapshot is a lock and every code that Seam lists on it, read together after something was
// removed from it.
type lockSnapshot struct {
	device             responseMeta
	managed, unmanaged codeList
}

// codeList is a complete list of codes, as it was answered.
type codeList struct {
	responseMeta
	codes []AccessCode
}

// readLock reads a lock and everything that Seam lists on it, or fails.
func (c *Client) readLock(ctx context.Context, deviceID string) (v lockSnapshot, err error) {
	if _, v.device, err = c.getLockDevice(ctx, deviceID); err != nil {
		return v, err
	}
	if v.managed.responseMeta, v.managed.codes, err = c.listAccessCodes(ctx, map[string]any{"device_id": deviceID}); err != nil {
		return v, err
	}
	v.unmanaged.responseMeta, v.unmanaged.codes, err = c.listUnmanaged(ctx, deviceID)
	return v, err
}
