package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Within a run, a PIN can move from one resource to another. For example, a renamed for_each key
// is a removal and a create that start at the same time. A write that is refused because its PIN
// is taken therefore waits until this run has released the PIN.

// releaseStartTimeout is how long a write waits for a release that has not started. The two
// start in any order and with limited parallelism: while other releases on the lock are running,
// the awaited one may still be queued.
const releaseStartTimeout = 5 * time.Second

// pinReleases holds the PINs that this run removes from locks, by removals and by rotations.
type pinReleases struct {
	mu      sync.Mutex
	all     []*PINRelease
	changed chan struct{} // closed when a release changes; nil without waiters
}

// PINRelease is the removal of an access code's PINs from its lock.
type PINRelease struct {
	registry  *pinReleases
	deviceID  string
	codeID    string
	rotation  bool // the code stays, with another PIN
	pins      []string
	changedAt time.Time // start, or end
	state     releaseState
	waitsFor  *PINRelease // release of the new PIN of a rotation
}

type releaseState int

const (
	releaseRunning    releaseState = iota
	releaseWaiting                 // a rotation whose new PIN is taken
	releaseDone                    // ended without an error
	releaseFailed                  // ended with an error: the PIN stays
	releaseDeadlocked              // failed because it would have waited for itself
)

var errPINSwap = errors.New("the access codes exchange their PINs")

// add records a release. More PINs can be added later.
func (rs *pinReleases) add(r PINRelease) *PINRelease {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r.registry, r.changedAt, r.pins = rs, time.Now(), slices.Clone(r.pins)
	rs.all = append(rs.all, &r)
	rs.notify()
	return &r
}

// update changes a release. It does nothing if r is nil.
func (r *PINRelease) update(how func()) {
	if r == nil {
		return
	}
	r.registry.mu.Lock()
	defer r.registry.mu.Unlock()
	how()
	r.registry.notify()
}

// AddPIN adds a PIN to the release. It does nothing if r is nil.
func (r *PINRelease) AddPIN(pin string) { r.update(func() { r.pins = append(r.pins, pin) }) }

// Finish ends the release. The PINs are free if err is nil. It does nothing if r is nil.
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
	Own       *PINRelease // release of the PIN that it replaces; nil for a new code
}

// AwaitPINRelease waits until a write that was refused because its PIN is taken can be retried.
// It fails unless this run itself removes the PIN from the lock.
func (c *Client) AwaitPINRelease(ctx context.Context, w PINWrite, refused error) error {
	defer w.Own.update(func() { w.Own.resume() })
	taken := conflictOf(refused)
	for {
		if _, assigned := c.assignedPINs.Load(assignedPIN{taken.ManagedID, w.PIN}); assigned {
			return duplicateError(refused) // this run set the PIN there
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

// find returns a copy of the ended release of the PIN, or a channel that is closed at the next
// change. If both are nil, there is nothing to wait for.
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

// releases reports whether r releases a PIN, or is the release of the code that Seam names as
// its holder. After r has ended, a PIN that is still taken belongs to another code.
func (r *PINRelease) releases(pin string, taken Conflict) bool {
	named := taken.ManagedID + taken.UnmanagedID
	itself := r.codeID == named && !r.rotation
	has := slices.Contains(r.pins, pin)
	if r.state == releaseDone {
		return itself || has && (named == "" || named == r.codeID)
	}
	return itself || has
}

// dependsOn reports whether r waits for other, directly or through other releases.
func (r *PINRelease) dependsOn(other *PINRelease) bool {
	for ; r != nil; r = r.waitsFor {
		if r == other {
			return true
		}
	}
	return false
}

// awaitChange waits for a change of the releases, at most for [releaseStartTimeout]. It reports
// false if the context ended first.
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
		fmt.Sprintf("The PIN is still on lock %s with another access code, and waiting for its removal in this run failed: %v.", w.DeviceID, context.Cause(ctx)),
		"Run apply again when that removal has ended. If the lock needs more time, raise timeouts.")
}

func pinSwapError(refused error) error {
	return WrapAdvice(errors.Join(errPINSwap, refused),
		fmt.Sprintf("Access codes on the lock exchange their PINs, and Seam refuses each change while the other code has the PIN: %v. Both keep the PINs that they had.", refused),
		"Give one of them a third PIN and apply. Then set both final PINs and apply again.")
}

// assignedPIN is a PIN that this run has set on a code.
type assignedPIN struct{ codeID, pin string }

// AssignedByThisRun reports whether this run has set the PIN of a code, so that the PIN is not
// a leftover.
func (c *Client) AssignedByThisRun(code AccessCode) bool {
	_, assigned := c.assignedPINs.Load(assignedPIN{code.ID, code.Code})
	_, creating := c.creatingPINs.Load(lockPIN{code.DeviceID, code.Code})
	return assigned || creating
}

// BeginPINRelease records that this run removes a code with these PINs from its lock. The caller
// must call Finish. PINs that are not known yet can be added with AddPIN.
func (c *Client) BeginPINRelease(deviceID, codeID string, pins []string) *PINRelease {
	return c.pinReleases.add(PINRelease{deviceID: deviceID, codeID: codeID, pins: pins})
}

// BeginPINRotation is [Client.BeginPINRelease] for a code that stays and gets another PIN.
func (c *Client) BeginPINRotation(deviceID, codeID string, pins []string) *PINRelease {
	return c.pinReleases.add(PINRelease{deviceID: deviceID, codeID: codeID, pins: pins, rotation: true})
}

// NoteAssignedPIN records that this run sets this PIN on a code.
func (c *Client) NoteAssignedPIN(codeID, pin string) {
	c.assignedPINs.Store(assignedPIN{codeID, pin}, nil)
}
