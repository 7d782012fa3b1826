package device

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// device is the model of seam_device. Seam makes devices by itself when an account is
// connected, so creating one here means taking it under control.
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

var metadataKeyPattern = regexp.MustCompile(`^[^.]{1,40}$`)

func deviceSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keptFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "A lock or another device that Seam has found in a connected account. Creating it takes it under control by its id; destroying it lets go of it (see `on_destroy`). What is left out of the configuration stays as it is.",
		Attributes: core.ManagedAttributes(ctx, "device", map[string]schema.Attribute{
			"id":           core.ComputedStable("Same as `device_id`."),
			"workspace_id": core.ComputedStable("Workspace to which the device belongs."),
			"device_type":  core.ComputedStable("Kind of device, such as `yale_lock`."),
			"device_id":    core.RequiredReplace("Seam's id of the device. Another id means another device."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the device on Seam. Leaving it out later keeps the last one.",
				Optional:            true, Computed: true, PlanModifiers: kept, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"custom_metadata": schema.MapAttribute{
				MarkdownDescription: "Entries to keep on the device: up to 50, keys of up to 40 characters without a dot, values of up to 500 characters. A flag is spelled `true` or `false`. Entries that are not named here are left alone; one that is taken out of the configuration is taken off the device.",
				Optional:            true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeAtMost(50),
					mapvalidator.KeysAre(stringvalidator.RegexMatches(metadataKeyPattern, "must have 1 to 40 characters and no dot")),
					mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 500)),
				},
			},
			"is_managed": schema.BoolAttribute{
				MarkdownDescription: "Whether Seam manages the device, which it bills for. Making it false is refused as long as the device has managed access codes or a backup pool: PINs would stay on the lock, unprovable. Codes that were on a lock before it became managed stay unmanaged.",
				Optional:            true, Computed: true, PlanModifiers: keptFlag,
			},
			"backup_access_code_pool_enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether Seam keeps spare PINs on the lock, where the lock supports it.",
				Optional:            true, Computed: true, PlanModifiers: keptFlag,
			},
			"on_destroy": schema.StringAttribute{
				MarkdownDescription: "What destroy does with the device: `keep` (default) leaves it as it is; `unmanage` makes it unmanaged, which is refused as long as it has managed access codes or a backup pool. Destroy uses the value in the state, so apply a change of it first.",
				Optional:            true, Validators: []validator.String{stringvalidator.OneOf("keep", "unmanage")},
			},
		}),
	}
}

func (m *device) Plan(_ context.Context, p *core.PlanRequest[device]) {
	if p.Config.IsManaged.IsNull() || p.Config.IsManaged.IsUnknown() || p.Config.IsManaged.ValueBool() {
		return
	}
	var before device // what the state has may be repeated, as a generated configuration does
	if p.Prior != nil {
		before = *p.Prior
	}
	for name, changed := range map[string]bool{
		"name":                            !p.Config.Name.IsNull() && !p.Config.Name.Equal(before.Name),
		"backup_access_code_pool_enabled": !p.Config.BackupAccessCodePoolEnabled.IsNull() && !p.Config.BackupAccessCodePoolEnabled.Equal(before.BackupAccessCodePoolEnabled),
	} {
		if changed {
			p.AddAttributeError(name, "Seam sets this on managed devices only.", "Leave it out, or set is_managed = true.")
		}
	}
}

func (m *device) Create(ctx context.Context, op *core.Request[device]) error {
	return m.applyUpdate(ctx, op, device{CustomMetadata: types.MapNull(types.StringType)})
}

func (m *device) Update(ctx context.Context, op *core.Request[device]) error {
	return m.applyUpdate(ctx, op, op.Prior)
}

