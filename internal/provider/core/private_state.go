package core

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateState is the part of the state that only the provider sees.
type privateState interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

// PrivateReader is a request that has private state.
type PrivateReader interface {
	privateState() (privateState, *diag.Diagnostics)
}

func (op *Request[M]) privateState() (privateState, *diag.Diagnostics)    { return op.private, op.diags }
func (p *PlanRequest[M]) privateState() (privateState, *diag.Diagnostics) { return p.private, p.diags }

// GetPrivate reads the value that an earlier operation stored under a key, or the zero value.
func GetPrivate[T any](ctx context.Context, op PrivateReader, key string) T {
	state, diags := op.privateState()
	return decodePrivate[T](ctx, state, diags, key)
}

func decodePrivate[T any](ctx context.Context, from interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}, diags *diag.Diagnostics, key string) (value T) {
	raw, d := from.GetKey(ctx, key)
	diags.Append(d...)
	if raw != nil {
		if err := json.Unmarshal(raw, &value); err != nil {
			diags.AddWarning("Unreadable private state", fmt.Sprintf("The value that an earlier run stored as %q cannot be read and is ignored: %v", key, err))
		}
	}
	return value
}

// SetPrivate stores value under a key; nil and a zero value delete the key.
func (op *Request[M]) SetPrivate(ctx context.Context, key string, value any) {
	var raw []byte
	if value != nil && !reflect.ValueOf(value).IsZero() {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			op.diags.AddWarning("Private state not saved", err.Error())
		}
	}
	op.diags.Append(op.private.SetKey(ctx, key, raw)...)
}
