package seamtest

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Removal is how the lock takes a delete. The zero value removes the code at once.
type Removal struct {
	// NoAttempt leaves the action attempt out of the answer.
	NoAttempt bool
	// Takes is how long the attempt is pending.
	Takes time.Duration
	// Ends is how the attempt ends.
	Ends Ending

	ErrorType, ErrorMessage string

	// GoneAfter is how long reads still find the code. Zero: until the attempt ends; if that
	// fails or never ends, the code stays.
	GoneAfter time.Duration
	// Stays keeps the code for good, whatever the attempt says.
	Stays bool
	// Ghost is what the lock still holds when the code is gone.
	Ghost *Unmanaged
	// Errors and Warnings are shown while removing.
	Errors, Warnings []Issue
}

type codeParams struct {
	ID       string `json:"access_code_id"`
	DeviceID string `json:"device_id"`
}

func deleteCode(x *exchange) (object, error) {
	p := params[codeParams](x)
	c, err := x.writable(p.ID, p.DeviceID)
	if err != nil {
		return nil, err
	}
	return x.deleted(c), nil
}

func (x *exchange) deleted(c *code) object {
	how := take(&c.lock.removals, &x.server.removals)
	o := outcome{how.Takes, how.Ends, how.ErrorType, how.ErrorMessage}
	x.server.remove(c, how)
	return asked(x.server.attempt("DELETE_ACCESS_CODE", c.lock, o, nothing), how.NoAttempt)
}

// writable finds a managed code that can be changed or deleted.
func (x *exchange) writable(id, deviceID string) (*code, error) {
	c := x.code(id, true)
	switch {
	case c == nil || deviceID != "" && deviceID != c.DeviceID:
		return nil, noCode()
	case c.Offline:
		return nil, invalid("access_code_id", "belongs to an offline access code, which cannot be changed or deleted")
	case c.Status == "removing":
		return nil, refuse(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return c, nil
}

func (s *Server) remove(c *code, how Removal) {
	c.epoch++
	undo := s.undo(c, c.Warnings, how)
	c.Status, c.Errors = "removing", how.Errors
	c.Mutations = []*Mutation{{Code: "deleting", CreatedAt: s.moment}}
	c.Warnings = append([]Issue{{"being_deleted", "The access code is being deleted"}}, how.Warnings...)
	switch {
	case how.Stays || how.Ends == Fails && how.GoneAfter == 0:
		if how.Ends != NeverEnds {
			s.after(how.Takes, undo)
		}
	case how.GoneAfter > 0 || how.Ends != NeverEnds:
		s.after(cmp.Or(how.GoneAfter, how.Takes), func() { s.removed(c, how.Ghost) })
	}
}

// undo puts a code that was not removed back to what it was.
func (s *Server) undo(c *code, warnings []Issue, how Removal) func() {
	epoch := c.epoch
	return func() {
		if c.gone || c.epoch != epoch {
			return
		}
		c.Status, c.Warnings, c.Mutations = "set", warnings, nil
		if how.Ends != Fails {
			c.Errors = nil
		}
		if !c.isHeld() {
			s.bringUp(c, 0)
		}
	}
}

func (s *Server) removed(c *code, ghost *Unmanaged) {
	if c.gone {
		return
	}
	was := c.snapshot()
	s.vanish(c)
	if ghost != nil {
		s.haunt(c.lock, *ghost, was)
	}
}

// code finds a code that reads find, on one side of management.
func (x *exchange) code(id string, managed bool) *code {
	c := x.server.codes[id]
	if c == nil || c.Managed != managed || !x.finds(c) {
		return nil
	}
	return c
}

func (x *exchange) finds(c *code) bool {
	return c.lock.workspace == x.workspace && !c.lock.gone && !c.visible.After(x.server.moment)
}

// codesOf lists the codes of a lock that reads find.
func (x *exchange) codesOf(l *Lock, managed bool) []*code {
	return slices.DeleteFunc(slices.Clone(l.codes), func(c *code) bool { return c.Managed != managed || !x.finds(c) })
}
