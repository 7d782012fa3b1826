package removal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// isDone reports whether no grant has a change of its doors pending, and each code is gone or
// belongs to a grant that reaches its door in another way.
func (t *doorRemoval) isDone(ctx context.Context) (bool, error) {
	for _, id := range slices.Sorted(maps.Keys(t.grants)) {
		if done, err := t.isGrantDone(ctx, t.grants[id]); !done || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (t *doorRemoval) isGrantDone(ctx context.Context, g *granted) (bool, error) {
	grant, gone, _, err := seam.AccessGrants.LookUp(ctx, t.Client, g.ID)
	if err == nil && !gone {
		if failed := g.failedDoors(grant, t.requestedAt, t.doors.DeviceIDs); len(failed) > 0 {
			return false, seam.WrapAdvice(ErrRefused, fmt.Sprintf("Seam could not remove the access of access grant %s from %s.", g.ID, strings.Join(failed, "; ")),
				"Remove the PIN in the manufacturer's app, or bring the lock online. Then apply again.")
		}
		if grant.ChangesDoors() {
			t.waitingFor = fmt.Sprintf("Seam is still changing the doors of access grant %s.", g.ID)
			return false, nil
		}
		if len(t.doors.EntranceIDs) > 0 {
			if changing, err := g.methodsChange(ctx, "revoking_access"); err != nil || changing {
				t.waitingFor = fmt.Sprintf("Seam is still taking entrances from access grant %s.", g.ID)
				return false, err
			}
		}
		err = t.readCodes(ctx, g)
	}
	if err != nil {
		return false, err
	}
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if done, err := t.isCodeDone(ctx, g, g.codes[id]); !done || err != nil {
			return false, err
		}
	}
	return true, nil
}

// isCodeDone reports whether a code is gone, or not managed any more, which the check of its lock
// judges, or will stay.
func (t *doorRemoval) isCodeDone(ctx context.Context, g *granted, code *managedCode) (bool, error) {
	delete(t.reachedBy, code.ID) // an earlier look may have found that it stays
	if g.gone[code.ID] {
		return true, nil
	}
	seen, err := code.Look(ctx, 0)
	if err != nil || seen.Gone || seen.Became != nil {
		g.gone[code.ID] = seen.Gone
		return err == nil, err
	}
	if !seen.Removing {
		owner, err := t.findOtherWay(ctx, code)
		if owner != "" && t.hasSettled() {
			t.reachedBy[code.ID] = owner
		}
		if t.reachedBy[code.ID] != "" || err != nil {
			return err == nil, err
		}
	}
	t.waitingFor = fmt.Sprintf("Access code %s of access grant %s is still on lock %s.", code.ID, g.ID, code.DeviceID)
	return false, nil
}

// settleTime is how long Seam may need until it shows what a change of a space means for its grants.
const settleTime = 5 * time.Second

func (t *doorRemoval) hasSettled() bool { return t.Now().Sub(t.requestedAt) >= settleTime }

// findOtherWay returns the ID of a grant that has a code and reaches its lock in another way than
// by the space. It returns none until Seam says that the lock has left the space.
func (t *doorRemoval) findOtherWay(ctx context.Context, code *managedCode) (string, error) {
	device, err := t.GetDevice(ctx, code.DeviceID)
	if err != nil || slices.Contains(device.SpaceIDs, t.spaceID) {
		return "", err
	}
	for grant, err := range seam.AccessGrants.List(ctx, t.Client, map[string]any{"access_code_id": code.ID}) {
		if err != nil {
			return "", err
		}
		_, codes, err := t.ListAccessCodes(ctx, map[string]any{"access_grant_id": grant.ID})
		if err != nil {
			return "", err
		}
		if !slices.Contains(seam.IDsOf(codes), code.ID) {
			continue // the server ignored the filter of the grants
		}
		doors, err := t.DoorsOfGrant(ctx, grant.ID)
		if err != nil || slices.Contains(doors.DeviceIDs, code.DeviceID) {
			return grant.ID, err
		}
	}
	return "", nil
}
