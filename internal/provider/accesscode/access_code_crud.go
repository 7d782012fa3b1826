package accesscode

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func (m *accessCode) Create(ctx context.Context, op *core.Request[accessCode]) error {
	if !m.AdoptAccessCodeID.IsNull() {
		return m.adopt(ctx, op)
	}
	code, err := op.Client.CreateAccessCode(ctx, m.createInput(op.Config))
	if err != nil {
		return err
	}
	m.fillUnknown(code)
	op.SetPrivate(ctx, unseenKey, true)
	ready, err := op.Client.ReadBackAccessCode(ctx, code)
	if err == nil {
		op.SetPrivate(ctx, unseenKey, nil)
		ready, err = op.Client.AwaitAccessCode(ctx, ready, m.Code.IsUnknown(), m.WaitForSet.ValueBool())
	}
	if err != nil {
		op.AddWarning("Access code not ready", err.Error()+"\n\n"+core.Advice(err, "access_code"))
	}
	m.Code = core.KnownOr(m.Code, core.StringOrNull(ready.Code))
	return nil
}

func (m *accessCode) adoptionInput() seam.AdoptInput {
	return seam.AdoptInput{
		AccessCodeID: m.AdoptAccessCodeID.ValueString(), DeviceID: m.DeviceID.ValueString(), Force: m.ForceAdoption.ValueBool(),
		IsExternalModificationAllowed: core.KnownBool(m.IsExternalModificationAllowed),
	}
}

// adopt makes an unmanaged code managed, and updates it to the plan. Once adopted, it is in the state,
// even if the update fails.
func (m *accessCode) adopt(ctx context.Context, op *core.Request[accessCode]) error {
	if err := refuseGrantCode(ctx, op, m.AdoptAccessCodeID.ValueString()); err != nil {
		return err
	}
	code, err := op.Client.AdoptAccessCode(ctx, m.adoptionInput())
	if err != nil {
		return err
	}
	op.Prior = *m
	op.Prior.CodeWOVersion = types.Int64Null()
	op.Prior.fromAPI(code)
	m.ID = op.Prior.ID
	m.Name = core.KnownOr(m.Name, op.Prior.Name)
	m.IsExternalModificationAllowed = core.KnownOr(m.IsExternalModificationAllowed, op.Prior.IsExternalModificationAllowed)
	err = m.applyUpdate(ctx, op)
	m.fillUnknown(code) // what the update did not set
	if err != nil {
		m.StartsAt, m.EndsAt = op.Prior.StartsAt, op.Prior.EndsAt
		if m.CodeWOVersion.IsNull() {
			m.Code = op.Prior.Code
		}
		return core.WithAdvice(err, core.Advice(err, "access_code")+"\n\nThe code was adopted anyway. To retry only the update, run `terraform untaint` on this resource, then apply; otherwise the next apply removes the code and creates a new one.")
	}
	if !m.WaitForSet.ValueBool() {
		return nil
	}
	if code, err = op.Client.ReadBackAccessCode(ctx, code); err == nil {
		_, err = op.Client.AwaitAccessCode(ctx, code, false, true)
	}
	if err != nil {
		op.AddWarning("Access code not ready", err.Error()+"\n\n"+core.Advice(err, "access_code"))
	}
	return nil
}

func (m *accessCode) createInput(config accessCode) seam.AccessCodeInput {
	in := seam.AccessCodeInput{
		DeviceID:                      m.DeviceID.ValueString(),
		Name:                          core.KnownString(m.Name),
		Code:                          core.KnownString(m.Code),
		StartsAt:                      m.StartsAt.ValueStringPointer(),
		EndsAt:                        m.EndsAt.ValueStringPointer(),
		CommonCodeKey:                 m.CommonCodeKey.ValueStringPointer(),
		PreferredCodeLength:           m.PreferredCodeLength.ValueInt64Pointer(),
		MaxTimeRounding:               m.MaxTimeRounding.ValueStringPointer(),
		PreferNativeScheduling:        m.PreferNativeScheduling.ValueBoolPointer(),
		UseBackupAccessCodePool:       m.UseBackupAccessCodePool.ValueBoolPointer(),
		IsOfflineAccessCode:           core.KnownBool(m.IsOfflineAccessCode),
		IsOneTimeUse:                  core.KnownBool(m.IsOneTimeUse),
		IsExternalModificationAllowed: core.KnownBool(m.IsExternalModificationAllowed),
	}
	if !config.CodeWO.IsNull() {
		in.Code = config.CodeWO.ValueStringPointer()
	}
	return in
}

