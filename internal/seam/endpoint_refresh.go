package seam

import (
	"context"
	"errors"
)

// Refresh reads an object for a refresh: from a list of all objects that is at most
// [MaxSnapshotAge] old and was read after this run's last write, if the list has it, and by
// itself otherwise. Absence from a list proves nothing, and one get may be out of date: an object is gone
// on two answers.
func (e Endpoint[T, In]) Refresh(ctx context.Context, c *Client, ref Ref) (T, error) {
	if e.Bulk && c.bulkReads {
		if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
			return *new(T), err
		}
		listed, err := e.snapshot(c).cached(ctx, MaxSnapshotAge)
		if object, there := listed[ref.ID]; err == nil && there {
			return object, nil
		}
	}
	return twiceIfGone(func() (T, error) { return e.Get(ctx, c, ref) })
}

// twiceIfGone repeats a read that finds nothing.
func twiceIfGone[T any](read func() (T, error)) (T, error) {
	found, err := read()
	if _, gone := errors.AsType[*NotFoundError](err); gone {
		return read()
	}
	return found, err
}

// All returns all objects by their IDs, from the list that Refresh uses.
func (e Endpoint[T, In]) All(ctx context.Context, c *Client) (map[string]T, error) {
	return e.snapshot(c).cached(ctx, MaxSnapshotAge)
}

// snapshot is the shared list of all objects.
func (e Endpoint[T, In]) snapshot(c *Client) *sharedRead[map[string]T] {
	shared, _ := c.snapshots.LoadOrStore(e.Path, &sharedRead[map[string]T]{fetch: func(ctx context.Context) (map[string]T, error) {
		all := map[string]T{}
		for object, err := range e.List(ctx, c, map[string]any{}) {
			if err != nil {
				return nil, err
			}
			all[object.ObjectID()] = object
		}
		return all, nil
	}})
	return shared.(*sharedRead[map[string]T]) //nolint:forcetypeassert // nothing else is stored under the path
}

// invalidateSnapshots makes later refreshes read their lists again. A write of one noun can change
// objects of another.
func (c *Client) invalidateSnapshots() {
	c.snapshots.Range(func(_, shared any) bool {
		if list, ok := shared.(interface{ invalidate() }); ok {
			list.invalidate()
		}
		return true
	})
}
