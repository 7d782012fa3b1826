package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// recoveryTimeout limits the search for a code whose create got no response. It does not
	// depend on the request timeout.
	recoveryTimeout = 30 * time.Second
	// recoveryInterval is the pause between the three lists of that search.
	recoveryInterval = 2500 * time.Millisecond
)

// listBeforeCreate returns the codes on a lock right before a create, by ID. The new code cannot
// be one of them. If the list fails, nothing is created, because a lost create could not be
// identified later. The caller holds the write lock of the device, so this run creates no code
// between the list and the create.
func (c *Client) listBeforeCreate(ctx context.Context, deviceID string) (map[string]AccessCode, error) {
	listed, err := c.device(deviceID).codes.fresh(ctx)
	if err != nil {
		return nil, WrapAdvice(err,
			fmt.Sprintf("The codes on lock %s could not be read, so nothing was created: %v.", SanitizeID(deviceID), err),
			Advice(err, "Run apply again when Seam is reachable."))
	}
	return listed.codes, nil
}

// recoverLostCreate finds out whether a create whose response was lost took effect. The search
// continues after the context is canceled, because a PIN on a lock that is in no state is worse
// than a late exit. After a cancellation no further create is sent.
func (c *Client) recoverLostCreate(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, lost error) (AccessCode, error) {
	for again := false; ; again = true {
		code, err := c.recoverFromList(ctx, in, old, lost)
		if err != nil || code.ID != "" {
			return code, err
		}
		if in.Code == nil || again || ctx.Err() != nil {
			return code, unknownOutcomeError(in.DeviceID, lost)
		}
		err = c.retryRateLimited(ctx, func(ctx context.Context) (err error) {
			code, err = c.postCreate(ctx, in)
			return err
		})
		if IsDuplicate(err) {
			return c.recoverFromDuplicate(ctx, in, old, err)
		}
		if !mayHaveExecuted(err) {
			return code, err
		}
		lost = err
	}
}

func withRecoveryTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(detach(ctx), recoveryTimeout)
}

func unknownOutcomeError(deviceID string, lost error) error {
	return WrapAdvice(lost,
		fmt.Sprintf("It is not known whether the access code was created on lock %s: %v. It does not appear on the lock.", deviceID, lost),
		"Before the next apply, check the lock's codes in the Seam console. Delete or import any code that is not in the state.")
}

// recoverFromList lists the lock up to three times to find the created code.
func (c *Client) recoverFromList(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, lost error) (AccessCode, error) {
	ctx, cancel := withRecoveryTimeout(ctx)
	defer cancel()
	for try := 0; ; try++ {
		_, listed, err := c.ListAccessCodes(ctx, map[string]any{"device_id": in.DeviceID})
		if err != nil {
			return AccessCode{}, unknownOutcomeError(in.DeviceID, errors.Join(lost, err))
		}
		mine := slices.DeleteFunc(listed, func(a AccessCode) bool { return !c.isCandidate(a.ID, old) || !in.matchesCreated(a) })
		switch {
		case len(mine) == 1:
			return mine[0], nil
		case len(mine) > 1:
			return AccessCode{}, WrapAdvice(lost,
				fmt.Sprintf("The response to the create was lost (%v), and several access codes on lock %s could be it: %s.", lost, in.DeviceID, strings.Join(IDsOf(mine), ", ")),
				"Find the right one in the Seam console and import it. Delete the others if they are not wanted.")
		case try == 2:
			return AccessCode{}, nil
		}
		if err := sleep(ctx, recoveryInterval); err != nil {
			return AccessCode{}, unknownOutcomeError(in.DeviceID, errors.Join(lost, err))
		}
	}
}

// recoverFromDuplicate handles a retried create that is refused because the first one succeeded.
func (c *Client) recoverFromDuplicate(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, refused error) (AccessCode, error) {
	e, ok := errors.AsType[*Error](refused)
	if !ok || e.Conflict.ManagedID == "" || !c.isCandidate(e.Conflict.ManagedID, old) {
		return AccessCode{}, refused
	}
	ctx, cancel := withRecoveryTimeout(ctx)
	defer cancel()
	seen, err := c.LookUpAccessCode(ctx, e.Conflict.ManagedID, LookupOptions{CreatedAt: c.Now()})
	if err != nil || seen.Gone || !in.matchesCreated(seen.Code) {
		return AccessCode{}, refused
	}
	return seen.Code, nil
}

// isCandidate reports whether a code can be the result of a lost create: it is new and belongs
// to no other resource of this run.
func (c *Client) isCandidate(id string, old map[string]AccessCode) bool {
	_, there := old[id]
	return !there && !c.isTracked(id)
}

// isTracked reports whether a resource of this run manages or is adopting a code.
func (c *Client) isTracked(id string) bool {
	_, tracked := c.trackedIDs.Load(id)
	_, adopting := c.adoptedIDs.Load(id)
	return tracked || adopting
}

// matchesCreated reports whether a can be the code that in created. Nil fields of in match
// anything, except that a code without an end never matches one with an end.
func (in AccessCodeInput) matchesCreated(a AccessCode) bool {
	return !a.IsUnmanaged() && !a.IsBackup && a.DeviceID == in.DeviceID &&
		(in.Name == nil || *in.Name == a.Name) &&
		(in.Code == nil || *in.Code == a.Code) &&
		in.withinRounding(in.StartsAt, a.StartsAt) && in.withinRounding(in.EndsAt, a.EndsAt) &&
		(in.EndsAt != nil || a.EndsAt.IsZero())
}

// withinRounding reports whether a lock may have rounded the requested time to at.
func (in AccessCodeInput) withinRounding(asked *string, at Timestamp) bool {
	if asked == nil {
		return true
	}
	instant, ok := ParseTime(*asked)
	return ok && !at.IsZero() && instant.Sub(at.Time).Abs() <= in.maxRounding()
}

// maxRounding is how far a lock may move the start or end. The default is one hour, formerly
// Seam's documented default: some brands only support full hours.
func (in AccessCodeInput) maxRounding() time.Duration {
	if in.MaxTimeRounding != nil && slices.Contains([]string{"1d", "1day"}, *in.MaxTimeRounding) {
		return 24 * time.Hour
	}
	return time.Hour
}
