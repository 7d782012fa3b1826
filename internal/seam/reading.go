package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Gone says that a code is no longer there, by somebody else's doing or by its own end.
type Gone struct {
	AccessCodeID string
	DeviceID     string
	Asked        bool // an earlier run had asked for its removal
	Expired      bool // it ended; that the lock was checked is not promised
}

func (e *Gone) Error() string {
	switch {
	case e.Asked:
		return fmt.Sprintf("The removal of access code %s, which an earlier run had asked for, is complete: Seam answers that there is no such code, and lock %s no longer lists its PIN.", e.AccessCodeID, e.DeviceID)
	case e.Expired:
		return fmt.Sprintf("Access code %s has expired and is no longer on Seam.", e.AccessCodeID)
	}
	return fmt.Sprintf("Access code %s was removed outside Terraform: Seam answers that there is no such code, and lock %s no longer lists its PIN.", e.AccessCodeID, e.DeviceID)
}

// Summary is Error in a few words.
func (e *Gone) Summary() string {
	if e.Asked {
		return "Removal complete"
	}
	return "Removed outside Terraform"
}

// Advice says what to do next.
func (e *Gone) Advice() string {
	return "The next apply creates it anew if it is still in the configuration."
}

// ReadAccessCode asks for a code. It fails with *Gone only on proof: by the answer that
// a removal would accept and the same check of the lock; with [ErrUnconfirmed] if the
// code is gone but that check does not pass; with *BecameUnmanaged if it is on the lock
// and no longer managed; with [ErrOutOfSight] if nothing can be said.
func (c *Client) ReadAccessCode(ctx context.Context, task Removal) (code AccessCode, err error) {
	defer func() { err = task.inItsTerms(err) }()
	if err := c.InWorkspace(ctx, task.WorkspaceID); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.firstLook(ctx, task, task.AccessCodeID, snapshotAge)
	if task.DeviceID == "" && (seen.gone || isUnmanaged(err)) {
		return AccessCode{}, c.neverKnown(ctx, task.AccessCodeID)
	}
	if err != nil || !seen.gone {
		return seen.code, err
	}
	expired, err := c.expired(ctx, task)
	if err != nil {
		return AccessCode{}, err
	}
	if expired && !task.Memory.Unfinished() {
		return AccessCode{}, &Gone{AccessCodeID: task.AccessCodeID, DeviceID: task.DeviceID, Expired: true}
	}
	err = c.proveGone(ctx, task)
	if gone, ok := errors.AsType[*Gone](err); ok {
		gone.Expired = expired
	}
	return AccessCode{}, err
}

// expired reports whether the code's stay is over. It fails if it seems so by our own
// clock, and Seam does not tell the time.
func (c *Client) expired(ctx context.Context, task Removal) (bool, error) {
	if task.EndsAt.IsZero() || c.Past(ctx, task.EndsAt) {
		return !task.EndsAt.IsZero(), nil
	}
	if !c.clock.told() && task.EndsAt.Before(time.Now()) {
		return false, because(ErrUnconfirmed, fmt.Sprintf("Seam answers that there is no access code %s any more. Whether its stay is over is not known, because no answer of Seam had a Date header.", task.AccessCodeID),
			"Check endpoint (SEAM_ENDPOINT) and any proxy in between: something removes the Date header. The state keeps the code.")
	}
	return false, nil
}

// neverKnown explains an id that leads to no code, as in an import.
func (c *Client) neverKnown(ctx context.Context, id string) error {
	if _, err := c.getUnmanaged(ctx, id); err == nil {
		return problem(fmt.Sprintf("Access code %s is on a lock but not managed by this workspace.", id),
			fmt.Sprintf("To manage it, write adopt_access_code_id = %q on a new seam_access_code and apply, without an import; the code keeps its id and its PIN. To keep an eye on it or to remove it from the lock, import it as seam_unmanaged_access_code.", id))
	}
	return problem(fmt.Sprintf("There is no access code %s in this workspace.", id), "Check the id: data.seam_access_codes and the Seam console show it.")
}

