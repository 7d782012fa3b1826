package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func (m *accessCode) id() types.String        { return m.ID }
func (m *accessCode) timeout() timeouts.Value { return m.Timeouts }

func (m *accessCode) create(ctx context.Context, op *crudRequest[accessCode]) error {
	if !m.AdoptAccessCodeID.IsNull() {
		return m.adopt(ctx, op)
	}
	code, err := op.client.CreateAccessCode(ctx, m.createInput(op.config))
	if err != nil {
		return err
	}
	m.fillUnknown(code)
	op.setPrivate(ctx, unseenKey, true)
	ready, err := op.client.ReadBackAccessCode(ctx, code)
	if err == nil {
		op.setPrivate(ctx, unseenKey, nil)
		ready, err = op.client.AwaitAccessCode(ctx, ready, m.Code.IsUnknown(), m.WaitForSet.ValueBool())
	}
	if err != nil {
		op.addWarning("Access code not ready", err.Error()+"\n\n"+advice(err, "access_code"))
	}
	m.Code = knownOr(m.Code, stringOrNull(ready.Code))
	return nil
}

func (m *accessCode) adoptionInput() seam.AdoptInput {
	return seam.AdoptInput{
		AccessCodeID: m.AdoptAccessCodeID.ValueString(), DeviceID: m.DeviceID.ValueString(), Force: m.ForceAdoption.ValueBool(),
		IsExternalModificationAllowed: knownPointer(m.IsExternalModificationAllowed.IsUnknown(), m.IsExternalModificationAllowed.ValueBoolPointer()),
	}
}

// adopt takes over a code that is on the lock, and changes it to what is planned. It
// belongs to the state from then on, even if the change fails.
func (m *accessCode) adopt(ctx context.Context, op *crudRequest[accessCode]) error {
	code, err := op.client.AdoptAccessCode(ctx, m.adoptionInput())
	if err != nil {
		return err
	}
	op.prior = *m
	op.prior.CodeWOVersion = types.Int64Null()
	op.prior.fromAPI(code)
	m.ID = op.prior.ID
	m.Name = knownOr(m.Name, op.prior.Name)
	m.IsExternalModificationAllowed = knownOr(m.IsExternalModificationAllowed, op.prior.IsExternalModificationAllowed)
	err = m.applyUpdate(ctx, op)
	m.fillUnknown(code) // what the change left open
	if err != nil {
		m.StartsAt, m.EndsAt = op.prior.StartsAt, op.prior.EndsAt
		if m.CodeWOVersion.IsNull() {
			m.Code = op.prior.Code
		}
		return adviceError{err, advice(err, "access_code") + "\n\nThe code is adopted all the same. To repeat only the change, run `terraform untaint` on this resource and apply; otherwise the next apply removes the code and makes a new one."}
	}
	if !m.WaitForSet.ValueBool() {
		return nil
	}
	if code, err = op.client.ReadBackAccessCode(ctx, code); err == nil {
		_, err = op.client.AwaitAccessCode(ctx, code, false, true)
	}
	if err != nil {
		op.addWarning("Access code not ready", err.Error()+"\n\n"+advice(err, "access_code"))
	}
	return nil
}

func (m *accessCode) createInput(config accessCode) seam.AccessCodeInput {
	in := seam.AccessCodeInput{
		DeviceID:                      m.DeviceID.ValueString(),
		Name:                          knownPointer(m.Name.IsUnknown(), m.Name.ValueStringPointer()),
		Code:                          knownPointer(m.Code.IsUnknown(), m.Code.ValueStringPointer()),
		StartsAt:                      m.StartsAt.ValueStringPointer(),
		EndsAt:                        m.EndsAt.ValueStringPointer(),
		CommonCodeKey:                 m.CommonCodeKey.ValueStringPointer(),
		PreferredCodeLength:           m.PreferredCodeLength.ValueInt64Pointer(),
		MaxTimeRounding:               m.MaxTimeRounding.ValueStringPointer(),
		PreferNativeScheduling:        m.PreferNativeScheduling.ValueBoolPointer(),
		UseBackupAccessCodePool:       m.UseBackupAccessCodePool.ValueBoolPointer(),
		IsOfflineAccessCode:           knownPointer(m.IsOfflineAccessCode.IsUnknown(), m.IsOfflineAccessCode.ValueBoolPointer()),
		IsOneTimeUse:                  knownPointer(m.IsOneTimeUse.IsUnknown(), m.IsOneTimeUse.ValueBoolPointer()),
		IsExternalModificationAllowed: knownPointer(m.IsExternalModificationAllowed.IsUnknown(), m.IsExternalModificationAllowed.ValueBoolPointer()),
	}
	if !config.CodeWO.IsNull() {
		in.Code = config.CodeWO.ValueStringPointer()
	}
	return in
}

