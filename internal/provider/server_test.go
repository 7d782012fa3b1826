package provider

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type contextKey struct{}

// With thousands of codes, what each call leaves behind is what the process weighs.
func TestServer_callReleasesItsContext(t *testing.T) {
	server := NewServer("test")
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kind := schemas.ResourceSchemas["seam_access_code"].ValueType()
	none, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	func() {
		carried := new(int)
		runtime.AddCleanup(carried, func(done chan struct{}) { close(done) }, gone)
		ctx := context.WithValue(t.Context(), contextKey{}, carried)
		if _, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: "seam_access_code", PriorState: &none, ProposedNewState: &none, Config: &none}); err != nil {
			t.Fatal(err)
		}
	}()
	for deadline := time.After(10 * time.Second); ; {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-deadline:
			t.Fatal("what the call's context carried is still there")
		case <-time.After(time.Millisecond):
		}
	}
}

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
