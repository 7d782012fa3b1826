package removal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// PriorAccess is what may still open the door although Seam no longer says so of the code:
// PINs that it had according to the state, and locks that it was on. A run that finds
// the code changed keeps it until a check of the lock clears it. The PINs were in the
// state already; one that was only written with code_wo is never among them.
type PriorAccess struct {
	PINs        []string `json:"pins,omitempty"`
	DeviceIDs   []string `json:"device_ids,omitempty"`
	StillListed bool     `json:"shown,omitempty"` // the last check found it on the lock
}

// Empty reports whether there is nothing to look for.
func (f PriorAccess) Empty() bool { return len(f.PINs)+len(f.DeviceIDs) == 0 }

// Add remembers a PIN and a lock that Seam no longer reports. Empty ones are ignored.
func (f *PriorAccess) Add(pin, lock string) {
	if pin != "" && !slices.Contains(f.PINs, pin) {
		f.PINs = append(f.PINs, pin)
	}
	if lock != "" && !slices.Contains(f.DeviceIDs, lock) {
		f.DeviceIDs = append(f.DeviceIDs, lock)
	}
}

// baseline dates what may have been left at an unknown time: since our code exists.
func (f PriorAccess) baseline(createdAt time.Time) []baseline {
	if f.Empty() {
		return nil
	}
	return []baseline{{at: createdAt}}
}

// CheckPriorAccess looks whether the locks still show what the code was before. It returns
// what is left to look for, which is everything while the code has not settled or if the
// check fails; the failure says why.
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

// hasNoPendingUpdate reports whether no change of the code is on its way to the lock.
func hasNoPendingUpdate(a seam.AccessCode) bool {
	updating := func(m seam.Mutation) bool { return strings.HasPrefix(m.Code, "updating_") }
	failed := func(e seam.Issue) bool { return e.ErrorCode == "failed_to_update" }
	return !slices.ContainsFunc(a.PendingMutations, updating) && !slices.ContainsFunc(a.Errors, failed)
}
