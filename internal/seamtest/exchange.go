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

type object = map[string]any

// Request is an entry of the request log. Status is 0 while no answer was given.
type Request struct {
	Path        string
	Body        map[string]any
	Header      http.Header
	At          time.Time
	Status      int
	WorkspaceID string
}

// exchange is one request on its way through the fake.
type exchange struct {
	server    *Server
	request   *http.Request
	path      string
	id        string
	raw       []byte
	body      object
	malformed bool
	workspace *Workspace
	denied    error
	lock      *Lock
	entry     *Request
	busy      bool
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.control(w, r)
		return
	}
	x := &exchange{server: s, request: r, path: r.URL.Path, id: newID()}
	if err := x.read(); err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := x.arrive()
	defer x.depart()
	reply := x.perform(fault)
	x.send(w, reply, fault.Truncate)
}

func (x *exchange) read() (err error) {
	if x.raw, err = io.ReadAll(x.request.Body); err != nil || len(x.raw) == 0 {
		return err
	}
	x.malformed = json.Unmarshal(x.raw, &x.body) != nil
	return nil
}

// arrive logs the request and finds the fault planted for it.
func (x *exchange) arrive() Fault {
	s := x.server
	defer s.enter()()
	x.workspace, x.denied = s.authenticate(x.request)
	x.entry = &Request{Path: x.path, Body: x.body, Header: x.request.Header.Clone(), At: s.moment}
	if x.workspace != nil {
		x.entry.WorkspaceID = x.workspace.ID
	}
	s.requests = append(s.requests, x.entry)
	x.lock = s.lockOf(x.body)
	x.busy = s.begin(x)
	return s.faultFor(x)
}

func (x *exchange) depart() {
	defer x.server.enter()()
	x.server.end(x)
}

func (x *exchange) perform(f Fault) answer {
	x.wait(x.server.latency)
	if !f.DelayAfter {
		x.wait(f.Delay)
	}
	if f.Drop == DropBefore {
		panic(http.ErrAbortHandler)
	}
	var reply answer
	if !f.answers() || f.Processed {
		reply = x.process()
	}
	if f.DelayAfter {
		x.wait(f.Delay)
	}
	if f.Drop == DropAfter {
		panic(http.ErrAbortHandler)
	}
	return f.alter(x, reply)
}

// wait returns after d. A client that gives up in the meantime gets no answer.
func (x *exchange) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.request.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) process() answer {
	defer x.server.enter()()
	handle, known := routes[x.path]
	if !known || x.server.missing[x.path] {
		return raw(http.StatusNotFound, "text/html; charset=utf-8", "<html><body>Not Found</body></html>")
	}
	if x.malformed {
		return raw(http.StatusBadRequest, "text/plain; charset=utf-8", "Invalid JSON")
	}
	result, err := x.route(handle)
	if refused, ok := errors.AsType[*refusal](err); ok {
		return x.reply(refused.status, refused.envelope(x.id), refused.header)
	}
	reply := object{"ok": true}
	maps.Copy(reply, result)
	return x.reply(http.StatusOK, reply, nil)
}

func (x *exchange) route(handle handler) (object, error) {
	if x.path == "/health" {
		return nil, nil
	}
	if x.request.Method != http.MethodPost {
		return nil, refuse(http.StatusMethodNotAllowed, "method_not_allowed", "Only POST is served")
	}
	if x.denied != nil {
		return nil, x.denied
	}
	media, _, _ := mime.ParseMediaType(x.request.Header.Get("Content-Type"))
	if len(x.raw) > 0 && media != "application/json" {
		return nil, refuse(http.StatusBadRequest, "invalid_content_type", "The body must be application/json")
	}
	if err := validateRequest(x.path, x.body); err != nil {
		return nil, err
	}
	if err := x.admit(); err != nil {
		return nil, err
	}
	return handle(x)
}

// params decodes a validated body.
func params[T any](x *exchange) (p T) {
	if len(x.raw) == 0 {
		return p
	}
	if err := json.Unmarshal(x.raw, &p); err != nil {
		panic(err) // the schema promised otherwise
	}
	return p
}

// Requests returns the log of all requests so far, control requests excluded.
func (s *Server) Requests() []Request {
	defer s.enter()()
	all := make([]Request, len(s.requests))
	for i, r := range s.requests {
		all[i] = *r
	}
	return all
}

// Count tells how many requests a path had.
func (s *Server) Count(path string) (n int) {
	defer s.enter()()
	for _, r := range s.requests {
		if r.Path == path {
			n++
		}
	}
	return n
}

// ForgetRequests empties the request log.
func (s *Server) ForgetRequests() {
	defer s.enter()()
	s.requests = nil
}
