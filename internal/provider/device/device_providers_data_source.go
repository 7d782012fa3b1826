package device

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// deviceProvidersDataSourceModel is the model of seam_device_providers.
type deviceProvidersDataSourceModel struct {
	ProviderCategory types.String          `tfsdk:"provider_category"`
	DeviceProviders  []deviceProviderModel `tfsdk:"device_providers"`
}

type deviceProviderModel struct {
	DeviceProviderName           types.String `tfsdk:"device_provider_name"`
	DisplayName                  types.String `tfsdk:"display_name"`
	ImageURL                     types.String `tfsdk:"image_url"`
	ProviderCategories           []string     `tfsdk:"provider_categories"`
	CanRemotelyLock              types.Bool   `tfsdk:"can_remotely_lock"`
	CanRemotelyUnlock            types.Bool   `tfsdk:"can_remotely_unlock"`
	CanProgramOnlineAccessCodes  types.Bool   `tfsdk:"can_program_online_access_codes"`
	CanProgramOfflineAccessCodes types.Bool   `tfsdk:"can_program_offline_access_codes"`
}

func newDeviceProvidersDataSource() datasource.DataSource {
	return core.NewDataSource[deviceProvidersDataSourceModel]("device_providers", schema.Schema{
		MarkdownDescription: "The brands and systems that Seam connects to, and what their locks can do.",
		Attributes: map[string]schema.Attribute{
			"provider_category": core.FilterString("Seam's category, such as `stable` or `consumer_smartlocks`; all by default."),
			"device_providers": core.ComputedObjectList("The providers, in Seam's order.", map[string]schema.Attribute{
				"device_provider_name":             core.ComputedString("Seam's name for it, such as `yale`."),
				"display_name":                     core.ComputedString("Display name."),
				"image_url":                        core.ComputedString("URL of its image."),
				"provider_categories":              core.ComputedStringList("Categories that it belongs to."),
				"can_remotely_lock":                core.ComputedBool("Whether its locks can be locked remotely; null if unknown."),
				"can_remotely_unlock":              core.ComputedBool("Whether its locks can be unlocked remotely; null if unknown."),
				"can_program_online_access_codes":  core.ComputedBool("Whether its locks support PINs; null if unknown."),
				"can_program_offline_access_codes": core.ComputedBool("Whether its locks support offline codes; null if unknown."),
			}),
		},
	})
}

func (v *deviceProvidersDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	providers, err := client.DeviceProviders(ctx, v.ProviderCategory.ValueString())
	v.DeviceProviders = make([]deviceProviderModel, len(providers))
	for i, p := range providers {
		v.DeviceProviders[i] = deviceProviderModel{
			core.StringOrNull(p.Name), core.StringOrNull(p.DisplayName), core.StringOrNull(p.ImageURL), append([]string{}, p.Categories...),
			types.BoolPointerValue(p.CanRemotelyLock), types.BoolPointerValue(p.CanRemotelyUnlock),
			types.BoolPointerValue(p.CanProgramOnline), types.BoolPointerValue(p.CanProgramOffline),
		}
	}
	return err
}
