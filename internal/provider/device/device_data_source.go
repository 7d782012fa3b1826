package device

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// deviceDataSourceModel is the current state of a device.
type deviceDataSourceModel struct {
	ID                           types.String          `tfsdk:"id"`
	Name                         types.String          `tfsdk:"name"`
	WorkspaceID                  types.String          `tfsdk:"workspace_id"`
	ConnectedAccountID           types.String          `tfsdk:"connected_account_id"`
	DeviceType                   types.String          `tfsdk:"device_type"`
	IsManaged                    types.Bool            `tfsdk:"is_managed"`
	CreatedAt                    types.String          `tfsdk:"created_at"`
	SpaceIDs                     []string              `tfsdk:"space_ids"`
	CustomMetadata               map[string]string     `tfsdk:"custom_metadata"`
	LocationName                 types.String          `tfsdk:"location_name"`
	TimeZone                     types.String          `tfsdk:"time_zone"`
	Manufacturer                 types.String          `tfsdk:"manufacturer"`
	Model                        types.String          `tfsdk:"model"`
	SerialNumber                 types.String          `tfsdk:"serial_number"`
	Online                       types.Bool            `tfsdk:"online"`
	Locked                       types.Bool            `tfsdk:"locked"`
	DoorOpen                     types.Bool            `tfsdk:"door_open"`
	BatteryLevel                 types.Float64         `tfsdk:"battery_level"`
	BatteryStatus                types.String          `tfsdk:"battery_status"`
	CapabilitiesSupported        []string              `tfsdk:"capabilities_supported"`
	CanRemotelyLock              types.Bool            `tfsdk:"can_remotely_lock"`
	CanRemotelyUnlock            types.Bool            `tfsdk:"can_remotely_unlock"`
	CanProgramOnlineAccessCodes  types.Bool            `tfsdk:"can_program_online_access_codes"`
	CanProgramOfflineAccessCodes types.Bool            `tfsdk:"can_program_offline_access_codes"`
	HasNativeEntryEvents         types.Bool            `tfsdk:"has_native_entry_events"`
	SupportedCodeLengths         []int64               `tfsdk:"supported_code_lengths"`
	CodeConstraints              []codeConstraintModel `tfsdk:"code_constraints"`
	MaxActiveCodesSupported      types.Int64           `tfsdk:"max_active_codes_supported"`
	SupportsBackupAccessCodePool types.Bool            `tfsdk:"supports_backup_access_code_pool"`
	BackupAccessCodePoolEnabled  types.Bool            `tfsdk:"backup_access_code_pool_enabled"`
	Errors                       []core.ErrorModel     `tfsdk:"errors"`
	Warnings                     []core.WarningModel   `tfsdk:"warnings"`
}

type codeConstraintModel struct {
	ConstraintType types.String `tfsdk:"constraint_type"`
	MinLength      types.Int64  `tfsdk:"min_length"`
	MaxLength      types.Int64  `tfsdk:"max_length"`
}

func deviceDataSourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                               core.ComputedString("ID of the device."),
		"name":                             core.ComputedString("Name of the device in Seam."),
		"workspace_id":                     core.ComputedString("Workspace that it belongs to."),
		"connected_account_id":             core.ComputedString("Connected account that it belongs to."),
		"device_type":                      core.ComputedString("Kind of device, such as `yale_lock`."),
		"is_managed":                       core.ComputedBool("Whether it is managed by this workspace. Seam reports few attributes of unmanaged devices."),
		"created_at":                       core.ComputedString("When Seam found it, in RFC 3339 format."),
		"space_ids":                        core.ComputedStringList("Spaces that it is in."),
		"custom_metadata":                  schema.MapAttribute{MarkdownDescription: "Metadata on the device; booleans are written as `true` and `false`.", Computed: true, ElementType: types.StringType},
		"location_name":                    core.ComputedString("Name of its location in the manufacturer's account."),
		"time_zone":                        core.ComputedString("Its time zone, such as `Europe/Paris`."),
		"manufacturer":                     core.ComputedString("Manufacturer as Seam spells it."),
		"model":                            core.ComputedString("Model name."),
		"serial_number":                    core.ComputedString("Serial number."),
		"online":                           core.ComputedBool("Whether Seam can reach it now."),
		"locked":                           core.ComputedBool("Whether it is locked now."),
		"door_open":                        core.ComputedBool("Whether the door is open now."),
		"battery_level":                    schema.Float64Attribute{MarkdownDescription: "Battery charge, from 0 to 1.", Computed: true},
		"battery_status":                   core.ComputedString("`critical`, `low`, `good` or `full`."),
		"capabilities_supported":           core.ComputedStringList("Capabilities, such as `access_code` or `lock`."),
		"can_remotely_lock":                core.ComputedBool("Whether it can be locked remotely; null if unknown."),
		"can_remotely_unlock":              core.ComputedBool("Whether it can be unlocked remotely; null if unknown."),
		"can_program_online_access_codes":  core.ComputedBool("Whether it supports PINs; null if unknown."),
		"can_program_offline_access_codes": core.ComputedBool("Whether it supports offline codes; null if unknown."),
		"has_native_entry_events":          core.ComputedBool("Whether it reports who entered."),
		"supported_code_lengths":           schema.ListAttribute{MarkdownDescription: "Supported PIN lengths, in digits.", Computed: true, ElementType: types.Int64Type},
		"code_constraints": core.ComputedObjectList("Other rules for PINs and names, as the function `code_fits` accepts them.", map[string]schema.Attribute{
			"constraint_type": core.ComputedString("The rule, such as `no_zeros`."),
			"min_length":      schema.Int64Attribute{MarkdownDescription: "Shortest name, in characters.", Computed: true},
			"max_length":      schema.Int64Attribute{MarkdownDescription: "Longest name, in characters.", Computed: true},
		}),
		"max_active_codes_supported":       schema.Int64Attribute{MarkdownDescription: "Maximum number of PINs.", Computed: true},
		"supports_backup_access_code_pool": core.ComputedBool("Whether Seam can keep backup codes on it."),
		"backup_access_code_pool_enabled":  core.ComputedBool("Whether Seam keeps backup codes on it."),
		"errors":                           core.ComputedErrors(),
		"warnings":                         core.ComputedWarnings(),
	}
}

func flattenDevice(d seam.Device) deviceDataSourceModel {
	p := d.Properties
	constraints := make([]codeConstraintModel, len(p.CodeConstraints))
	for i, c := range p.CodeConstraints {
		constraints[i] = codeConstraintModel{core.StringOrNull(c.Type), types.Int64PointerValue(c.MinLength), types.Int64PointerValue(c.MaxLength)}
	}
	return deviceDataSourceModel{
		ID: types.StringValue(d.ID), Name: core.StringOrNull(d.Name()), WorkspaceID: core.StringOrNull(d.WorkspaceID),
		ConnectedAccountID: core.StringOrNull(d.ConnectedAccountID), DeviceType: core.StringOrNull(d.Type), IsManaged: types.BoolValue(d.Managed()),
		CreatedAt: core.TimeValue(d.CreatedAt), SpaceIDs: append([]string{}, d.SpaceIDs...), CustomMetadata: d.CustomMetadata,
		LocationName: core.StringOrNull(d.Location.Name), TimeZone: core.StringOrNull(d.Location.TimeZone),
		Manufacturer: core.StringOrNull(p.Manufacturer), Model: core.StringOrNull(p.Model.DisplayName), SerialNumber: core.StringOrNull(p.SerialNumber),
		Online: types.BoolPointerValue(p.Online), Locked: types.BoolPointerValue(p.Locked), DoorOpen: types.BoolPointerValue(p.DoorOpen),
		BatteryLevel: types.Float64PointerValue(p.Battery.Level), BatteryStatus: core.StringOrNull(p.Battery.Status),
		CapabilitiesSupported: append([]string{}, d.Capabilities...), CanRemotelyLock: types.BoolPointerValue(d.CanRemotelyLock), CanRemotelyUnlock: types.BoolPointerValue(d.CanRemotelyUnlock),
		CanProgramOnlineAccessCodes: types.BoolPointerValue(d.CanProgramOnline), CanProgramOfflineAccessCodes: types.BoolPointerValue(d.CanProgramOffline),
		HasNativeEntryEvents: types.BoolPointerValue(p.HasNativeEntryEvents), SupportedCodeLengths: append([]int64{}, p.CodeLengths...), CodeConstraints: constraints,
		MaxActiveCodesSupported:      types.Int64PointerValue(p.MaxActiveCodes),
		SupportsBackupAccessCodePool: types.BoolPointerValue(p.SupportsBackupPool), BackupAccessCodePoolEnabled: types.BoolPointerValue(p.BackupPoolEnabled),
		Errors: core.FlattenErrors(d.Errors), Warnings: core.FlattenWarnings(d.Warnings),
	}
}

