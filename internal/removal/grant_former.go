package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// formerOptions are the options for what an update removes. What was on the locks before the first
// such request counts until everything is proven.
func (p GrantProgress) formerOptions(o Options, save func(Checkpoint)) Options {
	o.Checkpoint, o.Save = p.TakenBack, save
	o.Checkpoint.DeleteRequests = nil
	return o
}

// CheckFormerParts checks the codes in the state that the grant does not have any more, and the access
// methods that an update removed from it without a proof. It changes nothing. It returns the codes of
// the grant, those that are not proven to be off their locks included, and the progress after the check.
func CheckFormerParts(ctx context.Context, client *seam.Client, grant AccessGrant, now seam.AccessGrant, o Options) ([]GrantCode, GrantProgress, error) {
	o = grant.Progress.formerOptions(o, func(Checkpoint) {})
	codes, progress := GrantCodesOf(now.Codes), grant.Progress
	progress.Unproven = nil
	for _, code := range grant.knownParts().Codes {
		if slices.Contains(seam.IDsOf(now.Codes), code.ID) {
			continue
		}
		_, err := ReadAccessCode(ctx, client, grant.codeTarget(code), o)
		if _, gone := errors.AsType[*GoneError](err); gone {
			continue
		}
		if err != nil && !errors.Is(err, ErrUnconfirmed) && !seam.IsUnmanagedError(err) {
			return nil, progress, err
		}
		o.Warn("Removal not proven", fmt.Sprintf("Access code %s does not belong to access grant %s any more, but it is not proven that its PIN is off lock %s. The next apply removes it.", code.ID, grant.ID, code.DeviceID))
		progress.Unproven = append(progress.Unproven, code.ID)
		codes = append(codes, code)
	}
	err := checkTakenBack(ctx, client, grant, o)
	if errors.Is(err, ErrUnconfirmed) {
		o.Warn("Removal not proven", err.Error()+"\n\nThe next apply continues the removal. "+seam.Advice(err, ""))
		progress.Unproven, err = append(progress.Unproven, o.Checkpoint.Parts.MethodIDs...), nil
	}
	if progress.Unproven == nil {
		progress.TakenBack = Checkpoint{}
	}
	return codes, progress, err
}

// checkTakenBack checks the access methods of the checkpoint, which an update removed from a grant
// without a proof. If something of them is left, the error matches [ErrUnconfirmed].
func checkTakenBack(ctx context.Context, client *seam.Client, grant AccessGrant, o Options) error {
	if o.Checkpoint.Parts == nil || len(o.Checkpoint.Parts.MethodIDs) == 0 {
		return nil
	}
	target := newAccessMethod(newState(client, o), grant, o.Checkpoint.Parts.MethodIDs[0])
	_, err := verify(ctx, target.state, target)
	if _, gone := errors.AsType[*GoneError](err); gone {
		return nil
	}
	return err
}

// removeFormerCodes removes, with proof, the codes in the state that the grant does not have any more:
// those of methods that were deleted, and those that somebody took out of it.
func (u *grantUpdate) removeFormerCodes(ctx context.Context) error {
	former := u.Grant.knownParts().Codes
	if len(former) == 0 {
		return nil
	}
	_, listed, err := u.ListAccessCodes(ctx, map[string]any{"access_grant_id": u.Grant.ID})
	if err != nil {
		return err
	}
	for _, code := range former {
		if slices.Contains(seam.IDsOf(listed), code.ID) {
			continue
		}
		if stays, err := u.staysThere(ctx, code); err != nil || stays {
			if err != nil {
				return err
			}
			continue
		}
		if err := RemoveAccessCode(ctx, u.Client, u.Grant.codeTarget(code), u.formerOptions()); err != nil {
			return adviseUpdate(err)
		}
	}
	return nil
}

// staysThere reports whether a code that the grant's list lacks is not to be removed: it belongs to
// this grant or to another one, or the list is out of date.
func (u *grantUpdate) staysThere(ctx context.Context, code GrantCode) (bool, error) {
	owner, err := u.GrantOfCode(ctx, code.ID) // absence from a list proves nothing
	if err != nil && !seam.IsNotFound(err, "access_code_not_found") || owner != "" {
		return owner != "", err
	}
	seen, err := u.LookUpAccessCode(ctx, code.ID, seam.LookupOptions{})
	if seam.IsUnmanagedError(err) {
		return false, nil
	}
	return err == nil && !seen.Gone && !seen.Code.BeingRemoved() && !slices.Contains(u.Grant.Progress.Unproven, code.ID), err
}

// adviseUpdate says what to do about a removal that an update did not finish.
func adviseUpdate(err error) error {
	if errors.Is(err, ErrRefused) || errors.Is(err, ErrUnconfirmed) {
		return seam.WrapAdvice(err, err.Error(), seam.Advice(err, "Apply again: it continues where this run stopped. If a lock needs more time, raise timeouts.update."))
	}
	return err
}
