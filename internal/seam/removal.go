package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	Remember     func(Memory)         // keeps Memory; called before every wait
	Progress     func(message string) // may be nil
	Warn         func(summary, detail string)
}

// removal is a Removal under way. Read it from top to bottom: look, ask, await, prove,
// receipt.
type removal struct {
	Removal
	*Client
	pins    []string
	attempt ActionAttempt
	found   evidence
	leaving *departure
	until   time.Time // the deadline; set anew when Seam may be asked
}

// RemoveAccessCode returns without an error only when the removal is proven, as far as
// its mode promises. Until then Memory is kept, so that a later run can go on.
func (c *Client) RemoveAccessCode(ctx context.Context, task Removal) (err error) {
	defer func() { err = task.inItsTerms(err) }()
	r := &removal{Removal: task, Client: c, until: time.Now().Add(task.Timeout)}
	r.learnPIN(r.PIN)
	if err := r.checkReceipts(); err != nil {
		return err
	}
	switch {
	case r.Mode == Abandoned:
		r.Warn("Access code abandoned, not removed", fmt.Sprintf("Access code %s was only taken out of the state, because removal = \"abandoned\". Its PIN may still open lock %s.", r.AccessCodeID, r.DeviceID))
		return r.receipt(OutcomeAbandoned)
	case r.Mode != Requested && r.IsOffline:
		return r.outlast()
	}
	r.leaving = c.departures.begin(departure{deviceID: r.DeviceID, codeID: r.AccessCodeID, pins: r.pins})
	defer func() { r.leaving.end(err) }()
	if err := r.rightWorkspace(ctx); err != nil {
		return err
	}
	if r.Mode == Requested {
		return r.request(ctx)
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
	if err := r.InWorkspace(ctx, r.WorkspaceID); !r.noRoute(err) {
		return err
	}
	return nil
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
	proving, cancel := r.timed(ctx)
	defer cancel()
	if err := r.prove(proving); err != nil {
		return r.unconfirmed(ctx, err)
	}
	r.warnOfNeighbours(ctx)
	if len(r.found.unchecked) > 0 {
		r.Warn("Removal not verified", fmt.Sprintf("Access code %s is gone from Seam, but this server does not offer %s, so whether lock %s still holds the PIN was not checked.", r.AccessCodeID, strings.Join(r.found.unchecked, ", "), r.DeviceID))
		return r.receipt(OutcomeUnverified)
	}
	if !r.found.pinCompared {
		r.Warn("Removal verified without comparing PINs", r.withoutPIN())
	}
	return r.receipt(OutcomeVerified)
}

// takeOff brings a code to the point where Seam answers that it is gone.
func (r *removal) takeOff(ctx context.Context, id string) error {
	looking, cancel := r.timed(ctx)
	defer cancel()
	seen, err := r.firstSight(looking, id)
	r.notice(id, seen, err)
	if err != nil || seen.gone {
		return err
	}
	if seen.code.CannotDelete {
		return because(ErrRefused, fmt.Sprintf("Seam cannot delete unmanaged access code %s from lock %s: its PIN opens the door.", id, r.DeviceID), "Remove it in the manufacturer's app, then run again: that it is gone is checked then.")
	}
	ask, err := r.resume(looking, id)
	if err == nil {
		err = r.meetNeighbours(looking)
	}
	if err != nil {
		return r.unconfirmed(ctx, err)
	}
	if ask.Attempt == "" {
		if ask, err = r.ask(ctx, id, seen.answer); err != nil {
			return err
		}
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
	r.until = time.Now().Add(r.Timeout)
	asking, cancel := r.timed(ctx)
	defer cancel()
	ask := Ask{At: looked.at}
	r.note(id, ask)
	var out struct {
		ActionAttempt *ActionAttempt `json:"action_attempt"`
	}
	err = r.postLimited(asking, r.deletePath(), map[string]string{"access_code_id": id}, &out)
	if err != nil {
		return ask, r.alreadyAsked(ctx, id, err)
	}
	r.tell("Seam is asked to remove access code %s from lock %s.", id, r.DeviceID)
	if out.ActionAttempt != nil {
		ask.Attempt = out.ActionAttempt.ID
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
	if done, err := gone(waiting); done {
		return nil
	} else if err != nil && !passing(err) && waiting.Err() == nil {
		return r.unconfirmed(ctx, err)
	}
	if err := poll(waiting, gone); err != nil {
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
	}
	return r.explain(ctx, ErrRefused, "Seam tried to remove the PIN and failed", errors.New(r.attempt.failure()))
}

// prove passes once nothing of what was removed is on the lock, as far as Seam sees it.
// Seam has answered before that it is gone.
func (r *removal) prove(ctx context.Context) error {
	found, err := r.checkLock(ctx, lockCheck{
		workspaceID: r.WorkspaceID, deviceID: r.DeviceID, codes: r.codes(), pins: r.pins,
		askedAt: r.Memory.AskedAt, createdAt: r.CreatedAt, suspects: slices.Concat(r.Memory.Suspects, r.Change.Suspects),
		unprovenSince: r.Change.AskedAt, oldPINUnknown: r.PIN == "", unmanaged: r.Unmanaged, neighbours: r.Memory.Neighbours,
		checkedBefore: r.Memory.Checked || r.Change.Checked,
	})
	found.proofs = append(r.found.proofs, found.proofs...)
	r.found = found
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

// request asks and does not wait, which proves nothing.
func (r *removal) request(ctx context.Context) error {
	_, err := r.ask(ctx, r.AccessCodeID, answer{at: r.Now()})
	// An offline code cannot be deleted, but it can be let go.
	e, refused := errors.AsType[*Error](err)
	if letGo := refused && r.IsOffline && e.Status == http.StatusBadRequest; err != nil && !letGo {
		return err
	}
	r.Warn("Removal requested, not verified", fmt.Sprintf("Seam was asked to remove access code %s, and nobody waited, because removal = \"requested\". Its PIN may still open lock %s.", r.AccessCodeID, r.DeviceID))
	return r.receipt(OutcomeRequested)
}

// outlast handles codes that the lock computes by itself: nothing can revoke them.
func (r *removal) outlast() error {
	if r.EndsAt.IsZero() || r.Now().Before(r.EndsAt) {
		return because(ErrRefused, fmt.Sprintf("Access code %s is an offline code: lock %s works it out by itself and keeps accepting it until it ends, whatever Seam is asked.", r.AccessCodeID, r.DeviceID),
			"Wait until ends_at and run destroy again; reset the lock if it must not open before; or set removal = \"abandoned\" (or \"requested\"), apply, and destroy to let go of a PIN that still works.")
	}
	return r.receipt(OutcomeExpired)
}

func (r *removal) warnOfNeighbours(ctx context.Context) {
	same, err := r.neighbours(ctx, r.DeviceID, r.pins, r.codes())
	if err != nil {
		r.Warn("Other access codes not compared", fmt.Sprintf("Access code %s is removed. Whether another access code of this workspace has the same PIN on lock %s could not be seen: %v", r.AccessCodeID, r.DeviceID, err))
	}
	if len(same) > 0 {
		r.Warn("Another access code has the same PIN", fmt.Sprintf("Access code %s is removed, but the PIN still opens lock %s through access code %s.", r.AccessCodeID, r.DeviceID, strings.Join(same, ", ")))
	}
}

// receipt ends a removal. The removal stands even if its receipt cannot be written.
func (r *removal) receipt(outcome string) error {
	err := r.record(Receipt{
		Time: r.Now().UTC(), AccessCodeID: r.AccessCodeID, DeviceID: r.DeviceID, WorkspaceID: r.WorkspaceID,
		Mode: r.Mode, Outcome: outcome, AttemptID: r.Memory.Asks[r.AccessCodeID].Attempt,
		PINCompared: r.found.pinCompared, Proofs: r.found.proofs, Unchecked: r.found.unchecked,
	})
	if err != nil {
		r.Warn("Receipt not written", fmt.Sprintf("The removal of access code %s ended as %q, but its receipt could not be written: %v", r.AccessCodeID, outcome, err))
	}
	return nil
}
