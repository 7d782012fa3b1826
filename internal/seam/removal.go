package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Mode is how far a removal goes before it counts as done.
type Mode string

// Modes of a removal. Only the first two prove anything.
const (
	Verified        Mode = "verified"          // until the lock no longer lists the PIN
	VerifiedByEvent Mode = "verified_by_event" // that, and Seam's event says so
	Requested       Mode = "requested"         // asked for, not waited for
	Abandoned       Mode = "abandoned"         // not even asked for
)

// Modes are all of them.
var Modes = []Mode{Verified, VerifiedByEvent, Requested, Abandoned}

// maxResumeAge is how old an attempt may be to be waited for in a later run.
const maxResumeAge = time.Hour

var (
	// ErrRefused says that the removal failed and is not under way.
	ErrRefused = errors.New("refused")
	// ErrUnconfirmed says that the PIN may still open the door, whatever was asked.
	ErrUnconfirmed = errors.New("unconfirmed")

	errDeadline = errors.New("the time for it is over")
)

// Removal is what is to be removed, and what is known of it beforehand.
type Removal struct {
	AccessCodeID     string
	DeviceID         string
	Name             string // the last one known
	WorkspaceID      string
	Mode             Mode
	PIN              string // the last one known; empty if none is
	CreatedAt        time.Time
	NeverSeen        bool      // Seam has not found it since it was created
	EndsAt           time.Time // zero for an ongoing code
	IsOffline        bool
	Unmanaged        bool                 // a code that Seam sees and does not manage
	Stateless        bool                 // no state keeps it: what fails is to be asked for again by whoever asked
	Timeout          time.Duration        // counted from when Seam may be asked
	Checkpoint       Checkpoint           // what an earlier run left unfinished
	UpdateCheckpoint Checkpoint           // what an earlier change of the PIN left unproven
	Prior            PriorAccess          // what may still open the door besides the code as it is
	SaveCheckpoint   func(Checkpoint)     // stores Checkpoint; called before every wait
	Progress         func(message string) // may be nil
	Warn             func(summary, detail string)
}

// removal is a Removal under way. Read it from top to bottom: look up, request, await, verify,
// receipt.
type removal struct {
	Removal
	*Client
	pins             []string
	requested        map[string]bool // codes whose removal was asked for, or waited for, in this run
	deletedUnmanaged bool            // a code that is not managed any more was removed as such
	attempt          ActionAttempt
	evidence         evidence
	pinRelease       *PINRelease
	deadline         time.Time // the deadline; set anew when Seam may be asked
}

func (c *Client) newRemoval(task Removal) *removal {
	r := &removal{Removal: task, Client: c, deadline: time.Now().Add(task.Timeout), requested: map[string]bool{}}
	for _, pin := range slices.Concat([]string{task.PIN}, task.Prior.PINs) {
		r.addPIN(pin)
	}
	return r
}

// RemoveAccessCode returns without an error only when the removal is proven, as far as
// its mode promises. Until then Checkpoint is stored, so that a later run can go on.
func (c *Client) RemoveAccessCode(ctx context.Context, task Removal) (err error) {
	defer func() { err = task.withResourceAddress(err) }()
	r := c.newRemoval(task)
	if err := r.checkReceipts(); err != nil {
		return err
	}
	if r.Mode == Abandoned {
		r.Warn("Access code abandoned, not removed", fmt.Sprintf("Access code %s was only taken out of the state, because removal = \"abandoned\". Its PIN may still open lock %s.", r.AccessCodeID, r.DeviceID))
		return r.writeReceipt(OutcomeAbandoned)
	}
	r.pinRelease = c.pinReleases.add(PINRelease{deviceID: r.DeviceID, codeID: r.AccessCodeID, pins: r.pins})
	defer func() { r.pinRelease.Finish(err) }()
	if err := r.checkRemovalWorkspace(ctx); err != nil {
		return err
	}
	switch {
	case r.Mode == Requested:
		return r.requestOnly(ctx)
	case r.IsOffline:
		return r.expireOffline(ctx)
	}
	return r.removeAndVerify(ctx)
}

