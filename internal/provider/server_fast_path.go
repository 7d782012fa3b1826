package provider

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// fastPathServer answers the calls of a plan about objects that have not changed, without the framework,
// which takes a millisecond and more for each. With thousands of codes, nearly all are like that.
//
// It runs the same verbs on the same values, and answers only if nothing came of it; everything else
// goes to the framework. So it relies on this about the framework, given that private state is empty:
//
//   - A read whose model, diagnostics and private state are as before returns the state that it was
//     given, with the identity from that state.
//   - A plan whose proposed state is the prior state plans that state, with the prior identity, unless a
//     default, a write-only value, a plan modifier or the resource's own plan step changes it. Objects
//     with a default or a write-only value are left to the framework. Plan modifiers here keep a known
//     value that is the state's. The plan step is run.
//   - An upgrade from the current version returns the state that it was given, if that has the
//     attributes of the schema.
//
// TestFastPath_... compares it with the framework for every resource.
type fastPathServer struct {
	protocolServer
	provider  *seamProvider
	resources map[string]core.Unchanged // by type name
	versions  map[string]int64          // of the schemas
	stop      atomic.Pointer[stopper]
}

// stopper ends the calls of the fast path that are in progress when Terraform is interrupted.
type stopper struct {
	context.Context
	cancel context.CancelFunc
}

func newStopper() *stopper {
	ctx, cancel := context.WithCancel(context.Background())
	return &stopper{ctx, cancel}
}

func withFastPath(p *seamProvider, inner protocolServer) tfprotov6.ProviderServer {
	ctx := context.Background()
	s := &fastPathServer{protocolServer: inner, provider: p, resources: map[string]core.Unchanged{}, versions: map[string]int64{}}
	s.stop.Store(newStopper())
	for _, construct := range p.Resources(ctx) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "seam"}, &meta)
		var schema resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &schema)
		if own, ok := r.(interface {
			Unchanged(context.Context) core.Unchanged
		}); ok {
			if unchanged := own.Unchanged(ctx); unchanged != nil {
				s.resources[meta.TypeName], s.versions[meta.TypeName] = unchanged, schema.Schema.Version
			}
		}
	}
	return s
}

func (s *fastPathServer) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.stop.Swap(newStopper()).cancel()
	return s.protocolServer.StopProvider(ctx, req)
}

// stoppable ends a context when Terraform is interrupted. The framework does the same.
func (s *fastPathServer) stoppable(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(s.stop.Load(), cancel)
	return ctx, func() { release(); cancel() }
}

func (s *fastPathServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil || !isEmptyPrivate(req.Private) || !isObject(req.CurrentState) {
		return s.protocolServer.ReadResource(ctx, req)
	}
	within, done := s.stoppable(ctx)
	names, next, unchanged := r.Read(within, s.provider.client.Load(), req.CurrentState.MsgPack)
	done()
	identity := encodeIdentity(names)
	if !unchanged || req.CurrentIdentity != nil && !sameIdentity(req.CurrentIdentity, identity) {
		return s.protocolServer.ReadResource(withResult{ctx, next}, req)
	}
	return &tfprotov6.ReadResourceResponse{NewState: normalizeNumbers(req.CurrentState), NewIdentity: identity}, nil
}

// withResult is a context with the values of another one.
type withResult struct {
	context.Context
	values context.Context
}

func (c withResult) Value(key any) any { return c.values.Value(key) }

func (s *fastPathServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil || !isEmptyPrivate(req.PriorPrivate) || !isObject(req.PriorState) || !isObject(req.ProposedNewState) || !isObject(req.Config) ||
		!bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return s.protocolServer.PlanResourceChange(ctx, req)
	}
	within, done := s.stoppable(ctx)
	defer done()
	if !r.Plan(within, s.provider.client.Load(), req.PriorState.MsgPack, req.Config.MsgPack) {
		return s.protocolServer.PlanResourceChange(ctx, req)
	}
	identity := req.PriorIdentity
	if identity == nil {
		identity = encodeIdentity(nil)
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState, PlannedIdentity: identity}, nil
}

func (s *fastPathServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil || req.Version != s.versions[req.TypeName] || req.RawState == nil || !r.IsCurrentState(req.RawState.JSON) {
		return s.protocolServer.UpgradeResourceState(ctx, req)
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
}

func isEmptyPrivate(private []byte) bool {
	return len(private) == 0 || string(private) == "null" || string(private) == "{}"
}

// isObject reports whether a value is not null, in the encoding that Terraform uses.
func isObject(value *tfprotov6.DynamicValue) bool { return value != nil && len(value.MsgPack) > 1 }

// encodeIdentity encodes the attributes of an identity; null without any.
func encodeIdentity(names map[string]string) *tfprotov6.ResourceIdentityData {
	var out bytes.Buffer
	to := msgpack.NewEncoder(&out)
	err := to.EncodeNil()
	if len(names) > 0 {
		out.Reset()
		err = to.EncodeMapLen(len(names))
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if err == nil {
				err = to.EncodeMulti(name, names[name])
			}
		}
	}
	if err != nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: out.Bytes()}}
}

func sameIdentity(a, b *tfprotov6.ResourceIdentityData) bool {
	return b != nil && a.IdentityData != nil && bytes.Equal(a.IdentityData.MsgPack, b.IdentityData.MsgPack)
}
