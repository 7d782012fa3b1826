package seamtest

import (
	"net/http"
	"time"
)

// Conversion is how Seam takes a code that it does not manage into its care. The zero value does
// it at once.
type Conversion struct {
	// Takes is how long the code is still an unmanaged one.
	Takes time.Duration
	// Ends is how the conversion ends; if it fails or never ends, the code stays unmanaged.
	Ends Ending

	ErrorType, ErrorMessage string

	// Errors are shown at the unmanaged code after a failure: provider_issue, unless set.
	Errors []Issue
	// WithAttempt adds an action attempt to the answer: the guides have one, the reference has not.
	WithAttempt bool
}

// OnConvert queues behaviour for the next codes of this lock that become managed.
func (l *Lock) OnConvert(next ...Conversion) {
	defer l.server.enter()()
	l.converts.queue = append(l.converts.queue, next...)
}

// DefaultConversion sets how codes of this lock become managed when nothing is queued.
func (l *Lock) DefaultConversion(c Conversion) {
	defer l.server.enter()()
	l.converts.fallback = &c
}

// DefaultConversion sets how codes become managed on locks without a default of their own.
func (s *Server) DefaultConversion(c Conversion) {
	defer s.enter()()
	s.converts.fallback = &c
}

type convertParams struct {
	ID           string `json:"access_code_id"`
	Managed      *bool  `json:"is_managed"`
	External     bool   `json:"is_external_modification_allowed"`
	ExternalTwin bool   `json:"allow_external_modification"`
	Force        bool   `json:"force"`
}

func convertToManaged(x *exchange) (object, error) { return x.convert(params[convertParams](x)) }

func updateUnmanaged(x *exchange) (object, error) {
	p := params[convertParams](x)
	if !*p.Managed {
		return nil, invalid("is_managed", "can only be set to true")
	}
	return x.convert(p)
}

func (x *exchange) convert(p convertParams) (object, error) {
	c, err := x.convertible(p)
	if err != nil {
		return nil, err
	}
	s, how := x.server, take(&c.lock.converts, &x.server.converts)
	if how.Ends != NeverEnds {
		s.lifecycle(c, s.moment.Add(how.Takes), func() { s.convert(c, p, how) })
	}
	if !how.WithAttempt {
		return nil, nil
	}
	o := outcome{how.Takes, how.Ends, how.ErrorType, how.ErrorMessage}
	return asked(s.attempt("CONVERT_ACCESS_CODE_TO_MANAGED", c.lock, o, nothing), false), nil
}

// convertible finds an unmanaged code that can become a managed one.
func (x *exchange) convertible(p convertParams) (*code, error) {
	c := x.code(p.ID, false)
	switch {
	case c == nil:
		return nil, noCode()
	case c.lock.unmanaged:
		return nil, refuse(http.StatusBadRequest, "device_unmanaged", "The device of this access code is unmanaged")
	case c.cannotBeManaged:
		return nil, refuse(http.StatusBadRequest, "cannot_be_managed", "This access code cannot be converted to a managed one")
	case c.foreign && !p.Force:
		return nil, refuse(http.StatusBadRequest, "access_code_managed_by_another_workspace", "Another workspace manages this access code; use force to take it over")
	case c.Status == "removing":
		return nil, refuse(http.StatusConflict, "access_code_is_being_deleted", "The access code is being deleted")
	}
	return c, nil
}

func (s *Server) convert(c *code, p convertParams, how Conversion) {
	if c.Managed {
		return
	}
	if how.Ends == Fails {
		c.Errors = how.Errors
		if c.Errors == nil {
			c.Errors = []Issue{{"provider_issue", "The access code could not be converted"}}
		}
		s.emit(c, "unmanaged.failed_to_convert_to_managed", c.trouble())
		return
	}
	c.Managed, c.foreign, c.Errors, c.Warnings = true, false, nil, nil
	c.ExternalModificationAllowed = p.External || p.ExternalTwin
	s.emit(c, "unmanaged.converted_to_managed", nil)
	if !c.isHeld() {
		s.bringUp(c, 0)
	}
}

// trouble is what events of a failure tell of all that is wrong around a code.
func (c *code) trouble() object {
	return object{
		"access_code_errors":         brief(c.issues(c.Errors, "error_code"), "error_code"),
		"access_code_warnings":       brief(c.issues(c.Warnings, "warning_code"), "warning_code"),
		"device_errors":              brief(c.lock.errors(), "error_code"),
		"device_warnings":            []object{},
		"connected_account_errors":   []object{},
		"connected_account_warnings": []object{},
	}
}

func brief(all []object, key string) []object {
	short := []object{}
	for _, issue := range all {
		short = append(short, object{key: issue[key], "message": issue["message"], "created_at": issue["created_at"]})
	}
	return short
}
