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

// resumeWithin is how old an attempt may be to be waited for in a later run.
const resumeWithin = time.Hour

var (
	// ErrRefused says that the removal failed and is not under way.
	ErrRefused = errors.New("refused")
	// ErrUnconfirmed says that the PIN may still open the door, whatever was asked.
	ErrUnconfirmed = errors.New("unconfirmed")

	errTooLong = errors.New("the time for it is over")
)

// Removal is what is to be removed, and what is known of it beforehand.
type Removal struct {
	AccessCodeID string
	DeviceID     string
	Name         string // the last one known
	WorkspaceID  string
	Mode         Mode
	PIN          string // the last one known; empty if none is
	CreatedAt    time.Time
	Unseen       bool      // Seam has not found it since it was created
	EndsAt       time.Time // zero for an ongoing code
	IsOffline    bool
	Unmanaged    bool                 // a code that Seam sees and does not manage
	Stateless    bool                 // no state keeps it: what fails is to be asked for again by whoever asked
	Timeout      time.Duration        // counted from when Seam may be asked
	Memory       Memory               // what an earlier run left unfinished
	Change       Memory               // what an earlier change of the PIN left unproven
	Former       Former               // what may still open the door besides the code as it is
	Remember     func(Memory)         // keeps Memory; called before every wait
	Progress     func(message string) // may be nil
	Warn         func(summary, detail string)
}

// removal is a Removal under way. Read it from top to bottom: look, ask, await, prove,
// receipt.
type removal struct {
	Removal
	*Client
	pins      []string
	asked     map[string]bool // codes whose removal was asked for, or waited for, in this run
	reclaimed bool            // a code that is not managed any more was removed as such
	attempt   ActionAttempt
	found     evidence
	leaving   *departure
	until     time.Time // the deadline; set anew when Seam may be asked
}

func (c *Client) newRemoval(task Removal) *removal {
	r := &removal{Removal: task, Client: c, until: time.Now().Add(task.Timeout), asked: map[string]bool{}}
	for _, pin := range slices.Concat([]string{task.PIN}, task.Former.PINs) {
		r.learnPIN(pin)
	}
	return r
}

// RemoveAccessCode returns without an error only when the removal is proven, as far as
// its mode promises. Until then Memory is kept, so that a later run can go on.
func (c *Client) RemoveAccessCode(ctx context.Context, task Removal) (err error) {
	defer func() { err = task.inItsTerms(err) }()
	r := c.newRemoval(task)
	if err := r.checkReceipts(); err != nil {
		return err
	}
	if r.Mode == Abandoned {
		r.Warn("Access code abandoned, not removed", fmt.Sprintf("Access code %s was only taken out of the state, because removal = \"abandoned\". Its PIN may still open lock %s.", r.AccessCodeID, r.DeviceID))
		return r.receipt(OutcomeAbandoned)
	}
	r.leaving = c.departures.begin(departure{deviceID: r.DeviceID, codeID: r.AccessCodeID, pins: r.pins})
	defer func() { r.leaving.end(err) }()
	if err := r.rightWorkspace(ctx); err != nil {
		return err
	}
	switch {
	case r.Mode == Requested:
		return r.request(ctx)
	case r.IsOffline:
		return r.outlast(ctx)
	}
	return r.removeAndProve(ctx)
}

// timed ends with the removal's deadline. Reports are made in the time after it.
func (r *removal) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, r.until, errTooLong)
}

func (r *removal) rightWorkspace(ctx context.Context) error {
	ctx, cancel := r.timed(ctx)
	defer cancel()
	return r.InWorkspace(ctx, r.WorkspaceID)
}

func (r *removal) removeAndProve(ctx context.Context) error {
	if err := r.takeOff(ctx, r.AccessCodeID); err != nil {
		return err
	}
	r.tell("Seam answers that there is no access code %s any more. Checking the lock.", r.AccessCodeID)
	for _, backup := range r.codes()[1:] {
		if err := r.takeOff(ctx, backup); err != nil {
			return fmt.Errorf("removing its backup access code %s: %w", backup, err)
		}
	}
	if err := r.settleProof(ctx); err != nil {
		return err
	}
	r.warnOfNeighbours(ctx)
	if len(r.pins) == 0 {
		r.Warn("Removal verified without comparing PINs", r.withoutPIN())
	}
	return r.receipt(OutcomeVerified)
}

