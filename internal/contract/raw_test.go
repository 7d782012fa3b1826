//go:build contract

package contract

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"testing"
)

type object = map[string]any

// answer is what came back, with a body only if that is a JSON object.
type answer struct {
	status int
	json   bool
	body   object
}

func (a answer) errorType() string { return text(a.body, "error", "type") }

// post calls an endpoint as somebody who does not use our client.
func (s *server) post(t *testing.T, path string, body object) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, body)
}

// as is the same server with another key.
func (s *server) as(key string) *server {
	other := *s
	other.key = key
	return &other
}

func (s *server) send(t *testing.T, method, path string, body object) answer {
	t.Helper()
	encoded, err := json.Marshal(body)
	must(t, err)
	if body == nil {
		encoded = nil
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.endpoint+path, bytes.NewReader(encoded))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+s.key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	a := answer{status: res.StatusCode}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	a.json = kind == "application/json" && json.Unmarshal(raw, &a.body) == nil
	return a
}

// ok calls an endpoint that must not refuse.
func (s *server) ok(t *testing.T, path string, body object) object {
	t.Helper()
	a := s.post(t, path, body)
	if a.status != http.StatusOK || !a.json {
		t.Fatalf("%s answered %d %v", path, a.status, a.body)
	}
	return a.body
}

// refuses fails the test unless the answer is Seam's error of this status and type.
func (s *server) refuses(t *testing.T, path string, body object, status int, kind string) {
	t.Helper()
	a := s.post(t, path, body)
	equal(t, path+": status", a.status, status)
	equal(t, path+": error type", a.errorType(), kind)
}

// missing fails the test unless the server's own answer is that there is no such code.
func (s *server) missing(t *testing.T, id string) {
	t.Helper()
	s.refuses(t, "/access_codes/get", object{"access_code_id": id}, http.StatusNotFound, either(s, getSaysNotFound, "not_found", "access_code_not_found"))
}

// in walks into an answer; what is not there is nil.
func in(v any, path ...string) any {
	for _, step := range path {
		o, _ := v.(object)
		v = o[step]
	}
	return v
}

func text(v any, path ...string) string {
	s, _ := in(v, path...).(string)
	return s
}

func entries(v any, path ...string) []any {
	list, _ := in(v, path...).([]any)
	return list
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
