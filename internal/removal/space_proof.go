package removal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// prove runs the proof of each code that is gone, and says which codes stay.
func (t *doorRemoval) prove(ctx context.Context, proveCode func(context.Context, *managedCode) error) error {
	var failed []error
	for _, id := range slices.Sorted(maps.Keys(t.grants)) {
		g := t.grants[id]
		g.Checkpoint.RequestedAt, g.Checkpoint.UnmanagedBefore = t.Checkpoint.RequestedAt, t.Checkpoint.UnmanagedBefore
		g.Checkpoint.ResidualIDs, g.Checkpoint.LeftBeforeRequest = t.Checkpoint.ResidualIDs, t.Checkpoint.LeftBeforeRequest
		for _, codeID := range slices.Sorted(maps.Keys(g.codes)) {
			code := g.codes[codeID]
			if owner := t.reachedBy[codeID]; owner != "" {
				t.Warn("Access stays in another way", fmt.Sprintf("Lock %s left space %s, but access grant %s reaches it directly or by another space. The PIN of access code %s still opens it. To close it, take the lock out of that grant, or out of its other space.", code.DeviceID, t.spaceID, owner, codeID))
				continue
			}
			g.shareCheckpoint(code)
			code.LikelyPINs, code.LikelySince = g.pins, g.CreatedAt
			if err := proveCode(ctx, code); err != nil {
				t.Checkpoint.addResidual(err)
				failed = append(failed, err)
			}
		}
		failed = append(failed, t.checkUnseenCodes(ctx, g), t.checkEntrances(ctx, g))
	}
	err := errors.Join(failed...)
	if err != nil {
		t.Save(t.Checkpoint)
	}
	return err
}

// proveCode proves the removal of a code. A PIN that came back is removed.
func (t *doorRemoval) proveCode(ctx context.Context, code *managedCode) error {
	r := newRemoval(code.state, code)
	r.requested[code.ID] = true
	if _, err := r.look(ctx, code, 0); err != nil {
		return err
	}
	if err := r.proveOrRepair(ctx); err != nil {
		return err
	}
	for _, caveat := range code.Caveats(ctx) {
		t.Warn(caveat.Summary, caveat.Detail)
	}
	r.writeReceipt(OutcomeVerified)
	return nil
}

// verifyCode runs the check of a code, and changes nothing.
func (t *doorRemoval) verifyCode(ctx context.Context, code *managedCode) error {
	r, err := verify(ctx, code.state, code)
	if _, gone := errors.AsType[*GoneError](err); !gone {
		return err
	}
	if !t.Checkpoint.RequestedAt.IsZero() {
		r.writeReceipt(OutcomeVerified)
	}
	return nil
}

// checkUnseenCodes checks the locks that left the space and on which no code of the grant was listed:
// the code may not be managed any more, or the lock had left before a run could read the codes. None
// of these locks may list a PIN of the grant.
func (t *doorRemoval) checkUnseenCodes(ctx context.Context, g *granted) error {
	locks := slices.DeleteFunc(slices.Clone(t.doors.DeviceIDs), func(id string) bool { return slices.Contains(g.deviceIDs(), id) })
	methods := g.parts().MethodIDs
	if len(locks) == 0 || len(methods) == 0 {
		return nil
	}
	reached, err := t.DoorsOfGrant(ctx, g.ID)
	if err != nil {
		return err
	}
	locks = slices.DeleteFunc(locks, func(id string) bool { return slices.Contains(reached.DeviceIDs, id) })
	check := lockCheck{workspaceID: t.WorkspaceID, likelyPINs: g.pins, likelySince: g.CreatedAt, baselines: g.Checkpoint.baselines(g.CreatedAt)}
	if t.Checkpoint.LeftBeforeRequest {
		related, err := t.GetRelatedToMethods(ctx, methods)
		if err != nil {
			return err
		}
		for _, method := range related.Methods {
			if method.Mode == "code" && method.Code != "" {
				check.pins = append(check.pins, method.Code)
			}
		}
		check.baselines = []baseline{{at: g.CreatedAt}}
	} else if len(g.pins) == 0 {
		return nil
	}
	if _, err = check.runOn(ctx, t.Client, locks); err != nil {
		return err
	}
	for _, id := range locks {
		if err := checkManagedPINs(ctx, t.Client, id, slices.Concat(check.pins, check.likelyPINs), g.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

// checkEntrances fails if a card or phone key was issued for an entrance that reads the rights from
// it. What Seam answers about other entrances is the proof.
func (t *doorRemoval) checkEntrances(ctx context.Context, g *granted) error {
	methods := g.parts().MethodIDs
	if len(t.doors.EntranceIDs) == 0 || len(methods) == 0 {
		return nil
	}
	reached, err := t.DoorsOfGrant(ctx, g.ID)
	if err != nil {
		return err
	}
	all, err := seam.Entrances.All(ctx, t.Client)
	if err != nil {
		return err
	}
	var lost []seam.Entrance
	for _, id := range t.doors.EntranceIDs {
		entrance := all[id]
		entrance.ID = id
		if slices.Contains(reached.EntranceIDs, id) {
			t.Warn("Access stays in another way", fmt.Sprintf("Entrance %s left space %s, but access grant %s reaches it directly or by another space. To close it, take the entrance out of that grant, or out of its other space.", id, t.spaceID, g.ID))
			continue
		}
		lost = append(lost, entrance)
	}
	if len(lost) == 0 {
		return nil
	}
	related, err := t.GetRelatedToMethods(ctx, methods)
	if err != nil {
		return err
	}
	related.Entrances = lost
	if err := g.noteUnprovable(ctx, &related, nil); err != nil {
		return err
	}
	if unprovable := g.parts().Unprovable; len(unprovable) > 0 {
		return seam.NewAdvice(fmt.Sprintf("The revocation of %s is not provable: such a door reads the rights from the card or phone, and may accept them until they end.", seam.JoinLimited(unprovable)),
			"Collect the card, or have it encoded again. To accept the change without this proof, set removal = \"requested\" and apply.")
	}
	t.Warn("Removal verified at Seam", fmt.Sprintf("Seam answers that access grant %s has no access to entrance %s any more. Whether the door already refuses its cards and phone keys cannot be read through Seam.\n\nIf that matters, try the card or phone at the door, or look in the access system itself.", g.ID, seam.JoinLimited(seam.IDsOf(lost))))
	return nil
}
