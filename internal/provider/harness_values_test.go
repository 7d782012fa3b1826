package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// values are the arguments of a resource, as somebody writes them.
type values map[string]any

// with is v with other values; nil leaves an argument out.
func (v values) with(other values) values {
	merged := maps.Clone(v)
	maps.Copy(merged, other)
	return merged
}

func (h *harness) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	h.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	h.must(err)
	return &encoded
}

func (h *harness) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	h.t.Helper()
	if v == nil {
		return tftypes.NewValue(h.schema.ValueType(), nil)
	}
	decoded, err := v.Unmarshal(h.schema.ValueType())
	h.must(err)
	return decoded
}

// proposed merges configuration and state as Terraform does.
func (h *harness) proposed(config tftypes.Value) tftypes.Value {
	if h.state.IsNull() {
		return config
	}
	merged, held := attributes(config), attributes(h.state)
	for _, a := range h.schema.Block.Attributes {
		if a.Computed && merged[a.Name].IsNull() {
			merged[a.Name] = held[a.Name]
		}
	}
	return tftypes.NewValue(h.schema.ValueType(), merged)
}

// objectValue makes an object of a schema's type.
func (h *harness) objectValue(of tftypes.Type, v values) tftypes.Value {
	h.t.Helper()
	object, ok := of.(tftypes.Object)
	if !ok {
		h.t.Fatalf("%s is no object", of)
	}
	merged := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		merged[name] = h.attributeValue(kind, v[name])
	}
	for name := range v {
		if _, ok := object.AttributeTypes[name]; !ok {
			h.t.Fatalf("there is no argument %q", name)
		}
	}
	return tftypes.NewValue(object, merged)
}

func (h *harness) attributeValue(kind tftypes.Type, v any) tftypes.Value {
	h.t.Helper()
	switch v := v.(type) {
	case values:
		return h.objectValue(kind, v)
	case unknownValue:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	case []string:
		items := make([]tftypes.Value, len(v))
		for i, item := range v {
			items[i] = tftypes.NewValue(tftypes.String, item)
		}
		return tftypes.NewValue(kind, items)
	case []any:
		items := make([]tftypes.Value, len(v))
		for i, item := range v {
			items[i] = tftypes.NewValue(tftypes.String, item)
		}
		return tftypes.NewValue(kind, items)
	case map[string]any:
		entries := map[string]tftypes.Value{}
		for key, item := range v {
			entries[key] = tftypes.NewValue(tftypes.String, item)
		}
		return tftypes.NewValue(kind, entries)
	case map[string]string:
		entries := map[string]tftypes.Value{}
		for key, item := range v {
			entries[key] = tftypes.NewValue(tftypes.String, item)
		}
		return tftypes.NewValue(kind, entries)
	default:
		return tftypes.NewValue(kind, v)
	}
}

// unknownValue is a value that is known only after apply.
type unknownValue struct{}

func attributes(v tftypes.Value) map[string]tftypes.Value {
	fields := map[string]tftypes.Value{}
	if v.IsNull() || !v.IsKnown() {
		return fields
	}
	if err := v.As(&fields); err != nil {
		panic(err)
	}
	return maps.Clone(fields) // As hands out the value's own map
}

func goValue(v tftypes.Value) any {
	if v.IsNull() {
		return nil
	}
	var s string
	var b bool
	if v.As(&s) == nil {
		return s
	}
	if v.As(&b) == nil {
		return b
	}
	return v.String()
}

// createOutside makes an access code past Terraform and returns its id.
func (h *harness) createOutside(body values) string {
	h.t.Helper()
	text, err := json.Marshal(body)
	h.must(err)
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "https://seam.test"+createPath, strings.NewReader(string(text)))
	h.must(err)
	req.Header.Set("Authorization", "Bearer "+h.seam.Workspace().APIKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := h.seam.Transport().RoundTrip(req)
	h.must(err)
	defer func() { _ = res.Body.Close() }()
	var made struct {
		AccessCode struct {
			ID string `json:"access_code_id"`
		} `json:"access_code"`
	}
	h.must(json.NewDecoder(res.Body).Decode(&made))
	return made.AccessCode.ID
}

// validateProviderConfig validates a provider configuration.
func validateProviderConfig(t *testing.T, settings values) (diags []*tfprotov6.Diagnostic) {
	withHarness(t, func(h *harness) {
		schemas, err := h.server.GetProviderSchema(h.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		h.must(err)
		resp, err := h.server.ValidateProviderConfig(h.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: h.encode(h.objectValue(schemas.Provider.ValueType(), settings))})
		h.must(err)
		diags = resp.Diagnostics
	})
	return diags
}

func status500Fault(path string) seamtest.Fault { return seamtest.Fault{Path: path, Status: 500} }
func slowFault(path string) seamtest.Fault      { return seamtest.Fault{Path: path, Delay: time.Hour} }

func elapsed(what func()) time.Duration {
	start := time.Now()
	what()
	return time.Since(start)
}

// privateStateText is what the provider keeps for itself, to look for what must not be there.
func privateStateText(t *testing.T, raw []byte) string {
	t.Helper()
	if raw == nil {
		return ""
	}
	var kept map[string][]byte
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s", kept)
}
