package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// GoneError says that a code is no longer there, by somebody else's doing or by its own end.
type GoneError struct {
	AccessCodeID string
	DeviceID     string
	Requested    bool // an earlier run had asked for its removal
	Expired      bool // it ended; that the lock was checked is not promised
}

func (e *GoneError) Error() string {
	switch {
	case e.Requested:
		return fmt.Sprintf("The removal of access code %s, which an earlier run had asked for, is complete: Seam answers that there is no such code, and lock %s no longer lists its PIN.", e.AccessCodeID, e.DeviceID)
	case e.Expired:
		return fmt.Sprintf("Access code %s has expired and is no longer on Seam.", e.AccessCodeID)
	}
	return fmt.Sprintf("Access code %s was removed outside Terraform: Seam answers that there is no such code, and lock %s no longer lists its PIN.", e.AccessCodeID, e.DeviceID)
}

// Summary is Error in a few words.
func (e *GoneError) Summary() string {
	if e.Requested {
		return "Removal complete"
	}
	return "Removed outside Terraform"
}

// Advice says what to do next.
func (e *GoneError) Advice() string {
	return "The next apply creates it anew if it is still in the configuration."
}

// ReadAccessCode asks for a code. It fails with *GoneError only on proof: by the answer that
// a removal would accept and the same check of the lock; with [ErrUnconfirmed] if the
// code is gone but that check does not pass; with *UnmanagedError if it is on the lock
// and no longer managed; with [ErrNotObservable] if nothing can be said.
func (c *Client) ReadAccessCode(ctx context.Context, task Removal) (code AccessCode, err error) {
	defer func() { err = task.withResourceAddress(err) }()
	if err := c.CheckCodeWorkspace(ctx, task.WorkspaceID); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.getTargetCached(ctx, task, task.AccessCodeID, MaxSnapshotAge)
	if task.DeviceID == "" && (seen.Gone || IsUnmanagedError(err)) {
		return AccessCode{}, c.notFoundError(ctx, task.AccessCodeID)
	}
	if err != nil || !seen.Gone {
		return seen.Code, err
	}
	expired, err := c.hasExpired(ctx, task)
	if err != nil {
		return AccessCode{}, err
	}
	if expired && !task.Checkpoint.Unfinished() {
		return AccessCode{}, &GoneError{AccessCodeID: task.AccessCodeID, DeviceID: task.DeviceID, Expired: true}
	}
	err = c.verifyGone(ctx, task)
	if gone, ok := errors.AsType[*GoneError](err); ok {
		gone.Expired = expired
	}
	return AccessCode{}, err
}

// hasExpired reports whether the code's stay is over. It fails if it seems so by our own
// clock, and Seam does not tell the time.
func (c *Client) hasExpired(ctx context.Context, task Removal) (bool, error) {
	if task.EndsAt.IsZero() || c.IsPast(ctx, task.EndsAt) {
		return !task.EndsAt.IsZero(), nil
	}
	if !c.clock.isKnown() && task.EndsAt.Before(time.Now()) {
		return false, WrapAdvice(ErrUnconfirmed, fmt.Sprintf("Seam answers that there is no access code %s any more. Whether its stay is over is not known, because no answer of Seam had a Date header.", task.AccessCodeID),
			"Check endpoint (SEAM_ENDPOINT) and any proxy in between: something removes the Date header. The state keeps the code.")
	}
	return false, nil
}

// notFoundError explains an id that leads to no code, as in an import.
func (c *Client) notFoundError(ctx context.Context, id string) error {
	if _, err := c.fetchUnmanaged(ctx, id); err == nil {
		return NewAdvice(fmt.Sprintf("Access code %s is on a lock but not managed by this workspace.", id),
			fmt.Sprintf("To manage it, write adopt_access_code_id = %q on a new seam_access_code and apply, without an import; the code keeps its id and its PIN. To keep an eye on it or to remove it from the lock, import it as seam_unmanaged_access_code.", id))
	}
	return NewAdvice(fmt.Sprintf("There is no access code %s in this workspace.", id), "Check the id: data.seam_access_codes and the Seam console show it.")
}

