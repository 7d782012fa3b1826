package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// begin notes the first ask, with what was on the lock right before it. An ask that is cut
// short here was never made, and is not noted.
func (r *removal) begin(ctx context.Context, at time.Time) error {
	if !r.Memory.AskedAt.IsZero() {
		return nil
	}
	before := r.unmanagedBefore(ctx, r.locks())
	if ctx.Err() != nil {
		return fmt.Errorf("before asking: %w", context.Cause(ctx))
	}
	r.Memory.begin(at, before)
	r.Remember(r.Memory)
	return nil
}

// check is what has to be off the locks.
func (r *removal) check() lockCheck {
	k := lockCheck{
		workspaceID: r.WorkspaceID, codes: r.codes(), unmanaged: r.Unmanaged, pins: r.pins,
		suspects:  slices.Concat(r.Memory.Suspects, r.Change.Suspects),
		baselines: slices.Concat(r.Memory.baseline(), r.Change.baseline(), r.Former.baseline(Timestamp{r.CreatedAt})),
	}
	noPIN := len(r.pins) == 0 && !r.Unmanaged
	if len(k.baselines) == 0 || noPIN || r.Memory.Older {
		k.baselines = append(k.baselines, baseline{at: r.CreatedAt})
	}
	if r.Change.Unfinished() && r.PIN == "" {
		k.unknown = &baseline{r.Change.AskedAt, r.Change.Before}
	}
	return k
}

// locks are where the code is or was, the one in the state first.
func (r *removal) locks() []string {
	return locksOf(r.DeviceID, r.Memory.Locks, r.Former.Locks)
}

func locksOf(first string, others ...[]string) []string {
	all := []string{first}
	for _, id := range slices.Concat(others...) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
