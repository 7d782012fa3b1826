package provider

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type contextKey struct{}

// With thousands of codes, what each call leaves behind is what the process weighs.
func TestServer_callReleasesItsContext(t *testing.T) {
	server := NewServer("test")
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kind := schemas.ResourceSchemas["seam_access_code"].ValueType()
	none, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	func() {
		carried := new(int)
		runtime.AddCleanup(carried, func(done chan struct{}) { close(done) }, gone)
		ctx := context.WithValue(t.Context(), contextKey{}, carried)
		if _, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: "seam_access_code", PriorState: &none, ProposedNewState: &none, Config: &none}); err != nil {
			t.Fatal(err)
		}
	}()
	for deadline := time.After(10 * time.Second); ; {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-deadline:
			t.Fatal("what the call's context carried is still there")
		case <-time.After(time.Millisecond):
		}
	}
}