// getTargetCached finds a code at the start of a read or a removal.
func (c *Client) getTargetCached(ctx context.Context, task Removal, id string, age time.Duration) (Lookup, error) {
	if task.Unmanaged {
		return c.getUnmanagedCached(ctx, task.DeviceID, id, age)
	}
	if task.NeverSeen && id == task.AccessCodeID {
		return c.getNew(ctx, id, task.CreatedAt)
	}
	return c.getCached(ctx, task.DeviceID, id, age)
}

// nonBlockingErrors are errors that do not keep a PIN off its lock.
var nonBlockingErrors = []string{"failed_to_remove_from_device", "failed_to_expire", "failed_to_update", "auxiliary_heat_running", "empty_backup_access_code_pool"}

// NotOnLockReason explains why a PIN that should open the door now is not on its lock; empty
// if it is there, its stay is not under way, or Seam reports no error.
func (c *Client) NotOnLockReason(code AccessCode) string {
	now := c.Now()
	waits := code.StartsAt.After(now) || !code.EndsAt.IsZero() && !code.EndsAt.After(now)
	blocking := slices.DeleteFunc(slices.Clone(code.Errors), func(e Issue) bool { return slices.Contains(nonBlockingErrors, e.ErrorCode) })
	if waits || code.OnLock() || code.IsOfflineAccessCode || len(blocking) == 0 {
		return ""
	}
	lines := append([]string{fmt.Sprintf("Access code %s should open lock %s now, and Seam has not put it there.", code.ID, code.DeviceID)}, c.DescribeIssues(AccessCode{Errors: blocking})...)
	return strings.Join(lines, "\n")
}

// verifyGone makes the checks of a removal that was not asked for here, without waiting.
func (c *Client) verifyGone(ctx context.Context, task Removal) error {
	r := c.newRemoval(task)
	err := r.checkBackupGone(ctx)
	if err == nil {
		err = r.verifyOnce(ctx)
	}
	if err == nil {
		err = r.checkOtherLocks(ctx, task.AccessCodeID)
	}
	if err == nil {
		return r.goneVerdict()
	}
	if ctx.Err() != nil || errors.Is(err, ErrNotObservable) {
		return err
	}
	if !task.Unmanaged && isUnmanagedResidual(err, task.AccessCodeID) {
		return NewUnmanagedError(task.AccessCodeID)
	}
	return WrapAdvice(errors.Join(ErrUnconfirmed, err),
		fmt.Sprintf("Seam answers that there is no access code %s any more, but that its PIN is off lock %s is not proven: %s", task.AccessCodeID, task.DeviceID, err),
		"The state keeps it, so that destroy can prove its removal. "+fallbackAdvice(ErrUnconfirmed, err))
}

// goneVerdict is the verdict of a read. A removal that was asked for has ended with it, and gets
// its receipt.
func (r *removal) goneVerdict() error {
	verdict := &GoneError{AccessCodeID: r.AccessCodeID, DeviceID: r.DeviceID, Requested: !r.Checkpoint.RequestedAt.IsZero()}
	if !verdict.Requested {
		return verdict
	}
	if err := r.writeReceipt(OutcomeVerified); err != nil {
		return err
	}
	return verdict
}

func (r *removal) checkBackupGone(ctx context.Context) error {
	for _, backup := range r.codeIDs()[1:] {
		seen, err := r.getAndRecord(ctx, backup)
		if err != nil {
			return err
		}
		if !seen.Gone {
			return NewAdvice(fmt.Sprintf("Its backup access code %s is still there.", backup), "Run destroy: it removes the backup code as well.")
		}
	}
	return nil
}

// verifyOnce is verify without the wait for an event: one that belongs to an unfinished
// removal has to be there already.
func (r *removal) verifyOnce(ctx context.Context) error {
	mode := r.Mode
	r.Mode = Verified // so that nothing waits
	err := r.verify(ctx)
	r.Mode = mode
	if err != nil || mode != VerifiedByEvent || !r.Checkpoint.Unfinished() {
		return err
	}
	seen, err := r.eventOccurred(ctx)
	if err == nil && !seen {
		err = NewAdvice("Seam's event that says so has not come yet.", "Run destroy again to wait for it.")
	}
	return err
}
