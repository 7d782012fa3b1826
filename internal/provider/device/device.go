package device

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// device is the model of seam_device. Seam adds devices when an account is connected, so create only
// starts managing an existing one.
type device struct {
	core.Managed
	DeviceID                    types.String `tfsdk:"device_id"`
	DeviceType                  types.String `tfsdk:"device_type"`
	Name                        types.String `tfsdk:"name"`
	CustomMetadata              types.Map    `tfsdk:"custom_metadata"`
	IsManaged                   types.Bool   `tfsdk:"is_managed"`
	BackupAccessCodePoolEnabled types.Bool   `tfsdk:"backup_access_code_pool_enabled"`
	OnDestroy                   types.String `tfsdk:"on_destroy"`
}

func newDeviceResource() resource.Resource {
	return core.NewResource[device]("device", deviceSchema)
}

func deviceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A lock or another device in a connected account. Create starts managing an existing device, by its ID; destroy stops managing it (see `on_destroy`). Arguments that are not set are left unchanged on the device.",
		Attributes: core.ManagedAttributes(ctx, "device", map[string]schema.Attribute{
			"id":                              core.ComputedStable("Same as `device_id`."),
			"workspace_id":                    core.ComputedStable("Workspace that the device belongs to."),
			"device_type":                     core.ComputedStable("Kind of device, such as `yale_lock`."),
			"device_id":                       core.RequiredReplace("ID of the device. Changing this replaces the resource."),
			"name":                            core.OptionalComputedString("Name of the device in Seam. Removing the argument keeps the last name."),
			"custom_metadata":                 core.MetadataAttribute("device", core.OthersStay("device")),
			"is_managed":                      core.OptionalComputedBool("Whether Seam manages the device; Seam bills for managed devices. Setting it to false fails while the device has managed access codes or a backup pool, because PINs would stay on the lock and could not be checked. Codes that were on a lock before it became managed stay unmanaged."),
			"backup_access_code_pool_enabled": core.OptionalComputedBool("Whether Seam keeps backup codes on the lock, if the lock supports it."),
			"on_destroy": schema.StringAttribute{
				MarkdownDescription: "What destroy does: `keep` (default) leaves the device as it is; `unmanage` makes it unmanaged, which fails while it has managed access codes or a backup pool. Destroy uses the value in the state, so apply a change before destroy.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf("keep", "unmanage")},
			},
		}),
	}
}

func (m *device) Plan(_ context.Context, p *core.PlanRequest[device]) {
	if p.Config.IsManaged.IsNull() || p.Config.IsManaged.IsUnknown() || p.Config.IsManaged.ValueBool() {
		return
	}
	var before device // repeating a value from the state is allowed: generated configuration does
	if p.Prior != nil {
		before = *p.Prior
	}
	for name, changed := range map[string]bool{
		"name":                            !p.Config.Name.IsNull() && !p.Config.Name.Equal(before.Name),
		"backup_access_code_pool_enabled": !p.Config.BackupAccessCodePoolEnabled.IsNull() && !p.Config.BackupAccessCodePoolEnabled.Equal(before.BackupAccessCodePoolEnabled),
	} {
		if changed {
			p.AddAttributeError(name, "Seam supports this only on managed devices.", "Remove it, or set is_managed = true.")
		}
	}
}

func (m *device) Create(ctx context.Context, op *core.Request[device]) error {
	return m.applyUpdate(ctx, op, device{CustomMetadata: types.MapNull(types.StringType)})
}

func (m *device) Update(ctx context.Context, op *core.Request[device]) error {
	return m.applyUpdate(ctx, op, op.Prior)
}

