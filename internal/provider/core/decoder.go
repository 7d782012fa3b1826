package core

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// decoder decodes objects of Terraform's wire format (MessagePack, with attributes as keys) into
// models. It gives what the framework gives, at a fraction of the cost, or gives up: on unknown
// values, on numbers of another type, and on other attributes than those of the schema.
type decoder struct {
	object *valueDecoder
	fields map[string][]int // indexes in the model
}

// valueDecoder decodes values of a type.
type valueDecoder struct {
	of      attr.Type
	null    attr.Value
	element *valueDecoder            // of a list, set or map
	parts   map[string]*valueDecoder // of an object
}

// newDecoder returns nil if the model has fields of other types than the framework's basic ones.
func newDecoder(ctx context.Context, model reflect.Type, attributes map[string]schema.Attribute) *decoder {
	d := &decoder{&valueDecoder{parts: map[string]*valueDecoder{}}, map[string][]int{}}
	for _, field := range reflect.VisibleFields(model) {
		name := field.Tag.Get("tfsdk")
		attribute, has := attributes[name]
		if !has {
			continue
		}
		value := newValueDecoder(ctx, attribute.GetType())
		if value == nil || reflect.TypeOf(value.null) != field.Type {
			return nil
		}
		d.fields[name], d.object.parts[name] = field.Index, value
	}
	if len(d.fields) != len(attributes) {
		return nil
	}
	return d
}

func newValueDecoder(ctx context.Context, of attr.Type) *valueDecoder {
	null, err := of.ValueFromTerraform(ctx, tftypes.NewValue(of.TerraformType(ctx), nil))
	if err != nil {
		return nil
	}
	v := &valueDecoder{of: of, null: null}
	switch of := of.(type) {
	case basetypes.StringType, basetypes.BoolType, basetypes.Int64Type:
		return v
	case types.ListType, types.SetType, types.MapType:
		if v.element = newValueDecoder(ctx, of.(attr.TypeWithElementType).ElementType()); v.element != nil { //nolint:forcetypeassert // all three are
			return v
		}
	case timeouts.Type:
		return v.withParts(ctx, of.AttrTypes)
	case types.ObjectType:
		return v.withParts(ctx, of.AttrTypes)
	}
	return nil
}

func (v *valueDecoder) withParts(ctx context.Context, parts map[string]attr.Type) *valueDecoder {
	v.parts = map[string]*valueDecoder{}
	for name, of := range parts {
		if v.parts[name] = newValueDecoder(ctx, of); v.parts[name] == nil {
			return nil
		}
	}
	return v
}

// decode sets the fields of a model, and reports whether it could.
func (d *decoder) decode(raw []byte, model reflect.Value) bool {
	from := msgpack.GetDecoder()
	defer msgpack.PutDecoder(from)
	rest := bytes.NewReader(raw)
	from.Reset(rest)
	values := d.object.decodeParts(from)
	if values == nil || rest.Len() > 0 {
		return false
	}
	for name, value := range values {
		model.FieldByIndex(d.fields[name]).Set(reflect.ValueOf(value))
	}
	return true
}

// decode returns nil if it gives up.
func (v *valueDecoder) decode(from *msgpack.Decoder) attr.Value {
	code, err := from.PeekCode()
	if err != nil {
		return nil
	}
	if code == msgpcode.Nil {
		if from.DecodeNil() != nil {
			return nil
		}
		return v.null
	}
	switch of := v.of.(type) {
	case basetypes.StringType:
		if text, err := from.DecodeString(); err == nil && msgpcode.IsString(code) {
			return types.StringValue(text)
		}
	case basetypes.BoolType:
		if flag, err := from.DecodeBool(); err == nil {
			return types.BoolValue(flag)
		}
	case basetypes.Int64Type:
		if number, err := from.DecodeInt64(); err == nil && code != msgpcode.Float && code != msgpcode.Double && code != msgpcode.Uint64 {
			return types.Int64Value(number)
		}
	case types.ListType:
		if items := v.decodeItems(from); items != nil {
			return types.ListValueMust(of.ElemType, items)
		}
	case types.SetType:
		if items := v.decodeItems(from); items != nil {
			return types.SetValueMust(of.ElemType, items)
		}
	case types.MapType:
		if entries := v.decodeParts(from); entries != nil {
			return types.MapValueMust(of.ElemType, entries)
		}
	case timeouts.Type:
		if parts := v.decodeParts(from); parts != nil {
			return timeouts.Value{Object: types.ObjectValueMust(of.AttrTypes, parts)}
		}
	case types.ObjectType:
		if parts := v.decodeParts(from); parts != nil {
			return types.ObjectValueMust(of.AttrTypes, parts)
		}
	}
	return nil
}

func (v *valueDecoder) decodeItems(from *msgpack.Decoder) []attr.Value {
	n, err := from.DecodeArrayLen()
	if err != nil || n < 0 {
		return nil
	}
	items := make([]attr.Value, n)
	for i := range items {
		if items[i] = v.element.decode(from); items[i] == nil {
			return nil
		}
	}
	return items
}

// decodeParts decodes the attributes of an object, all of them, or the entries of a map.
func (v *valueDecoder) decodeParts(from *msgpack.Decoder) map[string]attr.Value {
	n, err := from.DecodeMapLen()
	if err != nil || n < 0 || v.parts != nil && n != len(v.parts) {
		return nil
	}
	values := make(map[string]attr.Value, n)
	for range n {
		name, err := from.DecodeString()
		part := v.part(name)
		if err != nil || part == nil {
			return nil
		}
		if values[name] = part.decode(from); values[name] == nil {
			return nil
		}
	}
	if len(values) != n {
		return nil
	}
	return values
}

func (v *valueDecoder) part(name string) *valueDecoder {
	if v.parts != nil {
		return v.parts[name]
	}
	return v.element
}

// accepts reports whether a value as JSON is one of the type, with exactly the type's attributes.
func (v *valueDecoder) accepts(text json.RawMessage) bool {
	if string(text) == "null" {
		return v.null != nil
	}
	switch v.null.(type) {
	case types.String:
		return text[0] == '"'
	case types.Bool:
		return text[0] == 't' || text[0] == 'f'
	case types.Int64:
		return text[0] == '-' || text[0] >= '0' && text[0] <= '9'
	case types.List, types.Set:
		var items []json.RawMessage
		if json.Unmarshal(text, &items) != nil {
			return false
		}
		for _, item := range items {
			if !v.element.accepts(item) {
				return false
			}
		}
		return true
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(text, &parts) != nil || v.parts != nil && len(parts) != len(v.parts) {
		return false
	}
	for name, text := range parts {
		if part := v.part(name); part == nil || !part.accepts(text) {
			return false
		}
	}
	return true
}
