package seamtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Ending is how an action attempt ends. The zero value is Succeeds.
type Ending string

// The endings of an action attempt. A vanished attempt answers 404.
const (
	Succeeds  Ending = ""
	Fails     Ending = "fails"
	NeverEnds Ending = "never ends"
	Vanishes  Ending = "vanishes"
)

const literal = "as "

// EndsAs ends an attempt with any status, also one that Seam does not document.
func EndsAs(status string) Ending { return Ending(literal + status) }

// attempt is an action attempt.
type attempt struct {
	id, action string
	number     int
	workspace  *Workspace
	lock       *Lock
	status     string
	result     func() object
	failure    object
	vanished   bool
}

// outcome is what is scripted for an attempt.
type outcome struct {
	takes             time.Duration
	ends              Ending
	errorType, reason string
}

func (s *Server) attempt(action string, l *Lock, o outcome, result func() object) *attempt {
	a := &attempt{
		id: newID(), action: action, number: s.next(), workspace: l.workspace, lock: l, status: "pending", result: result,
	}
	s.attempts[a.id] = a
	if o.ends != NeverEnds {
		s.after(o.takes, func() { a.end(o) })
	}
	return a
}

func (a *attempt) end(o outcome) {
	switch status, is := strings.CutPrefix(string(o.ends), literal); {
	case is:
		a.status = status
	case o.ends == Vanishes:
		a.vanished = true
	case o.ends == Fails:
		a.status = "error"
		a.failure = object{
			"type":    cmp.Or(o.errorType, "uncategorized_error"),
			"message": cmp.Or(o.reason, "The lock did not do it"),
		}
	default:
		a.status = "success"
	}
}

func (a *attempt) object() object {
	o := object{
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

func nothing() object { return object{} }

// asked is the answer to a write: the attempt, unless the script holds it back.
func asked(a *attempt, hidden bool) object {
	if hidden {
		return object{}
	}
	return object{"action_attempt": a.object()}
}

type attemptParams struct {
	ID       string    `json:"action_attempt_id"`
	IDs      *[]string `json:"action_attempt_ids"`
	DeviceID string    `json:"device_id"`
	Limit    float64   `json:"limit"`
	Cursor   string    `json:"page_cursor"`
}

func getAttempt(x *exchange) (object, error) {
	a := x.server.attempts[params[attemptParams](x).ID]
	if a == nil || a.vanished || a.workspace != x.workspace {
		return nil, refuse(http.StatusNotFound, "action_attempt_not_found", "No such action attempt")
	}
	return object{"action_attempt": a.object()}, nil
}

func listAttempts(x *exchange) (object, error) {
	p := params[attemptParams](x)
	if p.IDs == nil && p.DeviceID == "" {
		return nil, invalid("action_attempt_ids", "or device_id is required")
	}
	var found []*attempt
	for _, a := range x.candidates(p.IDs) {
		if a != nil && !a.vanished && a.workspace == x.workspace && (p.DeviceID == "" || p.DeviceID == a.lock.ID) {
			found = append(found, a)
		}
	}
	number := func(a *attempt) int { return a.number }
	slices.SortFunc(found, func(a, b *attempt) int { return a.number - b.number })
	found = slices.Compact(found)
	return list(x, "action_attempts", found, number, (*attempt).object, paging{p.Limit, 500, p.Cursor})
}

func (x *exchange) candidates(ids *[]string) []*attempt {
	if ids == nil {
		return slices.Collect(maps.Values(x.server.attempts))
	}
	var named []*attempt
	for _, id := range *ids {
		named = append(named, x.server.attempts[id])
	}
	return named
}
