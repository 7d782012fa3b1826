package accesscode

import (
	"context"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessCodeDataSourceModel is a managed code, including the fields that change over time, which the
// resource omits.
type accessCodeDataSourceModel struct {
	ID                            types.String         `tfsdk:"id"`
	DeviceID                      types.String         `tfsdk:"device_id"`
	WorkspaceID                   types.String         `tfsdk:"workspace_id"`
	Name                          types.String         `tfsdk:"name"`
	Code                          types.String         `tfsdk:"code"`
	Type                          types.String         `tfsdk:"type"`
	Status                        types.String         `tfsdk:"status"`
	StartsAt                      types.String         `tfsdk:"starts_at"`
	EndsAt                        types.String         `tfsdk:"ends_at"`
	CreatedAt                     types.String         `tfsdk:"created_at"`
	CommonCodeKey                 types.String         `tfsdk:"common_code_key"`
	IsOfflineAccessCode           types.Bool           `tfsdk:"is_offline_access_code"`
	IsOneTimeUse                  types.Bool           `tfsdk:"is_one_time_use"`
	IsExternalModificationAllowed types.Bool           `tfsdk:"is_external_modification_allowed"`
	IsScheduledOnDevice           types.Bool           `tfsdk:"is_scheduled_on_device"`
	IsWaitingForCodeAssignment    types.Bool           `tfsdk:"is_waiting_for_code_assignment"`
	PulledBackupAccessCodeID      types.String         `tfsdk:"pulled_backup_access_code_id"`
	PendingMutations              []core.MutationModel `tfsdk:"pending_mutations"`
	Errors                        []core.ErrorModel    `tfsdk:"errors"`
	Warnings                      []core.WarningModel  `tfsdk:"warnings"`
}

const codeStatus = "`setting` while it is being put on the lock, `set` once the PIN opens the door, `removing`, `unset` (not on the lock, or not yet), or `unknown` if Seam cannot reach the lock."

func accessCodeDataSourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                               core.ComputedString("ID of the access code."),
		"device_id":                        core.ComputedString("Lock that it opens."),
		"workspace_id":                     core.ComputedString("Workspace that it belongs to."),
		"name":                             core.ComputedString("Name of the code."),
		"code":                             schema.StringAttribute{MarkdownDescription: "The PIN; null until one is assigned. It is stored in the state; the ephemeral resource `seam_access_code` does not store it.", Computed: true, Sensitive: true},
		"type":                             core.ComputedString("`ongoing` or `time_bound`."),
		"status":                           core.ComputedString("Status on the lock: " + codeStatus),
		"starts_at":                        core.ComputedString("Start of the stay, in RFC 3339 format; null if ongoing."),
		"ends_at":                          core.ComputedString("End of the stay, in RFC 3339 format; null if ongoing."),
		"created_at":                       core.ComputedString("When the code was created, in RFC 3339 format."),
		"common_code_key":                  core.ComputedString("Key shared by codes with the same PIN."),
		"is_offline_access_code":           core.ComputedBool("Whether it is an offline code."),
		"is_one_time_use":                  core.ComputedBool("Whether it works only once."),
		"is_external_modification_allowed": core.ComputedBool("Whether it may be changed outside Seam."),
		"is_scheduled_on_device":           core.ComputedBool("Whether it is already stored on the lock, to start later."),
		"is_waiting_for_code_assignment":   core.ComputedBool("Whether it has no PIN yet."),
		"pulled_backup_access_code_id":     core.ComputedString("Backup access code that is used instead of it."),
		"pending_mutations":                core.ComputedMutations("Changes that the lock has not confirmed yet."),
		"errors":                           core.ComputedErrors(),
		"warnings":                         core.ComputedWarnings(),
	}
}

