package seamtest

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// DeleteBehavior is how the lock handles a delete. The zero value removes the code immediately.
type DeleteBehavior struct {
	// NoAttempt leaves the action attempt out of the response.
	NoAttempt bool
	// Takes is how long the attempt is pending.
	Takes time.Duration
	// Outcome is how the attempt ends.
	Outcome Outcome

	ErrorType, ErrorMessage string

	// GoneAfter is how long reads still find the code. Zero: until the attempt ends; if that
	// fails or never ends, the code stays.
	GoneAfter time.Duration
	// Stays keeps the code for good, whatever the attempt says.
	Stays bool
	// Leftover is an unmanaged code that stays on the lock when the code is gone.
	Leftover *UnmanagedAccessCode
	// Errors and Warnings are shown while removing.
	Errors, Warnings []Issue
}

type codeParams struct {
	ID       string `json:"access_code_id"`
	DeviceID string `json:"device_id"`
}

func deleteAccessCode(call *apiCall) (jsonObject, error) {
	p := params[codeParams](call)
	c, err := call.writableCode(p.ID, p.DeviceID)
	if err != nil {
		return nil, err
	}
	return call.startDelete(c), nil
}

func (call *apiCall) startDelete(c *accessCode) jsonObject {
	behavior := nextBehavior(&c.lock.onDelete, &call.server.onDelete)
	o := attemptBehavior{behavior.Takes, behavior.Outcome, behavior.ErrorType, behavior.ErrorMessage}
	call.server.startRemoval(c, behavior)
	return attemptResponse(call.server.newAttempt("DELETE_ACCESS_CODE", c.lock, o, emptyResult), behavior.NoAttempt)
}

// writableCode finds a managed code that can be changed or deleted.
func (call *apiCall) writableCode(id, deviceID string) (*accessCode, error) {
	c := call.findCode(id, true)
	switch {
	case c == nil || deviceID != "" && deviceID != c.DeviceID:
		return nil, accessCodeNotFound()
	case c.Offline:
		return nil, invalidInput("access_code_id", "belongs to an offline access code, which cannot be changed or deleted")
	case c.Status == "removing":
		return nil, newAPIError(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return c, nil
}

func (s *Server) startRemoval(c *accessCode, behavior DeleteBehavior) {
	c.generation++
	undo := s.undoRemoval(c, c.Warnings, behavior)
	c.Status, c.Errors = "removing", behavior.Errors
	c.Mutations = []*Mutation{{Code: "deleting", CreatedAt: s.now}}
	c.Warnings = append([]Issue{{"being_deleted", "The access code is being deleted"}}, behavior.Warnings...)
	switch {
	case behavior.Stays || behavior.Outcome == Fails && behavior.GoneAfter == 0:
		if behavior.Outcome != StaysPending {
			s.scheduleAfter(behavior.Takes, undo)
		}
	case behavior.GoneAfter > 0 || behavior.Outcome != StaysPending:
		s.scheduleAfter(cmp.Or(behavior.GoneAfter, behavior.Takes), func() { s.finishRemoval(c, behavior.Leftover) })
	}
}

// undoRemoval restores a code whose removal failed.
func (s *Server) undoRemoval(c *accessCode, warnings []Issue, behavior DeleteBehavior) func() {
	epoch := c.generation
	return func() {
		if c.gone || c.generation != epoch {
			return
		}
		c.Status, c.Warnings, c.Mutations = "set", warnings, nil
		if behavior.Outcome != Fails {
			c.Errors = nil
		}
		if !c.isStored() {
			s.scheduleSet(c, 0)
		}
	}
}

func (s *Server) finishRemoval(c *accessCode, leftover *UnmanagedAccessCode) {
	if c.gone {
		return
	}
	was := c.snapshot()
	s.removeCode(c)
	if leftover != nil {
		s.addLeftover(c.lock, *leftover, was)
	}
	if c.method != nil {
		s.reconcile(c.method) // it gets another one, unless it lost this door
	}
}

// findCode finds a visible code, either managed or unmanaged.
func (call *apiCall) findCode(id string, managed bool) *accessCode {
	c := call.server.codes[id]
	if c == nil || c.Managed != managed || !call.codeVisible(c) {
		return nil
	}
	return c
}

func (call *apiCall) codeVisible(c *accessCode) bool {
	return c.lock.workspace == call.workspace && !c.lock.gone && !c.visibleAt.After(call.server.now)
}

// codesOf lists the visible codes of a lock.
func (call *apiCall) codesOf(l *Lock, managed bool) []*accessCode {
	return slices.DeleteFunc(slices.Clone(l.codes), func(c *accessCode) bool { return c.Managed != managed || !call.codeVisible(c) })
}
