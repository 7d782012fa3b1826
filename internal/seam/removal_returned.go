package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// maxListLag is how long a list may go on showing a code that is gone.
	maxListLag = 20 * time.Second
	// maxReturnAge is how long after the request a PIN that appears on the lock counts as the
	// removed one that came back.
	maxReturnAge = time.Hour
)

// verifyWithRetry is verify within the removal's deadline. If a list still shows a code whose
// removal was asked for, it looks again for a while: lists lag behind.
func (r *removal) verifyWithRetry(ctx context.Context) error {
	proving, cancel := r.withDeadline(ctx)
	defer cancel()
	err := r.verify(proving)
	if err == nil {
		return r.checkOtherLocks(proving, r.AccessCodeID)
	}
	if !r.isListStale(err) {
		return err
	}
	waiting, stop := context.WithTimeout(proving, maxListLag)
	defer stop()
	_ = Poll(waiting, func(ctx context.Context) (bool, error) {
		again := r.verify(ctx)
		if ctx.Err() == nil {
			err = again
		}
		return !r.isListStale(err), nil
	})
	return err
}

// isListStale reports whether a check failed because of a code that is listed although its
// removal was asked for.
func (r *removal) isListStale(err error) bool {
	residual, ok := errors.AsType[*ResidualError](err)
	return ok && slices.ContainsFunc(residual.stillListed, func(id string) bool { return r.requested[id] })
}

// returnedIDs are the unmanaged codes on the lock that certainly are the removed code: those
// with its id, and those with exactly its PIN that appeared after Seam was asked to
// remove it. Anything else may be somebody else's.
func (r *removal) returnedIDs(err error) []string {
	residual, ok := errors.AsType[*ResidualError](err)
	if !ok || r.deletedUnmanaged {
		return nil
	}
	var ids []string
	for _, entry := range residual.entries {
		if !entry.CannotDelete && (slices.Contains(r.codeIDs(), entry.ID) || r.isReturned(entry)) {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}

func (r *removal) isReturned(entry AccessCode) bool {
	m := r.Checkpoint
	exactly := func(pin string) bool { return NumericPIN.MatchString(pin) && stripSeparators(entry.Code) == pin }
	return m.UnmanagedBefore != nil && !slices.Contains(m.UnmanagedBefore, entry.ID) &&
		r.Now().Sub(m.RequestedAt) <= maxReturnAge && slices.ContainsFunc(r.pins, exactly)
}

// deleteReturned removes what came back, once.
func (r *removal) deleteReturned(ctx context.Context, ids []string) error {
	for _, id := range ids {
		r.reportProgress("The PIN came back on lock %s as unmanaged access code %s. Removing that one too.", r.DeviceID, id)
		if err := r.deleteUnmanaged(ctx, id); err != nil {
			return WrapAdvice(err, fmt.Sprintf("Lock %s lists the removed PIN again, as unmanaged access code %s, and removing that one failed: %v", r.DeviceID, id, err), "Remove that unmanaged code in the Seam console or in the manufacturer's app, then run destroy again: that it is gone is checked then.")
		}
		r.Warn("PIN came back and was removed", fmt.Sprintf("After access code %s was removed, its PIN appeared on lock %s again as unmanaged access code %s. That one was removed too.", r.AccessCodeID, r.DeviceID, SanitizeID(id)))
	}
	return nil
}

// deleteNowUnmanaged removes a code that was ours and that Seam no longer manages.
func (r *removal) deleteNowUnmanaged(ctx context.Context, id string, became error) error {
	if r.Unmanaged {
		return became
	}
	looking, cancel := r.withDeadline(ctx)
	defer cancel()
	if err := r.startCheckpoint(looking, r.Now()); err != nil {
		return r.unconfirmedError(ctx, err)
	}
	r.requested[id], r.deletedUnmanaged = true, true
	return r.deleteUnmanaged(ctx, id)
}

// checkOtherLocks fails if a code whose removal nobody asked for is on whatever lock, managed
// or not. Once it was asked for, the code was seen, and with it where it was. Only presence
// counts here: any other answer, or none, is no evidence, and the proof does not rest on it.
func (r *removal) checkOtherLocks(ctx context.Context, id string) error {
	if _, asked := r.Checkpoint.DeleteRequests[id]; asked || r.requested[id] || r.Unmanaged {
		return nil
	}
	_, listed, _ := r.ListAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	for _, code := range listed {
		if code.ID == id && !code.IsUnmanaged() {
			r.recordDevice(code)
			return stillListedError([]string{id}, code.DeviceID)
		}
	}
	if _, err := r.fetchUnmanaged(ctx, id); err == nil {
		return NewUnmanagedError(id)
	}
	return nil
}

// deleteUnmanaged is deleteAndWait for an unmanaged code that this removal came across.
func (r *removal) deleteUnmanaged(ctx context.Context, id string) error {
	task := r.Removal
	task.AccessCodeID, task.Unmanaged, task.NeverSeen = id, true, false
	task.Checkpoint, task.UpdateCheckpoint, task.Prior, task.SaveCheckpoint = Checkpoint{}, Checkpoint{}, PriorAccess{}, func(Checkpoint) {}
	other := r.newRemoval(task)
	other.deadline = r.deadline
	err := other.deleteAndWait(ctx, id)
	r.deadline, r.Checkpoint.OtherDeviceIDs = other.deadline, append(r.Checkpoint.OtherDeviceIDs, other.Checkpoint.OtherDeviceIDs...)
	for _, pin := range other.pins {
		r.addPIN(pin)
	}
	r.evidence.proofs = append(r.evidence.proofs, other.evidence.proofs...)
	return err
}

// recordDevice records a lock that Seam names and the state does not.
func (r *removal) recordDevice(code AccessCode) {
	if code.DeviceID == "" || slices.Contains(r.deviceIDs(), code.DeviceID) {
		return
	}
	r.Checkpoint.OtherDeviceIDs = append(r.Checkpoint.OtherDeviceIDs, SanitizeID(code.DeviceID))
	r.Warn("Access code is on another lock", fmt.Sprintf("The state has access code %s on lock %s, and Seam says that it is on lock %s. Both locks are checked.", r.AccessCodeID, r.DeviceID, SanitizeID(code.DeviceID)))
}

// changedBeforeRequest reports whether a look shows that the code was changed, or its removal asked
// for, by somebody else or by a run that was killed. What is on the lock now is then not
// what was there before.
func (r *removal) changedBeforeRequest(id string, code AccessCode) bool {
	changed := id == r.AccessCodeID && r.PIN != "" && code.Code != "" && code.Code != r.PIN
	return changed || r.Checkpoint.RequestedAt.IsZero() && code.BeingRemoved()
}

// isUnmanagedResidual reports whether a check found this very code among the unmanaged ones.
func isUnmanagedResidual(err error, id string) bool {
	residual, ok := errors.AsType[*ResidualError](err)
	return ok && slices.ContainsFunc(residual.entries, func(entry AccessCode) bool { return entry.ID == id })
}

// concernsCode reports whether a check failed because a list shows this very code.
func concernsCode(err error, id string) bool {
	residual, ok := errors.AsType[*ResidualError](err)
	return ok && slices.Contains(residual.stillListed, id) || isUnmanagedResidual(err, id) || IsUnmanagedError(err)
}
