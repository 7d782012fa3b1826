// Package connection has the nouns about the accounts of manufacturers that people connect to Seam.
package connection

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:          "Connected accounts",
	Resources:     []func() resource.Resource{connectedAccounts.Resource},
	DataSources:   []func() datasource.DataSource{newAccountDataSource, newAccountsDataSource},
	ListResources: []func() list.ListResource{connectedAccounts.ListResource},
}.With(connectWebviews)