// fillUnknown sets the values that the plan left unknown. Planned values stay: if Seam changed one,
// the next plan shows that.
func (m *accessCode) fillUnknown(code seam.AccessCode) {
	m.ID = core.KnownOr(m.ID, types.StringValue(code.ID))
	m.WorkspaceID = core.KnownOr(m.WorkspaceID, core.StringOrNull(code.WorkspaceID))
	m.Type = core.KnownOr(m.Type, core.StringOrNull(code.Type))
	m.CreatedAt = core.KnownOr(m.CreatedAt, core.PreserveSpelling(code.CreatedAt, types.StringNull()))
	m.Name = core.KnownOr(m.Name, core.StringOrNull(code.Name))
	m.IsOfflineAccessCode = core.KnownOr(m.IsOfflineAccessCode, types.BoolValue(code.IsOfflineAccessCode))
	m.IsOneTimeUse = core.KnownOr(m.IsOneTimeUse, types.BoolValue(code.IsOneTimeUse))
	m.IsExternalModificationAllowed = core.KnownOr(m.IsExternalModificationAllowed, types.BoolValue(code.IsExternalModificationAllowed))
}

func (m *accessCode) Read(ctx context.Context, op *core.Request[accessCode]) error {
	code, err := removal.ReadAccessCode(ctx, op.Client, m.removalTarget(ctx, op), m.removalOptions(ctx, op))
	withoutProof := !core.NeedsProof(m.Removal)
	_, isUnmanaged := errors.AsType[*seam.UnmanagedError](err)
	switch {
	case err == nil:
		if m.WorkspaceID.IsNull() { // an import
			if err := refuseGrantCode(ctx, op, code.ID); err != nil {
				return err
			}
		}
		return m.applyRead(ctx, op, code)
	case core.KeepRemoved(ctx, op, "access_code", err):
		if !withoutProof && m.pinRemainsUnmanaged(ctx, op, err) {
			m.IsManaged = types.BoolValue(false)
			op.SetPrivate(ctx, unmanagedPINKey, true)
		}
		return nil
	case isUnmanaged && !withoutProof:
		op.AddWarning("Access code no longer managed", err.Error()+"\n\n"+core.Advice(err, "access_code"))
		m.IsManaged = types.BoolValue(false)
		op.SetPrivate(ctx, unmanagedPINKey, nil)
		return nil
	case errors.Is(err, seam.ErrNotObservable) && withoutProof:
		op.AddWarning("Access code cannot be read", fmt.Sprintf("%v\n\nThe state was not refreshed. This is not an error, because removal = %q.", err, core.RemovalMode(m.Removal)))
		return nil
	}
	return err
}

// applyRead updates the model from Seam. After an unproven update that takes access away, the old
// values stay in the state, so that the next apply repeats the update.
func (m *accessCode) applyRead(ctx context.Context, op *core.Request[accessCode], code seam.AccessCode) error {
	if err := m.trackFormer(ctx, op, code); err != nil {
		return err
	}
	if core.GetPrivate[removal.Checkpoint](ctx, op, changeKey).Unfinished() {
		op.AddWarning("Change not proven", fmt.Sprintf("The last update of access code %s takes access away, and is not proven to be on the lock. The next apply repeats it.", code.ID))
	} else {
		m.setCodeAndWindow(code)
	}
	if trouble := op.Client.NotOnLockReason(code); trouble != "" {
		op.AddWarning("PIN not on its lock", trouble)
	}
	if trouble := op.Client.StillOnLockReason(code); trouble != "" {
		op.AddWarning("PIN opens after its end", trouble)
	}
	if !m.CodeWOVersion.IsNull() {
		m.Code = types.StringNull()
	}
	if code.BeingRemoved() {
		op.AddWarning("Removal in progress", fmt.Sprintf("Access code %s is being removed from lock %s, by an earlier run or outside Terraform. Run plan again once it is gone: it shows what is left to do.", code.ID, code.DeviceID))
	}
	if code.PulledBackupAccessCodeID != "" {
		memory := core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey)
		memory.BackupCodeID = code.PulledBackupAccessCodeID
		op.SetPrivate(ctx, core.RemovalKey, memory)
	}
	op.SetPrivate(ctx, core.ExpiredKey, nil)
	op.SetPrivate(ctx, unseenKey, nil)
	op.SetPrivate(ctx, unmanagedPINKey, nil)
	m.setMetadata(code)
	return nil
}

