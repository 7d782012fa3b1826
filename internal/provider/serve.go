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

// NewServer makes a protocol server of the provider, for one process.
func NewServer(version string) tfprotov6.ProviderServer {
	return forgetting(New(version))
}

func forgetting(p provider.Provider) tfprotov6.ProviderServer {
	inner := providerserver.NewProtocol6(p)()
	if whole, ok := inner.(server); ok {
		return &forgetful{&discreet{whole}}
	}
	return inner
}

// server is all that Terraform may ask for. What is not in it would look missing.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// forgetful lets go of each call when it is over. The framework's server keeps a cancel
// function of every call until the process ends, and through it the call's context with
// all its loggers: with thousands of codes most of the memory. This is about those calls
// only that come once or more for each object.
type forgetful struct{ server }

func (s *forgetful) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return during(ctx, req, s.server.ValidateResourceConfig)
}

func (s *forgetful) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return during(ctx, req, s.server.UpgradeResourceState)
}

func (s *forgetful) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return during(ctx, req, s.server.UpgradeResourceIdentity)
}

func (s *forgetful) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := during(ctx, req, s.server.ReadResource)
	if err == nil {
		resp.NewState = asInStateFile(resp.NewState)
	}
	return resp, err
}

// asInStateFile makes JSON of a state that holds a number. Terraform compares states with
// reflect.DeepEqual after a refresh: a number that came as MessagePack differs there from
// the same number in the state file, which is JSON, so `plan -refresh-only
// -detailed-exitcode` would end with 2 although nothing has changed.
func asInStateFile(state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
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

func (s *forgetful) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return during(ctx, req, s.server.PlanResourceChange)
}

func (s *forgetful) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return during(ctx, req, s.server.ApplyResourceChange)
}

// during makes a call whose context is empty afterwards.
func during[In, Out any](ctx context.Context, in In, call func(context.Context, In) (Out, error)) (Out, error) {
	inner, cancel := context.WithCancel(ctx)
	lent := new(lentContext)
	lent.inner.Store(&inner)
	defer func() {
		cancel()
		lent.inner.Store(&over)
	}()
	return call(lent, in)
}

// over is what remains of a call.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// lentContext is another context until that is taken back.
type lentContext struct {
	inner atomic.Pointer[context.Context]
}

func (c *lentContext) Deadline() (time.Time, bool) { return (*c.inner.Load()).Deadline() }
func (c *lentContext) Done() <-chan struct{}       { return (*c.inner.Load()).Done() }
func (c *lentContext) Err() error                  { return (*c.inner.Load()).Err() }
func (c *lentContext) Value(key any) any           { return (*c.inner.Load()).Value(key) }
