package seamtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

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

type clientResponse struct {
	status int
	header http.Header
	body   []byte
}

func (r clientResponse) decode(t *testing.T) (body jsonObject) {
	t.Helper()
	if err := json.Unmarshal(r.body, &body); err != nil {
		t.Fatalf("the answer is %d %q: %v", r.status, r.body, err)
	}
	return body
}

func (c *client) send(path string, body any) clientResponse {
	c.t.Helper()
	response, err := do(&http.Client{Transport: c.server.Transport()}, c.request(c.t.Context(), inProcessURL+path, body))
	if err != nil {
		c.t.Fatal(err)
	}
	return response
}

// inProcessURL is the address of every fake that is reached without a network.
const inProcessURL = "http://seam.test"

func (c *client) request(ctx context.Context, url string, body any) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(encodeJSON(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("Content-Type", "application/json")
	return request
}

func do(httpClient *http.Client, request *http.Request) (clientResponse, error) {
	response, err := httpClient.Do(request)
	if err != nil {
		return clientResponse{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return clientResponse{response.StatusCode, response.Header, body}, err
}

func (c *client) post(path string, body jsonObject) (int, jsonObject) {
	c.t.Helper()
	response := c.send(path, body)
	result := response.decode(c.t)
	if response.status == http.StatusOK && !c.lenient {
		if err := responseSchemas()[path].Validate(result); err != nil {
			c.t.Errorf("%s breaks the contract: %v\n%s", path, err, response.body)
		}
	}
	return response.status, result
}

func (c *client) ok(path string, body jsonObject) jsonObject {
	c.t.Helper()
	status, result := c.post(path, body)
	if status != http.StatusOK {
		c.t.Fatalf("%s answered %d: %v", path, status, result)
	}
	return result
}

func (c *client) wantError(path string, body jsonObject, status int, kind string) jsonObject {
	c.t.Helper()
	got, result := c.post(path, body)
	failure := objectAt(result, "error")
	if got != status || failure["type"] != kind {
		c.t.Fatalf("%s answered %d %v, want %d %s", path, got, result, status, kind)
	}
	return failure
}

func (c *client) create(l *Lock, more jsonObject) string {
	c.t.Helper()
	body := jsonObject{"device_id": l.ID}
	maps.Copy(body, more)
	return stringAt(c.ok("/access_codes/create", body), "access_code.access_code_id")
}

func (c *client) get(id string) jsonObject {
	c.t.Helper()
	return objectAt(c.ok("/access_codes/get", jsonObject{"access_code_id": id}), "access_code")
}

// wantMissing fails the test unless each path answers that there is no such object.
func (c *client) wantMissing(noun string, body jsonObject, paths ...string) {
	c.t.Helper()
	for _, path := range paths {
		c.wantError(path, body, http.StatusNotFound, noun+"_not_found")
	}
}

func (c *client) wantNotFound(id string) {
	c.t.Helper()
	c.wantMissing("access_code", jsonObject{"access_code_id": id}, "/access_codes/get")
}

// wantInvalid fails the test unless each body is refused.
func (c *client) wantInvalid(path string, bodies ...jsonObject) {
	c.t.Helper()
	for _, body := range bodies {
		c.wantError(path, body, http.StatusBadRequest, "invalid_input")
	}
}

func (c *client) unmanaged(l *Lock) []any {
	c.t.Helper()
	return c.list("/access_codes/unmanaged/list", jsonObject{"device_id": l.ID})
}

// list is what a path lists.
func (c *client) list(path string, filter jsonObject) []any {
	c.t.Helper()
	for _, field := range c.ok(path, filter) {
		if list, ok := field.([]any); ok {
			return list
		}
	}
	return nil
}

func (c *client) wantListed(path string, filter jsonObject, count int) {
	c.t.Helper()
	if shown := len(c.list(path, filter)); shown != count {
		c.t.Errorf("%s %v shows %d, want %d", path, filter, shown, count)
	}
}

// wantEvents fails the test unless there were that many events of a type since the year 2000.
func (c *client) wantEvents(kind string, filter jsonObject, count int) {
	c.t.Helper()
	all := jsonObject{"since": "2000-01-01T00:00:00Z", "event_type": kind}
	maps.Copy(all, filter)
	c.wantListed("/events/list", all, count)
}

// attempt returns the id of the attempt in the response to a write.
func (c *client) attempt(path string, body jsonObject) string {
	c.t.Helper()
	return stringAt(c.ok(path, body), "action_attempt.action_attempt_id")
}

func (c *client) attemptStatus(id string) any {
	c.t.Helper()
	return valueAt(c.ok("/action_attempts/get", jsonObject{"action_attempt_id": id}), "action_attempt.status")
}

// valueAt is what is at a path like "warnings.0.warning_code", or null. "warnings.#" is a length.
func valueAt(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		object, _ := v.(jsonObject)
		list, _ := v.([]any)
		i, err := strconv.Atoi(step)
		switch {
		case step == "#":
			v = len(object) + len(list)
		case err == nil && i < len(list):
			v = list[i]
		default:
			v = object[step]
		}
	}
	return v
}

func objectAt(v any, path string) jsonObject {
	o, _ := valueAt(v, path).(jsonObject)
	return o
}

func listAt(v any, path string) []any {
	list, _ := valueAt(v, path).([]any)
	return list
}

func stringAt(v any, path string) string {
	s, _ := valueAt(v, path).(string)
	return s
}

func assertEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// assertShows fails the test unless an object has these values at these paths.
func assertShows(t *testing.T, object any, want jsonObject) {
	t.Helper()
	for path, value := range want {
		if got := valueAt(object, path); got != value {
			t.Errorf("%s is %v, want %v", path, got, value)
		}
	}
}

func assertContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not contain %q", text, part)
		}
	}
}

func assertOpens(t *testing.T, l *Lock, pin string, want bool) {
	t.Helper()
	if got := l.Opens(pin); got != want {
		t.Errorf("PIN %s opens the door: %v, want %v", pin, got, want)
	}
}

func forEach[C any](t *testing.T, cases map[string]C, test func(*testing.T, C)) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

// manualClock is a clock that tests set.
type manualClock struct{ nanoseconds atomic.Int64 }

func (m *manualClock) Now() time.Time { return time.Unix(0, m.nanoseconds.Load()).UTC() }

func (m *manualClock) advance(d time.Duration) { m.nanoseconds.Add(int64(d)) }

// setup is a fake with one lock, a clock and a client.
func setup(t *testing.T) (*Server, *Lock, *client, *manualClock) {
	clock := &manualClock{}
	clock.nanoseconds.Store(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixNano())
	s := New(WithClock(clock.Now))
	return s, s.AddLock("Front Door"), newClient(t, s), clock
}

func (m *manualClock) timestampIn(d time.Duration) string { return m.Now().Add(d).Format(time.RFC3339) }