// applyUpdate sends the difference from before.
func (m *device) applyUpdate(ctx context.Context, op *core.Request[device], before device) error {
	in := seam.DeviceUpdate{DeviceID: m.DeviceID.ValueString(), WorkspaceID: before.WorkspaceID.ValueString(), CustomMetadata: core.ChangedMetadata(m.CustomMetadata, before.CustomMetadata)}
	if !m.Name.Equal(before.Name) {
		in.Name = core.KnownString(m.Name)
	}
	if !m.IsManaged.Equal(before.IsManaged) {
		in.IsManaged = core.KnownBool(m.IsManaged)
	}
	if !m.BackupAccessCodePoolEnabled.Equal(before.BackupAccessCodePoolEnabled) {
		in.BackupPool = core.KnownBool(m.BackupAccessCodePoolEnabled)
	}
	if !before.ID.IsNull() && in.Name == nil && in.IsManaged == nil && in.BackupPool == nil && len(in.CustomMetadata) == 0 {
		return nil
	}
	d, err := op.Client.UpdateDevice(ctx, in)
	if err != nil {
		return err
	}
	m.fromAPI(d)
	return nil
}

func (m *device) Read(ctx context.Context, op *core.Request[device]) error {
	d, err := op.Client.GetDeviceInWorkspace(ctx, m.ID.ValueString(), m.WorkspaceID.ValueString())
	if missing, ok := errors.AsType[*seam.NotFoundError](err); ok && !m.DeviceID.IsNull() {
		op.AddWarning("Device missing", fmt.Sprintf("%v\n\nDevice %s stays in the state. If it is permanently gone, remove the resource from the configuration.", missing, m.ID.ValueString()))
		return nil
	}
	if err == nil {
		m.fromAPI(d)
	}
	return err
}

// fromAPI sets the model from a response. Of the metadata it takes only entries in the configuration.
func (m *device) fromAPI(d seam.Device) {
	m.Identify(d.WorkspaceID, d.ID)
	m.DeviceID = m.ID
	m.DeviceType, m.Name, m.IsManaged = core.StringOrNull(d.Type), core.StringOrNull(d.Name()), types.BoolValue(d.Managed())
	m.BackupAccessCodePoolEnabled = types.BoolPointerValue(d.Properties.BackupPoolEnabled)
	m.CustomMetadata = core.ConfiguredMetadata(m.CustomMetadata, d.CustomMetadata)
}

func (m *device) Delete(ctx context.Context, op *core.Request[device]) error {
	if m.OnDestroy.ValueString() != "unmanage" {
		return nil
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		_, err := op.Client.UpdateDevice(ctx, seam.DeviceUpdate{DeviceID: m.ID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString(), IsManaged: new(false)})
		if missing, ok := errors.AsType[*seam.NotFoundError](err); ok {
			op.AddWarning("Device missing", fmt.Sprintf("%v\n\nThere was no device to make unmanaged. PINs may still be on it. If it comes back, it is still managed.", missing))
			return nil
		}
		return err
	})
}

func newDeviceListResource() list.ListResource {
	return core.NewListResource("device", listschema.Schema{
		MarkdownDescription: "Finds the managed devices of the workspace or, with `is_managed = false`, the unmanaged ones.",
		Attributes: map[string]listschema.Attribute{
			"is_managed":           listschema.BoolAttribute{MarkdownDescription: "Whether to find managed or unmanaged devices; true by default.", Optional: true},
			"device_type":          core.ListFilter("Kind of device, such as `yale_lock`."),
			"manufacturer":         core.ListFilter("Manufacturer as Seam spells it, such as `yale`."),
			"connected_account_id": core.ListFilter("Connected account that they belong to."),
			"space_id":             core.ListFilter("Space that they are in."),
			"customer_key":         core.ListFilter("Customer that they belong to."),
			"search":               core.ListFilter("Search text."),
		},
	}, listDevices)
}

func listDevices(ctx context.Context, client *seam.Client, f deviceFilter) iter.Seq2[core.ListItem[device], error] {
	return core.MapItems(client.Devices(ctx, f.parameters(), f.IsManaged.IsNull() || f.IsManaged.ValueBool()), func(d seam.Device) core.ListItem[device] {
		return core.ListItem[device]{ID: d.ID, Name: d.Name(), Fill: func(m *device) { m.fromAPI(d) }}
	})
}
