package seamtest

import "net/http"

// PullBackup pulls a backup code for a managed code, as the endpoint does, and returns its id;
// the id is empty for a code that cannot have one.
func (s *Server) PullBackup(id string) string {
	defer s.enter()()
	c := s.codes[id]
	if c == nil || !c.Managed || c.EndsAt.IsZero() {
		return ""
	}
	return s.backup(c).ID
}

// backup returns the one backup code that a code has.
func (s *Server) backup(c *code) *code {
	if have := s.codes[c.PulledBackupID]; have != nil {
		return have
	}
	spare := &code{
		Code: Code{
			ID: newID(), Name: c.Name + " (backup)", StartsAt: c.StartsAt, EndsAt: c.EndsAt, CreatedAt: s.moment,
			Managed: true, Backup: true,
		},
		lock: c.lock, reserved: c.lock.freePIN(len(c.pin())),
	}
	s.introduce(spare, false)
	c.PulledBackupID = spare.ID
	c.Warnings = append(c.Warnings, Issue{"using_backup_access_code", "A backup code stands in for this one"})
	s.emit(c, "backup_access_code_pulled", object{"backup_access_code_id": spare.ID})
	return spare
}

func pullBackup(x *exchange) (object, error) {
	c, err := x.writable(params[codeParams](x).ID, "")
	if err != nil {
		return nil, err
	}
	if c.EndsAt.IsZero() {
		return nil, refuse(http.StatusBadRequest, "access_code_not_time_bound", "Only a time-bound access code has a backup")
	}
	spare := x.server.backup(c)
	return object{"access_code": c.object(), "backup_access_code": spare.object()}, nil
}
