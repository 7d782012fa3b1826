package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Event is an entry of Seam's log. It may carry a PIN, so only these fields are read.
type Event struct {
	ID           string    `json:"event_id"`
	Type         string    `json:"event_type"`
	AccessCodeID string    `json:"access_code_id"`
	DeviceID     string    `json:"device_id"`
	OccurredAt   Timestamp `json:"occurred_at"`
	CreatedAt    Timestamp `json:"created_at"`
}

// EventFilter says which events to list. What is empty does not restrict, except Since.
type EventFilter struct {
	Since         time.Time
	Until         time.Time
	Types         []string
	DeviceIDs     []string
	AccessCodeIDs []string
	Limit         int64 // how many are enough; without one, all are wanted
}

// maxEvents is how many Seam lists at once. It has no pages.
const maxEvents = 500

// Events lists what happened, on Seam's clock. Without a limit, a list that Seam may have
// cut short is an error.
func (c *Client) Events(ctx context.Context, f EventFilter) ([]Event, error) {
	_, listed, err := c.listEvents(ctx, f)
	if err == nil && f.Limit == 0 && len(listed) >= maxEvents {
		err = NewAdvice(fmt.Sprintf("There are %d events or more, and Seam lists no more than that at once: some would be missing.", maxEvents), "Narrow since, until or the filters; or set limit if these are enough.")
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
		err = &Error{Path: "/events/list", Status: 200, RequestID: a.RequestID, Message: "the answer holds no list"}
	}
	return a, out.Events, err
}

// ListCodeEvents lists what happened to a code since a time.
func (c *Client) ListCodeEvents(ctx context.Context, accessCodeID string, since time.Time) (ResponseMeta, []Event, error) {
	a, listed, err := c.listEvents(ctx, EventFilter{Since: since, AccessCodeIDs: []string{accessCodeID}})
	return a, slices.DeleteFunc(listed, func(e Event) bool { return e.AccessCodeID != accessCodeID }), err
}
