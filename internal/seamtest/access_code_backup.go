package seamtest

import "net/http"

// PullBackupAccessCode pulls a backup code for a managed code, as the endpoint does, and returns its id;
// the id is empty for a code that cannot have one.
func (s *Server) PullBackupAccessCode(id string) string {
	defer s.lockAndAdvance()()
	c := s.codes[id]
	if c == nil || !c.Managed || c.EndsAt.IsZero() {
		return ""
	}
	return s.pullBackup(c).ID
}

// pullBackup returns the backup code of a code, and creates it on the first call.
func (s *Server) pullBackup(c *accessCode) *accessCode {
	if have := s.codes[c.PulledBackupID]; have != nil {
		return have
	}
	backup := &accessCode{
		AccessCode: AccessCode{
			ID: newID(), Name: c.Name + " (backup)", StartsAt: c.StartsAt, EndsAt: c.EndsAt, CreatedAt: s.now,
			Managed: true, Backup: true,
		},
		lock: c.lock, assignedPIN: c.lock.freePIN(len(c.effectivePIN())),
	}
	s.registerCode(backup, false)
	c.PulledBackupID = backup.ID
	if c.method != nil {
		s.addBackupMethod(c.method, backup)
	}
	c.Warnings = append(c.Warnings, Issue{"using_backup_access_code", "A backup code replaces this one"})
	s.emitAccessCodeEvent(c, "backup_access_code_pulled", jsonObject{"backup_access_code_id": backup.ID})
	return backup
}

// addBackupMethod gives the grants of a method another one, for the backup code.
func (s *Server) addBackupMethod(original *object, backup *accessCode) {
	grants := s.grantsOf(original)
	if len(grants) == 0 {
		return
	}
	backup.method = s.addMethod(grants[0], requestedMethod{Mode: "code", Code: backup.effectivePIN()})
	backup.method.links["device"] = []string{backup.DeviceID}
	backup.method.warn("pulled_backup_access_code", "It is the backup of another one", jsonObject{"original_access_method_id": original.id})
	for _, grant := range grants[1:] {
		s.shareMethod(backup.method, grant)
	}
	for _, grant := range grants {
		grant.addCreatedMethod(original, backup.method)
	}
	s.issue(backup.method, "issued")
}

// addCreatedMethod lists a method where another one was requested.
func (o *object) addCreatedMethod(original, method *object) {
	requested, _ := o.fields["requested_access_methods"].([]any)
	for _, entry := range requested {
		if entry := objectOf(entry); contains(entry["created_access_method_ids"], original.id) {
			(&object{fields: entry}).extend("created_access_method_ids", method.id)
		}
	}
}

func pullBackupAccessCode(call *apiCall) (jsonObject, error) {
	c, err := call.writableCode(params[codeParams](call).ID, "")
	if err != nil {
		return nil, err
	}
	if c.EndsAt.IsZero() {
		return nil, newAPIError(http.StatusBadRequest, "access_code_not_time_bound", "Only a time-bound access code has a backup")
	}
	backup := call.server.pullBackup(c)
	return jsonObject{"access_code": c.toJSON(), "backup_access_code": backup.toJSON()}, nil
}
