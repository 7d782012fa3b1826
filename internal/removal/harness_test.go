package removal

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	createPath = "/access_codes/create"
	deletePath = "/access_codes/delete"
	updatePath = "/access_codes/update"
)

// fixture is a Seam with codes on locks, and clients of it, in a synctest bubble.
type fixture struct {
	t      *testing.T
	server *seamtest.Server
	locks  []*seamtest.Lock
	codes  []AccessCode
}

func withFixture(t *testing.T, locks, codesEach int, test func(*fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &fixture{t: t, server: seamtest.New(seamtest.WithLatency(100 * time.Millisecond))}
		creator := e.client(seam.Config{})
		for l := range locks {
			lock := e.server.AddLock(fmt.Sprint("Lock ", l))
			e.locks = append(e.locks, lock)
			for i := range codesEach {
				pin := fmt.Sprint(40817263 + i)
				e.codes = append(e.codes, e.createCode(creator, seam.AccessCodeInput{DeviceID: lock.ID, Code: &pin}))
			}
		}
		<-time.After(time.Hour)
		e.server.ResetRequests()
		test(e)
	})
}

func (e *fixture) client(config seam.Config) *seam.Client {
	e.t.Helper()
	config.MaxRetries = seam.DefaultMaxRetries
	return e.clientWith(config)
}

// clientWith leaves a transport and the number of repeats as they are.
func (e *fixture) clientWith(config seam.Config) *seam.Client {
	e.t.Helper()
	config.APIKey = e.server.Workspace().APIKey
	if config.Transport == nil {
		config.Transport = e.server.Transport()
	}
	c, err := seam.New(config)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

// createCode makes a code and returns what a state would know of it.
func (e *fixture) createCode(c *seam.Client, in seam.AccessCodeInput) AccessCode {
	e.t.Helper()
	code, err := c.CreateAccessCode(e.t.Context(), in)
	if err != nil {
		e.t.Fatal(err)
	}
	return AccessCode{ID: code.ID, DeviceID: code.DeviceID, PIN: *in.Code, CreatedAt: code.CreatedAt.Time}
}

// createMany puts codes on a lock, all at once, with PINs from base on.
func (e *fixture) createMany(c *seam.Client, lock *seamtest.Lock, n, base int) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			pin := fmt.Sprint(base + i)
			if _, err := c.CreateAccessCode(e.t.Context(), seam.AccessCodeInput{DeviceID: lock.ID, Code: &pin}); err != nil {
				e.t.Errorf("create %d: %v", i, err)
			}
		})
	}
	return &all
}

// onlyCode is the one code that there is.
func (e *fixture) onlyCode() seamtest.AccessCode {
	e.t.Helper()
	codes := e.server.AccessCodes()
	if len(codes) != 1 {
		e.t.Fatalf("%d codes on the lock, want exactly one", len(codes))
	}
	return codes[0]
}

// forEach does something with all codes at once.
func (e *fixture) forEach(do func(context.Context, AccessCode) error) {
	e.t.Helper()
	var all sync.WaitGroup
	for _, code := range e.codes {
		all.Go(func() {
			if err := do(e.t.Context(), code); err != nil {
				e.t.Errorf("access code %s: %v", code.ID, err)
			}
		})
	}
	all.Wait()
}

// options are those of a removal without any, with a timeout that is seldom reached.
func (e *fixture) options() Options {
	return Options{
		WorkspaceID: e.server.Workspace().ID, Mode: Verified, Timeout: 10 * time.Minute, Save: func(Checkpoint) {},
		Warn: func(summary, detail string) { e.t.Logf("warning: %s: %s", summary, detail) },
	}
}

func (e *fixture) remove(ctx context.Context, c *seam.Client, code AccessCode) error {
	return RemoveAccessCode(ctx, c, code, e.options())
}

// removeAll removes all codes at once.
func (e *fixture) removeAll(c *seam.Client) {
	e.t.Helper()
	e.forEach(func(ctx context.Context, code AccessCode) error { return e.remove(ctx, c, code) })
}

func (e *fixture) read(ctx context.Context, c *seam.Client, code AccessCode) error {
	_, err := ReadAccessCode(ctx, c, code, e.options())
	return err
}

// readAll reads all codes at once.
func (e *fixture) readAll(c *seam.Client) {
	e.t.Helper()
	e.forEach(func(ctx context.Context, code AccessCode) error { return e.read(ctx, c, code) })
}

// update changes a code, and fails the test on a warning.
func (e *fixture) update(ctx context.Context, c *seam.Client, code AccessCode, in seam.AccessCodeInput) error {
	in.AccessCodeID = code.ID
	_, err := UpdateAccessCode(ctx, c, AccessCodeUpdate{
		Input: in, DeviceID: code.DeviceID, WorkspaceID: e.server.Workspace().ID, PIN: code.PIN, CreatedAt: code.CreatedAt,
		SaveCheckpoint: func(Checkpoint) {}, Warn: func(summary, detail string) { e.t.Errorf("%s: %s", summary, detail) },
	})
	return err
}

func (e *fixture) injectFault(path string, times int, fault seamtest.Fault) {
	fault.Path, fault.Times = path, times
	e.server.InjectFault(fault)
}

func assertContains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, part := range wanted {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

// idOrTime are the digits that a text may hold: whole ids and times.
var idOrTime = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?\b`)

// assertNotContains looks beside the ids and times in a text: by chance, they may hold anything.
func assertNotContains(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	text = idOrTime.ReplaceAllString(text, "<id or time>")
	for _, part := range unwanted {
		if part != "" && strings.Contains(text, part) {
			t.Errorf("%q says %q", text, part)
		}
	}
}
