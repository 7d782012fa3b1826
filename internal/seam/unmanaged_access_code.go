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

// getTarget asks for a code on the side of management on which it is expected.
func (c *Client) getTarget(ctx context.Context, task Removal, id string) (Lookup, error) {
	if task.Unmanaged {
		return c.getUnmanagedOrGone(ctx, id)
	}
	return c.getAccessCode(ctx, id)
}

// getUnmanagedOrGone is getAccessCode for an unmanaged code. It is gone only if it is not managed
// either: then it would still open the door.
func (c *Client) getUnmanagedOrGone(ctx context.Context, id string) (Lookup, error) {
	seen, err := c.fetchUnmanaged(ctx, id)
	if !IsNotFound(err, "access_code_not_found") {
		return seen, err
	}
	managed, err := c.getAccessCode(ctx, id)
	if err != nil || managed.Gone {
		return managed, err
	}
	return Lookup{}, WrapAdvice(ErrNotObservable,
		fmt.Sprintf("Access code %s is managed by this workspace now: somebody converted it. Its PIN opens the door.", id),
		"Import it: "+ImportCommand("seam_access_code", id)+". If a state holds it as seam_unmanaged_access_code, let go of that with a `removed` block (lifecycle { destroy = false }) or `state rm`.")
}

// getUnmanagedCached is getCached for an unmanaged code.
func (c *Client) getUnmanagedCached(ctx context.Context, deviceID, id string, age time.Duration) (Lookup, error) {
	if c.bulkReads && deviceID != "" {
		l, err := c.device(deviceID).unmanaged.cached(ctx, age)
		if code, listed := l.codes[id]; err == nil && listed && code.validateFor(id) == "" {
			c.normalize(&code)
			return Lookup{Code: code, ResponseMeta: l.ResponseMeta}, nil
		}
	}
	return c.getUnmanagedOrGone(ctx, id)
}

// fetchUnmanagedSnapshot is fetchDeviceSnapshot for unmanaged codes.
func (c *Client) fetchUnmanagedSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.listUnmanaged(ctx, deviceID)
	l := deviceSnapshot{ResponseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

func (c *Client) fetchUnmanaged(ctx context.Context, id string) (Lookup, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postForCode(ctx, "/access_codes/unmanaged/get", id, &out)
	if fault := out.AccessCode.validateFor(id); err == nil && fault != "" {
		err = &Error{Path: "/access_codes/unmanaged/get", Status: 200, RequestID: a.RequestID, Message: fault}
	}
	c.normalize(&out.AccessCode)
	return Lookup{Code: out.AccessCode, ResponseMeta: a}, err
}

// GetUnmanagedAccessCode reads an unmanaged code to take it over or to show it.
func (c *Client) GetUnmanagedAccessCode(ctx context.Context, id string) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.getUnmanagedOrGone(ctx, id)
	if err == nil && seen.Gone {
		err = NewAdvice(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes shows those on a lock, also a PIN that is there under another id. If it was removed meanwhile, drop it from the configuration.")
	}
	c.normalize(&seen.Code) // now that the workspace is known
	return seen.Code, err
}

// noPINDetail says what a proof rests on if no PIN is known.
func (r *removal) noPINDetail() string {
	others := slices.DeleteFunc(slices.Clone(r.Checkpoint.UnmanagedBefore), func(id string) bool { return id == r.AccessCodeID })
	if len(others) > 0 {
		return fmt.Sprintf("Access code %s is off lock %s, and its PIN was never seen. No unmanaged code has appeared on the lock since, but those that were there before may stay: %s. Whether one of them has the same PIN cannot be seen.", r.AccessCodeID, r.DeviceID, JoinLimited(others))
	}
	return fmt.Sprintf("Access code %s was gone when it was looked at, or never showed its PIN. No unmanaged code has appeared on lock %s since it was created, so none is its PIN.", r.AccessCodeID, r.DeviceID)
}
