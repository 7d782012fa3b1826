package seamtest

import (
	"slices"
	"time"
)

// UpdateBehavior is how the lock handles an update. The zero value applies it immediately.
type UpdateBehavior struct {
	// NoAttempt leaves the action attempt out of the response.
	NoAttempt bool
	// Takes is how long the change is pending.
	Takes time.Duration
	// Outcome is how the attempt ends. Nothing is applied if it fails or never ends.
	Outcome Outcome

	ErrorType, ErrorMessage string

	// Ignored accepts the change and never applies it.
	Ignored bool
	// KeepsOldPIN leaves the old PIN on the lock as this unmanaged code.
	KeepsOldPIN *UnmanagedAccessCode
	// Errors are shown until the change is applied.
	Errors []Issue
	// StuckMutation leaves the pending mutation in place after the change is applied.
	StuckMutation bool
}

type updateParams struct {
	ID            string  `json:"access_code_id"`
	DeviceID      string  `json:"device_id"`
	Name          *string `json:"name"`
	Code          *string `json:"code"`
	StartsAt      *string `json:"starts_at"`
	EndsAt        *string `json:"ends_at"`
	Type          string  `json:"type"`
	Managed       *bool   `json:"is_managed"`
	External      *bool   `json:"is_external_modification_allowed"`
	AllowExternal *bool   `json:"allow_external_modification"`
}

// window is a time window; the zero value is always.
type window struct{ starts, ends time.Time }

// codeUpdate holds the new values of an update; nil keeps the current value.
type codeUpdate struct {
	name, pin *string
	window    *window
}

func updateAccessCode(call *apiCall) (jsonObject, error) {
	p := params[updateParams](call)
	c, err := call.writableCode(p.ID, p.DeviceID)
	if err != nil {
		return nil, err
	}
	update, err := p.codeUpdate(call.server.now)
	if err != nil {
		return nil, err
	}
	next := update.complete(c)
	if err := c.lock.checkDuplicatePIN(c, *next.pin, next.window.starts, next.window.ends, false); err != nil {
		return nil, err
	}
	p.applyFlags(c)
	behavior := nextBehavior(&c.lock.onUpdate, &call.server.onUpdate)
	o := attemptBehavior{behavior.Takes, behavior.Outcome, behavior.ErrorType, behavior.ErrorMessage}
	call.server.scheduleUpdate(c, update, behavior)
	a := call.server.newAttempt("UPDATE_ACCESS_CODE", c.lock, o, func() jsonObject { return jsonObject{"access_code": c.toJSON()} })
	return attemptResponse(a, behavior.NoAttempt), nil
}

func (p updateParams) codeUpdate(now time.Time) (codeUpdate, error) {
	update := codeUpdate{name: p.Name, pin: p.Code}
	starts, ends, err := parseWindow(p.StartsAt, p.EndsAt)
	switch {
	case err != nil:
		return update, err
	case !ends.IsZero() && p.Type == "ongoing":
		return update, invalidInput("type", "cannot be ongoing with a time frame")
	case ends.IsZero() && p.Type == "time_bound":
		return update, invalidInput("starts_at", "and ends_at are required for a time_bound code")
	case !ends.IsZero() && !ends.After(now):
		return update, invalidInput("ends_at", "must be in the future")
	case !ends.IsZero() || p.Type == "ongoing":
		update.window = &window{starts, ends}
	}
	return update, nil
}

func (p updateParams) applyFlags(c *accessCode) {
	for _, allowed := range []*bool{p.AllowExternal, p.External} {
		if allowed != nil {
			c.ExternalModificationAllowed = *allowed
		}
	}
	if p.Managed != nil && !*p.Managed {
		c.unmanage()
	}
}

// complete fills in the code's current values.
func (e codeUpdate) complete(c *accessCode) codeUpdate {
	pin := c.effectivePIN()
	full := codeUpdate{name: &c.Name, pin: &pin, window: &window{c.StartsAt, c.EndsAt}}
	if e.name != nil {
		full.name = e.name
	}
	if e.pin != nil {
		full.pin = e.pin
	}
	if e.window != nil {
		full.window = e.window
	}
	return full
}

// scheduleUpdate schedules an update and shows it as pending until then.
func (s *Server) scheduleUpdate(c *accessCode, update codeUpdate, behavior UpdateBehavior) {
	pending := s.mutationsOf(c, update)
	c.Mutations = append(c.Mutations, pending...)
	c.Errors = behavior.Errors
	if behavior.Outcome == StaysPending {
		return
	}
	s.scheduleAfter(behavior.Takes, func() {
		if c.gone || c.Status == "removing" {
			return
		}
		if !behavior.StuckMutation {
			c.Mutations = slices.DeleteFunc(c.Mutations, func(m *Mutation) bool { return slices.Contains(pending, m) })
		}
		if behavior.Outcome != Fails && !behavior.Ignored {
			c.Errors = nil
			s.applyUpdate(c, update, behavior.KeepsOldPIN)
		}
	})
}

func (s *Server) mutationsOf(c *accessCode, update codeUpdate) (all []*Mutation) {
	add := func(name string, from, to jsonObject) {
		all = append(all, &Mutation{Code: name, CreatedAt: s.now, From: from, To: to})
	}
	if update.pin != nil && *update.pin != c.PIN {
		add("updating_code", jsonObject{"code": orNull(c.PIN)}, jsonObject{"code": *update.pin})
	}
	if update.name != nil && *update.name != c.Name {
		add("updating_name", jsonObject{"name": c.Name}, jsonObject{"name": *update.name})
	}
	if have := (window{c.StartsAt, c.EndsAt}); update.window != nil && !update.window.equal(have) {
		add("updating_time_frame", have.toJSON(), update.window.toJSON())
	}
	return all
}

func (f window) equal(g window) bool { return f.starts.Equal(g.starts) && f.ends.Equal(g.ends) }

func (f window) toJSON() jsonObject {
	return jsonObject{"starts_at": formatTime(f.starts), "ends_at": formatTime(f.ends)}
}

// applyUpdate applies an update, in Seam and on the lock.
func (s *Server) applyUpdate(c *accessCode, update codeUpdate, leftover *UnmanagedAccessCode) {
	for _, m := range s.mutationsOf(c, update) {
		s.emitAccessCodeEvent(c, mutationEvents[m.Code], jsonObject{"from": m.From, "to": m.To, "description": "The access code changed"})
	}
	old, next := c.snapshot(), update.complete(c)
	c.Name, c.StartsAt, c.EndsAt = *next.name, next.window.starts, next.window.ends
	if update.pin != nil {
		c.PIN, c.WaitingForAssignment, c.masked, c.displayedAs = *update.pin, false, false, ""
	}
	s.reprogram(c, window{old.StartsAt, old.EndsAt})
	if leftover != nil && old.PIN != c.PIN {
		s.addLeftover(c.lock, *leftover, old)
	}
	s.emitAccessCodeEvent(c, "changed", nil)
}

var mutationEvents = map[string]string{
	"updating_code":       "code_changed",
	"updating_name":       "name_changed",
	"updating_time_frame": "time_frame_changed",
}

// reprogram updates the lock after a code has changed.
func (s *Server) reprogram(c *accessCode, old window) {
	moved := !old.equal(window{c.StartsAt, c.EndsAt})
	if moved {
		s.scheduleExpiry(c)
	}
	switch {
	case c.isStored() && !c.StartsAt.After(s.now):
		c.storePIN()
	case moved:
		s.removeFromLock(c)
		s.scheduleSet(c, 0)
	}
}