func flattenAccessCode(code seam.AccessCode) accessCodeDataSourceModel {
	return accessCodeDataSourceModel{
		ID: types.StringValue(code.ID), DeviceID: core.StringOrNull(code.DeviceID), WorkspaceID: core.StringOrNull(code.WorkspaceID),
		Name: core.StringOrNull(code.Name), Code: core.StringOrNull(code.Code), Type: core.StringOrNull(code.Type), Status: core.StringOrNull(code.Status),
		StartsAt: core.TimeValue(code.StartsAt), EndsAt: core.TimeValue(code.EndsAt), CreatedAt: core.TimeValue(code.CreatedAt),
		CommonCodeKey: core.StringOrNull(code.CommonCodeKey), IsOfflineAccessCode: types.BoolValue(code.IsOfflineAccessCode),
		IsOneTimeUse: types.BoolValue(code.IsOneTimeUse), IsExternalModificationAllowed: types.BoolValue(code.IsExternalModificationAllowed),
		IsScheduledOnDevice: types.BoolValue(code.IsScheduledOnDevice), IsWaitingForCodeAssignment: types.BoolValue(code.IsWaitingForCodeAssignment),
		PulledBackupAccessCodeID: core.StringOrNull(code.PulledBackupAccessCodeID),
		PendingMutations:         core.FlattenMutations(code.PendingMutations), Errors: core.FlattenErrors(code.Errors), Warnings: core.FlattenWarnings(code.Warnings),
	}
}

func newAccessCodeDataSource() datasource.DataSource {
	attributes := accessCodeDataSourceAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the access code. Either this, or `device_id` and `code`.", Optional: true, Computed: true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ExactlyOneOf(path.MatchRoot("device_id"))},
	}
	attributes["device_id"] = schema.StringAttribute{
		MarkdownDescription: "Lock that it opens. With `code`, it finds the managed code with that PIN.", Optional: true, Computed: true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(path.MatchRoot("code"))},
	}
	attributes["code"] = schema.StringAttribute{
		MarkdownDescription: "The PIN; null until one is assigned. It is stored in the state; the ephemeral resource `seam_access_code` does not store it.", Optional: true, Computed: true, Sensitive: true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(path.MatchRoot("device_id"))},
	}
	return core.NewDataSource[accessCodeDataSourceModel]("access_code", schema.Schema{
		MarkdownDescription: "The current state of a managed access code: status, pending changes, and errors with suggested fixes. It is read at every plan.",
		Attributes:          attributes,
	})
}

func (v *accessCodeDataSourceModel) Read(ctx context.Context, client *seam.Client) (err error) {
	var code seam.AccessCode
	if v.ID.IsNull() {
		code, err = client.GetAccessCodeByPIN(ctx, v.DeviceID.ValueString(), v.Code.ValueString())
	} else {
		code, err = client.GetAccessCode(ctx, v.ID.ValueString())
	}
	*v = flattenAccessCode(code)
	return err
}

// accessCodeFilter is the model of the list resource, and of the arguments of
// seam_access_codes.
type accessCodeFilter struct {
	DeviceID    types.String `tfsdk:"device_id"`
	CustomerKey types.String `tfsdk:"customer_key"`
	Search      types.String `tfsdk:"search"`
}

// accessCodesDataSourceModel is the model of seam_access_codes.
type accessCodesDataSourceModel struct {
	accessCodeFilter
	AccessCodeIDs  []types.String              `tfsdk:"access_code_ids"`
	AccessGrantID  types.String                `tfsdk:"access_grant_id"`
	AccessMethodID types.String                `tfsdk:"access_method_id"`
	AccessCodes    []accessCodeDataSourceModel `tfsdk:"access_codes"`
}

func newAccessCodesDataSource() datasource.DataSource {
	root := path.MatchRoot
	ids := core.FilterStringList("IDs of the codes. At least one argument other than `search` is required.")
	ids.Validators = append(slices.Clone(core.EachNonEmpty), listvalidator.AtLeastOneOf(root("device_id"), root("customer_key"), root("access_grant_id"), root("access_method_id")))
	return core.NewDataSource[accessCodesDataSourceModel]("access_codes", schema.Schema{
		MarkdownDescription: "The managed access codes that match all arguments. Unused backup codes are included only if requested by ID.",
		Attributes: map[string]schema.Attribute{
			"access_code_ids":  ids,
			"device_id":        core.FilterString("Lock that they open."),
			"customer_key":     core.FilterString("Customer that they belong to."),
			"access_grant_id":  core.FilterString("Access grant that created them."),
			"access_method_id": core.FilterString("Access method that created them."),
			"search":           core.FilterString("Search text."),
			"access_codes":     core.ComputedObjectList("The codes, in Seam's order.", accessCodeDataSourceAttributes()),
		},
	})
}

