package seam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AccessCodeInput holds the parameters of a create or update request. Nil fields are omitted.
type AccessCodeInput struct {
	AccessCodeID                  string  `json:"access_code_id,omitempty"` // updates only
	DeviceID                      string  `json:"device_id,omitempty"`      // creates only
	Name                          *string `json:"name,omitempty"`
	Code                          *string `json:"code,omitempty"`
	StartsAt                      *string `json:"starts_at,omitempty"`
	EndsAt                        *string `json:"ends_at,omitempty"`
	Type                          string  `json:"type,omitempty"` // updates only
	CommonCodeKey                 *string `json:"common_code_key,omitempty"`
	PreferredCodeLength           *int64  `json:"preferred_code_length,omitempty"`
	MaxTimeRounding               *string `json:"max_time_rounding,omitempty"`
	PreferNativeScheduling        *bool   `json:"prefer_native_scheduling,omitempty"`
	UseBackupAccessCodePool       *bool   `json:"use_backup_access_code_pool,omitempty"`
	IsOfflineAccessCode           *bool   `json:"is_offline_access_code,omitempty"`
	IsOneTimeUse                  *bool   `json:"is_one_time_use,omitempty"`
	IsExternalModificationAllowed *bool   `json:"is_external_modification_allowed,omitempty"`
}

// visibilityTimeout is how long a get of a new code may return 404.
const visibilityTimeout = 30 * time.Second

type lockPIN struct{ deviceID, pin string }

// CreateAccessCode creates a code. The request is retried only if it certainly did not reach
// Seam. If its outcome is unknown, the client searches the lock for the new code and returns it.
func (c *Client) CreateAccessCode(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	c.AddInputPIN(in)
	if in.Code == nil {
		code, err := c.createOnce(ctx, in)
		return code, ExplainDuplicate(err)
	}
	write := PINWrite{DeviceID: in.DeviceID, PIN: *in.Code, StartedAt: time.Now()}
	c.forgetPlannedPIN(write.DeviceID, write.PIN)
	c.creatingPINs.Store(lockPIN{write.DeviceID, write.PIN}, nil)
	defer c.creatingPINs.Delete(lockPIN{write.DeviceID, write.PIN})
	for {
		code, err := c.createOnce(ctx, in)
		if err == nil {
			c.assignedPINs.Store(assignedPIN{code.ID, write.PIN}, nil)
			return code, nil
		}
		if !IsDuplicate(err) {
			return code, err
		}
		if err := c.AwaitPINRelease(ctx, write, err); err != nil {
			return AccessCode{}, err
		}
	}
}

// AddInputPIN registers the PIN of a request for redaction.
func (c *Client) AddInputPIN(in AccessCodeInput) {
	if in.Code != nil {
		c.redactor.add(*in.Code)
	}
}

func (c *Client) createOnce(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	release, err := c.AcquireWrite(ctx, in.DeviceID, writeCreate)
	if err != nil {
		return AccessCode{}, fmt.Errorf("waiting to send the create: %w", err)
	}
	defer release()
	var old map[string]AccessCode
	var code AccessCode
	var sent bool
	err = c.retryRateLimited(ctx, func(ctx context.Context) (err error) {
		old, err = c.listBeforeCreate(ctx, in.DeviceID)
		if sent = err == nil; sent {
			code, err = c.postCreate(ctx, in)
		}
		return err
	})
	if sent && mayHaveExecuted(err) {
		code, err = c.recoverLostCreate(ctx, in, old, err)
	}
	if err == nil {
		c.track(&code) // before the next create on the lock can search for its code
	}
	return code, err
}

func (c *Client) postCreate(ctx context.Context, in AccessCodeInput) (AccessCode, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postOnce(ctx, "/access_codes/create", in, &out)
	if id := out.AccessCode.ID; err == nil && (id == "" || id != SanitizeID(id)) {
		err = &Error{Path: "/access_codes/create", Status: 200, RequestID: a.RequestID, Message: "the response contains no access code id"}
	}
	return out.AccessCode, err
}

// Matches reports whether a has the values of in. Nil fields of in match anything.
func (in AccessCodeInput) Matches(a AccessCode) bool {
	return (in.Name == nil || *in.Name == a.Name) &&
		(in.Code == nil || *in.Code == a.Code) &&
		(in.StartsAt == nil || timesEqual(*in.StartsAt, a.StartsAt)) &&
		(in.EndsAt == nil || timesEqual(*in.EndsAt, a.EndsAt)) &&
		(in.Type == "" || in.Type == a.Type)
}

