package seam

import "encoding/json"

// Param is an argument of a write. Seam tells absent (keep) from null (clear), so its three
// states are absent, which is the zero value, null and a value. Its JSON field is omitzero.
type Param[T any] struct {
	given bool
	value *T
}

// Value is an argument with a value.
func Value[T any](value T) Param[T] { return Param[T]{given: true, value: &value} }

// Null is an argument that clears what is there.
func Null[T any]() Param[T] { return Param[T]{given: true} }

// IsZero reports whether the argument is absent.
func (p Param[T]) IsZero() bool { return !p.given }

// MarshalJSON writes the value or null.
func (p Param[T]) MarshalJSON() ([]byte, error) { return json.Marshal(p.value) }
