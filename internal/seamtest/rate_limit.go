package seamtest

import (
	"net/http"
	"strconv"
	"time"
)

const limitWindow = time.Minute

// writeLimits are Seam's published numbers of writes per device in any minute.
var writeLimits = map[string]int{"create": 10, "update": 10, "delete": 20, "lock": 15, "unlock": 15}

var writeKinds = map[string]string{
	"/access_codes/create":                       "create",
	"/access_codes/update":                       "update",
	"/access_codes/delete":                       "delete",
	"/access_codes/unmanaged/delete":             "delete",
	"/access_codes/unmanaged/update":             "update",
	"/access_codes/unmanaged/convert_to_managed": "update",
	"/locks/lock_door":                           "lock",
	"/locks/unlock_door":                         "unlock",
}

// inFlight counts the requests of a path in flight, and the most there have been.
type inFlight struct {
	current, peak int
	perDevice     map[*Lock]int
	peakPerDevice int
}

// EnforceLimits makes the fake answer 429 beyond Seam's limits per device, and 409 to a write
// that overlaps another one on the same device.
func (s *Server) EnforceLimits(enforce bool) {
	defer s.lockAndAdvance()()
	s.enforceLimits, s.concurrentRuns = enforce, nil
}

// ConcurrentRuns is how the fake treats several runs that write to one device at once.
type ConcurrentRuns struct{ NoRetryAfter bool }

// EnforceLimitsFor is EnforceLimits for several runs: their writes may overlap.
func (s *Server) EnforceLimitsFor(runs ConcurrentRuns) {
	defer s.lockAndAdvance()()
	s.enforceLimits, s.concurrentRuns = true, &runs
}

// RateLimitedCount returns how many requests EnforceLimits answered with 429.
func (s *Server) RateLimitedCount() int {
	defer s.lockAndAdvance()()
	return s.rateLimited
}

// MaxInFlight returns the largest number of concurrent requests to a path, on one device and
// overall. An empty path means all requests.
func (s *Server) MaxInFlight(path string) (perDevice, overall int) {
	defer s.lockAndAdvance()()
	if t := s.inFlight[path]; t != nil {
		return t.peakPerDevice, t.peak
	}
	return 0, 0
}

// beginRequest reports whether the request is a write to a lock that has another write in flight.
func (s *Server) beginRequest(call *apiCall) (overlaps bool) {
	for _, path := range []string{call.path, ""} {
		t := s.inFlight[path]
		if t == nil {
			t = &inFlight{perDevice: map[*Lock]int{}}
			s.inFlight[path] = t
		}
		t.add(call.lock)
	}
	if call.lock == nil || writeKinds[call.path] == "" {
		return false
	}
	call.lock.writesInFlight++
	return call.lock.writesInFlight > 1
}

func (t *inFlight) add(l *Lock) {
	t.current++
	t.peak = max(t.peak, t.current)
	if l != nil {
		t.perDevice[l]++
		t.peakPerDevice = max(t.peakPerDevice, t.perDevice[l])
	}
}

func (s *Server) endRequest(call *apiCall) {
	for _, path := range []string{call.path, ""} {
		t := s.inFlight[path]
		t.current--
		t.perDevice[call.lock]--
	}
	if call.lock != nil && writeKinds[call.path] != "" {
		call.lock.writesInFlight--
	}
}

// checkRateLimit applies the limits.
func (call *apiCall) checkRateLimit() error {
	verb := writeKinds[call.path]
	if !call.server.enforceLimits || call.lock == nil || verb == "" {
		return nil
	}
	several := call.server.concurrentRuns
	if call.overlaps && several == nil {
		return newAPIError(http.StatusConflict, "concurrent_request", "Another write to this device is under way")
	}
	if wait := call.lock.reserveWrite(verb, call.server.now); wait > 0 {
		call.server.rateLimited++
		refused := newAPIError(http.StatusTooManyRequests, "too_many_requests", "Too many requests for this device")
		if several == nil || !several.NoRetryAfter {
			seconds := int((wait + time.Second - 1) / time.Second)
			refused.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
		}
		return refused
	}
	return nil
}

// reserveWrite records one write, or returns how long to wait for the next.
func (l *Lock) reserveWrite(verb string, now time.Time) time.Duration {
	recent := l.recentWrites[verb]
	for len(recent) > 0 && !recent[0].Add(limitWindow).After(now) {
		recent = recent[1:]
	}
	if len(recent) >= writeLimits[verb] {
		l.recentWrites[verb] = recent
		return recent[0].Add(limitWindow).Sub(now)
	}
	l.recentWrites[verb] = append(recent, now)
	return 0
}
