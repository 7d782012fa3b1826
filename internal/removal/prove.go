package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// maxListLag is how long a list may still contain a code that is gone.
const maxListLag = 20 * time.Second

// proveOrRepair proves the removal. If a list contains a target whose deletion was not requested,
// because a get said that it was gone, it requests it now. If the PIN comes back as an unmanaged
// code, it removes that code, once.
func (r *removal) proveOrRepair(ctx context.Context) error {
	err := r.proveInTime(ctx)
	for listed := r.listed(err); listed != nil; listed = r.listed(err) {
		r.Checkpoint.LeftBeforeRequest = true
		if err := listed(ctx); err != nil {
			return err
		}
		err = r.proveInTime(ctx)
	}
	if residual, ok := errors.AsType[*ResidualError](err); ok && len(residual.Returned) > 0 && !r.replaced {
		if err = r.removeReturned(ctx, residual.Returned); err == nil {
			err = r.proveInTime(ctx)
		}
	}
	if err != nil {
		return r.unconfirmed(ctx, err)
	}
	return nil
}

// listed returns a function that removes a listed target whose deletion was not requested, or
// nil if there is none.
func (r *removal) listed(err error) func(context.Context) error {
	residual, ok := errors.AsType[*ResidualError](err)
	if !ok {
		return nil
	}
	for _, became := range residual.Became {
		if id := became.Subject().ID; !r.requested[id] {
			return func(ctx context.Context) error { return r.removeInPlace(ctx, id, became) }
		}
	}
	for _, target := range residual.Listed {
		if !r.requested[target.Subject().ID] {
			return func(ctx context.Context) error { return r.askAndAwait(ctx, target, r.Now()) }
		}
	}
	return nil
}

// removeReturned removes entries that came back.
func (r *removal) removeReturned(ctx context.Context, entries []Target) error {
	subject := r.target.Subject()
	for _, entry := range entries {
		back := entry.Subject()
		r.reportProgress("The %s came back on %s as %v. Removing that one too.", subject.Access, subject.place(), back)
		if err := r.removeOther(ctx, entry); err != nil {
			return seam.WrapAdvice(err, fmt.Sprintf("%s lists the removed %s again, as %v, and removing that one failed: %v", capitalize(subject.place()), subject.Access, back, err), "Remove it in the Seam console or in the manufacturer's app. Then run destroy again to verify that it is gone.")
		}
		r.Warn(subject.Access+" came back and was removed", fmt.Sprintf("After %v was removed, its %s appeared on %s again as %v. That one was removed too.", subject, subject.Access, subject.place(), back))
	}
	return nil
}

// proveInTime calls prove within the removal's deadline. If a list still contains a target whose
// deletion was requested, it retries for [maxListLag].
func (r *removal) proveInTime(ctx context.Context) error {
	return r.within(ctx, func(ctx context.Context) error {
		err := r.prove(ctx)
		if !r.lags(err) {
			return err
		}
		waiting, stop := context.WithTimeout(ctx, maxListLag)
		defer stop()
		_ = seam.Poll(waiting, func(ctx context.Context) (bool, error) {
			again := r.prove(ctx)
			if ctx.Err() == nil {
				err = again
			}
			return !r.lags(err), nil
		})
		return err
	})
}

// lags reports whether a check failed because a list contains a target whose deletion was
// requested.
func (r *removal) lags(err error) bool {
	residual, ok := errors.AsType[*ResidualError](err)
	return ok && slices.ContainsFunc(residual.Listed, func(t Target) bool { return r.requested[t.Subject().ID] })
}

// prove runs the check and, if the mode requires it, waits for the event. Seam must have answered
// before that the target is gone.
func (r *removal) prove(ctx context.Context) error {
	err := r.check(ctx)
	if err == nil && r.Mode == VerifiedByEvent {
		err = r.awaitEvent(ctx)
	}
	return err
}

// check runs the target's check and records its evidence.
func (r *removal) check(ctx context.Context) error {
	found, err := r.target.Check(ctx)
	found.Proofs, found.Compared = append(r.evidence.Proofs, found.Proofs...), err == nil && found.Compared
	r.evidence = found
	r.Checkpoint.addResidual(err)
	r.Save(r.Checkpoint)
	return err
}
