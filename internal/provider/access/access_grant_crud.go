package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Private state keys of a grant, besides core.RemovalKey and core.ExpiredKey.
const (
	progressKey = "progress" // removal.GrantProgress
	lostKey     = "lost"     // true if somebody removed the grant and that is not proven
)

func (m *accessGrant) Create(ctx context.Context, op *core.Request[accessGrant]) error {
	grant, err := op.Client.CreateAccessGrant(ctx, m.input(ctx, op.Config.CodeWO.ValueString()))
	if err != nil {
		return err
	}
	if err := m.SetID(ctx, op.Client, grant.ID); err != nil {
		return err
	}
	return m.awaitReady(ctx, op)
}

// awaitReady waits until the grant gives what it asks for, and sets the computed attributes. If that
// takes too long, it only warns, because Seam keeps trying.
func (m *accessGrant) awaitReady(ctx context.Context, op *core.Request[accessGrant]) error {
	ready, err := op.Client.AwaitAccessGrant(ctx, m.ID.ValueString(), len(m.RequestedMethods.Elements()))
	if err != nil {
		op.AddWarning("Access grant not ready", err.Error()+"\n\n"+core.Advice(err, "access_grant"))
	}
	if ready.ID == "" && !op.Prior.ID.IsNull() { // it could not be read
		return nil
	}
	for _, notice := range ready.Notices() {
		op.AddWarning("Door not opened as requested", notice)
	}
	m.StartsAt = core.KnownOr(m.StartsAt, core.PreserveSpelling(ready.StartsAt, types.StringNull()))
	m.setComputed(ready, ready.Codes)
	for _, lock := range ready.LocksWithOtherPIN() {
		op.AddWarning("Another PIN on a lock", fmt.Sprintf("Lock %s already has a code with the PIN that access grant %s asks for, so Seam chose another PIN for that lock. The ephemeral resource seam_access_grant_codes reads it.\n\nFor the same PIN on all locks, ask for one that is free on each of them.", lock, ready.ID))
	}
	return nil
}

func (m *accessGrant) Read(ctx context.Context, op *core.Request[accessGrant]) error {
	imported := m.WorkspaceID.IsNull()
	grant, err := removal.ReadAccessGrant(ctx, op.Client, m.target(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	if core.KeepRemoved(ctx, op, "access_grant", err) {
		if core.RemainsOnLock(err) && core.NeedsProof(m.Removal) && core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).RequestedAt.IsZero() {
			op.SetPrivate(ctx, lostKey, true)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := m.SetID(ctx, op.Client, grant.ID); err != nil {
		return err
	}
	if imported {
		if grant, err = op.Client.ReadGrantAccess(ctx, grant); err == nil {
			m.fromAPI(grant)
		}
		return err
	}
	return m.refresh(ctx, op, grant)
}

// refresh updates the model from a grant. After an unproven update that takes access away, the old
// times stay in the state, so that the next apply repeats the update.
func (m *accessGrant) refresh(ctx context.Context, op *core.Request[accessGrant], grant seam.AccessGrant) error {
	op.SetPrivate(ctx, core.ExpiredKey, nil)
	op.SetPrivate(ctx, lostKey, nil)
	if grant.BeingRemoved() {
		op.AddWarning("Removal in progress", fmt.Sprintf("Access grant %s is being removed, by an earlier run or outside Terraform. Run plan again once it is gone: it shows what is left to do.", grant.ID))
	}
	before, known := *m, m.target(ctx, op)
	if m.AccessCodes.IsNull() || known.IsOutdated(ctx, op.Client, grant) {
		var err error
		if grant, err = op.Client.ReadGrantAccess(ctx, grant); err != nil {
			return err
		}
		codes, progress, err := removal.CheckFormerParts(ctx, op.Client, known, grant, core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
		if err != nil {
			return err
		}
		op.SetPrivate(ctx, progressKey, progress)
		before.AccessCodes = grantedCodeList(ctx, codes)
	}
	m.fromGrant(grant)
	m.AccessCodes = before.AccessCodes
	if known.Progress.TimesUnproven {
		op.AddWarning("Change not proven", fmt.Sprintf("The last update of access grant %s takes access away, and is not proven to be in effect. The next apply repeats it.", grant.ID))
		m.StartsAt, m.EndsAt = before.StartsAt, before.EndsAt
	}
	return nil
}

func (m *accessGrant) Update(ctx context.Context, op *core.Request[accessGrant]) error {
	if core.GetPrivate[bool](ctx, op, core.ExpiredKey) {
		op.AddWarning("Change not sent to Seam", fmt.Sprintf("Access grant %s has expired and is gone, so the change was only recorded in the state.", m.ID.ValueString()))
		return nil
	}
	if core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).Unfinished() && m.onlyRemovalChanged(&op.Prior) {
		return nil
	}
	update := removal.AccessGrantUpdate{
		Grant: op.Prior.target(ctx, op), From: core.Window(op.Prior.StartsAt, op.Prior.EndsAt), To: core.Window(m.StartsAt, m.EndsAt), Requested: requestedMethods(ctx, m.RequestedMethods, ""),
		WriteOnlyPIN: op.Config.CodeWO.ValueString(), Rotate: !op.Config.CodeWO.IsNull() && !m.CodeWOVersion.Equal(op.Prior.CodeWOVersion),
		Input:        seam.AccessGrantInput{Name: core.Changed(m.Name, op.Prior.Name), StartsAt: core.Changed(m.StartsAt, types.StringNull()), EndsAt: core.Changed(m.EndsAt, types.StringUnknown())},
		SaveProgress: func(p removal.GrantProgress) { op.SetPrivate(ctx, progressKey, p) },
	}
	if err := removal.UpdateAccessGrant(ctx, op.Client, update, core.RemovalOptions(ctx, op, op.Prior.WorkspaceID, m.Removal)); err != nil {
		return err
	}
	op.SetPrivate(ctx, core.RemovalKey, nil)
	return m.awaitReady(ctx, op)
}

func (m *accessGrant) Delete(ctx context.Context, op *core.Request[accessGrant]) error {
	return removal.RemoveAccessGrant(ctx, op.Client, m.target(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
