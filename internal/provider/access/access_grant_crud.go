package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Private state keys of a grant, besides core.RemovalKey.
const (
	changeKey   = "change"     // true while an update that takes access away is not proven
	expiredKey  = "expired"    // true once the grant has ended and is gone
	lostKey     = "lost"       // true if somebody removed the grant and that is not proven
	unprovenKey = "unproven"   // IDs of codes and access methods that left the grant and are not proven to be off their locks
	takenKey    = "taken_back" // removal.Checkpoint of access methods that an update removed without a proof
	issuedKey   = "issued"     // issued: cards and phone keys that times before an update are on
)

// issued is what an update of the times made Seam forget: the cards and phone keys that were issued
// before, and until when the doors may accept them.
type issued struct {
	Until   time.Time `json:"until"`
	Methods []string  `json:"methods"`
}

// openEnd stands for no end.
var openEnd = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (m *accessGrant) Create(ctx context.Context, op *core.Request[accessGrant]) error {
	methods := m.requestedMethods(ctx, op.Client, op.Config.CodeWO)
	grant, err := seam.AccessGrants.Create(ctx, op.Client, seam.AccessGrantInput{
		UserIdentityID: m.UserIdentityID.ValueString(), Key: m.AccessGrantKey.ValueString(), ReservationKey: m.ReservationKey.ValueString(),
		CustomizationProfileID: m.CustomizationProfileID.ValueString(), DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs),
		SpaceIDs: core.StringsOf(m.SpaceIDs), RequestedMethods: methods,
		Name: core.Changed(m.Name, types.StringNull()), StartsAt: core.Changed(m.StartsAt, types.StringNull()), EndsAt: core.Changed(m.EndsAt, types.StringNull()),
	})
	if err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	m.Identify(workspace, grant.ID)
	if err != nil {
		return err
	}
	return m.awaitReady(ctx, op, grant.ID)
}

// awaitReady waits until the grant gives what it asks for, and sets the computed attributes. If that
// takes too long, it only warns, because Seam keeps trying.
func (m *accessGrant) awaitReady(ctx context.Context, op *core.Request[accessGrant], id string) error {
	ready, err := op.Client.AwaitAccessGrant(ctx, id, len(m.RequestedMethods.Elements()))
	if err != nil {
		op.AddWarning("Access grant not ready", err.Error()+"\n\n"+core.Advice(err, "access_grant"))
	}
	if ready.ID == "" && !op.Prior.ID.IsNull() { // it could not be read
		m.keepComputed(&op.Prior)
		return nil
	}
	for _, notice := range ready.Notices() {
		op.AddWarning("Door not opened as requested", notice)
	}
	m.StartsAt = core.KnownOr(m.StartsAt, core.PreserveSpelling(ready.StartsAt, types.StringNull()))
	m.setComputed(ready, ready.Codes)
	for _, lock := range ready.LocksWithOtherPIN() {
		op.AddWarning("Another PIN on a lock", fmt.Sprintf("Lock %s already has a code with the PIN that access grant %s asks for, so Seam chose another PIN for that lock. The ephemeral resource seam_access_grant_codes reads it.\n\nFor the same PIN on all locks, ask for one that is free on each of them.", lock, id))
	}
	return nil
}

