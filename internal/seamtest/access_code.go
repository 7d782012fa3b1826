package seamtest

import (
	"maps"
	"slices"
	"time"
)

// Issue is an entry of the errors or warnings of a code.
type Issue struct{ Code, Message string }

// Mutation is a change that was asked for and is not on the lock yet.
type Mutation struct {
	Code        string
	CreatedAt   time.Time
	ScheduledAt time.Time
	From, To    map[string]any
}

// AccessCode is an access code as Seam stores it. Zero times are null.
type AccessCode struct {
	ID, DeviceID, WorkspaceID            string
	Name, PIN, CommonCodeKey             string
	StartsAt, EndsAt, CreatedAt          time.Time
	Status                               string
	Managed, Backup, Offline, OneTimeUse bool
	WaitingForAssignment                 bool // for its PIN
	ExternalModificationAllowed          bool
	PulledBackupID                       string
	Errors, Warnings                     []Issue
	Mutations                            []*Mutation
}

// accessCode is an AccessCode with the fields that Seam does not show.
type accessCode struct {
	AccessCode
	lock        *Lock
	method      *object // the access method that it belongs to, if any
	number      int
	behavior    CreateBehavior
	assignedPIN string    // the PIN that is assigned later
	visibleAt   time.Time // before this, reads do not find it
	generation  int       // incremented to cancel the scheduled steps of the lifecycle
	gone        bool

	masked           bool
	displayedAs      string
	cannotBeManaged  bool
	cannotBeDeleted  bool
	managedElsewhere bool // another workspace manages it
}

// AccessCode returns a managed access code as it is now, also one that reads do not find yet.
func (s *Server) AccessCode(id string) (AccessCode, bool) {
	defer s.lockAndAdvance()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return AccessCode{}, false
	}
	return c.snapshot(), true
}

// AccessCodes returns all managed access codes, lock by lock.
func (s *Server) AccessCodes() []AccessCode {
	defer s.lockAndAdvance()()
	var all []AccessCode
	for _, w := range s.workspaces {
		for _, l := range w.locks {
			for _, c := range l.codes {
				if c.Managed {
					all = append(all, c.snapshot())
				}
			}
		}
	}
	return all
}

func (c *accessCode) snapshot() AccessCode {
	snapshot := c.AccessCode
	snapshot.Mutations = nil
	for _, m := range c.Mutations {
		mutation := *m
		snapshot.Mutations = append(snapshot.Mutations, &mutation)
	}
	return snapshot
}

func (s *Server) addCode(c *accessCode) {
	c.number = s.nextNumber()
	c.DeviceID, c.WorkspaceID = c.lock.ID, c.lock.workspace.ID
	s.codes[c.ID] = c
	c.lock.codes = append(c.lock.codes, c)
}

// forgetCode removes a code from Seam. It does not change the lock.
func (s *Server) forgetCode(c *accessCode) {
	c.gone = true
	c.lock.removeCode(c)
	delete(s.codes, c.ID)
}

// unmanage makes a code unmanaged.
func (c *accessCode) unmanage() {
	c.generation++
	c.Status = "unset"
	if c.isStored() {
		c.Status = "set"
	}
	c.Managed, c.Mutations, c.Errors, c.Warnings = false, nil, nil, nil
}

// setLifecycleMutations replaces the mutations of the lifecycle and leaves those of updates.
func (c *accessCode) setLifecycleMutations(next ...*Mutation) {
	c.Mutations = append(next, slices.DeleteFunc(c.Mutations, func(m *Mutation) bool { return m.From == nil })...)
}

func (c *accessCode) storePIN() {
	c.lock.storedPINs[c.ID] = storedPIN{c.PIN, c.StartsAt, c.EndsAt}
}

func (c *accessCode) isStored() bool {
	_, stored := c.lock.storedPINs[c.ID]
	return stored
}

// effectivePIN is the PIN that the code has or will have.
func (c *accessCode) effectivePIN() string {
	if c.PIN == "" {
		return c.assignedPIN
	}
	return c.PIN
}

// overlaps reports whether two windows overlap.
func (c *accessCode) overlaps(starts, ends time.Time) bool {
	return (c.EndsAt.IsZero() || c.EndsAt.After(starts)) && (ends.IsZero() || ends.After(c.StartsAt))
}

