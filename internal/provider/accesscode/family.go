// Package accesscode holds access codes: PINs on locks.
package accesscode

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:               "Access codes",
	Resources:          []func() resource.Resource{newAccessCodeResource, newUnmanagedAccessCodeResource, newExclusiveResource},
	DataSources:        []func() datasource.DataSource{newAccessCodeDataSource, newAccessCodesDataSource, newUnmanagedAccessCodesDataSource},
	ListResources:      []func() list.ListResource{newAccessCodeListResource, newUnmanagedAccessCodeListResource},
	EphemeralResources: []func() ephemeral.EphemeralResource{newAccessCodeEphemeralResource},
	Functions:          []func() function.Function{newCodeFitsFunction},
	Actions:            actions,
}
