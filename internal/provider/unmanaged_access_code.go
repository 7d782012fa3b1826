package provider

import (
	"context"
	"errors"
	"fmt"
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

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// unmanagedAccessCode is the model of seam_unmanaged_access_code: a PIN that somebody put
// on the lock past Seam. It can be watched and removed, not changed.
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
	return &managedResource[unmanagedAccessCode, *unmanagedAccessCode]{name: "unmanaged_access_code", schema: unmanagedAccessCodeSchema}
}

func unmanagedAccessCodeSchema(ctx context.Context) schema.Schema {
	code := computedStable("The PIN, stored in the state; null if the lock does not show it.")
	code.Sensitive = true
	return schema.Schema{
		MarkdownDescription: "A PIN that is on a lock past Seam: made in the manufacturer's app, at the keypad or by another workspace. Creating it only takes note of it by its id; destroying it removes it from the lock and returns only when that is proven. To keep such a PIN and change it from here, use `adopt_access_code_id` of `seam_access_code` instead.",
		Attributes: map[string]schema.Attribute{
			"id":             computedStable("Same as `access_code_id`."),
			"access_code_id": requiredReplace("Seam's id of the unmanaged access code. Another id means another code: the one before is removed from its lock."),
			"workspace_id":   computedStable("Workspace through which it is seen."),
			"device_id":      computedStable("Lock that it opens."),
			"name":           computedStable("Name of the code on the lock."),
			"code":           code,
			"type":           computedStable("`ongoing` or `time_bound`."),
			"starts_at":      computedStable("When it begins to work, in RFC 3339 format; null if ongoing."),
			"ends_at":        computedStable("When it stops working, in RFC 3339 format; null if ongoing."),
			"created_at":     computedStable("When Seam first saw it, in RFC 3339 format."),
			"removal": schema.StringAttribute{
				MarkdownDescription: "How far destroy goes: `verified` (default) waits for the proof that the PIN no longer opens the door; `requested` asks and does not wait; `abandoned` only forgets the code. The last two prove nothing and warn. Destroy uses the value in the state, so apply a change of it first.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf(string(removal.Verified), string(removal.Requested), string(removal.Abandoned))},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				DeleteDescription: fmt.Sprintf("How long destroy may wait for the proof; %v by default. Taken from the state, so apply a change of it first.", formatMinutes(deleteTimeout)),
			}),
		},
	}
}

func (m *unmanagedAccessCode) id() types.String        { return m.ID }
func (m *unmanagedAccessCode) timeout() timeouts.Value { return m.Timeouts }

func (m *unmanagedAccessCode) plan(context.Context, *planRequest[unmanagedAccessCode]) {}

func (m *unmanagedAccessCode) create(ctx context.Context, op *crudRequest[unmanagedAccessCode]) error {
	code, err := op.client.GetUnmanagedAccessCode(ctx, m.AccessCodeID.ValueString())
	if err == nil {
		m.fromAPI(code)
	}
	return err
}

func (m *unmanagedAccessCode) fromAPI(code seam.AccessCode) {
	m.ID, m.AccessCodeID, m.WorkspaceID = types.StringValue(code.ID), types.StringValue(code.ID), stringOrNull(code.WorkspaceID)
	m.DeviceID, m.Name, m.Code, m.Type = stringOrNull(code.DeviceID), stringOrNull(code.Name), stringOrNull(code.Code), stringOrNull(code.Type)
	m.StartsAt, m.EndsAt, m.CreatedAt = timeValue(code.StartsAt), timeValue(code.EndsAt), timeValue(code.CreatedAt)
}

func (m *unmanagedAccessCode) read(ctx context.Context, op *crudRequest[unmanagedAccessCode]) error {
	code, err := removal.ReadUnmanagedAccessCode(ctx, op.client, m.removalTarget(), removalOptions(ctx, op, m.WorkspaceID, m.Removal))
	switch {
	case err == nil:
		m.fromAPI(code)
	case errors.Is(err, removal.ErrUnconfirmed):
		op.addWarning("Removal not proven", err.Error()+"\n\nThe state keeps it, so that destroy can prove its removal. "+advice(err, "unmanaged_access_code"))
		return nil
	}
	return err
}

func (m *unmanagedAccessCode) update(context.Context, *crudRequest[unmanagedAccessCode]) error {
	return nil
}

func (m *unmanagedAccessCode) delete(ctx context.Context, op *crudRequest[unmanagedAccessCode]) error {
	return removal.RemoveUnmanagedAccessCode(ctx, op.client, m.removalTarget(), removalOptions(ctx, op, m.WorkspaceID, m.Removal))
}

