package seamtest

import (
	"strings"
	"time"
)

// Turn is how the lock takes a lock_door or unlock_door. The zero value does it at once.
type Turn struct {
	// Takes is how long the attempt is pending.
	Takes time.Duration
	// Ends is how the attempt ends. The bolt moves only if that is neither Fails nor NeverEnds.
	Ends Ending

	ErrorType, ErrorMessage string

	// Stuck leaves the bolt where it is, whatever the attempt says.
	Stuck bool
}

// IsLocked tells whether the door is locked.
func (l *Lock) IsLocked() bool {
	defer l.server.enter()()
	return l.locked
}

// SetLocked turns the bolt by hand, and Seam sees it.
func (l *Lock) SetLocked(locked bool) {
	defer l.server.enter()()
	l.server.turn(l, locked, object{"method": "manual"})
}

// OnTurn queues behaviour for the next times this lock is locked or unlocked.
func (l *Lock) OnTurn(next ...Turn) {
	defer l.server.enter()()
	l.turns.queue = append(l.turns.queue, next...)
}

// DefaultTurn sets how this lock is locked and unlocked when nothing is queued.
func (l *Lock) DefaultTurn(t Turn) {
	defer l.server.enter()()
	l.turns.fallback = &t
}

// DefaultTurn sets how locks without a default of their own are locked and unlocked.
func (s *Server) DefaultTurn(t Turn) {
	defer s.enter()()
	s.turns.fallback = &t
}

func lockDoor(x *exchange) (object, error)   { return x.turn("LOCK_DOOR", true) }
func unlockDoor(x *exchange) (object, error) { return x.turn("UNLOCK_DOOR", false) }

func (x *exchange) turn(action string, locked bool) (object, error) {
	l, err := x.deviceOn(params[deviceParams](x).DeviceID, false)
	if err != nil {
		return nil, err
	}
	s, how := x.server, take(&l.turns, &x.server.turns)
	a := s.attempt(action, l, outcome{how.Takes, NeverEnds, "", ""}, nothing)
	if how.Ends != NeverEnds {
		s.after(how.Takes, func() {
			if how.Ends != Fails && !how.Stuck {
				s.turn(l, locked, object{"method": "remote", "action_attempt_id": a.id})
			}
			a.end(outcome{how.Takes, how.Ends, how.ErrorType, how.ErrorMessage})
			s.ended(a)
		})
	}
	return object{"action_attempt": a.object()}, nil
}

// turn is silent about a bolt that is there already.
func (s *Server) turn(l *Lock, locked bool, how object) {
	if l.locked == locked {
		return
	}
	l.locked = locked
	kind := "lock.unlocked"
	if locked {
		kind = "lock.locked"
	}
	s.report(l, kind, how)
}

// ended reports how an attempt on a door ended, if that is one of the documented ways.
func (s *Server) ended(a *attempt) {
	name := map[string]string{"success": "succeeded", "error": "failed"}[a.status]
	if name == "" {
		return
	}
	kind := "action_attempt." + strings.ToLower(a.action) + "." + name
	s.report(a.lock, kind, object{"action_attempt_id": a.id, "action_type": a.action, "status": a.status})
}
