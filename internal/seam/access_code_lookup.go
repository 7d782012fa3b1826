package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Lookup is the result of looking up one code.
type Lookup struct {
	Code AccessCode
	Gone bool // Seam's typed 404; a removal is proven only by a lock check after it
	ResponseMeta
}

// LookupOptions say how an access code is looked up. The zero value gets a managed code by its
// ID, without a cache.
type LookupOptions struct {
	Unmanaged bool          // look among the unmanaged codes
	DeviceID  string        // with MaxAge: a cached list of the codes on this lock may be used
	MaxAge    time.Duration // maximum age of that list
	CreatedAt time.Time     // of a new code: a 404 is retried until the code should be visible
}

// LookUpAccessCode looks up a code that this run manages or is about to manage. If the code is
// absent from a list, or the list fails, the code is read by its ID: absence from a list proves
// nothing.
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

// lookUpInSnapshot looks for a code in the cached list of all codes on its lock.
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

// lookUpUnmanaged looks up an unmanaged code. The code is gone only if it is not managed either:
// a managed code still opens the door.
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
		fmt.Sprintf("Import it: %s. If a state has it as seam_unmanaged_access_code, remove that from the state with a `removed` block (lifecycle { destroy = false }) or %v.", importStep("access_code", id), Step{Kind: StepForget}))
}

// LookUpBackupCode looks up a backup code. The lists of its lock lack it, so what confirms that it is
// gone is a list by its ID.
func (c *Client) LookUpBackupCode(ctx context.Context, id string) (Lookup, error) {
	a, listed, err := c.ListAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	if err != nil {
		return Lookup{}, err
	}
	for _, code := range listed {
		if code.ID == id && !code.IsUnmanaged() {
			return Lookup{Code: code, ResponseMeta: a}, nil
		}
	}
	return c.LookUpAccessCode(ctx, id, LookupOptions{})
}

// awaitVisible looks up a code that Seam may not find yet. A 404 counts only once the code is
// [visibilityTimeout] old.
func (c *Client) awaitVisible(ctx context.Context, id string, createdAt time.Time) (Lookup, error) {
	seen, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
	young := c.invisibleFor(createdAt)
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

// invisibleFor is how much longer Seam may not show something that was created then.
func (c *Client) invisibleFor(createdAt time.Time) time.Duration {
	if !c.ClockKnown() {
		return visibilityTimeout
	}
	return min(visibilityTimeout, c.clock.remaining(createdAt.Add(visibilityTimeout)))
}

// fetchAccessCode gets a managed code. Only this function decides that a code is gone: on the
// error type access_code_not_found, or on not_found if a list of just that ID does not contain
// it. Every other failure is an error.
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

// resolveNotFound decides whether a generic not_found is about the code: it lists the code by ID.
func (c *Client) resolveNotFound(ctx context.Context, id string, doubt error) (Lookup, error) {
	a, listed, err := c.ListAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	if err != nil {
		return Lookup{}, WrapAdvice(err, fmt.Sprintf("Seam answers not_found for access code %s (%v), and listing the code to confirm it failed: %v", id, doubt, err), Advice(err, "Run again."))
	}
	if slices.ContainsFunc(listed, func(code AccessCode) bool { return code.ID == id }) {
		return Lookup{}, WrapAdvice(doubt, fmt.Sprintf("Seam answers not_found for access code %s but still lists it: %v", id, doubt), "Run again. If the error persists, contact Seam support with the request id.")
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

// postForCode calls an endpoint for one access code. A "not found" about another object becomes
// a different error; see [CheckMentionedID].
func (c *Client) postForCode(ctx context.Context, path, id string, out any) (ResponseMeta, error) {
	a, err := c.post(ctx, path, map[string]string{"access_code_id": id}, out)
	return a, CheckMentionedID(id, err)
}
