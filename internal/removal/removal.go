// Package removal removes access and proves that it is gone.
package removal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

const (
	// maxFirstAge is the maximum age of the first read of a target.
	maxFirstAge = 10 * time.Second
	// maxResumeAge is the maximum age of an attempt that a later run still waits for.
	maxResumeAge = time.Hour
	// diagnosisTimeout limits the reads for the error of a failed removal.
	diagnosisTimeout = 10 * time.Second
)

var (
	// ErrRefused says that the removal failed and is not in progress.
	ErrRefused = errors.New("refused")
	// ErrUnconfirmed says that the access may still work, and that the removal may be in progress.
	ErrUnconfirmed = errors.New("unconfirmed")

	errDeadline = errors.New("the timeout has expired")
)

// state is shared by a removal and its targets.
type state struct {
	*seam.Client
	Options
	requested map[string]bool // IDs whose deletion was requested, or waited for, in this run
	replaced  bool            // the target had become another one, which was removed instead
}

func newState(client *seam.Client, o Options) *state {
	return &state{Client: client, Options: o, requested: map[string]bool{}}
}

// removal is a removal in progress. Its steps are, in this order: look, ask, await, prove, receipt.
type removal struct {
	*state
	target   Target
	deadline *seam.Deadline
	attempt  seam.ActionAttempt
	evidence Evidence
	inPlace  bool // part of another removal, whose checkpoint it does not change
}

func newRemoval(s *state, target Target) *removal {
	return &removal{state: s, target: target, deadline: seam.NewDeadline(s.Timeout, errDeadline)}
}

// run performs the removal. It returns nil only if the removal is proven as its mode requires.
func (r *removal) run(ctx context.Context) (err error) {
	if err := r.CheckReceiptsFile(); err != nil {
		return err
	}
	subject := r.target.Subject()
	if r.Mode == Abandoned {
		r.Warn(capitalize(subject.Kind)+" abandoned, not removed", fmt.Sprintf("%s was removed from the state only, because removal = \"abandoned\". Its %s may still open %s.", capitalize(subject.String()), subject.Access, subject.place()))
		r.writeReceipt(OutcomeAbandoned)
		return nil
	}
	end := r.target.Begin()
	defer func() { end(err) }()
	if err := r.within(ctx, func(ctx context.Context) error { return r.RequireWorkspace(ctx, r.WorkspaceID) }); err != nil {
		return err
	}
	if r.Mode == Requested {
		return r.requestOnly(ctx)
	}
	if r.target.Irrevocable() {
		return r.expire(ctx)
	}
	return r.removeAndProve(ctx)
}

// within calls do with a context that ends at the removal's deadline.
func (r *removal) within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := r.deadline.Context(ctx)
	defer cancel()
	return do(ctx)
}

// requestOnly sends the delete request and does not wait. This proves nothing.
func (r *removal) requestOnly(ctx context.Context) error {
	if _, err := r.ask(ctx, r.target, r.Now()); err != nil {
		return err
	}
	subject := r.target.Subject()
	r.Warn("Removal requested, not verified", fmt.Sprintf("Seam was asked to remove %v. The removal was not awaited, because removal = \"requested\". Its %s may still open %s.\n\nCheck later whether Seam still lists it, in the Seam console or with a data source.", subject, subject.Access, subject.place()))
	r.writeReceipt(OutcomeRequested)
	return nil
}

// expire ends the removal of an irrevocable target if the target has ended. Otherwise it fails.
func (r *removal) expire(ctx context.Context) error {
	err := r.within(ctx, func(ctx context.Context) error {
		if _, err := r.look(ctx, r.target, 0); err != nil { // the response has Seam's time, and the end that the lock has
			return r.unconfirmed(ctx, err)
		}
		return r.target.CheckEnded(ctx)
	})
	if err == nil {
		r.writeReceipt(OutcomeExpired)
	}
	return err
}

func (r *removal) removeAndProve(ctx context.Context) error {
	if err := r.remove(ctx, r.target); err != nil {
		return err
	}
	subject := r.target.Subject()
	r.reportProgress("Seam answers that there is no %v any more. Checking %s.", subject, subject.place())
	var dependents []Target
	if err := r.within(ctx, func(ctx context.Context) (err error) {
		dependents, err = r.target.Dependents(ctx)
		return err
	}); err != nil {
		return r.unconfirmed(ctx, err)
	}
	for _, dependent := range dependents {
		if err := r.remove(ctx, dependent); err != nil {
			return fmt.Errorf("removing its %v: %w", dependent.Subject(), err)
		}
	}
	if err := r.proveOrRepair(ctx); err != nil {
		return err
	}
	for _, caveat := range r.target.Caveats(ctx) {
		r.Warn(caveat.Summary, caveat.Detail)
	}
	r.writeReceipt(OutcomeVerified)
	return nil
}

