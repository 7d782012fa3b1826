package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Lookup is what Seam says when it is asked for a code.
type Lookup struct {
	Code AccessCode
	Gone bool // the typed answer; believed only after a lock check
	ResponseMeta
}

// LookupOptions say how an access code is looked up. The zero value asks for a managed code
// itself, at this moment.
type LookupOptions struct {
	Unmanaged bool          // it is expected among those that Seam sees and does not manage
	DeviceID  string        // with MaxAge: the list of the codes on this lock may answer,
	MaxAge    time.Duration // if it is not older
	CreatedAt time.Time     // of a new code: until it is visible, that it is missing means nothing
}

// LookUpAccessCode asks for a code that this run holds, or is to hold. That a code is absent
// from a list, or that the list fails, proves nothing: then it is asked for by itself.
func (c *Client) LookUpAccessCode(ctx context.Context, id string, o LookupOptions) (Lookup, error) {
	if o.MaxAge > 0 && o.DeviceID != "" && c.bulkReads {
		if seen, listed := c.lookUpInSnapshot(ctx, id, o); listed {
			return seen, nil
		}
	}
	if o.Unmanaged {
		return c.lookUpUnmanaged(ctx, id)
	}
	if !o.CreatedAt.IsZero() {
		return c.awaitVisible(ctx, id, o.CreatedAt)
	}
	seen, err := c.fetchAccessCode(ctx, id)
	if err == nil && !seen.Gone {
		c.track(&seen.Code)
	}
	return seen, err
}

// lookUpInSnapshot looks for a code in a list of all codes on its lock, which serves all of
// them for a while.
func (c *Client) lookUpInSnapshot(ctx context.Context, id string, o LookupOptions) (Lookup, bool) {
	list, use := &c.device(o.DeviceID).codes, c.track
	if o.Unmanaged {
		list, use = &c.device(o.DeviceID).unmanaged, c.normalize
	}
	snapshot, err := list.cached(ctx, o.MaxAge)
	code, listed := snapshot.codes[id]
	if err != nil || !listed || code.validateFor(id) != "" {
		return Lookup{}, false
	}
	use(&code)
	return Lookup{Code: code, ResponseMeta: snapshot.ResponseMeta}, true
}

// lookUpUnmanaged looks for an unmanaged code. It is gone only if it is not managed either:
// then it would still open the door.
func (c *Client) lookUpUnmanaged(ctx context.Context, id string) (Lookup, error) {
	seen, err := c.fetchUnmanaged(ctx, id)
	if !IsNotFound(err, "access_code_not_found") {
		return seen, err
	}
	managed, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
	if err != nil || managed.Gone {
		return managed, err
	}
	return Lookup{}, WrapAdvice(ErrNotObservable,
		fmt.Sprintf("Access code %s is managed by this workspace now: somebody converted it. Its PIN opens the door.", id),
		fmt.Sprintf("Import it: %s. If a state holds it as seam_unmanaged_access_code, let go of that with a `removed` block (lifecycle { destroy = false }) or %v.", importStep("access_code", id), Step{Kind: StepForget}))
}

// awaitVisible looks for a code that may be too new to be found: until it is thirty seconds
// old, that it is missing means nothing.
func (c *Client) awaitVisible(ctx context.Context, id string, createdAt time.Time) (Lookup, error) {
	seen, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
	young := visibilityTimeout
	if c.ClockKnown() {
		young = min(young, c.clock.remaining(createdAt.Add(visibilityTimeout)))
	}
	if err != nil || !seen.Gone || young <= 0 {
		return seen, err
	}
	waiting, cancel := context.WithTimeout(ctx, young)
	defer cancel()
	err = Poll(waiting, func(ctx context.Context) (bool, error) {
		again, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
		if err == nil {
			seen = again
		}
		return !seen.Gone, err
	})
	if waiting.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	return seen, err
}

// fetchAccessCode asks for a managed code. It alone decides what counts as gone: the error
// envelope of type access_code_not_found, or not_found with the id absent from a list of
// just that id. Every other failure is an error.
func (c *Client) fetchAccessCode(ctx context.Context, id string) (Lookup, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postForCode(ctx, "/access_codes/get", id, &out)
	switch {
	case IsNotFound(err, "access_code_not_found"):
		return Lookup{Gone: true, ResponseMeta: a}, nil
	case IsNotFound(err, "not_found"):
		return c.resolveNotFound(ctx, id, err)
	case err != nil:
		return Lookup{}, err
	case out.AccessCode.validateFor(id) != "":
		return Lookup{}, &Error{Path: "/access_codes/get", Status: 200, RequestID: a.RequestID, Message: out.AccessCode.validateFor(id)}
	case out.AccessCode.IsUnmanaged():
		return Lookup{}, NewUnmanagedError(id)
	}
	return Lookup{Code: out.AccessCode, ResponseMeta: a}, nil
}

// resolveNotFound settles an answer that could mean a missing code as well as a missing
// anything.
func (c *Client) resolveNotFound(ctx context.Context, id string, doubt error) (Lookup, error) {
	a, listed, err := c.ListAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	if err != nil {
		return Lookup{}, WrapAdvice(err, fmt.Sprintf("Seam answers not_found for access code %s (%v), and listing it, to tell whether that is so, failed: %v", id, doubt, err), Advice(err, "Run again."))
	}
	if slices.ContainsFunc(listed, func(code AccessCode) bool { return code.ID == id }) {
		return Lookup{}, WrapAdvice(doubt, fmt.Sprintf("Seam answers not_found for access code %s and lists it all the same: %v", id, doubt), "Run again; if it stays so, ask Seam's support with the request id.")
	}
	return Lookup{Gone: true, ResponseMeta: a}, nil
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

// postForCode asks something about one access code. A "not found" that is not about it is
// not taken for one.
func (c *Client) postForCode(ctx context.Context, path, id string, out any) (ResponseMeta, error) {
	a, err := c.post(ctx, path, map[string]string{"access_code_id": id}, out)
	return a, CheckMentionedID(id, err)
}
