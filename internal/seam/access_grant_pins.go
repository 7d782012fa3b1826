package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// GrantPINs returns the PIN of a grant for each lock, by the lock's ID, without locks that do not support
// PINs. It waits until all the others have one, and fails if ctx ends before.
func (c *Client) GrantPINs(ctx context.Context, grantID string) (map[string]string, error) {
	var pins map[string]string
	var missing error
	err := PollNow(ctx, func(ctx context.Context) (bool, error) {
		grant, err := AccessGrants.Get(ctx, c, Ref{ID: grantID})
		if err == nil && grant.BeingRemoved() {
			err = NewAdvice(fmt.Sprintf("Access grant %s is being removed.", grant.ID), "Use another access grant.")
		}
		if err == nil {
			grant, err = c.ReadGrantAccess(ctx, grant)
		}
		if err != nil {
			if ctx.Err() == nil {
				missing = err // what the wait ends with, if it ends here
			}
			return false, err
		}
		pins, missing = pinsByLock(grant.Codes), c.missingPINs(grant)
		return missing == nil, nil
	})
	if err != nil && ctx.Err() != nil && missing != nil {
		err = missing
	}
	return pins, err
}

// currentCodes are the codes that no backup code has replaced and that are not being removed.
func currentCodes(codes []AccessCode) []AccessCode {
	return slices.DeleteFunc(slices.Clone(codes), func(code AccessCode) bool { return code.BeingRemoved() || code.PulledBackupAccessCodeID != "" })
}

// pinsByLock returns the newest PIN on each lock: the one that stays when a PIN is rotated.
func pinsByLock(codes []AccessCode) map[string]string {
	oldestFirst := slices.SortedStableFunc(slices.Values(currentCodes(codes)), func(a, b AccessCode) int { return a.CreatedAt.Compare(b.CreatedAt.Time) })
	pins := map[string]string{}
	for _, code := range oldestFirst {
		if code.Code != "" {
			pins[code.DeviceID] = code.Code
		}
	}
	return pins
}

// missingPINs returns an error that says which locks have no PIN yet, and what Seam reports about them.
func (c *Client) missingPINs(grant AccessGrant) error {
	if !slices.ContainsFunc(grant.RequestedMethods, func(m RequestedAccessMethod) bool { return m.Mode == "code" }) {
		return nil
	}
	pins := pinsByLock(grant.Codes)
	without := slices.DeleteFunc(slices.Clone(grant.Doors.DeviceIDs), func(id string) bool { return pins[id] != "" || grant.CannotHaveCode(id) })
	if len(without) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("Access grant %s has no PIN yet for lock %s.", grant.ID, JoinLimited(slices.Clone(without)))}
	for _, code := range grant.Codes {
		if slices.Contains(without, code.DeviceID) {
			lines = append(lines, c.DescribeIssues(code)...)
		}
	}
	return NewAdvice(strings.Join(lines, "\n"), "Check that the lock is online, and run again once Seam has assigned a PIN; data.seam_access_methods shows errors with suggested fixes. If it only needs more time, raise timeouts.open.")
}
