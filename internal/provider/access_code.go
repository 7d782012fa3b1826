package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessCode is the model of seam_access_code.
type accessCode struct {
	ID                            types.String   `tfsdk:"id"`
	WorkspaceID                   types.String   `tfsdk:"workspace_id"`
	Type                          types.String   `tfsdk:"type"`
	CreatedAt                     types.String   `tfsdk:"created_at"`
	DeviceID                      types.String   `tfsdk:"device_id"`
	Name                          types.String   `tfsdk:"name"`
	Code                          types.String   `tfsdk:"code"`
	CodeWO                        types.String   `tfsdk:"code_wo"`
	CodeWOVersion                 types.Int64    `tfsdk:"code_wo_version"`
	StartsAt                      types.String   `tfsdk:"starts_at"`
	EndsAt                        types.String   `tfsdk:"ends_at"`
	CommonCodeKey                 types.String   `tfsdk:"common_code_key"`
	PreferredCodeLength           types.Int64    `tfsdk:"preferred_code_length"`
	MaxTimeRounding               types.String   `tfsdk:"max_time_rounding"`
	PreferNativeScheduling        types.Bool     `tfsdk:"prefer_native_scheduling"`
	UseBackupAccessCodePool       types.Bool     `tfsdk:"use_backup_access_code_pool"`
	IsOfflineAccessCode           types.Bool     `tfsdk:"is_offline_access_code"`
	IsOneTimeUse                  types.Bool     `tfsdk:"is_one_time_use"`
	IsExternalModificationAllowed types.Bool     `tfsdk:"is_external_modification_allowed"`
	WaitForSet                    types.Bool     `tfsdk:"wait_for_set"`
	Removal                       types.String   `tfsdk:"removal"`
	Timeouts                      timeouts.Value `tfsdk:"timeouts"`
}

// Keys of what is kept in private state between runs.
const (
	removalKey = "removal" // seam.Memory of a removal that is not proven yet
	changeKey  = "change"  // seam.Memory of a change that took access away and is not proven yet
	unseenKey  = "unseen"  // true until Seam has found a new code
	expiredKey = "expired" // true once the stay is over and the code gone
)

func newAccessCode() resource.Resource {
	return &managed[accessCode, *accessCode]{noun: "access_code", schema: accessCodeSchema}
}

func accessCodeSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keptFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	fixedFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown(), boolplanmodifier.RequiresReplaceIfConfigured()}
	heldString, heldInt, heldBool := replaceIfHeld()
	atPath := func(name string) path.Expression { return path.MatchRoot(name) }
	return schema.Schema{
		MarkdownDescription: "A PIN on a lock. Creating it puts the PIN on the lock; destroying it returns only when it is proven that the PIN no longer opens the door (see `removal`).",
		Attributes: map[string]schema.Attribute{
			"id":           schema.StringAttribute{MarkdownDescription: "Seam's id of the access code.", Computed: true, PlanModifiers: kept},
			"workspace_id": schema.StringAttribute{MarkdownDescription: "Workspace in which the code lives. Credentials of another workspace are refused: there, every code looks deleted.", Computed: true, PlanModifiers: kept},
			"type":         schema.StringAttribute{MarkdownDescription: "`ongoing`, or `time_bound` if it has a window.", Computed: true, PlanModifiers: []planmodifier.String{keepUnless("starts_at", "ends_at")}},
			"created_at":   schema.StringAttribute{MarkdownDescription: "When Seam made the code, in RFC 3339 format.", Computed: true, PlanModifiers: kept},
			"device_id": schema.StringAttribute{
				MarkdownDescription: "Lock that the code opens. Another lock means another code.",
				Required:            true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the code; Seam gives one if it is left out. It can be changed but not cleared. The lock itself may show a shortened one.",
				Optional:            true, Computed: true, PlanModifiers: kept, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"code": schema.StringAttribute{
				MarkdownDescription: "The PIN, 4 to 12 digits; Seam chooses one if both this and `code_wo` are left out. It is stored in the state; `code_wo` is not. Null when `code_wo` is used. Changing it counts as removing the old PIN: the update fails unless the lock no longer lists it.",
				Optional:            true, Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{codeUnlessWriteOnly{"The state's PIN, or null with code_wo."}},
				Validators: []validator.String{aPIN, stringvalidator.ConflictsWith(atPath("code_wo"), atPath("preferred_code_length"))},
			},
			"code_wo": schema.StringAttribute{
				MarkdownDescription: "The PIN as a write-only argument (Terraform 1.11, OpenTofu 1.11): it reaches neither state nor plan. In return, a PIN that somebody changes on the lock is not noticed. An imported code shows its PIN in the state until the next apply.",
				// Not sensitive: it is never shown anyway, and Terraform 1.11 takes two sensitive
				// attributes for a change when it refreshes them in another order.
				Optional: true, WriteOnly: true,
				Validators: []validator.String{aPIN, stringvalidator.AlsoRequires(atPath("code_wo_version")), stringvalidator.ConflictsWith(atPath("preferred_code_length"))},
			},
			"code_wo_version": schema.Int64Attribute{
				MarkdownDescription: "Change it to send `code_wo` again: nothing else tells that it is another PIN.",
				Optional:            true, Validators: []validator.Int64{int64validator.AlsoRequires(atPath("code_wo"))},
			},
			"starts_at": schema.StringAttribute{
				MarkdownDescription: "Start of the stay, in RFC 3339 format such as `2026-01-02T15:00:00Z`. Needs `ends_at`.",
				Optional:            true, PlanModifiers: []planmodifier.String{anInstant}, Validators: []validator.String{anInstant, stringvalidator.AlsoRequires(atPath("ends_at"))},
			},
			"ends_at": schema.StringAttribute{
				MarkdownDescription: "End of the stay, in RFC 3339 format. Needs `starts_at`. Without both the code is ongoing. Once it has passed and the code is gone, the plan stays empty; a later end then makes a new code. Ending a stay earlier counts as a removal: the update fails unless the lock has it.",
				Optional:            true, PlanModifiers: []planmodifier.String{anInstant}, Validators: []validator.String{anInstant, stringvalidator.AlsoRequires(atPath("starts_at"))},
			},
			"common_code_key": schema.StringAttribute{
				MarkdownDescription: "Codes created with the same key get the same PIN. " + createOnly,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"preferred_code_length": schema.Int64Attribute{
				MarkdownDescription: "Number of digits of a PIN that Seam chooses, 4 to 12. A lock that does not support it gets its shortest supported length. " + createOnly,
				Optional:            true, PlanModifiers: []planmodifier.Int64{heldInt}, Validators: []validator.Int64{int64validator.Between(4, 12)},
			},
			"max_time_rounding": schema.StringAttribute{
				MarkdownDescription: "How far the lock may round the window: `1hour`, `1day`, `1h` or `1d`. Offline codes that last days need `1d`. " + createOnly,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.OneOf("1hour", "1day", "1h", "1d")},
			},
			"prefer_native_scheduling": schema.BoolAttribute{
				MarkdownDescription: "Whether the lock may keep the schedule itself, where it can; Seam's default is true. " + createOnly,
				Optional:            true, PlanModifiers: []planmodifier.Bool{heldBool},
			},
			"use_backup_access_code_pool": schema.BoolAttribute{
				MarkdownDescription: "Whether a spare code from the lock's pool may stand in if this one cannot be set. Only with a window. A spare that was pulled is removed, with proof, together with this code. " + createOnly,
				Optional:            true, PlanModifiers: []planmodifier.Bool{heldBool},
			},
			"is_offline_access_code": schema.BoolAttribute{
				MarkdownDescription: "Whether the lock works out the code by itself, without a connection. Such a code can be neither changed nor revoked: before `ends_at`, destroy refuses unless `removal` is `requested` or `abandoned`. Changing this replaces the code.",
				Optional:            true, Computed: true, PlanModifiers: fixedFlag,
			},
			"is_one_time_use": schema.BoolAttribute{
				MarkdownDescription: "Whether an offline code works only once. Needs `is_offline_access_code`. Changing this replaces the code.",
				Optional:            true, Computed: true, PlanModifiers: fixedFlag,
			},
			"is_external_modification_allowed": schema.BoolAttribute{
				MarkdownDescription: "Whether somebody may change the code on the lock. Otherwise Seam puts it back as it was. False by default.",
				Optional:            true, Computed: true, PlanModifiers: keptFlag,
			},
			"wait_for_set": schema.BoolAttribute{
				MarkdownDescription: "Whether create waits until the lock has the code; false by default. Never waits for a stay that has not started. Running out of `timeouts.create` is a warning: Seam keeps trying.",
				Optional:            true,
			},
			"removal": schema.StringAttribute{
				MarkdownDescription: "How far destroy goes: `verified` (default) waits for the proof that the PIN no longer opens the door; `verified_by_event` waits for Seam's event as well; `requested` asks and does not wait; `abandoned` only forgets the code. The last two prove nothing and warn. Destroy uses the value in the state, so apply a change of it first.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf(removalModes()...)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: fmt.Sprintf("How long create may wait for the lock, such as `90s`; %v by default.", minutes(createTimeout)),
				UpdateDescription: fmt.Sprintf("How long update may wait for the lock; %v by default.", minutes(updateTimeout)),
				DeleteDescription: fmt.Sprintf("How long destroy may wait for the proof; %v by default. Taken from the state, so apply a change of it first.", minutes(deleteTimeout)),
			}),
		},
	}
}

func removalModes() []string {
	modes := make([]string, len(seam.Modes))
	for i, mode := range seam.Modes {
		modes[i] = string(mode)
	}
	return modes
}

func (m *accessCode) id() types.String        { return m.ID }
func (m *accessCode) timeout() timeouts.Value { return m.Timeouts }

