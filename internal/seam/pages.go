package seam

import (
	"context"
	"maps"
)

// pagination is the part of a list's answer that leads on.
type pagination struct {
	Pagination struct {
		More bool   `json:"has_next_page"`
		Next string `json:"next_page_cursor"`
	} `json:"pagination"`
}

// pages fetches every page of a list. A page without a list, one that does not lead on to
// the rest, and a cursor that comes back a second time are errors: a list that is not
// complete must not look like one. The answer is the first
// page's, so its time is before everything listed.
func pages[P, T any](ctx context.Context, c *Client, path string, filter map[string]any, take func(*P) ([]T, pagination)) (answer, []T, error) {
	var first answer
	var all []T
	seen := map[string]bool{}
	for cursor := ""; ; {
		in := maps.Clone(filter)
		if cursor != "" {
			in["page_cursor"] = cursor
		}
		page := new(P)
		a, err := c.post(ctx, path, in, page)
		if err != nil {
			return a, nil, err
		}
		if first.at.IsZero() {
			first = a
		}
		items, p := take(page)
		next := p.Pagination.Next
		if items == nil || p.Pagination.More && next == "" {
			return a, nil, &Error{Path: path, Status: 200, RequestID: a.requestID, Message: "the answer holds no list, or not all of it"}
		}
		all = append(all, items...)
		if next == "" {
			return first, all, nil
		}
		if seen[next] {
			return a, nil, &Error{Path: path, Status: 200, RequestID: a.requestID, Message: "the pages of the list lead in a circle"}
		}
		seen[next], cursor = true, next
	}
}
