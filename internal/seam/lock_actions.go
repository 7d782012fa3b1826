package seam

import (
	"context"
	"fmt"
	"time"
)

// ActionOptions holds the timeout of an action, its arguments besides the ID, and the callbacks for its
// messages.
type ActionOptions struct {
	Timeout  time.Duration
	Others   map[string]string // empty strings for those that are not set
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

func (c *Client) setLockState(ctx context.Context, v WriteKind, deviceID string, e ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, e.Timeout)
	defer cancel()
	release, err := c.AcquireWrite(ctx, deviceID, v)
	if err != nil {
		return fmt.Errorf("waiting to send the %s: %w", v, err)
	}
	what := order{
		path: "/locks/" + string(v) + "_door", in: map[string]string{"device_id": deviceID},
		to: "lock " + deviceID, verb: string(v), outcome: fmt.Sprintf("the door is %sed", v), check: "the door or data.seam_device",
	}
	var attempt ActionAttempt
	err = c.retryRateLimited(ctx, func(ctx context.Context) (err error) {
		attempt, err = c.sendOrder(ctx, what)
		return err
	})
	release()
	if err != nil {
		return err
	}
	if _, err := c.awaitOrder(ctx, what, attempt, e); err != nil {
		return err
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
