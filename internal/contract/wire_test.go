//go:build contract

package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
)

// wire lies between a client and a server, where a test can listen and meddle.
type wire struct {
	mu    sync.Mutex
	calls []call
	then  map[string]func(answer object)
	cut   map[string]bool
}

// call is one that was answered.
type call struct {
	path   string
	status int
	body   object
}

// after does something once an answer from a path has come and before the client gets
// it.
func (w *wire) after(path string, do func(answer object)) {
	if w.then == nil {
		w.then = map[string]func(object){}
	}
	w.then[path] = do
}

// lose cuts the connection after the next request to a path, which the server gets.
func (w *wire) lose(path string) { w.cut = map[string]bool{path: true} }

// to returns the calls to a path.
func (w *wire) to(path string) (calls []call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c.path == path {
			calls = append(calls, c)
		}
	}
	return calls
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(raw))
	w.mu.Lock()
	defer w.mu.Unlock()
	c := call{path: req.URL.Path, status: res.StatusCode}
	_ = json.Unmarshal(raw, &c.body) // not every answer is JSON
	w.calls = append(w.calls, c)
	if w.cut[c.path] {
		delete(w.cut, c.path)
		return nil, io.ErrUnexpectedEOF
	}
	if do := w.then[c.path]; do != nil {
		do(c.body)
	}
	return res, nil
}
