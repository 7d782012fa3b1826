package seamtest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Event is an event as Seam would list it, whether muted or not yet visible.
type Event struct {
	ID, Type, AccessCodeID, DeviceID string
	At                               time.Time
}

type event struct {
	Event
	workspace *Workspace
	account   string
	customer  string
	extra     object
	visible   time.Time
}

// Events returns all events that were not muted, in order.
func (s *Server) Events() []Event {
	defer s.enter()()
	var all []Event
	for _, e := range s.events {
		all = append(all, e.Event)
	}
	return all
}

// MuteEvents stops events of these types from happening.
func (s *Server) MuteEvents(types ...string) {
	defer s.enter()()
	for _, t := range types {
		s.muted[t] = true
	}
}

// DelayEvents makes the events from now on visible only after d.
func (s *Server) DelayEvents(d time.Duration) {
	defer s.enter()()
	s.eventDelay = d
}

// emit makes an event of an access code happen.
func (s *Server) emit(c *code, name string, extra object) {
	s.happen(c.lock.workspace, c.lock, Event{Type: "access_code." + name, AccessCodeID: c.ID}, extra)
}

// report makes an event of a lock happen.
func (s *Server) report(l *Lock, kind string, extra object) {
	s.happen(l.workspace, l, Event{Type: kind}, extra)
}

func (s *Server) happen(w *Workspace, l *Lock, what Event, extra object) {
	if s.muted[what.Type] {
		return
	}
	e := &event{Event: what, workspace: w, extra: extra, visible: s.moment.Add(s.eventDelay)}
	e.ID, e.At = newID(), s.moment
	if l != nil {
		e.DeviceID, e.account, e.customer = l.ID, l.account, l.customer
	}
	s.events = append(s.events, e)
}

func (e *event) object() object {
	o := object{
		"event_id": e.ID, "event_type": e.Type, "workspace_id": e.workspace.ID,
		"created_at": stamp(e.At), "occurred_at": stamp(e.At),
	}
	for key, id := range map[string]string{
		"access_code_id": e.AccessCodeID, "device_id": e.DeviceID, "connected_account_id": e.account,
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

func getEvent(x *exchange) (object, error) {
	p := params[eventParams](x)
	if p.EventID == "" && p.EventType == "" && p.DeviceID == "" {
		return nil, invalid("event_id", "is required")
	}
	for _, e := range x.server.events {
		if p.selects(e) && x.sees(e) {
			return object{"event": e.object()}, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "event_not_found", "No such event")
}

// strangers are filters for what no event of the fake is about.
var strangers = []string{
	"access_grant_id", "access_grant_ids", "access_method_id", "access_method_ids", "acs_access_group_id", "acs_credential_id",
	"acs_encoder_id", "acs_entrance_id", "acs_system_id", "acs_system_ids", "acs_user_id", "connect_webview_id", "space_id",
	"space_ids", "user_identity_id",
}

func listEvents(x *exchange) (object, error) {
	p := params[eventParams](x)
	from, to, err := p.span()
	if err != nil {
		return nil, err
	}
	found := []object{}
	if x.asksFor(strangers...) {
		return object{"events": found}, nil
	}
	for _, e := range x.server.events {
		within := !e.At.Before(from) && (to.IsZero() || !e.At.After(to))
		if within && p.selects(e) && x.sees(e) && len(found) < p.size() {
			found = append(found, e.object())
		}
	}
	return object{"events": found}, nil
}

func (x *exchange) sees(e *event) bool {
	return e.workspace == x.workspace && !e.visible.After(x.server.moment)
}

func (p eventParams) size() int {
	if p.Limit >= 1 {
		return int(p.Limit)
	}
	return 500
}

func (p eventParams) span() (from, to time.Time, err error) {
	switch {
	case len(p.Between) == 2:
		if from, err = instant("between", p.Between[0]); err != nil {
			return from, to, err
		}
		to, err = instant("between", p.Between[1])
	case p.Since != "":
		from, err = instant("since", p.Since)
	default:
		err = invalid("since", "or between is required")
	}
	return from, to, err
}

func (p eventParams) selects(e *event) bool {
	return is(p.EventID, e.ID) && among(p.EventIDs, e.ID) &&
		is(p.EventType, e.Type) && among(p.EventTypes, e.Type) &&
		is(p.AccessCodeID, e.AccessCodeID) && among(p.AccessCodeIDs, e.AccessCodeID) &&
		is(p.DeviceID, e.DeviceID) && among(p.DeviceIDs, e.DeviceID) &&
		is(p.AccountID, e.account) && is(p.CustomerKey, e.customer)
}

// among is true when there is no filter.
func among(filter *[]string, value string) bool {
	return filter == nil || slices.Contains(*filter, value)
}
