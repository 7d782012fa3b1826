//go:build contract

package contract

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// server is one of the two fakes, with two locks.
type server struct {
	serverControls
	name       string
	endpoint   string
	key        string
	workspace  string
	foreignKey string // of another workspace
	lock       string // device ids
	otherLock  string
	system     string // an access system
	token      string // a personal access token for the workspace
	checked    map[deviation]bool
	pins       int // that were given out
}

// serverControls are the actions that have no API call, or a different one on each server.
type serverControls interface {
	// addUnmanagedAccessCode puts a code on the lock outside Seam and returns its id.
	addUnmanagedAccessCode(t *testing.T, pin string) string
	removeUnmanagedAccessCode(t *testing.T, id string)
	// delayRemoval keeps the attempt of the next removal pending for one poll.
	delayRemoval(t *testing.T, w *recordingTransport)
	// failRemoval ends the attempt of the next removal with an error of this type.
	failRemoval(t *testing.T, w *recordingTransport, kind string)
	// completeConnectWebview connects an account, as a person does on the page.
	completeConnectWebview(t *testing.T, id string)
	// failPath answers 503 on a path until restored.
	failPath(t *testing.T, path string) (restore func())
}

func startSeamtest(t *testing.T) *server {
	p := new(seamtestControls)
	seam := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(time.Duration(p.clockOffset.Load())) }))
	lock := seam.AddLock("Front Door")
	p.seam, p.lock = seam, lock
	return &server{
		serverControls: p, name: seamtestName, endpoint: seam.Start(t), key: seam.Workspace().APIKey,
		workspace: seam.Workspace().ID, foreignKey: seam.AddWorkspace("Other").APIKey,
		lock: lock.ID, otherLock: seam.AddLock("Back Door").ID, system: seam.AddAccessSystem("visionline_system").ID,
		token: seam.Workspace().PersonalAccessToken, checked: map[deviation]bool{},
	}
}

// seamtestControls controls our fake and its clock.
type seamtestControls struct {
	seam        *seamtest.Server
	lock        *seamtest.Lock
	clockOffset atomic.Int64
}

func (p *seamtestControls) addUnmanagedAccessCode(_ *testing.T, pin string) string {
	return p.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
}

func (p *seamtestControls) removeUnmanagedAccessCode(_ *testing.T, id string) {
	p.seam.RemoveUnmanagedAccessCode(id)
}

func (p *seamtestControls) delayRemoval(_ *testing.T, w *recordingTransport) {
	p.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
	w.afterResponse("/action_attempts/get", func(jsonObject) { p.clockOffset.Add(int64(time.Minute)) })
}

func (p *seamtestControls) failRemoval(_ *testing.T, _ *recordingTransport, kind string) {
	p.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: kind, Stays: true})
}

func (p *seamtestControls) completeConnectWebview(_ *testing.T, id string) {
	p.seam.CompleteConnectWebview(id)
}

func (p *seamtestControls) failPath(_ *testing.T, path string) (restore func()) {
	return p.seam.InjectFault(seamtest.Fault{Path: path, Status: http.StatusServiceUnavailable}).Remove
}

type jsonObject = map[string]any

// response is what came back, with a body only if that is a JSON object.
type response struct {
	status int
	json   bool
	body   jsonObject
}

func (a response) errorType() string { return stringAt(a.body, "error", "type") }

// post calls an endpoint without our client.
func (s *server) post(t *testing.T, path string, body jsonObject) response {
	t.Helper()
	return s.send(t, http.MethodPost, path, body)
}

// withKey is the same server with another key.
func (s *server) withKey(key string) *server {
	other := *s
	other.key = key
	return &other
}

func (s *server) send(t *testing.T, method, path string, body jsonObject) response {
	t.Helper()
	encoded, err := json.Marshal(body)
	clienttest.Must(t, err)
	if body == nil {
		encoded = nil
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.endpoint+path, bytes.NewReader(encoded))
	clienttest.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+s.key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	clienttest.Must(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	clienttest.Must(t, err)
	a := response{status: res.StatusCode}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	a.json = kind == "application/json" && json.Unmarshal(raw, &a.body) == nil
	return a
}

// ok calls an endpoint that must succeed.
func (s *server) ok(t *testing.T, path string, body jsonObject) jsonObject {
	t.Helper()
	a := s.post(t, path, body)
	if a.status != http.StatusOK || !a.json {
		t.Fatalf("%s answered %d %v", path, a.status, a.body)
	}
	return a.body
}

// wantError fails the test unless the response is Seam's error of this status and type.
func (s *server) wantError(t *testing.T, path string, body jsonObject, status int, kind string) {
	t.Helper()
	a := s.post(t, path, body)
	assertEqual(t, path+": status", a.status, status)
	assertEqual(t, path+": error type", a.errorType(), kind)
}

// wantStatus fails the test unless the response has the status that is expected of the server.
func (s *server) wantStatus(t *testing.T, d deviation, path string, body jsonObject, deviates, documented int) response {
	t.Helper()
	a := s.post(t, path, body)
	assertEqual(t, path+": status", a.status, expected(s, d, deviates, documented))
	return a
}

// wantErrorUnless fails the test unless the response is Seam's error, or a success on a server
// that deviates.
func (s *server) wantErrorUnless(t *testing.T, d deviation, path string, body jsonObject, status int, kind string) {
	t.Helper()
	a := s.wantStatus(t, d, path, body, http.StatusOK, status)
	assertEqual(t, path+": error type", a.errorType(), expected(s, d, "", kind))
}

// wantNotFound fails the test unless the server's own answer is that there is no such code.
func (s *server) wantNotFound(t *testing.T, id string) {
	t.Helper()
	s.wantError(t, "/access_codes/get", jsonObject{"access_code_id": id}, http.StatusNotFound, expected(s, getErrorTypeNotFound, "not_found", "access_code_not_found"))
}

// valueAt returns the value at a path in a response; nil if there is none.
func valueAt(v any, path ...string) any {
	for _, step := range path {
		o, _ := v.(jsonObject)
		v = o[step]
	}
	return v
}

func stringAt(v any, path ...string) string {
	s, _ := valueAt(v, path...).(string)
	return s
}

func listAt(v any, path ...string) []any {
	list, _ := valueAt(v, path...).([]any)
	return list
}

func assertEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
