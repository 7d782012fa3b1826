package seam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"strings"
)

// Object is something that Seam keeps under an id. It is empty if it cannot be read.
type Object interface{ ObjectID() string }

// Endpoint is the API of one noun: T is an object in Seam's answers, In what a create or
// update sends. One is the name of an object, Many that of a list; an id is called One_id,
// and a unique key of the user's, if the noun has one, One_key.
type Endpoint[T Object, In any] struct {
	Path, One, Many string

	Scope string // input of a create that narrows the list in which a lost create is looked for
	Bulk  bool   // a refresh of many objects reads one list of all
}

// Ref names an object and the workspace in which it is known to be; none if that is not known.
type Ref struct{ ID, WorkspaceID string }

// notFoundTypes are the types of Seam's own 404 for each noun: an object is gone on one of
// them, and on nothing else. Seam publishes none of them; those marked "inferred" were not
// seen in an answer of its fake server either.
var notFoundTypes = map[string][]string{
	"access_grant":      {"access_grant_not_found"},  // inferred
	"access_method":     {"access_method_not_found"}, // inferred
	"acs_access_group":  {"acs_access_group_not_found"},
	"acs_credential":    {"acs_credential_not_found", "credential_not_found"}, // inferred; attempts use the second
	"acs_entrance":      {"acs_entrance_not_found"},
	"acs_system":        {"acs_system_not_found"},
	"acs_user":          {"acs_user_not_found"},
	"client_session":    {"client_session_not_found"},
	"connect_webview":   {"connect_webview_not_found"},
	"connected_account": {"connected_account_not_found"},
	"device":            {"device_not_found"},
	"instant_key":       {"instant_key_not_found"},   // inferred
	"phone":             {"phone_not_found"},         // inferred
	"space":             {"space_not_found"},         // inferred
	"user_identity":     {"user_identity_not_found"}, // inferred
	"webhook":           {"webhook_not_found"},
}

// NotFoundTypes returns the types of the 404 that say that an object is gone, by noun.
func NotFoundTypes() map[string][]string { return maps.Clone(notFoundTypes) }

// isGone reports whether err is Seam's own answer that there is no such object.
func isGone(err error, noun string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && IsType(err, notFoundTypes[noun]...)
}

// NotFoundError says that the workspace has no such object, on Seam's own typed answer.
type NotFoundError struct{ *AdviceError }

func (e *NotFoundError) Unwrap() error { return e.AdviceError }

// OtherObjectError says that Seam answered about the object ID, which is not the one that
// was asked for.
type OtherObjectError struct {
	ID     string
	answer *Error
}

func (e *OtherObjectError) Error() string { return e.answer.Error() }
func (e *OtherObjectError) Unwrap() error { return e.answer }

// Get reads an object.
func (e Endpoint[T, In]) Get(ctx context.Context, c *Client, ref Ref) (T, error) {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return *new(T), err
	}
	return e.GetBy(ctx, c, e.One+"_id", ref.ID)
}

// GetBy reads the object with a value that is unique.
func (e Endpoint[T, In]) GetBy(ctx context.Context, c *Client, attribute, value string) (T, error) {
	object, _, err := e.get(ctx, c, attribute, value)
	return object, err
}

// LookUp reads an object for the proof of a removal. It is gone on Seam's own typed 404.
func (e Endpoint[T, In]) LookUp(ctx context.Context, c *Client, id string) (object T, gone bool, a ResponseMeta, err error) {
	object, a, err = e.get(ctx, c, e.One+"_id", id)
	if isGone(err, e.One) {
		return object, true, a, nil
	}
	return object, false, a, err
}

func (e Endpoint[T, In]) get(ctx context.Context, c *Client, attribute, value string) (T, ResponseMeta, error) {
	object, a, err := e.call(ctx, c.post, c, "/get", map[string]string{attribute: value})
	if attribute == e.One+"_id" {
		err = checkNounID(e.One, value, err)
	}
	switch {
	case isGone(err, e.One):
		err = e.notFound(attribute, value, err)
	case err == nil && !hasField(object, attribute, value):
		err = &OtherObjectError{SanitizeID(object.ObjectID()), e.unexpected("/get", a, "the answer is about another "+label(e.One)+" than the one asked for")}
	}
	return object, a, err
}

func (e Endpoint[T, In]) notFound(attribute, value string, answer error) error {
	which, what := value, "id"
	if attribute != e.One+"_id" {
		which, what = "with "+attribute+" "+value, attribute
	}
	return &NotFoundError{WrapAdvice(answer, fmt.Sprintf("There is no %s %s in this workspace: %v.", label(e.One), which, answer), "Check the "+what+"; the Seam console shows it.")}
}

// Update changes an object, waits until that is done, and reads it back.
func (e Endpoint[T, In]) Update(ctx context.Context, c *Client, ref Ref, in In) (T, error) {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return *new(T), err
	}
	return e.update(ctx, c, ref, fields(in))
}

func (e Endpoint[T, In]) update(ctx context.Context, c *Client, ref Ref, sent map[string]any) (T, error) {
	sent[e.One+"_id"] = ref.ID
	if err := e.write(ctx, c, "/update", sent); err != nil {
		return *new(T), err
	}
	return e.Get(ctx, c, ref)
}