// fillUnknown fills what the plan left open. What was planned stays: if Seam made something
// else of it, the next plan shows that.
func (m *accessCode) fillUnknown(code seam.AccessCode) {
	m.ID = knownOr(m.ID, types.StringValue(code.ID))
	m.WorkspaceID = knownOr(m.WorkspaceID, stringOrNull(code.WorkspaceID))
	m.Type = knownOr(m.Type, stringOrNull(code.Type))
	m.CreatedAt = knownOr(m.CreatedAt, preserveSpelling(code.CreatedAt, types.StringNull()))
	m.Name = knownOr(m.Name, stringOrNull(code.Name))
	m.IsOfflineAccessCode = knownOr(m.IsOfflineAccessCode, types.BoolValue(code.IsOfflineAccessCode))
	m.IsOneTimeUse = knownOr(m.IsOneTimeUse, types.BoolValue(code.IsOneTimeUse))
	m.IsExternalModificationAllowed = knownOr(m.IsExternalModificationAllowed, types.BoolValue(code.IsExternalModificationAllowed))
}

func (m *accessCode) read(ctx context.Context, op *crudRequest[accessCode]) error {
	code, err := removal.ReadAccessCode(ctx, op.client, m.removalTarget(ctx, op), m.removalOptions(ctx, op))
	letsGo := m.removalMode() == removal.Requested || m.removalMode() == removal.Abandoned
	gone, isGone := errors.AsType[*removal.GoneError](err)
	_, isUnmanaged := errors.AsType[*seam.UnmanagedError](err)
	switch {
	case err == nil:
		return m.applyRead(ctx, op, code)
	case isGone && gone.Expired:
		op.setPrivate(ctx, expiredKey, true)
		if gone.Requested {
			op.setPrivate(ctx, removalKey, nil) // it has ended, and has its receipt
		}
		return nil
	case errors.Is(err, removal.ErrUnconfirmed):
		op.addWarning("Removal not proven", err.Error()+"\n\nThe state keeps it, so that destroy can prove its removal. "+advice(err, "access_code"))
		if !letsGo && m.pinRemainsUnmanaged(ctx, op, err) {
			m.IsManaged = types.BoolValue(false)
			op.setPrivate(ctx, unmanagedPINKey, true)
		}
		return nil
	case isUnmanaged && !letsGo:
		op.addWarning("Access code no longer managed", err.Error()+"\n\n"+advice(err, "access_code"))
		m.IsManaged = types.BoolValue(false)
		op.setPrivate(ctx, unmanagedPINKey, nil)
		return nil
	case errors.Is(err, seam.ErrNotObservable) && letsGo:
		op.addWarning("Access code out of sight", fmt.Sprintf("%v\n\nThe state is taken as it is, because removal = %q.", err, m.removalMode()))
		return nil
	}
	return err
}

// applyRead takes over what Seam says now. After a change that took access away without
// proof, the values from before stay, so that the next apply repeats it.
func (m *accessCode) applyRead(ctx context.Context, op *crudRequest[accessCode], code seam.AccessCode) error {
	if err := m.trackFormer(ctx, op, code); err != nil {
		return err
	}
	if getPrivate[removal.Checkpoint](ctx, op.private, op.diags, changeKey).Unfinished() {
		op.addWarning("Change not proven", fmt.Sprintf("The last change of access code %s took access away and is not proven. The next apply repeats it.", code.ID))
	} else {
		m.setCodeAndWindow(code)
	}
	if trouble := op.client.NotOnLockReason(code); trouble != "" {
		op.addWarning("PIN not on its lock", trouble)
	}
	if !m.CodeWOVersion.IsNull() {
		m.Code = types.StringNull()
	}
	if code.BeingRemoved() {
		op.addWarning("Removal under way", fmt.Sprintf("Access code %s is being removed from lock %s, by an earlier run or by somebody else.", code.ID, code.DeviceID))
	}
	if code.PulledBackupAccessCodeID != "" {
		memory := getPrivate[removal.Checkpoint](ctx, op.private, op.diags, removalKey)
		memory.BackupCodeID = code.PulledBackupAccessCodeID
		op.setPrivate(ctx, removalKey, memory)
	}
	op.setPrivate(ctx, expiredKey, nil)
	op.setPrivate(ctx, unseenKey, nil)
	op.setPrivate(ctx, unmanagedPINKey, nil)
	m.setMetadata(code)
	return nil
}

