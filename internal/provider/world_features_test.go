package provider

import (
	"encoding/json"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a world can do besides keeping an object: data sources, lists, actions, ephemeral
// resources.

func (w *world) schemas() *tfprotov6.GetProviderSchemaResponse {
	w.t.Helper()
	schemas, err := w.server.GetProviderSchema(w.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	w.must(err)
	w.ok(schemas.Diagnostics)
	return schemas
}

// other is another object of this world, of which Terraform keeps the state separately.
func (w *world) other(noun string) *world {
	w.t.Helper()
	o := &world{t: w.t, noun: noun, seam: w.seam, lock: w.lock, settings: w.settings}
	o.restart()
	o.state = o.none()
	return o
}

// read validates and reads a data source.
func (w *world) read(kind string, config values) (map[string]any, []*tfprotov6.Diagnostic) {
	w.t.Helper()
	of := w.schemas().DataSourceSchemas[kind].ValueType()
	c := w.encode(w.value(of, config))
	valid, err := w.server.ValidateDataResourceConfig(w.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind, Config: c})
	w.must(err)
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	resp, err := w.server.ReadDataSource(w.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: c})
	w.must(err)
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return w.object(of, resp.State), resp.Diagnostics
}

// opened is an ephemeral resource that is to be closed.
type opened struct {
	kind    string
	values  map[string]any
	private []byte
}

func (w *world) open(kind string, config values) (opened, []*tfprotov6.Diagnostic) {
	w.t.Helper()
	of := w.schemas().EphemeralResourceSchemas[kind].ValueType()
	c := w.encode(w.value(of, config))
	valid, err := w.server.ValidateEphemeralResourceConfig(w.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: kind, Config: c})
	w.must(err)
	if failed(valid.Diagnostics) {
		return opened{}, valid.Diagnostics
	}
	resp, err := w.server.OpenEphemeralResource(w.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: kind, Config: c})
	w.must(err)
	if failed(resp.Diagnostics) {
		return opened{}, resp.Diagnostics
	}
	return opened{kind, w.object(of, resp.Result), resp.Private}, resp.Diagnostics
}

func (w *world) close(o opened) []*tfprotov6.Diagnostic {
	w.t.Helper()
	resp, err := w.server.CloseEphemeralResource(w.t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.kind, Private: o.private})
	w.must(err)
	return resp.Diagnostics
}

// listed is one result of a list.
type listed struct {
	id, name string
	resource map[string]any // nil unless asked for
}

// validatesList is what a plan says about the filter of a list.
func (w *world) validatesList(kind string, config values) []*tfprotov6.Diagnostic {
	w.t.Helper()
	lists, ok := w.server.(tfprotov6.ListResourceServer)
	if !ok {
		w.t.Fatal("the provider offers no lists")
	}
	c := w.encode(w.value(w.schemas().ListResourceSchemas[kind].ValueType(), config))
	valid, err := lists.ValidateListResourceConfig(w.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: kind, Config: c})
	w.must(err)
	return valid.Diagnostics
}

// validatesAction is what a plan says about the configuration of an action.
func (w *world) validatesAction(kind string, config values) []*tfprotov6.Diagnostic {
	w.t.Helper()
	actions, ok := w.server.(tfprotov6.ActionServer)
	if !ok {
		w.t.Fatal("the provider offers no actions")
	}
	c := w.encode(w.value(w.schemas().ActionSchemas[kind].Schema.ValueType(), config))
	valid, err := actions.ValidateActionConfig(w.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: kind, Config: c})
	w.must(err)
	return valid.Diagnostics
}

// watch looks at what is sent to a path.
func (w *world) watch(path string, look func(body map[string]any)) {
	w.seam.InjectFault(seamtest.Fault{Path: path, Match: func(body map[string]any) bool {
		look(body)
		return false
	}})
}

// list takes results until there are as many as enough; then it stops the list.
func (w *world) list(kind string, config values, limit int64, include bool, enough int) (found []listed, diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	lists, ok := w.server.(tfprotov6.ListResourceServer)
	if !ok {
		w.t.Fatal("the provider offers no lists")
	}
	schemas := w.schemas()
	c := w.encode(w.value(schemas.ListResourceSchemas[kind].ValueType(), config))
	stream, err := lists.ListResource(w.t.Context(), &tfprotov6.ListResourceRequest{TypeName: kind, Config: c, IncludeResource: include, Limit: limit})
	w.must(err)
	for result := range stream.Results {
		if diags = append(diags, result.Diagnostics...); result.Identity == nil {
			continue
		}
		identity, err := result.Identity.IdentityData.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}})
		w.must(err)
		item := listed{id: plain(attributes(identity)["id"]).(string), name: result.DisplayName} //nolint:forcetypeassert // anything else is a bug in the provider
		if result.Resource != nil {
			item.resource = w.object(schemas.ResourceSchemas[kind].ValueType(), result.Resource)
		}
		if found = append(found, item); len(found) == enough {
			break
		}
	}
	return found, diags
}

// invoke runs an action, and returns what it said meanwhile.
func (w *world) invoke(kind string, config values) (said []string, diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	actions, ok := w.server.(tfprotov6.ActionServer)
	if !ok {
		w.t.Fatal("the provider offers no actions")
	}
	c := w.encode(w.value(w.schemas().ActionSchemas[kind].Schema.ValueType(), config))
	stream, err := actions.InvokeAction(w.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: kind, Config: c})
	w.must(err)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			said = append(said, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = event.Diagnostics
		}
	}
	return said, diags
}

// object makes Go values of an encoded object.
func (w *world) object(of tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]any {
	w.t.Helper()
	decoded, err := encoded.Unmarshal(of)
	w.must(err)
	fields := map[string]any{}
	for name, value := range attributes(decoded) {
		fields[name] = w.deep(value)
	}
	return fields
}

// deep is plain for nested values too: []any, map[string]any, float64.
func (w *world) deep(v tftypes.Value) any {
	var items []tftypes.Value
	var number big.Float
	switch {
	case v.IsNull():
		return nil
	case v.Type().Is(tftypes.Number):
		w.must(v.As(&number))
		f, _ := number.Float64()
		return f
	case v.Type().Is(tftypes.List{}), v.Type().Is(tftypes.Set{}):
		w.must(v.As(&items))
		all := make([]any, len(items))
		for i, item := range items {
			all[i] = w.deep(item)
		}
		return all
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		fields := map[string]any{}
		for name, value := range attributes(v) {
			fields[name] = w.deep(value)
		}
		return fields
	}
	return plain(v)
}

// ids are those of what a list found.
func ids(found []listed) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.id)
	}
	slices.Sort(all)
	return all
}

// printed is everything in a value, to look for what must not be there.
func (w *world) printed(v any) string {
	w.t.Helper()
	text, err := json.Marshal(v)
	w.must(err)
	return string(text)
}
