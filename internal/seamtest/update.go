package seamtest

import (
	"slices"
	"time"
)

// Change is how the lock takes an update. The zero value applies it at once.
type Change struct {
	// NoAttempt leaves the action attempt out of the answer.
	NoAttempt bool
	// Takes is how long the change is pending.
	Takes time.Duration
	// Ends is how the attempt ends. Nothing is applied if it fails or never ends.
	Ends Ending

	ErrorType, ErrorMessage string

	// Ignored accepts the change and never applies it.
	Ignored bool
	// KeepsOldPIN leaves the old PIN on the lock as this unmanaged code.
	KeepsOldPIN *Unmanaged
	// Errors are shown until the change is applied.
	Errors []Issue
	// StuckMutation leaves the pending mutation in place after the change is applied.
	StuckMutation bool
}

type updateParams struct {
	ID           string  `json:"access_code_id"`
	DeviceID     string  `json:"device_id"`
	Name         *string `json:"name"`
	Code         *string `json:"code"`
	StartsAt     *string `json:"starts_at"`
	EndsAt       *string `json:"ends_at"`
	Type         string  `json:"type"`
	Managed      *bool   `json:"is_managed"`
	External     *bool   `json:"is_external_modification_allowed"`
	ExternalTwin *bool   `json:"allow_external_modification"`
}

// frame is a time window; the zero value is always.
type frame struct{ starts, ends time.Time }

// edit is what an update wants; nil keeps what there is.
type edit struct {
	name, pin *string
	frame     *frame
}

func updateCode(x *exchange) (object, error) {
	p := params[updateParams](x)
	c, err := x.writable(p.ID, p.DeviceID)
	if err != nil {
		return nil, err
	}
	wanted, err := p.edit(x.server.moment)
	if err != nil {
		return nil, err
	}
	next := wanted.terms(c)
	if err := c.lock.duplicate(c, *next.pin, next.frame.starts, next.frame.ends, false); err != nil {
		return nil, err
	}
	p.flags(c)
	how := take(&c.lock.changes, &x.server.changes)
	o := outcome{how.Takes, how.Ends, how.ErrorType, how.ErrorMessage}
	x.server.change(c, wanted, how)
	a := x.server.attempt("UPDATE_ACCESS_CODE", c.lock, o, func() object { return object{"access_code": c.object()} })
	return asked(a, how.NoAttempt), nil
}

func (p updateParams) edit(now time.Time) (edit, error) {
	wanted := edit{name: p.Name, pin: p.Code}
	starts, ends, err := window(p.StartsAt, p.EndsAt)
	switch {
	case err != nil:
		return wanted, err
	case !ends.IsZero() && p.Type == "ongoing":
		return wanted, invalid("type", "cannot be ongoing with a time frame")
	case ends.IsZero() && p.Type == "time_bound":
		return wanted, invalid("starts_at", "and ends_at are required for a time_bound code")
	case !ends.IsZero() && !ends.After(now):
		return wanted, invalid("ends_at", "must be in the future")
	case !ends.IsZero() || p.Type == "ongoing":
		wanted.frame = &frame{starts, ends}
	}
	return wanted, nil
}

func (p updateParams) flags(c *code) {
	for _, allowed := range []*bool{p.ExternalTwin, p.External} {
		if allowed != nil {
			c.ExternalModificationAllowed = *allowed
		}
	}
	if p.Managed != nil && !*p.Managed {
		c.release()
	}
}

// terms completes an edit with what the code has.
func (e edit) terms(c *code) edit {
	pin := c.pin()
	full := edit{name: &c.Name, pin: &pin, frame: &frame{c.StartsAt, c.EndsAt}}
	if e.name != nil {
		full.name = e.name
	}
	if e.pin != nil {
		full.pin = e.pin
	}
	if e.frame != nil {
		full.frame = e.frame
	}
	return full
}

// change schedules an edit and shows it as pending until then.
func (s *Server) change(c *code, wanted edit, how Change) {
	pending := s.pending(c, wanted)
	c.Mutations = append(c.Mutations, pending...)
	c.Errors = how.Errors
	if how.Ends == NeverEnds {
		return
	}
	s.after(how.Takes, func() {
		if c.gone || c.Status == "removing" {
			return
		}
		if !how.StuckMutation {
			c.Mutations = slices.DeleteFunc(c.Mutations, func(m *Mutation) bool { return slices.Contains(pending, m) })
		}
		if how.Ends != Fails && !how.Ignored {
			c.Errors = nil
			s.apply(c, wanted, how.KeepsOldPIN)
		}
	})
}

func (s *Server) pending(c *code, wanted edit) (all []*Mutation) {
	add := func(name string, from, to object) {
		all = append(all, &Mutation{Code: name, CreatedAt: s.moment, From: from, To: to})
	}
	if wanted.pin != nil && *wanted.pin != c.PIN {
		add("updating_code", object{"code": orNull(c.PIN)}, object{"code": *wanted.pin})
	}
	if wanted.name != nil && *wanted.name != c.Name {
		add("updating_name", object{"name": c.Name}, object{"name": *wanted.name})
	}
	if have := (frame{c.StartsAt, c.EndsAt}); wanted.frame != nil && !wanted.frame.equal(have) {
		add("updating_time_frame", have.object(), wanted.frame.object())
	}
	return all
}

func (f frame) equal(g frame) bool { return f.starts.Equal(g.starts) && f.ends.Equal(g.ends) }

func (f frame) object() object {
	return object{"starts_at": stamp(f.starts), "ends_at": stamp(f.ends)}
}

// apply makes an edit real, at Seam and on the lock.
func (s *Server) apply(c *code, wanted edit, ghost *Unmanaged) {
	for _, m := range s.pending(c, wanted) {
		s.emit(c, changeEvent[m.Code], object{"from": m.From, "to": m.To, "description": "The access code changed"})
	}
	old, terms := c.snapshot(), wanted.terms(c)
	c.Name, c.StartsAt, c.EndsAt = *terms.name, terms.frame.starts, terms.frame.ends
	if wanted.pin != nil {
		c.PIN, c.Waiting, c.masked, c.shown = *wanted.pin, false, false, ""
	}
	s.reprogram(c, frame{old.StartsAt, old.EndsAt})
	if ghost != nil && old.PIN != c.PIN {
		s.haunt(c.lock, *ghost, old)
	}
	s.emit(c, "changed", nil)
}

var changeEvent = map[string]string{
	"updating_code":       "code_changed",
	"updating_name":       "name_changed",
	"updating_time_frame": "time_frame_changed",
}

// reprogram brings the lock in line with a changed code.
func (s *Server) reprogram(c *code, old frame) {
	moved := !old.equal(frame{c.StartsAt, c.EndsAt})
	if moved {
		s.expireAtEnd(c)
	}
	switch {
	case c.isHeld() && !c.StartsAt.After(s.moment):
		c.put()
	case moved:
		s.takeOff(c)
		s.bringUp(c, 0)
	}
}