// settleProof proves the removal. It asks for it now if nobody has because Seam said that
// the code is gone, which the lock's lists contradict; and it takes off what came back.
func (r *removal) settleProof(ctx context.Context) error {
	err := r.proveInTime(ctx)
	for _, id := range r.codes() {
		if err == nil || r.asked[id] || !refersTo(err, id) {
			continue
		}
		if err := r.askAfterAll(ctx, id, err); err != nil {
			return err
		}
		err = r.proveInTime(ctx)
	}
	if back := r.returned(err); len(back) > 0 {
		if err = r.takeOffReturned(ctx, back); err == nil {
			err = r.proveInTime(ctx)
		}
	}
	if err != nil {
		return r.unconfirmed(ctx, err)
	}
	return nil
}

// takeOff brings a code to the point where Seam answers that it is gone.
func (r *removal) takeOff(ctx context.Context, id string) error {
	looking, cancel := r.timed(ctx)
	defer cancel()
	seen, err := r.firstSight(looking, id)
	r.notice(id, seen, err)
	switch {
	case isUnmanaged(err):
		return r.takeOffUnmanaged(ctx, id, err)
	case err != nil || seen.gone:
		return err
	case seen.code.CannotDelete:
		return because(ErrRefused, fmt.Sprintf("Seam cannot delete unmanaged access code %s from lock %s: its PIN opens the door.", id, r.DeviceID), "Remove it in the manufacturer's app, then run again: that it is gone is checked then.")
	}
	ask, err := r.resume(looking, id)
	switch {
	case err != nil:
		return r.unconfirmed(ctx, err)
	case ask.Attempt == "":
		return r.askAndAwait(ctx, id, seen.answer)
	}
	r.asked[id] = true
	return r.await(ctx, id, ask)
}

// askAfterAll asks for the removal of a code that a lock lists although Seam answers that
// it is gone.
func (r *removal) askAfterAll(ctx context.Context, id string, listed error) error {
	r.Memory.Older = true
	if !r.Unmanaged && (isFound(listed, id) || isUnmanaged(listed)) {
		return r.takeOffUnmanaged(ctx, id, listed)
	}
	return r.askAndAwait(ctx, id, answer{at: r.Now()})
}

func (r *removal) askAndAwait(ctx context.Context, id string, looked answer) error {
	ask, err := r.ask(ctx, id, looked)
	if err != nil {
		return err
	}
	return r.await(ctx, id, ask)
}

// firstSight may come from a list that is some seconds old, except for a code with a stay:
// a backup code that was pulled for it since would be missed.
func (r *removal) firstSight(ctx context.Context, id string) (sighting, error) {
	if !r.EndsAt.IsZero() && !r.Unseen {
		return r.lookFor(ctx, r.Removal, id)
	}
	return r.firstLook(ctx, r.Removal, id, lookAge)
}

func (r *removal) look(ctx context.Context, id string) (sighting, error) {
	seen, err := r.lookFor(ctx, r.Removal, id)
	r.notice(id, seen, err)
	return seen, err
}

// tell says how far it is to whoever wants to hear it.
func (r *removal) tell(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, args...))
	}
}

// learnPIN keeps a PIN to look for. What a lock shows in place of an unmanaged one, such as
// stars, is none: others look the same.
func (r *removal) learnPIN(pin string) {
	if pin != "" && (!r.Unmanaged || numeric.MatchString(pin)) && !slices.Contains(r.pins, pin) {
		r.pins = append(r.pins, pin)
		r.secrets.add(pin)
		r.leaving.learn(pin)
	}
}

// notice keeps what a look at the code shows: its PIN, in memory only, and whether a
// backup code stands in for it; or that it is gone.
func (r *removal) notice(id string, seen sighting, err error) {
	if err != nil {
		return
	}
	if seen.gone {
		r.found.add("/access_codes/get "+id, seen.answer, "no such access code")
		return
	}
	r.learnPIN(seen.code.Code)
	r.Memory.Older = r.Memory.Older || r.leftBefore(id, seen.code)
	r.moved(seen.code)
	if _, asked := r.Memory.Asks[id]; !asked { // afterwards any code is removing
		r.Memory.OnLock = r.Memory.OnLock || seen.code.onLock()
	}
	if id == r.AccessCodeID && seen.code.PulledBackupAccessCodeID != "" {
		r.Memory.Backup = seen.code.PulledBackupAccessCodeID
	}
}

// resume finds the attempt of an earlier run, if it is still at work.
func (r *removal) resume(ctx context.Context, id string) (Ask, error) {
	ask := r.Memory.Asks[id]
	if ask.Attempt == "" || r.Now().Sub(ask.At) > resumeWithin {
		return Ask{}, nil
	}
	a, err := r.actionAttempt(ctx, ask.Attempt)
	if err != nil || a.Status != attemptPending {
		return Ask{}, err
	}
	return ask, nil
}

