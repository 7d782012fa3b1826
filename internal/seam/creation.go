package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AccessCodeInput is what can be asked for when a code is created or changed. Nil leaves
// the choice to Seam.
type AccessCodeInput struct {
	AccessCodeID                  string  `json:"access_code_id,omitempty"` // changes only
	DeviceID                      string  `json:"device_id,omitempty"`      // creations only
	Name                          *string `json:"name,omitempty"`
	Code                          *string `json:"code,omitempty"`
	StartsAt                      *string `json:"starts_at,omitempty"`
	EndsAt                        *string `json:"ends_at,omitempty"`
	Type                          string  `json:"type,omitempty"` // changes only
	CommonCodeKey                 *string `json:"common_code_key,omitempty"`
	PreferredCodeLength           *int64  `json:"preferred_code_length,omitempty"`
	MaxTimeRounding               *string `json:"max_time_rounding,omitempty"`
	PreferNativeScheduling        *bool   `json:"prefer_native_scheduling,omitempty"`
	UseBackupAccessCodePool       *bool   `json:"use_backup_access_code_pool,omitempty"`
	IsOfflineAccessCode           *bool   `json:"is_offline_access_code,omitempty"`
	IsOneTimeUse                  *bool   `json:"is_one_time_use,omitempty"`
	IsExternalModificationAllowed *bool   `json:"is_external_modification_allowed,omitempty"`
}

const (
	// adoptionSlack is how much older than the call an adopted code may look.
	adoptionSlack = 30 * time.Second
	// adoptionPause lies between the three lists that look for a code.
	adoptionPause = 2500 * time.Millisecond
	// visibleWithin is how long a new code may answer 404.
	visibleWithin = 30 * time.Second
)

type pinOnLock struct{ deviceID, pin string }

// CreateAccessCode puts a code on a lock. It is sent again only if it certainly did not
// arrive; if that is not known, the code is looked for on the lock and adopted.
func (c *Client) CreateAccessCode(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	c.learn(in)
	for start := time.Now(); ; {
		code, err := c.create(ctx, in)
		if err == nil {
			return code, nil
		}
		if !isDuplicate(err) {
			return AccessCode{}, err
		}
		// Our own removal of this PIN may still be on its way to the lock.
		if !c.freedHere(in) || sleep(ctx, nextPoll(time.Since(start))) != nil {
			return AccessCode{}, duplicate(err)
		}
	}
}

// learn makes the PIN of a request a secret.
func (c *Client) learn(in AccessCodeInput) {
	if in.Code != nil {
		c.secrets.add(*in.Code)
	}
}

func (c *Client) freedHere(in AccessCodeInput) bool {
	if in.Code == nil {
		return false
	}
	_, freed := c.freed.Load(pinOnLock{in.DeviceID, *in.Code})
	return freed
}

func (c *Client) create(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	leave, err := c.admit(ctx, in.DeviceID, creates)
	if err != nil {
		return AccessCode{}, fmt.Errorf("waiting for the turn to create: %w", err)
	}
	defer leave()
	since := c.Now().Add(-adoptionSlack)
	code, err := c.sendCreate(ctx, in)
	if ambiguous(err) {
		code, err = c.findCreated(ctx, in, since, err)
	}
	if err == nil {
		c.know(&code) // before the next create may look for its own
	}
	return code, err
}

func (c *Client) sendCreate(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postOnce(ctx, "/access_codes/create", in, &out)
	if id := out.AccessCode.ID; err == nil && (id == "" || id != identifier(id)) {
		err = &Error{Path: "/access_codes/create", Status: 200, RequestID: a.requestID, Message: "the answer names no access code"}
	}
	return out.AccessCode, err
}

