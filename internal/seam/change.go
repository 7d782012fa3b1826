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
	if err := c.InWorkspace(ctx, task.WorkspaceID); err != nil && !c.noRoute(err) {
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
	stays := seen.code.Code
	if ch.Input.Code != nil {
		stays = *ch.Input.Code
	} else if !ch.earlier.Unfinished() {
		return nil
	}
	for _, pin := range []string{ch.PIN, seen.code.Code} {
		if pin != "" && pin != stays && !slices.Contains(ch.pins, pin) {
			ch.pins = append(ch.pins, pin)
		}
	}
	return nil
}

// rotates reports whether a PIN has to leave the lock, by this change or an earlier one.
func (ch *change) rotates() bool {
	return len(ch.pins) > 0 || ch.earlier.Unfinished() || ch.Input.Code != nil && ch.before.Code == ""
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
			ch.Memory.AskedAt = ch.asked.at
		}
		ch.Remember(ch.Memory)
	}
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	err = ch.postLimited(ctx, "/access_codes/update", ch.Input, &out)
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
	for _, m := range now.PendingMutations {
		if strings.HasPrefix(m.Code, "updating_") {
			return false
		}
	}
	for _, e := range now.Errors {
		if e.ErrorCode == "failed_to_update" {
			return false
		}
	}
	return ch.Input.matches(now) || ch.rounded(now)
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
	found, err := ch.checkLock(ctx, lockCheck{
		workspaceID: ch.WorkspaceID, deviceID: ch.DeviceID, pins: ch.pins,
		askedAt: ch.Memory.AskedAt, createdAt: ch.Memory.AskedAt, suspects: ch.Memory.Suspects,
		unprovenSince: ch.earlier.AskedAt, oldPINUnknown: ch.PIN == "",
		checkedBefore: ch.Memory.Checked,
	})
	ch.Memory.learn(err)
	ch.Remember(ch.Memory)
	if err != nil {
		return err
	}
	if len(found.unchecked) > 0 {
		ch.Warn("Removal of the old PIN not verified", fmt.Sprintf("This server does not offer %s, so whether lock %s still holds the old PIN of access code %s was not checked.", strings.Join(found.unchecked, ", "), ch.DeviceID, ch.Input.AccessCodeID))
	}
	same, err := ch.neighbours(ctx, ch.DeviceID, ch.pins, []string{ch.Input.AccessCodeID})
	if err == nil && len(same) > 0 {
		ch.Warn("Another access code has the old PIN", fmt.Sprintf("Access code %s has its new PIN, but the old one still opens lock %s through access code %s.", ch.Input.AccessCodeID, ch.DeviceID, strings.Join(same, ", ")))
	}
	return nil
}

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
