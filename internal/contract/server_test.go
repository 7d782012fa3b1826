//go:build contract

package contract

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// server is one of the two fakes, with two locks.
type server struct {
	serverControls
	name       string
	endpoint   string
	key        string
	workspace  string
	foreignKey string // of another workspace
	lock       string // device ids
	otherLock  string
	checked    map[deviation]bool
	pins       int // that were given out
}

// serverControls are the actions that have no API call, or a different one on each server.
type serverControls interface {
	// addUnmanagedAccessCode puts a code on the lock outside Seam and returns its id.
	addUnmanagedAccessCode(t *testing.T, pin string) string
	removeUnmanagedAccessCode(t *testing.T, id string)
	// delayRemoval keeps the attempt of the next removal pending for one poll.
	delayRemoval(t *testing.T, w *recordingTransport)
	// failRemoval ends the attempt of the next removal with an error of this type.
	failRemoval(t *testing.T, w *recordingTransport, kind string)
	// failPath answers 503 on a path until restored.
	failPath(t *testing.T, path string) (restore func())
}

func startSeamtest(t *testing.T) *server {
	p := new(seamtestControls)
	seam := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(time.Duration(p.clockOffset.Load())) }))
	lock := seam.AddLock("Front Door")
	p.seam, p.lock = seam, lock
	return &server{
		serverControls: p, name: seamtestName, endpoint: seam.Start(t), key: seam.Workspace().APIKey,
		workspace: seam.Workspace().ID, foreignKey: seam.AddWorkspace("Other").APIKey,
		lock: lock.ID, otherLock: seam.AddLock("Back Door").ID, checked: map[deviation]bool{},
	}
}

// seamtestControls controls our fake and its clock.
type seamtestControls struct {
	seam        *seamtest.Server
	lock        *seamtest.Lock
	clockOffset atomic.Int64
}

func (p *seamtestControls) addUnmanagedAccessCode(_ *testing.T, pin string) string {
	return p.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
}

func (p *seamtestControls) removeUnmanagedAccessCode(_ *testing.T, id string) {
	p.seam.RemoveUnmanagedAccessCode(id)
}

func (p *seamtestControls) delayRemoval(_ *testing.T, w *recordingTransport) {
	p.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
	w.afterResponse("/action_attempts/get", func(jsonObject) { p.clockOffset.Add(int64(time.Minute)) })
}

func (p *seamtestControls) failRemoval(_ *testing.T, _ *recordingTransport, kind string) {
	p.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: kind, Stays: true})
}

func (p *seamtestControls) failPath(_ *testing.T, path string) (restore func()) {
	return p.seam.InjectFault(seamtest.Fault{Path: path, Status: http.StatusServiceUnavailable}).Remove
}
