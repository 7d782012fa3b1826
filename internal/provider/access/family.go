// Package access holds who gets access to what.
package access

import "github.com/seamapi/terraform-provider-seam/internal/provider/core"

// Family is what this package offers.
var Family = core.Family{Name: "Access"}.With(userIdentities)
