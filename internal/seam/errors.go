package seam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ErrNotObservable says that the state of a code cannot be read: its lock is missing or
// unmanaged, the code is unmanaged, or the credentials belong to another workspace.
var ErrNotObservable = errors.New("not observable")

// AdviceError is an error with advice for the user.
type AdviceError struct {
	What  string // what went wrong, in full sentences
	Next  string // what to do, in full sentences
	cause error
}

func (p *AdviceError) Error() string { return p.What }
func (p *AdviceError) Unwrap() error { return p.cause }

// Advice says what to do next.
func (p *AdviceError) Advice() string { return p.Next }

// NewAdvice returns an [AdviceError] without a cause.
func NewAdvice(what, next string) *AdviceError { return &AdviceError{What: what, Next: next} }

// WrapAdvice returns an [AdviceError] that wraps cause.
func WrapAdvice(cause error, what, next string) *AdviceError {
	return &AdviceError{What: what, Next: next, cause: cause}
}

// Error is a response that is not a success, or whose content is invalid. Message and Fields are
// redacted: they contain no PIN and no credential.
type Error struct {
	Path       string
	Status     int
	Type       string // of Seam's error envelope; empty if the answer has none
	Message    string
	RequestID  string
	Fields     map[string]string // messages by request parameter
	Conflict   Conflict
	typed      bool
	data       map[string]json.RawMessage // of the envelope, as it came; not to be shown
	messageIDs []string                   // ids in the message

	retryAfter *time.Duration // the Retry-After header; nil if there is none
	lockWrite  bool           // the call is a write that Seam rate limits per lock
}

// Conflict holds the ID of the code that already uses a PIN. Both IDs may be empty.
type Conflict struct{ ManagedID, UnmanagedID string }

func (e *Error) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.origin()) }

// origin returns the type, HTTP status, path and request ID of the error.
func (e *Error) origin() string {
	parts := []string{}
	if e.Type != "" {
		parts = append(parts, e.Type)
	}
	parts = append(parts, fmt.Sprintf("HTTP %d on %s", e.Status, e.Path))
	if e.RequestID != "" {
		parts = append(parts, "request id "+e.RequestID)
	}
	return strings.Join(parts, ", ")
}

// Advice says what to do next.
func (e *Error) Advice() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "Check the API key or personal access token: Seam does not recognize it. The state was not changed."
	case e.Status == http.StatusForbidden:
		return "These credentials may not do this. Use a key that has the permission. The state was not changed."
	case e.Status == http.StatusTooManyRequests && e.lockWrite:
		return "Seam limits the number of writes per lock, and the timeout ended before the next write was allowed. Run again; if other runs write to this lock at the same time, raise timeouts."
	case e.Status == http.StatusTooManyRequests:
		return "Seam limits the number of requests. Run again in a minute, or raise max_retries."
	case e.Status >= 500:
		return "Seam has an internal problem. Run again later. If it persists, contact Seam support with the request id."
	case e.Status/100 == 2:
		return "The response is not what Seam documents. Check endpoint (SEAM_ENDPOINT) and any proxy in between, and run again. If the error persists, contact Seam support with the request id."
	case !e.typed:
		return "Check endpoint (SEAM_ENDPOINT) and any proxy in between: this response does not come from the Seam API."
	default:
		return "Correct what Seam objects to and run again. If you need help, contact Seam support with the request id."
	}
}

// Advice returns the advice of the first error in err's chain that has some, or otherwise.
func Advice(err error, otherwise string) string {
	if adviser, ok := errors.AsType[interface {
		error
		Advice() string
	}](err); ok && adviser.Advice() != "" {
		return adviser.Advice()
	}
	return otherwise
}

// NoResponseError is a call without a complete response. Seam may have executed the call.
type NoResponseError struct {
	Path  string
	cause error
}

func (e *NoResponseError) Error() string {
	return fmt.Sprintf("no answer from Seam on %s: %v", e.Path, e.cause)
}
func (e *NoResponseError) Unwrap() error { return e.cause }

// Advice says what to do next.
func (e *NoResponseError) Advice() string {
	return "Check the network and endpoint (SEAM_ENDPOINT), then run again."
}

// transportError removes the method and URL that http.Client adds, and redacts the rest.
func (c *Client) transportError(ctx context.Context, path string, err error) error {
	if ctx.Err() != nil && !errors.Is(err, errMayHaveArrived) {
		return fmt.Errorf("waiting for %s: %w", path, context.Cause(ctx))
	}
	if advice, ok := errors.AsType[*AdviceError](err); ok {
		return advice
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return &NoResponseError{Path: path, cause: &redactedError{c.redactTransport(err.Error()), err}}
}

// redactTransport redacts a network error but keeps the host and port of the endpoint: a port
// looks like a PIN.
func (c *Client) redactTransport(text string) string {
	u, err := url.Parse(c.endpoint)
	if err != nil || u.Port() == "" {
		return c.redactor.redact(text)
	}
	ours := regexp.MustCompile(`(?:` + regexp.QuoteMeta(u.Hostname()) + `)?:` + u.Port() + `\b`)
	var out strings.Builder
	from := 0
	for _, at := range ours.FindAllStringIndex(text, -1) {
		out.WriteString(c.redactor.redact(text[from:at[0]]) + text[at[0]:at[1]])
		from = at[1]
	}
	return out.String() + c.redactor.redact(text[from:])
}

// redactedError replaces the text of an error.
type redactedError struct {
	text  string
	cause error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.cause }

// IsType reports whether err is an error in Seam's envelope with one of these types.
func IsType(err error, types ...string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.typed && slices.Contains(types, e.Type)
}

// IsNotFound reports whether err is a 404 in Seam's envelope with this type.
func IsNotFound(err error, kind string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && IsType(err, kind)
}

// IsRetryable reports whether err is transient: HTTP 429 or 5xx, an invalid 2xx response, or no
// response.
func IsRetryable(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status/100 == 2
	}
	_, lost := errors.AsType[*NoResponseError](err)
	return lost
}

// mayHaveExecuted reports whether Seam may have executed the call that failed with err.
func mayHaveExecuted(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status >= 500 || e.Status/100 == 2
	}
	return errors.Is(err, errMayHaveArrived)
}
