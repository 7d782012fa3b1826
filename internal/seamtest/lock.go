package seamtest

import (
	"slices"
	"time"
)

// Lock is a device with a keypad. Its memory is separate from what Seam reports: tests ask the
// lock itself whether a PIN opens it.
type Lock struct {
	ID, Name string

	server             *Server
	workspace          *Workspace
	number             int
	created            time.Time
	connectedAccountID string
	namedCodes         int
	describeFuncs      []func(device map[string]any)

	nickname, customerKey string
	metadata              jsonObject
	spaces                []string

	online, gone, unmanaged, backupPool, locked bool

	storedPINs  map[string]storedPIN
	offlinePINs []storedPIN
	codes       []*accessCode

	writesInFlight int
	recentWrites   map[string][]time.Time

	onDelete     behaviorQueue[DeleteBehavior]
	onCreate     behaviorQueue[CreateBehavior]
	onUpdate     behaviorQueue[UpdateBehavior]
	onLockAction behaviorQueue[LockActionBehavior]
	onConvert    behaviorQueue[ConvertBehavior]
}

// storedPIN is a PIN in the memory of a lock.
type storedPIN struct {
	pin          string
	starts, ends time.Time
}

func (p storedPIN) opens(pin string, at time.Time) bool {
	return p.pin == pin && !at.Before(p.starts) && (p.ends.IsZero() || at.Before(p.ends))
}

// AddLock adds a lock to the first workspace.
func (s *Server) AddLock(name string) *Lock { return s.Workspace().AddLock(name) }

// AddLock adds a lock to the workspace.
func (w *Workspace) AddLock(name string) *Lock {
	s := w.server
	defer s.lockAndAdvance()()
	l := &Lock{
		ID: newID(), Name: name, server: s, workspace: w, number: s.nextNumber(), created: s.now, connectedAccountID: newID(),
		metadata: jsonObject{}, spaces: []string{}, online: true, locked: true, storedPINs: map[string]storedPIN{}, recentWrites: map[string][]time.Time{},
	}
	s.locks[l.ID] = l
	w.locks = append(w.locks, l)
	return l
}

// Device returns a lock by its device id, or nil.
func (s *Server) Device(id string) *Lock {
	defer s.lockAndAdvance()()
	return s.locks[id]
}

// Opens reports whether the PIN opens the door now.
func (l *Lock) Opens(pin string) bool {
	defer l.server.lockAndAdvance()()
	for _, p := range l.storedPINs {
		if p.opens(pin, l.server.now) {
			return true
		}
	}
	return slices.ContainsFunc(l.offlinePINs, func(p storedPIN) bool { return p.opens(pin, l.server.now) })
}

// Holds reports whether the lock has stored the PIN, regardless of its window. Offline codes are
// computed by the lock, not stored.
func (l *Lock) Holds(pin string) bool { return slices.Contains(l.PINs(), pin) }

// PINs returns the PINs that the lock has stored, sorted.
func (l *Lock) PINs() []string {
	defer l.server.lockAndAdvance()()
	pins := []string{}
	for _, p := range l.storedPINs {
		pins = append(pins, p.pin)
	}
	slices.Sort(pins)
	return pins
}

// Disappear makes the lock and its codes unknown to Seam. The lock itself keeps working.
func (l *Lock) Disappear() {
	defer l.server.lockAndAdvance()()
	l.gone = true
}

// Restore undoes Disappear, and Unmanage for the lock; codes stay unmanaged.
func (l *Lock) Restore() {
	defer l.server.lockAndAdvance()()
	l.gone, l.unmanaged = false, false
}

// Unmanage moves the lock and its codes to the unmanaged endpoints.
func (l *Lock) Unmanage() {
	defer l.server.lockAndAdvance()()
	l.unmanage()
}

// SetOnline changes what Seam says about the lock; the lock's behavior is set separately.
func (l *Lock) SetOnline(online bool) {
	defer l.server.lockAndAdvance()()
	l.online = online
}

// Describe changes how Seam describes the lock, for instance its code constraints.
func (l *Lock) Describe(change func(device map[string]any)) {
	defer l.server.lockAndAdvance()()
	l.describeFuncs = append(l.describeFuncs, change)
}

func (l *Lock) removeCode(c *accessCode) {
	l.codes = slices.DeleteFunc(l.codes, func(have *accessCode) bool { return have == c })
}

// lockOf finds the lock that a request is about.
func (s *Server) lockOf(body jsonObject) *Lock {
	if id, ok := body["device_id"].(string); ok && s.locks[id] != nil {
		return s.locks[id]
	}
	id, _ := body["access_code_id"].(string)
	if c := s.codes[id]; c != nil {
		return c.lock
	}
	return nil
}

// behaviorQueue is a queue of behaviors with a default.
type behaviorQueue[T any] struct {
	queue    []T
	fallback *T
}

// nextBehavior returns the next behavior of the first queue that has one.
func nextBehavior[T any](lock, server *behaviorQueue[T]) (next T) {
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

// OnDelete queues behavior for the next removals from this lock.
func (l *Lock) OnDelete(next ...DeleteBehavior) {
	defer l.server.lockAndAdvance()()
	l.onDelete.queue = append(l.onDelete.queue, next...)
}

// OnCreate queues behavior for the next codes created on this lock.
func (l *Lock) OnCreate(next ...CreateBehavior) {
	defer l.server.lockAndAdvance()()
	l.onCreate.queue = append(l.onCreate.queue, next...)
}

// OnUpdate queues behavior for the next updates of codes on this lock.
func (l *Lock) OnUpdate(next ...UpdateBehavior) {
	defer l.server.lockAndAdvance()()
	l.onUpdate.queue = append(l.onUpdate.queue, next...)
}

// SetDefaultDelete sets how this lock removes codes when nothing is queued.
func (l *Lock) SetDefaultDelete(r DeleteBehavior) {
	defer l.server.lockAndAdvance()()
	l.onDelete.fallback = &r
}

// SetDefaultCreate sets how this lock handles creates when nothing is queued.
func (l *Lock) SetDefaultCreate(c CreateBehavior) {
	defer l.server.lockAndAdvance()()
	l.onCreate.fallback = &c
}

// SetDefaultUpdate sets how this lock handles updates when nothing is queued.
func (l *Lock) SetDefaultUpdate(c UpdateBehavior) {
	defer l.server.lockAndAdvance()()
	l.onUpdate.fallback = &c
}

// SetDefaultDelete sets how locks without their own default remove codes.
func (s *Server) SetDefaultDelete(r DeleteBehavior) {
	defer s.lockAndAdvance()()
	s.onDelete.fallback = &r
}

// SetDefaultCreate sets how locks without their own default handle creates.
func (s *Server) SetDefaultCreate(c CreateBehavior) {
	defer s.lockAndAdvance()()
	s.onCreate.fallback = &c
}

// SetDefaultUpdate sets how locks without their own default handle updates.
func (s *Server) SetDefaultUpdate(c UpdateBehavior) {
	defer s.lockAndAdvance()()
	s.onUpdate.fallback = &c
}

// UnmanagedAccessCodeIDs lists the unmanaged codes that Seam sees on the lock.
func (l *Lock) UnmanagedAccessCodeIDs() (ids []string) {
	defer l.server.lockAndAdvance()()
	for _, c := range l.codes {
		if !c.Managed {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
