// Package access has the nouns about who has access to what.
package access

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// Family lists what this package offers.
var Family = core.Family{Name: "Access", Resources: []func() resource.Resource{spaceDevices.Resource}}.With(userIdentities, accessGrants, spaces)
