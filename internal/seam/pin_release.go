package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A PIN can pass from one resource to another within a run. A renamed for_each key, for
// one, is a removal and a create that start at the same time. So a write that is refused
// because its PIN is taken waits for this run's own release of that PIN.

// releaseStartTimeout is how long a release that has not begun is waited for. The two
// start in any order, and only some at a time: while others of the lock are running, the
// one that is waited for may still be queued.
const releaseStartTimeout = 5 * time.Second

// pinReleases are the PINs that this run takes off locks, by removals and by rotations.
type pinReleases struct {
	mu      sync.Mutex
	all     []*PINRelease
	changed chan struct{} // closed when one of them changes; nil if nobody waits
}

// PINRelease is what one access code takes off its lock.
type PINRelease struct {
	registry  *pinReleases
	deviceID  string
	codeID    string
	rotation  bool // the code stays, with another PIN
	pins      []string
	changedAt time.Time // when it began, or ended
	state     releaseState
	waitsFor  *PINRelease // of the PIN that a rotation is to put in place
}

type releaseState int

const (
	releaseRunning    releaseState = iota
	releaseWaiting                 // a rotation whose new PIN is taken
	releaseDone                    // ended without an error
	releaseFailed                  // ended with one: the PIN stays
	releaseDeadlocked              // failed because it would have had to wait for itself
)

var errPINSwap = errors.New("the access codes exchange their PINs")

// add records a release. PINs that are not known yet are added later.
func (rs *pinReleases) add(r PINRelease) *PINRelease {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r.registry, r.changedAt, r.pins = rs, time.Now(), slices.Clone(r.pins)
	rs.all = append(rs.all, &r)
	rs.notify()
	return &r
}

// update changes a release that has begun. On nil it does nothing.
func (r *PINRelease) update(how func()) {
	if r == nil {
		return
	}
	r.registry.mu.Lock()
	defer r.registry.mu.Unlock()
	how()
	r.registry.notify()
}

func (r *PINRelease) AddPIN(pin string) { r.update(func() { r.pins = append(r.pins, pin) }) }

func (r *PINRelease) Finish(err error) {
	r.update(func() {
		r.changedAt, r.waitsFor = time.Now(), nil
		switch {
		case err == nil:
			r.state = releaseDone
		case errors.Is(err, errPINSwap):
			r.state = releaseDeadlocked
		default:
			r.state = releaseFailed
		}
	})
}

// notify is called with the mutex held.
func (rs *pinReleases) notify() {
	if rs.changed != nil {
		close(rs.changed)
		rs.changed = nil
	}
}

// PINWrite is a write that puts a PIN on a lock.
type PINWrite struct {
	DeviceID  string
	PIN       string
	StartedAt time.Time   // of the first try
	Own       *PINRelease // of the PIN that it takes the place of; nil for a new code
}

// AwaitPINRelease waits until it is worth another try to write a PIN that was refused as taken. It
// fails unless this run itself takes the PIN off the lock.
func (c *Client) AwaitPINRelease(ctx context.Context, w PINWrite, refused error) error {
	defer w.Own.update(func() { w.Own.resume() })
	taken := conflictOf(refused)
	for {
		if _, assigned := c.assignedPINs.Load(assignedPIN{taken.ManagedID, w.PIN}); assigned {
			return duplicateError(refused) // by this run
		}
		changed, found, err := c.pinReleases.find(w, taken)
		if err != nil {
			return pinSwapError(refused)
		}
		if found != nil && found.state == releaseDone { // Seam may need a moment to see it
			if sleep(ctx, pollInterval(time.Since(found.changedAt))) != nil {
				return pinStillHeldError(ctx, w, refused)
			}
			return nil
		}
		if changed == nil {
			return duplicateError(refused)
		}
		if !awaitChange(ctx, changed) {
			return pinStillHeldError(ctx, w, refused)
		}
	}
}

// resume is called with the mutex held.
func (r *PINRelease) resume() {
	if r.state == releaseWaiting {
		r.state, r.waitsFor = releaseRunning, nil
	}
}

