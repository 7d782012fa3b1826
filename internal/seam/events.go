package seam

import (
	"context"
	"slices"
	"time"
)

// event is an entry of Seam's log. It may carry a PIN, so only these fields are read.
type event struct {
	ID           string    `json:"event_id"`
	Type         string    `json:"event_type"`
	AccessCodeID string    `json:"access_code_id"`
	OccurredAt   Timestamp `json:"occurred_at"`
}

// events lists what happened to a code since a time, on Seam's clock.
func (c *Client) events(ctx context.Context, accessCodeID string, since time.Time) (answer, []event, error) {
	filter := map[string]any{
		"access_code_ids": []string{accessCodeID},
		"since":           since.UTC().Format(time.RFC3339Nano),
	}
	var out struct {
		Events []event `json:"events"`
	}
	a, err := c.post(ctx, "/events/list", filter, &out)
	return a, slices.DeleteFunc(out.Events, func(e event) bool { return e.AccessCodeID != accessCodeID }), err
}
