package provider

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func TestProvider_everyListedTypeHasASchema(t *testing.T) {
	server := NewServer("test")
	meta, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil || len(meta.Diagnostics) > 0 {
		t.Fatalf("%v, %+v", err, meta)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatalf("%v, %+v", err, schemas.Diagnostics)
	}
	named := map[string][]string{}
	for _, r := range meta.Resources {
		named["resource"] = append(named["resource"], r.TypeName)
	}
	for _, d := range meta.DataSources {
		named["data"] = append(named["data"], d.TypeName)
	}
	for _, e := range meta.EphemeralResources {
		named["ephemeral"] = append(named["ephemeral"], e.TypeName)
	}
	for _, l := range meta.ListResources {
		named["list"] = append(named["list"], l.TypeName)
	}
	for _, a := range meta.Actions {
		named["action"] = append(named["action"], a.TypeName)
	}
	for _, f := range meta.Functions {
		named["function"] = append(named["function"], f.Name)
	}
	for kind, have := range map[string][]string{
		"resource": sortedKeys(schemas.ResourceSchemas), "data": sortedKeys(schemas.DataSourceSchemas), "ephemeral": sortedKeys(schemas.EphemeralResourceSchemas),
		"list": sortedKeys(schemas.ListResourceSchemas), "action": sortedKeys(schemas.ActionSchemas), "function": sortedKeys(schemas.Functions),
	} {
		slices.Sort(named[kind])
		if len(have) == 0 || !slices.Equal(named[kind], have) {
			t.Errorf("%s: %q are named, %q have a schema", kind, named[kind], have)
		}
	}
	for name := range schemas.ListResourceSchemas {
		if schemas.ResourceSchemas[name] == nil {
			t.Errorf("%s is listed and is no resource", name)
		}
	}
}

func sortedKeys[T any](of map[string]T) []string { return slices.Sorted(maps.Keys(of)) }

// The SDK passes on a list or an action only to a server that has these methods. A CLI that knows neither lists nor actions asks for the same and reads less of it. A
// provider that has neither is served as well.
func TestServer_servesAProviderWithoutOptionalInterfaces(t *testing.T) {
	for name, p := range map[string]provider.Provider{"ours": New("test"), "less": emptyProvider{}} {
		server := wrapServer(p)
		if _, ok := server.(tfprotov6.ListResourceServer); !ok {
			t.Errorf("%s: lists are hidden", name)
		}
		if _, ok := server.(tfprotov6.ActionServer); !ok {
			t.Errorf("%s: actions are hidden", name)
		}
		if tf6server.New("registry.terraform.io/seamapi/seam", server) == nil {
			t.Errorf("%s is not served", name)
		}
		schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil || len(schemas.Diagnostics) > 0 || schemas.Provider == nil {
			t.Errorf("%s: %+v, %v", name, schemas, err)
		}
	}
}

// emptyProvider is a provider with nothing in it.
type emptyProvider struct{}

func (emptyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "lesser"
}

func (emptyProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{}
}

func (emptyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (emptyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (emptyProvider) Resources(context.Context) []func() resource.Resource       { return nil }
