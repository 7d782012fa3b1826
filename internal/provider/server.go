package provider

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// NewServer returns the provider's protocol server.
func NewServer(version string) tfprotov6.ProviderServer {
	p := &seamProvider{version: version}
	return withFastPath(p, wrapServer(p))
}

func wrapServer(p provider.Provider) protocolServer {
	inner, _ := providerserver.NewProtocol6(p)().(protocolServer)
	return &contextReleasingServer{&redactingServer{inner}}
}

// protocolServer has all methods that Terraform may call. Terraform treats a method that is
// missing here as unsupported.
type protocolServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// contextReleasingServer releases the context of each call when it ends. The framework's server keeps
// a cancel function of every call until the process exits, and with it the call's context and
// loggers. With thousands of codes that is most of the memory. Only calls made per object are
// wrapped.
type contextReleasingServer struct{ protocolServer }

func (s *contextReleasingServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return withReleasedContext(ctx, req, s.protocolServer.ValidateResourceConfig)
}

func (s *contextReleasingServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return withReleasedContext(ctx, req, s.protocolServer.UpgradeResourceState)
}

func (s *contextReleasingServer) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return withReleasedContext(ctx, req, s.protocolServer.UpgradeResourceIdentity)
}

func (s *contextReleasingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := withReleasedContext(ctx, req, s.protocolServer.ReadResource)
	if err == nil {
		resp.NewState = normalizeNumbers(resp.NewState)
	}
	return resp, err
}

// normalizeNumbers re-encodes a state that holds a number as JSON. After a refresh Terraform
// compares states with reflect.DeepEqual, and a number decoded from MessagePack differs from the
// same number decoded from the JSON state file. `plan -refresh-only -detailed-exitcode` would
// then exit with 2 although nothing has changed.
func normalizeNumbers(state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	var attributes map[string]any
	if state == nil || msgpack.Unmarshal(state.MsgPack, &attributes) != nil || !slices.ContainsFunc(slices.Collect(maps.Values(attributes)), isNumber) {
		return state
	}
	text, err := json.Marshal(attributes)
	if err != nil {
		return state
	}
	return &tfprotov6.DynamicValue{JSON: text}
}

func isNumber(value any) bool {
	kind := reflect.ValueOf(value)
	return kind.CanInt() || kind.CanUint() || kind.CanFloat()
}

func (s *contextReleasingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return withReleasedContext(ctx, req, s.protocolServer.PlanResourceChange)
}

func (s *contextReleasingServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return withReleasedContext(ctx, req, s.protocolServer.ApplyResourceChange)
}

// withReleasedContext makes a call, then drops the context it was given.
func withReleasedContext[In, Out any](ctx context.Context, in In, call func(context.Context, In) (Out, error)) (Out, error) {
	inner, cancel := context.WithCancel(ctx)
	released := new(releasableContext)
	released.inner.Store(&inner)
	defer func() {
		cancel()
		released.inner.Store(&canceledContext)
	}()
	return call(released, in)
}

// canceledContext replaces the context of a call that has ended.
var canceledContext = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// releasableContext forwards to a context that can be replaced.
type releasableContext struct {
	inner atomic.Pointer[context.Context]
}

func (c *releasableContext) Deadline() (time.Time, bool) { return (*c.inner.Load()).Deadline() }
func (c *releasableContext) Done() <-chan struct{}       { return (*c.inner.Load()).Done() }
func (c *releasableContext) Err() error                  { return (*c.inner.Load()).Err() }
func (c *releasableContext) Value(key any) any           { return (*c.inner.Load()).Value(key) }