// remove deletes a target and waits until Seam answers that it is gone.
func (r *removal) remove(ctx context.Context, target Target) error {
	var seen Lookup
	var pending DeleteRequest
	var resumed error
	err := r.within(ctx, func(ctx context.Context) (err error) {
		if seen, err = r.look(ctx, target, maxFirstAge); err == nil && !seen.Gone && seen.Became == nil && seen.Undeletable == nil {
			pending, resumed = r.resume(ctx, target)
		}
		return err
	})
	switch {
	case err != nil || seen.Gone:
		return err
	case seen.Became != nil:
		return r.removeInPlace(ctx, target.Subject().ID, seen.Became)
	case seen.Undeletable != nil:
		return seen.Undeletable
	case resumed != nil:
		return r.unconfirmed(ctx, resumed)
	case pending.AttemptID == "":
		return r.askAndAwait(ctx, target, seen.At)
	}
	r.requested[target.Subject().ID] = true
	return r.await(ctx, target, pending)
}

func (r *removal) askAndAwait(ctx context.Context, target Target, lookedAt time.Time) error {
	request, err := r.ask(ctx, target, lookedAt)
	if err != nil {
		return err
	}
	return r.await(ctx, target, request)
}

// look reads a target. If it is gone, the response becomes part of the proof.
func (r *removal) look(ctx context.Context, target Target, maxAge time.Duration) (Lookup, error) {
	seen, err := target.Look(ctx, maxAge)
	if err == nil && seen.Proof != nil {
		r.evidence.Proofs = append(r.evidence.Proofs, *seen.Proof)
	}
	return seen, err
}

// resume returns the request of an earlier run if its attempt is still pending.
func (r *removal) resume(ctx context.Context, target Target) (DeleteRequest, error) {
	request := r.Checkpoint.DeleteRequests[target.Subject().ID]
	if r.inPlace || request.AttemptID == "" || r.Now().Sub(request.At) > maxResumeAge {
		return DeleteRequest{}, nil
	}
	a, err := r.FetchActionAttempt(ctx, request.AttemptID)
	if err != nil || a.Status != seam.AttemptPending {
		return DeleteRequest{}, err
	}
	return request, nil
}

// ask sends the delete request. It records the time of the preceding read, not of the request, so
// that every entry that appears because of the request is newer.
func (r *removal) ask(ctx context.Context, target Target, lookedAt time.Time) (DeleteRequest, error) {
	var release func()
	err := r.within(ctx, func(ctx context.Context) (err error) {
		release, err = target.AcquireWrite(ctx)
		return err
	})
	if err != nil {
		return DeleteRequest{}, fmt.Errorf("waiting to send the delete: %w", err)
	}
	defer release()
	id := target.Subject().ID
	if r.Now().Sub(lookedAt) > maxFirstAge { // it waited, and the target may have changed meanwhile
		_ = r.within(ctx, func(ctx context.Context) error {
			seen, err := r.look(ctx, target, 0)
			if err == nil {
				lookedAt = seen.At
			}
			return err
		})
	}
	r.requested[id] = true
	if err := r.within(ctx, func(ctx context.Context) error { return r.begin(ctx, lookedAt) }); err != nil {
		return DeleteRequest{}, err
	}
	request := DeleteRequest{At: lookedAt}
	r.note(id, request)
	err = r.within(ctx, func(ctx context.Context) (err error) {
		request.AttemptID, err = target.Delete(ctx)
		return err
	})
	if err != nil {
		return request, r.acceptIfRemoving(ctx, target, err)
	}
	r.reportProgress("Requested the removal of %v from %s.", target.Subject(), target.Subject().place())
	if request.AttemptID != "" {
		r.note(id, request)
	}
	return request, nil
}

// begin records the first request and the baseline before it. If the context ends here, the
// request was not sent and is not recorded.
func (r *removal) begin(ctx context.Context, at time.Time) error {
	if !r.Checkpoint.RequestedAt.IsZero() {
		return nil
	}
	before := r.target.Before(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("before the delete request: %w", context.Cause(ctx))
	}
	r.Checkpoint.start(at, before)
	r.Save(r.Checkpoint)
	return nil
}

