package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are the arguments of an object, as somebody writes them. Nested values are maps and slices
// of any Go type.
type Values map[string]any

// With is v with other values; nil leaves an argument out.
func (v Values) With(other map[string]any) Values {
	merged := Values{}
	maps.Copy(merged, v)
	maps.Copy(merged, other)
	return merged
}

// Unknown is a value that is known only after apply.
type Unknown struct{}

// newValue makes a value of a type from Go values. What an object leaves out is null.
func newValue(of tftypes.Type, v any) (tftypes.Value, error) {
	switch {
	case v == nil:
		return tftypes.NewValue(of, nil), nil
	case v == any(Unknown{}):
		return tftypes.NewValue(of, tftypes.UnknownValue), nil
	}
	switch kind := of.(type) {
	case tftypes.Object:
		return newFields(of, kind.AttributeTypes, v)
	case tftypes.Map:
		return newFields(of, nil, v)
	case tftypes.List:
		return newItems(kind, kind.ElementType, v)
	case tftypes.Set:
		return newItems(kind, kind.ElementType, v)
	}
	if err := tftypes.ValidateValue(of, v); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(of, v), nil
}

// newFields makes an object with these attributes, or a map.
func newFields(of tftypes.Type, types map[string]tftypes.Type, v any) (tftypes.Value, error) {
	given, err := entries(v)
	if entry, isMap := of.(tftypes.Map); isMap {
		types = map[string]tftypes.Type{}
		for key := range given {
			types[key] = entry.ElementType
		}
	}
	fields := map[string]tftypes.Value{}
	for name, kind := range types {
		if err == nil {
			fields[name], err = newValue(kind, given[name])
		}
	}
	for name := range given {
		if _, ok := types[name]; !ok {
			err = fmt.Errorf("there is no argument %q", name)
		}
	}
	if err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(of, fields), nil
}

func newItems(of, element tftypes.Type, v any) (tftypes.Value, error) {
	in := reflect.ValueOf(v)
	if in.Kind() != reflect.Slice {
		return tftypes.Value{}, fmt.Errorf("%T is no %s", v, of)
	}
	items := make([]tftypes.Value, in.Len())
	for i := range items {
		var err error
		if items[i], err = newValue(element, in.Index(i).Interface()); err != nil {
			return tftypes.Value{}, err
		}
	}
	return tftypes.NewValue(of, items), nil
}

// entries are those of a map from strings to anything.
func entries(v any) (map[string]any, error) {
	in := reflect.ValueOf(v)
	if in.Kind() != reflect.Map || in.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("%T is no map of strings", v)
	}
	all := map[string]any{}
	for key, item := range in.Seq2() {
		all[key.String()] = item.Interface()
	}
	return all, nil
}

// GoValue is v as Go has it: nil, string, bool, float64, []any, map[string]any or [Unknown].
func GoValue(v tftypes.Value) any {
	switch kind := v.Type(); {
	case v.IsNull():
		return nil
	case !v.IsKnown():
		return Unknown{}
	case kind.Is(tftypes.String):
		return as[string](v)
	case kind.Is(tftypes.Bool):
		return as[bool](v)
	case kind.Is(tftypes.Number):
		number := as[big.Float](v)
		f, _ := number.Float64()
		return f
	case kind.Is(tftypes.List{}), kind.Is(tftypes.Set{}):
		all := []any{}
		for _, item := range as[[]tftypes.Value](v) {
			all = append(all, GoValue(item))
		}
		return all
	}
	fields := map[string]any{}
	for name, value := range Attributes(v) {
		fields[name] = GoValue(value)
	}
	return fields
}

func as[T any](v tftypes.Value) (out T) {
	if err := v.As(&out); err != nil {
		panic(err)
	}
	return out
}

// Attributes are those of an object, or the entries of a map; none if it is null or unknown.
func Attributes(v tftypes.Value) map[string]tftypes.Value {
	if v.IsNull() || !v.IsKnown() {
		return map[string]tftypes.Value{}
	}
	return maps.Clone(as[map[string]tftypes.Value](v)) // As hands out the value's own map
}

// ObjectValue makes an object of a schema's type.
func (tf *Terraform) ObjectValue(of tftypes.Type, v map[string]any) tftypes.Value {
	tf.T.Helper()
	value, err := newValue(of, v)
	tf.Must(err)
	return value
}

// Encode is v as it is sent to the provider.
func (tf *Terraform) Encode(v tftypes.Value) *tfprotov6.DynamicValue {
	tf.T.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	tf.Must(err)
	return &encoded
}

// Decode is the reverse of Encode, for a state of the object.
func (tf *Terraform) Decode(v *tfprotov6.DynamicValue) tftypes.Value {
	tf.T.Helper()
	if v == nil {
		return tf.NullState()
	}
	decoded, err := v.Unmarshal(tf.Schema.ValueType())
	tf.Must(err)
	return decoded
}

// decodeObject makes Go values of an encoded object.
func (tf *Terraform) decodeObject(of tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]any {
	tf.T.Helper()
	decoded, err := encoded.Unmarshal(of)
	tf.Must(err)
	fields, _ := GoValue(decoded).(map[string]any)
	return fields
}

// PrintedText is everything in a value, to look for what must not be there.
func (tf *Terraform) PrintedText(v any) string {
	tf.T.Helper()
	text, err := json.Marshal(v)
	tf.Must(err)
	return string(text)
}
