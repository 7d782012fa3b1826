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

// responder answers requests by itself, in place of a server.
type responder func(*http.Request) (fake, error)

func (f responder) RoundTrip(r *http.Request) (*http.Response, error) {
	made, err := f(r)
	return made.response(), err
}

// fake is an answer that a test makes up.
type fake struct {
	status int
	header map[string]string
	body   io.Reader
}

func (f fake) response() *http.Response {
	if f.body == nil {
		return nil
	}
	res := &http.Response{StatusCode: f.status, Header: http.Header{}, Body: io.NopCloser(f.body)}
	for name, value := range f.header {
		res.Header.Set(name, value)
	}
	return res
}

func reply(status int, header map[string]string, body string) fake {
	return fake{status, header, strings.NewReader(body)}
}

func replyJSON(status int, body string) fake {
	return reply(status, map[string]string{"Content-Type": "application/json", "Seam-Request-Id": "req-1"}, body)
}

// clientOf makes a client of anything that answers. Unlike [estate.client] it repeats
// nothing unless config says so.
func clientOf(t testing.TB, config Config, server http.RoundTripper) *Client {
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

// failure is how an exchange goes wrong.
type failure func() (fake, error)

func status(code int) failure {
	return func() (fake, error) {
		return replyJSON(code, `{"error":{"type":"planned","message":"Planned"},"ok":false}`), nil
	}
}

func retryLater(code int, after func() string) failure {
	return func() (fake, error) {
		res, err := status(code)()
		res.header["Retry-After"] = after()
		return res, err
	}
}

func connection(op string) failure {
	return func() (fake, error) {
		return fake{}, &net.OpError{Op: op, Net: "tcp", Err: io.ErrUnexpectedEOF}
	}
}

// obstacle is in front of one path of a server: it fails a number of times, then lets
// through, and keeps when it was reached.
type obstacle struct {
	next  http.RoundTripper
	path  string
	times int // -1 is always
	fail  failure

	mu      sync.Mutex
	reached []time.Time
}

func (o *obstacle) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != o.path {
		return o.next.RoundTrip(r)
	}
	o.mu.Lock()
	o.reached = append(o.reached, time.Now())
	struck := o.times < 0 || len(o.reached) <= o.times
	o.mu.Unlock()
	if struck {
		made, err := o.fail()
		return made.response(), err
	}
	return o.next.RoundTrip(r)
}

// gaps are the times between the moments when it was reached.
func (o *obstacle) gaps() []time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	var gaps []time.Duration
	for i := range len(o.reached) - 1 {
		gaps = append(gaps, o.reached[i+1].Sub(o.reached[i]))
	}
	return gaps
}

// facing makes a client that meets an obstacle on its way to the estate.
func (e *estate) facing(config Config, o *obstacle) *Client {
	e.t.Helper()
	o.next = e.seam.Transport()
	config.APIKey = e.seam.Workspace().APIKey
	return clientOf(e.t, config, o)
}

// silent removes what a test of removals wants to see by itself.
func (e *estate) silent(task Removal) Removal {
	task.Warn = func(string, string) {}
	return task
}

func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, part := range wanted {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

// hasNot looks beside the ids and times in a text: by chance, they may hold anything.
func hasNot(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	text = allowed.ReplaceAllString(text, "<id or time>")
	for _, part := range unwanted {
		if part != "" && strings.Contains(text, part) {
			t.Errorf("%q says %q", text, part)
		}
	}
}
