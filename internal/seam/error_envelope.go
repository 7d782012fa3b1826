package seam

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// envelope is Seam's published error envelope:
//
//	{"error": {"type", "message", "request_id", "data", "validation_errors"}, "ok": false}
//
// Only type is always there.
type envelope struct {
	kind, message, requestID string
	data, validation         map[string]json.RawMessage
}

// parseEnvelope parses the error envelope. Keys must match exactly and be unique; encoding/json
// would accept other letter case and duplicates. A response that did not come from Seam must not
// count as Seam's error.
func parseEnvelope(body []byte) (e envelope, ok bool) {
	outer, ok := objectMembers(body)
	if !ok || string(outer["ok"]) == "true" {
		return e, false
	}
	inner, ok := objectMembers(outer["error"])
	if !ok {
		return e, false
	}
	e = envelope{kind: jsonString(inner["type"]), message: jsonString(inner["message"]), requestID: jsonString(inner["request_id"])}
	e.data, ok = optionalMembers(inner["data"])
	if !ok {
		return e, false
	}
	e.validation, ok = optionalMembers(inner["validation_errors"])
	return e, ok && e.kind != ""
}

// objectMembers returns the members of a JSON object. It fails on anything but exactly one object
// and on names that differ only in letter case.
func objectMembers(object []byte) (map[string]json.RawMessage, bool) {
	if !json.Valid(object) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(object))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	found, names := map[string]json.RawMessage{}, map[string]bool{}
	for decoder.More() {
		token, _ := decoder.Token() // valid as a whole, so this is a name and a value
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil || names[strings.ToLower(name)] {
			return nil, false
		}
		found[name], names[strings.ToLower(name)] = value, true
	}
	return found, true
}

// optionalMembers is objectMembers for an optional value. A value that is not an object gives no
// members; only an ambiguous object fails.
func optionalMembers(value json.RawMessage) (map[string]json.RawMessage, bool) {
	if !bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) {
		return nil, true
	}
	return objectMembers(value)
}

// jsonString decodes a JSON string. It returns an empty string for any other value.
func jsonString(value json.RawMessage) string {
	var s string
	_ = json.Unmarshal(value, &s) // a failure leaves it empty
	return s
}

// decodeError converts a non-2xx response to an error. Without Seam's envelope the error is
// untyped. An untyped error never proves that an object is gone.
func (c *Client) decodeError(path string, res *http.Response, a ResponseMeta, body []byte) error {
	e := &Error{Path: path, Status: res.StatusCode, RequestID: a.RequestID}
	if wait, ok := retryAfter(res.Header); ok {
		e.retryAfter = &wait
	}
	sent, ok := parseEnvelope(body)
	if !ok || !isJSON(res.Header) {
		e.Message = http.StatusText(res.StatusCode) + ", without an error that Seam documents" + e.retryAfterText()
		return e
	}
	e.typed = true
	e.Type = c.redactor.redact(sent.kind)
	e.Message = cmp.Or(c.redactor.redact(sent.message), http.StatusText(res.StatusCode)) + e.retryAfterText()
	e.Conflict = Conflict{c.redactor.sanitizeID(jsonString(sent.data["managed_access_code_id"])), c.redactor.sanitizeID(jsonString(sent.data["unmanaged_access_code_id"]))}
	e.Fields = c.validationMessages(sent.validation)
	e.data, e.messageIDs = sent.data, uuid.FindAllString(sent.message, -1)
	if e.RequestID == "" {
		e.RequestID = c.redactor.sanitizeID(sent.requestID)
	}
	return e
}

// retryAfterText describes the Retry-After header, if any.
func (e *Error) retryAfterText() string {
	if e.retryAfter != nil && *e.retryAfter > 0 {
		return fmt.Sprintf("; Seam asks to wait %v", e.retryAfter.Round(time.Second))
	}
	return ""
}

func (c *Client) validationMessages(raw map[string]json.RawMessage) map[string]string {
	fields := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		var field struct {
			Errors []string `json:"_errors"`
		}
		if json.Unmarshal(raw[name], &field) == nil && len(field.Errors) > 0 {
			fields[c.redactor.redact(name)] = c.redactor.redact(strings.Join(field.Errors, "; "))
		}
	}
	return fields
}

var uuid = regexp.MustCompile(`(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)

// mentionedIDs are what an error says that it is about: each entry holds the ids of one of
// its statements.
func (e *Error) mentionedIDs(noun string) (about [][]string) {
	if id := jsonString(e.data[noun+"_id"]); id != "" {
		about = append(about, []string{id})
	}
	if e.messageIDs != nil {
		about = append(about, e.messageIDs)
	}
	return about
}

// CheckMentionedID is checkNounID for an access code.
func CheckMentionedID(id string, err error) error { return checkNounID("access_code", id, err) }

// checkNounID turns an answer of "not found" to a question for one object into an
// [AdviceError] if it speaks of others and not of this one. It keeps nothing of the answer's
// type: it proves nothing.
func checkNounID(noun, id string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Status != http.StatusNotFound {
		return err
	}
	for _, named := range e.mentionedIDs(noun) {
		if !slices.ContainsFunc(named, func(other string) bool { return strings.EqualFold(other, id) }) {
			return NewAdvice(fmt.Sprintf("Asked about %s %s, the server answered about another one: %v.", label(noun), id, e),
				"Such an answer proves nothing, and nothing was changed in the state. Run again. If it stays so, check endpoint (SEAM_ENDPOINT) and any proxy in between, or ask Seam's support with the request id.")
		}
	}
	return err
}