// setCodeAndWindow sets the PIN, the start and the end.
func (m *accessCode) setCodeAndWindow(code seam.AccessCode) {
	m.Code, m.StartsAt, m.EndsAt = core.StringOrNull(code.Code), core.PreserveSpelling(code.StartsAt, m.StartsAt), core.PreserveSpelling(code.EndsAt, m.EndsAt)
	if code.Type == "ongoing" {
		m.StartsAt, m.EndsAt = types.StringNull(), types.StringNull()
	}
}

// fromAPI sets everything, as for an import.
func (m *accessCode) fromAPI(code seam.AccessCode) {
	m.setCodeAndWindow(code)
	m.setMetadata(code)
}

// setMetadata sets everything except the PIN, the start and the end.
func (m *accessCode) setMetadata(code seam.AccessCode) {
	m.ID, m.WorkspaceID, m.DeviceID = types.StringValue(code.ID), core.StringOrNull(code.WorkspaceID), types.StringValue(code.DeviceID)
	m.Type, m.CreatedAt, m.Name = core.StringOrNull(code.Type), core.PreserveSpelling(code.CreatedAt, m.CreatedAt), core.StringOrNull(code.Name)
	m.IsOfflineAccessCode, m.IsOneTimeUse = types.BoolValue(code.IsOfflineAccessCode), types.BoolValue(code.IsOneTimeUse)
	m.IsExternalModificationAllowed, m.IsManaged = types.BoolValue(code.IsExternalModificationAllowed), types.BoolValue(true)
}

func (m *accessCode) Update(ctx context.Context, op *core.Request[accessCode]) error {
	target := op.Prior.removalTarget(ctx, op)
	if core.GetPrivate[bool](ctx, op, core.ExpiredKey) {
		if err := m.requireGone(ctx, op, target); err != nil {
			return err
		}
		op.AddWarning("Change not sent to Seam", fmt.Sprintf("Access code %s has expired and is gone, so the change was only recorded in the state.", m.ID.ValueString()))
		m.Type = core.KnownOr(m.Type, op.Prior.Type)
		m.Code = core.KnownOr(m.Code, types.StringNull())
		return nil
	}
	if lost := op.Prior.IsManaged; !lost.IsNull() && !lost.ValueBool() && core.NeedsProof(m.Removal) {
		if err := m.restoreManaged(ctx, op); err != nil {
			return err
		}
	}
	return m.applyUpdate(ctx, op)
}

// applyUpdate updates the code from op.Prior to the plan.
func (m *accessCode) applyUpdate(ctx context.Context, op *core.Request[accessCode]) error {
	target := op.Prior.removalTarget(ctx, op)
	change := removal.AccessCodeUpdate{
		DeviceID: target.DeviceID, WorkspaceID: op.Prior.WorkspaceID.ValueString(), PIN: target.PIN, EndsAt: target.EndsAt, CreatedAt: target.CreatedAt,
		Checkpoint: target.UpdateCheckpoint, SaveCheckpoint: func(memory removal.Checkpoint) { op.SetPrivate(ctx, changeKey, memory) }, Warn: op.AddWarning,
	}
	change.BackupCodeID = core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).BackupCodeID
	change.StartsAt, _ = seam.ParseTime(op.Prior.StartsAt.ValueString())
	var needed bool
	change.Input, needed = m.updateInput(op, change.Checkpoint.Unfinished() || target.Prior.StillListed)
	change.Prior = target.Prior
	var code seam.AccessCode
	var err error
	switch {
	case needed:
		code, err = removal.UpdateAccessCode(ctx, op.Client, change)
	case m.Code.IsUnknown():
		code, err = removal.ReadAccessCode(ctx, op.Client, target, op.Prior.removalOptions(ctx, op))
	default:
		m.Type = core.KnownOr(m.Type, op.Prior.Type)
		return nil
	}
	if err != nil {
		return err
	}
	op.SetPrivate(ctx, changeKey, nil)
	op.SetPrivate(ctx, core.RemovalKey, core.GetPrivate[removal.Checkpoint](ctx, op, core.RemovalKey).AfterUpdate())
	if !change.Prior.Empty() {
		op.SetPrivate(ctx, formerKey, nil) // proven to be off the locks
	}
	m.fillUnknown(code)
	m.Code = core.KnownOr(m.Code, core.StringOrNull(code.Code))
	return nil
}

