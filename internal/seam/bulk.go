package seam

import (
	"context"
	"time"
)

const (
	// snapshotAge is how long one list of a lock's codes serves the codes on it: as long
	// as a refresh of thousands takes.
	snapshotAge = time.Minute
	// lookAge is the same for a removal, which takes from it the PIN to look for.
	lookAge = 10 * time.Second
)

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
func (c *Client) find(ctx context.Context, deviceID, id string, age time.Duration) (sighting, error) {
	if c.bulk && deviceID != "" {
		l, err := c.lock(deviceID).codes.recent(ctx, age)
		if code, listed := l.codes[id]; err == nil && listed && code.faultFor(id) == "" {
			c.know(&code)
			return sighting{code: code, answer: l.answer}, nil
		}
	}
	return c.lookUp(ctx, id)
}

// view is a lock and every code that Seam lists on it, read together after something was
// removed from it.
type view struct {
	device             answer
	managed, unmanaged codeList
}

// codeList is a complete list of codes, as it was answered.
type codeList struct {
	answer
	codes []AccessCode
}

// viewLock reads a lock and everything that Seam lists on it, or fails.
func (c *Client) viewLock(ctx context.Context, deviceID string) (v view, err error) {
	if _, v.device, err = c.deviceNow(ctx, deviceID); err != nil {
		return v, err
	}
	if v.managed.answer, v.managed.codes, err = c.listAccessCodes(ctx, map[string]any{"device_id": deviceID}); err != nil {
		return v, err
	}
	v.unmanaged.answer, v.unmanaged.codes, err = c.listUnmanaged(ctx, deviceID)
	return v, err
}
