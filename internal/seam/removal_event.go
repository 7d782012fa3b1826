package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// awaitEvent waits until Seam's log says that the code left the lock.
func (r *removal) awaitEvent(ctx context.Context) error {
	done, err := r.seeEvent(ctx)
	if done || err != nil && !passing(err) {
		return err
	}
	if err := poll(ctx, r.seeEvent); err != nil {
		return because(err, fmt.Sprintf("The code is gone and the lock no longer lists its PIN, but Seam's event that says so did not come: %v", err),
			"Run destroy again to wait longer, or set removal = \"verified\", which does not need the event, apply and destroy.")
	}
	return nil
}

// seeEvent looks for the event that ends this removal: removed_from_device if the lock
// ever had the code, else deleted.
func (r *removal) seeEvent(ctx context.Context) (bool, error) {
	a, events, err := r.events(ctx, r.AccessCodeID, r.CreatedAt)
	if err != nil {
		return false, err
	}
	has := func(kinds ...string) bool {
		return slices.ContainsFunc(events, func(e Event) bool { return slices.Contains(kinds, strings.TrimPrefix(e.Type, "access_code.")) })
	}
	awaited := "deleted"
	if r.Memory.OnLock || has("set_on_device", "scheduled_on_device") {
		awaited = "removed_from_device"
	}
	if !has(awaited) {
		return false, nil
	}
	r.found.add("/events/list", a, "access_code."+awaited)
	return true, nil
}
