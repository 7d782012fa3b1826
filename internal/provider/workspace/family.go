// Package workspace has the workspace itself, and what is not specific to a device or person.
package workspace

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:               "Workspace",
	Resources:          []func() resource.Resource{workspaces.Resource},
	DataSources:        []func() datasource.DataSource{newWorkspaceDataSource, newEventsDataSource, newActionAttemptDataSource},
	EphemeralResources: []func() ephemeral.EphemeralResource{newClientSessionEphemeralResource},
}.With(clientSessions, webhooks)