// setCodeAndWindow takes over whom the code lets in, and when.
func (m *accessCode) setCodeAndWindow(code seam.AccessCode) {
	m.Code, m.StartsAt, m.EndsAt = stringOrNull(code.Code), preserveSpelling(code.StartsAt, m.StartsAt), preserveSpelling(code.EndsAt, m.EndsAt)
	if code.Type == "ongoing" {
		m.StartsAt, m.EndsAt = types.StringNull(), types.StringNull()
	}
}

// fromAPI takes over everything, as after an import.
func (m *accessCode) fromAPI(code seam.AccessCode) {
	m.setCodeAndWindow(code)
	m.setMetadata(code)
}

// setMetadata takes over all but the PIN and the window.
func (m *accessCode) setMetadata(code seam.AccessCode) {
	m.ID, m.WorkspaceID, m.DeviceID = types.StringValue(code.ID), stringOrNull(code.WorkspaceID), types.StringValue(code.DeviceID)
	m.Type, m.CreatedAt, m.Name = stringOrNull(code.Type), preserveSpelling(code.CreatedAt, m.CreatedAt), stringOrNull(code.Name)
	m.IsOfflineAccessCode, m.IsOneTimeUse = types.BoolValue(code.IsOfflineAccessCode), types.BoolValue(code.IsOneTimeUse)
	m.IsExternalModificationAllowed, m.IsManaged = types.BoolValue(code.IsExternalModificationAllowed), types.BoolValue(true)
}

func (m *accessCode) update(ctx context.Context, op *crudRequest[accessCode]) error {
	target := op.prior.removalTarget(ctx, op)
	if getPrivate[bool](ctx, op.private, op.diags, expiredKey) {
		if err := m.requireOldPINGone(ctx, op, target); err != nil {
			return err
		}
		op.addWarning("Only recorded", fmt.Sprintf("Access code %s has expired and is gone, so the change was written to the state only.", m.ID.ValueString()))
		m.Type = knownOr(m.Type, op.prior.Type)
		m.Code = knownOr(m.Code, types.StringNull())
		return nil
	}
	if lost := op.prior.IsManaged; !lost.IsNull() && !lost.ValueBool() && m.removalMode() != removal.Requested && m.removalMode() != removal.Abandoned {
		if err := m.restoreManaged(ctx, op); err != nil {
			return err
		}
	}
	return m.applyUpdate(ctx, op)
}

// applyUpdate changes the code from what it was before to what is planned.
func (m *accessCode) applyUpdate(ctx context.Context, op *crudRequest[accessCode]) error {
	target := op.prior.removalTarget(ctx, op)
	change := removal.AccessCodeUpdate{
		DeviceID: target.DeviceID, WorkspaceID: op.prior.WorkspaceID.ValueString(), PIN: target.PIN, EndsAt: target.EndsAt, CreatedAt: target.CreatedAt,
		Checkpoint: target.UpdateCheckpoint, SaveCheckpoint: func(memory removal.Checkpoint) { op.setPrivate(ctx, changeKey, memory) }, Warn: op.addWarning,
	}
	change.StartsAt, _ = seam.ParseTime(op.prior.StartsAt.ValueString())
	var needed bool
	change.Input, needed = m.updateInput(op, change.Checkpoint.Unfinished() || target.Prior.StillListed)
	if target.Prior.StillListed || change.Input.Code != nil || change.Checkpoint.Unfinished() {
		change.Prior = target.Prior
	}
	var code seam.AccessCode
	var err error
	switch {
	case needed:
		code, err = removal.UpdateAccessCode(ctx, op.client, change)
	case m.Code.IsUnknown():
		code, err = removal.ReadAccessCode(ctx, op.client, target, op.prior.removalOptions(ctx, op))
	default:
		return nil
	}
	if err != nil {
		return err
	}
	op.setPrivate(ctx, changeKey, nil)
	op.setPrivate(ctx, removalKey, getPrivate[removal.Checkpoint](ctx, op.private, op.diags, removalKey).AfterUpdate())
	if !change.Prior.Empty() {
		op.setPrivate(ctx, formerKey, nil) // proven off the locks
	}
	m.fillUnknown(code)
	m.Code = knownOr(m.Code, stringOrNull(code.Code))
	return nil
}