func (c *accessCode) toJSON() jsonObject {
	o := jsonObject{
		"access_code_id":             c.ID,
		"device_id":                  c.DeviceID,
		"workspace_id":               c.WorkspaceID,
		"name":                       c.Name,
		"code":                       c.displayedPIN(),
		"type":                       c.kind(),
		"starts_at":                  formatTime(c.StartsAt),
		"ends_at":                    formatTime(c.EndsAt),
		"created_at":                 formatTime(c.CreatedAt),
		"is_managed":                 c.Managed,
		"status":                     c.Status,
		"errors":                     c.issues(c.Errors, "error_code"),
		"warnings":                   c.issues(c.Warnings, "warning_code"),
		"dormakaba_oracode_metadata": nil,
	}
	if c.Managed {
		c.addManagedFields(o)
		return o
	}
	if c.Status != "unset" {
		o["status"] = "set"
	}
	if c.cannotBeManaged {
		o["cannot_be_managed"] = true
	}
	if c.cannotBeDeleted {
		o["cannot_delete_unmanaged_access_code"] = true
	}
	return o
}

// addManagedFields adds what only managed codes have.
func (c *accessCode) addManagedFields(o jsonObject) {
	o["common_code_key"] = orNull(c.CommonCodeKey)
	o["is_backup"] = c.Backup
	o["is_backup_access_code_available"] = !c.EndsAt.IsZero() && !c.Backup && c.PulledBackupID == ""
	o["is_external_modification_allowed"] = c.ExternalModificationAllowed
	o["is_offline_access_code"] = c.Offline
	o["is_one_time_use"] = c.OneTimeUse
	o["is_scheduled_on_device"] = false
	o["is_waiting_for_code_assignment"] = c.WaitingForAssignment
	o["pulled_backup_access_code_id"] = orNull(c.PulledBackupID)
	o["pending_mutations"] = mutations(c.Mutations)
}

func (c *accessCode) kind() string {
	if c.EndsAt.IsZero() {
		return "ongoing"
	}
	return "time_bound"
}

func (c *accessCode) displayedPIN() any {
	switch {
	case c.masked:
		return nil
	case c.displayedAs != "":
		return c.displayedAs
	}
	return orNull(c.PIN)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// inheritedErrors are the errors that a code inherits from its device or account, with their flags.
var inheritedErrors = map[string]jsonObject{
	"account_disconnected":                 {"is_connected_account_error": true, "is_device_error": false},
	"salto_ks_subscription_limit_exceeded": {"is_connected_account_error": true, "is_device_error": false},
	"dormakaba_sites_disconnected":         {"is_connected_account_error": true, "is_device_error": false},
	"bridge_disconnected":                  {"is_bridge_error": true},
	"device_offline":                       {"is_device_error": true},
	"device_removed":                       {"is_device_error": true},
	"hub_disconnected":                     {"is_device_error": true},
	"device_disconnected":                  {"is_device_error": true},
	"empty_backup_access_code_pool":        {"is_device_error": true},
	"august_lock_not_authorized":           {"is_device_error": true},
	"missing_device_credentials":           {"is_device_error": true},
	"subscription_required":                {"is_device_error": true},
}

func (c *accessCode) issues(all []Issue, key string) []jsonObject {
	shown := []jsonObject{}
	for _, issue := range all {
		o := jsonObject{key: issue.Code, "message": issue.Message, "created_at": formatTime(c.CreatedAt)}
		flags, foreign := inheritedErrors[issue.Code]
		maps.Copy(o, flags)
		if key == "error_code" && !foreign {
			o["is_access_code_error"] = true
		}
		shown = append(shown, o)
	}
	return shown
}

func mutations(all []*Mutation) []jsonObject {
	shown := []jsonObject{}
	for _, m := range all {
		o := jsonObject{"mutation_code": m.Code, "message": "Not on the lock yet", "created_at": formatTime(m.CreatedAt)}
		if !m.ScheduledAt.IsZero() {
			o["scheduled_at"] = formatTime(m.ScheduledAt)
		}
		if m.From != nil {
			o["from"], o["to"] = m.From, m.To
		}
		shown = append(shown, o)
	}
	return shown
}
