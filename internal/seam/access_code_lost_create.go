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
	// recoveryTimeout is how long a code is looked for whose create was not answered. It does
	// not depend on how long the answer was waited for.
	recoveryTimeout = 30 * time.Second
	// recoveryInterval is the pause between the three lists that look for it.
	recoveryInterval = 2500 * time.Millisecond
)

// listBeforeCreate are the codes on a lock right before a create, by id: none of them can be the
// one that it makes. Without them a lost create could not be told from another code, so
// nothing is created where they cannot be read. The caller has acquired the
// lock, so that this run makes no code between the list and the create.
func (c *Client) listBeforeCreate(ctx context.Context, deviceID string) (map[string]AccessCode, error) {
	listed, err := c.device(deviceID).codes.fresh(ctx)
	if err != nil {
		return nil, WrapAdvice(err,
			fmt.Sprintf("The codes on lock %s could not be read, so nothing was created: %v.", SanitizeID(deviceID), err),
			"Run apply again once Seam answers.")
	}
	return listed.codes, nil
}

// recoverLostCreate finds out whether a create arrived whose answer was lost. The search goes on
// after the caller has left, but nothing is sent any more: a PIN on a lock that no state
// knows is worse than a late exit.
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
		fmt.Sprintf("Whether the access code was created on lock %s is not known: %v. It does not show up on the lock.", deviceID, lost),
		"Look at the lock's codes in the Seam console before the next apply, and delete or import a code that is not in the state.")
}

// recoverFromList looks for the created code on the lock, three times.
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
				fmt.Sprintf("The answer to the create was lost (%v), and several access codes on lock %s could be it: %s.", lost, in.DeviceID, strings.Join(IDsOf(mine), ", ")),
				"Find out in the Seam console which one it is, import it, and delete the others if they are not wanted.")
		case try == 2:
			return AccessCode{}, nil
		}
		if err := sleep(ctx, recoveryInterval); err != nil {
			return AccessCode{}, unknownOutcomeError(in.DeviceID, errors.Join(lost, err))
		}
	}
}

// recoverFromDuplicate handles a repeated create that is refused because the first one arrived.
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

// isCandidate reports whether a code can be the one that a lost create made: it is new, and
// no other resource's.
func (c *Client) isCandidate(id string, old map[string]AccessCode) bool {
	_, there := old[id]
	return !there && !c.isTracked(id)
}

// isTracked reports whether another resource of this run has a code, or is taking it over.
func (c *Client) isTracked(id string) bool {
	_, tracked := c.trackedIDs.Load(id)
	_, adopting := c.adoptedIDs.Load(id)
	return tracked || adopting
}

// matchesCreated reports whether a looks like what in asked for. What in leaves open matches
// anything, except that a code without an end is not one with an end.
func (in AccessCodeInput) matchesCreated(a AccessCode) bool {
	return !a.IsUnmanaged() && !a.IsBackup && a.DeviceID == in.DeviceID &&
		(in.Name == nil || *in.Name == a.Name) &&
		(in.Code == nil || *in.Code == a.Code) &&
		in.withinRounding(in.StartsAt, a.StartsAt) && in.withinRounding(in.EndsAt, a.EndsAt) &&
		(in.EndsAt != nil || a.EndsAt.IsZero())
}

// withinRounding compares a time that was asked for with what a lock made of it.
func (in AccessCodeInput) withinRounding(asked *string, at Timestamp) bool {
	if asked == nil {
		return true
	}
	instant, ok := ParseTime(*asked)
	return ok && !at.IsZero() && instant.Sub(at.Time).Abs() <= in.maxRounding()
}

// maxRounding is how far a lock may move a time of the window. Where max_time_rounding says
// nothing it is an hour, which used to be Seam's documented default: some brands know full
// hours only.
func (in AccessCodeInput) maxRounding() time.Duration {
	if in.MaxTimeRounding != nil && slices.Contains([]string{"1d", "1day"}, *in.MaxTimeRounding) {
		return 24 * time.Hour
	}
	return time.Hour
}
