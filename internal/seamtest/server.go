// Package seamtest is a stateful Seam in memory: workspaces, locks that hold PINs, access codes,
// action attempts and events, with configurable lock behavior and injected faults. The other nouns
// are objects in a store that follows Seam's published OpenAPI document.
//
// Nothing runs in the background. Later actions of a lock are scheduled steps. Due steps run at the
// start of each request and of each exported query, so the package works with any clock and inside
// testing/synctest.
package seamtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"time"
)

// Server is the fake. It is an http.Handler and safe for concurrent use.
type Server struct {
	clock   func() time.Time
	latency time.Duration

	mu                  sync.Mutex
	now                 time.Time
	steps               []scheduledStep
	sequence            int
	workspaces          []*Workspace
	personalAccessToken string
	locks               map[string]*Lock
	codes               map[string]*accessCode
	attempts            map[string]*actionAttempt
	events              []*event
	collections         map[string]*collection
	storeRoutes         map[string]handler
	passes              map[pass]window // what opens entrances
	grantDelete         GrantDelete
	grantDelays         GrantDelays
	systemDelays        AccessSystemDelays
	kept                map[string]bool // objects that deletes do nothing to
	requests            []*Request
	faults              []*InjectedFault
	removedRoutes       map[string]bool
	mutedEvents         map[string]bool
	inFlight            map[string]*inFlight

	eventDelay     time.Duration
	pageSize       int
	keepExpired    bool
	echoSecrets    bool
	enforceLimits  bool
	concurrentRuns *ConcurrentRuns // that are limited
	rateLimited    int

	onDelete       behaviorQueue[DeleteBehavior]
	onCreate       behaviorQueue[CreateBehavior]
	onUpdate       behaviorQueue[UpdateBehavior]
	onLockAction   behaviorQueue[LockActionBehavior]
	onSystemAction behaviorQueue[LockActionBehavior]
	onConvert      behaviorQueue[ConvertBehavior]
}

// Option configures a Server.
type Option func(*Server)

// WithClock makes the fake use now instead of time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *Server) { s.clock = now }
}

// WithLatency makes each request wait before it is processed.
func WithLatency(d time.Duration) Option {
	return func(s *Server) { s.latency = d }
}

// WithAPIKey sets the API key of the first workspace.
func WithAPIKey(key string) Option {
	return func(s *Server) { s.workspaces[0].APIKey = key }
}

// New returns a fake with one workspace and no locks.
func New(opts ...Option) *Server {
	s := &Server{
		clock:               time.Now,
		personalAccessToken: "seam_at1_" + rand.Text(),
		locks:               map[string]*Lock{},
		codes:               map[string]*accessCode{},
		attempts:            map[string]*actionAttempt{},
		collections:         map[string]*collection{},
		storeRoutes:         map[string]handler{},
		passes:              map[pass]window{},
		kept:                map[string]bool{},
		removedRoutes:       map[string]bool{},
		mutedEvents:         map[string]bool{},
		inFlight:            map[string]*inFlight{},
	}
	for noun, r := range nouns {
		s.register(noun, r)
	}
	s.AddWorkspace("Workspace")
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// Start serves the fake on a loopback port until the test ends and returns its URL.
func (s *Server) Start(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(failOnPanic(t, s))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// failOnPanic fails the test when the fake panics, which net/http would only log.
func failOnPanic(t testing.TB, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
				return
			case http.ErrAbortHandler:
			default:
				t.Errorf("%s: %v", r.URL.Path, p)
			}
			panic(http.ErrAbortHandler)
		}()
		handler.ServeHTTP(w, r)
	})
}

// Transport calls the fake without a network. It honors the context of the request.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

// KeepExpired decides what happens to a time-bound code after its end: by default Seam deletes it;
// with true it stays readable with status unset.
func (s *Server) KeepExpired(keep bool) {
	defer s.lockAndAdvance()()
	s.keepExpired = keep
}

// PageSize cuts every list into pages of at most n entries; 0 returns to the documented sizes.
func (s *Server) PageSize(n int) {
	defer s.lockAndAdvance()()
	s.pageSize = n
}

// EchoSecrets makes every message in a response repeat the Authorization header and the PINs, the
// secrets of webhooks or the tokens of client sessions around it, for tests of scrubbing.
func (s *Server) EchoSecrets(echo bool) {
	defer s.lockAndAdvance()()
	s.echoSecrets = echo
}

// RemoveRoute makes a route unknown: a 404 that does not come from Seam's API.
func (s *Server) RemoveRoute(path string) {
	defer s.lockAndAdvance()()
	s.removedRoutes[path] = true
}

// lockAndAdvance locks the server and runs every due step. The returned function unlocks it.
func (s *Server) lockAndAdvance() (leave func()) {
	s.mu.Lock()
	s.runDueSteps()
	return s.mu.Unlock
}

func (s *Server) nextNumber() int {
	s.sequence++
	return s.sequence
}

// newID returns a random UUID without four consecutive digits, so that a test that searches for
// a PIN never finds one in an ID.
func newID() string {
	for {
		if id := randomUUID(); !fourDigits.MatchString(id) {
			return id
		}
	}
}

// newSecret returns a random string without four consecutive digits.
func newSecret(prefix string) string {
	for {
		if secret := prefix + rand.Text(); !fourDigits.MatchString(secret) {
			return secret
		}
	}
}

var fourDigits = regexp.MustCompile(`\d{4}`)

func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
