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

// recordingTransport records calls, and lets a test react to responses and drop them.
type recordingTransport struct {
	mu         sync.Mutex
	calls      []recordedCall
	onResponse map[string]func(result jsonObject)
	dropNext   map[string]bool
}

// recordedCall is one that was answered.
type recordedCall struct {
	path   string
	status int
	body   jsonObject
}

// afterResponse does something once a response from a path has come and before the client gets
// it.
func (w *recordingTransport) afterResponse(path string, do func(result jsonObject)) {
	w.onResponse[path] = do
}

// dropNextResponse cuts the connection after the next request to a path, which the server gets.
func (w *recordingTransport) dropNextResponse(path string) { w.dropNext = map[string]bool{path: true} }

// callsTo returns the calls to a path.
func (w *recordingTransport) callsTo(path string) (calls []recordedCall) {
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
func (w *recordingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
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
	c := recordedCall{path: req.URL.Path, status: res.StatusCode}
	_ = json.Unmarshal(raw, &c.body) // not every response is JSON
	w.calls = append(w.calls, c)
	if w.dropNext[c.path] {
		delete(w.dropNext, c.path)
		return nil, io.ErrUnexpectedEOF
	}
	if do := w.onResponse[c.path]; do != nil {
		do(c.body)
	}
	return res, nil
}
