package removal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// AccessCodeUpdate is an update of a code, with the code's values in the state.
type AccessCodeUpdate struct {
	Input          seam.AccessCodeInput
	DeviceID       string
	WorkspaceID    string
	PIN            string // the last one known; empty if none is
	StartsAt       time.Time
	EndsAt         time.Time // zero for an ongoing code
	CreatedAt      time.Time
	BackupCodeID   string           // of a backup code that an earlier run has seen; may be empty
	Checkpoint     Checkpoint       // of an earlier, unproven update of the PIN or the window
	Prior          PriorAccess      // earlier PINs and locks that may still work
	SaveCheckpoint func(Checkpoint) // persists the checkpoint for later runs; called before every wait
	Warn           func(summary, detail string)
}

// accessCodeUpdate is an AccessCodeUpdate in progress.
type accessCodeUpdate struct {
	AccessCodeUpdate
	*seam.Client
	before            seam.AccessCode
	oldPINs           []string
	beforeMeta        seam.ResponseMeta
	pinRelease        *seam.PINRelease
	earlierCheckpoint Checkpoint // of an earlier run, unchanged
}

// UpdateAccessCode updates a code and reads it back. A new PIN or a shorter window reduces access:
// then the update fails, matching [ErrUnconfirmed], unless the lock has the change and no longer
// lists the old PIN. If any other change is not confirmed in time, it only warns.
func UpdateAccessCode(ctx context.Context, client *seam.Client, task AccessCodeUpdate) (code seam.AccessCode, err error) {
	task.PIN = readablePIN(task.PIN)
	u := &accessCodeUpdate{AccessCodeUpdate: task, Client: client}
	client.AddSecret(task.PIN)
	client.AddInputPIN(task.Input)
	if err := client.RequireWorkspace(ctx, task.WorkspaceID); err != nil {
		return seam.AccessCode{}, err
	}
	if err := u.readBefore(ctx); err != nil {
		return seam.AccessCode{}, err
	}
	defer func() { u.pinRelease.Finish(err) }()
	attempt, err := u.sendOncePINFree(ctx)
	if err != nil {
		return seam.AccessCode{}, err
	}
	after, err := u.awaitApplied(ctx, attempt)
	if !u.reducesAccess() {
		return u.warnUnconfirmed(after, err)
	}
	if err == nil {
		err = u.verifyPINRemoved(ctx)
	}
	if err == nil {
		err = u.checkBackupCode(ctx, after)
	}
	if err != nil {
		return seam.AccessCode{}, u.unconfirmedError(ctx, after, err)
	}
	return after, nil
}

// readBefore reads the code before the update, above all its PIN, which is kept only in memory.
func (u *accessCodeUpdate) readBefore(ctx context.Context) error {
	seen, err := u.LookUpAccessCode(ctx, u.Input.AccessCodeID, seam.LookupOptions{})
	if err != nil {
		return err
	}
	if seen.Gone {
		return seam.NewAdvice(fmt.Sprintf("Seam answers that access code %s no longer exists.", u.Input.AccessCodeID), "Run plan again: it checks the lock and plans a new code if this one is gone.")
	}
	u.before, u.beforeMeta, u.earlierCheckpoint = seen.Code, seen.ResponseMeta, u.Checkpoint
	old := u.Prior.PINs
	if u.Input.Code != nil || u.earlierCheckpoint.Unfinished() {
		old = append(append(slices.Clone(old), u.PIN), seen.Code.PINs()...)
	}
	for _, pin := range old {
		if isReadable(pin) && !slices.Contains(u.keptPINs(), pin) && !slices.Contains(u.oldPINs, pin) {
			u.oldPINs = append(u.oldPINs, pin)
		}
	}
	return nil
}

// keptPINs returns the PIN that the code will have, or nil if it is not known.
func (u *accessCodeUpdate) keptPINs() []string {
	pin := u.before.Code
	if u.Input.Code != nil {
		pin = *u.Input.Code
	}
	if pin == "" {
		return nil
	}
	return []string{pin}
}

// removesPIN reports whether a PIN must leave the lock, because of this update or an earlier one.
func (u *accessCodeUpdate) removesPIN() bool {
	return len(u.oldPINs) > 0 || !u.Prior.Empty() || u.earlierCheckpoint.Unfinished() || u.Input.Code != nil && !isReadable(u.before.Code) || u.hasPINAlready()
}

// hasPINAlready reports whether the code has the PIN that a write-only one is to be changed
// to. A run that was killed may have changed it, and then nobody knows the one before.
func (u *accessCodeUpdate) hasPINAlready() bool {
	return u.Input.Code != nil && u.PIN == "" && u.before.Code == *u.Input.Code
}

// shortensWindow reports whether the new window excludes a time that was, or may have been, in
// the old one.
func (u *accessCodeUpdate) shortensWindow() bool {
	if u.Input.EndsAt == nil {
		return false
	}
	starts, _ := seam.ParseTime(*u.Input.StartsAt)
	ends, _ := seam.ParseTime(*u.Input.EndsAt)
	for _, old := range [][2]time.Time{{u.StartsAt, u.EndsAt}, {u.before.StartsAt.Time, u.before.EndsAt.Time}} {
		if old[1].IsZero() || ends.Before(old[1]) || starts.After(old[0]) && starts.After(u.Now()) {
			return true
		}
	}
	return false
}

