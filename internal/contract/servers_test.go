//go:build contract

package contract

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// server is one of the two Seams, with two locks.
type server struct {
	controls
	name       string
	endpoint   string
	key        string
	workspace  string
	foreignKey string // of another workspace
	lock       string // device ids
	otherLock  string
	asked      map[deviation]bool
	pins       int // that were given out
}

// controls make happen what no API call can, or a different one on each server.
type controls interface {
	// addUnmanaged puts a code on the lock past Seam and returns its id.
	addUnmanaged(t *testing.T, pin string) string
	removeUnmanaged(t *testing.T, id string)
	// removesSlowly keeps the attempt of the next removal pending for one poll.
	removesSlowly(t *testing.T, w *wire)
	// failsToRemove ends the attempt of the next removal with an error of this type.
	failsToRemove(t *testing.T, w *wire, kind string)
	// breaksDown answers 503 on a path until it is mended.
	breaksDown(t *testing.T, path string) (mend func())
}

func startOurs(t *testing.T) *server {
	p := new(inProcess)
	seam := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }))
	lock := seam.AddLock("Front Door")
	p.seam, p.lock = seam, lock
	return &server{
		controls: p, name: ours, endpoint: seam.Start(t), key: seam.Workspace().APIKey,
		workspace: seam.Workspace().ID, foreignKey: seam.AddWorkspace("Other").APIKey,
		lock: lock.ID, otherLock: seam.AddLock("Back Door").ID, asked: map[deviation]bool{},
	}
}

// inProcess controls our fake and its clock.
type inProcess struct {
	seam  *seamtest.Server
	lock  *seamtest.Lock
	ahead atomic.Int64
}

func (p *inProcess) addUnmanaged(_ *testing.T, pin string) string {
	return p.lock.AddUnmanaged(seamtest.Unmanaged{PIN: pin})
}

func (p *inProcess) removeUnmanaged(_ *testing.T, id string) { p.seam.RemoveUnmanaged(id) }

func (p *inProcess) removesSlowly(_ *testing.T, w *wire) {
	p.lock.OnRemove(seamtest.Removal{Takes: time.Minute})
	w.after("/action_attempts/get", func(object) { p.ahead.Add(int64(time.Minute)) })
}

func (p *inProcess) failsToRemove(_ *testing.T, _ *wire, kind string) {
	p.lock.OnRemove(seamtest.Removal{Ends: seamtest.Fails, ErrorType: kind, Stays: true})
}

func (p *inProcess) breaksDown(_ *testing.T, path string) (mend func()) {
	return p.seam.Plant(seamtest.Fault{Path: path, Status: http.StatusServiceUnavailable}).Remove
}
