package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// awaitEvent waits until Seam's log says that the code left the lock.
func (r *removal) awaitEvent(ctx context.Context) error {
	awaited := "that says so"
	look := func(ctx context.Context) (bool, error) {
		done, name, err := r.findEvent(ctx)
		if err == nil {
			awaited = name
		}
		return done, err
	}
	done, err := look(ctx)
	if done || err != nil && !IsRetryable(err) {
		return err
	}
	if err := Poll(ctx, look); err != nil {
		return WrapAdvice(err, fmt.Sprintf("The code is gone and the lock no longer lists its PIN, but Seam's event %s did not come: %v", awaited, err),
			"Run destroy again to wait longer, or set removal = \"verified\", which does not need the event, apply and destroy.")
	}
	return nil
}

// eventOccurred reports whether the event that ends this removal has come.
func (r *removal) eventOccurred(ctx context.Context) (bool, error) {
	done, _, err := r.findEvent(ctx)
	return done, err
}

// findEvent also names that event: removed_from_device if the lock ever had the code,
// else deleted.
func (r *removal) findEvent(ctx context.Context) (done bool, awaited string, err error) {
	a, events, err := r.ListCodeEvents(ctx, r.AccessCodeID, r.CreatedAt)
	if err != nil {
		return false, "", err
	}
	has := func(kinds ...string) bool {
		return slices.ContainsFunc(events, func(e Event) bool { return slices.Contains(kinds, strings.TrimPrefix(e.Type, "access_code.")) })
	}
	awaited = "deleted"
	if r.Checkpoint.WasOnLock || has("set_on_device", "scheduled_on_device") {
		awaited = "removed_from_device"
	}
	done = has(awaited)
	awaited = "access_code." + awaited
	if done {
		r.evidence.add("/events/list", a, awaited)
	}
	return done, awaited, nil
}
