package accesssystem

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var e164 = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

func (m *acsUser) Create(ctx context.Context, op *core.Request[acsUser]) error {
	in := m.changes(&acsUser{})
	in.SystemID, in.UserIdentityID = m.SystemID.ValueString(), m.UserIdentityID.ValueString()
	made, err := seam.AcsUsers.Create(ctx, op.Client, in)
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, made.ID)
	if err == nil && m.IsSuspended.ValueBool() && !made.Suspended() {
		made, err = op.Client.SuspendAcsUser(ctx, m.Ref(), true)
	}
	if err != nil {
		return err
	}
	if made.Pending("deferring_creation") != nil {
		op.AddWarning("User is not in the access system yet", fmt.Sprintf("Seam creates acs user %s in the access system when a credential is issued. Terraform does not wait for that.", made.ID))
	}
	m.setComputed(made)
	return nil
}

// setComputed sets what the plan does not know.
func (m *acsUser) setComputed(u seam.AcsUser) {
	m.UserIdentityID, m.IsSuspended = core.KnownOr(m.UserIdentityID, core.StringOrNull(u.UserIdentityID)), core.KnownOr(m.IsSuspended, types.BoolValue(u.Suspended()))
	m.DeletedExternally = core.KnownOr(m.DeletedExternally, types.BoolValue(u.DeletedExternally()))
	m.CreatedAt = core.KnownOr(m.CreatedAt, core.TimeValue(u.CreatedAt))
}

// changes are the arguments that differ from those of a prior state.
func (m *acsUser) changes(prior *acsUser) seam.AcsUserInput {
	in := seam.AcsUserInput{
		FullName: core.Changed(m.FullName, prior.FullName), EmailAddress: core.Changed(m.EmailAddress, prior.EmailAddress), PhoneNumber: core.Changed(m.PhoneNumber, prior.PhoneNumber),
	}
	switch schedule := m.schedule(); {
	case m.AccessSchedule.Equal(prior.AccessSchedule):
	case schedule != nil:
		in.AccessSchedule = seam.Value(*schedule)
	case !prior.AccessSchedule.IsNull():
		in.AccessSchedule = seam.Null[seam.AccessScheduleInput]()
	}
	return in
}

// schedule is the planned access schedule; nil for always.
func (m *acsUser) schedule() *seam.AccessScheduleInput {
	if m.AccessSchedule.IsNull() {
		return nil
	}
	starts, ends := scheduleTimes(m.AccessSchedule)
	return &seam.AccessScheduleInput{StartsAt: starts.ValueString(), EndsAt: ends.ValueString()}
}

func (m *acsUser) Read(ctx context.Context, op *core.Request[acsUser]) error {
	found, err := removal.ReadAcsUser(ctx, op.Client, m.target(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	if core.KeepUnproven(op, "acs_user", err) {
		return nil
	}
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, found.ID)
	m.fromAPI(found)
	if found.Pending("updating_access_schedule") != nil || found.Pending("updating_suspension_state") != nil {
		op.AddWarning("Change in progress", fmt.Sprintf("The access system has not confirmed the last change of acs user %s: the state has what was so before. Run plan again later; it shows what is left to do.", found.ID))
	}
	if found.BeingRemoved() {
		op.AddWarning("Removal in progress", fmt.Sprintf("Acs user %s is being deleted, by an earlier run or outside Terraform. Run plan again once the user is gone: it shows what is left to do.", found.ID))
	}
	return err
}

func (m *acsUser) Update(ctx context.Context, op *core.Request[acsUser]) error {
	if err := op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString()); err != nil {
		return err
	}
	in := m.changes(&op.Prior)
	now, err := op.Client.UpdateAcsUser(ctx, op.Prior.Ref(), in, m.schedule())
	if _, gone := errors.AsType[*seam.NotFoundError](err); err != nil && (!gone || in != (seam.AcsUserInput{})) {
		return err // a user who is gone, without proof, can still get another removal mode
	}
	// Seam may have what an earlier run has sent, and the access system not yet.
	pending := now.ID != "" && !op.Config.IsSuspended.IsNull() && now.IsSuspended != m.IsSuspended.ValueBool()
	if pending || !m.IsSuspended.Equal(op.Prior.IsSuspended) {
		if _, err := op.Client.SuspendAcsUser(ctx, op.Prior.Ref(), m.IsSuspended.ValueBool()); err != nil {
			return err
		}
	}
	return m.updateLink(ctx, op)
}

// updateLink moves the user from one user identity to another.
func (m *acsUser) updateLink(ctx context.Context, op *core.Request[acsUser]) error {
	before, after := op.Prior.UserIdentityID.ValueString(), m.UserIdentityID.ValueString()
	if before == after {
		return nil
	}
	if before != "" {
		if err := op.Client.LinkAcsUser(ctx, before, m.ID.ValueString(), false); err != nil {
			return err
		}
	}
	return op.Client.LinkAcsUser(ctx, after, m.ID.ValueString(), true)
}

// Plan refuses changes that Seam cannot make, and replaces a user who was deleted in the access system.
func (m *acsUser) Plan(ctx context.Context, p *core.PlanRequest[acsUser]) {
	if p.Prior == nil || !m.SystemID.Equal(p.Prior.SystemID) {
		return
	}
	if p.Prior.DeletedExternally.ValueBool() {
		p.MarkUnknown("deleted_externally")
		p.RequireReplace("deleted_externally")
		return
	}
	for name, values := range map[string][2]types.String{"email_address": {m.EmailAddress, p.Prior.EmailAddress}, "phone_number": {m.PhoneNumber, p.Prior.PhoneNumber}} {
		if values[0].IsNull() && !values[1].IsNull() {
			p.AddAttributeError(name, "Seam cannot clear it.", "Set it to the value that it has, or to another one. To clear it, replace the user with apply -replace, which deletes the credentials of the user.")
		}
	}
	_, ends := scheduleTimes(m.AccessSchedule)
	if !m.AccessSchedule.IsNull() && !m.AccessSchedule.IsUnknown() && ends.IsNull() && !m.AccessSchedule.Equal(p.Prior.AccessSchedule) {
		p.AddAttributeError("access_schedule", "Seam cannot change the schedule of a user to one without an end.", "Set ends_at, or remove access_schedule, which lets the user in at any time.")
		return
	}
	m.warnOfCards(ctx, p)
}

// warnOfCards says beforehand that a suspension or another schedule may not reach the user's cards.
func (m *acsUser) warnOfCards(ctx context.Context, p *core.PlanRequest[acsUser]) {
	for name, shuts := range map[string]bool{
		"is_suspended":    m.IsSuspended.ValueBool() && !p.Prior.IsSuspended.ValueBool(),
		"access_schedule": !m.AccessSchedule.IsNull() && !m.AccessSchedule.Equal(p.Prior.AccessSchedule),
	} {
		if !shuts || !p.CheckReachable(ctx) {
			continue
		}
		if offline, err := p.Client.SystemReadsCards(ctx, m.SystemID.ValueString()); err == nil && offline {
			p.AddAttributeWarning(name, "Cards may open all the same", "Doors of this access system read the rights from the card or phone. What was issued to the user may open them until it ends, or until it is written again. Collect the cards.")
		}
	}
}

func (m *acsUser) Delete(ctx context.Context, op *core.Request[acsUser]) error {
	return removal.RemoveAcsUser(ctx, op.Client, m.target(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
