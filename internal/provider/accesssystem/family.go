// Package accesssystem has the nouns about access control systems and their doors.
package accesssystem

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{
	Name:        "Access systems",
	DataSources: []func() datasource.DataSource{newSystemsDataSource, newEntrancesDataSource, newAccessGroupsDataSource},
	Actions:     actions,
}.With(acsUsers, acsCredentials, memberships)
