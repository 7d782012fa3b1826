package removal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// GoneError says that a code no longer exists: it was removed, or has expired.
type GoneError struct {
	What      string
	Requested bool // an earlier run had requested its removal
	Expired   bool // its window has ended; it is not proven that the PIN is off the lock
}

func (e *GoneError) Error() string { return e.What }

// verify runs the checks of a removal without requesting one and without waiting. It returns a
// *GoneError if they pass. If they fail, the error matches [ErrUnconfirmed].
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
		answers := fmt.Sprintf("Seam answers that there is no such %s, and %s.", subject.Kind, subject.absence())
		gone.What = fmt.Sprintf("%s was removed by somebody else: %s", capitalize(subject.String()), answers)
		if gone.Requested {
			gone.What = fmt.Sprintf("The removal of %v, which an earlier run had requested, is complete: %s", subject, answers)
		}
		return r, gone
	case ctx.Err() != nil || errors.Is(err, seam.ErrNotObservable):
		return r, err
	}
	return r, seam.WrapAdvice(errors.Join(ErrUnconfirmed, err),
		fmt.Sprintf("Seam answers that %v no longer exists, but it is not proven that its %s is off %s: %s", subject, subject.Access, subject.place(), err),
		seam.Advice(err, ""))
}

func (r *removal) verifyDependents(ctx context.Context) error {
	dependents, err := r.target.Dependents(ctx)
	if err != nil {
		return err
	}
	for _, dependent := range dependents {
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

// verifyOnce runs the check. The event of an unfinished removal must exist already.
func (r *removal) verifyOnce(ctx context.Context) error {
	err := r.check(ctx)
	if err != nil || r.Mode != VerifiedByEvent || !r.Checkpoint.Unfinished() {
		return err
	}
	seen, _, err := r.findEvent(ctx)
	if err == nil && !seen {
		err = seam.NewAdvice("Seam's event for the removal has not arrived yet.", "Run destroy again to wait for it.")
	}
	return err
}

// ReadAccessCode reads a code. Its errors are:
//   - *GoneError if the code is proven to be gone, by Seam's typed 404 and the lock check of a
//     removal;
//   - an error that matches [ErrUnconfirmed] if the code is gone but that check fails;
//   - *seam.UnmanagedError if the code is on the lock and no longer managed;
//   - an error that matches [seam.ErrNotObservable] if the state of the code cannot be read.
func ReadAccessCode(ctx context.Context, client *seam.Client, code AccessCode, o Options) (seam.AccessCode, error) {
	target := newManagedCode(newState(client, o), code)
	found, err := target.read(ctx, seam.LookupOptions{})
	if err != nil || found.ID != "" {
		return found, err
	}
	if target.Irrevocable() && !code.IsOneTimeUse { // a one-time code is gone once it was used
		if err := target.CheckEnded(ctx); err != nil {
			return found, seam.WrapAdvice(errors.Join(ErrUnconfirmed, err), fmt.Sprintf("Seam answers that there is no %v. %v", target.Subject(), err), seam.Advice(err, ""))
		}
	}
	err = verdict(ctx, target.state, target, target.EndsAt)
	if residual, ok := errors.AsType[*ResidualError](err); ok && slices.ContainsFunc(residual.Became, func(t Target) bool { return t.Subject().ID == code.ID }) {
		err = seam.NewUnmanagedError(code.ID)
	}
	if gone, ok := errors.AsType[*GoneError](err); ok && !gone.Expired {
		gone.What += target.sharedPIN(ctx)
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
	return seam.AccessCode{}, verdict(ctx, target.state, target, target.EndsAt)
}

// read reads the code. It returns a zero code if Seam answers that the code is gone.
func (c *codes) read(ctx context.Context, o seam.LookupOptions) (seam.AccessCode, error) {
	if err := c.RequireWorkspace(ctx, c.WorkspaceID); err != nil {
		return seam.AccessCode{}, err
	}
	o.DeviceID, o.MaxAge = c.DeviceID, seam.MaxSnapshotAge
	if c.NeverSeen {
		o = seam.LookupOptions{CreatedAt: cmp.Or(c.CreatedAt, c.Now())}
	}
	seen, err := c.LookUpAccessCode(ctx, c.ID, o)
	if c.DeviceID == "" && (seen.Gone || seam.IsUnmanagedError(err)) {
		return seam.AccessCode{}, c.AccessCodeNotFound(ctx, c.ID)
	}
	return seen.Code, err
}

// ReadAccessGrant is [ReadAccessCode] for a grant.
func ReadAccessGrant(ctx context.Context, client *seam.Client, grant AccessGrant, o Options) (seam.AccessGrant, error) {
	target := newAccessGrant(newState(client, o), grant)
	return readOrVerdict(ctx, target.state, target, seam.AccessGrants, grant.EndsAt)
}

// readOrVerdict reads an object. If Seam answers that there is none, it checks that the removal is
// proven. An import, which knows no workspace, has nothing to prove.
func readOrVerdict[T seam.Object, In any](ctx context.Context, s *state, target Target, e seam.Endpoint[T, In], endsAt time.Time) (T, error) {
	subject := target.Subject()
	if err := s.RequireWorkspace(ctx, s.WorkspaceID); err != nil {
		return *new(T), err
	}
	found, err := e.Refresh(ctx, s.Client, seam.Ref{ID: subject.ID, WorkspaceID: s.WorkspaceID})
	if !isNotFound(err) {
		return found, err
	}
	if s.WorkspaceID == "" {
		return *new(T), seam.NewAdvice(fmt.Sprintf("There is no %v in this workspace.", subject), "Check the id; the Seam console shows it.")
	}
	return *new(T), verdict(ctx, s, target, endsAt)
}

// verdict returns the error of a read for a target that is gone according to Seam. If that proves
// a removal of an earlier run, it writes the receipt.
func verdict(ctx context.Context, s *state, target Target, endsAt time.Time) error {
	subject := target.Subject()
	expired, err := s.hasEnded(ctx, subject, endsAt)
	if err != nil {
		return err
	}
	if expired && !s.Checkpoint.Unfinished() {
		return &GoneError{What: fmt.Sprintf("%s has expired and is no longer on Seam.", capitalize(subject.String())), Expired: true}
	}
	r, err := verify(ctx, s, target)
	if gone, ok := errors.AsType[*GoneError](err); ok {
		gone.Expired = expired
		if gone.Requested {
			r.writeReceipt(OutcomeVerified)
		}
	}
	return err
}

// hasEnded reports whether a time window has ended by Seam's clock. It fails if the window has
// ended by the local clock and Seam's time is not known. A zero time never ends.
func (s *state) hasEnded(ctx context.Context, subject Subject, endsAt time.Time) (bool, error) {
	if endsAt.IsZero() || s.IsPast(ctx, endsAt) {
		return !endsAt.IsZero(), nil
	}
	if !s.ClockKnown() && endsAt.Before(time.Now()) {
		return false, seam.WrapAdvice(ErrUnconfirmed, fmt.Sprintf("Seam answers that %v no longer exists. Whether its time window has ended is not known, because no response from Seam had a Date header.", subject),
			"Check endpoint (SEAM_ENDPOINT) and any proxy in between: something removes the Date header. The state keeps it.")
	}
	return false, nil
}