// withDeadline ends with the removal's deadline. Reports are made in the time after it.
func (r *removal) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, r.deadline, errDeadline)
}

func (r *removal) checkRemovalWorkspace(ctx context.Context) error {
	ctx, cancel := r.withDeadline(ctx)
	defer cancel()
	return r.CheckCodeWorkspace(ctx, r.WorkspaceID)
}

func (r *removal) removeAndVerify(ctx context.Context) error {
	if err := r.deleteAndWait(ctx, r.AccessCodeID); err != nil {
		return err
	}
	r.reportProgress("Seam answers that there is no access code %s any more. Checking the lock.", r.AccessCodeID)
	for _, backup := range r.codeIDs()[1:] {
		if err := r.deleteAndWait(ctx, backup); err != nil {
			return fmt.Errorf("removing its backup access code %s: %w", backup, err)
		}
	}
	if err := r.verifyOrRepair(ctx); err != nil {
		return err
	}
	r.warnSharedPIN(ctx)
	if len(r.pins) == 0 {
		r.Warn("Removal verified without comparing PINs", r.noPINDetail())
	}
	return r.writeReceipt(OutcomeVerified)
}

// verifyOrRepair proves the removal. It asks for it now if nobody has because Seam said that
// the code is gone, which the lock's lists contradict; and it takes off what came back.
func (r *removal) verifyOrRepair(ctx context.Context) error {
	err := r.verifyWithRetry(ctx)
	for _, id := range r.codeIDs() {
		if err == nil || r.requested[id] || !concernsCode(err, id) {
			continue
		}
		if err := r.deleteListed(ctx, id, err); err != nil {
			return err
		}
		err = r.verifyWithRetry(ctx)
	}
	if back := r.returnedIDs(err); len(back) > 0 {
		if err = r.deleteReturned(ctx, back); err == nil {
			err = r.verifyWithRetry(ctx)
		}
	}
	if err != nil {
		return r.unconfirmedError(ctx, err)
	}
	return nil
}

// deleteAndWait brings a code to the point where Seam answers that it is gone.
func (r *removal) deleteAndWait(ctx context.Context, id string) error {
	looking, cancel := r.withDeadline(ctx)
	defer cancel()
	seen, err := r.getFirst(looking, id)
	r.recordLookup(id, seen, err)
	switch {
	case IsUnmanagedError(err):
		return r.deleteNowUnmanaged(ctx, id, err)
	case err != nil || seen.Gone:
		return err
	case seen.Code.CannotDelete:
		return WrapAdvice(ErrRefused, fmt.Sprintf("Seam cannot delete unmanaged access code %s from lock %s: its PIN opens the door.", id, r.DeviceID), "Remove it in the manufacturer's app, then run again: that it is gone is checked then.")
	}
	request, err := r.resumeRequest(looking, id)
	switch {
	case err != nil:
		return r.unconfirmedError(ctx, err)
	case request.AttemptID == "":
		return r.requestAndAwait(ctx, id, seen.ResponseMeta)
	}
	r.requested[id] = true
	return r.awaitGone(ctx, id, request)
}

// deleteListed asks for the removal of a code that a lock lists although Seam answers that
// it is gone.
func (r *removal) deleteListed(ctx context.Context, id string, listed error) error {
	r.Checkpoint.LeftBeforeRequest = true
	if !r.Unmanaged && (isUnmanagedResidual(listed, id) || IsUnmanagedError(listed)) {
		return r.deleteNowUnmanaged(ctx, id, listed)
	}
	return r.requestAndAwait(ctx, id, ResponseMeta{At: r.Now()})
}

func (r *removal) requestAndAwait(ctx context.Context, id string, looked ResponseMeta) error {
	request, err := r.requestDelete(ctx, id, looked)
	if err != nil {
		return err
	}
	return r.awaitGone(ctx, id, request)
}

