package seam

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ActionOptions holds the timeout of an action and the callbacks for its messages.
type ActionOptions struct {
	Timeout  time.Duration
	Progress func(message string)
	Warn     func(summary, detail string)
}

func (e ActionOptions) reportProgress(format string, args ...any) {
	e.Progress(fmt.Sprintf(format, args...))
}

// LockDoor locks a door and waits for the action attempt to succeed.
func (c *Client) LockDoor(ctx context.Context, deviceID string, e ActionOptions) error {
	return c.setLockState(ctx, writeLock, deviceID, e)
}

// UnlockDoor unlocks a door and waits for the action attempt to succeed.
func (c *Client) UnlockDoor(ctx context.Context, deviceID string, e ActionOptions) error {
	return c.setLockState(ctx, writeUnlock, deviceID, e)
}

// setLockState sends the request only once: a retry after a lost response could unlock the door
// again.
func (c *Client) setLockState(ctx context.Context, v WriteKind, deviceID string, e ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, e.Timeout)
	defer cancel()
	release, err := c.AcquireWrite(ctx, deviceID, v)
	if err != nil {
		return fmt.Errorf("waiting to send the %s: %w", v, err)
	}
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	var a ResponseMeta
	err = c.retryRateLimited(ctx, func(ctx context.Context) (err error) {
		a, err = c.postOnceCancelable(ctx, "/locks/"+string(v)+"_door", map[string]string{"device_id": deviceID}, &out)
		return err
	})
	release()
	switch {
	case mayHaveExecuted(err):
		return WrapAdvice(err, fmt.Sprintf("It is not known whether lock %s received the %s request: %v", deviceID, v, err), "Check the door or data.seam_device before you run the action again.")
	case err != nil:
		return err
	case c.redactor.sanitizeID(out.ActionAttempt.ID) == "":
		return &Error{Path: "/locks/" + string(v) + "_door", Status: 200, RequestID: a.RequestID, Message: "the response contains no action attempt, so the result cannot be read"}
	}
	e.reportProgress("Sent lock %s the %s request (action attempt %s).", deviceID, v, SanitizeID(out.ActionAttempt.ID))
	ended, err := c.AwaitActionAttempt(ctx, out.ActionAttempt)
	switch {
	case err != nil:
		return WrapAdvice(err, fmt.Sprintf("Lock %s has not confirmed yet that the door is %sed: %v. Action attempt %s is %s.", deviceID, v, err, SanitizeID(ended.ID), c.redactor.redact(ended.Status)), "Check data.seam_action_attempt or the door before you run the action again: the lock may still do it. If the lock needs more time, raise timeouts.invoke.")
	case ended.Status != attemptSuccess && ended.Status != AttemptError:
		return NewAdvice(fmt.Sprintf("It is not known how action attempt %s ended (%s).", SanitizeID(ended.ID), c.redactor.redact(ended.Status)), "Check the door or data.seam_device before you run the action again.")
	case ended.Status == AttemptError:
		return WrapAdvice(errors.New(ended.Failure()), fmt.Sprintf("Lock %s did not %s: %s.", deviceID, v, ended.Failure()), "Fix the cause and run the action again.")
	}
	e.reportProgress("The door of lock %s is %sed.", deviceID, v)
	return nil
}

// PullBackupAccessCode assigns a backup code from the lock's pool to a code. Repeated calls
// return the same backup code.
func (c *Client) PullBackupAccessCode(ctx context.Context, id string, e ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, e.Timeout)
	defer cancel()
	var out struct {
		Backup AccessCode `json:"backup_access_code"`
	}
	a, err := c.post(ctx, "/access_codes/pull_backup_access_code", map[string]string{"access_code_id": id}, &out)
	if err != nil {
		return err
	}
	backup := SanitizeID(out.Backup.ID)
	if backup == "" {
		return &Error{Path: "/access_codes/pull_backup_access_code", Status: 200, RequestID: a.RequestID, Message: "the response contains no backup access code id"}
	}
	e.reportProgress("Backup access code %s is pulled for access code %s.", backup, id)
	confirmed := func(ctx context.Context) (bool, error) {
		seen, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
		c.device(seen.Code.DeviceID).invalidate(WriteUpdate) // earlier reads lack the backup code, which a removal needs
		return seen.Code.PulledBackupAccessCodeID == backup, err
	}
	if done, err := confirmed(ctx); !done && (err == nil || IsRetryable(err)) {
		err = Poll(ctx, confirmed)
		if err != nil {
			return WrapAdvice(err, fmt.Sprintf("Backup access code %s was pulled, but access code %s does not name it yet: %v", backup, id, err), "Run the action again: it gets the same backup code.")
		}
	} else if err != nil {
		return err
	}
	e.reportProgress("It replaces access code %s for now. Read its PIN with ephemeral.seam_access_code, id %s.", id, backup)
	return nil
}
