//go:build contract

package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// clientHarness runs cases against a server through our client.
type clientHarness struct {
	*server
	t          *testing.T
	client     *seam.Client
	checkpoint removal.Checkpoint // of removals
	warnings   []string
	receipts   string
}

const (
	removalTimeout = 20 * time.Second
	unknownID      = "00000000-0000-4000-8000-000000000000" // is one on both servers
)

func newClientHarness(t *testing.T, s *server) *clientHarness {
	h := &clientHarness{server: s, t: t, receipts: filepath.Join(t.TempDir(), "receipts.jsonl")}
	h.connect(nil)
	return h
}

// config asks for each thing by itself, so that a case sees its own calls only. The cases
// through the provider share them, as users do.
func (h *clientHarness) config() seam.Config {
	return seam.Config{DisableBulkReads: true, Endpoint: h.endpoint, APIKey: h.key, MaxRetries: 1, ReceiptsFile: h.receipts}
}

// connect starts a new client, over a transport if there is one.
func (h *clientHarness) connect(transport http.RoundTripper) {
	h.t.Helper()
	config := h.config()
	config.Transport = transport
	var err error
	h.client, err = seam.New(config)
	clienttest.Must(h.t, err)
}

// recordCalls starts a new client whose calls are recorded.
func (h *clientHarness) recordCalls() *recordingTransport {
	h.t.Helper()
	w := &recordingTransport{onResponse: map[string]func(jsonObject){}}
	h.connect(w)
	return w
}

// pin returns a unique PIN with a leading zero.
func (s *server) pin() string {
	s.pins++
	return fmt.Sprintf("%07d", 700000+s.pins)
}

func (h *clientHarness) warn(summary, detail string) {
	h.warnings = append(h.warnings, summary+": "+detail)
}

// create makes a code on the lock.
func (h *clientHarness) create(in seam.AccessCodeInput) seam.AccessCode {
	h.t.Helper()
	if in.DeviceID == "" {
		in.DeviceID = h.lock
	}
	code, err := h.client.CreateAccessCode(h.t.Context(), in)
	clienttest.Must(h.t, err)
	return code
}

// createGuest makes a code with a PIN of its own.
func (h *clientHarness) createGuest() seam.AccessCode {
	h.t.Helper()
	return h.create(seam.AccessCodeInput{Name: new("Guest"), Code: new(h.pin())})
}

// known returns a code as a state would have it.
func known(code seam.AccessCode) removal.AccessCode {
	return removal.AccessCode{ID: code.ID, DeviceID: code.DeviceID, PIN: code.Code, CreatedAt: code.CreatedAt.Time, EndsAt: code.EndsAt.Time}
}

// options are those of the removal of a code.
func (h *clientHarness) options(code seam.AccessCode) removal.Options {
	return removal.Options{
		WorkspaceID: code.WorkspaceID, Mode: removal.Verified, Timeout: removalTimeout,
		Checkpoint: h.checkpoint, Save: func(m removal.Checkpoint) { h.checkpoint = m }, Warn: h.warn,
	}
}

func (h *clientHarness) read(code seam.AccessCode) (seam.AccessCode, error) {
	return removal.ReadAccessCode(h.t.Context(), h.client, known(code), h.options(code))
}

func (h *clientHarness) mustRead(code seam.AccessCode) seam.AccessCode {
	h.t.Helper()
	now, err := h.read(code)
	clienttest.Must(h.t, err)
	return now
}

func (h *clientHarness) remove(code seam.AccessCode) error {
	return removal.RemoveAccessCode(h.t.Context(), h.client, known(code), h.options(code))
}

func (h *clientHarness) change(code seam.AccessCode, in seam.AccessCodeInput) (seam.AccessCode, error) {
	in.AccessCodeID = code.ID
	return removal.UpdateAccessCode(h.t.Context(), h.client, removal.AccessCodeUpdate{
		Input: in, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, PIN: code.Code,
		StartsAt: code.StartsAt.Time, EndsAt: code.EndsAt.Time, CreatedAt: code.CreatedAt.Time,
		SaveCheckpoint: func(removal.Checkpoint) {}, Warn: h.warn,
	})
}

// mustChange also fails on a warning.
func (h *clientHarness) mustChange(code seam.AccessCode, in seam.AccessCodeInput) seam.AccessCode {
	h.t.Helper()
	after, err := h.change(code, in)
	clienttest.Must(h.t, err)
	h.assertNoWarnings()
	return after
}

// assertNoWarnings fails the test if there were warnings.
func (h *clientHarness) assertNoWarnings() {
	h.t.Helper()
	if len(h.warnings) > 0 {
		h.t.Errorf("unexpected warnings: %q", h.warnings)
	}
}

// lastReceipt is the last one written; nil if there is none.
func (h *clientHarness) lastReceipt() (last *removal.Receipt) {
	h.t.Helper()
	raw, err := os.ReadFile(h.receipts)
	clienttest.Must(h.t, err)
	for line := range strings.Lines(string(raw)) {
		last = new(removal.Receipt)
		clienttest.Must(h.t, json.Unmarshal([]byte(line), last))
	}
	return last
}