func (u *accessCodeUpdate) reducesAccess() bool { return u.removesPIN() || u.shortensWindow() }

func (u *accessCodeUpdate) send(ctx context.Context) (seam.ActionAttempt, error) {
	release, err := u.AcquireWrite(ctx, u.DeviceID, seam.WriteUpdate)
	if err != nil {
		return seam.ActionAttempt{}, fmt.Errorf("waiting to send the update: %w", err)
	}
	defer release()
	if u.reducesAccess() {
		asksForOther := u.Input.Code != nil && *u.Input.Code != u.PIN
		u.Checkpoint.PINKept = !asksForOther && (u.Checkpoint.PINKept || !u.earlierCheckpoint.Unfinished())
		if u.Checkpoint.RequestedAt.IsZero() {
			u.Checkpoint.start(u.beforeMeta.At, u.ListUnmanagedIDs(ctx, u.deviceIDs()))
		}
		u.Checkpoint.PINLost = u.Checkpoint.PINLost || u.overtakesUnknownPIN()
		u.Checkpoint.LeftBeforeRequest = u.Checkpoint.LeftBeforeRequest || u.hasPINAlready() && !u.earlierCheckpoint.Unfinished()
		u.SaveCheckpoint(u.Checkpoint)
	}
	return u.RequestAccessCodeUpdate(ctx, u.Input)
}

// overtakesUnknownPIN reports whether an earlier update that is not proven, or is still under
// way, may have asked for another PIN than this one. It is in no state, so nobody can look for
// it later.
func (u *accessCodeUpdate) overtakesUnknownPIN() bool {
	return (u.earlierCheckpoint.Unfinished() || len(u.before.PINs()) > 1) && u.Input.Code != nil && u.before.Code != *u.Input.Code
}

// unknownPINSince is since when there may be a PIN of the code that is not known; nil if all
// are.
func (u *accessCodeUpdate) unknownPINSince() *baseline {
	e := u.earlierCheckpoint
	showsStatePIN := u.before.Code == "" || u.before.Code == u.PIN
	switch {
	case e.Unfinished() && !e.PINKept && (u.PIN == "" || e.PINLost || showsStatePIN && u.overtakesUnknownPIN()):
		return e.since(u.CreatedAt)
	case u.Checkpoint.LeftBeforeRequest:
		return u.Checkpoint.since(u.CreatedAt)
	}
	return nil
}

// sendOncePINFree calls send and, while the new PIN is taken, waits for another update or removal
// of this run to release it.
func (u *accessCodeUpdate) sendOncePINFree(ctx context.Context) (seam.ActionAttempt, error) {
	if u.Input.Code == nil {
		attempt, err := u.send(ctx)
		return attempt, seam.ExplainDuplicate(err)
	}
	if len(u.oldPINs) > 0 {
		u.pinRelease = u.BeginPINRotation(u.DeviceID, u.Input.AccessCodeID, u.oldPINs)
	}
	write := seam.PINWrite{DeviceID: u.DeviceID, PIN: *u.Input.Code, StartedAt: time.Now(), Own: u.pinRelease}
	u.NoteAssignedPIN(u.Input.AccessCodeID, write.PIN)
	for {
		attempt, err := u.send(ctx)
		if !seam.IsDuplicate(err) {
			return attempt, err
		}
		if err := u.AwaitPINRelease(ctx, write, err); err != nil {
			return seam.ActionAttempt{}, err
		}
	}
}

// awaitApplied waits for the attempt and then until a read returns the requested values.
func (u *accessCodeUpdate) awaitApplied(ctx context.Context, attempt seam.ActionAttempt) (seam.AccessCode, error) {
	after := u.before
	if attempt.ID != "" {
		ended, err := u.AwaitActionAttempt(ctx, attempt)
		if err != nil {
			return after, fmt.Errorf("waiting for action attempt %s: %w", attempt.ID, err)
		}
		if ended.Status == seam.AttemptError {
			return after, errors.New(ended.Failure())
		}
	}
	read := func(ctx context.Context) (bool, error) {
		seen, err := u.LookUpAccessCode(ctx, u.Input.AccessCodeID, seam.LookupOptions{})
		if err == nil && !seen.Gone {
			after = seen.Code
		}
		return err == nil && !seen.Gone && u.isApplied(after), err
	}
	if done, err := read(ctx); done || err != nil && !seam.IsRetryable(err) {
		return after, err
	}
	return after, seam.Poll(ctx, read)
}

// isApplied reports whether the update is complete. Times that are not the old ones, and are near the
// new ones, count as rounded by the lock.
func (u *accessCodeUpdate) isApplied(now seam.AccessCode) bool {
	return hasNoPendingUpdate(now) && (u.Input.Matches(now) || u.matchesRounded(now))
}

