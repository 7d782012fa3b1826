package accesscode

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// unmanagedAccessCode is the model of seam_unmanaged_access_code: a PIN that was put on the lock
// outside Seam. It can be read and removed, but not changed.
type unmanagedAccessCode struct {
	ID           types.String   `tfsdk:"id"`
	AccessCodeID types.String   `tfsdk:"access_code_id"`
	WorkspaceID  types.String   `tfsdk:"workspace_id"`
	DeviceID     types.String   `tfsdk:"device_id"`
	Name         types.String   `tfsdk:"name"`
	Code         types.String   `tfsdk:"code"`
	Type         types.String   `tfsdk:"type"`
	StartsAt     types.String   `tfsdk:"starts_at"`
	EndsAt       types.String   `tfsdk:"ends_at"`
	CreatedAt    types.String   `tfsdk:"created_at"`
	Removal      types.String   `tfsdk:"removal"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func newUnmanagedAccessCodeResource() resource.Resource {
	return core.NewResource[unmanagedAccessCode]("unmanaged_access_code", unmanagedAccessCodeSchema)
}

func unmanagedAccessCodeSchema(ctx context.Context) schema.Schema {
	code := core.ComputedStable("The PIN, stored in the state; null if the lock does not report it.")
	code.Sensitive = true
	return schema.Schema{
		MarkdownDescription: "A PIN that was put on a lock outside Seam: in the manufacturer's app, at the keypad, or by another workspace. Create only adds it to the state; destroy removes it from the lock, and finishes only when that is proven. To keep and manage such a PIN, use `adopt_access_code_id` of `seam_access_code` instead.",
		Attributes: map[string]schema.Attribute{
			"id":             core.ComputedStable("Same as `access_code_id`."),
			"access_code_id": core.RequiredReplace("ID of the unmanaged access code. Changing this replaces the resource: the previous code is removed from its lock."),
			"workspace_id":   core.ComputedStable("Workspace through which it is read."),
			"device_id":      core.ComputedStable("Lock that it opens."),
			"name":           core.ComputedStable("Name of the code on the lock."),
			"code":           code,
			"type":           core.ComputedStable("`ongoing` or `time_bound`."),
			"starts_at":      core.ComputedStable("Start, in RFC 3339 format; null if ongoing."),
			"ends_at":        core.ComputedStable("End, in RFC 3339 format; null if ongoing."),
			"created_at":     core.ComputedStable("When Seam first found it, in RFC 3339 format."),
			"removal": schema.StringAttribute{
				MarkdownDescription: "What destroy does: `verified` (default) waits for proof that the PIN no longer opens the door; `requested` sends the delete request and does not wait; `abandoned` only removes the code from the state. The last two prove nothing and add a warning. Destroy uses the value in the state, so apply a change before destroy.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf(string(removal.Verified), string(removal.Requested), string(removal.Abandoned))},
			},
			"timeouts": core.Timeouts(ctx, "How long create may take, such as `90s`; %s by default.", "How long update may take; %s by default.",
				"How long destroy may wait for the proof; %s by default."),
		},
	}
}

func (m *unmanagedAccessCode) Create(ctx context.Context, op *core.Request[unmanagedAccessCode]) error {
	code, err := op.Client.GetUnmanagedAccessCode(ctx, m.AccessCodeID.ValueString())
	if err == nil {
		m.fromAPI(code)
	}
	return err
}

func (m *unmanagedAccessCode) fromAPI(code seam.AccessCode) {
	m.ID, m.AccessCodeID, m.WorkspaceID = types.StringValue(code.ID), types.StringValue(code.ID), core.StringOrNull(code.WorkspaceID)
	m.DeviceID, m.Name, m.Code, m.Type = core.StringOrNull(code.DeviceID), core.StringOrNull(code.Name), core.StringOrNull(code.Code), core.StringOrNull(code.Type)
	m.StartsAt, m.EndsAt, m.CreatedAt = core.TimeValue(code.StartsAt), core.TimeValue(code.EndsAt), core.TimeValue(code.CreatedAt)
}

func (m *unmanagedAccessCode) Read(ctx context.Context, op *core.Request[unmanagedAccessCode]) error {
	code, err := removal.ReadUnmanagedAccessCode(ctx, op.Client, m.removalTarget(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	switch {
	case err == nil:
		m.fromAPI(code)
	case errors.Is(err, removal.ErrUnconfirmed):
		op.AddWarning("Removal not proven", err.Error()+"\n\nIt stays in the state, so that destroy can prove its removal. "+core.Advice(err, "unmanaged_access_code"))
		return nil
	}
	return err
}

func (m *unmanagedAccessCode) Update(context.Context, *core.Request[unmanagedAccessCode]) error {
	return nil
}

func (m *unmanagedAccessCode) Delete(ctx context.Context, op *core.Request[unmanagedAccessCode]) error {
	return removal.RemoveUnmanagedAccessCode(ctx, op.Client, m.removalTarget(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}

// removalTarget is the code as the state knows it.
func (m *unmanagedAccessCode) removalTarget() removal.AccessCode {
	target := removal.AccessCode{ID: m.ID.ValueString(), DeviceID: m.DeviceID.ValueString(), Name: m.Name.ValueString(), PIN: m.Code.ValueString()}
	target.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	return target
}

// unmanagedAccessCodeFilter is the model of the list resource.
type unmanagedAccessCodeFilter struct {
	DeviceID types.String `tfsdk:"device_id"`
}

func newUnmanagedAccessCodeListResource() list.ListResource {
	return core.NewListResource("unmanaged_access_code", listschema.Schema{
		MarkdownDescription: "Finds PINs that were put on a lock outside Seam, on one lock or on all. Results do not include PINs; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"device_id": listschema.StringAttribute{MarkdownDescription: "Lock that they open; all locks by default.", Optional: true, Validators: core.NonEmpty},
		},
	}, listUnmanagedAccessCodes)
}

func listUnmanagedAccessCodes(ctx context.Context, client *seam.Client, f unmanagedAccessCodeFilter) iter.Seq2[core.ListItem[unmanagedAccessCode], error] {
	return core.MapItems(client.UnmanagedAccessCodes(ctx, f.DeviceID.ValueString()), func(code seam.AccessCode) core.ListItem[unmanagedAccessCode] {
		return core.ListItem[unmanagedAccessCode]{ID: code.ID, Name: code.Name, Fill: func(m *unmanagedAccessCode) {
			code.Code = ""
			m.fromAPI(code)
		}}
	})
}

// unmanagedAccessCodesDataSourceModel is the model of seam_unmanaged_access_codes.
type unmanagedAccessCodesDataSourceModel struct {
	DeviceID    types.String              `tfsdk:"device_id"`
	AccessCodes []unmanagedAccessCodeItem `tfsdk:"access_codes"`
}

type unmanagedAccessCodeItem struct {
	ID              types.String        `tfsdk:"id"`
	DeviceID        types.String        `tfsdk:"device_id"`
	Name            types.String        `tfsdk:"name"`
	Code            types.String        `tfsdk:"code"`
	Type            types.String        `tfsdk:"type"`
	Status          types.String        `tfsdk:"status"`
	StartsAt        types.String        `tfsdk:"starts_at"`
	EndsAt          types.String        `tfsdk:"ends_at"`
	CreatedAt       types.String        `tfsdk:"created_at"`
	CannotBeManaged types.Bool          `tfsdk:"cannot_be_managed"`
	CannotDelete    types.Bool          `tfsdk:"cannot_delete_unmanaged_access_code"`
	Errors          []core.ErrorModel   `tfsdk:"errors"`
	Warnings        []core.WarningModel `tfsdk:"warnings"`
}

func newUnmanagedAccessCodesDataSource() datasource.DataSource {
	return core.NewDataSource[unmanagedAccessCodesDataSourceModel]("unmanaged_access_codes", dataschema.Schema{
		MarkdownDescription: "PINs that were put on a lock outside Seam: in the manufacturer's app, at the keypad, or by another workspace.",
		Attributes: map[string]dataschema.Attribute{
			"device_id": dataschema.StringAttribute{MarkdownDescription: "Lock that they open.", Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"access_codes": core.ComputedObjectList("The codes, in Seam's order.", map[string]dataschema.Attribute{
				"id":                                  core.ComputedString("ID of the access code."),
				"device_id":                           core.ComputedString("Lock that it opens."),
				"name":                                core.ComputedString("Name of the code on the lock."),
				"code":                                dataschema.StringAttribute{MarkdownDescription: "The PIN; null if the lock does not report it.", Computed: true, Sensitive: true},
				"type":                                core.ComputedString("`ongoing` or `time_bound`."),
				"status":                              core.ComputedString("Status on the lock: `set` or `unset`."),
				"starts_at":                           core.ComputedString("Start, in RFC 3339 format; null if ongoing."),
				"ends_at":                             core.ComputedString("End, in RFC 3339 format; null if ongoing."),
				"created_at":                          core.ComputedString("When Seam first found it, in RFC 3339 format."),
				"cannot_be_managed":                   core.ComputedBool("Whether it cannot be adopted."),
				"cannot_delete_unmanaged_access_code": core.ComputedBool("Whether only the manufacturer's app can remove it."),
				"errors":                              core.ComputedErrors(),
				"warnings":                            core.ComputedWarnings(),
			}),
		},
	})
}

func (v *unmanagedAccessCodesDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	v.AccessCodes = []unmanagedAccessCodeItem{}
	for code, err := range client.UnmanagedAccessCodes(ctx, v.DeviceID.ValueString()) {
		if err != nil {
			return err
		}
		v.AccessCodes = append(v.AccessCodes, unmanagedAccessCodeItem{
			ID: types.StringValue(code.ID), DeviceID: v.DeviceID, Name: core.StringOrNull(code.Name), Code: core.StringOrNull(code.Code),
			Type: core.StringOrNull(code.Type), Status: core.StringOrNull(code.Status), StartsAt: core.TimeValue(code.StartsAt), EndsAt: core.TimeValue(code.EndsAt), CreatedAt: core.TimeValue(code.CreatedAt),
			CannotBeManaged: types.BoolValue(code.CannotBeManaged), CannotDelete: types.BoolValue(code.CannotDelete),
			Errors: core.FlattenErrors(code.Errors), Warnings: core.FlattenWarnings(code.Warnings),
		})
	}
	return nil
}
