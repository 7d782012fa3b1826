package seam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const testKey = "seam_testCanary7KqRt2"

// newTestClient makes a client of anything that answers. Unlike [fixture.client] it repeats
// nothing unless config says so.
func newTestClient(t testing.TB, config Config, server http.RoundTripper) *Client {
	t.Helper()
	if config.APIKey == "" && config.PersonalAccessToken == "" {
		config.APIKey = testKey
	}
	config.Transport = server
	c, err := New(config)
	clienttest.Must(t, err)
	return c
}

// fixture is a Seam with codes on locks, and clients of it, in a synctest bubble.
type fixture struct{ *clienttest.Fixture }

func withFixture(t *testing.T, locks, codesEach int, test func(*fixture)) {
	t.Helper()
	clienttest.Run(t, locks, codesEach, func(f *clienttest.Fixture) { test(&fixture{f}) })
}

// fixtures gives each case of a table a fixture of its own, with one lock.
func fixtures(codes int) func(*testing.T, func(*fixture)) {
	return func(t *testing.T, test func(*fixture)) { withFixture(t, 1, codes, test) }
}

func (e *fixture) client(config Config) *Client {
	e.T.Helper()
	config.APIKey, config.MaxRetries = e.Server.Workspace().APIKey, DefaultMaxRetries
	return newTestClient(e.T, config, e.Server.Transport())
}

func (e *fixture) createCode(c *Client, in AccessCodeInput) AccessCode {
	e.T.Helper()
	code, err := c.CreateAccessCode(e.T.Context(), in)
	clienttest.Must(e.T, err)
	return code
}

// createMany puts codes on a lock, all at once, with PINs from base on.
func (e *fixture) createMany(c *Client, lock *seamtest.Lock, n, base int) *sync.WaitGroup {
	return e.Parallel(n, func(i int) error {
		pin := fmt.Sprint(base + i)
		return clienttest.ErrorOf(c.CreateAccessCode(e.T.Context(), AccessCodeInput{DeviceID: lock.ID, Code: &pin}))
	})
}

// readWith looks a code up as a refresh does, and fails if it is gone.
func readWith(ctx context.Context, c *Client, code seamtest.AccessCode) error {
	if err := c.RequireWorkspace(ctx, code.WorkspaceID); err != nil {
		return err
	}
	seen, err := c.LookUpAccessCode(ctx, code.ID, LookupOptions{DeviceID: code.DeviceID, MaxAge: MaxSnapshotAge})
	if err == nil && seen.Gone {
		err = errors.New("gone")
	}
	return err
}

// readAll reads all codes at once.
func (e *fixture) readAll(c *Client) {
	e.T.Helper()
	e.Parallel(len(e.Codes), func(i int) error { return readWith(e.T.Context(), c, e.Codes[i]) }).Wait()
}

const planned = `{"error":{"type":"planned","message":"Planned"},"ok":false}`

// status, retryLater and connection are how an exchange goes wrong.
func status(code int) http.RoundTripper {
	return clienttest.Answers{"": clienttest.JSON(code, planned)}
}

func retryLater(code int, after func() string) http.RoundTripper {
	return clienttest.Answer(func(*http.Request) clienttest.Response {
		res := clienttest.JSON(code, planned)
		res.Header["Retry-After"] = after()
		return res
	})
}

func connection(op string) http.RoundTripper {
	return clienttest.NoAnswer(func(*http.Request) error { return &net.OpError{Op: op, Net: "tcp", Err: io.ErrUnexpectedEOF} })
}

// faultyTransport fails requests to one path a number of times, then passes them on, and
// records when they came.
type faultyTransport struct {
	next  http.RoundTripper
	path  string
	times int // -1 is always
	fail  http.RoundTripper

	mu           sync.Mutex
	requestTimes []time.Time
}

func (o *faultyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != o.path {
		return o.next.RoundTrip(r)
	}
	o.mu.Lock()
	o.requestTimes = append(o.requestTimes, time.Now())
	fails := o.times < 0 || len(o.requestTimes) <= o.times
	o.mu.Unlock()
	if fails {
		return o.fail.RoundTrip(r)
	}
	return o.next.RoundTrip(r)
}

// gaps are the times between the requests.
func (o *faultyTransport) gaps() []time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	var gaps []time.Duration
	for i := range len(o.requestTimes) - 1 {
		gaps = append(gaps, o.requestTimes[i+1].Sub(o.requestTimes[i]))
	}
	return gaps
}

// clientThrough makes a client whose requests to the server pass through a faulty transport. It
// reads each code by itself.
func (e *fixture) clientThrough(maxRetries int, o *faultyTransport) *Client {
	e.T.Helper()
	o.next = e.Server.Transport()
	return newTestClient(e.T, Config{APIKey: e.Server.Workspace().APIKey, MaxRetries: maxRetries, DisableBulkReads: true}, o)
}
