package clienttest

import (
	"io"
	"net/http"
	"strings"
)

// Response is an answer that a test makes up.
type Response struct {
	Status int
	Header map[string]string
	Body   string
	Stream io.Reader // in place of Body
}

// Typed is a response with a content type; with none if that is empty.
func Typed(status int, contentType, body string) Response {
	return Response{Status: status, Header: map[string]string{"Content-Type": contentType}, Body: body}
}

// JSON is an answer as Seam gives it.
func JSON(status int, body string) Response {
	return Response{Status: status, Body: body, Header: map[string]string{"Content-Type": "application/json", "Seam-Request-Id": "req-1"}}
}

// HTTP is the answer as a client gets it.
func (r Response) HTTP() *http.Response {
	body := r.Stream
	if body == nil {
		body = strings.NewReader(r.Body)
	}
	res := &http.Response{StatusCode: r.Status, Header: http.Header{}, Body: io.NopCloser(body)}
	for name, value := range r.Header {
		res.Header.Set(name, value)
	}
	return res
}

// Answer answers requests by itself, in place of a server.
type Answer func(*http.Request) Response

// RoundTrip implements http.RoundTripper.
func (a Answer) RoundTrip(r *http.Request) (*http.Response, error) { return a(r).HTTP(), nil }

// Answers are those to the requests to each path; those to all other paths get that of "".
type Answers map[string]Response

// RoundTrip implements http.RoundTripper.
func (a Answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if res, set := a[r.URL.Path]; set {
		return res.HTTP(), nil
	}
	return a[""].HTTP(), nil
}

// Recorder gives every request the same response, and keeps the requests. It serves one caller
// at a time.
type Recorder struct {
	Response
	Requests []*http.Request
	Bodies   []string
}

// RoundTrip implements http.RoundTripper.
func (s *Recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	s.Requests, s.Bodies = append(s.Requests, r), append(s.Bodies, string(sent))
	return s.HTTP(), err
}

// NoAnswer is a connection that fails.
type NoAnswer func(*http.Request) error

// RoundTrip implements http.RoundTripper.
func (n NoAnswer) RoundTrip(r *http.Request) (*http.Response, error) { return nil, n(r) }
