package seam

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ActionOptions says how long an action may take, and where it reports.
type ActionOptions struct {
	Timeout  time.Duration
	Progress func(message string)
	Warn     func(summary, detail string)
}

func (e ActionOptions) reportProgress(format string, args ...any) {
	e.Progress(fmt.Sprintf(format, args...))
}

// LockDoor locks a door and returns when the lock has done it.
func (c *Client) LockDoor(ctx context.Context, deviceID string, e ActionOptions) error {
	return c.setLockState(ctx, writeLock, deviceID, e)
}

// UnlockDoor unlocks a door and returns when the lock has done it.
func (c *Client) UnlockDoor(ctx context.Context, deviceID string, e ActionOptions) error {
	return c.setLockState(ctx, writeUnlock, deviceID, e)
}

// setLockState asks once only: a door must not open again because an answer was lost.
func (c *Client) setLockState(ctx context.Context, v WriteKind, deviceID string, e ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, e.Timeout)
	defer cancel()
	release, err := c.AcquireWrite(ctx, deviceID, v)
	if err != nil {
		return fmt.Errorf("waiting for the turn to %s: %w", v, err)
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
		return WrapAdvice(err, fmt.Sprintf("Whether lock %s was told to %s is not known: %v", deviceID, v, err), "Look at the door, or at data.seam_device, before you run it again.")
	case err != nil:
		return err
	case c.redactor.sanitizeID(out.ActionAttempt.ID) == "":
		return &Error{Path: "/locks/" + string(v) + "_door", Status: 200, RequestID: a.RequestID, Message: "the answer names no action attempt, so whether the lock does it cannot be seen"}
	}
	e.reportProgress("Lock %s is told to %s (action attempt %s).", deviceID, v, SanitizeID(out.ActionAttempt.ID))
	ended, err := c.AwaitActionAttempt(ctx, out.ActionAttempt)
	switch {
	case err != nil:
		return WrapAdvice(err, fmt.Sprintf("Lock %s has not confirmed yet that the door is %sed: %v. Action attempt %s is %s.", deviceID, v, err, SanitizeID(ended.ID), c.redactor.redact(ended.Status)), "Look at data.seam_action_attempt or at the door before you run it again: the lock may still do it. If it only needs longer, raise timeouts.invoke.")
	case ended.Status != attemptSuccess && ended.Status != AttemptError:
		return NewAdvice(fmt.Sprintf("How action attempt %s ended is not known (%s).", SanitizeID(ended.ID), c.redactor.redact(ended.Status)), "Look at the door, or at data.seam_device, before you run it again.")
	case ended.Status == AttemptError:
		return WrapAdvice(errors.New(ended.Failure()), fmt.Sprintf("Lock %s did not %s: %s.", deviceID, v, ended.Failure()), "Mend the cause and run it again.")
	}
	e.reportProgress("The door of lock %s is %sed.", deviceID, v)
	return nil
}

// PullBackupAccessCode makes a spare code of the lock's pool stand in for a code. Asking
// again gets the same one.
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
		return &Error{Path: "/access_codes/pull_backup_access_code", Status: 200, RequestID: a.RequestID, Message: "the answer names no backup access code"}
	}
	e.reportProgress("Backup access code %s is pulled for access code %s.", backup, id)
	confirmed := func(ctx context.Context) (bool, error) {
		seen, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
		c.device(seen.Code.DeviceID).invalidate(WriteUpdate) // what was read before does not name the backup code, and a removal needs it
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
	e.reportProgress("It stands in for access code %s. Read its PIN with ephemeral.seam_access_code, id %s.", id, backup)
	return nil
}
