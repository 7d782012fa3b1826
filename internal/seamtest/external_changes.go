package seamtest

import "maps"

// RemoveUnmanagedAccessCode removes an unmanaged code from the lock.
func (s *Server) RemoveUnmanagedAccessCode(id string) {
	defer s.lockAndAdvance()()
	if c := s.codes[id]; c != nil && !c.Managed {
		s.removeCode(c)
	}
}

// RemoveAccessCode deletes a managed code outside the API, from the lock and from Seam.
func (s *Server) RemoveAccessCode(id string) {
	defer s.lockAndAdvance()()
	if c := s.codes[id]; c != nil && c.Managed {
		s.emitAccessCodeEvent(c, "deleted_external_to_seam", nil)
		s.removeCode(c)
	}
}

// ChangeAccessCode changes the name, PIN, window or flags of a managed code on the lock and in
// Seam. The callback must not call the server.
func (s *Server) ChangeAccessCode(id string, change func(*AccessCode)) {
	defer s.lockAndAdvance()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return
	}
	old := window{c.StartsAt, c.EndsAt}
	change(&c.AccessCode)
	c.masked, c.displayedAs = false, ""
	s.reprogram(c, old)
	s.emitAccessCodeEvent(c, "modified_external_to_seam", nil)
}

// UnmanageAccessCode makes a managed code unmanaged; its id stays.
func (s *Server) UnmanageAccessCode(id string) {
	defer s.lockAndAdvance()()
	if c := s.codes[id]; c != nil && c.Managed {
		c.unmanage()
	}
}

// SetNickname sets the nickname of the lock outside the API. An empty nickname removes it.
func (l *Lock) SetNickname(nickname string) {
	defer l.server.lockAndAdvance()()
	l.setNickname(nickname)
}

// SetMetadata replaces the custom metadata of the lock outside the API.
func (l *Lock) SetMetadata(metadata map[string]any) {
	defer l.server.lockAndAdvance()()
	l.metadata = jsonObject{}
	maps.Copy(l.metadata, metadata)
}

// SetBackupPool switches the backup access code pool of the lock outside the API.
func (l *Lock) SetBackupPool(enabled bool) {
	defer l.server.lockAndAdvance()()
	l.backupPool = enabled
}

// MoveAccessCode moves a managed code and its PIN to another lock of its workspace.
func (s *Server) MoveAccessCode(id string, to *Lock) {
	defer s.lockAndAdvance()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return
	}
	stored := c.isStored()
	delete(c.lock.storedPINs, c.ID)
	c.lock.removeCode(c)
	c.lock, c.DeviceID = to, to.ID
	to.codes = append(to.codes, c)
	if stored {
		c.storePIN()
	}
}
