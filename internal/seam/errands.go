package seam

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errand says how long something may take that is done once, and whom to tell.
type Errand struct {
	Timeout  time.Duration
	Progress func(message string)
	Warn     func(summary, detail string)
}

func (e Errand) tell(format string, args ...any) { e.Progress(fmt.Sprintf(format, args...)) }

// LockDoor locks a door and returns when the lock has done it.
func (c *Client) LockDoor(ctx context.Context, deviceID string, e Errand) error {
	return c.moveBolt(ctx, lockDoors, deviceID, e)
}

// UnlockDoor unlocks a door and returns when the lock has done it.
func (c *Client) UnlockDoor(ctx context.Context, deviceID string, e Errand) error {
	return c.moveBolt(ctx, unlockDoors, deviceID, e)
}

// moveBolt asks once only: a door must not open again because an answer was lost.
func (c *Client) moveBolt(ctx context.Context, v verb, deviceID string, e Errand) error {
	ctx, cancel := Within(ctx, e.Timeout)
	defer cancel()
	leave, err := c.admit(ctx, deviceID, v)
	if err != nil {
		return fmt.Errorf("waiting for the turn to %s: %w", v, err)
	}
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	var a answer
	err = c.untilTaken(ctx, func(ctx context.Context) (err error) {
		a, err = c.tryOnce(ctx, "/locks/"+string(v)+"_door", map[string]string{"device_id": deviceID}, &out)
		return err
	})
	leave()
	switch {
	case ambiguous(err):
		return because(err, fmt.Sprintf("Whether lock %s was told to %s is not known: %v", deviceID, v, err), "Look at the door, or at data.seam_device, before you run it again.")
	case err != nil:
		return err
	case c.secrets.identifier(out.ActionAttempt.ID) == "":
		return &Error{Path: "/locks/" + string(v) + "_door", Status: 200, RequestID: a.requestID, Message: "the answer names no action attempt, so whether the lock does it cannot be seen"}
	}
	e.tell("Lock %s is told to %s (action attempt %s).", deviceID, v, identifier(out.ActionAttempt.ID))
	ended, err := c.awaitAttempt(ctx, out.ActionAttempt)
	switch {
	case err != nil:
		return because(err, fmt.Sprintf("Lock %s has not confirmed yet that the door is %sed: %v. Action attempt %s is %s.", deviceID, v, err, identifier(ended.ID), c.secrets.scrub(ended.Status)), "Look at data.seam_action_attempt or at the door before you run it again: the lock may still do it. If it only needs longer, raise timeouts.invoke.")
	case ended.Status != attemptSuccess && ended.Status != attemptError:
		return problem(fmt.Sprintf("How action attempt %s ended is not known (%s).", identifier(ended.ID), c.secrets.scrub(ended.Status)), "Look at the door, or at data.seam_device, before you run it again.")
	case ended.Status == attemptError:
		return because(errors.New(ended.failure()), fmt.Sprintf("Lock %s did not %s: %s.", deviceID, v, ended.failure()), "Mend the cause and run it again.")
	}
	e.tell("The door of lock %s is %sed.", deviceID, v)
	return nil
}

// PullBackupAccessCode makes a spare code of the lock's pool stand in for a code. Asking
// again gets the same one.
func (c *Client) PullBackupAccessCode(ctx context.Context, id string, e Errand) error {
	ctx, cancel := Within(ctx, e.Timeout)
	defer cancel()
	var out struct {
		Backup AccessCode `json:"backup_access_code"`
	}
	a, err := c.post(ctx, "/access_codes/pull_backup_access_code", map[string]string{"access_code_id": id}, &out)
	if err != nil {
		return err
	}
	backup := identifier(out.Backup.ID)
	if backup == "" {
		return &Error{Path: "/access_codes/pull_backup_access_code", Status: 200, RequestID: a.requestID, Message: "the answer names no backup access code"}
	}
	e.tell("Backup access code %s is pulled for access code %s.", backup, id)
	confirmed := func(ctx context.Context) (bool, error) {
		seen, err := c.lookUp(ctx, id)
		c.lock(seen.code.DeviceID).outdate(updates) // what was read before does not name the backup code, and a removal needs it
		return seen.code.PulledBackupAccessCodeID == backup, err
	}
	if done, err := confirmed(ctx); !done && (err == nil || passing(err)) {
		err = poll(ctx, confirmed)
		if err != nil {
			return because(err, fmt.Sprintf("Backup access code %s was pulled, but access code %s does not name it yet: %v", backup, id, err), "Run the action again: it gets the same backup code.")
		}
	} else if err != nil {
		return err
	}
	e.tell("It stands in for access code %s. Read its PIN with ephemeral.seam_access_code, id %s.", id, backup)
	return nil
}

// RemoveUnmanagedAccessCode takes an unmanaged code off its lock, with the proof of
// every removal.
func (c *Client) RemoveUnmanagedAccessCode(ctx context.Context, id string, e Errand) error {
	looking, cancel := Within(ctx, e.Timeout)
	defer cancel()
	code, err := c.UnmanagedAccessCodeNow(looking, id)
	if err != nil {
		return err
	}
	workspace, err := c.Workspace(looking)
	if err != nil {
		return err
	}
	err = c.RemoveAccessCode(ctx, Removal{
		AccessCodeID: id, DeviceID: code.DeviceID, WorkspaceID: workspace, Mode: Verified, PIN: code.Code, CreatedAt: code.CreatedAt.Time,
		Unmanaged: true, Stateless: true, Timeout: e.Timeout, Remember: func(Memory) {}, Progress: e.Progress, Warn: e.Warn,
	})
	if err == nil {
		e.tell("Access code %s is removed from lock %s.", id, code.DeviceID)
	}
	return err
}
