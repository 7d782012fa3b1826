package core

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Family is what the nouns of one package offer. The documentation groups them under its name.
type Family struct {
	Name               string
	Resources          []func() resource.Resource
	DataSources        []func() datasource.DataSource
	ListResources      []func() list.ListResource
	EphemeralResources []func() ephemeral.EphemeralResource
	Functions          []func() function.Function
	Actions            []ActionSpec
}

// With adds nouns.
func (f Family) With(nouns ...Declared) Family {
	for _, noun := range nouns {
		f.Resources = append(f.Resources, noun.Resource)
		f.DataSources = append(f.DataSources, noun.DataSource)
		f.ListResources = append(f.ListResources, noun.ListResource)
	}
	return f
}
