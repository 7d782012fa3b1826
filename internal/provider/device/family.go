// Package device has the nouns about locks and other devices.
package device

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:          "Devices",
	Resources:     []func() resource.Resource{newDeviceResource},
	DataSources:   []func() datasource.DataSource{newDeviceDataSource, newDevicesDataSource, newDeviceProvidersDataSource},
	ListResources: []func() list.ListResource{newDeviceListResource},
	Actions:       actions,
}
