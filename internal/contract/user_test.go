//go:build contract

package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// user is somebody who works with a server through our client.
type user struct {
	*server
	t        *testing.T
	client   *seam.Client
	memory   seam.Memory // of removals
	warnings []string
	receipts string
}

const (
	removalTimeout = 20 * time.Second
	unknownID      = "00000000-0000-4000-8000-000000000000" // is one on both servers
)

func newUser(t *testing.T, s *server) *user {
	u := &user{server: s, t: t, receipts: filepath.Join(t.TempDir(), "receipts.jsonl")}
	u.connect(nil)
	return u
}

// config asks for each thing by itself, so that a case sees its own calls only. The cases
// through the provider share them, as users do.
func (u *user) config() seam.Config {
	return seam.Config{OneByOne: true, Endpoint: u.endpoint, APIKey: u.key, MaxRetries: 1, ReceiptsFile: u.receipts}
}

// connect starts a new client, over a wire if there is one.
func (u *user) connect(w *wire) {
	u.t.Helper()
	config := u.config()
	if w != nil {
		config.Transport = w
	}
	var err error
	u.client, err = seam.New(config)
	must(u.t, err)
}

// listen starts a new client whose calls can be seen.
func (u *user) listen() *wire {
	u.t.Helper()
	w := new(wire)
	u.connect(w)
	return w
}

// pin is one that nobody else has, with a leading zero.
func (s *server) pin() string {
	s.pins++
	return fmt.Sprintf("%07d", 700000+s.pins)
}

func (u *user) warn(summary, detail string) { u.warnings = append(u.warnings, summary+": "+detail) }

// create makes a code on the lock.
func (u *user) create(in seam.AccessCodeInput) seam.AccessCode {
	u.t.Helper()
	if in.DeviceID == "" {
		in.DeviceID = u.lock
	}
	code, err := u.client.CreateAccessCode(u.t.Context(), in)
	must(u.t, err)
	return code
}

// guest makes a code with a PIN of its own.
func (u *user) guest() seam.AccessCode {
	u.t.Helper()
	return u.create(seam.AccessCodeInput{Name: new("Guest"), Code: new(u.pin())})
}

// task is what is known of a code, as the state has it.
func (u *user) task(code seam.AccessCode) seam.Removal {
	return seam.Removal{
		AccessCodeID: code.ID, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, Mode: seam.Verified, PIN: code.Code,
		CreatedAt: code.CreatedAt.Time, EndsAt: code.EndsAt.Time, Timeout: removalTimeout,
		Memory: u.memory, Remember: func(m seam.Memory) { u.memory = m }, Warn: u.warn,
	}
}

func (u *user) read(code seam.AccessCode) (seam.AccessCode, error) {
	return u.client.ReadAccessCode(u.t.Context(), u.task(code))
}

func (u *user) mustRead(code seam.AccessCode) seam.AccessCode {
	u.t.Helper()
	now, err := u.read(code)
	must(u.t, err)
	return now
}

func (u *user) remove(code seam.AccessCode) error {
	return u.client.RemoveAccessCode(u.t.Context(), u.task(code))
}

func (u *user) change(code seam.AccessCode, in seam.AccessCodeInput) (seam.AccessCode, error) {
	in.AccessCodeID = code.ID
	return u.client.ChangeAccessCode(u.t.Context(), seam.Change{
		Input: in, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, PIN: code.Code,
		StartsAt: code.StartsAt.Time, EndsAt: code.EndsAt.Time, CreatedAt: code.CreatedAt.Time,
		Remember: func(seam.Memory) {}, Warn: u.warn,
	})
}

// mustChange also fails on a warning.
func (u *user) mustChange(code seam.AccessCode, in seam.AccessCodeInput) seam.AccessCode {
	u.t.Helper()
	after, err := u.change(code, in)
	must(u.t, err)
	u.quiet()
	return after
}

// quiet fails the test if there were warnings.
func (u *user) quiet() {
	u.t.Helper()
	if len(u.warnings) > 0 {
		u.t.Errorf("unexpected warnings: %q", u.warnings)
	}
}

// recorded reports whether there is any receipt.
func (u *user) recorded() bool {
	raw, err := os.ReadFile(u.receipts)
	must(u.t, err)
	return len(raw) > 0
}

// receipt is the last one written.
func (u *user) receipt() (last seam.Receipt) {
	u.t.Helper()
	raw, err := os.ReadFile(u.receipts)
	must(u.t, err)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	must(u.t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	return last
}

// without fails the test if a text holds a PIN.
func without(t *testing.T, pin, said string) {
	t.Helper()
	if strings.Contains(said, pin) {
		t.Errorf("the PIN is told: %s", said)
	}
}

// saying fails the test unless a text says all of this.
func saying(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not said in: %s", part, said)
		}
	}
}

// message is what an error says; a missing one says so.
func message(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}
