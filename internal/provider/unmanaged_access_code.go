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

func newUnmanagedAccessCode() resource.Resource {
	return &managed[unmanagedAccessCode, *unmanagedAccessCode]{noun: "unmanaged_access_code", schema: unmanagedAccessCodeSchema}
}

func unmanagedAccessCodeSchema(ctx context.Context) schema.Schema {
	code := lasting("The PIN, stored in the state; null if the lock does not show it.")
	code.Sensitive = true
	return schema.Schema{
		MarkdownDescription: "A PIN that is on a lock past Seam: made in the manufacturer's app, at the keypad or by another workspace. Creating it only takes note of it by its id; destroying it removes it from the lock and returns only when that is proven. To keep such a PIN and change it from here, use `adopt_access_code_id` of `seam_access_code` instead.",
		Attributes: map[string]schema.Attribute{
			"id":             lasting("Same as `access_code_id`."),
			"access_code_id": decisive("Seam's id of the unmanaged access code. Another id means another code: the one before is removed from its lock."),
			"workspace_id":   lasting("Workspace through which it is seen."),
			"device_id":      lasting("Lock that it opens."),
			"name":           lasting("Name of the code on the lock."),
			"code":           code,
			"type":           lasting("`ongoing` or `time_bound`."),
			"starts_at":      lasting("When it begins to work, in RFC 3339 format; null if ongoing."),
			"ends_at":        lasting("When it stops working, in RFC 3339 format; null if ongoing."),
			"created_at":     lasting("When Seam first saw it, in RFC 3339 format."),
			"removal": schema.StringAttribute{
				MarkdownDescription: "How far destroy goes: `verified` (default) waits for the proof that the PIN no longer opens the door; `requested` asks and does not wait; `abandoned` only forgets the code. The last two prove nothing and warn. Destroy uses the value in the state, so apply a change of it first.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf(string(seam.Verified), string(seam.Requested), string(seam.Abandoned))},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				DeleteDescription: fmt.Sprintf("How long destroy may wait for the proof; %v by default. Taken from the state, so apply a change of it first.", minutes(deleteTimeout)),
			}),
		},
	}
}

func (m *unmanagedAccessCode) id() types.String        { return m.ID }
func (m *unmanagedAccessCode) timeout() timeouts.Value { return m.Timeouts }

func (m *unmanagedAccessCode) plan(context.Context, *planning[unmanagedAccessCode]) {}

func (m *unmanagedAccessCode) create(ctx context.Context, op *operation[unmanagedAccessCode]) error {
	code, err := op.seam.GetUnmanagedAccessCode(ctx, m.AccessCodeID.ValueString())
	if err == nil {
		m.show(code)
	}
	return err
}

func (m *unmanagedAccessCode) show(code seam.AccessCode) {
	m.ID, m.AccessCodeID, m.WorkspaceID = types.StringValue(code.ID), types.StringValue(code.ID), textOrNull(code.WorkspaceID)
	m.DeviceID, m.Name, m.Code, m.Type = textOrNull(code.DeviceID), textOrNull(code.Name), textOrNull(code.Code), textOrNull(code.Type)
	m.StartsAt, m.EndsAt, m.CreatedAt = when(code.StartsAt), when(code.EndsAt), when(code.CreatedAt)
}

func (m *unmanagedAccessCode) read(ctx context.Context, op *operation[unmanagedAccessCode]) error {
	code, err := op.seam.ReadAccessCode(ctx, m.task(ctx, op))
	switch {
	case err == nil:
		m.show(code)
	case errors.Is(err, seam.ErrUnconfirmed):
		op.warn("Removal not proven", err.Error()+"\n\n"+advice(err))
		return nil
	}
	return err
}

func (m *unmanagedAccessCode) update(context.Context, *operation[unmanagedAccessCode]) error {
	return nil
}

func (m *unmanagedAccessCode) delete(ctx context.Context, op *operation[unmanagedAccessCode]) error {
	return op.seam.RemoveAccessCode(ctx, m.task(ctx, op))
}

func (m *unmanagedAccessCode) task(ctx context.Context, op *operation[unmanagedAccessCode]) seam.Removal {
	task := seam.Removal{
		AccessCodeID: m.ID.ValueString(), DeviceID: m.DeviceID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString(),
		Name: m.Name.ValueString(), Mode: modeOf(m.Removal), PIN: m.Code.ValueString(), Unmanaged: true, Timeout: op.timeout,
		Checkpoint:     recall[seam.Checkpoint](ctx, op.private, op.diags, removalKey),
		SaveCheckpoint: func(memory seam.Checkpoint) { op.keep(ctx, removalKey, memory) },
		Warn:           op.warn,
	}
	task.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	return task
}

// unmanagedCodeFilter is the model of the list resource.
type unmanagedCodeFilter struct {
	DeviceID types.String `tfsdk:"device_id"`
}

