package core

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Family lists everything in one package. Its name is a heading in the documentation.
type Family struct {
	Name               string
	Resources          []func() resource.Resource
	DataSources        []func() datasource.DataSource
	ListResources      []func() list.ListResource
	EphemeralResources []func() ephemeral.EphemeralResource
	Functions          []func() function.Function
	Actions            []ActionSpec
}

// With returns the family with more nouns.
func (f Family) With(nouns ...Declared) Family {
	for _, noun := range nouns {
		f.Resources = append(f.Resources, noun.Resource)
		f.DataSources = append(f.DataSources, noun.DataSource)
		f.ListResources = append(f.ListResources, noun.ListResource)
	}
	return f
}

// TypeNames are the type names of the family, without the provider's prefix.
func (f Family) TypeNames(ctx context.Context) []string {
	var names []string
	add := func(name string) { names = append(names, strings.TrimPrefix(name, "_")) }
	for _, constructor := range f.Resources {
		var meta resource.MetadataResponse
		constructor().Metadata(ctx, resource.MetadataRequest{}, &meta)
		add(meta.TypeName)
	}
	for _, constructor := range f.DataSources {
		var meta datasource.MetadataResponse
		constructor().Metadata(ctx, datasource.MetadataRequest{}, &meta)
		add(meta.TypeName)
	}
	for _, constructor := range f.EphemeralResources {
		var meta ephemeral.MetadataResponse
		constructor().Metadata(ctx, ephemeral.MetadataRequest{}, &meta)
		add(meta.TypeName)
	}
	for _, constructor := range f.Functions {
		var meta function.MetadataResponse
		constructor().Metadata(ctx, function.MetadataRequest{}, &meta)
		add(meta.Name)
	}
	for _, action := range f.Actions {
		add(action.Name)
	}
	return names
}