// find looks for the release that a write waits for, as it is now. Without a channel
// there is nothing to wait for.
func (rs *pinReleases) find(w PINWrite, taken Conflict) (changed <-chan struct{}, found *PINRelease, err error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if w.Own != nil {
		w.Own.state, w.Own.waitsFor = releaseWaiting, nil
	}
	worthWaiting := time.Since(w.StartedAt) < releaseStartTimeout
	for _, r := range rs.all {
		if r == w.Own || r.deviceID != w.DeviceID {
			continue
		}
		worthWaiting = worthWaiting || r.state == releaseRunning || r.state != releaseWaiting && time.Since(r.changedAt) < releaseStartTimeout
		if !r.releases(w.PIN, taken) {
			continue
		}
		if w.Own != nil {
			w.Own.waitsFor = r
		}
		switch {
		case r.state == releaseDone:
			now := *r
			return nil, &now, nil
		case w.Own != nil && (r.state == releaseDeadlocked || r.dependsOn(w.Own)):
			return nil, nil, errPINSwap
		case r.state == releaseWaiting:
			worthWaiting = true
		}
	}
	if !worthWaiting {
		return nil, nil, nil
	}
	if rs.changed == nil {
		rs.changed = make(chan struct{})
	}
	return rs.changed, nil, nil
}

// releases reports whether r releases a PIN, or is that of the code that Seam names as
// having it. Once it is over, a PIN that is still taken is another code's.
func (r *PINRelease) releases(pin string, taken Conflict) bool {
	named := taken.ManagedID + taken.UnmanagedID
	itself := r.codeID == named && !r.rotation
	has := slices.Contains(r.pins, pin)
	if r.state == releaseDone {
		return itself || has && (named == "" || named == r.codeID)
	}
	return itself || has
}

// dependsOn reports whether r waits for other, be it through others.
func (r *PINRelease) dependsOn(other *PINRelease) bool {
	for ; r != nil; r = r.waitsFor {
		if r == other {
			return true
		}
	}
	return false
}

// awaitChange waits for a change of the releases, at most for the time in which one
// may begin. It reports false if the context ended first.
func awaitChange(ctx context.Context, changed <-chan struct{}) bool {
	timer := time.NewTimer(releaseStartTimeout)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

func conflictOf(refused error) Conflict {
	if e, ok := errors.AsType[*Error](refused); ok {
		return e.Conflict
	}
	return Conflict{}
}

func pinStillHeldError(ctx context.Context, w PINWrite, refused error) error {
	return WrapAdvice(errors.Join(refused, context.Cause(ctx)),
		fmt.Sprintf("Lock %s still has the PIN with another access code, whose removal in this run was waited for: %v.", w.DeviceID, context.Cause(ctx)),
		"Run apply again when that removal has ended. If the lock only needs longer, raise timeouts.")
}

func pinSwapError(refused error) error {
	return WrapAdvice(errors.Join(errPINSwap, refused),
		fmt.Sprintf("Access codes on the lock exchange their PINs, and Seam refuses each change while the other code has the PIN: %v. Both keep the PINs that they had.", refused),
		"Give one of them a third PIN and apply; then give both the PINs that they are to have, and apply again.")
}

// assignedPIN is a PIN that this run has given to a code.
type assignedPIN struct{ codeID, pin string }

// AssignedByThisRun reports whether it is this run's doing that a code has its PIN: then it is
// wanted there.
func (c *Client) AssignedByThisRun(code AccessCode) bool {
	_, assigned := c.assignedPINs.Load(assignedPIN{code.ID, code.Code})
	_, creating := c.creatingPINs.Load(lockPIN{code.DeviceID, code.Code})
	return assigned || creating
}

// BeginPINRelease records that this run takes a code with these PINs off its lock. PINs that
// are not known yet are added later.
func (c *Client) BeginPINRelease(deviceID, codeID string, pins []string) *PINRelease {
	return c.pinReleases.add(PINRelease{deviceID: deviceID, codeID: codeID, pins: pins})
}

// BeginPINRotation is [Client.BeginPINRelease] for a code that stays, with another PIN.
func (c *Client) BeginPINRotation(deviceID, codeID string, pins []string) *PINRelease {
	return c.pinReleases.add(PINRelease{deviceID: deviceID, codeID: codeID, pins: pins, rotation: true})
}

// NoteAssignedPIN records that this run gives a code this PIN.
func (c *Client) NoteAssignedPIN(codeID, pin string) {
	c.assignedPINs.Store(assignedPIN{codeID, pin}, nil)
}
