// Package workspace holds the workspace itself, and what belongs to all of it.
package workspace

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family is what this package offers.
var Family = core.Family{
	Name:               "Workspace",
	Resources:          []func() resource.Resource{newWebhookResource},
	DataSources:        []func() datasource.DataSource{newWorkspaceDataSource, newEventsDataSource, newActionAttemptDataSource},
	ListResources:      []func() list.ListResource{newWebhookListResource},
	EphemeralResources: []func() ephemeral.EphemeralResource{newClientSessionEphemeralResource},
}
