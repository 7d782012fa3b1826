package seamtest

import "time"

// lifecycle schedules a step that has a point only while the code goes the way it does now.
func (s *Server) lifecycle(c *code, at time.Time, do func()) {
	epoch := c.epoch
	s.when(at, func() {
		if c.epoch == epoch && !c.gone {
			do()
		}
	})
}

// bringUp schedules the way of a code onto the lock.
func (s *Server) bringUp(c *code, assignAfter time.Duration) {
	how := c.creation
	c.epoch++
	c.Status = "unset"
	c.progress()
	assigned := s.moment.Add(assignAfter)
	begin := latest(assigned, c.StartsAt)
	if how.Scheduled {
		begin = s.deferred(c, begin)
	}
	set := latest(begin, latest(s.moment, c.StartsAt).Add(how.SetAfter))
	s.lifecycle(c, assigned, func() { c.assign() })
	s.lifecycle(c, begin, func() { s.setting(c) })
	if !how.NeverSet && how.Ends != Fails {
		s.lifecycle(c, set, func() { s.set(c) })
	}
}

// deferred marks a code as waiting for its start. Without a start in the future there is one in
// an hour.
func (s *Server) deferred(c *code, begin time.Time) time.Time {
	if !begin.After(s.moment) {
		begin = s.moment.Add(time.Hour)
	}
	c.progress(&Mutation{Code: "deferring_creation", CreatedAt: s.moment, ScheduledAt: begin})
	return begin
}

func (c *code) assign() {
	if c.PIN == "" {
		c.PIN, c.Waiting = c.reserved, false
	}
}

func (s *Server) setting(c *code) {
	c.Status = "setting"
	c.progress(&Mutation{Code: "creating", CreatedAt: s.moment})
}

func (s *Server) set(c *code) {
	c.Status, c.Errors = "set", nil
	c.progress()
	if c.Offline {
		return
	}
	c.put()
	s.emit(c, "set_on_device", object{"code": c.PIN})
}

// expireAtEnd schedules the end of a time-bound code; it loses its point when the end moves.
func (s *Server) expireAtEnd(c *code) {
	end := c.EndsAt
	if end.IsZero() {
		return
	}
	s.when(end, func() {
		if !c.gone && c.EndsAt.Equal(end) {
			s.expire(c)
		}
	})
}

func (s *Server) expire(c *code) {
	c.epoch++
	if s.keepExpired && c.Status != "removing" {
		s.takeOff(c)
		c.Status, c.Mutations = "unset", nil
		return
	}
	s.vanish(c)
}

// takeOff removes the PIN from the lock.
func (s *Server) takeOff(c *code) {
	if !c.isHeld() {
		return
	}
	delete(c.lock.held, c.ID)
	if c.Managed {
		s.emit(c, "removed_from_device", nil)
	}
}

// vanish is the end of a code on the lock and at Seam.
func (s *Server) vanish(c *code) {
	s.takeOff(c)
	s.drop(c)
	if c.Managed {
		s.emit(c, "deleted", object{"code": c.pin()})
		return
	}
	s.emit(c, "unmanaged.removed", nil)
}
