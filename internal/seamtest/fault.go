package seamtest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Drop says where a connection is cut.
type Drop int

// The places where a connection can be cut: nowhere, before the request is processed, after it.
const (
	NoDrop Drop = iota
	DropBefore
	DropAfter
)

// Fault is what goes wrong with requests to a path. Parts combine: a Fault with only a Delay
// gives the real answer, late.
type Fault struct {
	// Path is the route; empty means every route.
	Path string
	// Skip lets this many matching requests through first.
	Skip int
	// Times limits how often the fault strikes; 0 is no limit.
	Times int
	// Match narrows the fault to some bodies.
	Match func(body map[string]any) bool

	// Status alone gives a raw answer with ContentType, Body and Header, without a request id.
	Status            int
	ContentType, Body string
	// Header is added to the answer. A nil value takes a header such as Date away.
	Header http.Header
	// Type gives Seam's error envelope instead; Status is then 400 unless set.
	Type, Message string
	// Processed does what was asked before Status or Type is answered.
	Processed bool

	// Drop cuts the connection.
	Drop Drop
	// Truncate sends half of the body, then cuts the connection.
	Truncate bool
	// Delay holds the request back, or with DelayAfter the answer.
	Delay      time.Duration
	DelayAfter bool
	// Replace rewrites the answer.
	Replace func(status int, body []byte) (int, []byte)
}

// HTML404 is a web server's 404 page instead of an answer of Seam's API.
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

// Planted is a fault in place.
type Planted struct {
	server     *Server
	fault      Fault
	seen, hits int
}

// Plant puts a fault in place. If several match a request, the first planted one strikes.
func (s *Server) Plant(f Fault) *Planted {
	defer s.enter()()
	p := &Planted{server: s, fault: f}
	s.faults = append(s.faults, p)
	return p
}

// Hits tells how often the fault struck.
func (p *Planted) Hits() int {
	defer p.server.enter()()
	return p.hits
}

// Remove ends the fault.
func (p *Planted) Remove() {
	defer p.server.enter()()
	p.server.faults = slices.DeleteFunc(p.server.faults, func(have *Planted) bool { return have == p })
}

func (s *Server) faultFor(x *exchange) (strikes Fault) {
	struck := false
	for _, p := range s.faults {
		if p.matches(x) && !struck {
			p.hits++
			strikes, struck = p.fault, true
		}
	}
	return strikes
}

func (p *Planted) matches(x *exchange) bool {
	f := p.fault
	if f.Path != "" && f.Path != x.path || f.Match != nil && !f.Match(x.body) {
		return false
	}
	p.seen++
	return p.seen > f.Skip && (f.Times == 0 || p.hits < f.Times)
}

func (f Fault) answers() bool { return f.Status != 0 || f.Type != "" }

func (f Fault) alter(x *exchange, reply answer) answer {
	switch {
	case f.Type != "":
		refused := refuse(f.Status, f.Type, f.Message)
		if f.Status == 0 {
			refused.status = http.StatusBadRequest
		}
		refused.header = f.Header
		reply = x.fail(refused)
	case f.Status != 0:
		reply = raw(f.Status, f.ContentType, f.Body)
		maps.Copy(reply.header, f.Header)
	case f.Header != nil:
		maps.Copy(reply.header, f.Header)
	}
	if f.Replace != nil {
		reply.status, reply.body = f.Replace(reply.status, reply.body)
	}
	return reply
}

func (x *exchange) fail(refused *refusal) answer {
	defer x.server.enter()()
	return x.reply(refused.status, refused.envelope(x.id), refused.header)
}
