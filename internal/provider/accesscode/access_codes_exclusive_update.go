package accesscode

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// eviction removes the strangers that a plan has shown from a lock. Its methods run concurrently.
type eviction struct {
	*core.Request[exclusive]
	lock    string
	on      seam.LockCodes
	allowed allowance

	mu      sync.Mutex // guards the request's private state and diagnostics
	pending removals
}

// Update removes the strangers in the prior state, which the plan has shown, as far as they are still
// not allowed.
func (m *exclusive) Update(ctx context.Context, op *core.Request[exclusive]) error {
	if err := op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString()); err != nil {
		return err
	}
	on, err := op.Client.FreshCodesOnLock(ctx, m.DeviceID.ValueString())
	if err != nil {
		return err
	}
	allowed, err := m.allowance(ctx, op.Client, on, true)
	if err != nil {
		return err
	}
	e := &eviction{Request: op, lock: m.DeviceID.ValueString(), on: on, allowed: allowed, pending: core.GetPrivate[removals](ctx, op, removalsKey)}
	if e.pending == nil {
		e.pending = removals{}
	}
	now := allowed.strangersOn(op.Client, on)
	if err := e.removeAll(ctx, op.Prior.strangers(ctx), now); err != nil {
		return err
	}
	op.SetPrivate(ctx, removalsKey, nil)
	e.warnOfLater(ctx, now)
	return nil
}

// removeAll removes strangers, all at the same time. The error names those that are left.
func (e *eviction) removeAll(ctx context.Context, shown, now map[string]stranger) error {
	var all sync.WaitGroup
	failures := make(chan error, len(shown))
	for id, s := range shown {
		_, _, listed := e.on.Get(id)
		current, still := now[id]
		if e.allowed.lists(id) || listed && (!still || current.Kind != s.Kind) {
			continue // it is allowed now, or somebody has converted it since the plan
		}
		all.Go(func() {
			if err := e.remove(ctx, id, s); err != nil {
				failures <- seam.WrapAdvice(err, fmt.Sprintf("The %s is not removed from lock %s: %v", s.describe(id), e.lock, err), adviceFor(err))
			}
		})
	}
	all.Wait()
	close(failures)
	return joinFailures(failures)
}

// joinFailures is one error for all failures, with each advice once.
func joinFailures(failures <-chan error) error {
	var causes []error
	var lines, advice []string
	for err := range failures {
		causes, lines = append(causes, err), append(lines, err.Error())
		if next := seam.Advice(err, ""); !slices.Contains(advice, next) {
			advice = append(advice, next)
		}
	}
	if len(causes) == 0 {
		return nil
	}
	slices.Sort(lines)
	slices.Sort(advice)
	return seam.WrapAdvice(errors.Join(causes...), strings.Join(lines, "\n\n"), strings.Join(advice, " "))
}

// remove removes a stranger with proof. One that is gone although no run has requested that needs none.
func (e *eviction) remove(ctx context.Context, id string, s stranger) error {
	checkpoint := e.checkpoint(id)
	if _, _, listed := e.on.Get(id); !listed && !checkpoint.Unfinished() {
		if gone, err := e.Client.IsOffLock(ctx, e.lock, id); gone || err != nil {
			return err
		}
	}
	code, err := e.confirm(ctx, id, s)
	if err != nil {
		return err
	}
	remove := removal.RemoveUnmanagedAccessCode
	if s.Kind.ValueString() == kindManaged {
		remove = removal.RemoveAccessCode
	}
	err = remove(ctx, e.Client, removal.AccessCode{
		ID: id, DeviceID: e.lock, Name: s.Name.ValueString(), PIN: code.Code, CreatedAt: code.CreatedAt.Time, EndsAt: code.EndsAt.Time,
		IsOffline: code.IsOfflineAccessCode, Keep: e.allowed.ids,
	}, removal.Options{
		WorkspaceID: e.Prior.WorkspaceID.ValueString(), Mode: removal.Verified, Timeout: e.Timeout, Checkpoint: checkpoint,
		Save: func(c removal.Checkpoint) { e.save(ctx, id, c) }, Warn: e.warn,
	})
	if err == nil {
		e.save(ctx, id, removal.Checkpoint{})
	}
	return err
}

// confirm reads a stranger by its ID, because the lists may be out of date. It fails if the answer
// contradicts that the code is a stranger on this lock. The result is empty if Seam has no such code.
func (e *eviction) confirm(ctx context.Context, id string, s stranger) (seam.AccessCode, error) {
	if e.Client.IsAdopting(id) {
		return seam.AccessCode{}, seam.NewAdvice("This run adopts it.", "Add the adopted access code to access_code_ids, by reference.")
	}
	code, managed, gone, err := e.Client.ReadCodeOfLock(ctx, id)
	if err != nil || gone {
		return seam.AccessCode{}, err
	}
	switch {
	case managed != (s.Kind.ValueString() == kindManaged):
		return code, seam.NewAdvice("Somebody has changed whether this workspace manages it.", "Plan again: it is removed if it is still not allowed.")
	case code.DeviceID != e.lock:
		return code, seam.NewAdvice("Seam answers that it is on another lock.", "Plan again: it is removed if Seam still lists it on this lock.")
	case managed && code.IsBackup:
		return code, seam.NewAdvice("Seam answers that it is a backup code.", "Plan again: backup codes are allowed.")
	case managed && len(e.allowed.grants) > 0:
		return code, e.confirmNoGrant(ctx, id)
	}
	return code, nil
}

// confirmNoGrant asks which grants a managed code belongs to. The list of the codes of a grant may be
// out of date.
func (e *eviction) confirmNoGrant(ctx context.Context, id string) error {
	grants, err := e.Client.GrantsOfCode(ctx, id)
	for _, grant := range grants {
		if slices.Contains(e.allowed.grants, grant) {
			return seam.NewAdvice(fmt.Sprintf("Seam answers that it belongs to access grant %s, whose codes are allowed.", grant), "Run again in a minute: the list of the codes of the grant may be out of date.")
		}
	}
	return err
}

func (e *eviction) checkpoint(id string) removal.Checkpoint {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pending[id]
}

// save stores the progress of a removal; an empty checkpoint ends it.
func (e *eviction) save(ctx context.Context, id string, c removal.Checkpoint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if delete(e.pending, id); c.Unfinished() {
		e.pending[id] = c
	}
	e.SetPrivate(ctx, removalsKey, e.pending)
}

func (e *eviction) warn(summary, detail string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.AddWarning(summary, detail)
}

// warnOfLater warns of strangers that the plan has not shown.
func (e *eviction) warnOfLater(ctx context.Context, now map[string]stranger) {
	if later := withoutTracked(ctx, e.Client, e.Prior.unshown(ctx, now)); len(later) > 0 {
		e.AddWarning("Strangers on the lock", fmt.Sprintf("Lock %s also has codes that are not allowed and that the plan did not show: %s. They may open the door.\n\nPlan again: the next apply removes them.", e.lock, describe(later)))
	}
}
