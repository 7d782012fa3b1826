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

type adoptParams struct {
	ID           string `json:"access_code_id"`
	Managed      *bool  `json:"is_managed"`
	External     bool   `json:"is_external_modification_allowed"`
	ExternalTwin bool   `json:"allow_external_modification"`
}

func convertToManaged(x *exchange) (object, error) { return x.adopt(params[adoptParams](x)) }

func updateUnmanaged(x *exchange) (object, error) {
	p := params[adoptParams](x)
	if !*p.Managed {
		return nil, invalid("is_managed", "can only be set to true")
	}
	return x.adopt(p)
}

func (x *exchange) adopt(p adoptParams) (object, error) {
	c := x.code(p.ID, false)
	if c == nil {
		return nil, noCode()
	}
	if c.cannotBeManaged {
		return nil, refuse(http.StatusBadRequest, "cannot_be_managed", "This access code cannot be converted to a managed one")
	}
	c.Managed = true
	c.ExternalModificationAllowed = p.External || p.ExternalTwin
	x.server.emit(c, "unmanaged.converted_to_managed", nil)
	return nil, nil
}
