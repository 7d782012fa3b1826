package seamtest

import (
	"cmp"
	"net/http"
	"time"
)

// UnmanagedAccessCode is an unmanaged code on a lock.
type UnmanagedAccessCode struct {
	ID, Name, PIN string
	// SameID gives a leftover the ID of the deleted code.
	SameID bool
	// Masked shows null instead of the PIN, DisplayedAs any other text.
	Masked      bool
	DisplayedAs string
	// CreatedAt is the moment it is added, unless set.
	CreatedAt time.Time
	// AppearsAfter is how long the lock holds it before Seam lists it.
	AppearsAfter time.Duration

	CannotBeManaged, CannotBeDeleted bool
	// ManagedByAnotherWorkspace means that another workspace manages it, and that it takes force to
	// change that.
	ManagedByAnotherWorkspace bool
}

// AddUnmanagedAccessCode puts a code on the lock outside Seam and returns its access_code_id.
func (l *Lock) AddUnmanagedAccessCode(u UnmanagedAccessCode) string {
	defer l.server.lockAndAdvance()()
	return l.server.addUnmanaged(l, u)
}

func (s *Server) addUnmanaged(l *Lock, u UnmanagedAccessCode) string {
	c := &accessCode{
		AccessCode: AccessCode{
			ID: cmp.Or(u.ID, newID()), Name: cmp.Or(u.Name, "Unmanaged"), PIN: u.PIN, Status: "set", CreatedAt: u.CreatedAt,
		},
		lock: l, masked: u.Masked, displayedAs: u.DisplayedAs, visibleAt: s.now.Add(u.AppearsAfter),
		cannotBeManaged: u.CannotBeManaged, cannotBeDeleted: u.CannotBeDeleted,
		managedElsewhere: u.ManagedByAnotherWorkspace,
	}
	if c.CreatedAt.IsZero() {
		c.CreatedAt = s.now
	}
	s.addCode(c)
	c.storePIN()
	s.emitAccessCodeEvent(c, "unmanaged.created", nil)
	return c.ID
}

// addLeftover leaves an unmanaged code with the PIN of a deleted code on the lock.
func (s *Server) addLeftover(l *Lock, leftover UnmanagedAccessCode, was AccessCode) {
	leftover.PIN = cmp.Or(leftover.PIN, was.PIN)
	leftover.Name = cmp.Or(leftover.Name, was.Name)
	if leftover.SameID {
		leftover.ID = was.ID
	}
	s.addUnmanaged(l, leftover)
}

func deleteUnmanagedAccessCode(call *apiCall) (jsonObject, error) {
	c := call.findCode(params[codeParams](call).ID, false)
	switch {
	case c == nil:
		return nil, accessCodeNotFound()
	case c.cannotBeDeleted:
		return nil, newAPIError(http.StatusBadRequest, "cannot_delete_unmanaged_access_code", "Only the manufacturer's app can delete this access code")
	case c.Status == "removing":
		return nil, newAPIError(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return call.startDelete(c), nil
}
