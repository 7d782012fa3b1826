package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// GoneError says that something is no longer there, by somebody else's doing or by its own
// end.
type GoneError struct {
	What      string
	Requested bool // an earlier run had asked for its removal
	Expired   bool // it ended; that nothing is left is not promised
}

func (e *GoneError) Error() string { return e.What }

// verify makes the checks of a removal that was not asked for here, without waiting. It
// returns a *GoneError if they pass; with [ErrUnconfirmed] if they do not.
func verify(ctx context.Context, s *state, target Target) (*removal, error) {
	r := newRemoval(s, target)
	err := r.verifyDependents(ctx)
	if err == nil {
		err = r.verifyOnce(ctx)
	}
	subject := target.Subject()
	switch {
	case err == nil:
		gone := &GoneError{Requested: !r.Checkpoint.RequestedAt.IsZero()}
		answers := fmt.Sprintf("Seam answers that there is no such %s, and %s no longer lists its %s.", subject.Kind, subject.place(), subject.Access)
		gone.What = fmt.Sprintf("%s was removed by somebody else: %s", capitalize(subject.String()), answers)
		if gone.Requested {
			gone.What = fmt.Sprintf("The removal of %v, which an earlier run had asked for, is complete: %s", subject, answers)
		}
		return r, gone
	case ctx.Err() != nil || errors.Is(err, seam.ErrNotObservable):
		return r, err
	}
	return r, seam.WrapAdvice(errors.Join(ErrUnconfirmed, err),
		fmt.Sprintf("Seam answers that there is no %v any more, but that its %s is off %s is not proven: %s", subject, subject.Access, subject.place(), err),
		seam.Advice(err, ""))
}

func (r *removal) verifyDependents(ctx context.Context) error {
	for _, dependent := range r.target.Dependents() {
		seen, err := r.look(ctx, dependent, 0)
		if err != nil {
			return err
		}
		if !seen.Gone {
			return seam.NewAdvice(fmt.Sprintf("Its %v is still there.", dependent.Subject()), "Run destroy: it removes that one as well.")
		}
	}
	return nil
}

// verifyOnce proves without waiting for an event: one that belongs to an unfinished removal
// has to be there already.
func (r *removal) verifyOnce(ctx context.Context) error {
	err := r.check(ctx)
	if err != nil || r.Mode != VerifiedByEvent || !r.Checkpoint.Unfinished() {
		return err
	}
	seen, _, err := r.findEvent(ctx)
	if err == nil && !seen {
		err = seam.NewAdvice("Seam's event that says so has not come yet.", "Run destroy again to wait for it.")
	}
	return err
}

// ReadAccessCode asks for a code. It fails with *GoneError only on proof: by the answer that
// a removal would accept and the same check of the lock; with [ErrUnconfirmed] if the code
// is gone but that check does not pass; with *seam.UnmanagedError if it is on the lock and no
// longer managed; with [seam.ErrNotObservable] if nothing can be said.
func ReadAccessCode(ctx context.Context, client *seam.Client, code AccessCode, o Options) (seam.AccessCode, error) {
	target := newManagedCode(newState(client, o), code)
	found, err := target.read(ctx, seam.LookupOptions{})
	if err != nil || found.ID != "" {
		return found, err
	}
	err = verdict(ctx, target.codes, target)
	if residual, ok := errors.AsType[*ResidualError](err); ok && slices.ContainsFunc(residual.Became, func(t Target) bool { return t.Subject().ID == code.ID }) {
		err = seam.NewUnmanagedError(code.ID)
	}
	return seam.AccessCode{}, err
}

// ReadUnmanagedAccessCode is [ReadAccessCode] for an unmanaged code.
func ReadUnmanagedAccessCode(ctx context.Context, client *seam.Client, code AccessCode, o Options) (seam.AccessCode, error) {
	target := newUnmanagedCode(newState(client, o), code)
	found, err := target.read(ctx, seam.LookupOptions{Unmanaged: true})
	if err != nil || found.ID != "" {
		return found, err
	}
	return seam.AccessCode{}, verdict(ctx, target.codes, target)
}

// read looks for the code; it returns none if Seam answers that it is gone.
func (c *codes) read(ctx context.Context, o seam.LookupOptions) (seam.AccessCode, error) {
	if err := c.RequireWorkspace(ctx, c.WorkspaceID); err != nil {
		return seam.AccessCode{}, err
	}
	o.DeviceID, o.MaxAge = c.DeviceID, seam.MaxSnapshotAge
	if c.NeverSeen {
		o = seam.LookupOptions{CreatedAt: c.CreatedAt}
	}
	seen, err := c.LookUpAccessCode(ctx, c.ID, o)
	if c.DeviceID == "" && (seen.Gone || seam.IsUnmanagedError(err)) {
		return seam.AccessCode{}, c.AccessCodeNotFound(ctx, c.ID)
	}
	return seen.Code, err
}

// verdict is what a read says of a code that Seam answers is gone. A removal that was asked
// for has ended with it, and gets its receipt.
func verdict(ctx context.Context, c *codes, target Target) error {
	expired, err := c.hasExpired(ctx)
	if err != nil {
		return err
	}
	if expired && !c.Checkpoint.Unfinished() {
		return &GoneError{What: fmt.Sprintf("Access code %s has expired and is no longer on Seam.", c.ID), Expired: true}
	}
	r, err := verify(ctx, c.state, target)
	if gone, ok := errors.AsType[*GoneError](err); ok {
		gone.Expired = expired
		if gone.Requested {
			r.writeReceipt(OutcomeVerified)
		}
	}
	return err
}

// hasExpired reports whether the code's stay is over. It fails if it seems so by our own
// clock, and Seam does not tell the time.
func (c *codes) hasExpired(ctx context.Context) (bool, error) {
	if c.EndsAt.IsZero() || c.IsPast(ctx, c.EndsAt) {
		return !c.EndsAt.IsZero(), nil
	}
	if !c.ClockKnown() && c.EndsAt.Before(time.Now()) {
		return false, seam.WrapAdvice(ErrUnconfirmed, fmt.Sprintf("Seam answers that there is no access code %s any more. Whether its stay is over is not known, because no answer of Seam had a Date header.", c.ID),
			"Check endpoint (SEAM_ENDPOINT) and any proxy in between: something removes the Date header. The state keeps the code.")
	}
	return false, nil
}