func (m *accessCode) create(ctx context.Context, op *operation[accessCode]) error {
	code, err := op.seam.CreateAccessCode(ctx, m.creation(op.config))
	if err != nil {
		return err
	}
	m.settle(code)
	op.keep(ctx, unseenKey, true)
	ready, err := op.seam.SeeAccessCode(ctx, code)
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
	gone, isGone := errors.AsType[*seam.Gone](err)
	switch {
	case err == nil:
		m.observe(ctx, op, code)
		return nil
	case isGone && gone.Expired:
		op.keep(ctx, expiredKey, true)
		if gone.Asked {
			op.keep(ctx, removalKey, nil) // it has ended, and has its receipt
		}
		return nil
	case errors.Is(err, seam.ErrUnconfirmed):
		op.warn("Removal not proven", err.Error()+"\n\n"+advice(err))
		return nil
	case errors.Is(err, seam.ErrOutOfSight) && letsGo:
		op.warn("Access code out of sight", fmt.Sprintf("%v\n\nThe state is taken as it is, because removal = %q.", err, m.mode()))
		return nil
	}
	return err
}

// observe takes over what Seam says now. After a change that took access away without
// proof, the values from before stay, so that the next apply repeats it.
func (m *accessCode) observe(ctx context.Context, op *operation[accessCode], code seam.AccessCode) {
	if recall[seam.Memory](ctx, op.private, op.diags, changeKey).Unfinished() {
		op.warn("Change not proven", fmt.Sprintf("The last change of access code %s took access away and is not proven. The next apply repeats it.", code.ID))
	} else {
		m.Code, m.StartsAt, m.EndsAt = textOrNull(code.Code), spelled(code.StartsAt, m.StartsAt), spelled(code.EndsAt, m.EndsAt)
		if code.Type == "ongoing" {
			m.StartsAt, m.EndsAt = types.StringNull(), types.StringNull()
		}
	}
	if !m.CodeWOVersion.IsNull() {
		m.Code = types.StringNull()
	}
	if code.BeingRemoved() {
		op.warn("Removal under way", fmt.Sprintf("Access code %s is being removed from lock %s, by an earlier run or by somebody else.", code.ID, code.DeviceID))
	}
	if code.PulledBackupAccessCodeID != "" {
		memory := recall[seam.Memory](ctx, op.private, op.diags, removalKey)
		memory.Backup = code.PulledBackupAccessCodeID
		op.keep(ctx, removalKey, memory)
	}
	op.keep(ctx, expiredKey, nil)
	op.keep(ctx, unseenKey, nil)
	m.ID, m.WorkspaceID, m.DeviceID = types.StringValue(code.ID), textOrNull(code.WorkspaceID), types.StringValue(code.DeviceID)
	m.Type, m.CreatedAt, m.Name = textOrNull(code.Type), spelled(code.CreatedAt, m.CreatedAt), textOrNull(code.Name)
	m.IsOfflineAccessCode, m.IsOneTimeUse = types.BoolValue(code.IsOfflineAccessCode), types.BoolValue(code.IsOneTimeUse)
	m.IsExternalModificationAllowed = types.BoolValue(code.IsExternalModificationAllowed)
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
	change := seam.Change{
		DeviceID: task.DeviceID, WorkspaceID: task.WorkspaceID, PIN: task.PIN, EndsAt: task.EndsAt, CreatedAt: task.CreatedAt,
		Memory: task.Change, Remember: func(memory seam.Memory) { op.keep(ctx, changeKey, memory) }, Warn: op.warn,
	}
	change.StartsAt, _ = seam.ParseTime(op.prior.StartsAt.ValueString())
	var needed bool
	change.Input, needed = m.changes(op, change.Memory.Unfinished())
	var code seam.AccessCode
	var err error
	switch {
	case needed:
		code, err = op.seam.ChangeAccessCode(ctx, change)
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
	if _, gone := errors.AsType[*seam.Gone](err); gone {
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

func (m *accessCode) mode() seam.Mode {
	if m.Removal.IsNull() {
		return seam.Verified
	}
	return seam.Mode(m.Removal.ValueString())
}

// task is the removal of this code, with what the state knows of it.
func (m *accessCode) task(ctx context.Context, op *operation[accessCode]) seam.Removal {
	task := seam.Removal{
		AccessCodeID: m.ID.ValueString(),
		DeviceID:     m.DeviceID.ValueString(),
		WorkspaceID:  m.WorkspaceID.ValueString(),
		Mode:         m.mode(),
		PIN:          m.Code.ValueString(),
		IsOffline:    m.IsOfflineAccessCode.ValueBool(),
		Unseen:       recall[bool](ctx, op.private, op.diags, unseenKey),
		Timeout:      op.timeout,
		Memory:       recall[seam.Memory](ctx, op.private, op.diags, removalKey),
		Change:       recall[seam.Memory](ctx, op.private, op.diags, changeKey),
		Remember:     func(memory seam.Memory) { op.keep(ctx, removalKey, memory) },
		Warn:         op.warn,
	}
	task.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	task.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return task
}
