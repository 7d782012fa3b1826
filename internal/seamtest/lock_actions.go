package seamtest

import (
	"strings"
	"time"
)

// LockActionBehavior is how the lock handles lock_door and unlock_door. The zero value does it
// immediately.
type LockActionBehavior struct {
	// Takes is how long the attempt is pending.
	Takes time.Duration
	// Outcome is how the attempt ends. The lock state changes only if that is neither Fails nor StaysPending.
	Outcome Outcome

	ErrorType, ErrorMessage string

	// Stuck leaves the lock state unchanged, whatever the attempt says.
	Stuck bool
}

// IsLocked reports whether the door is locked.
func (l *Lock) IsLocked() bool {
	defer l.server.lockAndAdvance()()
	return l.locked
}

// SetLocked locks or unlocks the lock manually. Seam reports it.
func (l *Lock) SetLocked(locked bool) {
	defer l.server.lockAndAdvance()()
	l.server.setLocked(l, locked, jsonObject{"method": "manual"})
}

// OnLockAction queues behavior for the next times this lock is locked or unlocked.
func (l *Lock) OnLockAction(next ...LockActionBehavior) {
	defer l.server.lockAndAdvance()()
	l.onLockAction.queue = append(l.onLockAction.queue, next...)
}

// SetDefaultLockAction sets how this lock is locked and unlocked when nothing is queued.
func (l *Lock) SetDefaultLockAction(t LockActionBehavior) {
	defer l.server.lockAndAdvance()()
	l.onLockAction.fallback = &t
}

// SetDefaultLockAction sets how locks without a default of their own are locked and unlocked.
func (s *Server) SetDefaultLockAction(t LockActionBehavior) {
	defer s.lockAndAdvance()()
	s.onLockAction.fallback = &t
}

func lockDoor(call *apiCall) (jsonObject, error)   { return call.lockAction("LOCK_DOOR", true) }
func unlockDoor(call *apiCall) (jsonObject, error) { return call.lockAction("UNLOCK_DOOR", false) }

func (call *apiCall) lockAction(action string, locked bool) (jsonObject, error) {
	l, err := call.updatableDevice(params[deviceParams](call).DeviceID, false)
	if err != nil {
		return nil, err
	}
	s, behavior := call.server, nextBehavior(&l.onLockAction, &call.server.onLockAction)
	a := s.newAttempt(action, l, pendingAttempt, emptyResult)
	s.runAttempt(a, behavior, func() { s.setLocked(l, locked, jsonObject{"method": "remote", "action_attempt_id": a.id}) }, func() { s.emitLockActionResult(a) })
	return jsonObject{"action_attempt": a.toJSON()}, nil
}

// pendingAttempt is an attempt that runAttempt ends.
var pendingAttempt = attemptBehavior{outcome: StaysPending}

// runAttempt ends an attempt as the behavior says, and does what was asked for unless that fails.
func (s *Server) runAttempt(a *actionAttempt, behavior LockActionBehavior, do, ended func()) {
	if behavior.Outcome == StaysPending {
		return
	}
	s.scheduleAfter(behavior.Takes, func() {
		if behavior.Outcome != Fails && !behavior.Stuck {
			do()
		}
		a.finish(attemptBehavior{behavior.Takes, behavior.Outcome, behavior.ErrorType, behavior.ErrorMessage})
		ended()
	})
}

// setLocked emits no event if the state does not change.
func (s *Server) setLocked(l *Lock, locked bool, extra jsonObject) {
	if l.locked == locked {
		return
	}
	l.locked = locked
	kind := "lock.unlocked"
	if locked {
		kind = "lock.locked"
	}
	s.emitDeviceEvent(l, kind, extra)
}

// emitLockActionResult reports how an attempt on a door ended, if that is one of the documented ways.
func (s *Server) emitLockActionResult(a *actionAttempt) {
	name := map[string]string{"success": "succeeded", "error": "failed"}[a.status]
	if name == "" {
		return
	}
	kind := "action_attempt." + strings.ToLower(a.action) + "." + name
	s.emitDeviceEvent(a.lock, kind, jsonObject{"action_attempt_id": a.id, "action_type": a.action, "status": a.status})
}
