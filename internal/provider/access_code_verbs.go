package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func (m *accessCode) id() types.String        { return m.ID }
func (m *accessCode) timeout() timeouts.Value { return m.Timeouts }

func (m *accessCode) create(ctx context.Context, op *operation[accessCode]) error {
	if !m.AdoptAccessCodeID.IsNull() {
		return m.adopt(ctx, op)
	}
	code, err := op.seam.CreateAccessCode(ctx, m.creation(op.config))
	if err != nil {
		return err
	}
	m.settle(code)
	op.keep(ctx, unseenKey, true)
	ready, err := op.seam.ReadBackAccessCode(ctx, code)
	if err == nil {
		op.keep(ctx, unseenKey, nil)
		ready, err = op.seam.AwaitAccessCode(ctx, ready, m.Code.IsUnknown(), m.WaitForSet.ValueBool())
	}
	if err != nil {
		op.warn("Access code not ready", err.Error()+"\n\n"+advice(err))
	}
	m.Code = orElse(m.Code, textOrNull(ready.Code))
	return nil
}

func (m *accessCode) adoption() seam.AdoptInput {
	return seam.AdoptInput{
		AccessCodeID: m.AdoptAccessCodeID.ValueString(), DeviceID: m.DeviceID.ValueString(), Force: m.ForceAdoption.ValueBool(),
		IsExternalModificationAllowed: given(m.IsExternalModificationAllowed.IsUnknown(), m.IsExternalModificationAllowed.ValueBoolPointer()),
	}
}

// adopt takes over a code that is on the lock, and changes it to what is planned. It
// belongs to the state from then on, even if the change fails.
func (m *accessCode) adopt(ctx context.Context, op *operation[accessCode]) error {
	code, err := op.seam.AdoptAccessCode(ctx, m.adoption())
	if err != nil {
		return err
	}
	op.prior = *m
	op.prior.CodeWOVersion = types.Int64Null()
	op.prior.show(code)
	m.ID = op.prior.ID
	m.Name = orElse(m.Name, op.prior.Name)
	m.IsExternalModificationAllowed = orElse(m.IsExternalModificationAllowed, op.prior.IsExternalModificationAllowed)
	err = m.reshape(ctx, op)
	m.settle(code) // what the change left open
	if err != nil {
		m.StartsAt, m.EndsAt = op.prior.StartsAt, op.prior.EndsAt
		if m.CodeWOVersion.IsNull() {
			m.Code = op.prior.Code
		}
		return advised{err, advice(err) + "\n\nThe code is adopted all the same. To repeat only the change, run `terraform untaint` on this resource and apply; otherwise the next apply removes the code and makes a new one."}
	}
	if !m.WaitForSet.ValueBool() {
		return nil
	}
	if code, err = op.seam.ReadBackAccessCode(ctx, code); err == nil {
		_, err = op.seam.AwaitAccessCode(ctx, code, false, true)
	}
	if err != nil {
		op.warn("Access code not ready", err.Error()+"\n\n"+advice(err))
	}
	return nil
}

func (m *accessCode) creation(config accessCode) seam.AccessCodeInput {
	in := seam.AccessCodeInput{
		DeviceID:                      m.DeviceID.ValueString(),
		Name:                          given(m.Name.IsUnknown(), m.Name.ValueStringPointer()),
		Code:                          given(m.Code.IsUnknown(), m.Code.ValueStringPointer()),
		StartsAt:                      m.StartsAt.ValueStringPointer(),
		EndsAt:                        m.EndsAt.ValueStringPointer(),
		CommonCodeKey:                 m.CommonCodeKey.ValueStringPointer(),
		PreferredCodeLength:           m.PreferredCodeLength.ValueInt64Pointer(),
		MaxTimeRounding:               m.MaxTimeRounding.ValueStringPointer(),
		PreferNativeScheduling:        m.PreferNativeScheduling.ValueBoolPointer(),
		UseBackupAccessCodePool:       m.UseBackupAccessCodePool.ValueBoolPointer(),
		IsOfflineAccessCode:           given(m.IsOfflineAccessCode.IsUnknown(), m.IsOfflineAccessCode.ValueBoolPointer()),
		IsOneTimeUse:                  given(m.IsOneTimeUse.IsUnknown(), m.IsOneTimeUse.ValueBoolPointer()),
		IsExternalModificationAllowed: given(m.IsExternalModificationAllowed.IsUnknown(), m.IsExternalModificationAllowed.ValueBoolPointer()),
	}
	if !config.CodeWO.IsNull() {
		in.Code = config.CodeWO.ValueStringPointer()
	}
	return in
}