// firstLook finds a code at the start of a read or a removal.
func (c *Client) firstLook(ctx context.Context, task Removal, id string, age time.Duration) (sighting, error) {
	if task.Unmanaged {
		return c.findUnmanaged(ctx, task.DeviceID, id, age)
	}
	if task.Unseen && id == task.AccessCodeID {
		return c.findNew(ctx, id, task.CreatedAt)
	}
	return c.find(ctx, task.DeviceID, id, age)
}

// unrelated are errors that do not keep a PIN off its lock.
var unrelated = []string{"failed_to_remove_from_device", "failed_to_expire", "failed_to_update", "auxiliary_heat_running", "empty_backup_access_code_pool"}

// NotOnLock explains why a PIN that should open the door now is not on its lock; empty
// if it is there, its stay is not under way, or Seam reports no error.
func (c *Client) NotOnLock(code AccessCode) string {
	now := c.Now()
	waits := code.StartsAt.After(now) || !code.EndsAt.IsZero() && !code.EndsAt.After(now)
	blocking := slices.DeleteFunc(slices.Clone(code.Errors), func(e Issue) bool { return slices.Contains(unrelated, e.ErrorCode) })
	if waits || code.onLock() || code.IsOfflineAccessCode || len(blocking) == 0 {
		return ""
	}
	lines := append([]string{fmt.Sprintf("Access code %s should open lock %s now, and Seam has not put it there.", code.ID, code.DeviceID)}, c.issues(AccessCode{Errors: blocking})...)
	return strings.Join(lines, "\n")
}

// proveGone makes the checks of a removal that was not asked for here, without waiting.
func (c *Client) proveGone(ctx context.Context, task Removal) error {
	r := c.newRemoval(task)
	err := r.backupGone(ctx)
	if err == nil {
		err = r.onceProven(ctx)
	}
	if err == nil {
		err = r.checkElsewhere(ctx, task.AccessCodeID)
	}
	if err == nil {
		return r.gone()
	}
	if ctx.Err() != nil || errors.Is(err, ErrOutOfSight) {
		return err
	}
	if !task.Unmanaged && isFound(err, task.AccessCodeID) {
		return codeUnmanaged(task.AccessCodeID)
	}
	return because(errors.Join(ErrUnconfirmed, err),
		fmt.Sprintf("Seam answers that there is no access code %s any more, but that its PIN is off lock %s is not proven: %s", task.AccessCodeID, task.DeviceID, err),
		"The state keeps it, so that destroy can prove its removal. "+nextStep(ErrUnconfirmed, err))
}

// gone is the verdict of a read. A removal that was asked for has ended with it, and gets
// its receipt.
func (r *removal) gone() error {
	verdict := &Gone{AccessCodeID: r.AccessCodeID, DeviceID: r.DeviceID, Asked: !r.Memory.AskedAt.IsZero()}
	if !verdict.Asked {
		return verdict
	}
	if err := r.receipt(OutcomeVerified); err != nil {
		return err
	}
	return verdict
}

func (r *removal) backupGone(ctx context.Context) error {
	for _, backup := range r.codes()[1:] {
		seen, err := r.look(ctx, backup)
		if err != nil {
			return err
		}
		if !seen.gone {
			return problem(fmt.Sprintf("Its backup access code %s is still there.", backup), "Run destroy: it removes the backup code as well.")
		}
	}
	return nil
}

// onceProven is prove without the wait for an event: one that belongs to an unfinished
// removal has to be there already.
func (r *removal) onceProven(ctx context.Context) error {
	mode := r.Mode
	r.Mode = Verified // so that nothing waits
	err := r.prove(ctx)
	r.Mode = mode
	if err != nil || mode != VerifiedByEvent || !r.Memory.Unfinished() {
		return err
	}
	seen, err := r.seeEvent(ctx)
	if err == nil && !seen {
		err = problem("Seam's event that says so has not come yet.", "Run destroy again to wait for it.")
	}
	return err
}
