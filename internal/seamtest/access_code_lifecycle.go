package seamtest

import "time"

// scheduleForCode schedules a step that is skipped if the code's lifecycle changes before.
func (s *Server) scheduleForCode(c *accessCode, at time.Time, do func()) {
	epoch := c.generation
	s.scheduleAt(at, func() {
		if c.generation == epoch && !c.gone {
			do()
		}
	})
}

// scheduleSet schedules the programming of a code on the lock.
func (s *Server) scheduleSet(c *accessCode, assignAfter time.Duration) {
	behavior := c.behavior
	c.generation++
	c.Status = "unset"
	c.setLifecycleMutations()
	assigned := s.now.Add(assignAfter)
	begin := latest(assigned, c.StartsAt)
	if behavior.Scheduled {
		begin = s.deferUntilStart(c, begin)
	}
	set := latest(begin, latest(s.now, c.StartsAt).Add(behavior.SetAfter))
	s.scheduleForCode(c, assigned, func() { c.assignPIN() })
	s.scheduleForCode(c, begin, func() { s.markSetting(c) })
	if !behavior.NeverSet && behavior.Outcome != Fails {
		s.scheduleForCode(c, set, func() { s.markSet(c) })
	}
}

// deferUntilStart marks a code as waiting for its start. Without a start in the future there is one in
// an hour.
func (s *Server) deferUntilStart(c *accessCode, begin time.Time) time.Time {
	if !begin.After(s.now) {
		begin = s.now.Add(time.Hour)
	}
	c.setLifecycleMutations(&Mutation{Code: "deferring_creation", CreatedAt: s.now, ScheduledAt: begin})
	return begin
}

func (c *accessCode) assignPIN() {
	if c.PIN == "" {
		c.PIN, c.WaitingForAssignment = c.assignedPIN, false
	}
}

func (s *Server) markSetting(c *accessCode) {
	c.Status = "setting"
	c.setLifecycleMutations(&Mutation{Code: "creating", CreatedAt: s.now})
}

func (s *Server) markSet(c *accessCode) {
	c.Status, c.Errors = "set", nil
	c.setLifecycleMutations()
	if c.Offline {
		return
	}
	c.storePIN()
	s.emitAccessCodeEvent(c, "set_on_device", jsonObject{"code": c.PIN})
}

// scheduleExpiry schedules the end of a time-bound code. It is skipped if the end changes.
func (s *Server) scheduleExpiry(c *accessCode) {
	end := c.EndsAt
	if end.IsZero() {
		return
	}
	s.scheduleAt(end, func() {
		if !c.gone && c.EndsAt.Equal(end) {
			s.expireCode(c)
		}
	})
}

func (s *Server) expireCode(c *accessCode) {
	c.generation++
	if s.keepExpired && c.Status != "removing" {
		s.removeFromLock(c)
		c.Status, c.Mutations = "unset", nil
		return
	}
	s.removeCode(c)
}

// removeFromLock removes the PIN from the lock.
func (s *Server) removeFromLock(c *accessCode) {
	if !c.isStored() {
		return
	}
	delete(c.lock.storedPINs, c.ID)
	if c.Managed {
		s.emitAccessCodeEvent(c, "removed_from_device", nil)
	}
}

// removeCode removes a code from the lock and from Seam.
func (s *Server) removeCode(c *accessCode) {
	s.removeFromLock(c)
	s.forgetCode(c)
	if c.Managed {
		s.emitAccessCodeEvent(c, "deleted", jsonObject{"code": c.effectivePIN()})
		return
	}
	s.emitAccessCodeEvent(c, "unmanaged.removed", nil)
}
