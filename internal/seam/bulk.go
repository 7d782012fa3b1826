package seam

import (
	"context"
	"time"
)

// snapshotAge is how long one list of a lock's codes serves the codes on it.
const snapshotAge = 10 * time.Second

// listing is what one list of a lock's codes showed.
type listing struct {
	answer
	codes map[string]AccessCode // managed codes on the lock, by id
}

func (c *Client) list(ctx context.Context, deviceID string) (listing, error) {
	a, listed, err := c.listAccessCodes(ctx, map[string]any{"device_id": deviceID})
	l := listing{answer: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID && !code.unmanaged() {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// find is lookUp for a code that need not be seen this very moment: one list of the
// lock's codes serves all of them for a while. That a code is absent from the list, or
// that the list fails, proves nothing: then it is looked up by itself.
func (c *Client) find(ctx context.Context, deviceID, id string) (sighting, error) {
	if c.bulk && deviceID != "" {
		l, err := c.lock(deviceID).codes.recent(ctx, snapshotAge)
		if code, listed := l.codes[id]; err == nil && listed {
			c.know(&code)
			return sighting{code: code, answer: l.answer}, nil
		}
	}
	return c.lookUp(ctx, id)
}

// view is a lock and what it lists besides our codes, read together after something was
// removed from it.
type view struct {
	device    answer
	deviceErr error
	list      answer
	unmanaged []AccessCode
	listErr   error
}

func (c *Client) viewLock(ctx context.Context, deviceID string) (v view) {
	if _, v.device, v.deviceErr = c.deviceNow(ctx, deviceID); v.deviceErr == nil || c.noRoute(v.deviceErr) {
		v.list, v.unmanaged, v.listErr = c.listUnmanaged(ctx, deviceID)
	}
	return v
}
