package accesscode

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Private state keys of the exclusive resource.
const (
	claimKey    = "claim"    // token of its [seam.LockClaim]
	removalsKey = "removals" // removals in progress, by access code ID
)

// removals are the checkpoints of removals that are not proven yet, by access code ID.
type removals map[string]removal.Checkpoint

// Create removes nothing: the plan of a new object cannot tell apply which codes it has listed.
func (m *exclusive) Create(ctx context.Context, op *core.Request[exclusive]) error {
	device, err := op.Client.GetDevice(ctx, m.DeviceID.ValueString())
	if err != nil {
		return err
	}
	if err := m.SetID(ctx, op.Client, device.ID); err != nil {
		return err
	}
	op.Client.ForgetNewClaims(device.ID)
	op.SetPrivate(ctx, claimKey, rand.Text())
	return nil
}

// Read finds the strangers on the lock. An import finds none, because it does not know yet what is
// allowed.
func (m *exclusive) Read(ctx context.Context, op *core.Request[exclusive]) error {
	if m.DeviceID.IsNull() {
		return m.readImport(ctx, op)
	}
	if err := op.Client.RequireWorkspace(ctx, m.WorkspaceID.ValueString()); err != nil {
		return err
	}
	on, err := op.Client.CodesOnLock(ctx, m.DeviceID.ValueString())
	if err != nil {
		return m.readError(ctx, op, err)
	}
	allowed, err := m.allowance(ctx, op.Client, on, false)
	if err != nil {
		return err
	}
	found := withoutTracked(ctx, op.Client, allowed.strangersOn(op.Client, on))
	if err := m.keepUnproven(ctx, op, found, on, allowed); err != nil {
		return err
	}
	m.Strangers = strangerMap(ctx, found)
	return nil
}

func (m *exclusive) readImport(ctx context.Context, op *core.Request[exclusive]) error {
	device, err := op.Client.GetDeviceInWorkspace(ctx, m.ID.ValueString(), "")
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, device.ID)
	m.DeviceID, m.Strangers = m.ID, strangerMap(ctx, nil)
	op.SetPrivate(ctx, claimKey, rand.Text())
	return err
}

// readError keeps the state of a lock that is missing or unmanaged: it may come back.
func (m *exclusive) readError(ctx context.Context, op *core.Request[exclusive], err error) error {
	if !seam.IsNotFound(err, "device_not_found") {
		return err
	}
	_, _, missing := op.Client.GetLockDevice(ctx, m.DeviceID.ValueString())
	if !errors.Is(missing, seam.ErrNotObservable) {
		return err
	}
	op.AddWarning("Lock not read", missing.Error()+"\n\n"+adviceFor(missing))
	return nil
}

// withoutTracked drops the managed codes that this run has in a state.
func withoutTracked(ctx context.Context, client *seam.Client, found map[string]stranger) map[string]stranger {
	var managed []string
	others := map[string]stranger{}
	for id, s := range found {
		if s.Kind.ValueString() == kindManaged {
			managed = append(managed, id)
		} else {
			others[id] = s
		}
	}
	if len(managed) > 0 {
		for _, id := range client.Untracked(ctx, managed) {
			others[id] = found[id]
		}
	}
	return others
}

// keepUnproven adds the strangers in the state that the lists lack, unless it is proven that they are
// gone.
func (m *exclusive) keepUnproven(ctx context.Context, op *core.Request[exclusive], found map[string]stranger, on seam.LockCodes, allowed allowance) error {
	pending := core.GetPrivate[removals](ctx, op, removalsKey)
	for id, s := range m.strangers(ctx) {
		_, _, listed := on.Get(id)
		if listed || allowed.lists(id) {
			continue
		}
		gone, err := m.isGone(ctx, op, id, s, pending)
		if err != nil {
			return err
		}
		if !gone {
			found[id] = s
		}
	}
	return nil
}

// isGone reports whether it is proven that a stranger is gone. If an earlier run has requested its
// removal, that is the proof of the removal.
func (m *exclusive) isGone(ctx context.Context, op *core.Request[exclusive], id string, s stranger, pending removals) (bool, error) {
	checkpoint, requested := pending[id]
	if !requested || !checkpoint.Unfinished() {
		return op.Client.IsOffLock(ctx, m.DeviceID.ValueString(), id)
	}
	read := removal.ReadUnmanagedAccessCode
	if s.Kind.ValueString() == kindManaged {
		read = removal.ReadAccessCode
	}
	code := removal.AccessCode{ID: id, DeviceID: m.DeviceID.ValueString(), Name: s.Name.ValueString()}
	_, err := read(ctx, op.Client, code, removal.Options{
		WorkspaceID: m.WorkspaceID.ValueString(), Mode: removal.Verified, Checkpoint: checkpoint, Save: func(removal.Checkpoint) {}, Warn: op.AddWarning,
	})
	gone, proven := errors.AsType[*removal.GoneError](err)
	switch {
	case proven:
		op.AddWarning("Removal complete", gone.Error())
		return true, nil
	case errors.Is(err, removal.ErrUnconfirmed):
		op.AddWarning("Removal not proven", err.Error()+"\n\nIt stays among the strangers, so that apply can prove its removal. "+adviceFor(err))
		return false, nil
	}
	return false, err
}

// Delete ends the control and removes nothing.
func (m *exclusive) Delete(ctx context.Context, op *core.Request[exclusive]) error {
	known := m.strangers(ctx)
	for id, checkpoint := range core.GetPrivate[removals](ctx, op, removalsKey) {
		if s, still := known[id]; still && checkpoint.Unfinished() {
			op.AddWarning("Removal not proven", fmt.Sprintf("An earlier apply requested the removal of %s from lock %s, and it is not proven. Destroy ends the control of the lock without that proof.", s.describe(id), m.DeviceID.ValueString()))
		}
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return op.Client.RequireWorkspace(ctx, m.WorkspaceID.ValueString())
	})
}

// adviceFor is the advice of an error of this resource, which has no argument `removal`.
func adviceFor(err error) string {
	return seam.RenderSteps(seam.Advice(err, "Run apply again: it continues where this one stopped."), func(s seam.Step) string {
		if s.Kind == seam.StepImport {
			return core.ImportCommand(s.Noun, s.ID)
		}
		return "To end the control of the lock, remove the resource from the configuration: that removes no code from the lock."
	})
}
