package seam

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// pagination is the pagination part of a list response.
type pagination struct {
	Pagination struct {
		More bool   `json:"has_next_page"`
		Next string `json:"next_page_cursor"`
	} `json:"pagination"`
}

// ObjectID is the code's id.
func (a AccessCode) ObjectID() string { return a.ID }

// ObjectID is the attempt's id.
func (a ActionAttempt) ObjectID() string { return a.ID }

// ObjectID is the device's id.
func (d Device) ObjectID() string { return d.ID }

// maxPages is far beyond any real list: a page has hundreds of entries.
const maxPages = 1000

// page is one response of a list.
type page[T any] struct {
	ResponseMeta
	items []T
}

// iteratePages asks for one page after the other, for as long as somebody wants the next. A list
// that is not complete must not look like one: see [pageTracker].
func iteratePages[P any, T Object](ctx context.Context, c *Client, path string, filter map[string]any, take func(*P) ([]T, pagination)) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		t := pageTracker[T]{&c.redactor, map[string]bool{}, map[string]bool{}}
		for cursor := ""; ; {
			in := maps.Clone(filter)
			if cursor != "" {
				in["page_cursor"] = cursor
			}
			out := new(P)
			a, err := c.post(ctx, path, in, out)
			items, p := take(out)
			cursor = p.Pagination.Next
			if fault := t.check(items, p); err == nil && fault != "" {
				err = &Error{Path: path, Status: 200, RequestID: a.RequestID, Message: fault}
			}
			if !yield(page[T]{a, items}, err) || err != nil || cursor == "" {
				return
			}
		}
	}
}

// pageTracker follows the pages of a list.
type pageTracker[T Object] struct {
	redactor      *redactor
	cursors, keys map[string]bool
}

// check records a page and returns what is wrong with it, or an empty string: the page is
// incomplete, or the pages do not end.
func (t *pageTracker[T]) check(items []T, p pagination) string {
	next := p.Pagination.Next
	if items == nil || p.Pagination.More && next == "" {
		return "the response does not contain the whole list"
	}
	if i := slices.IndexFunc(items, func(item T) bool { return t.redactor.sanitizeID(item.ObjectID()) == "" }); i >= 0 {
		return fmt.Sprintf("entry %d of the %d in the list has no valid id", i+1, len(items))
	}
	before := len(t.keys)
	for _, item := range items {
		t.keys[item.ObjectID()] = true
	}
	stale := len(items) > 0 && len(t.keys) == before
	switch {
	case next == "":
		return ""
	case stale || t.cursors[next]:
		return "the pages of the list lead in a circle"
	case len(t.cursors)+1 == maxPages:
		return fmt.Sprintf("the list does not end: %d pages were read, and there are more", maxPages)
	}
	t.cursors[next] = true
	return ""
}

// listAll fetches every page of a list. The answer is the first page's, so its time is
// before everything listed.
func listAll[P any, T Object](ctx context.Context, c *Client, path string, filter map[string]any, take func(*P) ([]T, pagination)) (ResponseMeta, []T, error) {
	var first ResponseMeta
	var all []T
	for p, err := range iteratePages(ctx, c, path, filter, take) {
		if err != nil {
			return p.ResponseMeta, nil, err
		}
		if first.At.IsZero() {
			first = p.ResponseMeta
		}
		all = append(all, p.items...)
	}
	return first, all, nil
}

// flatten yields the items of the pages.
func flatten[T any](pages iter.Seq2[page[T], error]) iter.Seq2[T, error] {
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

// collect returns all items, or the first error.
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