// ask makes Seam start the removal. The time of the look is noted, not that of the ask:
// whatever appears on the lock because of it is younger.
func (r *removal) ask(ctx context.Context, id string, looked answer) (Ask, error) {
	leave, err := r.admit(ctx, r.DeviceID, deletes)
	if err != nil {
		return Ask{}, fmt.Errorf("waiting for the turn to ask: %w", err)
	}
	defer leave()
	r.asked[id] = true
	r.until = time.Now().Add(r.Timeout)
	asking, cancel := r.timed(ctx)
	defer cancel()
	ask := Ask{At: looked.at}
	if err := r.begin(asking, ask.At); err != nil {
		return Ask{}, err
	}
	r.note(id, ask)
	var out struct {
		ActionAttempt *ActionAttempt `json:"action_attempt"`
	}
	err = r.postLimited(asking, r.deletePath(), map[string]string{"access_code_id": id}, &out)
	err = aboutCode(id, err)
	if err != nil {
		return ask, r.alreadyAsked(ctx, id, err)
	}
	r.tell("Seam is asked to remove access code %s from lock %s.", id, r.DeviceID)
	if out.ActionAttempt != nil {
		ask.Attempt = r.secrets.identifier(out.ActionAttempt.ID)
		r.note(id, ask)
	}
	return ask, nil
}

func (r *removal) note(id string, ask Ask) {
	r.Memory.note(id, ask)
	r.Remember(r.Memory)
}

// alreadyAsked forgives a refused ask if the code is gone or going all the same, as
// after a run that was killed.
func (r *removal) alreadyAsked(ctx context.Context, id string, refused error) error {
	if isType(refused, "access_code_not_found", "not_found") {
		return nil
	}
	if e, ok := errors.AsType[*Error](refused); ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict) {
		looking, cancel := r.timed(ctx)
		defer cancel()
		seen, err := r.look(looking, id)
		if err == nil && (seen.gone || seen.code.BeingRemoved()) {
			return nil
		}
	}
	return r.explain(ctx, ErrRefused, "The removal could not be asked for", refused)
}

// await waits for the attempt, then for the code to be gone. An attempt that succeeded
// proves nothing, and one that vanished or never was does not matter.
func (r *removal) await(ctx context.Context, id string, ask Ask) error {
	waiting, cancel := r.timed(ctx)
	defer cancel()
	if ask.Attempt != "" {
		a, err := r.awaitAttempt(waiting, ActionAttempt{ID: ask.Attempt, Status: attemptPending})
		r.attempt = a
		if err != nil || a.Status == attemptError {
			return r.giveUpUnlessGone(ctx, id, err)
		}
	}
	gone := func(ctx context.Context) (bool, error) {
		seen, err := r.look(ctx, id)
		return seen.gone, err
	}
	done, err := gone(waiting)
	if !done && (err == nil || passing(err) || waiting.Err() != nil) {
		err = poll(waiting, gone)
	}
	switch {
	case isUnmanaged(err):
		return r.takeOffUnmanaged(ctx, id, err)
	case err != nil:
		return r.unconfirmed(ctx, err)
	}
	return nil
}

// giveUpUnlessGone looks once more at a code whose attempt failed or lasts too long.
func (r *removal) giveUpUnlessGone(ctx context.Context, id string, waited error) error {
	late, cancel := context.WithTimeout(ctx, reportTime)
	defer cancel()
	seen, err := r.look(late, id)
	switch {
	case err == nil && seen.gone:
		r.until = time.Now().Add(reportTime) // to prove what has come about after all
		return nil
	case waited != nil:
		return r.unconfirmed(ctx, waited)
	case isUnmanaged(err):
		return r.takeOffUnmanaged(ctx, id, err)
	}
	return r.explain(ctx, ErrRefused, "Seam tried to remove the PIN and failed", errors.New(r.attempt.failure()))
}

// prove passes once nothing of what was removed is on the lock, as far as Seam sees it.
// Seam has answered before that it is gone.
func (r *removal) prove(ctx context.Context) error {
	found, err := r.checkLocks(ctx, r.check(), r.locks())
	r.found = evidence{append(r.found.proofs, found.proofs...), err == nil && len(r.pins) > 0 && found.notCompared == 0, found.notCompared}
	if err == nil && r.Mode == VerifiedByEvent {
		err = r.awaitEvent(ctx)
	}
	r.Memory.learn(err)
	r.Remember(r.Memory)
	return err
}

// codes are the access codes to be removed.
func (r *removal) codes() []string {
	if r.Memory.Backup == "" {
		return []string{r.AccessCodeID}
	}
	return []string{r.AccessCodeID, r.Memory.Backup}
}