// findCreated settles whether a create arrived whose answer was lost. It outlives the
// caller for one request timeout, though it sends nothing more then: a PIN on a lock that
// nobody knows of is worse than a late exit.
func (c *Client) findCreated(caller context.Context, in AccessCodeInput, since time.Time, lost error) (AccessCode, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(caller), c.requestTimeout)
	defer cancel()
	for again := false; ; again = true {
		code, err := c.adoptListed(ctx, in, since, lost)
		if err != nil || code.ID != "" {
			return code, err
		}
		if in.Code == nil || again || caller.Err() != nil {
			return code, unknownFate(in.DeviceID, lost)
		}
		code, err = c.sendCreate(ctx, in)
		if isDuplicate(err) {
			return c.adoptDuplicate(ctx, in, since, err)
		}
		if !ambiguous(err) {
			return code, err
		}
		lost = err
	}
}

func unknownFate(deviceID string, lost error) error {
	return because(lost,
		fmt.Sprintf("Whether the access code was created on lock %s is not known: %v. It does not show up on the lock.", deviceID, lost),
		"Look at the lock's codes in the Seam console before the next apply, and delete or import a code that is not in the state.")
}

// adoptListed looks for the created code on the lock, three times.
func (c *Client) adoptListed(ctx context.Context, in AccessCodeInput, since time.Time, lost error) (AccessCode, error) {
	for try := 0; ; try++ {
		_, listed, err := c.listAccessCodes(ctx, map[string]any{"device_id": in.DeviceID})
		if err != nil {
			return AccessCode{}, unknownFate(in.DeviceID, errors.Join(lost, err))
		}
		mine := slices.DeleteFunc(listed, func(a AccessCode) bool {
			_, held := c.held.Load(a.ID)
			return held || !in.created(a, since)
		})
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

func (c *Client) adoptDuplicate(ctx context.Context, in AccessCodeInput, since time.Time, refused error) (AccessCode, error) {
	e, ok := errors.AsType[*Error](refused)
	if !ok || e.Conflict.ManagedID == "" {
		return AccessCode{}, refused
	}
	_, held := c.held.Load(e.Conflict.ManagedID)
	seen, err := c.findNew(ctx, e.Conflict.ManagedID, c.Now())
	if held || err != nil || seen.gone || !in.created(seen.code, since) {
		return AccessCode{}, refused
	}
	return seen.code, nil
}

// created reports whether a looks like what in asked for; without an end, one that has none.
func (in AccessCodeInput) created(a AccessCode, since time.Time) bool {
	return !a.unmanaged() && a.DeviceID == in.DeviceID && !a.CreatedAt.Before(since) && in.matches(a) && (in.EndsAt != nil || a.EndsAt.IsZero())
}

// matches reports whether a is as in asks for. What in leaves open matches anything.
func (in AccessCodeInput) matches(a AccessCode) bool {
	return (in.Name == nil || *in.Name == a.Name) &&
		(in.Code == nil || *in.Code == a.Code) &&
		(in.StartsAt == nil || sameInstant(*in.StartsAt, a.StartsAt)) &&
		(in.EndsAt == nil || sameInstant(*in.EndsAt, a.EndsAt)) &&
		(in.Type == "" || in.Type == a.Type)
}

func sameInstant(text string, at Timestamp) bool {
	instant, ok := ParseTime(text)
	return ok && instant.Equal(at.Truncate(time.Millisecond))
}

func isDuplicate(err error) bool { return isType(err, "duplicate_access_code") }

// duplicate explains that a PIN is taken, without naming it.
func duplicate(err error) error {
	next := "Choose another PIN, or delete or import the code that has it. With create_before_destroy the old code still has the PIN: remove that setting, or change the PIN."
	what := "The lock already has an access code with this PIN"
	if e, ok := errors.AsType[*Error](err); ok {
		switch {
		case e.Conflict.ManagedID != "":
			what += ": access code " + e.Conflict.ManagedID
			next = "If it is left over from an interrupted apply, import it: " + ImportCommand("seam_access_code", e.Conflict.ManagedID) + ". Otherwise: " + next
		case e.Conflict.UnmanagedID != "":
			what += ": unmanaged access code " + e.Conflict.UnmanagedID
			next = fmt.Sprintf("Take that code over with adopt_access_code_id = %q, have it removed from the lock as a seam_unmanaged_access_code, or choose another PIN.", e.Conflict.UnmanagedID)
		}
		what += " (" + e.origin() + ")."
	}
	return because(err, what, next)
}

// SeeAccessCode reads back a new code. Seam may need a moment to find it.
func (c *Client) SeeAccessCode(ctx context.Context, code AccessCode) (AccessCode, error) {
	seen, err := c.findNew(ctx, code.ID, code.CreatedAt.Time)
	switch {
	case err != nil:
		return code, c.notReady(code, err)
	case seen.gone:
		return code, problem(fmt.Sprintf("Seam created access code %s and does not find it.", code.ID), "Run plan: it shows what is left. The state keeps the code, so that destroy can prove its removal.")
	}
	return seen.code, nil
}

// findNew looks for a code that may be too new to be found: until it is thirty seconds
// old, that it is missing means nothing.
func (c *Client) findNew(ctx context.Context, id string, createdAt time.Time) (sighting, error) {
	seen, err := c.lookUp(ctx, id)
	young := createdAt.Add(visibleWithin).Sub(c.Now())
	if err != nil || !seen.gone || young <= 0 {
		return seen, err
	}
	waiting, cancel := context.WithTimeout(ctx, young)
	defer cancel()
	err = poll(waiting, func(ctx context.Context) (bool, error) {
		again, err := c.lookUp(ctx, id)
		if err == nil {
			seen = again
		}
		return !seen.gone, err
	})
	if waiting.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	return seen, err
}

// AwaitAccessCode waits until a code that was seen has the PIN that Seam was to choose
// and, with onLock, until the lock has it; not before it starts. It returns the code as
// it was seen last, also with an error.
func (c *Client) AwaitAccessCode(ctx context.Context, code AccessCode, choosesPIN, onLock bool) (AccessCode, error) {
	onLock = onLock && !code.StartsAt.After(c.Now())
	ready := func() bool { return (!choosesPIN || code.Code != "") && (!onLock || code.Status == "set") }
	if ready() {
		return code, nil
	}
	err := poll(ctx, func(ctx context.Context) (bool, error) {
		seen, err := c.lookUp(ctx, code.ID)
		switch {
		case err != nil:
			return false, err
		case seen.gone:
			return false, problem(fmt.Sprintf("Access code %s disappeared while the lock was being set.", code.ID), "Run plan: it shows what is left.")
		}
		code = seen.code
		return ready(), c.hopeless(code)
	})
	if err != nil {
		err = c.notReady(code, err)
	}
	return code, err
}

// hopeless fails if Seam has given up on a code.
func (c *Client) hopeless(code AccessCode) error {
	for _, issue := range code.Errors {
		if issue.ErrorCode == "code_constraints_violated" {
			return problem("The lock does not accept the PIN.", "Choose a PIN that the lock accepts.")
		}
	}
	if code.Status == "unknown" {
		return problem("Seam cannot see the code on the lock.", "Check the connection of the lock's account in the Seam console.")
	}
	return nil
}

func (c *Client) notReady(code AccessCode, err error) error {
	reason := strings.TrimRight(err.Error(), ".")
	if errors.Is(err, context.Canceled) {
		reason = "interrupted"
	}
	missing := "it is not on the lock yet"
	if code.Code == "" {
		missing = "it has no PIN yet"
	}
	lines := append([]string{fmt.Sprintf("Seam accepted access code %s, but %s: %s.", code.ID, missing, reason)}, c.issues(code)...)
	return because(err, strings.Join(lines, "\n"), "Seam keeps trying. Run plan later to see how it stands; raise timeouts.create if the lock needs longer.")
}
