package seam

import (
	"context"
	"iter"
	"maps"
)

// pagination is the part of a list's answer that leads on.
type pagination struct {
	Pagination struct {
		More bool   `json:"has_next_page"`
		Next string `json:"next_page_cursor"`
	} `json:"pagination"`
}

// page is one answer of a list.
type page[T any] struct {
	answer
	items []T
}

// walk asks for one page after the other, for as long as somebody wants the next. A page
// without a list, one that does not lead on to the rest, and a cursor that comes back a
// second time are errors: a list that is not complete must not look like one.
func walk[P, T any](ctx context.Context, c *Client, path string, filter map[string]any, take func(*P) ([]T, pagination)) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		seen := map[string]bool{}
		for cursor := ""; ; {
			in := maps.Clone(filter)
			if cursor != "" {
				in["page_cursor"] = cursor
			}
			out := new(P)
			a, err := c.post(ctx, path, in, out)
			items, p := take(out)
			next := p.Pagination.Next
			switch {
			case err != nil:
			case items == nil || p.Pagination.More && next == "":
				err = &Error{Path: path, Status: 200, RequestID: a.requestID, Message: "the answer holds no list, or not all of it"}
			case next != "" && seen[next]:
				err = &Error{Path: path, Status: 200, RequestID: a.requestID, Message: "the pages of the list lead in a circle"}
			}
			if !yield(page[T]{a, items}, err) || err != nil || next == "" {
				return
			}
			seen[next], cursor = true, next
		}
	}
}

// pages fetches every page of a list. The answer is the first page's, so its time is
// before everything listed.
func pages[P, T any](ctx context.Context, c *Client, path string, filter map[string]any, take func(*P) ([]T, pagination)) (answer, []T, error) {
	var first answer
	var all []T
	for p, err := range walk(ctx, c, path, filter, take) {
		if err != nil {
			return p.answer, nil, err
		}
		if first.at.IsZero() {
			first = p.answer
		}
		all = append(all, p.items...)
	}
	return first, all, nil
}

// each flattens pages into what they hold.
func each[T any](pages iter.Seq2[page[T], error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for p, err := range pages {
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range p.items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// collect takes all, or the first failure.
func collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}
