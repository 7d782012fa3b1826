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
// one, is a removal and a create that Terraform starts at the same time. So a write that
// is refused because its PIN is taken waits for this run's own departure of that PIN.

// departsWithin is how long a departure is waited for that has not begun. Terraform starts
// the two in any order, and only some at a time: while others of the lock are under way,
// the one that is waited for may be in the queue.
const departsWithin = 5 * time.Second

// departures are the PINs that this run takes off locks, by removals and by rotations.
type departures struct {
	mu    sync.Mutex
	all   []*departure
	moved chan struct{} // closed when one of them changes; nil if nobody waits
}

// departure is what one access code takes off its lock.
type departure struct {
	among    *departures
	deviceID string
	codeID   string
	rotation bool // the code stays, with another PIN
	pins     []string
	at       time.Time // when it began, or ended
	state    departureState
	awaits   *departure // of the PIN that a rotation is to put in place
}

type departureState int

const (
	underWay  departureState = iota
	waiting                  // a rotation whose new PIN is taken
	freed                    // ended without an error
	failed                   // ended with one: the PIN stays
	exchanged                // failed because it would have had to wait for itself
)

var errExchange = errors.New("the access codes exchange their PINs")

// begin notes that a code's PINs are leaving. Those that are not known yet are learned.
func (ds *departures) begin(d departure) *departure {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d.among, d.at, d.pins = ds, time.Now(), slices.Clone(d.pins)
	ds.all = append(ds.all, &d)
	ds.wake()
	return &d
}

// change changes a departure that has begun. There is nothing to change where none is kept.
func (d *departure) change(how func()) {
	if d == nil {
		return
	}
	d.among.mu.Lock()
	defer d.among.mu.Unlock()
	how()
	d.among.wake()
}

func (d *departure) learn(pin string) { d.change(func() { d.pins = append(d.pins, pin) }) }

func (d *departure) end(err error) {
	d.change(func() {
		d.at, d.awaits = time.Now(), nil
		switch {
		case err == nil:
			d.state = freed
		case errors.Is(err, errExchange):
			d.state = exchanged
		default:
			d.state = failed
		}
	})
}

// wake is called with the mutex held.
func (ds *departures) wake() {
	if ds.moved != nil {
		close(ds.moved)
		ds.moved = nil
	}
}

// arrival is a write that puts a PIN on a lock.
type arrival struct {
	deviceID string
	pin      string
	since    time.Time  // of the first try
	own      *departure // of the PIN that it takes the place of; nil for a new code
}

// letIn waits until it is worth another try to write a PIN that was refused as taken. It
// fails unless this run itself takes the PIN off the lock.
func (c *Client) letIn(ctx context.Context, a arrival, refused error) error {
	defer a.own.change(func() { a.own.resume() })
	taken := conflictOf(refused)
	for {
		if _, placed := c.placed.Load(placement{taken.ManagedID, a.pin}); placed {
			return duplicate(refused) // by this run
		}
		moved, found, err := c.departures.find(a, taken)
		if err != nil {
			return exchange(refused)
		}
		if found != nil && found.state == freed { // Seam may need a moment to see it
			if sleep(ctx, nextPoll(time.Since(found.at))) != nil {
				return stillLeaving(ctx, a, refused)
			}
			return nil
		}
		if moved == nil {
			return duplicate(refused)
		}
		if !untilMoved(ctx, moved) {
			return stillLeaving(ctx, a, refused)
		}
	}
}

// resume is called with the mutex held.
func (d *departure) resume() {
	if d.state == waiting {
		d.state, d.awaits = underWay, nil
	}
}

// find looks for the departure that an arrival waits for, as it is now. Without a channel
// there is nothing to wait for.
func (ds *departures) find(a arrival, taken Conflict) (moved <-chan struct{}, found *departure, err error) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if a.own != nil {
		a.own.state, a.own.awaits = waiting, nil
	}
	hope := time.Since(a.since) < departsWithin
	for _, d := range ds.all {
		if d == a.own || d.deviceID != a.deviceID {
			continue
		}
		hope = hope || d.state == underWay || d.state != waiting && time.Since(d.at) < departsWithin
		if !d.leaves(a.pin, taken) {
			continue
		}
		if a.own != nil {
			a.own.awaits = d
		}
		switch {
		case d.state == freed:
			now := *d
			return nil, &now, nil
		case a.own != nil && (d.state == exchanged || d.leadsTo(a.own)):
			return nil, nil, errExchange
		case d.state == waiting:
			hope = true
		}
	}
	if !hope {
		return nil, nil, nil
	}
	if ds.moved == nil {
		ds.moved = make(chan struct{})
	}
	return ds.moved, nil, nil
}

// leaves reports whether this departure is that of a PIN, or of the code that Seam names as
// having it. Once it is over, a PIN that is still taken is another code's.
func (d *departure) leaves(pin string, taken Conflict) bool {
	named := taken.ManagedID + taken.UnmanagedID
	itself := d.codeID == named && !d.rotation
	has := slices.Contains(d.pins, pin)
	if d.state == freed {
		return itself || has && (named == "" || named == d.codeID)
	}
	return itself || has
}

// leadsTo reports whether d waits for other, be it through others.
func (d *departure) leadsTo(other *departure) bool {
	for ; d != nil; d = d.awaits {
		if d == other {
			return true
		}
	}
	return false
}

// untilMoved waits for a change among the departures, at most for the time in which one
// may begin. It reports false if the context ended first.
func untilMoved(ctx context.Context, moved <-chan struct{}) bool {
	timer := time.NewTimer(departsWithin)
	defer timer.Stop()
	select {
	case <-moved:
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

func stillLeaving(ctx context.Context, a arrival, refused error) error {
	return because(errors.Join(refused, context.Cause(ctx)),
		fmt.Sprintf("Lock %s still has the PIN with another access code, whose removal in this run was waited for: %v.", a.deviceID, context.Cause(ctx)),
		"Run apply again when that removal has ended. If the lock only needs longer, raise timeouts.")
}

func exchange(refused error) error {
	return because(errors.Join(errExchange, refused),
		fmt.Sprintf("Access codes on the lock exchange their PINs, and Seam refuses each change while the other code has the PIN: %v. Both keep the PINs that they had.", refused),
		"Give one of them a third PIN and apply; then give both the PINs that they are to have, and apply again.")
}

// placement is a PIN that this run has given to a code.
type placement struct{ codeID, pin string }

// putsItself reports whether it is this run's doing that a code has its PIN: then it is
// wanted there.
func (c *Client) putsItself(code AccessCode) bool {
	_, placed := c.placed.Load(placement{code.ID, code.Code})
	_, creating := c.creating.Load(pinOnLock{code.DeviceID, code.Code})
	return placed || creating
}
