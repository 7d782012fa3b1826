package seamtest

import (
	"net/http"
	"strconv"
	"time"
)

const limitWindow = time.Minute

// limits are Seam's published numbers of writes per device in any minute.
var limits = map[string]int{"create": 10, "update": 10, "delete": 20, "lock": 15, "unlock": 15}

var verbs = map[string]string{
	"/access_codes/create":                       "create",
	"/access_codes/update":                       "update",
	"/access_codes/delete":                       "delete",
	"/access_codes/unmanaged/delete":             "delete",
	"/access_codes/unmanaged/update":             "update",
	"/access_codes/unmanaged/convert_to_managed": "update",
	"/locks/lock_door":                           "lock",
	"/locks/unlock_door":                         "unlock",
}

// traffic counts the requests of a path in flight, and the most there have been.
type traffic struct {
	now, most int
	perDevice map[*Lock]int
	onOne     int
}

// EnforceLimits makes the fake answer 429 beyond Seam's limits per device, and 409 to a write
// that overlaps another one on the same device.
func (s *Server) EnforceLimits(enforce bool) {
	defer s.enter()()
	s.limiting, s.several = enforce, nil
}

// SeveralRuns is how the fake treats several runs that write to one device at once.
type SeveralRuns struct{ NoRetryAfter bool }

// EnforceLimitsFor is EnforceLimits for several runs: their writes may overlap.
func (s *Server) EnforceLimitsFor(runs SeveralRuns) {
	defer s.enter()()
	s.limiting, s.several = true, &runs
}

// Limited tells how many requests were answered 429 by EnforceLimits.
func (s *Server) Limited() int {
	defer s.enter()()
	return s.limited
}

// MaxInFlight tells how many requests of a path were in flight at once, at most: on one device,
// and overall. The empty path stands for all requests.
func (s *Server) MaxInFlight(path string) (perDevice, overall int) {
	defer s.enter()()
	if t := s.traffic[path]; t != nil {
		return t.onOne, t.most
	}
	return 0, 0
}

// begin tells whether the request is a write on a lock that is being written to.
func (s *Server) begin(x *exchange) (overlaps bool) {
	for _, path := range []string{x.path, ""} {
		t := s.traffic[path]
		if t == nil {
			t = &traffic{perDevice: map[*Lock]int{}}
			s.traffic[path] = t
		}
		t.add(x.lock)
	}
	if x.lock == nil || verbs[x.path] == "" {
		return false
	}
	x.lock.writing++
	return x.lock.writing > 1
}

func (t *traffic) add(l *Lock) {
	t.now++
	t.most = max(t.most, t.now)
	if l != nil {
		t.perDevice[l]++
		t.onOne = max(t.onOne, t.perDevice[l])
	}
}

func (s *Server) end(x *exchange) {
	for _, path := range []string{x.path, ""} {
		t := s.traffic[path]
		t.now--
		t.perDevice[x.lock]--
	}
	if x.lock != nil && verbs[x.path] != "" {
		x.lock.writing--
	}
}

// admit applies the limits.
func (x *exchange) admit() error {
	verb := verbs[x.path]
	if !x.server.limiting || x.lock == nil || verb == "" {
		return nil
	}
	several := x.server.several
	if x.busy && several == nil {
		return refuse(http.StatusConflict, "concurrent_request", "Another write to this device is under way")
	}
	if wait := x.lock.take(verb, x.server.moment); wait > 0 {
		x.server.limited++
		refused := refuse(http.StatusTooManyRequests, "too_many_requests", "Too many requests for this device")
		if several == nil || !several.NoRetryAfter {
			seconds := int((wait + time.Second - 1) / time.Second)
			refused.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
		}
		return refused
	}
	return nil
}

// take spends one write, or tells how long to wait for the next.
func (l *Lock) take(verb string, now time.Time) time.Duration {
	recent := l.spent[verb]
	for len(recent) > 0 && !recent[0].Add(limitWindow).After(now) {
		recent = recent[1:]
	}
	if len(recent) >= limits[verb] {
		l.spent[verb] = recent
		return recent[0].Add(limitWindow).Sub(now)
	}
	l.spent[verb] = append(recent, now)
	return 0
}
