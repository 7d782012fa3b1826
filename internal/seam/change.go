package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Change is an update of a code, and what is known of the code beforehand.
type Change struct {
	Input       AccessCodeInput
	DeviceID    string
	WorkspaceID string
	PIN         string // the last one known; empty if none is
	StartsAt    time.Time
	EndsAt      time.Time // zero for an ongoing code
	CreatedAt   time.Time
	Memory      Memory       // of an earlier run whose change of the PIN or the end was not proven
	Former      Former       // what may still open the door besides the code as it is
	Remember    func(Memory) // keeps it; called before every wait
	Warn        func(summary, detail string)
}

// change is a Change under way.
type change struct {
	Change
	*Client
	before  AccessCode
	pins    []string // old ones
	asked   answer
	leaving *departure
	earlier Memory // as an earlier run left it
}

// ChangeAccessCode updates a code and reads it back. Taking access away, by another PIN
// or a shorter stay, is a removal: it fails unless the lock has the change and no longer
// lists the old PIN. Any other change that the lock is slow to confirm is a warning.
func (c *Client) ChangeAccessCode(ctx context.Context, task Change) (code AccessCode, err error) {
	ch := &change{Change: task, Client: c}
	c.secrets.add(task.PIN)
	c.learn(task.Input)
	if err := c.InWorkspace(ctx, task.WorkspaceID); err != nil {
		return AccessCode{}, err
	}
	if err := ch.look(ctx); err != nil {
		return AccessCode{}, err
	}
	defer func() { ch.leaving.end(err) }()
	attempt, err := ch.askOnceFree(ctx)
	if err != nil {
		return AccessCode{}, err
	}
	after, err := ch.settle(ctx, attempt)
	if !ch.takesAccess() {
		return ch.settledLater(after, err)
	}
	if err == nil {
		err = ch.prove(ctx)
	}
	if err != nil {
		return AccessCode{}, ch.unproven(ctx, after, err)
	}
	return after, nil
}

// look sees the code before it changes: above all its PIN, which is kept in memory only.
func (ch *change) look(ctx context.Context) error {
	seen, err := ch.lookUp(ctx, ch.Input.AccessCodeID)
	if err != nil {
		return err
	}
	if seen.gone {
		return problem(fmt.Sprintf("Seam answers that there is no access code %s any more.", ch.Input.AccessCodeID), "Run plan again: it checks the lock and plans a new code if this one is gone.")
	}
	ch.before, ch.asked, ch.earlier = seen.code, seen.answer, ch.Memory
	old := ch.Former.PINs
	if ch.Input.Code != nil || ch.earlier.Unfinished() {
		old = append(slices.Clone(old), ch.PIN, seen.code.Code)
	}
	for _, pin := range old {
		if pin != "" && !slices.Contains(ch.stays(), pin) && !slices.Contains(ch.pins, pin) {
			ch.pins = append(ch.pins, pin)
		}
	}
	return nil
}

// stays is the PIN that the code is to have afterwards; none if it is not known.
func (ch *change) stays() []string {
	pin := ch.before.Code
	if ch.Input.Code != nil {
		pin = *ch.Input.Code
	}
	if pin == "" {
		return nil
	}
	return []string{pin}
}

// rotates reports whether a PIN has to leave the lock, by this change or an earlier one.
func (ch *change) rotates() bool {
	return len(ch.pins) > 0 || !ch.Former.Empty() || ch.earlier.Unfinished() || ch.Input.Code != nil && ch.before.Code == ""
}

// shortens reports whether the new window leaves out a time that was, or may have been,
// in the old one.
func (ch *change) shortens() bool {
	if ch.Input.EndsAt == nil {
		return false
	}
	starts, _ := ParseTime(*ch.Input.StartsAt)
	ends, _ := ParseTime(*ch.Input.EndsAt)
	for _, old := range [][2]time.Time{{ch.StartsAt, ch.EndsAt}, {ch.before.StartsAt.Time, ch.before.EndsAt.Time}} {
		if old[1].IsZero() || ends.Before(old[1]) || starts.After(old[0]) && starts.After(ch.Now()) {
			return true
		}
	}
	return false
}

func (ch *change) takesAccess() bool { return ch.rotates() || ch.shortens() }

func (ch *change) ask(ctx context.Context) (ActionAttempt, error) {
	leave, err := ch.admit(ctx, ch.DeviceID, updates)
	if err != nil {
		return ActionAttempt{}, fmt.Errorf("waiting for the turn to update: %w", err)
	}
	defer leave()
	if ch.takesAccess() {
		if ch.Memory.AskedAt.IsZero() {
			ch.Memory.begin(ch.asked.at, ch.unmanagedBefore(ctx, ch.locks()))
		}
		ch.Remember(ch.Memory)
	}
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	err = ch.postLimited(ctx, "/access_codes/update", ch.Input, &out)
	out.ActionAttempt.ID = ch.secrets.identifier(out.ActionAttempt.ID)
	return out.ActionAttempt, err
}

