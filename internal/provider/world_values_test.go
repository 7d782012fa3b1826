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

func (w *world) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	w.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	w.must(err)
	return &encoded
}

func (w *world) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	w.t.Helper()
	if v == nil {
		return tftypes.NewValue(w.schema.ValueType(), nil)
	}
	decoded, err := v.Unmarshal(w.schema.ValueType())
	w.must(err)
	return decoded
}

// proposed merges configuration and state as Terraform does.
func (w *world) proposed(config tftypes.Value) tftypes.Value {
	if w.state.IsNull() {
		return config
	}
	merged, held := attributes(config), attributes(w.state)
	for _, a := range w.schema.Block.Attributes {
		if a.Computed && merged[a.Name].IsNull() {
			merged[a.Name] = held[a.Name]
		}
	}
	return tftypes.NewValue(w.schema.ValueType(), merged)
}

// value makes an object of a schema's type.
func (w *world) value(of tftypes.Type, v values) tftypes.Value {
	w.t.Helper()
	object, ok := of.(tftypes.Object)
	if !ok {
		w.t.Fatalf("%s is no object", of)
	}
	merged := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		merged[name] = w.native(kind, v[name])
	}
	for name := range v {
		if _, ok := object.AttributeTypes[name]; !ok {
			w.t.Fatalf("there is no argument %q", name)
		}
	}
	return tftypes.NewValue(object, merged)
}

func (w *world) native(kind tftypes.Type, v any) tftypes.Value {
	w.t.Helper()
	switch v := v.(type) {
	case values:
		return w.value(kind, v)
	case unknown:
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

// unknown is a value that is known only after apply.
type unknown struct{}

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

func plain(v tftypes.Value) any {
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

// createElsewhere makes an access code past Terraform and returns its id.
func (w *world) createElsewhere(body values) string {
	w.t.Helper()
	text, err := json.Marshal(body)
	w.must(err)
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "https://seam.test"+createPath, strings.NewReader(string(text)))
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+w.seam.Workspace().APIKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := w.seam.Transport().RoundTrip(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	var made struct {
		AccessCode struct {
			ID string `json:"access_code_id"`
		} `json:"access_code"`
	}
	w.must(json.NewDecoder(res.Body).Decode(&made))
	return made.AccessCode.ID
}

// validateSettings validates a provider configuration.
func validateSettings(t *testing.T, settings values) (diags []*tfprotov6.Diagnostic) {
	inWorld(t, func(w *world) {
		schemas, err := w.server.GetProviderSchema(w.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		w.must(err)
		resp, err := w.server.ValidateProviderConfig(w.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: w.encode(w.value(schemas.Provider.ValueType(), settings))})
		w.must(err)
		diags = resp.Diagnostics
	})
	return diags
}

func faulty500(path string) seamtest.Fault { return seamtest.Fault{Path: path, Status: 500} }
func slow(path string) seamtest.Fault      { return seamtest.Fault{Path: path, Delay: time.Hour} }

func took(what func()) time.Duration {
	start := time.Now()
	what()
	return time.Since(start)
}

// privateState is what the provider keeps for itself, to look for what must not be there.
func privateState(t *testing.T, raw []byte) string {
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
