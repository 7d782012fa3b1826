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
	// adoptionTime is how long a code is looked for whose create was not answered. It does
	// not depend on how long the answer was waited for.
	adoptionTime = 30 * time.Second
	// adoptionPause is the pause between the three lists that look for it.
	adoptionPause = 2500 * time.Millisecond
)

// codesBefore are the codes on a lock right before a create, by id: none of them can be the
// one that it makes. Without them a lost create could not be told from another code, so
// nothing is created where they cannot be read. The caller holds the turn to write to the
// lock, so that this run makes no code between the list and the create.
func (c *Client) codesBefore(ctx context.Context, deviceID string) (map[string]AccessCode, error) {
	listed, err := c.lock(deviceID).codes.fresh(ctx)
	if err != nil {
		return nil, because(err,
			fmt.Sprintf("The codes on lock %s could not be read, so nothing was created: %v.", identifier(deviceID), err),
			"Run apply again once Seam answers.")
	}
	return listed.codes, nil
}

// findCreated finds out whether a create arrived whose answer was lost. The search goes on
// after the caller has left, but nothing is sent any more: a PIN on a lock that no state
// knows is worse than a late exit.
func (c *Client) findCreated(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, lost error) (AccessCode, error) {
	for again := false; ; again = true {
		code, err := c.adoptListed(ctx, in, old, lost)
		if err != nil || code.ID != "" {
			return code, err
		}
		if in.Code == nil || again || ctx.Err() != nil {
			return code, unknownFate(in.DeviceID, lost)
		}
		err = c.untilTaken(ctx, func(ctx context.Context) (err error) {
			code, err = c.sendCreate(ctx, in)
			return err
		})
		if isDuplicate(err) {
			return c.adoptDuplicate(ctx, in, old, err)
		}
		if !ambiguous(err) {
			return code, err
		}
		lost = err
	}
}

func searching(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), adoptionTime)
}

func unknownFate(deviceID string, lost error) error {
	return because(lost,
		fmt.Sprintf("Whether the access code was created on lock %s is not known: %v. It does not show up on the lock.", deviceID, lost),
		"Look at the lock's codes in the Seam console before the next apply, and delete or import a code that is not in the state.")
}

// adoptListed looks for the created code on the lock, three times.
func (c *Client) adoptListed(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, lost error) (AccessCode, error) {
	ctx, cancel := searching(ctx)
	defer cancel()
	for try := 0; ; try++ {
		_, listed, err := c.listAccessCodes(ctx, map[string]any{"device_id": in.DeviceID})
		if err != nil {
			return AccessCode{}, unknownFate(in.DeviceID, errors.Join(lost, err))
		}
		mine := slices.DeleteFunc(listed, func(a AccessCode) bool { return !c.mayBeOurs(a.ID, old) || !in.created(a) })
		switch {
		case len(mine) == 1:
			return mine[0], nil
		case len(mine) > 1:
			return AccessCode{}, because(lost,
				fmt.Sprintf("The answer to the create was lost (%v), and several access codes on lock %s could be it: %s.", lost, in.DeviceID, strings.Join(idsOf(mine), ", ")),
				"Find out in the Seam console which one it is, import it, and delete the others if they are not wanted.")
		case try == 2:
			return AccessCode{}, nil
		}
		if err := sleep(ctx, adoptionPause); err != nil {
			return AccessCode{}, unknownFate(in.DeviceID, errors.Join(lost, err))
		}
	}
}

// adoptDuplicate handles a repeated create that is refused because the first one arrived.
func (c *Client) adoptDuplicate(ctx context.Context, in AccessCodeInput, old map[string]AccessCode, refused error) (AccessCode, error) {
	e, ok := errors.AsType[*Error](refused)
	if !ok || e.Conflict.ManagedID == "" || !c.mayBeOurs(e.Conflict.ManagedID, old) {
		return AccessCode{}, refused
	}
	ctx, cancel := searching(ctx)
	defer cancel()
	seen, err := c.findNew(ctx, e.Conflict.ManagedID, c.Now())
	if err != nil || seen.gone || !in.created(seen.code) {
		return AccessCode{}, refused
	}
	return seen.code, nil
}

// mayBeOurs reports whether a code can be the one that a lost create made: it is new, and
// no other resource's.
func (c *Client) mayBeOurs(id string, old map[string]AccessCode) bool {
	_, there := old[id]
	return !there && !c.isHeld(id)
}

// isHeld reports whether another resource of this run has a code, or is taking it over.
func (c *Client) isHeld(id string) bool {
	_, held := c.held.Load(id)
	_, adopting := c.adopting.Load(id)
	return held || adopting
}

// created reports whether a looks like what in asked for. What in leaves open matches
// anything, except that a code without an end is not one with an end.
func (in AccessCodeInput) created(a AccessCode) bool {
	return !a.unmanaged() && !a.IsBackup && a.DeviceID == in.DeviceID &&
		(in.Name == nil || *in.Name == a.Name) &&
		(in.Code == nil || *in.Code == a.Code) &&
		in.near(in.StartsAt, a.StartsAt) && in.near(in.EndsAt, a.EndsAt) &&
		(in.EndsAt != nil || a.EndsAt.IsZero())
}

// near compares a time that was asked for with what a lock made of it.
func (in AccessCodeInput) near(asked *string, at Timestamp) bool {
	if asked == nil {
		return true
	}
	instant, ok := ParseTime(*asked)
	return ok && !at.IsZero() && instant.Sub(at.Time).Abs() <= in.rounding()
}

// rounding is how far a lock may move a time of the window. Where max_time_rounding says
// nothing it is an hour, which used to be Seam's documented default: some brands know full
// hours only.
func (in AccessCodeInput) rounding() time.Duration {
	if in.MaxTimeRounding != nil && slices.Contains([]string{"1d", "1day"}, *in.MaxTimeRounding) {
		return 24 * time.Hour
	}
	return time.Hour
}
