package seam

import (
	"context"
	"maps"
	"slices"
)

// GrantOnLock is an access grant that opens a lock.
type GrantOnLock struct {
	AccessGrant
	Methods []AccessMethod
	CodeIDs []string // of the grant's access codes on all its locks
}

// GrantsOnLock reads the access grants that open a lock, directly or by one of its spaces. The doors of
// each grant have to confirm it: a server may ignore a filter.
func (c *Client) GrantsOnLock(ctx context.Context, lock Device) ([]GrantOnLock, error) {
	candidates, err := c.grantsMentioning(ctx, lock)
	if err != nil {
		return nil, err
	}
	var found []GrantOnLock
	for _, grant := range candidates {
		doors, err := c.DoorsOfGrant(ctx, grant.ID)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(doors.DeviceIDs, lock.ID) {
			continue
		}
		on := GrantOnLock{AccessGrant: grant}
		if on.CodeIDs, err = c.CodesOfGrants(ctx, []string{grant.ID}, false); err != nil {
			return nil, err
		}
		if on.Methods, err = collect(AccessMethods.List(ctx, c, map[string]any{"access_grant_id": grant.ID, "device_id": lock.ID})); err != nil {
			return nil, err
		}
		found = append(found, on)
	}
	return found, nil
}

// grantsMentioning lists the grants on a lock and on its spaces, each once, by ID.
func (c *Client) grantsMentioning(ctx context.Context, lock Device) ([]AccessGrant, error) {
	filters := []map[string]any{{"device_id": lock.ID}}
	for _, id := range lock.SpaceIDs {
		filters = append(filters, map[string]any{"space_id": id})
	}
	all := map[string]AccessGrant{}
	for _, filter := range filters {
		for grant, err := range AccessGrants.List(ctx, c, filter) {
			if err != nil {
				return nil, err
			}
			all[grant.ID] = grant
		}
	}
	grants := make([]AccessGrant, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		grants = append(grants, all[id])
	}
	return grants, nil
}

// PulledBackupCodes reads the backup codes in use on a lock: its list of codes may lack them.
func (c *Client) PulledBackupCodes(ctx context.Context, on LockCodes) ([]AccessCode, error) {
	var ids []string
	for _, code := range on.Managed {
		if _, listed := on.Managed[code.PulledBackupAccessCodeID]; code.PulledBackupAccessCodeID != "" && !listed {
			ids = append(ids, code.PulledBackupAccessCodeID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return collect(c.AccessCodes(ctx, AccessCodeFilter{IDs: ids}))
}
