package seamtest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// Creation is how Seam and the lock take a new code. The zero value sets it at once.
type Creation struct {
	// AssignAfter is how long the PIN stays null, for a code without a requested PIN.
	AssignAfter time.Duration
	// SetAfter is how long the code is not yet on the lock.
	SetAfter time.Duration
	// NeverSet keeps the code off the lock.
	NeverSet bool
	// NoAttempt leaves the action attempt out of the answer.
	NoAttempt bool
	// Ends is how the attempt ends; a code whose attempt fails is never set.
	Ends Ending

	ErrorType, ErrorMessage string

	// Errors are shown until the code is set.
	Errors []Issue
	// Scheduled keeps the code unset with a deferring_creation mutation until it starts.
	Scheduled bool
	// Rounds widens the window to multiples of it.
	Rounds time.Duration
	// InvisibleFor is how long reads do not find the code.
	InvisibleFor time.Duration
}

type createParams struct {
	DeviceID      string   `json:"device_id"`
	Name          string   `json:"name"`
	Code          string   `json:"code"`
	StartsAt      *string  `json:"starts_at"`
	EndsAt        *string  `json:"ends_at"`
	Length        *float64 `json:"preferred_code_length"`
	CommonCodeKey string   `json:"common_code_key"`
	External      bool     `json:"is_external_modification_allowed"`
	ExternalTwin  bool     `json:"allow_external_modification"`
	Offline       bool     `json:"is_offline_access_code"`
	OfflineTwin   bool     `json:"use_offline_access_code"`
	OneTimeUse    bool     `json:"is_one_time_use"`
	Pool          bool     `json:"use_backup_access_code_pool"`
	starts, ends  time.Time
}

func createCode(x *exchange) (object, error) {
	p := params[createParams](x)
	l, err := x.device(p.DeviceID)
	if err != nil || l.unmanaged {
		return nil, noDevice()
	}
	if err := p.check(x.server.moment); err != nil {
		return nil, err
	}
	pin := x.choosePIN(l, &p)
	if err := l.duplicate(nil, pin, p.starts, p.ends, p.offline()); err != nil {
		return nil, err
	}
	l.pool = l.pool || p.Pool
	how := take(&l.creations, &x.server.creations)
	c := x.server.create(l, p, pin, how)
	return x.created(c, how), nil
}

func (p *createParams) offline() bool { return p.Offline || p.OfflineTwin }

// check applies the rules that the schema cannot express.
func (p *createParams) check(now time.Time) (err error) {
	if p.starts, p.ends, err = window(p.StartsAt, p.EndsAt); err != nil {
		return err
	}
	switch {
	case !p.ends.IsZero() && !p.ends.After(now):
		return invalid("ends_at", "must be in the future")
	case p.Code != "" && p.Length != nil:
		return invalid("preferred_code_length", "cannot be used together with code")
	case p.offline() && p.Code != "":
		return invalid("code", "cannot be chosen for an offline access code")
	case p.offline() && p.ends.IsZero():
		return invalid("ends_at", "is required for an offline access code")
	case p.Pool && p.ends.IsZero():
		return invalid("use_backup_access_code_pool", "needs a time-bound access code")
	case p.OneTimeUse && !p.offline():
		return invalid("is_one_time_use", "needs an offline access code")
	}
	return nil
}

func (s *Server) create(l *Lock, p createParams, pin string, how Creation) *code {
	l.named++
	if p.Name == "" {
		p.Name = fmt.Sprintf("Code %d", l.named)
	}
	c := &code{
		Code: Code{
			ID: newID(), Name: p.Name, CommonCodeKey: p.CommonCodeKey,
			StartsAt: floor(p.starts, how.Rounds), EndsAt: ceil(p.ends, how.Rounds), CreatedAt: s.moment,
			Managed: true, Offline: p.offline(), OneTimeUse: p.OneTimeUse,
			ExternalModificationAllowed: p.External || p.ExternalTwin, Errors: how.Errors,
		},
		lock: l, creation: how, reserved: pin, visible: s.moment.Add(how.InvisibleFor),
	}
	s.introduce(c, p.Code == "")
	return c
}

