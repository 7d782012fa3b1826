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

// Code is an access code as Seam knows it. Zero times are null.
type Code struct {
	ID, DeviceID, WorkspaceID            string
	Name, PIN, CommonCodeKey             string
	StartsAt, EndsAt, CreatedAt          time.Time
	Status                               string
	Managed, Backup, Offline, OneTimeUse bool
	Waiting                              bool // for its PIN
	ExternalModificationAllowed          bool
	PulledBackupID                       string
	Errors, Warnings                     []Issue
	Mutations                            []*Mutation
}

// code is a Code with what Seam does not tell.
type code struct {
	Code
	lock     *Lock
	number   int
	creation Creation
	reserved string    // the PIN that is assigned later
	visible  time.Time // before this, reads do not find it
	epoch    int       // goes up when scheduled steps of the lifecycle lose their point
	gone     bool

	masked          bool
	shown           string
	cannotBeManaged bool
	cannotBeDeleted bool
	foreign         bool // another workspace manages it
}

// Code returns a managed access code as it is now, also one that reads do not find yet.
func (s *Server) Code(id string) (Code, bool) {
	defer s.enter()()
	c := s.codes[id]
	if c == nil || !c.Managed {
		return Code{}, false
	}
	return c.snapshot(), true
}

// Codes returns all managed access codes, lock by lock.
func (s *Server) Codes() []Code {
	defer s.enter()()
	var all []Code
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

func (c *code) snapshot() Code {
	snapshot := c.Code
	snapshot.Mutations = nil
	for _, m := range c.Mutations {
		mutation := *m
		snapshot.Mutations = append(snapshot.Mutations, &mutation)
	}
	return snapshot
}

func (s *Server) add(c *code) {
	c.number = s.next()
	c.DeviceID, c.WorkspaceID = c.lock.ID, c.lock.workspace.ID
	s.codes[c.ID] = c
	c.lock.codes = append(c.lock.codes, c)
}

// drop makes Seam forget a code. What the lock holds is another matter.
func (s *Server) drop(c *code) {
	c.gone = true
	c.lock.forget(c)
	delete(s.codes, c.ID)
}

// release makes a code unmanaged.
func (c *code) release() {
	c.epoch++
	c.Status = "unset"
	if c.isHeld() {
		c.Status = "set"
	}
	c.Managed, c.Mutations, c.Errors, c.Warnings = false, nil, nil, nil
}

// progress replaces the mutations of the lifecycle and leaves those of updates.
func (c *code) progress(next ...*Mutation) {
	c.Mutations = append(next, slices.DeleteFunc(c.Mutations, func(m *Mutation) bool { return m.From == nil })...)
}

func (c *code) put() {
	c.lock.held[c.ID] = slot{c.PIN, c.StartsAt, c.EndsAt}
}

func (c *code) isHeld() bool {
	_, held := c.lock.held[c.ID]
	return held
}

// pin is the PIN that the code has or will have.
func (c *code) pin() string {
	if c.PIN == "" {
		return c.reserved
	}
	return c.PIN
}

// overlaps tells whether there is an instant in both windows.
func (c *code) overlaps(starts, ends time.Time) bool {
	return (c.EndsAt.IsZero() || c.EndsAt.After(starts)) && (ends.IsZero() || ends.After(c.StartsAt))
}

func (c *code) object() object {
	o := object{
		"access_code_id":             c.ID,
		"device_id":                  c.DeviceID,
		"workspace_id":               c.WorkspaceID,
		"name":                       c.Name,
		"code":                       c.displayed(),
		"type":                       c.kind(),
		"starts_at":                  stamp(c.StartsAt),
		"ends_at":                    stamp(c.EndsAt),
		"created_at":                 stamp(c.CreatedAt),
		"is_managed":                 c.Managed,
		"status":                     c.Status,
		"errors":                     c.issues(c.Errors, "error_code"),
		"warnings":                   c.issues(c.Warnings, "warning_code"),
		"dormakaba_oracode_metadata": nil,
	}
	if c.Managed {
		c.describe(o)
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

// describe adds what only managed codes have.
func (c *code) describe(o object) {
	o["common_code_key"] = orNull(c.CommonCodeKey)
	o["is_backup"] = c.Backup
	o["is_backup_access_code_available"] = !c.EndsAt.IsZero() && !c.Backup && c.PulledBackupID == ""
	o["is_external_modification_allowed"] = c.ExternalModificationAllowed
	o["is_offline_access_code"] = c.Offline
	o["is_one_time_use"] = c.OneTimeUse
	o["is_scheduled_on_device"] = false
	o["is_waiting_for_code_assignment"] = c.Waiting
	o["pulled_backup_access_code_id"] = orNull(c.PulledBackupID)
	o["pending_mutations"] = mutations(c.Mutations)
}

func (c *code) kind() string {
	if c.EndsAt.IsZero() {
		return "ongoing"
	}
	return "time_bound"
}

func (c *code) displayed() any {
	switch {
	case c.masked:
		return nil
	case c.shown != "":
		return c.shown
	}
	return orNull(c.PIN)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// inherited errors are not the access code's own.
var inherited = map[string]object{
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

func (c *code) issues(all []Issue, key string) []object {
	shown := []object{}
	for _, issue := range all {
		o := object{key: issue.Code, "message": issue.Message, "created_at": stamp(c.CreatedAt)}
		whose, foreign := inherited[issue.Code]
		maps.Copy(o, whose)
		if key == "error_code" && !foreign {
			o["is_access_code_error"] = true
		}
		shown = append(shown, o)
	}
	return shown
}

func mutations(all []*Mutation) []object {
	shown := []object{}
	for _, m := range all {
		o := object{"mutation_code": m.Code, "message": "Not on the lock yet", "created_at": stamp(m.CreatedAt)}
		if !m.ScheduledAt.IsZero() {
			o["scheduled_at"] = stamp(m.ScheduledAt)
		}
		if m.From != nil {
			o["from"], o["to"] = m.From, m.To
		}
		shown = append(shown, o)
	}
	return shown
}
