package acctest

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// NewServer makes a protocol server of the provider under test, which reaches Seam through this
// transport.
type NewServer func(http.RoundTripper, Log) tfprotov6.ProviderServer

// Harness is a Terraform that keeps one object, and a fake Seam with one lock.
type Harness struct {
	*Terraform
	Seam *seamtest.Server
	Lock *seamtest.Lock
}

// Run runs a test with a harness of its own, in no time: in a synctest bubble. Config is the
// provider's configuration besides the API key.
func Run(t *testing.T, newServer NewServer, typeName string, config map[string]any, test func(*Harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seamtest.New()
		test(New(t, newServer, typeName, config, server, server.AddLock("Front Door")))
	})
}

// New makes a harness on a Seam that others may use as well.
func New(t *testing.T, newServer NewServer, typeName string, config map[string]any, server *seamtest.Server, lock *seamtest.Lock) *Harness {
	t.Helper()
	start := func(log Log) tfprotov6.ProviderServer { return newServer(server.Transport(), log) }
	h := &Harness{&Terraform{T: t, TypeName: typeName, NewServer: start}, server, lock}
	h.ProviderConfig = Values{"api_key": server.Workspace().APIKey}.With(config)
	h.Start()
	return h
}

// Call sends a request to Seam past Terraform, and returns the answer.
func (h *Harness) Call(path string, body map[string]any) map[string]any {
	h.T.Helper()
	var answer map[string]any
	h.Must(json.Unmarshal(clienttest.Post(h.T, h.Seam, path, body), &answer))
	return answer
}

// RequireRequests fails the test unless Seam was asked this often.
func (h *Harness) RequireRequests(path string, times int) {
	h.T.Helper()
	if n := h.Seam.Count(path); n != times {
		h.T.Errorf("%d calls of %s, want %d", n, path, times)
	}
}
