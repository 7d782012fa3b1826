package removal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func (g *granted) Dependents(context.Context) ([]Target, error) { return nil, nil }

// Check passes if all parts are gone, each code is off its lock, and nothing was issued whose
// revocation cannot be observed.
func (g *granted) Check(ctx context.Context) (Evidence, error) {
	if err := g.noteLeavingCredentials(ctx); err != nil {
		return Evidence{}, err
	}
	left, err := g.lookAtParts(ctx)
	if err == nil {
		err = g.noteUnseenKeys(ctx)
	}
	found := Evidence{Proofs: g.proofs, Compared: len(g.codes) > 0, Grade: g.grade()}
	g.proofs = nil // each part proves itself once
	if err == nil && len(left) > 0 {
		err = seam.NewAdvice(fmt.Sprintf("Seam still has %s.", seam.JoinLimited(left)), "Run destroy: it waits until that is removed as well.")
	}
	if err != nil {
		return found, err
	}
	if err := g.checkCodes(ctx, &found); err != nil {
		return found, err
	}
	if err := g.checkOtherDoors(ctx, &found); err != nil {
		return found, err
	}
	return found, g.checkProvable(ctx)
}

// checkCodes runs the check of each code's lock and joins their results.
func (g *granted) checkCodes(ctx context.Context, all *Evidence) error {
	var joined *ResidualError
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if g.shared[id] != "" {
			continue
		}
		code := g.codes[id]
		g.shareCheckpoint(code)
		code.LikelyPINs, code.LikelySince = g.pins, g.CreatedAt
		found, err := code.Check(ctx)
		all.Proofs, all.Compared, all.NotCompared = append(all.Proofs, found.Proofs...), all.Compared && found.Compared, all.NotCompared+found.NotCompared
		residual, ok := errors.AsType[*ResidualError](err)
		switch {
		case err != nil && !ok:
			return err
		case ok && joined == nil:
			joined = residual
		case ok:
			joined.join(residual)
		}
	}
	if joined != nil {
		return joined
	}
	return nil
}

// checkOtherDoors checks the doors on which no code of the grant was ever listed, or none in this run.
func (g *granted) checkOtherDoors(ctx context.Context, all *Evidence) error {
	checked := g.deviceIDs()
	for _, code := range g.codes {
		if code.seen || len(g.shared) > 0 {
			continue
		}
		if err := checkManagedPINs(ctx, g.Client, code.DeviceID, g.pins, g.CreatedAt); err != nil {
			return err // Seam has made the code again since the state was read
		}
	}
	for _, id := range g.parts().DeviceIDs {
		if slices.Contains(checked, id) || len(g.shared) > 0 {
			continue
		}
		k := lockCheck{workspaceID: g.WorkspaceID, deviceID: id, pins: g.pins, residualIDs: g.Checkpoint.ResidualIDs, baselines: append(g.Checkpoint.baselines(g.CreatedAt), baseline{at: g.CreatedAt})}
		found, err := k.run(ctx, g.Client)
		all.Proofs, all.NotCompared = append(all.Proofs, found.Proofs...), all.NotCompared+found.NotCompared
		if err != nil {
			return err
		}
		if err := checkManagedPINs(ctx, g.Client, id, g.pins, g.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

// shareCheckpoint gives a code the times and baselines of the whole removal.
func (g *granted) shareCheckpoint(code *managedCode) {
	c, first := g.Checkpoint, g.Checkpoint
	if g.Progress.TakenBack.Unfinished() {
		first = g.Progress.TakenBack // what has appeared since then may be left of it
	}
	code.Checkpoint.RequestedAt, code.Checkpoint.UnmanagedBefore = first.RequestedAt, first.UnmanagedBefore
	code.Checkpoint.ResidualIDs = slices.Concat(c.ResidualIDs, g.Progress.TakenBack.ResidualIDs)
	code.Checkpoint.LeftBeforeRequest = code.Checkpoint.LeftBeforeRequest || c.LeftBeforeRequest || g.Progress.TakenBack.LeftBeforeRequest
}

// checkProvable fails if a card or phone key was issued for a door that does not ask Seam or the
// access system, unless the end has passed.
func (g *granted) checkProvable(ctx context.Context) error {
	if len(g.parts().Unprovable) == 0 || g.IsPast(ctx, g.keysUntil()) {
		return nil
	}
	next := "To remove the grant from the state without this proof, set removal = \"requested\", apply, and destroy. After ends_at, destroy needs no proof."
	if g.kind == kindAccessMethod {
		next = "To accept the change without this proof, set removal = \"requested\" and apply."
	}
	return seam.NewAdvice(
		fmt.Sprintf("Seam answers that everything is deleted, but the revocation of %s is not provable: such a door reads the rights from the card or phone, and may accept them until they end.", seam.JoinLimited(g.parts().Unprovable)),
		"Collect the card, or have the door updated with the access system's own tools. "+next)
}

// grade is the weakest kind of proof among the parts.
func (g *granted) grade() Grade {
	switch p := g.parts(); {
	case len(p.Unprovable) > 0:
		return GradeExpired
	case len(p.CredentialIDs)+len(p.InstantKeyIDs)+len(p.ClientSessionIDs) > 0:
		return GradeSeam
	}
	return GradeLock
}

// Caveats returns what the codes' proofs do not cover, and what was not this grant's alone.
func (g *granted) Caveats(ctx context.Context) []Caveat {
	var all []Caveat
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if g.shared[id] == "" {
			all = append(all, g.codes[id].Caveats(ctx)...)
		}
	}
	for _, id := range g.parts().MethodIDs {
		if owner := g.shared[id]; owner != "" {
			all = append(all, Caveat{"Access method is shared", fmt.Sprintf("Access method %s also belongs to access grant %s, so its PIN or key still works. To take it away, remove it from that grant as well.", id, owner)})
		}
	}
	if g.grade() == GradeSeam {
		all = append(all, Caveat{"Removal verified at Seam", fmt.Sprintf("Seam answers that everything that %s gave is deleted. Whether the doors of the access system already refuse its cards and phone keys cannot be read through Seam.\n\nIf that matters, try the card or phone at the door, or look in the access system itself.", g.kind+" "+g.ID)})
	}
	return all
}

func (g *granted) Diagnose(ctx context.Context) []string {
	var lines []string
	if left, err := g.lookAtParts(ctx); err == nil && len(left) > 0 {
		lines = append(lines, "Seam still has "+seam.JoinLimited(left)+".")
	}
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if !g.gone[id] {
			for _, line := range g.codes[id].Diagnose(ctx) {
				lines = append(lines, "Access code "+id+": "+line)
			}
		}
	}
	return lines
}
