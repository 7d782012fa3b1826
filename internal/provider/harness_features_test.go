package provider

import (
	"encoding/json"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a harness can do besides keeping an object: data sources, lists, actions, ephemeral
// resources.

func (h *harness) schemas() *tfprotov6.GetProviderSchemaResponse {
	h.t.Helper()
	schemas, err := h.server.GetProviderSchema(h.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	h.must(err)
	h.requireNoError(schemas.Diagnostics)
	return schemas
}

// newObject is another object of this harness, of which Terraform keeps the state separately.
func (h *harness) newObject(noun string) *harness {
	h.t.Helper()
	o := &harness{t: h.t, typeName: noun, seam: h.seam, lock: h.lock, providerConfig: h.providerConfig}
	o.restart()
	o.state = o.nullState()
	return o
}

// readDataSource validates and reads a data source.
func (h *harness) readDataSource(kind string, config values) (map[string]any, []*tfprotov6.Diagnostic) {
	h.t.Helper()
	of := h.schemas().DataSourceSchemas[kind].ValueType()
	c := h.encode(h.objectValue(of, config))
	valid, err := h.server.ValidateDataResourceConfig(h.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind, Config: c})
	h.must(err)
	if hasError(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	resp, err := h.server.ReadDataSource(h.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: c})
	h.must(err)
	if hasError(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return h.decodeObject(of, resp.State), resp.Diagnostics
}

// openedEphemeral is an ephemeral resource that is to be closed.
type openedEphemeral struct {
	kind    string
	values  map[string]any
	private []byte
}

func (h *harness) openEphemeral(kind string, config values) (openedEphemeral, []*tfprotov6.Diagnostic) {
	h.t.Helper()
	of := h.schemas().EphemeralResourceSchemas[kind].ValueType()
	c := h.encode(h.objectValue(of, config))
	valid, err := h.server.ValidateEphemeralResourceConfig(h.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: kind, Config: c})
	h.must(err)
	if hasError(valid.Diagnostics) {
		return openedEphemeral{}, valid.Diagnostics
	}
	resp, err := h.server.OpenEphemeralResource(h.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: kind, Config: c})
	h.must(err)
	if hasError(resp.Diagnostics) {
		return openedEphemeral{}, resp.Diagnostics
	}
	return openedEphemeral{kind, h.decodeObject(of, resp.Result), resp.Private}, resp.Diagnostics
}

func (h *harness) closeEphemeral(o openedEphemeral) []*tfprotov6.Diagnostic {
	h.t.Helper()
	resp, err := h.server.CloseEphemeralResource(h.t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.kind, Private: o.private})
	h.must(err)
	return resp.Diagnostics
}

// listResult is one result of a list.
type listResult struct {
	id, name string
	resource map[string]any // nil unless asked for
}

// validateListConfig is what a plan says about the filter of a list.
func (h *harness) validateListConfig(kind string, config values) []*tfprotov6.Diagnostic {
	h.t.Helper()
	lists, ok := h.server.(tfprotov6.ListResourceServer)
	if !ok {
		h.t.Fatal("the provider offers no lists")
	}
	c := h.encode(h.objectValue(h.schemas().ListResourceSchemas[kind].ValueType(), config))
	valid, err := lists.ValidateListResourceConfig(h.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: kind, Config: c})
	h.must(err)
	return valid.Diagnostics
}

// validateActionConfig is what a plan says about the configuration of an action.
func (h *harness) validateActionConfig(kind string, config values) []*tfprotov6.Diagnostic {
	h.t.Helper()
	actions, ok := h.server.(tfprotov6.ActionServer)
	if !ok {
		h.t.Fatal("the provider offers no actions")
	}
	c := h.encode(h.objectValue(h.schemas().ActionSchemas[kind].Schema.ValueType(), config))
	valid, err := actions.ValidateActionConfig(h.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: kind, Config: c})
	h.must(err)
	return valid.Diagnostics
}

// onRequest looks at what is sent to a path.
func (h *harness) onRequest(path string, look func(body map[string]any)) {
	h.seam.InjectFault(seamtest.Fault{Path: path, Match: func(body map[string]any) bool {
		look(body)
		return false
	}})
}

// listResources takes results until there are as many as enough; then it stops the list.
func (h *harness) listResources(kind string, config values, limit int64, include bool, enough int) (found []listResult, diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	lists, ok := h.server.(tfprotov6.ListResourceServer)
	if !ok {
		h.t.Fatal("the provider offers no lists")
	}
	schemas := h.schemas()
	c := h.encode(h.objectValue(schemas.ListResourceSchemas[kind].ValueType(), config))
	stream, err := lists.ListResource(h.t.Context(), &tfprotov6.ListResourceRequest{TypeName: kind, Config: c, IncludeResource: include, Limit: limit})
	h.must(err)
	for result := range stream.Results {
		if diags = append(diags, result.Diagnostics...); result.Identity == nil {
			continue
		}
		identity, err := result.Identity.IdentityData.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}})
		h.must(err)
		item := listResult{id: goValue(attributes(identity)["id"]).(string), name: result.DisplayName} //nolint:forcetypeassert // anything else is a bug in the provider
		if result.Resource != nil {
			item.resource = h.decodeObject(schemas.ResourceSchemas[kind].ValueType(), result.Resource)
		}
		if found = append(found, item); len(found) == enough {
			break
		}
	}
	return found, diags
}

// invokeAction runs an action, and returns what it said meanwhile.
func (h *harness) invokeAction(kind string, config values) (said []string, diags []*tfprotov6.Diagnostic) {
	h.t.Helper()
	actions, ok := h.server.(tfprotov6.ActionServer)
	if !ok {
		h.t.Fatal("the provider offers no actions")
	}
	c := h.encode(h.objectValue(h.schemas().ActionSchemas[kind].Schema.ValueType(), config))
	stream, err := actions.InvokeAction(h.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: kind, Config: c})
	h.must(err)
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

// decodeObject makes Go values of an encoded object.
func (h *harness) decodeObject(of tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]any {
	h.t.Helper()
	decoded, err := encoded.Unmarshal(of)
	h.must(err)
	fields := map[string]any{}
	for name, value := range attributes(decoded) {
		fields[name] = h.nestedValue(value)
	}
	return fields
}

// nestedValue is goValue for nested values too: []any, map[string]any, float64.
func (h *harness) nestedValue(v tftypes.Value) any {
	var items []tftypes.Value
	var number big.Float
	switch {
	case v.IsNull():
		return nil
	case v.Type().Is(tftypes.Number):
		h.must(v.As(&number))
		f, _ := number.Float64()
		return f
	case v.Type().Is(tftypes.List{}), v.Type().Is(tftypes.Set{}):
		h.must(v.As(&items))
		all := make([]any, len(items))
		for i, item := range items {
			all[i] = h.nestedValue(item)
		}
		return all
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		fields := map[string]any{}
		for name, value := range attributes(v) {
			fields[name] = h.nestedValue(value)
		}
		return fields
	}
	return goValue(v)
}

// listedIDs are those of what a list found.
func listedIDs(found []listResult) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.id)
	}
	slices.Sort(all)
	return all
}

// printedText is everything in a value, to look for what must not be there.
func (h *harness) printedText(v any) string {
	h.t.Helper()
	text, err := json.Marshal(v)
	h.must(err)
	return string(text)
}
