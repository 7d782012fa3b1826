package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Event is a Seam event. Events may contain a PIN, so only these fields are decoded.
type Event struct {
	ID           string    `json:"event_id"`
	Type         string    `json:"event_type"`
	AccessCodeID string    `json:"access_code_id"`
	DeviceID     string    `json:"device_id"`
	BackupCodeID string    `json:"backup_access_code_id"` // that was pulled
	OccurredAt   Timestamp `json:"occurred_at"`
	CreatedAt    Timestamp `json:"created_at"`
}

// EventFilter selects the events to list. Empty fields do not filter, except Since.
type EventFilter struct {
	Since         time.Time
	Until         time.Time
	Types         []string
	DeviceIDs     []string
	AccessCodeIDs []string
	Limit         int64 // maximum number of events; zero for all
}

// maxEvents is the most events that one list returns. The endpoint has no pagination.
const maxEvents = 500

// Events lists events. Times are on Seam's clock. Without a Limit, a list that may be incomplete
// is an error.
func (c *Client) Events(ctx context.Context, f EventFilter) ([]Event, error) {
	_, listed, err := c.listEvents(ctx, f)
	if err == nil && f.Limit == 0 && len(listed) >= maxEvents {
		err = NewAdvice(fmt.Sprintf("There are %d events or more, and Seam returns no more than that at once: the list may be incomplete.", maxEvents), "Narrow since, until or the filters, or set limit if the first events are enough.")
	}
	wanted := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return slices.DeleteFunc(listed, func(e Event) bool {
		return !wanted(f.Types, e.Type) || !wanted(f.DeviceIDs, e.DeviceID) || !wanted(f.AccessCodeIDs, e.AccessCodeID)
	}), err
}

func (c *Client) listEvents(ctx context.Context, f EventFilter) (ResponseMeta, []Event, error) {
	filter := map[string]any{"since": f.Since.UTC().Format(time.RFC3339Nano)}
	if !f.Until.IsZero() {
		filter = map[string]any{"between": []string{f.Since.UTC().Format(time.RFC3339Nano), f.Until.UTC().Format(time.RFC3339Nano)}}
	}
	for name, values := range map[string][]string{"event_types": f.Types, "device_ids": f.DeviceIDs, "access_code_ids": f.AccessCodeIDs} {
		if len(values) > 0 {
			filter[name] = values
		}
	}
	if f.Limit > 0 {
		filter["limit"] = f.Limit
	}
	var out struct {
		Events []Event `json:"events"`
	}
	a, err := c.post(ctx, "/events/list", filter, &out)
	if err == nil && out.Events == nil {
		err = &Error{Path: "/events/list", Status: 200, RequestID: a.RequestID, Message: "the response contains no list"}
	}
	return a, out.Events, err
}

// ListEventTypes lists the types of the events about an object since a time.
func (c *Client) ListEventTypes(ctx context.Context, noun, id string, since time.Time) (ResponseMeta, []string, error) {
	var out struct {
		Events []map[string]any `json:"events"`
	}
	a, err := c.post(ctx, "/events/list", map[string]any{"since": since.UTC().Format(time.RFC3339Nano), noun + "_id": id}, &out)
	var kinds []string
	for _, event := range out.Events {
		if kind, _ := event["event_type"].(string); event[noun+"_id"] == id {
			kinds = append(kinds, kind)
		}
	}
	return a, kinds, err
}

// ListCodeEvents lists the events of a code since a time.
func (c *Client) ListCodeEvents(ctx context.Context, accessCodeID string, since time.Time) (ResponseMeta, []Event, error) {
	a, listed, err := c.listEvents(ctx, EventFilter{Since: since, AccessCodeIDs: []string{accessCodeID}})
	return a, slices.DeleteFunc(listed, func(e Event) bool { return e.AccessCodeID != accessCodeID }), err
}