func timesEqual(text string, at Timestamp) bool {
	instant, ok := ParseTime(text)
	return ok && instant.Equal(at.Truncate(time.Millisecond))
}

// IsDuplicate reports whether err is Seam's refusal of a PIN that is already on the lock.
func IsDuplicate(err error) bool { return IsType(err, "duplicate_access_code") }

// ExplainDuplicate adds advice to a duplicate-PIN error and returns any other error unchanged.
func ExplainDuplicate(err error) error {
	if IsDuplicate(err) {
		return duplicateError(err)
	}
	return err
}

// duplicateError explains that a PIN is taken, without repeating the PIN.
func duplicateError(err error) error {
	inTheWay := " With create_before_destroy the old code still has the PIN: remove that setting, or change the PIN."
	next := "Choose another PIN, or delete or import the code that has it." + inTheWay
	what := "The lock already has an access code with this PIN"
	if e, ok := errors.AsType[*Error](err); ok {
		switch {
		case e.Conflict.ManagedID != "":
			what += ": access code " + e.Conflict.ManagedID
			next = "If it is left over from an interrupted apply, import it: " + importStep("access_code", e.Conflict.ManagedID) + ". Otherwise choose another PIN, or delete that code." + inTheWay
		case e.Conflict.UnmanagedID != "":
			what += ": unmanaged access code " + e.Conflict.UnmanagedID
			next = fmt.Sprintf("Adopt that code with adopt_access_code_id = %q, remove it from the lock with a seam_unmanaged_access_code resource, or choose another PIN.", e.Conflict.UnmanagedID)
		}
		what += " (" + e.origin() + ")."
	}
	return WrapAdvice(err, what, next)
}

// ReadBackAccessCode reads a code that was just created. It waits until Seam finds it.
func (c *Client) ReadBackAccessCode(ctx context.Context, code AccessCode) (AccessCode, error) {
	seen, err := c.LookUpAccessCode(ctx, code.ID, LookupOptions{CreatedAt: cmp.Or(code.CreatedAt.Time, c.Now())})
	switch {
	case err != nil:
		return code, c.notReadyError(code, err)
	case seen.Gone:
		return code, NewAdvice(fmt.Sprintf("Seam created access code %s but does not find it.", code.ID), "Run plan to see what is left. The state keeps the code, so that destroy can verify its removal.")
	}
	return seen.Code, nil
}

// AwaitAccessCode waits until the code has a PIN, if Seam chooses it (choosesPIN), and until the
// PIN is on the lock (onLock). A code that has not started yet is not waited for on the lock.
// It returns the code as last read, also with an error.
func (c *Client) AwaitAccessCode(ctx context.Context, code AccessCode, choosesPIN, onLock bool) (AccessCode, error) {
	onLock = onLock && !code.StartsAt.After(c.Now())
	ready := func() bool { return (!choosesPIN || code.Code != "") && (!onLock || code.Status == "set") }
	if ready() {
		return code, nil
	}
	err := Poll(ctx, func(ctx context.Context) (bool, error) {
		seen, err := c.LookUpAccessCode(ctx, code.ID, LookupOptions{})
		switch {
		case err != nil:
			return false, err
		case seen.Gone:
			return false, NewAdvice(fmt.Sprintf("Access code %s disappeared while the lock was being programmed.", code.ID), "Run plan to see what is left.")
		}
		code = seen.Code
		return ready(), c.permanentFailure(code)
	})
	if err != nil {
		err = c.notReadyError(code, err)
	}
	return code, err
}

// permanentFailure returns an error if Seam has stopped trying to set the code.
func (c *Client) permanentFailure(code AccessCode) error {
	for _, issue := range code.Errors {
		if issue.ErrorCode == "code_constraints_violated" {
			return NewAdvice("The lock does not accept the PIN.", "Choose a PIN that the lock accepts.")
		}
	}
	if code.Status == "unknown" {
		return NewAdvice("Seam cannot see the code on the lock.", "Check the connection of the lock's account in the Seam console.")
	}
	return nil
}

func (c *Client) notReadyError(code AccessCode, err error) error {
	reason := strings.TrimRight(err.Error(), ".")
	if errors.Is(err, context.Canceled) {
		reason = "interrupted"
	}
	missing := "it is not on the lock yet"
	if code.Code == "" {
		missing = "it has no PIN yet"
	}
	lines := append([]string{fmt.Sprintf("Seam accepted access code %s, but %s: %s.", code.ID, missing, reason)}, c.DescribeIssues(code)...)
	return WrapAdvice(err, strings.Join(lines, "\n"), "Seam keeps trying. Run plan later to see its status. If the lock needs more time, raise timeouts.create.")
}
