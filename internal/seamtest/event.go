package seamtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Event is an event as Seam would list it.
type Event struct {
	ID, Type, AccessCodeID, DeviceID string
	At                               time.Time
}

type event struct {
	Event
	workspace          *Workspace
	connectedAccountID string
	customerKey        string
	extra              jsonObject
	visibleAt          time.Time
}

// Events returns all events that were not muted, in order, including those not yet visible.
func (s *Server) Events() []Event {
	defer s.lockAndAdvance()()
	var all []Event
	for _, e := range s.events {
		all = append(all, e.Event)
	}
	return all
}

// MuteEvents suppresses events of these types.
func (s *Server) MuteEvents(types ...string) {
	defer s.lockAndAdvance()()
	for _, t := range types {
		s.mutedEvents[t] = true
	}
}

// DelayEvents makes the events from now on visible only after d.
func (s *Server) DelayEvents(d time.Duration) {
	defer s.lockAndAdvance()()
	s.eventDelay = d
}

// emitAccessCodeEvent records an event of an access code.
func (s *Server) emitAccessCodeEvent(c *accessCode, name string, extra jsonObject) {
	s.emitEvent(c.lock.workspace, c.lock, Event{Type: "access_code." + name, AccessCodeID: c.ID}, extra)
}

// emitDeviceEvent records an event of a lock.
func (s *Server) emitDeviceEvent(l *Lock, kind string, extra jsonObject) {
	s.emitEvent(l.workspace, l, Event{Type: kind}, extra)
}

func (s *Server) emitEvent(w *Workspace, l *Lock, what Event, extra jsonObject) {
	if s.mutedEvents[what.Type] {
		return
	}
	e := &event{Event: what, workspace: w, extra: extra, visibleAt: s.now.Add(s.eventDelay)}
	e.ID, e.At = newID(), s.now
	if l != nil {
		e.DeviceID, e.connectedAccountID, e.customerKey = l.ID, l.connectedAccountID, l.customerKey
	}
	s.events = append(s.events, e)
}

func (e *event) toJSON() jsonObject {
	o := jsonObject{
		"event_id": e.ID, "event_type": e.Type, "workspace_id": e.workspace.ID,
		"created_at": formatTime(e.At), "occurred_at": formatTime(e.At),
	}
	for key, id := range map[string]string{
		"access_code_id": e.AccessCodeID, "device_id": e.DeviceID, "connected_account_id": e.connectedAccountID,
	} {
		if id != "" {
			o[key] = id
		}
	}
	maps.Copy(o, e.extra)
	return o
}

type eventParams struct {
	EventID       string    `json:"event_id"`
	EventType     string    `json:"event_type"`
	EventTypes    *[]string `json:"event_types"`
	EventIDs      *[]string `json:"event_ids"`
	AccessCodeID  string    `json:"access_code_id"`
	AccessCodeIDs *[]string `json:"access_code_ids"`
	DeviceID      string    `json:"device_id"`
	DeviceIDs     *[]string `json:"device_ids"`
	AccountID     string    `json:"connected_account_id"`
	CustomerKey   string    `json:"customer_key"`
	Since         string    `json:"since"`
	Between       []string  `json:"between"`
	Limit         float64   `json:"limit"`
}

func getEvent(call *apiCall) (jsonObject, error) {
	p := params[eventParams](call)
	if p.EventID == "" && p.EventType == "" && p.DeviceID == "" {
		return nil, invalidInput("event_id", "is required")
	}
	for _, e := range call.server.events {
		if p.matches(e) && call.eventVisible(e) {
			return jsonObject{"event": e.toJSON()}, nil
		}
	}
	return nil, newAPIError(http.StatusNotFound, "event_not_found", "No such event")
}

// objectFilters are filters by objects of the store.
var objectFilters = []string{
	"access_grant_id", "access_grant_ids", "access_method_id", "access_method_ids", "acs_access_group_id", "acs_credential_id",
	"acs_encoder_id", "acs_entrance_id", "acs_system_id", "acs_system_ids", "acs_user_id", "connect_webview_id", "space_id",
	"space_ids", "user_identity_id",
}

// isAbout applies the filters by objects.
func (call *apiCall) isAbout(e *event) bool {
	about := &object{fields: plainJSON(e.extra)}
	return !slices.ContainsFunc(objectFilters, func(name string) bool {
		switch want := call.body[name].(type) {
		case nil:
			return false
		case []any:
			one := func(id any) bool { return about.matches(strings.TrimSuffix(name, "s"), id) }
			return !slices.ContainsFunc(want, one)
		default:
			return !about.matches(name, want)
		}
	})
}

func listEvents(call *apiCall) (jsonObject, error) {
	p := params[eventParams](call)
	from, to, err := p.timeRange()
	if err != nil {
		return nil, err
	}
	found := []jsonObject{}
	for _, e := range call.server.events {
		within := !e.At.Before(from) && (to.IsZero() || !e.At.After(to))
		if within && p.matches(e) && call.isAbout(e) && call.eventVisible(e) && len(found) < p.limit() {
			found = append(found, e.toJSON())
		}
	}
	return jsonObject{"events": found}, nil
}

func (call *apiCall) eventVisible(e *event) bool {
	return e.workspace == call.workspace && !e.visibleAt.After(call.server.now)
}

func (p eventParams) limit() int {
	if p.Limit >= 1 {
		return int(p.Limit)
	}
	return 500
}

func (p eventParams) timeRange() (from, to time.Time, err error) {
	switch {
	case len(p.Between) == 2:
		if from, err = parseTime("between", p.Between[0]); err != nil {
			return from, to, err
		}
		to, err = parseTime("between", p.Between[1])
	case p.Since != "":
		from, err = parseTime("since", p.Since)
	default:
		err = invalidInput("since", "or between is required")
	}
	return from, to, err
}

func (p eventParams) matches(e *event) bool {
	return matchesFilter(p.EventID, e.ID) && matchesAnyOf(p.EventIDs, e.ID) &&
		matchesFilter(p.EventType, e.Type) && matchesAnyOf(p.EventTypes, e.Type) &&
		matchesFilter(p.AccessCodeID, e.AccessCodeID) && matchesAnyOf(p.AccessCodeIDs, e.AccessCodeID) &&
		matchesFilter(p.DeviceID, e.DeviceID) && matchesAnyOf(p.DeviceIDs, e.DeviceID) &&
		matchesFilter(p.AccountID, e.connectedAccountID) && matchesFilter(p.CustomerKey, e.customerKey)
}

// matchesAnyOf is true when there is no filter.
func matchesAnyOf(filter *[]string, value string) bool {
	return filter == nil || slices.Contains(*filter, value)
}
