package seamtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Outcome is how an action attempt ends. The zero value is Succeeds.
type Outcome string

// The outcomes of an action attempt. A vanished attempt answers 404.
const (
	Succeeds     Outcome = ""
	Fails        Outcome = "fails"
	StaysPending Outcome = "never ends"
	Vanishes     Outcome = "vanishes"
)

const statusPrefix = "as "

// EndsWithStatus ends an attempt with any status, also one that Seam does not document.
func EndsWithStatus(status string) Outcome { return Outcome(statusPrefix + status) }

// actionAttempt is an action attempt.
type actionAttempt struct {
	id, action string
	number     int
	workspace  *Workspace
	lock       *Lock // nil if no lock does it
	status     string
	result     func() jsonObject
	failure    jsonObject
	vanished   bool
}

// attemptBehavior is how an attempt behaves.
type attemptBehavior struct {
	takes                   time.Duration
	outcome                 Outcome
	errorType, errorMessage string
}

func (s *Server) newAttempt(action string, l *Lock, o attemptBehavior, result func() jsonObject) *actionAttempt {
	a := s.newAttemptIn(l.workspace, action, o, result)
	a.lock = l
	return a
}

// newAttemptIn is newAttempt for what no lock does.
func (s *Server) newAttemptIn(w *Workspace, action string, o attemptBehavior, result func() jsonObject) *actionAttempt {
	a := &actionAttempt{id: newID(), action: action, number: s.nextNumber(), workspace: w, status: "pending", result: result}
	s.attempts[a.id] = a
	if o.outcome != StaysPending {
		s.scheduleAfter(o.takes, func() { a.finish(o) })
	}
	return a
}

func (a *actionAttempt) finish(o attemptBehavior) {
	switch status, is := strings.CutPrefix(string(o.outcome), statusPrefix); {
	case is:
		a.status = status
	case o.outcome == Vanishes:
		a.vanished = true
	case o.outcome == Fails:
		a.status = "error"
		a.failure = jsonObject{
			"type":    cmp.Or(o.errorType, "uncategorized_error"),
			"message": cmp.Or(o.errorMessage, "The lock did not do it"),
		}
	default:
		a.status = "success"
	}
}

func (a *actionAttempt) toJSON() jsonObject {
	o := jsonObject{
		"action_attempt_id": a.id, "action_type": a.action, "status": a.status, "result": nil, "error": nil,
	}
	if a.status == "success" {
		o["result"] = a.result()
	}
	if a.failure != nil {
		o["error"] = maps.Clone(a.failure)
	}
	return o
}

func emptyResult() jsonObject { return jsonObject{} }

// attemptResponse is the response to a write: the attempt, unless the behavior leaves it out.
func attemptResponse(a *actionAttempt, hidden bool) jsonObject {
	if hidden {
		return jsonObject{}
	}
	return jsonObject{"action_attempt": a.toJSON()}
}

type attemptParams struct {
	ID       string    `json:"action_attempt_id"`
	IDs      *[]string `json:"action_attempt_ids"`
	DeviceID string    `json:"device_id"`
	Limit    float64   `json:"limit"`
	Cursor   string    `json:"page_cursor"`
}

func getActionAttempt(call *apiCall) (jsonObject, error) {
	a := call.server.attempts[params[attemptParams](call).ID]
	if a == nil || a.vanished || a.workspace != call.workspace {
		return nil, newAPIError(http.StatusNotFound, "action_attempt_not_found", "No such action attempt")
	}
	return jsonObject{"action_attempt": a.toJSON()}, nil
}

func listActionAttempts(call *apiCall) (jsonObject, error) {
	p := params[attemptParams](call)
	if p.IDs == nil && p.DeviceID == "" {
		return nil, invalidInput("action_attempt_ids", "or device_id is required")
	}
	var found []*actionAttempt
	for _, a := range call.attemptsByID(p.IDs) {
		if a != nil && !a.vanished && a.workspace == call.workspace && (p.DeviceID == "" || a.lock != nil && p.DeviceID == a.lock.ID) {
			found = append(found, a)
		}
	}
	number := func(a *actionAttempt) int { return a.number }
	slices.SortFunc(found, func(a, b *actionAttempt) int { return a.number - b.number })
	found = slices.Compact(found)
	return listPage(call, "action_attempts", found, number, (*actionAttempt).toJSON, pageParams{p.Limit, 500, p.Cursor})
}

func (call *apiCall) attemptsByID(ids *[]string) []*actionAttempt {
	if ids == nil {
		return slices.Collect(maps.Values(call.server.attempts))
	}
	var named []*actionAttempt
	for _, id := range *ids {
		named = append(named, call.server.attempts[id])
	}
	return named
}