func (r *removal) note(id string, request DeleteRequest) {
	if !r.inPlace {
		r.Checkpoint.setRequest(id, request)
		r.Save(r.Checkpoint)
	}
}

// acceptIfRemoving ignores a refused request if the target is already gone or being removed, for
// example by a run that was killed.
func (r *removal) acceptIfRemoving(ctx context.Context, target Target, refused error) error {
	if e, ok := errors.AsType[*seam.Error](refused); ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict) {
		var seen Lookup
		err := r.within(ctx, func(ctx context.Context) (err error) {
			seen, err = r.look(ctx, target, 0)
			return err
		})
		if err == nil && (seen.Gone || seen.Removing) {
			return nil
		}
	}
	return r.describeFailure(ctx, ErrRefused, "The removal could not be requested", refused)
}

// await waits for the attempt and then for the target to be gone. A successful attempt proves
// nothing, and a vanished or missing one does not matter.
func (r *removal) await(ctx context.Context, target Target, request DeleteRequest) error {
	if request.AttemptID != "" {
		err := r.within(ctx, func(ctx context.Context) (err error) {
			r.attempt, err = r.AwaitActionAttempt(ctx, seam.ActionAttempt{ID: request.AttemptID, Status: seam.AttemptPending})
			return err
		})
		if err != nil || r.attempt.Status == seam.AttemptError {
			return r.failUnlessGone(ctx, target, err)
		}
	}
	var seen Lookup
	err := r.within(ctx, func(ctx context.Context) error {
		ended := func(ctx context.Context) (done bool, err error) {
			seen, err = r.look(ctx, target, 0)
			return err == nil && (seen.Gone || seen.Became != nil || seen.Undeletable != nil), err
		}
		done, err := ended(ctx)
		if done || err != nil && !seam.IsRetryable(err) && ctx.Err() == nil {
			return err
		}
		return seam.Poll(ctx, ended)
	})
	switch {
	case err != nil:
		return r.unconfirmed(ctx, err)
	case seen.Became != nil:
		return r.removeInPlace(ctx, target.Subject().ID, seen.Became)
	case seen.Undeletable != nil:
		return r.describeFailure(ctx, ErrRefused, "The removal failed", seen.Undeletable)
	}
	return nil
}

// failUnlessGone reads a target once more after its attempt failed or timed out.
func (r *removal) failUnlessGone(ctx context.Context, target Target, waited error) error {
	late, cancel := context.WithTimeout(ctx, diagnosisTimeout)
	defer cancel()
	seen, err := r.look(late, target, 0)
	switch {
	case err == nil && seen.Gone:
		r.deadline = seam.NewDeadline(diagnosisTimeout, errDeadline) // time for the proof
		return nil
	case waited != nil:
		return r.unconfirmed(ctx, waited)
	case err == nil && seen.Became != nil:
		return r.removeInPlace(ctx, target.Subject().ID, seen.Became)
	}
	return r.describeFailure(ctx, ErrRefused, fmt.Sprintf("Seam tried to remove the %s and failed", target.Subject().Access), errors.New(r.attempt.Failure()))
}

// removeInPlace removes the target that a target was converted to.
func (r *removal) removeInPlace(ctx context.Context, id string, became Target) error {
	if err := r.within(ctx, func(ctx context.Context) error { return r.begin(ctx, r.Now()) }); err != nil {
		return r.unconfirmed(ctx, err)
	}
	r.requested[id], r.replaced = true, true
	return r.removeOther(ctx, became)
}

// removeOther removes another target as part of this removal, within the same deadline.
func (r *removal) removeOther(ctx context.Context, other Target) error {
	sub := newRemoval(r.state, other)
	sub.deadline, sub.inPlace = r.deadline, true
	err := sub.remove(ctx, other)
	r.deadline = sub.deadline
	r.evidence.Proofs = append(r.evidence.Proofs, sub.evidence.Proofs...)
	return err
}

// writeReceipt writes the receipt. If that fails, it warns; the removal still counts.
func (r *removal) writeReceipt(outcome string) {
	subject := r.target.Subject()
	if err := r.AppendReceipt(r.receipt(outcome)); err != nil {
		r.Warn("Receipt not written", fmt.Sprintf("The removal of %v ended as %q, but its receipt could not be written: %v\n\nKeep the output of this run as evidence. Make the file in removal_receipts writable for later runs.", subject, outcome, err))
	}
}