func (v *accessCodesDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	v.AccessCodes = []accessCodeDataSourceModel{}
	if core.AnyEmptyFilter(v.AccessCodeIDs) {
		return nil
	}
	for code, err := range client.AccessCodes(ctx, seam.AccessCodeFilter{
		DeviceID: v.DeviceID.ValueString(), IDs: core.StringValues(v.AccessCodeIDs), CustomerKey: v.CustomerKey.ValueString(),
		AccessGrantID: v.AccessGrantID.ValueString(), AccessMethodID: v.AccessMethodID.ValueString(), Search: v.Search.ValueString(),
	}) {
		if err != nil {
			return err
		}
		v.AccessCodes = append(v.AccessCodes, flattenAccessCode(code))
	}
	return nil
}

func newAccessCodeListResource() list.ListResource {
	return core.NewListResource("access_code", listschema.Schema{
		MarkdownDescription: "Finds managed access codes, on one lock or on all. Results do not include PINs; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"device_id":    listschema.StringAttribute{MarkdownDescription: "Lock that they open; all locks by default.", Optional: true, Validators: core.NonEmpty},
			"customer_key": listschema.StringAttribute{MarkdownDescription: "Customer that they belong to.", Optional: true, Validators: core.NonEmpty},
			"search":       listschema.StringAttribute{MarkdownDescription: "Search text.", Optional: true, Validators: core.NonEmpty},
		},
	}, listAccessCodes)
}

func listAccessCodes(ctx context.Context, client *seam.Client, f accessCodeFilter) iter.Seq2[core.ListItem[accessCode], error] {
	filter := seam.AccessCodeFilter{DeviceID: f.DeviceID.ValueString(), CustomerKey: f.CustomerKey.ValueString(), Search: f.Search.ValueString()}
	return core.MapItems(client.AccessCodes(ctx, filter), func(code seam.AccessCode) core.ListItem[accessCode] {
		return core.ListItem[accessCode]{ID: code.ID, Name: code.Name, Fill: func(m *accessCode) {
			code.Code = ""
			m.fromAPI(code)
		}}
	})
}

// accessCodeEphemeralModel is the model of the ephemeral seam_access_code.
type accessCodeEphemeralModel struct {
	ID       types.String `tfsdk:"id"`
	DeviceID types.String `tfsdk:"device_id"`
	Name     types.String `tfsdk:"name"`
	Code     types.String `tfsdk:"code"`
	Status   types.String `tfsdk:"status"`
	StartsAt types.String `tfsdk:"starts_at"`
	EndsAt   types.String `tfsdk:"ends_at"`
}

func newAccessCodeEphemeralResource() ephemeral.EphemeralResource {
	attributes := map[string]ephemeralschema.Attribute{
		"id":   ephemeralschema.StringAttribute{MarkdownDescription: "ID of the access code, or of a backup code in use.", Required: true, Validators: core.NonEmpty},
		"code": ephemeralschema.StringAttribute{MarkdownDescription: "The PIN; null until one is assigned.", Computed: true, Sensitive: true},
	}
	for name, description := range map[string]string{
		"device_id": "Lock that it opens.", "name": "Name of the code.", "status": "Status on the lock: " + codeStatus,
		"starts_at": "Start of the stay, in RFC 3339 format; null if ongoing.", "ends_at": "End of the stay, in RFC 3339 format; null if ongoing.",
	} {
		attributes[name] = ephemeralschema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return core.NewEphemeralResource[accessCodeEphemeralModel]("access_code", ephemeralschema.Schema{
		MarkdownDescription: "Reads a managed access code for this run only: the PIN is not stored in the plan or the state.",
		Attributes:          attributes,
	})
}

func (l *accessCodeEphemeralModel) Open(ctx context.Context, client *seam.Client) (string, error) {
	code, err := client.GetAccessCode(ctx, l.ID.ValueString())
	v := flattenAccessCode(code)
	l.DeviceID, l.Name, l.Code, l.Status, l.StartsAt, l.EndsAt = v.DeviceID, v.Name, v.Code, v.Status, v.StartsAt, v.EndsAt
	return "", err
}

func (l *accessCodeEphemeralModel) Close(context.Context, *seam.Client, string) error { return nil }
