package accesscode

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
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
	IsManaged                     types.Bool     `tfsdk:"is_managed"`
	WaitForSet                    types.Bool     `tfsdk:"wait_for_set"`
	AdoptAccessCodeID             types.String   `tfsdk:"adopt_access_code_id"`
	ForceAdoption                 types.Bool     `tfsdk:"force_adoption"`
	Removal                       types.String   `tfsdk:"removal"`
	Timeouts                      timeouts.Value `tfsdk:"timeouts"`
}

// Private state keys.
const (
	changeKey       = "change" // removal.Checkpoint of an update that takes access away and is not yet proven
	unseenKey       = "unseen" // true until a new code was read once
	formerKey       = "former" // removal.PriorAccess: earlier PINs and locks that may still give access
	unmanagedPINKey = "stray"  // true if the code is gone but its PIN is still on the lock, as an unmanaged code
)

func newAccessCodeResource() resource.Resource {
	return core.NewResource[accessCode]("access_code", accessCodeSchema)
}

func accessCodeSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keptFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	fixedFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown(), boolplanmodifier.RequiresReplaceIfConfigured()}
	heldString, heldInt, heldBool := core.ReplaceIfInState()
	return schema.Schema{
		MarkdownDescription: "A PIN on a lock. Create puts the PIN on the lock. Destroy finishes only when there is proof that the PIN no longer opens the door (see `removal`).",
		Attributes: map[string]schema.Attribute{
			"id":           core.ComputedStable("ID of the access code."),
			"workspace_id": core.ComputedStable("Workspace that the code belongs to. Credentials for another workspace are refused, because every code looks deleted there."),
			"type":         schema.StringAttribute{MarkdownDescription: "`ongoing`, or `time_bound` if it has a start and an end.", Computed: true, PlanModifiers: []planmodifier.String{core.KeepStateUnless("starts_at", "ends_at")}},
			"created_at":   core.ComputedStable("When the code was created, in RFC 3339 format."),
			"device_id":    core.RequiredReplace("Lock that the code opens. Changing this replaces the access code."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the code; by default Seam assigns one. It can be changed but not cleared. The lock may show a shortened name.",
				Optional:            true, Computed: true, PlanModifiers: kept, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"code": schema.StringAttribute{
				MarkdownDescription: "The PIN: 4 to 12 digits, in quotes so that Terraform keeps leading zeros. If neither this nor `code_wo` is set, Seam chooses a PIN. It is stored in the state; `code_wo` is not. Null when `code_wo` is used. Changing it removes the old PIN: the update fails unless the old PIN is no longer listed on the lock.",
				Optional:            true, Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{core.CodeUnlessWriteOnly},
				Validators: []validator.String{validPIN, core.ConflictsWith("code_wo", "preferred_code_length")},
			},
			"code_wo": schema.StringAttribute{
				MarkdownDescription: "The PIN as a write-only argument (Terraform 1.11, OpenTofu 1.11), in quotes like `code`. It is never stored in the state or the plan, so a PIN that is changed on the lock is not detected. After an import, the state holds the PIN until the next apply.",
				// Not sensitive: it is never shown anyway, and with two sensitive attributes Terraform 1.11
				// reports a change when a refresh returns them in a different order.
				Optional: true, WriteOnly: true,
				Validators: []validator.String{validPIN, core.Requires("code_wo_version"), core.ConflictsWith("preferred_code_length")},
			},
			"code_wo_version": schema.Int64Attribute{
				MarkdownDescription: "Change this when `code_wo` changes. Terraform cannot detect a change of a write-only argument, so this is what sends the new PIN.",
				Optional:            true, Validators: []validator.Int64{core.Requires("code_wo")},
			},
			"starts_at": schema.StringAttribute{
				MarkdownDescription: "Start of the stay, in RFC 3339 format such as `2026-01-02T15:00:00Z`. Needs `ends_at`.",
				Optional:            true, PlanModifiers: []planmodifier.String{core.RFC3339}, Validators: []validator.String{core.RFC3339, core.Requires("ends_at")},
			},
			"ends_at": schema.StringAttribute{
				MarkdownDescription: "End of the stay, in RFC 3339 format. Needs `starts_at`. Without both, the code is ongoing. After the end, when the code is gone, the plan stays empty; setting a later end then creates a new code. Moving the end earlier takes access away: the update fails unless the lock has the new end.",
				Optional:            true, PlanModifiers: []planmodifier.String{core.RFC3339}, Validators: []validator.String{core.RFC3339, core.Requires("starts_at")},
			},
			"common_code_key": schema.StringAttribute{
				MarkdownDescription: "Codes created with the same key share one PIN. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"preferred_code_length": schema.Int64Attribute{
				MarkdownDescription: "Number of digits, 4 to 12, if Seam chooses the PIN. If the lock does not support this length, Seam uses the shortest supported one. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.Int64{heldInt}, Validators: []validator.Int64{int64validator.Between(4, 12)},
			},
			"max_time_rounding": schema.StringAttribute{
				MarkdownDescription: "How far the lock may round the start and the end: `1hour`, `1day`, `1h` or `1d`. Offline codes that last for days need `1d`. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.OneOf("1hour", "1day", "1h", "1d")},
			},
			"prefer_native_scheduling": schema.BoolAttribute{
				MarkdownDescription: "Whether to use the lock's own scheduling where it is supported; Seam's default is true. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.Bool{heldBool},
			},
			"use_backup_access_code_pool": schema.BoolAttribute{
				MarkdownDescription: "Whether a backup code from the lock's pool may be used if this code cannot be set. Needs `starts_at` and `ends_at`. A backup code in use is removed, with proof, together with this code. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.Bool{heldBool},
			},
			"is_offline_access_code": schema.BoolAttribute{
				MarkdownDescription: "Whether this is an offline code, which the lock computes without a connection. An offline code cannot be changed or revoked: before `ends_at`, destroy fails unless `removal` is `requested` or `abandoned`. Changing this replaces the code.",
				Optional:            true, Computed: true, PlanModifiers: fixedFlag,
			},
			"is_one_time_use": schema.BoolAttribute{
				MarkdownDescription: "Whether an offline code works only once. Needs `is_offline_access_code`. Changing this replaces the code.",
				Optional:            true, Computed: true, PlanModifiers: fixedFlag,
			},
			"is_external_modification_allowed": schema.BoolAttribute{
				MarkdownDescription: "Whether the code may be changed outside Seam, for example at the keypad. If not, Seam reverts such changes. False by default.",
				Optional:            true, Computed: true, PlanModifiers: append(keptFlag, falseAtCreation{"False for a new code, unless configured."}),
			},
			"is_managed": schema.BoolAttribute{
				MarkdownDescription: "Whether Seam manages the code; always planned as true. It is false if the code is on the lock but no longer managed by this workspace: apply then makes it managed again, with the same ID and PIN. It is also false if the code is gone but its PIN is on the lock as an unmanaged code: the plan then replaces the code.",
				Computed:            true,
			},
			"wait_for_set": schema.BoolAttribute{
				MarkdownDescription: "Whether create waits until the code is on the lock; false by default. It does not wait for a stay that has not started. Exceeding `timeouts.create` is only a warning, because Seam keeps trying.",
				Optional:            true,
			},
			"adopt_access_code_id": schema.StringAttribute{
				MarkdownDescription: "ID of an unmanaged access code on this lock to adopt instead of creating a new one. It becomes managed, keeps its ID, and is updated to match this configuration. Used only at creation: changing or removing it later has no effect.",
				Optional:            true, Computed: true, PlanModifiers: []planmodifier.String{core.CreateOnly},
				Validators: []validator.String{stringvalidator.LengthAtLeast(1), core.ConflictsWith(
					"common_code_key", "preferred_code_length", "max_time_rounding", "prefer_native_scheduling",
					"use_backup_access_code_pool", "is_offline_access_code", "is_one_time_use")},
			},
			"force_adoption": schema.BoolAttribute{
				MarkdownDescription: "Whether to adopt the code even if another Seam workspace manages it; that workspace then loses it. False by default.",
				Optional:            true, Computed: true, PlanModifiers: []planmodifier.Bool{core.CreateOnly},
				Validators: []validator.Bool{core.Requires("adopt_access_code_id")},
			},
			"removal": core.RemovalAttribute("code", "the PIN no longer opens the door"),
			"timeouts": core.Timeouts(ctx,
				"How long create may wait for the lock, such as `90s`; %s by default. Time spent waiting for Seam's rate limit (10 creates per minute per lock) is not counted.",
				"How long update may wait for the lock; %s by default.",
				"How long destroy may wait for the proof; %s by default."),
		},
	}
}
