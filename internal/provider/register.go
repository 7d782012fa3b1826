package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider/access"
	"github.com/seamapi/terraform-provider-seam/internal/provider/accesscode"
	"github.com/seamapi/terraform-provider-seam/internal/provider/accesssystem"
	"github.com/seamapi/terraform-provider-seam/internal/provider/connection"
	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/provider/device"
	"github.com/seamapi/terraform-provider-seam/internal/provider/workspace"
)

// families list everything the provider offers.
var families = []core.Family{access.Family, accesscode.Family, accesssystem.Family, connection.Family, device.Family, workspace.Family}

// Subcategories maps type names, without the provider's prefix, to documentation headings.
func Subcategories() map[string]string {
	headings := map[string]string{}
	for _, family := range families {
		for _, name := range family.TypeNames(context.Background()) {
			headings[name] = family.Name
		}
	}
	return headings
}

func (p *seamProvider) Resources(context.Context) (all []func() resource.Resource) {
	for _, family := range families {
		all = append(all, family.Resources...)
	}
	return all
}

func (p *seamProvider) DataSources(context.Context) (all []func() datasource.DataSource) {
	for _, family := range families {
		all = append(all, family.DataSources...)
	}
	return all
}

func (p *seamProvider) ListResources(context.Context) (all []func() list.ListResource) {
	for _, family := range families {
		all = append(all, family.ListResources...)
	}
	return all
}

func (p *seamProvider) EphemeralResources(context.Context) (all []func() ephemeral.EphemeralResource) {
	for _, family := range families {
		all = append(all, family.EphemeralResources...)
	}
	return all
}

func (p *seamProvider) Functions(context.Context) (all []func() function.Function) {
	for _, family := range families {
		all = append(all, family.Functions...)
	}
	return all
}

func (p *seamProvider) Actions(context.Context) (all []func() action.Action) {
	for _, family := range families {
		for _, spec := range family.Actions {
			all = append(all, func() action.Action { return core.NewAction(spec) })
		}
	}
	return all
}