func newDeviceDataSource() datasource.DataSource {
	return core.NewLookupDataSource(core.LookupDataSource[seam.Device, deviceDataSourceModel]{
		Name: "device", Doc: "The current state of a lock or another device: whether it is online, its battery, its rules for PINs, and errors with suggested fixes.",
		By: "name", ByDoc: "Exact name of a managed device in Seam. If no device has this name, or several do, the error lists the devices.",
		Attributes: deviceDataSourceAttributes(), Get: (*seam.Client).GetDevice, GetBy: (*seam.Client).GetDeviceByName, FromAPI: flattenDevice,
	})
}

// deviceFilter is the model of the list resource, and part of the model of seam_devices.
type deviceFilter struct {
	IsManaged          types.Bool   `tfsdk:"is_managed"`
	DeviceType         types.String `tfsdk:"device_type"`
	Manufacturer       types.String `tfsdk:"manufacturer"`
	ConnectedAccountID types.String `tfsdk:"connected_account_id"`
	SpaceID            types.String `tfsdk:"space_id"`
	CustomerKey        types.String `tfsdk:"customer_key"`
	Search             types.String `tfsdk:"search"`
}

func (f deviceFilter) parameters() map[string]any {
	return core.SetFilters(map[string]any{
		"device_type": f.DeviceType, "manufacturer": f.Manufacturer, "connected_account_id": f.ConnectedAccountID,
		"space_id": f.SpaceID, "customer_key": f.CustomerKey, "search": f.Search,
	})
}

// devicesDataSourceModel is the model of seam_devices.
type devicesDataSourceModel struct {
	deviceFilter
	DeviceIDs           []types.String          `tfsdk:"device_ids"`
	DeviceTypes         []types.String          `tfsdk:"device_types"`
	ConnectedAccountIDs []types.String          `tfsdk:"connected_account_ids"`
	ConnectWebviewID    types.String            `tfsdk:"connect_webview_id"`
	CustomMetadataHas   map[string]string       `tfsdk:"custom_metadata_has"`
	CreatedBefore       types.String            `tfsdk:"created_before"`
	Devices             []deviceDataSourceModel `tfsdk:"devices"`
}

func newDevicesDataSource() datasource.DataSource {
	before := core.FilterString("Only devices that Seam found before this time, in RFC 3339 format.")
	before.Validators = []validator.String{core.RFC3339}
	return core.NewDataSource[devicesDataSourceModel]("devices", schema.Schema{
		MarkdownDescription: "The devices that match all arguments.",
		Attributes: map[string]schema.Attribute{
			"is_managed":            schema.BoolAttribute{MarkdownDescription: "Whether to find managed or unmanaged devices; true by default. Seam reports few attributes of unmanaged devices.", Optional: true},
			"device_ids":            core.FilterStringList("IDs of the devices."),
			"device_type":           core.FilterString("Kind of device, such as `yale_lock`."),
			"device_types":          core.FilterStringList("Kinds of device."),
			"manufacturer":          core.FilterString("Manufacturer as Seam spells it, such as `yale`."),
			"connected_account_id":  core.FilterString("Connected account that they belong to."),
			"connected_account_ids": core.FilterStringList("Connected accounts that they belong to."),
			"connect_webview_id":    core.FilterString("Connect Webview through which the account was connected."),
			"custom_metadata_has":   schema.MapAttribute{MarkdownDescription: "Metadata that they have.", Optional: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.NoNullValues()}},
			"created_before":        before,
			"space_id":              core.FilterString("Space that they are in."),
			"customer_key":          core.FilterString("Customer that they belong to."),
			"search":                core.FilterString("Search text."),
			"devices":               core.ComputedObjectList("The devices, in Seam's order.", deviceDataSourceAttributes()),
		},
	})
}

func (v *devicesDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	filter := v.parameters()
	maps.Copy(filter, core.SetFilters(map[string]any{
		"device_ids": v.DeviceIDs, "device_types": v.DeviceTypes, "connected_account_ids": v.ConnectedAccountIDs,
		"connect_webview_id": v.ConnectWebviewID, "created_before": v.CreatedBefore,
	}))
	if v.CustomMetadataHas != nil {
		filter["custom_metadata_has"] = v.CustomMetadataHas
	}
	v.Devices = []deviceDataSourceModel{}
	if core.AnyEmptyFilter(v.DeviceIDs, v.DeviceTypes, v.ConnectedAccountIDs) {
		return nil
	}
	for d, err := range client.Devices(ctx, filter, v.IsManaged.IsNull() || v.IsManaged.ValueBool()) {
		if err != nil {
			return err
		}
		v.Devices = append(v.Devices, flattenDevice(d))
	}
	return nil
}
