package seamtest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Drop says when a connection is cut.
type Drop int

// A connection can be cut never, before the request is processed, or after it.
const (
	NoDrop Drop = iota
	DropBefore
	DropAfter
)

// Fault is a fault in requests to a path. Its parts combine: a Fault with only a Delay
// gives the real response, late.
type Fault struct {
	// Path is the route; empty means every route.
	Path string
	// Skip is the number of matching requests that pass before the fault applies.
	Skip int
	// Times limits how often the fault is applied; 0 is no limit.
	Times int
	// Match narrows the fault to some bodies.
	Match func(body map[string]any) bool

	// Status alone gives a raw response with ContentType, Body and Header, without a request id.
	Status            int
	ContentType, Body string
	// Header is added to the response. A nil value removes a header such as Date.
	Header http.Header
	// Type gives Seam's error envelope instead; Status is then 400 unless set.
	Type, Message string
	// Processed executes the request before Status or Type is returned.
	Processed bool

	// Drop cuts the connection.
	Drop Drop
	// Truncate sends half of the body, then cuts the connection.
	Truncate bool
	// Delay delays the request, or with DelayAfter the response.
	Delay      time.Duration
	DelayAfter bool
	// Replace rewrites the response.
	Replace func(status int, body []byte) (int, []byte)
}

// HTML404 is a web server's 404 page instead of a response of Seam's API.
func HTML404(path string) Fault {
	return Fault{
		Path: path, Status: http.StatusNotFound, ContentType: "text/html; charset=utf-8",
		Body: "<html><head><title>404 Not Found</title></head><body>nginx</body></html>",
	}
}

// Empty404 is a 404 without a body.
func Empty404(path string) Fault {
	return Fault{Path: path, Status: http.StatusNotFound}
}

// InjectedFault is a fault that was injected.
type InjectedFault struct {
	server        *Server
	fault         Fault
	matched, hits int
}

// InjectFault injects a fault. If several match a request, the first one injected applies.
func (s *Server) InjectFault(f Fault) *InjectedFault {
	defer s.lockAndAdvance()()
	p := &InjectedFault{server: s, fault: f}
	s.faults = append(s.faults, p)
	return p
}

// Hits returns how often the fault was applied.
func (p *InjectedFault) Hits() int {
	defer p.server.lockAndAdvance()()
	return p.hits
}

// Remove ends the fault.
func (p *InjectedFault) Remove() {
	defer p.server.lockAndAdvance()()
	p.server.faults = slices.DeleteFunc(p.server.faults, func(have *InjectedFault) bool { return have == p })
}

func (s *Server) matchFault(call *apiCall) (fault Fault) {
	found := false
	for _, p := range s.faults {
		if p.matches(call) && !found {
			p.hits++
			fault, found = p.fault, true
		}
	}
	return fault
}

func (p *InjectedFault) matches(call *apiCall) bool {
	f := p.fault
	if f.Path != "" && f.Path != call.path || f.Match != nil && !f.Match(call.body) {
		return false
	}
	p.matched++
	return p.matched > f.Skip && (f.Times == 0 || p.hits < f.Times)
}

func (f Fault) hasResponse() bool { return f.Status != 0 || f.Type != "" }

func (f Fault) apply(call *apiCall, reply response) response {
	switch {
	case f.Type != "":
		refused := newAPIError(f.Status, f.Type, f.Message)
		if f.Status == 0 {
			refused.status = http.StatusBadRequest
		}
		refused.header = f.Header
		reply = call.errorResponse(refused)
	case f.Status != 0:
		reply = rawResponse(f.Status, f.ContentType, f.Body)
		maps.Copy(reply.header, f.Header)
	case f.Header != nil:
		maps.Copy(reply.header, f.Header)
	}
	if f.Replace != nil {
		reply.status, reply.body = f.Replace(reply.status, reply.body)
	}
	return reply
}

func (call *apiCall) errorResponse(refused *apiError) response {
	defer call.server.lockAndAdvance()()
	return call.jsonResponse(refused.status, refused.envelope(call.requestID), refused.header)
}
