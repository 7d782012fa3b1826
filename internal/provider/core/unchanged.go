package core

import (
	"context"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Unchanged says, without the framework, whether a read or a plan of an object changes nothing. It
// runs the verbs of the resource, on a model that it decodes itself. False means "ask the framework".
type Unchanged interface {
	// Read reads an object whose private state is empty. If something has changed, the framework's
	// Read with the returned context takes over the result, so that nothing is read twice.
	Read(ctx context.Context, client *seam.Client, state []byte) (identity map[string]string, next context.Context, unchanged bool)
	// Plan plans an object whose private state is empty and whose proposed state is the prior one.
	Plan(ctx context.Context, client *seam.Client, prior, config []byte) (unchanged bool)
	// IsCurrentState reports whether a state as JSON has exactly the attributes of the schema.
	IsCurrentState(text []byte) bool
}

// unchangedResource is Unchanged for a resource.
type unchangedResource[M any] struct {
	*managedResource[M]
	*decoder
	writeOnly []string // attributes
	defaulted []string // attributes that have a default, or parts with one
}

// Unchanged returns nil for a resource that only the framework can handle.
func (r *managedResource[M]) Unchanged(ctx context.Context) Unchanged {
	attributes := r.schema(ctx).Attributes
	u := &unchangedResource[M]{managedResource: r, decoder: newDecoder(ctx, reflect.TypeFor[M](), attributes)}
	if u.decoder == nil {
		return nil
	}
	for name, attribute := range attributes {
		nested, hasDefault := inspect(attribute)
		if nested {
			return nil
		}
		if attribute.IsWriteOnly() {
			u.writeOnly = append(u.writeOnly, name)
		}
		if hasDefault {
			u.defaulted = append(u.defaulted, name)
		}
	}
	return u
}

func (u *unchangedResource[M]) field(m *M, attribute string) attr.Value {
	value, _ := reflect.TypeAssert[attr.Value](reflect.ValueOf(m).Elem().FieldByIndex(u.fields[attribute]))
	return value
}

func (u *unchangedResource[M]) decode(raw []byte, into *M) bool {
	return u.decoder.decode(raw, reflect.ValueOf(into).Elem())
}

func (u *unchangedResource[M]) IsCurrentState(text []byte) bool { return u.object.accepts(text) }

func (u *unchangedResource[M]) Read(ctx context.Context, client *seam.Client, state []byte) (identity map[string]string, next context.Context, unchanged bool) {
	done := &readResult[M]{private: memoryPrivate{}}
	if client == nil || !u.decode(state, &done.model) || u.anySet(&done.model, u.writeOnly) || u.anyNull(&done.model, u.identity) {
		return nil, ctx, false
	}
	identity = map[string]string{}
	for _, name := range u.identity {
		value, _ := u.field(&done.model, name).(types.String)
		identity[name] = value.ValueString()
	}
	before := done.model
	op := Request[M]{Client: client, Timeout: readTimeout, private: done.private, diags: &done.diags}
	done.err = op.withTimeout(ctx, &done.model, u.verbs.read)
	unchanged = done.err == nil && len(done.diags) == 0 && len(done.private) == 0 && u.equal(&before, &done.model)
	return identity, context.WithValue(ctx, readResultKey{}, done), unchanged
}

func (u *unchangedResource[M]) equal(a, b *M) bool {
	for name := range u.fields {
		if !u.field(a, name).Equal(u.field(b, name)) {
			return false
		}
	}
	return true
}

func (u *unchangedResource[M]) Plan(ctx context.Context, client *seam.Client, prior, config []byte) bool {
	var m, before M
	var diags diag.Diagnostics
	unchanged := true
	change := func(string) { unchanged = false }
	p := PlanRequest[M]{
		Client: client, Prior: &before, private: memoryPrivate{}, diags: &diags,
		RequireReplace: change, MarkUnknown: change, Set: func(string, any) { unchanged = false },
	}
	if client == nil || !u.decode(prior, &before) || !u.decode(config, &p.Config) || u.anySet(&p.Config, u.writeOnly) || u.anySet(&before, u.defaulted) {
		return false
	}
	m = before
	p.run(ctx, &m)
	return unchanged && len(diags) == 0
}

func (u *unchangedResource[M]) anySet(m *M, attributes []string) bool {
	return slices.ContainsFunc(attributes, func(name string) bool { return !u.field(m, name).IsNull() })
}

func (u *unchangedResource[M]) anyNull(m *M, attributes []string) bool {
	return slices.ContainsFunc(attributes, func(name string) bool { return u.field(m, name).IsNull() })
}

type readResultKey struct{}

// readResult is what a read gave before the framework was asked.
type readResult[M any] struct {
	model   M
	err     error
	private memoryPrivate
	diags   diag.Diagnostics
}

// memoryPrivate is private state that is empty at first.
type memoryPrivate map[string][]byte

func (p memoryPrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p memoryPrivate) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if value == nil {
		delete(p, key)
	} else {
		p[key] = value
	}
	return nil
}

// inspect reports whether an attribute has a part that only the framework can handle, and whether it
// has a default.
func inspect(attribute schema.Attribute) (unsupported, hasDefault bool) {
	hasDefault = reflect.ValueOf(attribute).FieldByName("Default").IsValid() && !reflect.ValueOf(attribute).FieldByName("Default").IsNil()
	parts := map[string]schema.Attribute{}
	switch a := attribute.(type) {
	case schema.SingleNestedAttribute:
		parts = a.Attributes
	case schema.ListNestedAttribute:
		parts = a.NestedObject.Attributes
	case schema.SetNestedAttribute:
		parts = a.NestedObject.Attributes
	case schema.MapNestedAttribute:
		parts = a.NestedObject.Attributes
	}
	for _, part := range parts {
		inner, partHasDefault := inspect(part)
		unsupported = unsupported || inner || part.IsWriteOnly()
		hasDefault = hasDefault || partHasDefault
	}
	return unsupported, hasDefault
}
