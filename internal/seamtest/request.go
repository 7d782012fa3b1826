package seamtest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"strings"
	"time"
)

type jsonObject = map[string]any

// Request is an entry of the request log. Status is 0 until there is a response.
type Request struct {
	Path        string
	Body        map[string]any
	Header      http.Header
	At          time.Time
	Status      int
	WorkspaceID string
}

// apiCall is one request in progress.
type apiCall struct {
	server    *Server
	request   *http.Request
	path      string
	requestID string
	rawBody   []byte
	body      jsonObject
	malformed bool
	workspace *Workspace
	authErr   error
	lock      *Lock
	logEntry  *Request
	overlaps  bool
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.serveControlAPI(w, r)
		return
	}
	call := &apiCall{server: s, request: r, path: r.URL.Path, requestID: newID()}
	if err := call.readBody(); err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := call.start()
	defer call.finish()
	reply := call.respond(fault)
	call.write(w, reply, fault.Truncate)
}

func (call *apiCall) readBody() (err error) {
	if call.rawBody, err = io.ReadAll(call.request.Body); err != nil || len(call.rawBody) == 0 {
		return err
	}
	call.malformed = json.Unmarshal(call.rawBody, &call.body) != nil
	return nil
}

// start logs the request and finds the fault injected for it.
func (call *apiCall) start() Fault {
	s := call.server
	defer s.lockAndAdvance()()
	call.workspace, call.authErr = s.authenticate(call.request)
	call.logEntry = &Request{Path: call.path, Body: call.body, Header: call.request.Header.Clone(), At: s.now}
	if call.workspace != nil {
		call.logEntry.WorkspaceID = call.workspace.ID
	}
	s.requests = append(s.requests, call.logEntry)
	call.lock = s.lockOf(call.body)
	call.overlaps = s.beginRequest(call)
	return s.matchFault(call)
}

func (call *apiCall) finish() {
	defer call.server.lockAndAdvance()()
	call.server.endRequest(call)
}

func (call *apiCall) respond(f Fault) response {
	call.sleep(call.server.latency)
	if !f.DelayAfter {
		call.sleep(f.Delay)
	}
	if f.Drop == DropBefore {
		panic(http.ErrAbortHandler)
	}
	var reply response
	if !f.hasResponse() || f.Processed {
		reply = call.dispatch()
	}
	if f.DelayAfter {
		call.sleep(f.Delay)
	}
	if f.Drop == DropAfter {
		panic(http.ErrAbortHandler)
	}
	return f.apply(call, reply)
}

// sleep returns after d. A client that gives up in the meantime gets no answer.
func (call *apiCall) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-call.request.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

func (call *apiCall) dispatch() response {
	defer call.server.lockAndAdvance()()
	handle, known := call.server.route(call.path)
	if !known || call.server.removedRoutes[call.path] {
		return rawResponse(http.StatusNotFound, "text/html; charset=utf-8", "<html><body>Not Found</body></html>")
	}
	if call.malformed {
		return rawResponse(http.StatusBadRequest, "text/plain; charset=utf-8", "Invalid JSON")
	}
	result, err := call.handle(handle)
	if refused, ok := errors.AsType[*apiError](err); ok {
		return call.jsonResponse(refused.status, refused.envelope(call.requestID), refused.header)
	}
	reply := jsonObject{"ok": true}
	maps.Copy(reply, result)
	return call.jsonResponse(http.StatusOK, reply, nil)
}

func (call *apiCall) handle(handle handler) (jsonObject, error) {
	if call.path == "/health" {
		return nil, nil
	}
	if call.request.Method != http.MethodPost {
		return nil, newAPIError(http.StatusMethodNotAllowed, "method_not_allowed", "Only POST is served")
	}
	if call.authErr != nil {
		return nil, call.authErr
	}
	media, _, _ := mime.ParseMediaType(call.request.Header.Get("Content-Type"))
	if len(call.rawBody) > 0 && media != "application/json" {
		return nil, newAPIError(http.StatusBadRequest, "invalid_content_type", "The body must be application/json")
	}
	if err := validateRequest(call.path, call.body); err != nil {
		return nil, err
	}
	if err := call.checkRateLimit(); err != nil {
		return nil, err
	}
	return handle(call)
}

// params decodes a validated body.
func params[T any](call *apiCall) (p T) {
	if len(call.rawBody) == 0 {
		return p
	}
	if err := json.Unmarshal(call.rawBody, &p); err != nil {
		panic(err) // the schema promised otherwise
	}
	return p
}

// Requests returns the log of all requests so far, control requests excluded.
func (s *Server) Requests() []Request {
	defer s.lockAndAdvance()()
	all := make([]Request, len(s.requests))
	for i, r := range s.requests {
		all[i] = *r
	}
	return all
}

// Count returns the number of requests to a path.
func (s *Server) Count(path string) (n int) {
	defer s.lockAndAdvance()()
	for _, r := range s.requests {
		if r.Path == path {
			n++
		}
	}
	return n
}

// ResetRequests empties the request log.
func (s *Server) ResetRequests() {
	defer s.lockAndAdvance()()
	s.requests = nil
}
