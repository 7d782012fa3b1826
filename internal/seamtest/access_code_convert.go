package seamtest

import (
	"net/http"
	"time"
)

// ConvertBehavior is how Seam converts an unmanaged code to a managed one. The zero value converts
// it immediately.
type ConvertBehavior struct {
	// Takes is how long the code stays unmanaged.
	Takes time.Duration
	// Outcome is how the conversion ends; if it fails or never ends, the code stays unmanaged.
	Outcome Outcome

	ErrorType, ErrorMessage string

	// Errors are shown at the unmanaged code after a failure: provider_issue, unless set.
	Errors []Issue
	// WithAttempt adds an action attempt to the response: the guides have one, the reference has not.
	WithAttempt bool
}

// OnConvert queues behavior for the next codes of this lock that become managed.
func (l *Lock) OnConvert(next ...ConvertBehavior) {
	defer l.server.lockAndAdvance()()
	l.onConvert.queue = append(l.onConvert.queue, next...)
}

// SetDefaultConvert sets how codes of this lock become managed when nothing is queued.
func (l *Lock) SetDefaultConvert(c ConvertBehavior) {
	defer l.server.lockAndAdvance()()
	l.onConvert.fallback = &c
}

// SetDefaultConvert sets how codes become managed on locks without a default of their own.
func (s *Server) SetDefaultConvert(c ConvertBehavior) {
	defer s.lockAndAdvance()()
	s.onConvert.fallback = &c
}

type convertParams struct {
	ID            string `json:"access_code_id"`
	Managed       *bool  `json:"is_managed"`
	External      bool   `json:"is_external_modification_allowed"`
	AllowExternal bool   `json:"allow_external_modification"`
	Force         bool   `json:"force"`
}

func convertToManaged(call *apiCall) (jsonObject, error) {
	return call.convert(params[convertParams](call))
}

func updateUnmanagedAccessCode(call *apiCall) (jsonObject, error) {
	p := params[convertParams](call)
	if !*p.Managed {
		return nil, invalidInput("is_managed", "can only be set to true")
	}
	return call.convert(p)
}

func (call *apiCall) convert(p convertParams) (jsonObject, error) {
	c, err := call.convertibleCode(p)
	if err != nil {
		return nil, err
	}
	s, behavior := call.server, nextBehavior(&c.lock.onConvert, &call.server.onConvert)
	if behavior.Outcome != StaysPending {
		s.scheduleForCode(c, s.now.Add(behavior.Takes), func() { s.convertCode(c, p, behavior) })
	}
	if !behavior.WithAttempt {
		return nil, nil
	}
	o := attemptBehavior{behavior.Takes, behavior.Outcome, behavior.ErrorType, behavior.ErrorMessage}
	return attemptResponse(s.newAttempt("CONVERT_ACCESS_CODE_TO_MANAGED", c.lock, o, emptyResult), false), nil
}

// convertibleCode finds an unmanaged code that can become a managed one.
func (call *apiCall) convertibleCode(p convertParams) (*accessCode, error) {
	c := call.findCode(p.ID, false)
	switch {
	case c == nil:
		return nil, accessCodeNotFound()
	case c.lock.unmanaged:
		return nil, newAPIError(http.StatusBadRequest, "device_unmanaged", "The device of this access code is unmanaged")
	case c.cannotBeManaged:
		return nil, newAPIError(http.StatusBadRequest, "cannot_be_managed", "This access code cannot be converted to a managed one")
	case c.managedElsewhere && !p.Force:
		return nil, newAPIError(http.StatusBadRequest, "access_code_managed_by_another_workspace", "Another workspace manages this access code; use force to take it over")
	case c.Status == "removing":
		return nil, newAPIError(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return c, nil
}

func (s *Server) convertCode(c *accessCode, p convertParams, behavior ConvertBehavior) {
	if c.Managed {
		return
	}
	if behavior.Outcome == Fails {
		c.Errors = behavior.Errors
		if c.Errors == nil {
			c.Errors = []Issue{{"provider_issue", "The access code could not be converted"}}
		}
		s.emitAccessCodeEvent(c, "unmanaged.failed_to_convert_to_managed", c.failureDetails())
		return
	}
	c.Managed, c.managedElsewhere, c.Errors, c.Warnings = true, false, nil, nil
	c.ExternalModificationAllowed = p.External || p.AllowExternal
	s.emitAccessCodeEvent(c, "unmanaged.converted_to_managed", nil)
	if !c.isStored() {
		s.scheduleSet(c, 0)
	}
}

// failureDetails is what events of a failure tell of all that is wrong around a code.
func (c *accessCode) failureDetails() jsonObject {
	return jsonObject{
		"access_code_errors":         shortIssues(c.issues(c.Errors, "error_code"), "error_code"),
		"access_code_warnings":       shortIssues(c.issues(c.Warnings, "warning_code"), "warning_code"),
		"device_errors":              shortIssues(c.lock.errors(), "error_code"),
		"device_warnings":            []jsonObject{},
		"connected_account_errors":   []jsonObject{},
		"connected_account_warnings": []jsonObject{},
	}
}

func shortIssues(all []jsonObject, key string) []jsonObject {
	short := []jsonObject{}
	for _, issue := range all {
		short = append(short, jsonObject{key: issue[key], "message": issue["message"], "created_at": issue["created_at"]})
	}
	return short
}