// getFirst may come from a list that is some seconds old, except for a code with a stay:
// a backup code that was pulled for it since would be missed.
func (r *removal) getFirst(ctx context.Context, id string) (Lookup, error) {
	if !r.EndsAt.IsZero() && !r.NeverSeen {
		return r.getTarget(ctx, r.Removal, id)
	}
	return r.getTargetCached(ctx, r.Removal, id, MaxLookupAge)
}

func (r *removal) getAndRecord(ctx context.Context, id string) (Lookup, error) {
	seen, err := r.getTarget(ctx, r.Removal, id)
	r.recordLookup(id, seen, err)
	return seen, err
}

// reportProgress reports progress if somebody listens.
func (r *removal) reportProgress(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, args...))
	}
}

// AddPIN keeps a PIN to look for. What a lock shows in place of an unmanaged one, such as
// stars, is none: others look the same.
func (r *removal) addPIN(pin string) {
	if pin != "" && (!r.Unmanaged || NumericPIN.MatchString(pin)) && !slices.Contains(r.pins, pin) {
		r.pins = append(r.pins, pin)
		r.redactor.add(pin)
		r.pinRelease.AddPIN(pin)
	}
}

// recordLookup keeps what a look at the code shows: its PIN, in memory only, and whether a
// backup code stands in for it; or that it is gone.
func (r *removal) recordLookup(id string, seen Lookup, err error) {
	if err != nil {
		return
	}
	if seen.Gone {
		r.evidence.add("/access_codes/get "+id, seen.ResponseMeta, "no such access code")
		return
	}
	r.addPIN(seen.Code.Code)
	r.Checkpoint.LeftBeforeRequest = r.Checkpoint.LeftBeforeRequest || r.changedBeforeRequest(id, seen.Code)
	r.recordDevice(seen.Code)
	if _, asked := r.Checkpoint.DeleteRequests[id]; !asked { // afterwards any code is removing
		r.Checkpoint.WasOnLock = r.Checkpoint.WasOnLock || seen.Code.OnLock()
	}
	if id == r.AccessCodeID && seen.Code.PulledBackupAccessCodeID != "" {
		r.Checkpoint.BackupCodeID = seen.Code.PulledBackupAccessCodeID
	}
}

// resumeRequest finds the attempt of an earlier run, if it is still at work.
func (r *removal) resumeRequest(ctx context.Context, id string) (DeleteRequest, error) {
	request := r.Checkpoint.DeleteRequests[id]
	if request.AttemptID == "" || r.Now().Sub(request.At) > maxResumeAge {
		return DeleteRequest{}, nil
	}
	a, err := r.FetchActionAttempt(ctx, request.AttemptID)
	if err != nil || a.Status != AttemptPending {
		return DeleteRequest{}, err
	}
	return request, nil
}

// requestDelete makes Seam start the removal. The time of the look is noted, not that of the request:
// whatever appears on the lock because of it is younger.
func (r *removal) requestDelete(ctx context.Context, id string, looked ResponseMeta) (DeleteRequest, error) {
	release, err := r.AcquireWrite(ctx, r.DeviceID, WriteDelete)
	if err != nil {
		return DeleteRequest{}, fmt.Errorf("waiting for the turn to ask: %w", err)
	}
	defer release()
	r.requested[id] = true
	r.deadline = time.Now().Add(r.Timeout)
	asking, cancel := r.withDeadline(ctx)
	defer cancel()
	request := DeleteRequest{At: looked.At}
	if err := r.startCheckpoint(asking, request.At); err != nil {
		return DeleteRequest{}, err
	}
	r.recordRequest(id, request)
	var out struct {
		ActionAttempt *ActionAttempt `json:"action_attempt"`
	}
	err = r.postRateLimited(asking, r.deletePath(), map[string]string{"access_code_id": id}, &out)
	err = CheckMentionedID(id, err)
	if err != nil {
		return request, r.acceptIfRemoving(ctx, id, err)
	}
	r.reportProgress("Seam is asked to remove access code %s from lock %s.", id, r.DeviceID)
	if out.ActionAttempt != nil {
		request.AttemptID = r.redactor.sanitizeID(out.ActionAttempt.ID)
		r.recordRequest(id, request)
	}
	return request, nil
}