// applyUpdate sends what differs from before.
func (m *device) applyUpdate(ctx context.Context, op *core.Request[device], before device) error {
	in := seam.DeviceUpdate{DeviceID: m.DeviceID.ValueString(), WorkspaceID: before.WorkspaceID.ValueString(), CustomMetadata: m.metadataDiff(before)}
	if !m.Name.Equal(before.Name) {
		in.Name = core.KnownPointer(m.Name.IsUnknown(), m.Name.ValueStringPointer())
	}
	if !m.IsManaged.Equal(before.IsManaged) {
		in.IsManaged = core.KnownPointer(m.IsManaged.IsUnknown(), m.IsManaged.ValueBoolPointer())
	}
	if !m.BackupAccessCodePoolEnabled.Equal(before.BackupAccessCodePoolEnabled) {
		in.BackupPool = core.KnownPointer(m.BackupAccessCodePoolEnabled.IsUnknown(), m.BackupAccessCodePoolEnabled.ValueBoolPointer())
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

// metadataDiff are the entries to send: those that differ, and those that are left out
// now.
func (m *device) metadataDiff(before device) map[string]*string {
	entries := map[string]*string{}
	for key := range before.CustomMetadata.Elements() {
		entries[key] = nil
	}
	for key, value := range m.CustomMetadata.Elements() {
		if text, ok := value.(types.String); ok {
			entries[key] = text.ValueStringPointer()
			if held, there := before.CustomMetadata.Elements()[key]; there && held.Equal(value) {
				delete(entries, key)
			}
		}
	}
	return entries
}

func (m *device) Read(ctx context.Context, op *core.Request[device]) error {
	d, err := op.Client.GetDeviceInWorkspace(ctx, m.ID.ValueString(), m.WorkspaceID.ValueString())
	if missing, ok := errors.AsType[*seam.NotFoundError](err); ok && !m.DeviceID.IsNull() {
		op.AddWarning("Device missing", fmt.Sprintf("%v\n\nThe state keeps device %s as it was. If it is gone for good, take the resource out of the configuration.", missing, m.ID.ValueString()))
		return nil
	}
	if err == nil {
		m.fromAPI(d)
	}
	return err
}

// fromAPI takes over what Seam says; of the metadata only what is kept from here.
func (m *device) fromAPI(d seam.Device) {
	m.Identify(d.WorkspaceID, d.ID)
	m.DeviceID = m.ID
	m.DeviceType, m.Name, m.IsManaged = core.StringOrNull(d.Type), core.StringOrNull(d.Name()), types.BoolValue(d.Managed())
	m.BackupAccessCodePoolEnabled = types.BoolPointerValue(d.Properties.BackupPoolEnabled)
	if m.CustomMetadata.IsNull() {
		return
	}
	entries := map[string]attr.Value{}
	for key := range m.CustomMetadata.Elements() {
		if value, there := d.CustomMetadata[key]; there {
			entries[key] = types.StringValue(value)
		}
	}
	m.CustomMetadata = types.MapValueMust(types.StringType, entries)
}

func (m *device) Delete(ctx context.Context, op *core.Request[device]) error {
	if m.OnDestroy.ValueString() != "unmanage" {
		return nil
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		_, err := op.Client.UpdateDevice(ctx, seam.DeviceUpdate{DeviceID: m.ID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString(), IsManaged: new(false)})
		if missing, ok := errors.AsType[*seam.NotFoundError](err); ok {
			op.AddWarning("Device missing", fmt.Sprintf("%v\n\nThere was nothing to make unmanaged. That says nothing about PINs on it: should it come back, it is managed as before.", missing))
			return nil
		}
		return err
	})
}

func newDeviceListResource() list.ListResource {
	return core.NewListResource("device", listschema.Schema{
		MarkdownDescription: "Finds the devices that Seam manages for this workspace, or with `is_managed = false` those it does not.",
		Attributes: map[string]listschema.Attribute{
			"is_managed":           listschema.BoolAttribute{MarkdownDescription: "Which side of management; true by default.", Optional: true},
			"device_type":          core.ListFilter("Kind of device, such as `yale_lock`."),
			"manufacturer":         core.ListFilter("Manufacturer, in Seam's spelling, such as `yale`."),
			"connected_account_id": core.ListFilter("Account through which Seam reaches them."),
			"space_id":             core.ListFilter("Space in which they are."),
			"customer_key":         core.ListFilter("Customer to whom they belong."),
			"search":               core.ListFilter("Text that Seam searches for."),
		},
	}, listDevices)
}

func listDevices(ctx context.Context, client *seam.Client, f deviceFilter) iter.Seq2[core.ListItem[device], error] {
	return core.MapItems(client.Devices(ctx, f.parameters(), f.IsManaged.IsNull() || f.IsManaged.ValueBool()), func(d seam.Device) core.ListItem[device] {
		return core.ListItem[device]{ID: d.ID, Name: d.Name(), Fill: func(m *device) { m.fromAPI(d) }}
	})
}
