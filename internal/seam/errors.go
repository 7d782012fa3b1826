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

// ErrNotObservable says that nothing about a code can be seen: its lock is missing or
// unmanaged, the code is unmanaged, or the credentials are of another workspace.
var ErrNotObservable = errors.New("out of sight")

// AdviceError is something that went wrong together with what to do about it.
type AdviceError struct {
	What  string
	Next  string
	cause error
}

func (p *AdviceError) Error() string { return p.What }
func (p *AdviceError) Unwrap() error { return p.cause }

// Advice says what to do next.
func (p *AdviceError) Advice() string { return p.Next }

func NewAdvice(what, next string) *AdviceError { return &AdviceError{What: what, Next: next} }

// WrapAdvice is newAdvice with a cause, which stays reachable for errors.As.
func WrapAdvice(cause error, what, next string) *AdviceError {
	return &AdviceError{What: what, Next: next, cause: cause}
}

// Error is an answer of Seam that is not a success. Message and Fields hold no PIN and
// no credential.
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

	retryAfter *time.Duration // how long Seam wants to be left alone; nil if it does not say
	lockWrite  bool           // one that Seam limits for each lock
}

// Conflict names the code that already uses a PIN, where Seam tells.
type Conflict struct{ ManagedID, UnmanagedID string }

func (e *Error) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.origin()) }

// origin says where the error comes from, as far as that is known.
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
		return "Check the API key or personal access token: Seam does not know it. Nothing was changed in the state."
	case e.Status == http.StatusForbidden:
		return "These credentials may not do this. Use a key with the right to it. Nothing was changed in the state."
	case e.Status == http.StatusTooManyRequests && e.lockWrite:
		return "Seam limits how often a lock may be written to, and the time for this ended before it was allowed again. Run again; if other runs write to this lock at the same time, raise timeouts."
	case e.Status == http.StatusTooManyRequests:
		return "Seam limits how often it may be asked. Run again in a minute, or raise max_retries."
	case e.Status >= 500:
		return "Seam has a problem of its own. Run again later; the request id helps Seam's support."
	case e.Status/100 == 2:
		return "Check endpoint (SEAM_ENDPOINT) and any proxy in between, and run again: Seam documents another answer. If it stays so, the request id helps Seam's support."
	case !e.typed:
		return "Check endpoint (SEAM_ENDPOINT) and any proxy in between: this answer does not come from the Seam API."
	default:
		return "Correct what Seam objects to and run again; the request id helps Seam's support."
	}
}

// Advice says what to do about err, as the first error in its chain that knows.
func Advice(err error, otherwise string) string {
	if adviser, ok := errors.AsType[interface {
		error
		Advice() string
	}](err); ok && adviser.Advice() != "" {
		return adviser.Advice()
	}
	return otherwise
}

// NoResponseError is a call whose answer never came. The call may have arrived.
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

// transportError drops what http.Client adds (method, URL) and redacts the rest.
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

// redactTransport redacts what the network says, but for the host and the port of the
// endpoint: a port looks like a PIN.
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

// IsType reports whether err is Seam's own error of one of these types.
func IsType(err error, types ...string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.typed && slices.Contains(types, e.Type)
}

// IsNotFound reports whether err is Seam's own 404 of this type.
func IsNotFound(err error, kind string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && IsType(err, kind)
}

// IsRetryable reports whether err may well be over at the next try.
func IsRetryable(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status/100 == 2
	}
	_, lost := errors.AsType[*NoResponseError](err)
	return lost
}

// mayHaveExecuted reports whether the call that failed with err may have been carried out.
func mayHaveExecuted(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status >= 500 || e.Status/100 == 2
	}
	return errors.Is(err, errMayHaveArrived)
}