func (u *accessCodeUpdate) matchesRounded(now seam.AccessCode) bool {
	if u.Input.EndsAt == nil {
		return false
	}
	in := u.Input
	in.StartsAt, in.EndsAt = nil, nil
	moved := !now.StartsAt.Equal(u.before.StartsAt.Time) || !now.EndsAt.Equal(u.before.EndsAt.Time)
	return in.Matches(now) && moved && isNear(*u.Input.StartsAt, now.StartsAt) && isNear(*u.Input.EndsAt, now.EndsAt)
}

func isNear(asked string, at seam.Timestamp) bool {
	instant, ok := seam.ParseTime(asked)
	return ok && instant.Sub(at.Time).Abs() <= maxRounding
}

// warnUnconfirmed turns err into a warning, for an update that does not reduce access.
func (u *accessCodeUpdate) warnUnconfirmed(after seam.AccessCode, err error) (seam.AccessCode, error) {
	if err == nil {
		return after, nil
	}
	if after.ID == "" || errors.Is(err, seam.ErrNotObservable) {
		return after, err
	}
	lines := append([]string{fmt.Sprintf("Seam accepted the change of access code %s but does not report it yet: %s.", after.ID, strings.TrimRight(err.Error(), "."))}, u.DescribeIssues(after)...)
	u.Warn("Change not confirmed yet", strings.Join(lines, "\n")+"\n\nSeam keeps trying. Run plan later: it shows whether the lock has it.")
	return after, nil
}

// verifyPINRemoved checks that the locks no longer list an old PIN.
func (u *accessCodeUpdate) verifyPINRemoved(ctx context.Context) error {
	if !u.removesPIN() {
		return nil
	}
	k := lockCheck{
		workspaceID: u.WorkspaceID, ownIDs: []string{u.Input.AccessCodeID}, pins: u.oldPINs, otherLockPINs: u.keptPINs(), residualIDs: u.Checkpoint.ResidualIDs,
		baselines: slices.Concat(u.Checkpoint.baselines(u.CreatedAt), u.Prior.baseline(u.CreatedAt)), unknownPINSince: u.unknownPINSince(),
	}
	_, err := k.runOn(ctx, u.Client, u.deviceIDs())
	u.Checkpoint.addResidual(err)
	u.SaveCheckpoint(u.Checkpoint)
	if err != nil {
		return err
	}
	same, err := codesWithPIN(ctx, u.Client, u.DeviceID, u.oldPINs, []string{u.Input.AccessCodeID})
	if err == nil && len(same) > 0 {
		u.Warn("Another access code has the old PIN", fmt.Sprintf("Access code %s has its new PIN, but the old one still opens lock %s through access code %s. If it must stop working, delete that one as well.", u.Input.AccessCodeID, u.DeviceID, strings.Join(same, ", ")))
	}
	return nil
}

// checkBackupCode fails if the backup code ends after the code: it keeps the end that it had when it
// was pulled. It also keeps its PIN, which is a warning if the code gets a new one.
func (u *accessCodeUpdate) checkBackupCode(ctx context.Context, after seam.AccessCode) error {
	id := cmp.Or(after.PulledBackupAccessCodeID, u.BackupCodeID)
	if id == "" {
		return nil
	}
	backup, err := u.LookUpBackupCode(ctx, id)
	if err != nil || backup.Gone {
		return err
	}
	opens := fmt.Sprintf("its backup access code %s has its own PIN and end, and still opens lock %s", id, u.DeviceID)
	next := "If that must stop, delete the backup access code in the Seam console."
	switch ends := backup.Code.EndsAt; {
	case u.shortensWindow() && (ends.IsZero() || ends.After(after.EndsAt.Time)):
		return seam.NewAdvice(opens, next+" Then run apply again.")
	case u.Input.Code != nil:
		u.Warn("Backup access code unchanged", fmt.Sprintf("Access code %s has its new PIN, but %s.\n\n%s", u.Input.AccessCodeID, opens, next))
	}
	return nil
}

// deviceIDs are where the code is or was, the one where it is now first.
func (u *accessCodeUpdate) deviceIDs() []string {
	now := u.before.DeviceID
	if now == "" {
		now = u.DeviceID
	}
	return uniqueDeviceIDs(now, []string{u.DeviceID}, u.Prior.DeviceIDs)
}

func (u *accessCodeUpdate) unconfirmedError(ctx context.Context, after seam.AccessCode, err error) error {
	reason := strings.TrimRight(err.Error(), ".")
	if errors.Is(context.Cause(ctx), context.Canceled) {
		reason = "interrupted"
	}
	what := "The old PIN may still open"
	if !u.removesPIN() {
		what = "The PIN may open longer than it should"
	}
	lines := append([]string{fmt.Sprintf("%s lock %s: the change of access code %s is not proven: %s.", what, u.DeviceID, u.Input.AccessCodeID, reason)}, u.DescribeIssues(after)...)
	lines = append(lines, "The state keeps the old values, so the next apply repeats the change.")
	return seam.WrapAdvice(errors.Join(ErrUnconfirmed, err), strings.Join(lines, "\n"), seam.Advice(err, "Run apply again. If the lock needs more time, raise timeouts.update."))
}
