package seamtest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// CreateBehavior is how Seam and the lock handle a create. The zero value sets the code immediately.
type CreateBehavior struct {
	// AssignAfter is how long the PIN stays null, for a code without a requested PIN.
	AssignAfter time.Duration
	// SetAfter is how long it takes until the code is on the lock.
	SetAfter time.Duration
	// NeverSet keeps the code off the lock.
	NeverSet bool
	// NoAttempt leaves the action attempt out of the response.
	NoAttempt bool
	// Outcome is how the attempt ends; a code whose attempt fails is never set.
	Outcome Outcome

	ErrorType, ErrorMessage string

	// Errors are shown until the code is set.
	Errors []Issue
	// Scheduled keeps the code unset with a deferring_creation mutation until it starts.
	Scheduled bool
	// RoundWindowTo widens the window to multiples of it.
	RoundWindowTo time.Duration
	// InvisibleFor is how long reads do not find the new code.
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
	AllowExternal bool     `json:"allow_external_modification"`
	Offline       bool     `json:"is_offline_access_code"`
	UseOffline    bool     `json:"use_offline_access_code"`
	OneTimeUse    bool     `json:"is_one_time_use"`
	BackupPool    bool     `json:"use_backup_access_code_pool"`
	starts, ends  time.Time
}

func createAccessCode(call *apiCall) (jsonObject, error) {
	p := params[createParams](call)
	l, err := call.findDevice(p.DeviceID)
	if err != nil || l.unmanaged {
		return nil, deviceNotFound()
	}
	if err := p.validate(call.server.now); err != nil {
		return nil, err
	}
	pin := call.choosePIN(l, &p)
	if err := l.checkDuplicatePIN(nil, pin, p.starts, p.ends, p.offline()); err != nil {
		return nil, err
	}
	l.backupPool = l.backupPool || p.BackupPool
	behavior := nextBehavior(&l.onCreate, &call.server.onCreate)
	c := call.server.newCode(l, p, pin, behavior)
	return call.createResponse(c, behavior), nil
}

func (p *createParams) offline() bool { return p.Offline || p.UseOffline }

// validate applies the rules that the schema cannot express.
func (p *createParams) validate(now time.Time) (err error) {
	if p.starts, p.ends, err = parseWindow(p.StartsAt, p.EndsAt); err != nil {
		return err
	}
	switch {
	case !p.ends.IsZero() && !p.ends.After(now):
		return invalidInput("ends_at", "must be in the future")
	case p.Code != "" && p.Length != nil:
		return invalidInput("preferred_code_length", "cannot be used together with code")
	case p.offline() && p.Code != "":
		return invalidInput("code", "cannot be chosen for an offline access code")
	case p.offline() && p.ends.IsZero():
		return invalidInput("ends_at", "is required for an offline access code")
	case p.BackupPool && p.ends.IsZero():
		return invalidInput("use_backup_access_code_pool", "needs a time-bound access code")
	case p.OneTimeUse && !p.offline():
		return invalidInput("is_one_time_use", "needs an offline access code")
	}
	return nil
}

func (s *Server) newCode(l *Lock, p createParams, pin string, behavior CreateBehavior) *accessCode {
	l.namedCodes++
	if p.Name == "" {
		p.Name = fmt.Sprintf("Code %d", l.namedCodes)
	}
	c := &accessCode{
		AccessCode: AccessCode{
			ID: newID(), Name: p.Name, CommonCodeKey: p.CommonCodeKey,
			StartsAt: floor(p.starts, behavior.RoundWindowTo), EndsAt: ceil(p.ends, behavior.RoundWindowTo), CreatedAt: s.now,
			Managed: true, Offline: p.offline(), OneTimeUse: p.OneTimeUse,
			ExternalModificationAllowed: p.External || p.AllowExternal, Errors: behavior.Errors,
		},
		lock: l, behavior: behavior, assignedPIN: pin, visibleAt: s.now.Add(behavior.InvisibleFor),
	}
	s.registerCode(c, p.Code == "")
	return c
}

// registerCode adds a code to Seam and schedules its programming on the lock.
func (s *Server) registerCode(c *accessCode, assigned bool) {
	wait := c.behavior.AssignAfter
	if !assigned || wait == 0 {
		c.PIN, wait = c.assignedPIN, 0
	}
	c.WaitingForAssignment = c.PIN == ""
	s.addCode(c)
	s.emitAccessCodeEvent(c, "created", nil)
	if c.Offline {
		c.lock.offlinePINs = append(c.lock.offlinePINs, storedPIN{c.assignedPIN, c.StartsAt, c.EndsAt})
	}
	s.scheduleSet(c, wait)
	s.scheduleExpiry(c)
}

// createResponse is the response to a create.
func (call *apiCall) createResponse(c *accessCode, behavior CreateBehavior) jsonObject {
	ends := behavior.Outcome
	if behavior.NeverSet && ends == Succeeds {
		ends = StaysPending
	}
	o := attemptBehavior{max(behavior.AssignAfter, behavior.SetAfter), ends, behavior.ErrorType, behavior.ErrorMessage}
	a := call.server.newAttempt("CREATE_ACCESS_CODE", c.lock, o, func() jsonObject { return jsonObject{"access_code": c.toJSON()} })
	result := attemptResponse(a, behavior.NoAttempt)
	result["access_code"] = c.toJSON()
	return result
}

// choosePIN takes the requested PIN, that of the common key, or one that is free on the lock.
func (call *apiCall) choosePIN(l *Lock, p *createParams) string {
	if p.Code != "" {
		return p.Code
	}
	if pin := call.commonKeyPIN(p.CommonCodeKey); pin != "" {
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

func (call *apiCall) commonKeyPIN(key string) string {
	for _, l := range call.workspace.locks {
		for _, c := range l.codes {
			if key != "" && c.CommonCodeKey == key {
				return c.effectivePIN()
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
		if !slices.ContainsFunc(l.codes, func(c *accessCode) bool { return c.effectivePIN() == string(pin) }) {
			return string(pin)
		}
	}
}

// checkDuplicatePIN refuses a PIN that another code has on this lock at the same time.
func (l *Lock) checkDuplicatePIN(self *accessCode, pin string, starts, ends time.Time, offline bool) error {
	for _, c := range l.codes {
		if c == self || offline || c.Offline || c.effectivePIN() != pin || !c.overlaps(starts, ends) {
			continue
		}
		key := "unmanaged_access_code_id"
		if c.Managed {
			key = "managed_access_code_id"
		}
		return newAPIError(http.StatusConflict, "duplicate_access_code", "Another access code on this device has this code").
			withField("data", jsonObject{key: c.ID})
	}
	return nil
}

// parseWindow parses a time frame that is either complete or absent.
func parseWindow(startsAt, endsAt *string) (starts, ends time.Time, err error) {
	switch {
	case startsAt == nil && endsAt == nil:
		return starts, ends, nil
	case startsAt == nil:
		return starts, ends, invalidInput("starts_at", "is required with ends_at")
	case endsAt == nil:
		return starts, ends, invalidInput("ends_at", "is required with starts_at")
	}
	if starts, err = parseTime("starts_at", *startsAt); err != nil {
		return starts, ends, err
	}
	if ends, err = parseTime("ends_at", *endsAt); err == nil && !ends.After(starts) {
		err = invalidInput("ends_at", "must be after starts_at")
	}
	return starts, ends, err
}

func parseTime(field, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, invalidInput(field, "must be a date and time with a zone")
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
