package seam

import "slices"

// check is what has to be off the locks.
func (r *removal) check() lockCheck {
	k := lockCheck{
		workspaceID: r.WorkspaceID, codes: r.codes(), unmanaged: r.Unmanaged, pins: r.pins,
		suspects:  slices.Concat(r.Memory.Suspects, r.Change.Suspects),
		baselines: slices.Concat(r.Memory.baseline(), r.Change.baseline(), r.Former.baseline(Timestamp{r.CreatedAt})),
	}
	noPIN := len(r.pins) == 0 && !r.Unmanaged
	if len(k.baselines) == 0 || noPIN || r.Memory.Changed {
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
