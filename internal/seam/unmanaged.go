package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// What a removal does otherwise with a code that Seam sees and does not manage.

func (r *removal) deletePath() string {
	if r.Unmanaged {
		return "/access_codes/unmanaged/delete"
	}
	return "/access_codes/delete"
}

// lookFor asks for a code on the side of management on which it is expected.
func (c *Client) lookFor(ctx context.Context, task Removal, id string) (sighting, error) {
	if task.Unmanaged {
		return c.lookUpUnmanaged(ctx, id)
	}
	return c.lookUp(ctx, id)
}

// lookUpUnmanaged is lookUp for an unmanaged code. It is gone only if it is not managed
// either: then it would still open the door.
func (c *Client) lookUpUnmanaged(ctx context.Context, id string) (sighting, error) {
	seen, err := c.getUnmanaged(ctx, id)
	if !isMissing(err, "access_code_not_found") {
		return seen, err
	}
	managed, err := c.lookUp(ctx, id)
	if err != nil || managed.gone {
		return managed, err
	}
	return sighting{}, because(ErrOutOfSight,
		fmt.Sprintf("Access code %s is managed by this workspace now: somebody converted it. Its PIN opens the door.", id),
		"Import it: "+ImportCommand("seam_access_code", id)+". If a state holds it as seam_unmanaged_access_code, let go of that with a `removed` block (lifecycle { destroy = false }) or `state rm`.")
}

// findUnmanaged is find for an unmanaged code.
func (c *Client) findUnmanaged(ctx context.Context, deviceID, id string, age time.Duration) (sighting, error) {
	if c.bulk && deviceID != "" {
		l, err := c.lock(deviceID).unmanaged.recent(ctx, age)
		if code, listed := l.codes[id]; err == nil && listed && code.faultFor(id) == "" {
			c.complete(&code)
			return sighting{code: code, answer: l.answer}, nil
		}
	}
	return c.lookUpUnmanaged(ctx, id)
}

// listingUnmanaged is list for unmanaged codes.
func (c *Client) listingUnmanaged(ctx context.Context, deviceID string) (listing, error) {
	a, listed, err := c.listUnmanaged(ctx, deviceID)
	l := listing{answer: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

func (c *Client) getUnmanaged(ctx context.Context, id string) (sighting, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postFor(ctx, "/access_codes/unmanaged/get", id, &out)
	if fault := out.AccessCode.faultFor(id); err == nil && fault != "" {
		err = &Error{Path: "/access_codes/unmanaged/get", Status: 200, RequestID: a.requestID, Message: fault}
	}
	c.complete(&out.AccessCode)
	return sighting{code: out.AccessCode, answer: a}, err
}

// UnmanagedAccessCodeNow reads an unmanaged code to take it over or to show it.
func (c *Client) UnmanagedAccessCodeNow(ctx context.Context, id string) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.lookUpUnmanaged(ctx, id)
	if err == nil && seen.gone {
		err = problem(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes shows those on a lock, also a PIN that is there under another id. If it was removed meanwhile, drop it from the configuration.")
	}
	c.complete(&seen.code) // now that the workspace is known
	return seen.code, err
}

// withoutPIN says what a proof rests on if no PIN is known.
func (r *removal) withoutPIN() string {
	others := slices.DeleteFunc(slices.Clone(r.Memory.Before), func(id string) bool { return id == r.AccessCodeID })
	if len(others) > 0 {
		return fmt.Sprintf("Access code %s is off lock %s, and its PIN was never seen. No unmanaged code has appeared on the lock since, but those that were there before may stay: %s. Whether one of them has the same PIN cannot be seen.", r.AccessCodeID, r.DeviceID, someOf(others))
	}
	return fmt.Sprintf("Access code %s was gone when it was looked at, or never showed its PIN. No unmanaged code has appeared on lock %s since it was created, so none is its PIN.", r.AccessCodeID, r.DeviceID)
}
