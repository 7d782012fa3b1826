package removal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// PriorAccess holds earlier PINs and locks of a code that may still work although Seam no longer
// reports them. A run that finds the code changed records them; a lock check that passes clears
// them. The PINs were in the state already: a PIN that was set with code_wo is never recorded.
type PriorAccess struct {
	PINs        []string `json:"pins,omitempty"`
	DeviceIDs   []string `json:"device_ids,omitempty"`
	StillListed bool     `json:"shown,omitempty"` // the last check found a PIN on the lock
}

// Empty reports whether there is nothing to check.
func (f PriorAccess) Empty() bool { return len(f.PINs)+len(f.DeviceIDs) == 0 }

// Add records a PIN and a lock that Seam no longer reports. Empty values are ignored.
func (f *PriorAccess) Add(pin, lock string) {
	if isReadable(pin) && !slices.Contains(f.PINs, pin) {
		f.PINs = append(f.PINs, pin)
	}
	if lock != "" && !slices.Contains(f.DeviceIDs, lock) {
		f.DeviceIDs = append(f.DeviceIDs, lock)
	}
}

// baseline returns the creation of the code: a leftover may have appeared at any time since.
func (f PriorAccess) baseline(createdAt time.Time) []baseline {
	if f.Empty() {
		return nil
	}
	return []baseline{{at: createdAt}}
}

// CheckPriorAccess checks whether earlier PINs are still on the locks. It returns what remains to
// be checked: nothing if the check passes, everything if it fails or while an update of the code
// is pending. The error says why the check failed.
func CheckPriorAccess(ctx context.Context, client *seam.Client, prior PriorAccess, code seam.AccessCode) (PriorAccess, error) {
	left := prior
	left.PINs = slices.DeleteFunc(slices.Clone(left.PINs), func(pin string) bool { return pin == code.Code })
	left.DeviceIDs = slices.DeleteFunc(slices.Clone(left.DeviceIDs), func(id string) bool { return id == code.DeviceID })
	if left.Empty() || !hasNoPendingUpdate(code) {
		return left, nil
	}
	k := lockCheck{
		workspaceID: code.WorkspaceID, deviceID: code.DeviceID, ownIDs: []string{code.ID}, pins: left.PINs,
		baselines: left.baseline(code.CreatedAt.Time),
	}
	var err error
	if len(k.pins) > 0 {
		_, err = k.run(ctx, client)
	}
	if err == nil {
		if code.Code != "" {
			k.pins = append(k.pins, code.Code)
		}
		_, err = k.runOn(ctx, client, left.DeviceIDs)
	}
	residual, _ := errors.AsType[*ResidualError](err)
	left.StillListed = residual != nil && len(residual.IDs) > 0
	if err == nil {
		left = PriorAccess{}
	}
	return left, err
}

// hasNoPendingUpdate reports whether no update of the code is pending or failed.
func hasNoPendingUpdate(a seam.AccessCode) bool {
	updating := func(m seam.Mutation) bool { return strings.HasPrefix(m.Code, "updating_") }
	failed := func(e seam.Issue) bool { return e.ErrorCode == "failed_to_update" }
	return !slices.ContainsFunc(a.PendingMutations, updating) && !slices.ContainsFunc(a.Errors, failed)
}
