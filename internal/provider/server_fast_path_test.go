package provider

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
)

// countingServer counts the calls that reach the framework.
type countingServer struct {
	protocolServer
	calls *atomic.Int64
}

func (s countingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.calls.Add(1)
	return s.protocolServer.ReadResource(ctx, req)
}

func (s countingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.calls.Add(1)
	return s.protocolServer.PlanResourceChange(ctx, req)
}

func (s countingServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	s.calls.Add(1)
	return s.protocolServer.UpgradeResourceState(ctx, req)
}

func newFastPath(transport http.RoundTripper, log acctest.Log) acctest.FastPath {
	p, calls := newTestProvider(transport, log), new(atomic.Int64)
	return acctest.FastPath{
		Server: withFastPath(p, countingServer{wrapServer(p), calls}), Framework: wrapServer(newTestProvider(transport, log)), PassedOn: calls,
	}
}

// A resource without a fast path costs a plan a hundred times as much, which nobody would notice.
func TestFastPath_coversEveryResource(t *testing.T) {
	p := newTestProvider(nil, nil)
	server, _ := withFastPath(p, wrapServer(p)).(*fastPathServer)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name := range schemas.ResourceSchemas {
		if server.resources[name] == nil {
			t.Errorf("%s has none: its model has a field that the decoder does not know, or a nested attribute is write-only", name)
		}
	}
}

// The framework refuses the result of a read without an identity, which the fast path must not invent.
func TestFastPath_objectWithoutIDIsLeftToTheFramework(t *testing.T) {
	withHarnessFor(t, exclusiveNoun, func(h *harness) {
		h.requireNoError(h.apply(values{"device_id": h.lock.ID}))
		f := newFastPath(h.seam.Transport(), func(context.Context, string, map[string]any) {})
		h.Server = f.Server
		config := h.Encode(h.ObjectValue(h.Schemas().Provider.ValueType(), h.ProviderConfig))
		if _, err := f.Server.ConfigureProvider(h.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil {
			h.t.Fatal(err)
		}
		fields := acctest.Attributes(h.State)
		fields["id"] = tftypes.NewValue(tftypes.String, nil)
		state := h.Encode(tftypes.NewValue(h.State.Type(), fields))
		if _, err := f.Server.ReadResource(h.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: exclusiveNoun, CurrentState: state}); err != nil {
			h.t.Fatal(err)
		}
		requireEqual(t, "calls left to the framework", f.PassedOn.Load(), int64(1))
	})
}