// settle fills what the plan left open. What was planned stays: if Seam made something
// else of it, the next plan shows that.
func (m *accessCode) settle(code seam.AccessCode) {
	m.ID = orElse(m.ID, types.StringValue(code.ID))
	m.WorkspaceID = orElse(m.WorkspaceID, textOrNull(code.WorkspaceID))
	m.Type = orElse(m.Type, textOrNull(code.Type))
	m.CreatedAt = orElse(m.CreatedAt, spelled(code.CreatedAt, types.StringNull()))
	m.Name = orElse(m.Name, textOrNull(code.Name))
	m.IsOfflineAccessCode = orElse(m.IsOfflineAccessCode, types.BoolValue(code.IsOfflineAccessCode))
	m.IsOneTimeUse = orElse(m.IsOneTimeUse, types.BoolValue(code.IsOneTimeUse))
	m.IsExternalModificationAllowed = orElse(m.IsExternalModificationAllowed, types.BoolValue(code.IsExternalModificationAllowed))
}

func (m *accessCode) read(ctx context.Context, op *operation[accessCode]) error {
	code, err := op.seam.ReadAccessCode(ctx, m.task(ctx, op))
	letsGo := m.mode() == seam.Requested || m.mode() == seam.Abandoned
	gone, isGone := errors.AsType[*seam.GoneError](err)
	_, isUnmanaged := errors.AsType[*seam.UnmanagedError](err)
	switch {
	case err == nil:
		return m.observe(ctx, op, code)
	case isGone && gone.Expired:
		op.keep(ctx, expiredKey, true)
		if gone.Requested {
			op.keep(ctx, removalKey, nil) // it has ended, and has its receipt
		}
		return nil
	case errors.Is(err, seam.ErrUnconfirmed):
		op.warn("Removal not proven", err.Error()+"\n\n"+advice(err))
		if !letsGo && m.strayed(ctx, op, err) {
			m.IsManaged = types.BoolValue(false)
			op.keep(ctx, strayKey, true)
		}
		return nil
	case isUnmanaged && !letsGo:
		op.warn("Access code no longer managed", err.Error()+"\n\n"+advice(err))
		m.IsManaged = types.BoolValue(false)
		op.keep(ctx, strayKey, nil)
		return nil
	case errors.Is(err, seam.ErrNotObservable) && letsGo:
		op.warn("Access code out of sight", fmt.Sprintf("%v\n\nThe state is taken as it is, because removal = %q.", err, m.mode()))
		return nil
	}
	return err
}

// observe takes over what Seam says now. After a change that took access away without
// proof, the values from before stay, so that the next apply repeats it.
func (m *accessCode) observe(ctx context.Context, op *operation[accessCode], code seam.AccessCode) error {
	if err := m.rememberFormer(ctx, op, code); err != nil {
		return err
	}
	if recall[seam.Checkpoint](ctx, op.private, op.diags, changeKey).Unfinished() {
		op.warn("Change not proven", fmt.Sprintf("The last change of access code %s took access away and is not proven. The next apply repeats it.", code.ID))
	} else {
		m.grant(code)
	}
	if trouble := op.seam.NotOnLockReason(code); trouble != "" {
		op.warn("PIN not on its lock", trouble)
	}
	if !m.CodeWOVersion.IsNull() {
		m.Code = types.StringNull()
	}
	if code.BeingRemoved() {
		op.warn("Removal under way", fmt.Sprintf("Access code %s is being removed from lock %s, by an earlier run or by somebody else.", code.ID, code.DeviceID))
	}
	if code.PulledBackupAccessCodeID != "" {
		memory := recall[seam.Checkpoint](ctx, op.private, op.diags, removalKey)
		memory.BackupCodeID = code.PulledBackupAccessCodeID
		op.keep(ctx, removalKey, memory)
	}
	op.keep(ctx, expiredKey, nil)
	op.keep(ctx, unseenKey, nil)
	op.keep(ctx, strayKey, nil)
	m.identify(code)
	return nil
}

// grant takes over whom the code lets in, and when.
func (m *accessCode) grant(code seam.AccessCode) {
	m.Code, m.StartsAt, m.EndsAt = textOrNull(code.Code), spelled(code.StartsAt, m.StartsAt), spelled(code.EndsAt, m.EndsAt)
	if code.Type == "ongoing" {
		m.StartsAt, m.EndsAt = types.StringNull(), types.StringNull()
	}
}

// show takes over everything, as after an import.
func (m *accessCode) show(code seam.AccessCode) {
	m.grant(code)
	m.identify(code)
}

// identify takes over all but the PIN and the window.
func (m *accessCode) identify(code seam.AccessCode) {
	m.ID, m.WorkspaceID, m.DeviceID = types.StringValue(code.ID), textOrNull(code.WorkspaceID), types.StringValue(code.DeviceID)
	m.Type, m.CreatedAt, m.Name = textOrNull(code.Type), spelled(code.CreatedAt, m.CreatedAt), textOrNull(code.Name)
	m.IsOfflineAccessCode, m.IsOneTimeUse = types.BoolValue(code.IsOfflineAccessCode), types.BoolValue(code.IsOneTimeUse)
	m.IsExternalModificationAllowed, m.IsManaged = types.BoolValue(code.IsExternalModificationAllowed), types.BoolValue(true)
}