// askOnceFree is ask for a PIN that another change or removal of this run may yet have to
// take off the lock.
func (ch *change) askOnceFree(ctx context.Context) (ActionAttempt, error) {
	if ch.Input.Code == nil {
		attempt, err := ch.ask(ctx)
		return attempt, duplicateOr(err)
	}
	if len(ch.pins) > 0 {
		ch.leaving = ch.departures.begin(departure{deviceID: ch.DeviceID, codeID: ch.Input.AccessCodeID, pins: ch.pins, rotation: true})
	}
	here := arrival{deviceID: ch.DeviceID, pin: *ch.Input.Code, since: time.Now(), own: ch.leaving}
	ch.placed.Store(placement{ch.Input.AccessCodeID, here.pin}, nil)
	for {
		attempt, err := ch.ask(ctx)
		if !isDuplicate(err) {
			return attempt, err
		}
		if err := ch.letIn(ctx, here, err); err != nil {
			return ActionAttempt{}, err
		}
	}
}

// settle waits for the attempt and until the code reads as asked for.
func (ch *change) settle(ctx context.Context, attempt ActionAttempt) (AccessCode, error) {
	after := ch.before
	if attempt.ID != "" {
		ended, err := ch.awaitAttempt(ctx, attempt)
		if err != nil {
			return after, fmt.Errorf("waiting for action attempt %s: %w", attempt.ID, err)
		}
		if ended.Status == attemptError {
			return after, errors.New(ended.failure())
		}
	}
	read := func(ctx context.Context) (bool, error) {
		seen, err := ch.lookUp(ctx, ch.Input.AccessCodeID)
		if err == nil && !seen.gone {
			after = seen.code
		}
		return err == nil && !seen.gone && ch.settled(after), err
	}
	if done, err := read(ctx); done || err != nil && !passing(err) {
		return after, err
	}
	return after, poll(ctx, read)
}

// settled reports whether nothing is left to wait for. Times that are neither the old
// nor the new ones are the lock's own rounding.
func (ch *change) settled(now AccessCode) bool {
	return now.settled() && (ch.Input.matches(now) || ch.rounded(now))
}

func (ch *change) rounded(now AccessCode) bool {
	if ch.Input.EndsAt == nil {
		return false
	}
	in := ch.Input
	in.StartsAt, in.EndsAt = nil, nil
	moved := !now.StartsAt.Equal(ch.before.StartsAt.Time) || !now.EndsAt.Equal(ch.before.EndsAt.Time)
	return in.matches(now) && moved && !now.EndsAt.IsZero()
}

// settledLater lets go of a change that gives no access away: Seam keeps trying.
func (ch *change) settledLater(after AccessCode, err error) (AccessCode, error) {
	if err == nil {
		return after, nil
	}
	if after.ID == "" || errors.Is(err, ErrOutOfSight) {
		return after, err
	}
	lines := append([]string{fmt.Sprintf("Seam accepted the change of access code %s, but does not show it yet: %s.", after.ID, strings.TrimRight(err.Error(), "."))}, ch.issues(after)...)
	ch.Warn("Change not confirmed yet", strings.Join(lines, "\n")+"\n\nSeam keeps trying. Run plan later: it shows whether the lock has it.")
	return after, nil
}

// prove passes if the lock no longer lists an old PIN.
func (ch *change) prove(ctx context.Context) error {
	if !ch.rotates() {
		return nil
	}
	k := lockCheck{
		workspaceID: ch.WorkspaceID, ours: []string{ch.Input.AccessCodeID}, pins: ch.pins, elsewhere: ch.stays(), suspects: ch.Memory.Suspects,
		baselines: slices.Concat(ch.Memory.baseline(), ch.Former.baseline(Timestamp{ch.CreatedAt})),
	}
	if ch.earlier.Unfinished() && ch.PIN == "" {
		k.unknown = &baseline{ch.earlier.AskedAt, ch.earlier.Before}
	}
	_, err := ch.checkLocks(ctx, k, ch.locks())
	ch.Memory.learn(err)
	ch.Remember(ch.Memory)
	if err != nil {
		return err
	}
	same, err := ch.neighbours(ctx, ch.DeviceID, ch.pins, []string{ch.Input.AccessCodeID})
	if err == nil && len(same) > 0 {
		ch.Warn("Another access code has the old PIN", fmt.Sprintf("Access code %s has its new PIN, but the old one still opens lock %s through access code %s.", ch.Input.AccessCodeID, ch.DeviceID, strings.Join(same, ", ")))
	}
	return nil
}

// locks are where the code is or was, the one in the state first.
func (ch *change) locks() []string { return locksOf(ch.DeviceID, ch.Former.Locks) }

func (ch *change) unproven(ctx context.Context, after AccessCode, err error) error {
	reason := strings.TrimRight(err.Error(), ".")
	if errors.Is(context.Cause(ctx), context.Canceled) {
		reason = "interrupted"
	}
	what := "The old PIN may still open"
	if !ch.rotates() {
		what = "The PIN may open longer than it should"
	}
	lines := append([]string{fmt.Sprintf("%s lock %s: the change of access code %s is not proven: %s.", what, ch.DeviceID, ch.Input.AccessCodeID, reason)}, ch.issues(after)...)
	lines = append(lines, "The state keeps the values from before, so the next apply repeats the change.")
	return because(errors.Join(ErrUnconfirmed, err), strings.Join(lines, "\n"), Advice(err, "Run apply again. If the lock only needs longer, raise timeouts.update."))
}
