// Package access has what a workspace knows of people and their access.
package access

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:               "Access",
	Resources:          []func() resource.Resource{spaceDevices.Resource},
	DataSources:        []func() datasource.DataSource{newAccessMethodsDataSource, newDeviceAccessDataSource},
	EphemeralResources: []func() ephemeral.EphemeralResource{newGrantCodesEphemeralResource, newInstantKeyEphemeralResource},
}.With(userIdentities, identityLinks, accessGrants, spaces)
