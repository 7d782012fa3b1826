package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// listLag is how long a list may go on showing a code that is gone.
	listLag = 20 * time.Second
	// returnWithin is how long after the ask a PIN that appears on the lock counts as the
	// removed one that came back.
	returnWithin = time.Hour
)

// proveInTime is prove within the removal's deadline. If a list still shows a code whose
// removal was asked for, it looks again for a while: lists lag behind.
func (r *removal) proveInTime(ctx context.Context) error {
	proving, cancel := r.timed(ctx)
	defer cancel()
	err := r.prove(proving)
	if err == nil {
		return r.checkElsewhere(proving, r.AccessCodeID)
	}
	if !r.lags(err) {
		return err
	}
	waiting, stop := context.WithTimeout(proving, listLag)
	defer stop()
	_ = poll(waiting, func(ctx context.Context) (bool, error) {
		again := r.prove(ctx)
		if ctx.Err() == nil {
			err = again
		}
		return !r.lags(err), nil
	})
	return err
}

// lags reports whether a check failed because of a code that is listed although its
// removal was asked for.
func (r *removal) lags(err error) bool {
	residual, ok := errors.AsType[*Residual](err)
	return ok && slices.ContainsFunc(residual.listed, func(id string) bool { return r.asked[id] })
}

// returned are the unmanaged codes on the lock that certainly are the removed code: those
// with its id, and those with exactly its PIN that appeared after Seam was asked to
// remove it. Anything else may be somebody else's.
func (r *removal) returned(err error) []string {
	residual, ok := errors.AsType[*Residual](err)
	if !ok || r.reclaimed {
		return nil
	}
	var ids []string
	for _, entry := range residual.found {
		if !entry.CannotDelete && (slices.Contains(r.codes(), entry.ID) || r.cameBack(entry)) {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}

func (r *removal) cameBack(entry AccessCode) bool {
	m := r.Memory
	exactly := func(pin string) bool { return numeric.MatchString(pin) && plainPIN(entry.Code) == pin }
	return m.Before != nil && !slices.Contains(m.Before, entry.ID) &&
		r.Now().Sub(m.AskedAt) <= returnWithin && slices.ContainsFunc(r.pins, exactly)
}

// takeOffReturned removes what came back, once.
func (r *removal) takeOffReturned(ctx context.Context, ids []string) error {
	for _, id := range ids {
		r.tell("The PIN came back on lock %s as unmanaged access code %s. Removing that one too.", r.DeviceID, id)
		if err := r.deleteUnmanaged(ctx, id); err != nil {
			return because(err, fmt.Sprintf("Lock %s lists the removed PIN again, as unmanaged access code %s, and removing that one failed: %v", r.DeviceID, id, err), "Remove that unmanaged code in the Seam console or in the manufacturer's app, then run destroy again: that it is gone is checked then.")
		}
		r.Warn("PIN came back and was removed", fmt.Sprintf("After access code %s was removed, its PIN appeared on lock %s again as unmanaged access code %s. That one was removed too.", r.AccessCodeID, r.DeviceID, identifier(id)))
	}
	return nil
}

// takeOffUnmanaged removes a code that was ours and that Seam no longer manages.
func (r *removal) takeOffUnmanaged(ctx context.Context, id string, became error) error {
	if r.Unmanaged {
		return became
	}
	looking, cancel := r.timed(ctx)
	defer cancel()
	if err := r.begin(looking, r.Now()); err != nil {
		return r.unconfirmed(ctx, err)
	}
	r.asked[id], r.reclaimed = true, true
	return r.deleteUnmanaged(ctx, id)
}

// checkElsewhere fails if a code whose removal nobody asked for is on whatever lock, managed
// or not. Once it was asked for, the code was seen, and with it where it was. Only presence
// counts here: any other answer, or none, is no evidence, and the proof does not rest on it.
func (r *removal) checkElsewhere(ctx context.Context, id string) error {
	if _, asked := r.Memory.Asks[id]; asked || r.asked[id] || r.Unmanaged {
		return nil
	}
	_, listed, _ := r.listAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	for _, code := range listed {
		if code.ID == id && !code.unmanaged() {
			r.moved(code)
			return stillListed([]string{id}, code.DeviceID)
		}
	}
	if _, err := r.getUnmanaged(ctx, id); err == nil {
		return codeUnmanaged(id)
	}
	return nil
}

// deleteUnmanaged is takeOff for an unmanaged code that this removal came across.
func (r *removal) deleteUnmanaged(ctx context.Context, id string) error {
	task := r.Removal
	task.AccessCodeID, task.Unmanaged, task.Unseen = id, true, false
	task.Memory, task.Change, task.Former, task.Remember = Memory{}, Memory{}, Former{}, func(Memory) {}
	other := r.newRemoval(task)
	other.until = r.until
	err := other.takeOff(ctx, id)
	r.until, r.Memory.Locks = other.until, append(r.Memory.Locks, other.Memory.Locks...)
	for _, pin := range other.pins {
		r.learnPIN(pin)
	}
	r.found.proofs = append(r.found.proofs, other.found.proofs...)
	return err
}

// moved takes in that Seam says the code is on another lock than the state.
func (r *removal) moved(code AccessCode) {
	if code.DeviceID == "" || slices.Contains(r.locks(), code.DeviceID) {
		return
	}
	r.Memory.Locks = append(r.Memory.Locks, identifier(code.DeviceID))
	r.Warn("Access code is on another lock", fmt.Sprintf("The state has access code %s on lock %s, and Seam says that it is on lock %s. Both locks are checked.", r.AccessCodeID, r.DeviceID, identifier(code.DeviceID)))
}

// leftBefore reports whether a look shows that the code was changed, or its removal asked
// for, by somebody else or by a run that was killed. What is on the lock now is then not
// what was there before.
func (r *removal) leftBefore(id string, code AccessCode) bool {
	changed := id == r.AccessCodeID && r.PIN != "" && code.Code != "" && code.Code != r.PIN
	return changed || r.Memory.AskedAt.IsZero() && code.BeingRemoved()
}

// isFound reports whether a check found this very code among the unmanaged ones.
func isFound(err error, id string) bool {
	residual, ok := errors.AsType[*Residual](err)
	return ok && slices.ContainsFunc(residual.found, func(entry AccessCode) bool { return entry.ID == id })
}

// refersTo reports whether a check failed because a list shows this very code.
func refersTo(err error, id string) bool {
	residual, ok := errors.AsType[*Residual](err)
	return ok && slices.Contains(residual.listed, id) || isFound(err, id) || isUnmanaged(err)
}
