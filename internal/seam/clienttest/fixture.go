// Package clienttest has what the tests of internal/seam and internal/removal share: a fake Seam
// with locks and codes, made-up answers, and assertions. The client's own tests use it, so it
// must not import the client.
package clienttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Fixture is a Seam with codes on locks.
type Fixture struct {
	T      *testing.T
	Server *seamtest.Server
	Locks  []*seamtest.Lock
	Codes  []seamtest.AccessCode
}

// Run runs a test in a synctest bubble. The codes are an hour old; those of a lock have the PINs
// 40817263, 40817264 and so on.
func Run(t *testing.T, locks, codesEach int, test func(*Fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &Fixture{T: t, Server: seamtest.New(seamtest.WithLatency(100 * time.Millisecond))}
		for l := range locks {
			lock := f.Server.AddLock(fmt.Sprint("Lock ", l))
			f.Locks = append(f.Locks, lock)
			for i := range codesEach {
				Post(t, f.Server, "/access_codes/create", map[string]any{"device_id": lock.ID, "code": fmt.Sprint(40817263 + i)})
			}
		}
		<-time.After(time.Hour)
		f.Codes = f.Server.AccessCodes()
		f.Server.ResetRequests()
		test(f)
	})
}

// Post calls Seam without the client, and returns the response's body.
func Post(t testing.TB, server *seamtest.Server, path string, body map[string]any) []byte {
	t.Helper()
	encoded, err := json.Marshal(body)
	Must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost"+path, bytes.NewReader(encoded))
	Must(t, err)
	req.Header = http.Header{"Authorization": {"Bearer " + server.Workspace().APIKey}, "Content-Type": {"application/json"}}
	res, err := server.Transport().RoundTrip(req)
	Must(t, err)
	defer func() { _ = res.Body.Close() }()
	answered, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(path, res.Status, err)
	}
	return answered
}

// InjectFault makes a number of requests to a path fail; all of them if times is 0.
func (f *Fixture) InjectFault(path string, times int, fault seamtest.Fault) {
	fault.Path, fault.Times = path, times
	f.Server.InjectFault(fault)
}

// OnlyCode is the one code that there is.
func (f *Fixture) OnlyCode() seamtest.AccessCode {
	f.T.Helper()
	codes := f.Server.AccessCodes()
	if len(codes) != 1 {
		f.T.Fatalf("%d codes on the lock, want exactly one", len(codes))
	}
	return codes[0]
}

// Parallel makes n calls at once. An error fails the test.
func (f *Fixture) Parallel(n int, call func(i int) error) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := call(i); err != nil {
				f.T.Errorf("call %d: %v", i, err)
			}
		})
	}
	return &all
}

// AssertRequests fails the test unless there were that many requests to a path.
func (f *Fixture) AssertRequests(path string, want int) {
	f.T.Helper()
	if n := f.Server.Count(path); n != want {
		f.T.Errorf("%d requests to %s, want %d", n, path, want)
	}
}

// ForEach runs a subtest for each case.
func ForEach[C any](t *testing.T, cases map[string]C, test func(*testing.T, C)) {
	t.Helper()
	ForEachIn(t, func(t *testing.T, test func(*testing.T)) { test(t) }, cases, test)
}

// ForEachIn runs a subtest for each case, with what run gives it: a fixture, or the T of a
// synctest bubble.
func ForEachIn[E, C any](t *testing.T, run func(*testing.T, func(E)), cases map[string]C, test func(E, C)) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { run(t, func(e E) { test(e, c) }) })
	}
}

// ForEachPairIn is [ForEachIn] for each case of one table with each of another.
func ForEachPairIn[E, A, B any](t *testing.T, run func(*testing.T, func(E)), as map[string]A, bs map[string]B, test func(E, A, B)) {
	t.Helper()
	for name, a := range as {
		for kind, b := range bs {
			t.Run(name+", "+kind, func(t *testing.T) { run(t, func(e E) { test(e, a, b) }) })
		}
	}
}