// removalTarget is what the state knows of this code.
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
	return &listResource[unmanagedAccessCodeFilter, unmanagedAccessCode]{name: "unmanaged_access_code", find: listUnmanagedAccessCodes, schema: listschema.Schema{
		MarkdownDescription: "Finds the PINs that are on a lock past Seam, or on all locks. PINs are left out of the results; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"device_id": listschema.StringAttribute{MarkdownDescription: "Lock that they open; all locks by default.", Optional: true, Validators: nonEmpty},
		},
	}}
}

func listUnmanagedAccessCodes(ctx context.Context, client *seam.Client, f unmanagedAccessCodeFilter) iter.Seq2[listItem[unmanagedAccessCode], error] {
	return mapItems(client.UnmanagedAccessCodes(ctx, f.DeviceID.ValueString()), func(code seam.AccessCode) listItem[unmanagedAccessCode] {
		return listItem[unmanagedAccessCode]{code.ID, code.Name, func(m *unmanagedAccessCode) {
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
	ID              types.String   `tfsdk:"id"`
	DeviceID        types.String   `tfsdk:"device_id"`
	Name            types.String   `tfsdk:"name"`
	Code            types.String   `tfsdk:"code"`
	Type            types.String   `tfsdk:"type"`
	Status          types.String   `tfsdk:"status"`
	StartsAt        types.String   `tfsdk:"starts_at"`
	EndsAt          types.String   `tfsdk:"ends_at"`
	CreatedAt       types.String   `tfsdk:"created_at"`
	CannotBeManaged types.Bool     `tfsdk:"cannot_be_managed"`
	CannotDelete    types.Bool     `tfsdk:"cannot_delete_unmanaged_access_code"`
	Errors          []errorModel   `tfsdk:"errors"`
	Warnings        []warningModel `tfsdk:"warnings"`
}

func newUnmanagedAccessCodesDataSource() datasource.DataSource {
	return &dataSource[unmanagedAccessCodesDataSourceModel, *unmanagedAccessCodesDataSourceModel]{name: "unmanaged_access_codes", schema: dataschema.Schema{
		MarkdownDescription: "The PINs that are on a lock past Seam: made in the manufacturer's app, at the keypad or by another workspace.",
		Attributes: map[string]dataschema.Attribute{
			"device_id": dataschema.StringAttribute{MarkdownDescription: "Lock that they open.", Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"access_codes": computedObjectList("The codes, in Seam's order.", map[string]dataschema.Attribute{
				"id":                                  computedString("Seam's id of the access code."),
				"device_id":                           computedString("Lock that it opens."),
				"name":                                computedString("Name of the code on the lock."),
				"code":                                dataschema.StringAttribute{MarkdownDescription: "The PIN; null if the lock does not show it.", Computed: true, Sensitive: true},
				"type":                                computedString("`ongoing` or `time_bound`."),
				"status":                              computedString("How it stands on the lock: `set` or `unset`."),
				"starts_at":                           computedString("When it begins to work, in RFC 3339 format; null if ongoing."),
				"ends_at":                             computedString("When it stops working, in RFC 3339 format; null if ongoing."),
				"created_at":                          computedString("When Seam first saw it, in RFC 3339 format."),
				"cannot_be_managed":                   computedBool("Whether it cannot be adopted."),
				"cannot_delete_unmanaged_access_code": computedBool("Whether only the manufacturer's app can remove it."),
				"errors":                              computedErrors(),
				"warnings":                            computedWarnings(),
			}),
		},
	}}
}

func (v *unmanagedAccessCodesDataSourceModel) read(ctx context.Context, client *seam.Client) error {
	v.AccessCodes = []unmanagedAccessCodeItem{}
	for code, err := range client.UnmanagedAccessCodes(ctx, v.DeviceID.ValueString()) {
		if err != nil {
			return err
		}
		v.AccessCodes = append(v.AccessCodes, unmanagedAccessCodeItem{
			ID: types.StringValue(code.ID), DeviceID: v.DeviceID, Name: stringOrNull(code.Name), Code: stringOrNull(code.Code),
			Type: stringOrNull(code.Type), Status: stringOrNull(code.Status), StartsAt: timeValue(code.StartsAt), EndsAt: timeValue(code.EndsAt), CreatedAt: timeValue(code.CreatedAt),
			CannotBeManaged: types.BoolValue(code.CannotBeManaged), CannotDelete: types.BoolValue(code.CannotDelete),
			Errors: flattenErrors(code.Errors), Warnings: flattenWarnings(code.Warnings),
		})
	}
	return nil
}
