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

// view is a lock and what it lists besides our codes, read together after something was
// removed from it.
type view struct {
	device    answer
	deviceErr error
	list      answer
	unmanaged []AccessCode
	listErr   error
}

// viewLock asks again before it takes an endpoint for missing: a gateway in trouble says
// the same as a server that has never heard of it.
func (c *Client) viewLock(ctx context.Context, deviceID string) (v view) {
	v.deviceErr = c.unlessMissing(ctx, func() (err error) {
		_, v.device, err = c.deviceNow(ctx, deviceID)
		return err
	})
	if v.deviceErr == nil || c.noRoute(v.deviceErr) {
		v.listErr = c.unlessMissing(ctx, func() (err error) {
			v.list, v.unmanaged, err = c.listUnmanaged(ctx, deviceID)
			return err
		})
	}
	return v
}

const (
	missingTries = 5
	missingPause = time.Second
)

// unlessMissing repeats a read for as long as its endpoint seems to be missing.
func (c *Client) unlessMissing(ctx context.Context, read func() error) error {
	for try := 1; ; try++ {
		err := read()
		if !c.noRoute(err) || try == missingTries || sleep(ctx, missingPause) != nil {
			return err
		}
	}
}
