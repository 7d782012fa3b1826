package accesscode

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
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

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
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

// Keys of what is kept in private state between runs.
const (
	removalKey      = "removal" // removal.Checkpoint of a removal that is not proven yet
	changeKey       = "change"  // removal.Checkpoint of a change that took access away and is not proven yet
	unseenKey       = "unseen"  // true until Seam has found a new code
	expiredKey      = "expired" // true once the stay is over and the code gone
	formerKey       = "former"  // removal.PriorAccess: what may still open the door besides the code as it is
	unmanagedPINKey = "stray"   // true if the code is gone and its PIN is on the lock as another, unmanaged code
)

func newAccessCodeResource() resource.Resource {
	return core.NewResource[accessCode]("access_code", accessCodeSchema)
}

func accessCodeSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keptFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	fixedFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown(), boolplanmodifier.RequiresReplaceIfConfigured()}
	heldString, heldInt, heldBool := core.ReplaceIfInState()
	atPath := func(name string) path.Expression { return path.MatchRoot(name) }
	return schema.Schema{
		MarkdownDescription: "A PIN on a lock. Creating it puts the PIN on the lock; destroying it returns only when it is proven that the PIN no longer opens the door (see `removal`).",
		Attributes: map[string]schema.Attribute{
			"id":           core.ComputedStable("Seam's id of the access code."),
			"workspace_id": core.ComputedStable("Workspace in which the code lives. Credentials of another workspace are refused: there, every code looks deleted."),
			"type":         schema.StringAttribute{MarkdownDescription: "`ongoing`, or `time_bound` if it has a window.", Computed: true, PlanModifiers: []planmodifier.String{core.KeepStateUnless("starts_at", "ends_at")}},
			"created_at":   core.ComputedStable("When Seam made the code, in RFC 3339 format."),
			"device_id":    core.RequiredReplace("Lock that the code opens. Another lock means another code."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the code; Seam gives one if it is left out. It can be changed but not cleared. The lock itself may show a shortened one.",
				Optional:            true, Computed: true, PlanModifiers: kept, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"code": schema.StringAttribute{
				MarkdownDescription: "The PIN, 4 to 12 digits in quotes: without them, Terraform reads a number and drops leading zeros. Seam chooses one if both this and `code_wo` are left out. It is stored in the state; `code_wo` is not. Null when `code_wo` is used. Changing it counts as removing the old PIN: the update fails unless the lock no longer lists it.",
				Optional:            true, Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{codeUnlessWriteOnly{"The state's PIN, or null with code_wo."}},
				Validators: []validator.String{validPIN, stringvalidator.ConflictsWith(atPath("code_wo"), atPath("preferred_code_length"))},
			},
			"code_wo": schema.StringAttribute{
				MarkdownDescription: "The PIN as a write-only argument (Terraform 1.11, OpenTofu 1.11), in quotes like `code`: it reaches neither state nor plan. In return, a PIN that somebody changes on the lock is not noticed. An imported code shows its PIN in the state until the next apply.",
				// Not sensitive: it is never shown anyway, and Terraform 1.11 takes two sensitive
				// attributes for a change when it refreshes them in another order.
				Optional: true, WriteOnly: true,
				Validators: []validator.String{validPIN, stringvalidator.AlsoRequires(atPath("code_wo_version")), stringvalidator.ConflictsWith(atPath("preferred_code_length"))},
			},
			"code_wo_version": schema.Int64Attribute{
				MarkdownDescription: "Change it to send `code_wo` again: nothing else tells that it is another PIN.",
				Optional:            true, Validators: []validator.Int64{int64validator.AlsoRequires(atPath("code_wo"))},
			},
			"starts_at": schema.StringAttribute{
				MarkdownDescription: "Start of the stay, in RFC 3339 format such as `2026-01-02T15:00:00Z`. Needs `ends_at`.",
				Optional:            true, PlanModifiers: []planmodifier.String{core.RFC3339}, Validators: []validator.String{core.RFC3339, stringvalidator.AlsoRequires(atPath("ends_at"))},
			},
			"ends_at": schema.StringAttribute{
				MarkdownDescription: "End of the stay, in RFC 3339 format. Needs `starts_at`. Without both the code is ongoing. Once it has passed and the code is gone, the plan stays empty; a later end then makes a new code. Ending a stay earlier counts as a removal: the update fails unless the lock has it.",
				Optional:            true, PlanModifiers: []planmodifier.String{core.RFC3339}, Validators: []validator.String{core.RFC3339, stringvalidator.AlsoRequires(atPath("starts_at"))},
			},
			"common_code_key": schema.StringAttribute{
				MarkdownDescription: "Codes created with the same key get the same PIN. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"preferred_code_length": schema.Int64Attribute{
				MarkdownDescription: "Number of digits of a PIN that Seam chooses, 4 to 12. A lock that does not support it gets its shortest supported length. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.Int64{heldInt}, Validators: []validator.Int64{int64validator.Between(4, 12)},
			},
			"max_time_rounding": schema.StringAttribute{
				MarkdownDescription: "How far the lock may round the window: `1hour`, `1day`, `1h` or `1d`. Offline codes that last days need `1d`. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.String{heldString}, Validators: []validator.String{stringvalidator.OneOf("1hour", "1day", "1h", "1d")},
			},
			"prefer_native_scheduling": schema.BoolAttribute{
				MarkdownDescription: "Whether the lock may keep the schedule itself, where it can; Seam's default is true. " + core.CreateOnlyDescription,
				Optional:            true, PlanModifiers: []planmodifier.Bool{heldBool},
			},
			"use_backup_access_code_pool": schema.BoolAttribute{
				MarkdownDescription: "Whether a spare code from the lock's pool may stand in if this one cannot be set. Only with a window. A spare that was pulled is removed, with proof, together with this code. " + core.CreateOnlyDescription,
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
				Optional:            true, Computed: true, PlanModifiers: append(keptFlag, falseAtCreation{"False for a new code, unless configured."}),
			},
			"is_managed": schema.BoolAttribute{
				MarkdownDescription: "Whether Seam manages the code. It is always planned as true. A code that is on the lock and no longer managed by this workspace reads as false, and apply makes it managed again, with the same id and PIN. If the code is gone while its PIN is on the lock as another, unmanaged code, this reads as false too, and the plan replaces the code.",
				Computed:            true, PlanModifiers: []planmodifier.Bool{alwaysManaged{"Always true."}},
			},
			"wait_for_set": schema.BoolAttribute{
				MarkdownDescription: "Whether create waits until the lock has the code; false by default. Never waits for a stay that has not started. Running out of `timeouts.create` is a warning: Seam keeps trying.",
				Optional:            true,
			},
			"adopt_access_code_id": schema.StringAttribute{
				MarkdownDescription: "Id of an unmanaged access code on this lock to take over instead of making a new one: it is made managed, keeps its id, and is then changed to what is configured here. Matters at creation only; whatever becomes of it later changes nothing.",
				Optional:            true, Computed: true, PlanModifiers: []planmodifier.String{core.CreateOnly},
				Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ConflictsWith(
					atPath("common_code_key"), atPath("preferred_code_length"), atPath("max_time_rounding"), atPath("prefer_native_scheduling"),
					atPath("use_backup_access_code_pool"), atPath("is_offline_access_code"), atPath("is_one_time_use"))},
			},
			"force_adoption": schema.BoolAttribute{
				MarkdownDescription: "Whether to adopt the code even if another workspace of Seam manages it, which loses it then. False by default.",
				Optional:            true, Computed: true, PlanModifiers: []planmodifier.Bool{core.CreateOnly},
				Validators: []validator.Bool{boolvalidator.AlsoRequires(atPath("adopt_access_code_id"))},
			},
			"removal": schema.StringAttribute{
				MarkdownDescription: "How far destroy goes: `verified` (default) waits for the proof that the PIN no longer opens the door; `verified_by_event` waits for Seam's event as well; `requested` asks and does not wait; `abandoned` only forgets the code. The last two prove nothing and warn. Destroy uses the value in the state, so apply a change of it first.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf(removalModes()...)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: fmt.Sprintf("How long create may wait for the lock, such as `90s`; %v by default. Waiting for its turn, which Seam limits to ten a minute and lock, does not count.", core.FormatMinutes(core.CreateTimeout)),
				UpdateDescription: fmt.Sprintf("How long update may wait for the lock; %v by default.", core.FormatMinutes(core.UpdateTimeout)),
				DeleteDescription: fmt.Sprintf("How long destroy may wait for the proof; %v by default. Taken from the state, so apply a change of it first.", core.FormatMinutes(core.DeleteTimeout)),
			}),
		},
	}
}

func removalModes() []string {
	modes := make([]string, len(removal.Modes))
	for i, mode := range removal.Modes {
		modes[i] = string(mode)
	}
	return modes
}
