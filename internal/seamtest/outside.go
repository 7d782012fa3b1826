package seamtest

import "maps"

// RemoveUnmanaged cleans an unmanaged code from the lock.
func (s *Server) RemoveUnmanaged(id string) {
	defer s.enter()()
	if c := s.codes[id]; c != nil && !c.Managed {
		s.vanish(c)
	}
}

// RemoveOutside deletes a managed code behind the caller's back, from the lock and from Seam.
func (s *Server) RemoveOutside(id string) {
	defer s.enter()()
	if c := s.codes[id]; c != nil && c.Managed {
		s.emit(c, "deleted_external_to_seam", nil)
		s.vanish(c)
	}
}

// ChangeOutside changes the name, PIN, window or flags of a managed code on the lock, and Seam
// sees it. The change must not call the server.
func (s *Server) ChangeOutside(id string, change func(*Code)) {
	defer s.enter()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return
	}
	old := frame{c.StartsAt, c.EndsAt}
	change(&c.Code)
	c.masked, c.shown = false, ""
	s.reprogram(c, old)
	s.emit(c, "modified_external_to_seam", nil)
}

// UnmanageCode makes a managed code unmanaged; its id stays.
func (s *Server) UnmanageCode(id string) {
	defer s.enter()()
	if c := s.codes[id]; c != nil && c.Managed {
		c.release()
	}
}

// Rename gives the lock a nickname behind the caller's back; an empty one takes it away.
func (l *Lock) Rename(nickname string) {
	defer l.server.enter()()
	l.rename(nickname)
}

// SetMetadata replaces the custom metadata of the lock behind the caller's back.
func (l *Lock) SetMetadata(metadata map[string]any) {
	defer l.server.enter()()
	l.metadata = object{}
	maps.Copy(l.metadata, metadata)
}

// SetBackupPool switches the backup access code pool of the lock behind the caller's back.
func (l *Lock) SetBackupPool(enabled bool) {
	defer l.server.enter()()
	l.pool = enabled
}

// MoveCode makes Seam say that a managed code is on another lock of its workspace. Its PIN
// goes with it.
func (s *Server) MoveCode(id string, to *Lock) {
	defer s.enter()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return
	}
	held := c.isHeld()
	delete(c.lock.held, c.ID)
	c.lock.forget(c)
	c.lock, c.DeviceID = to, to.ID
	to.codes = append(to.codes, c)
	if held {
		c.put()
	}
}
