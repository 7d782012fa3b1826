package removal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// managedCode is a managed access code as a removal target.
type managedCode struct {
	*codes
	id string
}

// RemoveAccessCode removes a code. It returns nil only if the removal is proven to the extent
// that its mode requires. Errors may match [ErrRefused] or [ErrUnconfirmed].
func RemoveAccessCode(ctx context.Context, client *seam.Client, code AccessCode, o Options) error {
	target := newManagedCode(newState(client, o), code)
	return newRemoval(target.state, target).run(ctx)
}

func newManagedCode(s *state, code AccessCode) *managedCode {
	code.PIN = readablePIN(code.PIN)
	target := &managedCode{&codes{state: s, AccessCode: code}, code.ID}
	for _, pin := range slices.Concat([]string{code.PIN}, code.Prior.PINs) {
		target.addPIN(pin)
	}
	return target
}

func (t *managedCode) Subject() Subject {
	kind := "access code"
	if t.id != t.ID {
		kind = "backup access code"
	}
	return Subject{ID: t.id, Kind: kind, Access: "PIN", DeviceID: t.DeviceID, Name: t.Name}
}

func (t *managedCode) Look(ctx context.Context, maxAge time.Duration) (Lookup, error) {
	o := seam.LookupOptions{MaxAge: maxAge}
	if maxAge > 0 && t.NeverSeen && t.id == t.ID {
		o = seam.LookupOptions{CreatedAt: cmp.Or(t.CreatedAt, t.Now())}
	}
	seen, code, err := t.look(ctx, t.id, o)
	switch {
	case seam.IsUnmanagedError(err):
		return Lookup{Became: &unmanagedCode{codes: t.codes, id: t.id}}, nil
	case err == nil && !seen.Gone:
		t.seen = t.seen || t.id == t.ID
		for _, pin := range code.PINs() {
			t.addPIN(pin)
		}
		t.record(t.id, code)
		if t.IsOffline && code.EndsAt.After(t.EndsAt) {
			t.EndsAt = code.EndsAt.Time // the lock rounds it
		}
	}
	return seen, err
}

// Irrevocable reports whether the code is an offline code: the lock computes those itself.
func (t *managedCode) Irrevocable() bool { return t.IsOffline }

func (t *managedCode) CheckEnded(ctx context.Context) error {
	if t.EndsAt.IsZero() || !t.IsPast(ctx, t.EndsAt) {
		return seam.WrapAdvice(ErrRefused, fmt.Sprintf("Access code %s is an offline code: lock %s computes it itself and keeps accepting it until it ends. Seam cannot revoke it.", t.ID, t.DeviceID),
			"Wait until ends_at and run destroy again. If the PIN must stop working earlier, reset the lock. To remove the code from the state while its PIN still works, set removal = \"abandoned\" (or \"requested\"), apply, and destroy.")
	}
	return t.checkListedByID(ctx)
}

// Delete sends the delete request. Seam refuses it for offline codes; this is no error, so that
// the mode requested can remove them from the state.
func (t *managedCode) Delete(ctx context.Context) (attemptID string, err error) {
	attemptID, err = t.delete(ctx, t.id, false)
	if e, refused := errors.AsType[*seam.Error](err); refused && t.IsOffline && e.Status == http.StatusBadRequest {
		return "", nil
	}
	return attemptID, err
}

// Dependents returns the backup code that replaces the code, if any. If this run has not seen the code,
// an event tells of it.
func (t *managedCode) Dependents(ctx context.Context) ([]Target, error) {
	if !t.seen && !t.EndsAt.IsZero() && t.Checkpoint.BackupCodeID == "" {
		_, events, err := t.ListCodeEvents(ctx, t.ID, t.CreatedAt)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if id := seam.SanitizeID(e.BackupCodeID); id != "" && !slices.Contains(t.Keep, id) {
				t.Checkpoint.BackupCodeID = id
			}
		}
	}
	var backups []Target
	for _, id := range t.codeIDs()[1:] {
		backups = append(backups, &managedCode{t.codes, id})
	}
	return backups, nil
}

func (t *managedCode) Check(ctx context.Context) (Evidence, error) {
	found, err := t.checkLocks(ctx, t.newLockCheck(len(t.pins) == 0))
	if err == nil {
		err = t.checkListedByID(ctx)
	}
	if residual, ok := errors.AsType[*ResidualError](err); ok {
		for _, id := range residual.stillListed {
			residual.Listed = append(residual.Listed, &managedCode{t.codes, id})
		}
		for _, entry := range residual.entries {
			if slices.Contains(t.codeIDs(), entry.ID) {
				residual.Became = append(residual.Became, &unmanagedCode{codes: t.codes, id: entry.ID})
			}
		}
	}
	return found, err
}

// checkListedByID fails if Seam lists a code by its ID that the list of the lock may lack: a backup
// code, which that list never has, and a code that this run has not seen, and with it where it is.
// That one may be on whatever lock, managed or not. That it is nowhere proves nothing.
func (t *managedCode) checkListedByID(ctx context.Context) error {
	ids, unseen := t.codeIDs(), !t.seen && !t.requested[t.ID]
	if !unseen {
		ids = ids[1:]
	}
	if len(ids) == 0 {
		return nil
	}
	_, listed, err := t.ListAccessCodes(ctx, map[string]any{"access_code_ids": ids})
	for _, code := range listed {
		if slices.Contains(ids, code.ID) && !code.IsUnmanaged() {
			t.recordDevice(code)
			return stillListedError([]string{code.ID}, code.DeviceID)
		}
	}
	if err != nil || !unseen {
		return err
	}
	unmanaged, err := t.HasUnmanagedAccessCode(ctx, t.ID)
	if unmanaged {
		err := seam.NewUnmanagedError(t.ID)
		return &ResidualError{AdviceError: seam.WrapAdvice(err, err.Error(), seam.Advice(err, "")), entries: []seam.AccessCode{{ID: t.ID}}}
	}
	return err
}

// FindEvent looks for removed_from_device if the code was ever on the lock, otherwise for deleted. An
// event from before the lock was last given the code is about an earlier removal, as by a change of the
// start.
func (t *managedCode) FindEvent(ctx context.Context) (proof *Proof, awaited string, err error) {
	a, events, err := t.ListCodeEvents(ctx, t.ID, t.CreatedAt)
	if err != nil {
		return nil, "", err
	}
	last := func(kinds ...string) (at time.Time, found bool) {
		for _, e := range events {
			if slices.Contains(kinds, strings.TrimPrefix(e.Type, "access_code.")) {
				found = true
				if e.OccurredAt.After(at) {
					at = e.OccurredAt.Time
				}
			}
		}
		return at, found
	}
	awaited = "deleted"
	set, wasSet := last("set_on_device", "scheduled_on_device")
	if t.Checkpoint.WasOnLock || wasSet {
		awaited = "removed_from_device"
	}
	found := proofOf("/events/list", a, "access_code."+awaited)
	if at, came := last(awaited); came && !at.Before(set) {
		proof = &found
	}
	return proof, found.Showed, nil
}

func (t *managedCode) Diagnose(ctx context.Context) []string { return t.diagnose(ctx, t.id, false) }