// introduce makes Seam know a code and starts its way onto the lock.
func (s *Server) introduce(c *code, assigned bool) {
	wait := c.creation.AssignAfter
	if !assigned || wait == 0 {
		c.PIN, wait = c.reserved, 0
	}
	c.Waiting = c.PIN == ""
	s.add(c)
	s.emit(c, "created", nil)
	if c.Offline {
		c.lock.offline = append(c.lock.offline, slot{c.reserved, c.StartsAt, c.EndsAt})
	}
	s.bringUp(c, wait)
	s.expireAtEnd(c)
}

// created is the answer to a create.
func (x *exchange) created(c *code, how Creation) object {
	ends := how.Ends
	if how.NeverSet && ends == Succeeds {
		ends = NeverEnds
	}
	o := outcome{max(how.AssignAfter, how.SetAfter), ends, how.ErrorType, how.ErrorMessage}
	a := x.server.attempt("CREATE_ACCESS_CODE", c.lock, o, func() object { return object{"access_code": c.object()} })
	answer := asked(a, how.NoAttempt)
	answer["access_code"] = c.object()
	return answer
}

// choosePIN takes the requested PIN, that of the common key, or one that is free on the lock.
func (x *exchange) choosePIN(l *Lock, p *createParams) string {
	if p.Code != "" {
		return p.Code
	}
	if pin := x.commonPIN(p.CommonCodeKey); pin != "" {
		return pin
	}
	length := 6
	if p.Length != nil {
		length = int(*p.Length)
	}
	if length < 4 || length > 8 {
		length = 4
	}
	return l.freePIN(length)
}

func (x *exchange) commonPIN(key string) string {
	for _, l := range x.workspace.locks {
		for _, c := range l.codes {
			if key != "" && c.CommonCodeKey == key {
				return c.pin()
			}
		}
	}
	return ""
}

func (l *Lock) freePIN(length int) string {
	for {
		pin := make([]byte, length)
		for i := range pin {
			pin[i] = byte('0' + rand.IntN(10))
		}
		if !slices.ContainsFunc(l.codes, func(c *code) bool { return c.pin() == string(pin) }) {
			return string(pin)
		}
	}
}

// duplicate refuses a PIN that another code has on this lock at the same time.
func (l *Lock) duplicate(self *code, pin string, starts, ends time.Time, offline bool) error {
	for _, c := range l.codes {
		if c == self || offline || c.Offline || c.pin() != pin || !c.overlaps(starts, ends) {
			continue
		}
		key := "unmanaged_access_code_id"
		if c.Managed {
			key = "managed_access_code_id"
		}
		return refuse(http.StatusConflict, "duplicate_access_code", "Another access code on this device has this code").
			with("data", object{key: c.ID})
	}
	return nil
}

// window parses a time frame that is either complete or absent.
func window(startsAt, endsAt *string) (starts, ends time.Time, err error) {
	switch {
	case startsAt == nil && endsAt == nil:
		return starts, ends, nil
	case startsAt == nil:
		return starts, ends, invalid("starts_at", "is required with ends_at")
	case endsAt == nil:
		return starts, ends, invalid("ends_at", "is required with starts_at")
	}
	if starts, err = instant("starts_at", *startsAt); err != nil {
		return starts, ends, err
	}
	if ends, err = instant("ends_at", *endsAt); err == nil && !ends.After(starts) {
		err = invalid("ends_at", "must be after starts_at")
	}
	return starts, ends, err
}

func instant(field, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, invalid(field, "must be a date and time with a zone")
	}
	return t.UTC().Truncate(time.Millisecond), nil
}

func floor(t time.Time, step time.Duration) time.Time { return t.Truncate(step) }

func ceil(t time.Time, step time.Duration) time.Time {
	if down := t.Truncate(step); down.Before(t) {
		return down.Add(step)
	}
	return t
}
