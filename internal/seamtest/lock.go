package seamtest

import (
	"slices"
	"time"
)

// Lock is a device with a keypad. What it holds and what Seam shows are two things: a test asks
// the lock whether a PIN opens it.
type Lock struct {
	ID, Name string

	server    *Server
	workspace *Workspace
	number    int
	created   time.Time
	account   string
	named     int
	describe  []func(device map[string]any)

	nickname, customer string
	metadata           object
	spaces             []string

	online, gone, unmanaged, pool, locked bool

	held    map[string]slot
	offline []slot
	codes   []*code

	writing int
	spent   map[string][]time.Time

	removals  script[Removal]
	creations script[Creation]
	changes   script[Change]
	turns     script[Turn]
	converts  script[Conversion]
}

// slot is a PIN in the memory of a lock.
type slot struct {
	pin          string
	starts, ends time.Time
}

func (p slot) opens(pin string, at time.Time) bool {
	return p.pin == pin && !at.Before(p.starts) && (p.ends.IsZero() || at.Before(p.ends))
}

// AddLock adds a lock to the first workspace.
func (s *Server) AddLock(name string) *Lock { return s.Workspace().AddLock(name) }

// AddLock adds a lock to the workspace.
func (w *Workspace) AddLock(name string) *Lock {
	s := w.server
	defer s.enter()()
	l := &Lock{
		ID: newID(), Name: name, server: s, workspace: w, number: s.next(), created: s.moment, account: newID(),
		metadata: object{}, spaces: []string{}, online: true, locked: true, held: map[string]slot{}, spent: map[string][]time.Time{},
	}
	s.locks[l.ID] = l
	w.locks = append(w.locks, l)
	return l
}

// Device returns a lock by its device id, or nil.
func (s *Server) Device(id string) *Lock {
	defer s.enter()()
	return s.locks[id]
}

// Opens tells whether the PIN opens the door now.
func (l *Lock) Opens(pin string) bool {
	defer l.server.enter()()
	for _, p := range l.held {
		if p.opens(pin, l.server.moment) {
			return true
		}
	}
	return slices.ContainsFunc(l.offline, func(p slot) bool { return p.opens(pin, l.server.moment) })
}

// Holds tells whether the lock has stored the PIN, whatever its window. Offline codes are
// computed by the lock, not stored.
func (l *Lock) Holds(pin string) bool { return slices.Contains(l.PINs(), pin) }

// PINs lists what the lock has stored, in order of PIN.
func (l *Lock) PINs() []string {
	defer l.server.enter()()
	pins := []string{}
	for _, p := range l.held {
		pins = append(pins, p.pin)
	}
	slices.Sort(pins)
	return pins
}

// Disappear makes the lock and its codes unknown to Seam. The lock itself goes on as before.
func (l *Lock) Disappear() {
	defer l.server.enter()()
	l.gone = true
}

// Return undoes Disappear, and Unmanage for the lock; codes stay unmanaged.
func (l *Lock) Return() {
	defer l.server.enter()()
	l.gone, l.unmanaged = false, false
}

// Unmanage moves the lock and its codes to the unmanaged endpoints.
func (l *Lock) Unmanage() {
	defer l.server.enter()()
	l.unmanage()
}

// SetOnline changes what Seam says about the lock; the lock's behaviour is scripted separately.
func (l *Lock) SetOnline(online bool) {
	defer l.server.enter()()
	l.online = online
}

// Describe changes how Seam describes the lock, for instance its code constraints.
func (l *Lock) Describe(change func(device map[string]any)) {
	defer l.server.enter()()
	l.describe = append(l.describe, change)
}

func (l *Lock) forget(c *code) {
	l.codes = slices.DeleteFunc(l.codes, func(have *code) bool { return have == c })
}

// lockOf finds the lock that a request is about.
func (s *Server) lockOf(body object) *Lock {
	if id, ok := body["device_id"].(string); ok && s.locks[id] != nil {
		return s.locks[id]
	}
	id, _ := body["access_code_id"].(string)
	if c := s.codes[id]; c != nil {
		return c.lock
	}
	return nil
}

// script is scripted behaviour: a queue, then a default.
type script[T any] struct {
	queue    []T
	fallback *T
}

// take returns the next behaviour of the first script that has one.
func take[T any](lock, server *script[T]) (next T) {
	switch {
	case len(lock.queue) > 0:
		next, lock.queue = lock.queue[0], lock.queue[1:]
	case lock.fallback != nil:
		next = *lock.fallback
	case server.fallback != nil:
		next = *server.fallback
	}
	return next
}

// OnRemove queues behaviour for the next removals from this lock.
func (l *Lock) OnRemove(next ...Removal) {
	defer l.server.enter()()
	l.removals.queue = append(l.removals.queue, next...)
}

// OnCreate queues behaviour for the next codes created on this lock.
func (l *Lock) OnCreate(next ...Creation) {
	defer l.server.enter()()
	l.creations.queue = append(l.creations.queue, next...)
}

// OnUpdate queues behaviour for the next updates of codes on this lock.
func (l *Lock) OnUpdate(next ...Change) {
	defer l.server.enter()()
	l.changes.queue = append(l.changes.queue, next...)
}

// DefaultRemoval sets how this lock removes codes when nothing is queued.
func (l *Lock) DefaultRemoval(r Removal) {
	defer l.server.enter()()
	l.removals.fallback = &r
}

// DefaultCreation sets how this lock takes new codes when nothing is queued.
func (l *Lock) DefaultCreation(c Creation) {
	defer l.server.enter()()
	l.creations.fallback = &c
}

// DefaultChange sets how this lock takes updates when nothing is queued.
func (l *Lock) DefaultChange(c Change) {
	defer l.server.enter()()
	l.changes.fallback = &c
}

// DefaultRemoval sets how locks without a default of their own remove codes.
func (s *Server) DefaultRemoval(r Removal) {
	defer s.enter()()
	s.removals.fallback = &r
}

// DefaultCreation sets how locks without a default of their own take new codes.
func (s *Server) DefaultCreation(c Creation) {
	defer s.enter()()
	s.creations.fallback = &c
}

// DefaultChange sets how locks without a default of their own take updates.
func (s *Server) DefaultChange(c Change) {
	defer s.enter()()
	s.changes.fallback = &c
}

// UnmanagedIDs lists the unmanaged codes that Seam sees on the lock.
func (l *Lock) UnmanagedIDs() (ids []string) {
	defer l.server.enter()()
	for _, c := range l.codes {
		if !c.Managed {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