func newUnmanagedAccessCodeList() list.ListResource {
	return &listing[unmanagedCodeFilter, unmanagedAccessCode]{noun: "unmanaged_access_code", find: findUnmanagedAccessCodes, schema: listschema.Schema{
		MarkdownDescription: "Finds the PINs that are on a lock past Seam, or on all locks. PINs are left out of the results; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"device_id": listschema.StringAttribute{MarkdownDescription: "Lock that they open; all locks by default.", Optional: true, Validators: filled},
		},
	}}
}

func findUnmanagedAccessCodes(ctx context.Context, client *seam.Client, f unmanagedCodeFilter) iter.Seq2[finding[unmanagedAccessCode], error] {
	return findings(client.UnmanagedAccessCodes(ctx, f.DeviceID.ValueString()), func(code seam.AccessCode) finding[unmanagedAccessCode] {
		return finding[unmanagedAccessCode]{code.ID, code.Name, func(m *unmanagedAccessCode) {
			code.Code = ""
			m.show(code)
		}}
	})
}

// unmanagedAccessCodesView is the model of seam_unmanaged_access_codes.
type unmanagedAccessCodesView struct {
	DeviceID    types.String        `tfsdk:"device_id"`
	AccessCodes []unmanagedCodeView `tfsdk:"access_codes"`
}

type unmanagedCodeView struct {
	ID              types.String  `tfsdk:"id"`
	DeviceID        types.String  `tfsdk:"device_id"`
	Name            types.String  `tfsdk:"name"`
	Code            types.String  `tfsdk:"code"`
	Type            types.String  `tfsdk:"type"`
	Status          types.String  `tfsdk:"status"`
	StartsAt        types.String  `tfsdk:"starts_at"`
	EndsAt          types.String  `tfsdk:"ends_at"`
	CreatedAt       types.String  `tfsdk:"created_at"`
	CannotBeManaged types.Bool    `tfsdk:"cannot_be_managed"`
	CannotDelete    types.Bool    `tfsdk:"cannot_delete_unmanaged_access_code"`
	Errors          []errorView   `tfsdk:"errors"`
	Warnings        []warningView `tfsdk:"warnings"`
}

func newUnmanagedAccessCodesData() datasource.DataSource {
	return &data[unmanagedAccessCodesView, *unmanagedAccessCodesView]{noun: "unmanaged_access_codes", schema: dataschema.Schema{
		MarkdownDescription: "The PINs that are on a lock past Seam: made in the manufacturer's app, at the keypad or by another workspace.",
		Attributes: map[string]dataschema.Attribute{
			"device_id": dataschema.StringAttribute{MarkdownDescription: "Lock that they open.", Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"access_codes": shownObjects("The codes, in Seam's order.", map[string]dataschema.Attribute{
				"id":                                  shown("Seam's id of the access code."),
				"device_id":                           shown("Lock that it opens."),
				"name":                                shown("Name of the code on the lock."),
				"code":                                dataschema.StringAttribute{MarkdownDescription: "The PIN; null if the lock does not show it.", Computed: true, Sensitive: true},
				"type":                                shown("`ongoing` or `time_bound`."),
				"status":                              shown("How it stands on the lock: `set` or `unset`."),
				"starts_at":                           shown("When it begins to work, in RFC 3339 format; null if ongoing."),
				"ends_at":                             shown("When it stops working, in RFC 3339 format; null if ongoing."),
				"created_at":                          shown("When Seam first saw it, in RFC 3339 format."),
				"cannot_be_managed":                   shownFlag("Whether it cannot be adopted."),
				"cannot_delete_unmanaged_access_code": shownFlag("Whether only the manufacturer's app can remove it."),
				"errors":                              shownErrors(),
				"warnings":                            shownWarnings(),
			}),
		},
	}}
}

func (v *unmanagedAccessCodesView) look(ctx context.Context, client *seam.Client) error {
	v.AccessCodes = []unmanagedCodeView{}
	for code, err := range client.UnmanagedAccessCodes(ctx, v.DeviceID.ValueString()) {
		if err != nil {
			return err
		}
		v.AccessCodes = append(v.AccessCodes, unmanagedCodeView{
			ID: types.StringValue(code.ID), DeviceID: v.DeviceID, Name: textOrNull(code.Name), Code: textOrNull(code.Code),
			Type: textOrNull(code.Type), Status: textOrNull(code.Status), StartsAt: when(code.StartsAt), EndsAt: when(code.EndsAt), CreatedAt: when(code.CreatedAt),
			CannotBeManaged: types.BoolValue(code.CannotBeManaged), CannotDelete: types.BoolValue(code.CannotDelete),
			Errors: errorViews(code.Errors), Warnings: warningViews(code.Warnings),
		})
	}
	return nil
}