func (r *removal) recordRequest(id string, request DeleteRequest) {
	r.Checkpoint.setRequest(id, request)
	r.SaveCheckpoint(r.Checkpoint)
}

// acceptIfRemoving forgives a refused request if the code is gone or going all the same, as
// after a run that was killed.
func (r *removal) acceptIfRemoving(ctx context.Context, id string, refused error) error {
	if isType(refused, "access_code_not_found", "not_found") {
		return nil
	}
	if e, ok := errors.AsType[*Error](refused); ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict) {
		looking, cancel := r.withDeadline(ctx)
		defer cancel()
		seen, err := r.getAndRecord(looking, id)
		if err == nil && (seen.Gone || seen.Code.BeingRemoved()) {
			return nil
		}
	}
	return r.describeFailure(ctx, ErrRefused, "The removal could not be asked for", refused)
}

// awaitGone waits for the attempt, then for the code to be gone. An attempt that succeeded
// proves nothing, and one that vanished or never was does not matter.
func (r *removal) awaitGone(ctx context.Context, id string, request DeleteRequest) error {
	waiting, cancel := r.withDeadline(ctx)
	defer cancel()
	if request.AttemptID != "" {
		a, err := r.AwaitActionAttempt(waiting, ActionAttempt{ID: request.AttemptID, Status: AttemptPending})
		r.attempt = a
		if err != nil || a.Status == AttemptError {
			return r.failUnlessGone(ctx, id, err)
		}
	}
	gone := func(ctx context.Context) (bool, error) {
		seen, err := r.getAndRecord(ctx, id)
		return seen.Gone, err
	}
	done, err := gone(waiting)
	if !done && (err == nil || IsRetryable(err) || waiting.Err() != nil) {
		err = Poll(waiting, gone)
	}
	switch {
	case IsUnmanagedError(err):
		return r.deleteNowUnmanaged(ctx, id, err)
	case err != nil:
		return r.unconfirmedError(ctx, err)
	}
	return nil
}

// failUnlessGone looks once more at a code whose attempt failed or lasts too long.
func (r *removal) failUnlessGone(ctx context.Context, id string, waited error) error {
	late, cancel := context.WithTimeout(ctx, diagnosisTimeout)
	defer cancel()
	seen, err := r.getAndRecord(late, id)
	switch {
	case err == nil && seen.Gone:
		r.deadline = time.Now().Add(diagnosisTimeout) // to prove what has come about after all
		return nil
	case waited != nil:
		return r.unconfirmedError(ctx, waited)
	case IsUnmanagedError(err):
		return r.deleteNowUnmanaged(ctx, id, err)
	}
	return r.describeFailure(ctx, ErrRefused, "Seam tried to remove the PIN and failed", errors.New(r.attempt.Failure()))
}

// verify passes once nothing of what was removed is on the lock, as far as Seam sees it.
// Seam has answered before that it is gone.
func (r *removal) verify(ctx context.Context) error {
	found, err := r.checkLocks(ctx, r.newLockCheck(), r.deviceIDs())
	r.evidence = evidence{append(r.evidence.proofs, found.proofs...), err == nil && len(r.pins) > 0 && found.notCompared == 0, found.notCompared}
	if err == nil && r.Mode == VerifiedByEvent {
		err = r.awaitEvent(ctx)
	}
	r.Checkpoint.addResidual(err)
	r.SaveCheckpoint(r.Checkpoint)
	return err
}

// codeIDs are the access codes to be removed.
func (r *removal) codeIDs() []string {
	if r.Checkpoint.BackupCodeID == "" {
		return []string{r.AccessCodeID}
	}
	return []string{r.AccessCodeID, r.Checkpoint.BackupCodeID}
}
