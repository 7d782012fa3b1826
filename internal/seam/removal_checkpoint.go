package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// startCheckpoint notes the first request, with what was on the lock right before it. A request that is cut
// short here was never made, and is not noted.
func (r *removal) startCheckpoint(ctx context.Context, at time.Time) error {
	if !r.Checkpoint.RequestedAt.IsZero() {
		return nil
	}
	before := r.listUnmanagedIDs(ctx, r.deviceIDs())
	if ctx.Err() != nil {
		return fmt.Errorf("before asking: %w", context.Cause(ctx))
	}
	r.Checkpoint.start(at, before)
	r.SaveCheckpoint(r.Checkpoint)
	return nil
}

// newLockCheck is what has to be off the locks.
func (r *removal) newLockCheck() lockCheck {
	k := lockCheck{
		workspaceID: r.WorkspaceID, codeIDs: r.codeIDs(), unmanaged: r.Unmanaged, pins: r.pins,
		residualIDs: slices.Concat(r.Checkpoint.ResidualIDs, r.UpdateCheckpoint.ResidualIDs),
		baselines:   slices.Concat(r.Checkpoint.baseline(), r.UpdateCheckpoint.baseline(), r.Prior.baseline(Timestamp{r.CreatedAt})),
	}
	noPIN := len(r.pins) == 0 && !r.Unmanaged
	if len(k.baselines) == 0 || noPIN || r.Checkpoint.LeftBeforeRequest {
		k.baselines = append(k.baselines, baseline{at: r.CreatedAt})
	}
	if r.UpdateCheckpoint.Unfinished() && r.PIN == "" {
		k.unknownPINSince = &baseline{r.UpdateCheckpoint.RequestedAt, r.UpdateCheckpoint.UnmanagedBefore}
	}
	return k
}

// deviceIDs are where the code is or was, the one in the state first.
func (r *removal) deviceIDs() []string {
	return uniqueDeviceIDs(r.DeviceID, r.Checkpoint.OtherDeviceIDs, r.Prior.DeviceIDs)
}

func uniqueDeviceIDs(first string, others ...[]string) []string {
	all := []string{first}
	for _, id := range slices.Concat(others...) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