// requireGone fails if a code that has expired is there after all: one answer, which may be out of date,
// said that it is gone. It also fails if the update would replace its PIN in the state while that may
// still be on the lock. Without it in the state, it could not be checked any more.
func (m *accessCode) requireGone(ctx context.Context, op *core.Request[accessCode], target removal.AccessCode) error {
	samePIN := m.Code.Equal(op.Prior.Code)
	if !samePIN {
		target.EndsAt = time.Time{}
	}
	_, err := removal.ReadAccessCode(ctx, op.Client, target, op.Prior.removalOptions(ctx, op))
	_, gone := errors.AsType[*removal.GoneError](err)
	switch {
	case err == nil:
		return seam.NewAdvice(fmt.Sprintf("At the last refresh, access code %s had expired and was gone, but now Seam answers with it.", target.ID), "Run apply again: it changes the code.")
	case gone || samePIN:
		return nil
	}
	return err
}

// updateInput is the difference from the state that Seam can update. With again it repeats what an
// unproven update sent.
func (m *accessCode) updateInput(op *core.Request[accessCode], again bool) (in seam.AccessCodeInput, needed bool) {
	in.AccessCodeID = m.ID.ValueString()
	if !m.Name.Equal(op.Prior.Name) {
		in.Name = m.Name.ValueStringPointer()
	}
	if !m.IsExternalModificationAllowed.Equal(op.Prior.IsExternalModificationAllowed) {
		in.IsExternalModificationAllowed = m.IsExternalModificationAllowed.ValueBoolPointer()
	}
	switch writeOnly := op.Config.CodeWO; {
	case !writeOnly.IsNull() && (again || !m.CodeWOVersion.Equal(op.Prior.CodeWOVersion)):
		in.Code = writeOnly.ValueStringPointer()
	case writeOnly.IsNull() && !m.Code.IsUnknown() && !m.Code.IsNull() && (again || !m.Code.Equal(op.Prior.Code)):
		in.Code = m.Code.ValueStringPointer()
	}
	moved := !core.TimesEqual(m.StartsAt, op.Prior.StartsAt) || !core.TimesEqual(m.EndsAt, op.Prior.EndsAt)
	if m.EndsAt.IsNull() {
		moved = !op.Prior.EndsAt.IsNull()
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

func (m *accessCode) Delete(ctx context.Context, op *core.Request[accessCode]) error {
	return removal.RemoveAccessCode(ctx, op.Client, m.removalTarget(ctx, op), m.removalOptions(ctx, op))
}

// removalTarget is the code as the state knows it.
func (m *accessCode) removalTarget(ctx context.Context, op *core.Request[accessCode]) removal.AccessCode {
	target := removal.AccessCode{
		ID:               m.ID.ValueString(),
		DeviceID:         m.DeviceID.ValueString(),
		Name:             m.Name.ValueString(),
		PIN:              m.Code.ValueString(),
		IsOffline:        m.IsOfflineAccessCode.ValueBool(),
		IsOneTimeUse:     m.IsOneTimeUse.ValueBool(),
		NeverSeen:        core.GetPrivate[bool](ctx, op, unseenKey),
		UpdateCheckpoint: core.GetPrivate[removal.Checkpoint](ctx, op, changeKey),
		Prior:            core.GetPrivate[removal.PriorAccess](ctx, op, formerKey),
	}
	target.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	target.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return target
}

func (m *accessCode) removalOptions(ctx context.Context, op *core.Request[accessCode]) removal.Options {
	return core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal)
}
