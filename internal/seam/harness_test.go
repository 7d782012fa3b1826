package seam

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const testKey = "seam_testCanary7KqRt2"

// roundTripFunc answers requests by itself, in place of a server.
type roundTripFunc func(*http.Request) (fakeResponse, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) {
	made, err := f(r)
	return made.response(), err
}

// fakeResponse is an answer that a test makes up.
type fakeResponse struct {
	status int
	header map[string]string
	body   io.Reader
}

func (f fakeResponse) response() *http.Response {
	if f.body == nil {
		return nil
	}
	res := &http.Response{StatusCode: f.status, Header: http.Header{}, Body: io.NopCloser(f.body)}
	for name, value := range f.header {
		res.Header.Set(name, value)
	}
	return res
}

func reply(status int, header map[string]string, body string) fakeResponse {
	return fakeResponse{status, header, strings.NewReader(body)}
}

func replyJSON(status int, body string) fakeResponse {
	return reply(status, map[string]string{"Content-Type": "application/json", "Seam-Request-Id": "req-1"}, body)
}

// newTestClient makes a client of anything that answers. Unlike [fixture.client] it repeats
// nothing unless config says so.
func newTestClient(t testing.TB, config Config, server http.RoundTripper) *Client {
	t.Helper()
	if config.APIKey == "" && config.PersonalAccessToken == "" {
		config.APIKey = testKey
	}
	config.Transport = server
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Failure is how an exchange goes wrong.
type failure func() (fakeResponse, error)

func status(code int) failure {
	return func() (fakeResponse, error) {
		return replyJSON(code, `{"error":{"type":"planned","message":"Planned"},"ok":false}`), nil
	}
}

func retryLater(code int, after func() string) failure {
	return func() (fakeResponse, error) {
		res, err := status(code)()
		res.header["Retry-After"] = after()
		return res, err
	}
}

func connection(op string) failure {
	return func() (fakeResponse, error) {
		return fakeResponse{}, &net.OpError{Op: op, Net: "tcp", Err: io.ErrUnexpectedEOF}
	}
}

// faultyTransport fails requests to one path a number of times, then passes them on, and
// records when they came.
type faultyTransport struct {
	next  http.RoundTripper
	path  string
	times int // -1 is always
	fail  failure

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
		made, err := o.fail()
		return made.response(), err
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

// clientThrough makes a client whose requests to the server pass through a faulty transport.
func (e *fixture) clientThrough(config Config, o *faultyTransport) *Client {
	e.t.Helper()
	o.next = e.server.Transport()
	config.APIKey = e.server.Workspace().APIKey
	return newTestClient(e.t, config, o)
}

func assertContains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, part := range wanted {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

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
