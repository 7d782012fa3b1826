package seamtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"
)

var responseSchemas = sync.OnceValue(func() schemas { return compile("response") })

// client calls the fake the way any client of Seam does.
type client struct {
	t      *testing.T
	server *Server
	key    string
	// lenient allows answers that break the published contract on purpose.
	lenient bool
}

func newClient(t *testing.T, s *Server) *client {
	return &client{t: t, server: s, key: s.Workspace().APIKey}
}

type received struct {
	status int
	header http.Header
	body   []byte
}

func (c *client) send(path string, body any) (received, error) {
	c.t.Helper()
	return receive(&http.Client{Transport: c.server.Transport()}, c.request(c.t.Context(), memory+path, body))
}

// memory is the address of every fake that is reached without a network.
const memory = "http://seam.test"

func (c *client) request(ctx context.Context, url string, body any) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(encode(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("Content-Type", "application/json")
	return request
}

func receive(via *http.Client, request *http.Request) (received, error) {
	response, err := via.Do(request)
	if err != nil {
		return received{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return received{response.StatusCode, response.Header, body}, err
}

func (c *client) post(path string, body object) (int, object) {
	c.t.Helper()
	response, err := c.send(path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(response.body, &answer); err != nil {
		c.t.Fatalf("%s answered %d %q: %v", path, response.status, response.body, err)
	}
	if response.status == http.StatusOK && !c.lenient {
		if err := responseSchemas()[path].Validate(answer); err != nil {
			c.t.Errorf("%s breaks the contract: %v\n%s", path, err, response.body)
		}
	}
	return response.status, answer
}

func (c *client) ok(path string, body object) object {
	c.t.Helper()
	status, answer := c.post(path, body)
	if status != http.StatusOK {
		c.t.Fatalf("%s answered %d: %v", path, status, answer)
	}
	return answer
}

func (c *client) refused(path string, body object, status int, kind string) object {
	c.t.Helper()
	got, answer := c.post(path, body)
	failure := fields(answer, "error")
	if got != status || failure["type"] != kind {
		c.t.Fatalf("%s answered %d %v, want %d %s", path, got, answer, status, kind)
	}
	return failure
}

func (c *client) create(l *Lock, more object) string {
	c.t.Helper()
	body := object{"device_id": l.ID}
	maps.Copy(body, more)
	return text(c.ok("/access_codes/create", body), "access_code", "access_code_id")
}

func (c *client) get(id string) object {
	c.t.Helper()
	return fields(c.ok("/access_codes/get", object{"access_code_id": id}), "access_code")
}

func (c *client) missing(id string) {
	c.t.Helper()
	c.refused("/access_codes/get", object{"access_code_id": id}, http.StatusNotFound, "access_code_not_found")
}

func (c *client) unmanaged(l *Lock) []any {
	c.t.Helper()
	return entries(c.ok("/access_codes/unmanaged/list", object{"device_id": l.ID}), "access_codes")
}

// attempt returns the id of the attempt in the answer to a write.
func (c *client) attempt(path string, body object) string {
	c.t.Helper()
	return text(c.ok(path, body), "action_attempt", "action_attempt_id")
}

func (c *client) attemptStatus(id string) any {
	c.t.Helper()
	return in(c.ok("/action_attempts/get", object{"action_attempt_id": id}), "action_attempt", "status")
}

// in walks into an answer; what is not there is null.
func in(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(object)
			v = o[step]
		case int:
			list, _ := v.([]any)
			v = list[step]
		}
	}
	return v
}

func fields(v any, path ...any) object {
	o, _ := in(v, path...).(object)
	return o
}

func entries(v any, path ...any) []any {
	list, _ := in(v, path...).([]any)
	return list
}

func text(v any, path ...any) string {
	s, _ := in(v, path...).(string)
	return s
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func opens(t *testing.T, l *Lock, pin string, want bool) {
	t.Helper()
	if got := l.Opens(pin); got != want {
		t.Errorf("PIN %s opens the door: %v, want %v", pin, got, want)
	}
}

// manual is a clock that tests set.
type manual struct {
	mu  sync.Mutex
	now time.Time
}

func newManual() *manual { return &manual{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (m *manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *manual) advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// door is a fake with one lock, a clock and a client.
func door(t *testing.T) (*Server, *Lock, *client, *manual) {
	clock := newManual()
	s := New(WithClock(clock.Now))
	return s, s.AddLock("Front Door"), newClient(t, s), clock
}

func (m *manual) in(d time.Duration) string { return m.Now().Add(d).Format(time.RFC3339) }