func (m *accessCode) update(ctx context.Context, op *operation[accessCode]) error {
	task := op.prior.task(ctx, op)
	if recall[bool](ctx, op.private, op.diags, expiredKey) {
		if err := m.forgetPIN(ctx, op, task); err != nil {
			return err
		}
		op.warn("Only recorded", fmt.Sprintf("Access code %s has expired and is gone, so the change was written to the state only.", m.ID.ValueString()))
		m.Type = orElse(m.Type, op.prior.Type)
		m.Code = orElse(m.Code, types.StringNull())
		return nil
	}
	if lost := op.prior.IsManaged; !lost.IsNull() && !lost.ValueBool() && m.mode() != seam.Requested && m.mode() != seam.Abandoned {
		if err := m.takeBack(ctx, op); err != nil {
			return err
		}
	}
	return m.reshape(ctx, op)
}

// reshape changes the code from what it was before to what is planned.
func (m *accessCode) reshape(ctx context.Context, op *operation[accessCode]) error {
	task := op.prior.task(ctx, op)
	change := seam.AccessCodeUpdate{
		DeviceID: task.DeviceID, WorkspaceID: task.WorkspaceID, PIN: task.PIN, EndsAt: task.EndsAt, CreatedAt: task.CreatedAt,
		Checkpoint: task.UpdateCheckpoint, SaveCheckpoint: func(memory seam.Checkpoint) { op.keep(ctx, changeKey, memory) }, Warn: op.warn,
	}
	change.StartsAt, _ = seam.ParseTime(op.prior.StartsAt.ValueString())
	var needed bool
	change.Input, needed = m.changes(op, change.Checkpoint.Unfinished() || task.Prior.StillListed)
	if task.Prior.StillListed || change.Input.Code != nil {
		change.Prior = task.Prior
	}
	var code seam.AccessCode
	var err error
	switch {
	case needed:
		code, err = op.seam.UpdateAccessCode(ctx, change)
	case m.Code.IsUnknown():
		code, err = op.seam.ReadAccessCode(ctx, task)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	op.keep(ctx, changeKey, nil)
	op.keep(ctx, removalKey, nil)
	if !change.Prior.Empty() {
		op.keep(ctx, formerKey, nil) // proven off the locks
	}
	m.settle(code)
	m.Code = orElse(m.Code, textOrNull(code.Code))
	return nil
}

// forgetPIN fails if the PIN of an expired code is to be replaced in the state and may
// still be on the lock: nobody could look for it any more.
func (m *accessCode) forgetPIN(ctx context.Context, op *operation[accessCode], task seam.Removal) error {
	if m.Code.Equal(op.prior.Code) {
		return nil
	}
	task.EndsAt = time.Time{}
	_, err := op.seam.ReadAccessCode(ctx, task)
	if _, gone := errors.AsType[*seam.GoneError](err); gone {
		return nil
	}
	return err
}

// changes is what differs from the state and Seam can change; again sends what an
// unproven change has sent.
func (m *accessCode) changes(op *operation[accessCode], again bool) (in seam.AccessCodeInput, needed bool) {
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
	moved := !sameInstant(m.StartsAt, op.prior.StartsAt) || !sameInstant(m.EndsAt, op.prior.EndsAt)
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

func (m *accessCode) delete(ctx context.Context, op *operation[accessCode]) error {
	return op.seam.RemoveAccessCode(ctx, m.task(ctx, op))
}

func (m *accessCode) mode() seam.Mode { return modeOf(m.Removal) }

func modeOf(removal types.String) seam.Mode {
	if removal.IsNull() {
		return seam.Verified
	}
	return seam.Mode(removal.ValueString())
}

// task is the removal of this code, with what the state knows of it.
func (m *accessCode) task(ctx context.Context, op *operation[accessCode]) seam.Removal {
	task := seam.Removal{
		AccessCodeID:     m.ID.ValueString(),
		DeviceID:         m.DeviceID.ValueString(),
		Name:             m.Name.ValueString(),
		WorkspaceID:      m.WorkspaceID.ValueString(),
		Mode:             m.mode(),
		PIN:              m.Code.ValueString(),
		IsOffline:        m.IsOfflineAccessCode.ValueBool(),
		NeverSeen:        recall[bool](ctx, op.private, op.diags, unseenKey),
		Timeout:          op.timeout,
		Checkpoint:       recall[seam.Checkpoint](ctx, op.private, op.diags, removalKey),
		UpdateCheckpoint: recall[seam.Checkpoint](ctx, op.private, op.diags, changeKey),
		Prior:            recall[seam.PriorAccess](ctx, op.private, op.diags, formerKey),
		SaveCheckpoint:   func(memory seam.Checkpoint) { op.keep(ctx, removalKey, memory) },
		Warn:             op.warn,
	}
	task.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	task.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return task
}
