package seamtest

import (
	"cmp"
	"net/http"
	"time"
)

// Unmanaged is a code on a lock that Seam sees and does not manage.
type Unmanaged struct {
	ID, Name, PIN string
	// SameID gives a ghost the id of the code it is left of.
	SameID bool
	// Masked shows null instead of the PIN, Shown any other text.
	Masked bool
	Shown  string
	// CreatedAt is the moment it is added, unless set.
	CreatedAt time.Time
	// AppearsAfter is how long the lock holds it before Seam lists it.
	AppearsAfter time.Duration

	CannotBeManaged, CannotDelete bool
	// OfAnotherWorkspace means that another workspace manages it, and that it takes force to
	// change that.
	OfAnotherWorkspace bool
}

// AddUnmanaged puts a code on the lock past Seam and returns its access_code_id.
func (l *Lock) AddUnmanaged(u Unmanaged) string {
	defer l.server.enter()()
	return l.server.addUnmanaged(l, u)
}

func (s *Server) addUnmanaged(l *Lock, u Unmanaged) string {
	c := &code{
		Code: Code{
			ID: cmp.Or(u.ID, newID()), Name: cmp.Or(u.Name, "Unmanaged"), PIN: u.PIN, Status: "set", CreatedAt: u.CreatedAt,
		},
		lock: l, masked: u.Masked, shown: u.Shown, visible: s.moment.Add(u.AppearsAfter),
		cannotBeManaged: u.CannotBeManaged, cannotBeDeleted: u.CannotDelete,
		foreign: u.OfAnotherWorkspace,
	}
	if c.CreatedAt.IsZero() {
		c.CreatedAt = s.moment
	}
	s.add(c)
	c.put()
	s.emit(c, "unmanaged.created", nil)
	return c.ID
}

// haunt leaves something of a code on the lock.
func (s *Server) haunt(l *Lock, ghost Unmanaged, was Code) {
	ghost.PIN = cmp.Or(ghost.PIN, was.PIN)
	ghost.Name = cmp.Or(ghost.Name, was.Name)
	if ghost.SameID {
		ghost.ID = was.ID
	}
	s.addUnmanaged(l, ghost)
}

func deleteUnmanaged(x *exchange) (object, error) {
	c := x.code(params[codeParams](x).ID, false)
	switch {
	case c == nil:
		return nil, noCode()
	case c.cannotBeDeleted:
		return nil, refuse(http.StatusBadRequest, "cannot_delete_unmanaged_access_code", "Only the manufacturer's app can delete this access code")
	case c.Status == "removing":
		return nil, refuse(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return x.deleted(c), nil
}