func (m *accessGrant) Read(ctx context.Context, op *core.Request[accessGrant]) error {
	imported := m.WorkspaceID.IsNull()
	grant, err := removal.ReadAccessGrant(ctx, op.Client, m.target(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	gone, isGone := errors.AsType[*removal.GoneError](err)
	switch {
	case isGone && imported:
		return seam.NewAdvice(fmt.Sprintf("There is no access grant %s in this workspace.", m.ID.ValueString()), "Check the id; the Seam console shows it.")
	case isGone && gone.Expired:
		op.SetPrivate(ctx, expiredKey, true)
		if gone.Requested {
			op.SetPrivate(ctx, core.RemovalKey, nil) // the removal is complete, and its receipt is written
		}
		return nil
	case errors.Is(err, removal.ErrUnconfirmed):
		op.AddWarning("Removal not proven", err.Error()+"\n\nIt stays in the state, so that destroy can prove its removal. "+core.Advice(err, "access_grant"))
		if residual, ok := errors.AsType[*removal.ResidualError](err); ok && len(residual.IDs) > 0 && core.NeedsProof(m.Removal) && core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).RequestedAt.IsZero() {
			op.SetPrivate(ctx, lostKey, true)
		}
		return nil
	case err != nil:
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	m.Identify(workspace, grant.ID)
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
	for _, key := range []string{expiredKey, lostKey} {
		op.SetPrivate(ctx, key, nil)
	}
	if grant.BeingRemoved() {
		op.AddWarning("Removal in progress", fmt.Sprintf("Access grant %s is being removed, by an earlier run or outside Terraform. Run plan again once it is gone: it shows what is left to do.", grant.ID))
	}
	starts, ends := m.StartsAt, m.EndsAt
	codes := m.AccessCodes
	if !sameStrings(grant.MethodIDs, core.StringsOf(m.AccessMethodIDs)) || m.AccessCodes.IsNull() || m.lacksCode(ctx, op.Client, grant) || len(core.GetPrivate[[]string](ctx, op, unprovenKey)) > 0 {
		var err error
		if grant, err = op.Client.ReadGrantAccess(ctx, grant); err != nil {
			return err
		}
		kept, err := m.keepUnproven(ctx, op, grant)
		if err != nil {
			return err
		}
		codes = kept
	}
	m.fromGrant(grant)
	m.AccessCodes = codes
	if core.GetPrivate[bool](ctx, op, changeKey) {
		op.AddWarning("Change not proven", fmt.Sprintf("The last update of access grant %s takes access away, and is not proven to be in effect. The next apply repeats it.", grant.ID))
		m.StartsAt, m.EndsAt = starts, ends
	}
	return nil
}

// keepUnproven returns the codes of the grant, and those that left it but are not proven to be off
// their locks. The next plan removes the latter.
func (m *accessGrant) keepUnproven(ctx context.Context, op *core.Request[accessGrant], grant seam.AccessGrant) (types.List, error) {
	kept := codesOf(grant.Codes)
	var unproven []string
	target, o := m.target(ctx, op), m.updateRemoval(ctx, op)
	o.Save = func(removal.Checkpoint) {}
	for _, code := range target.Parts.Codes {
		if slices.ContainsFunc(grant.Codes, func(a seam.AccessCode) bool { return a.ID == code.ID }) {
			continue
		}
		_, err := removal.ReadAccessCode(ctx, op.Client, m.codeTarget(ctx, code), o)
		_, gone := errors.AsType[*removal.GoneError](err)
		switch {
		case gone:
			continue
		case err != nil && !errors.Is(err, removal.ErrUnconfirmed) && !seam.IsUnmanagedError(err):
			return codeList(kept), err
		}
		op.AddWarning("Removal not proven", fmt.Sprintf("Access code %s does not belong to access grant %s any more, but it is not proven that its PIN is off lock %s. The next apply removes it.", code.ID, grant.ID, code.DeviceID))
		unproven = append(unproven, code.ID)
		kept = append(kept, grantCode{types.StringValue(code.ID), types.StringValue(code.DeviceID)})
	}
	switch err := removal.CheckTakenBack(ctx, op.Client, target, o); {
	case err == nil:
	case errors.Is(err, removal.ErrUnconfirmed):
		op.AddWarning("Removal not proven", err.Error()+"\n\nThe next apply continues the removal. "+core.Advice(err, "access_grant"))
		unproven = append(unproven, o.Checkpoint.Parts.MethodIDs...)
	default:
		return codeList(kept), err
	}
	if unproven == nil {
		op.SetPrivate(ctx, unprovenKey, nil)
		op.SetPrivate(ctx, takenKey, nil)
	} else {
		op.SetPrivate(ctx, unprovenKey, unproven)
	}
	return codeList(kept), nil
}

func (m *accessGrant) codeTarget(ctx context.Context, code removal.GrantCode) removal.AccessCode {
	target := removal.AccessCode{ID: code.ID, DeviceID: code.DeviceID, Name: m.Name.ValueString(), LikelyPINs: m.preferredPINs(ctx)}
	target.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	target.LikelySince = target.CreatedAt
	return target
}

func (m *accessGrant) Update(ctx context.Context, op *core.Request[accessGrant]) error {
	if core.GetPrivate[bool](ctx, op, expiredKey) {
		op.AddWarning("Change not sent to Seam", fmt.Sprintf("Access grant %s has expired and is gone, so the change was only recorded in the state.", m.ID.ValueString()))
		m.keepComputed(&op.Prior)
		return nil
	}
	if core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).Unfinished() && m.onlyRemovalChanged(&op.Prior) {
		m.keepComputed(&op.Prior)
		return nil
	}
	if err := m.updateGrant(ctx, op); err != nil {
		return err
	}
	taken := core.GetPrivate[removal.Checkpoint](ctx, op, takenKey).Parts
	if err := m.removeFormerCodes(ctx, op); err != nil {
		return err
	}
	if err := m.updateMethods(ctx, op); err != nil {
		return err
	}
	if taken != nil && len(taken.MethodIDs) > 0 { // the proof is about all of them
		if err := m.removeMethods(ctx, op, taken.MethodIDs[:1]); err != nil {
			return err
		}
	}
	op.SetPrivate(ctx, unprovenKey, nil)
	op.SetPrivate(ctx, takenKey, nil)
	op.SetPrivate(ctx, core.RemovalKey, nil)
	return m.awaitReady(ctx, op, m.ID.ValueString())
}

// updateGrant changes the name and the times.
func (m *accessGrant) updateGrant(ctx context.Context, op *core.Request[accessGrant]) error {
	again := core.GetPrivate[bool](ctx, op, changeKey)
	in := seam.AccessGrantInput{Name: core.Changed(m.Name, op.Prior.Name)}
	moved := !sameTime(m.StartsAt, op.Prior.StartsAt) || !sameTime(m.EndsAt, op.Prior.EndsAt)
	if moved || again {
		in.StartsAt, in.EndsAt = core.Changed(m.StartsAt, types.StringNull()), core.Changed(m.EndsAt, types.StringUnknown())
		if m.EndsAt.IsNull() {
			in.EndsAt = seam.Null[string]()
		}
	} else if in.Name.IsZero() {
		return nil
	}
	target := op.Prior.target(ctx, op)
	if moved || again {
		op.SetPrivate(ctx, changeKey, true)
	}
	o := core.RemovalOptions(ctx, op, op.Prior.WorkspaceID, m.Removal)
	o.Checkpoint, o.Save = removal.Checkpoint{}, func(c removal.Checkpoint) {
		if len(c.Parts.Unprovable) > 0 {
			op.SetPrivate(ctx, issuedKey, issued{target.IssuedUntil, c.Parts.Unprovable})
		}
	}
	if _, err := removal.UpdateAccessGrant(ctx, op.Client, target, in, op.Prior.window(), m.window(), o); err != nil {
		return err
	}
	op.SetPrivate(ctx, changeKey, nil)
	return nil
}

// removeFormerCodes removes, with proof, the codes in the state that the grant does not have any more:
// those of methods that were deleted, and those that somebody took out of it.
func (m *accessGrant) removeFormerCodes(ctx context.Context, op *core.Request[accessGrant]) error {
	former, unproven := op.Prior.target(ctx, op).Parts.Codes, core.GetPrivate[[]string](ctx, op, unprovenKey)
	if len(former) == 0 {
		return nil
	}
	_, listed, err := op.Client.ListAccessCodes(ctx, map[string]any{"access_grant_id": m.ID.ValueString()})
	if err != nil {
		return err
	}
	for _, code := range former {
		if slices.Contains(seam.IDsOf(listed), code.ID) {
			continue
		}
		owner, err := op.Client.GrantOfCode(ctx, code.ID) // absence from a list proves nothing
		if err != nil && !seam.IsNotFound(err, "access_code_not_found") {
			return err
		}
		if owner != "" {
			continue // of this grant, or of another one, whose access it is
		}
		seen, err := op.Client.LookUpAccessCode(ctx, code.ID, seam.LookupOptions{})
		if err == nil && !seen.Gone && !seen.Code.BeingRemoved() && !slices.Contains(unproven, code.ID) {
			continue // it is there and managed: the list is out of date
		}
		if err != nil && !seam.IsUnmanagedError(err) {
			return err
		}
		if err := removal.RemoveAccessCode(ctx, op.Client, op.Prior.codeTarget(ctx, code), m.updateRemoval(ctx, op)); err != nil {
			return adviseUpdate(err)
		}
	}
	return nil
}

// updateRemoval are the options for what an update removes. What was on the locks before the first
// such request counts until everything is proven.
func (m *accessGrant) updateRemoval(ctx context.Context, op *core.Request[accessGrant]) removal.Options {
	o := core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal)
	o.Checkpoint = core.GetPrivate[removal.Checkpoint](ctx, op, takenKey)
	o.Checkpoint.DeleteRequests = nil
	o.Save = func(c removal.Checkpoint) { op.SetPrivate(ctx, takenKey, c) }
	return o
}

// adviseUpdate says what to do about a removal that an update did not finish.
func adviseUpdate(err error) error {
	if errors.Is(err, removal.ErrRefused) || errors.Is(err, removal.ErrUnconfirmed) {
		return core.WithAdvice(err, seam.Advice(err, "Apply again: it continues where this run stopped. If a lock needs more time, raise timeouts.update."))
	}
	return err
}

func (m *accessGrant) Delete(ctx context.Context, op *core.Request[accessGrant]) error {
	return removal.RemoveAccessGrant(ctx, op.Client, m.target(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
