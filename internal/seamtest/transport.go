package seamtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// transport hands requests to the handler in the caller's goroutine.
type transport struct{ server *Server }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	rec := &recorder{header: http.Header{}}
	aborted := rec.serve(t.server, serverRequest(r))
	switch {
	case aborted && r.Context().Err() != nil:
		return nil, context.Cause(r.Context())
	case aborted && rec.status == 0:
		return nil, io.ErrUnexpectedEOF
	}
	return rec.response(r, aborted), nil
}

func serverRequest(r *http.Request) *http.Request {
	in := r.Clone(r.Context())
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return in
}

// recorder is the server's side of a connection.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

func (r *recorder) Flush() {}

// serve tells whether the handler cut the connection.
func (r *recorder) serve(handler http.Handler, in *http.Request) (aborted bool) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(p)
		}
	}()
	handler.ServeHTTP(r, in)
	return false
}

func (r *recorder) response(request *http.Request, truncated bool) *http.Response {
	var body io.Reader = &r.body
	length := int64(r.body.Len())
	if truncated {
		body, length = io.MultiReader(body, truncatedBody{}), -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: io.NopCloser(body), ContentLength: length, Request: request,
	}
}

type truncatedBody struct{}

func (truncatedBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
