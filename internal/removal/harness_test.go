package removal

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	createPath = "/access_codes/create"
	deletePath = "/access_codes/delete"
	updatePath = "/access_codes/update"
)

// fixture is a Seam with codes on locks, and clients of it, in a synctest bubble. The codes are
// as a state knows them.
type fixture struct {
	*clienttest.Fixture
	codes []AccessCode
}

func withFixture(t *testing.T, locks, codesEach int, test func(*fixture)) {
	t.Helper()
	clienttest.Run(t, locks, codesEach, func(f *clienttest.Fixture) {
		e := &fixture{Fixture: f}
		for _, code := range f.Codes {
			e.codes = append(e.codes, AccessCode{ID: code.ID, DeviceID: code.DeviceID, PIN: code.PIN, CreatedAt: code.CreatedAt})
		}
		test(e)
	})
}

// fixtures gives each case of a table a fixture of its own.
func fixtures(locks, codesEach int) func(*testing.T, func(*fixture)) {
	return func(t *testing.T, test func(*fixture)) { withFixture(t, locks, codesEach, test) }
}

// client makes a client with the default of what config does not set.
func (e *fixture) client(config seam.Config) *seam.Client {
	e.T.Helper()
	config.APIKey, config.MaxRetries = e.Server.Workspace().APIKey, cmp.Or(config.MaxRetries, seam.DefaultMaxRetries)
	if config.Transport == nil {
		config.Transport = e.Server.Transport()
	}
	c, err := seam.New(config)
	clienttest.Must(e.T, err)
	return c
}

// createCode makes a code and returns what a state would know of it.
func (e *fixture) createCode(c *seam.Client, in seam.AccessCodeInput) AccessCode {
	e.T.Helper()
	code, err := c.CreateAccessCode(e.T.Context(), in)
	clienttest.Must(e.T, err)
	return AccessCode{ID: code.ID, DeviceID: code.DeviceID, PIN: *in.Code, CreatedAt: code.CreatedAt.Time}
}

// createMany puts codes on a lock, all at once, with PINs from base on.
func (e *fixture) createMany(c *seam.Client, lock *seamtest.Lock, n, base int) *sync.WaitGroup {
	return e.Parallel(n, func(i int) error {
		pin := fmt.Sprint(base + i)
		return clienttest.ErrorOf(c.CreateAccessCode(e.T.Context(), seam.AccessCodeInput{DeviceID: lock.ID, Code: &pin}))
	})
}

// eachCode does something with all codes at once.
func (e *fixture) eachCode(do func(context.Context, AccessCode) error) {
	e.T.Helper()
	e.Parallel(len(e.codes), func(i int) error { return do(e.T.Context(), e.codes[i]) }).Wait()
}

// options are those of a removal without any, with a timeout that is seldom reached.
func (e *fixture) options() Options {
	return Options{
		WorkspaceID: e.Server.Workspace().ID, Mode: Verified, Timeout: 10 * time.Minute, Save: func(Checkpoint) {},
		Warn: func(summary, detail string) { e.T.Logf("warning: %s: %s", summary, detail) },
	}
}

func (e *fixture) remove(ctx context.Context, c *seam.Client, code AccessCode) error {
	return RemoveAccessCode(ctx, c, code, e.options())
}

// mustRemove fails the test if the removal does.
func (e *fixture) mustRemove(c *seam.Client, code AccessCode) {
	e.T.Helper()
	if err := e.remove(e.T.Context(), c, code); err != nil {
		e.T.Error(err)
	}
}

// removeAll removes all codes at once.
func (e *fixture) removeAll(c *seam.Client) {
	e.T.Helper()
	e.eachCode(func(ctx context.Context, code AccessCode) error { return e.remove(ctx, c, code) })
}

func (e *fixture) read(c *seam.Client, code AccessCode) error {
	return clienttest.ErrorOf(ReadAccessCode(e.T.Context(), c, code, e.options()))
}

// update changes a code, and fails the test on a warning.
func (e *fixture) update(ctx context.Context, c *seam.Client, code AccessCode, in seam.AccessCodeInput) error {
	in.AccessCodeID = code.ID
	return clienttest.ErrorOf(UpdateAccessCode(ctx, c, AccessCodeUpdate{
		Input: in, DeviceID: code.DeviceID, WorkspaceID: e.Server.Workspace().ID, PIN: code.PIN, CreatedAt: code.CreatedAt,
		SaveCheckpoint: func(Checkpoint) {}, Warn: func(summary, detail string) { e.T.Errorf("%s: %s", summary, detail) },
	}))
}
