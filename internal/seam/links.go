package seam

import (
	"context"
	"fmt"
	"iter"
	"strings"
)

// Links is the API of a noun that only joins two objects: it is added, found and removed, and has nothing
// to change. Its ID is theirs, separated by a slash.
type Links[T link] struct {
	Label, IDs, Missing string // what it is called, the format of its ID, and what is so if there is none
	Of                  func(first, second string) T
	All                 func(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[T, error]
}

// link is a link of two objects.
type link interface {
	Object
	create(ctx context.Context, c *Client) error
	exists(ctx context.Context, c *Client) (bool, error)
	delete(ctx context.Context, c *Client) error
}

// Create adds a link. It returns the link with an error, too, if the link may have been added.
func (l Links[T]) Create(ctx context.Context, c *Client, in T) (T, error) {
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return *new(T), err
	}
	return in, in.create(ctx, c)
}

// Get reads a link.
func (l Links[T]) Get(ctx context.Context, c *Client, ref Ref) (T, error) {
	first, second, _ := strings.Cut(ref.ID, "/")
	one := l.Of(first, second)
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return one, err
	}
	found, err := one.exists(ctx, c)
	if err == nil && !found {
		err = &NotFoundError{NewAdvice(fmt.Sprintf("There is no %s %s in this workspace: %s.", l.Label, ref.ID, l.Missing), "Check the ids; the ID is "+l.IDs+".")}
	}
	return one, err
}

// Refresh is Get, twice if there is no such link: one answer may be out of date.
func (l Links[T]) Refresh(ctx context.Context, c *Client, ref Ref) (T, error) {
	return twiceIfGone(func() (T, error) { return l.Get(ctx, c, ref) })
}

// GetBy is Get, because a link has nothing but its ID.
func (l Links[T]) GetBy(ctx context.Context, c *Client, _, value string) (T, error) {
	return l.Get(ctx, c, Ref{ID: value})
}

// Update is Get, because there is nothing to change.
func (l Links[T]) Update(ctx context.Context, c *Client, ref Ref, _ T) (T, error) {
	return l.Get(ctx, c, ref)
}

// Delete removes a link.
func (l Links[T]) Delete(ctx context.Context, c *Client, ref Ref) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	first, second, _ := strings.Cut(ref.ID, "/")
	return l.Of(first, second).delete(ctx, c)
}

// List lists the links that match the filter.
func (l Links[T]) List(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[T, error] {
	return l.All(ctx, c, filter)
}