// Delete returns when Seam answers, twice in a row, that there is no such object any more.
func (e Endpoint[T, In]) Delete(ctx context.Context, c *Client, ref Ref) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	if err := e.write(ctx, c, "/delete", map[string]string{e.One + "_id": ref.ID}); err != nil && !isGone(err, e.One) {
		return err
	}
	return pollTwice(ctx, func(ctx context.Context) (bool, error) {
		_, err := e.Get(ctx, c, ref)
		if isGone(err, e.One) {
			return true, nil
		}
		return false, err
	})
}

// RequestDeletion requests the deletion of an object and does not wait for it. A
// [NotFoundError] says that the object is gone already.
func (e Endpoint[T, In]) RequestDeletion(ctx context.Context, c *Client, id string) error {
	err := checkNounID(e.One, id, e.write(ctx, c, "/delete", map[string]string{e.One + "_id": id}))
	if isGone(err, e.One) {
		err = e.notFound(e.One+"_id", id, err)
	}
	return err
}

// List lists the objects that match the filter, which holds parameters of Seam's list. It ends
// with an error if it is not complete.
func (e Endpoint[T, In]) List(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[T, error] {
	return flatten(iteratePages(ctx, c, e.Path+"/list", filter, func(p *answer) (items []T, page pagination) {
		if json.Unmarshal((*p)[e.Many], &items) != nil || json.Unmarshal(orNull((*p)["pagination"]), &page.Pagination) != nil {
			return nil, page
		}
		for _, object := range items {
			c.addSecrets(object)
		}
		for _, object := range items {
			c.redactIssuesOf(object) // a message may hold a secret of another object
		}
		return items, page
	}))
}

// answer is the outermost object of an answer.
type answer map[string]json.RawMessage

// call posts a request that answers with an object.
func (e Endpoint[T, In]) call(ctx context.Context, post poster, c *Client, verb string, in any) (object T, a ResponseMeta, err error) {
	var out answer
	if a, err = post(ctx, e.Path+verb, in, &out); err != nil {
		return object, a, err
	}
	err = json.Unmarshal(orNull(out[e.One]), &object)
	c.addSecrets(object)
	c.redactIssuesOf(object)
	if err != nil || c.redactor.sanitizeID(object.ObjectID()) == "" {
		return object, a, e.unexpected(verb, a, "the answer holds no "+label(e.One)+" that can be read")
	}
	return object, a, nil
}

// poster is one of the ways in which a client sends a request.
type poster func(ctx context.Context, path string, in, out any) (ResponseMeta, error)

// write posts a request whose answer holds no object, and waits for the action attempt in it,
// if there is one.
func (e Endpoint[T, In]) write(ctx context.Context, c *Client, verb string, in any) error {
	defer c.invalidateSnapshots()
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	if _, err := c.post(ctx, e.Path+verb, in, &out); err != nil || out.ActionAttempt.ID == "" {
		return err
	}
	ended, err := c.AwaitActionAttempt(ctx, c.redactAttempt(out.ActionAttempt))
	if err == nil && ended.Status == AttemptError {
		err = NewAdvice("Seam could not do it: "+ended.Failure()+".", "Correct the cause, then run again.")
	}
	return err
}

// unexpected is an answer that is not what Seam documents.
func (e Endpoint[T, In]) unexpected(verb string, a ResponseMeta, message string) *Error {
	return &Error{Path: e.Path + verb, Status: http.StatusOK, RequestID: a.RequestID, Message: message}
}

// label is a noun for people.
func label(noun string) string { return strings.ReplaceAll(noun, "_", " ") }

// addSecrets registers what is secret in an object.
func (c *Client) addSecrets(object any) {
	if secret, ok := object.(interface{ secrets() []string }); ok {
		for _, s := range secret.secrets() {
			c.redactor.add(s)
		}
	}
}

// redactIssuesOf redacts the errors and warnings of an object in place.
func (c *Client) redactIssuesOf(object any) {
	if reports, ok := object.(interface{ issues() [][]Issue }); ok {
		for _, issues := range reports.issues() {
			c.redactIssues(issues)
		}
	}
}

// fields are the JSON fields of a struct.
func fields(of any) map[string]any {
	found := map[string]any{}
	if encoded, err := json.Marshal(of); err == nil {
		_ = json.Unmarshal(encoded, &found) // what is no object has no fields
	}
	return found
}

// differences are the fields of in, except those that the object has already.
func differences(object, in any) map[string]any {
	shown, sent := fields(object), fields(in)
	maps.DeleteFunc(sent, func(name string, value any) bool { return holds(shown[name], value) })
	return sent
}

// holds reports whether a value is what was sent. An entry that is missing is null.
func holds(shown, sent any) bool {
	entries, nested := sent.(map[string]any)
	if !nested {
		return sameValue(shown, sent)
	}
	held, _ := shown.(map[string]any)
	for name, value := range entries {
		if !holds(held[name], value) {
			return false
		}
	}
	return true
}

func hasField(object any, name, value string) bool { return fields(object)[name] == value }

// orNull is JSON that may be missing.
func orNull(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}