// requireOldPINGone fails if the PIN of an expired code is to be replaced in the state and may
// still be on the lock: nobody could look for it any more.
func (m *accessCode) requireOldPINGone(ctx context.Context, op *crudRequest[accessCode], target removal.AccessCode) error {
	if m.Code.Equal(op.prior.Code) {
		return nil
	}
	target.EndsAt = time.Time{}
	_, err := removal.ReadAccessCode(ctx, op.client, target, op.prior.removalOptions(ctx, op))
	if _, gone := errors.AsType[*removal.GoneError](err); gone {
		return nil
	}
	return err
}

// updateInput is what differs from the state and Seam can change; again sends what an
// unproven change has sent.
func (m *accessCode) updateInput(op *crudRequest[accessCode], again bool) (in seam.AccessCodeInput, needed bool) {
	in.AccessCodeID = m.ID.ValueString()
	if !m.Name.Equal(op.prior.Name) {
		in.Name = m.Name.ValueStringPointer()
	}
	if !m.IsExternalModificationAllowed.Equal(op.prior.IsExternalModificationAllowed) {
		in.IsExternalModificationAllowed = m.IsExternalModificationAllowed.ValueBoolPointer()
	}
	switch writeOnly := op.config.CodeWO; {
	case !writeOnly.IsNull() && (again || !m.CodeWOVersion.Equal(op.prior.CodeWOVersion)):
		in.Code = writeOnly.ValueStringPointer()
	case writeOnly.IsNull() && !m.Code.IsUnknown() && !m.Code.IsNull() && (again || !m.Code.Equal(op.prior.Code)):
		in.Code = m.Code.ValueStringPointer()
	}
	moved := !timesEqual(m.StartsAt, op.prior.StartsAt) || !timesEqual(m.EndsAt, op.prior.EndsAt)
	if m.EndsAt.IsNull() {
		moved = !op.prior.EndsAt.IsNull()
	}
	if moved || again {
		in.Type = "time_bound"
		if m.EndsAt.IsNull() {
			in.Type = "ongoing"
		}
	}
	needed = again || moved || in.Name != nil || in.Code != nil || in.IsExternalModificationAllowed != nil
	if needed && !m.EndsAt.IsNull() {
		in.StartsAt, in.EndsAt = m.StartsAt.ValueStringPointer(), m.EndsAt.ValueStringPointer()
	}
	return in, needed
}

func (m *accessCode) delete(ctx context.Context, op *crudRequest[accessCode]) error {
	return removal.RemoveAccessCode(ctx, op.client, m.removalTarget(ctx, op), m.removalOptions(ctx, op))
}

func (m *accessCode) removalMode() removal.Mode { return parseRemovalMode(m.Removal) }

func parseRemovalMode(mode types.String) removal.Mode {
	if mode.IsNull() {
		return removal.Verified
	}
	return removal.Mode(mode.ValueString())
}

// removalTarget is what the state knows of this code.
func (m *accessCode) removalTarget(ctx context.Context, op *crudRequest[accessCode]) removal.AccessCode {
	target := removal.AccessCode{
		ID:               m.ID.ValueString(),
		DeviceID:         m.DeviceID.ValueString(),
		Name:             m.Name.ValueString(),
		PIN:              m.Code.ValueString(),
		IsOffline:        m.IsOfflineAccessCode.ValueBool(),
		NeverSeen:        getPrivate[bool](ctx, op.private, op.diags, unseenKey),
		UpdateCheckpoint: getPrivate[removal.Checkpoint](ctx, op.private, op.diags, changeKey),
		Prior:            getPrivate[removal.PriorAccess](ctx, op.private, op.diags, formerKey),
	}
	target.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	target.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return target
}

func (m *accessCode) removalOptions(ctx context.Context, op *crudRequest[accessCode]) removal.Options {
	return removalOptions(ctx, op, m.WorkspaceID, m.Removal)
}

// removalOptions are how the object in the state is removed.
func removalOptions[M any](ctx context.Context, op *crudRequest[M], workspaceID, mode types.String) removal.Options {
	return removal.Options{
		WorkspaceID: workspaceID.ValueString(),
		Mode:        parseRemovalMode(mode),
		Timeout:     op.timeout,
		Checkpoint:  getPrivate[removal.Checkpoint](ctx, op.private, op.diags, removalKey),
		Save:        func(checkpoint removal.Checkpoint) { op.setPrivate(ctx, removalKey, checkpoint) },
		Warn:        op.addWarning,
	}
}
