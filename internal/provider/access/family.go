// Package access has the nouns about who has access to what.
package access

import "github.com/seamapi/terraform-provider-seam/internal/provider/core"

// Family lists what this package offers.
var Family = core.Family{Name: "Access"}.With(userIdentities, accessGrants)
