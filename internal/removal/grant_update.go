package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// AccessGrantUpdate is an update of a grant from the state to the plan.
type AccessGrantUpdate struct {
	Grant        AccessGrant           // as the state has it
	Input        seam.AccessGrantInput // the name, if it changes, and the times of To
	From, To     Window
	Requested    []seam.RequestedAccessMethod // as planned, without a PIN that is write-only
	WriteOnlyPIN string                       // PIN of the mode code; empty if it is not write-only
	Rotate       bool                         // WriteOnlyPIN is new
	SaveProgress func(GrantProgress)
}

type grantUpdate struct {
	*seam.Client
	Options
	AccessGrantUpdate
}

// UpdateAccessGrant changes the name, the times and the access methods of a grant. It returns nil only
// if it is proven that what the update takes away does not work any more, to the extent that the mode
// requires: what a shorter window ends, and what a removed access method gave.
func UpdateAccessGrant(ctx context.Context, client *seam.Client, update AccessGrantUpdate, o Options) error {
	u := &grantUpdate{Client: client, Options: o, AccessGrantUpdate: update}
	if err := u.updateGrant(ctx); err != nil {
		return err
	}
	taken := u.Grant.Progress.TakenBack.Parts
	if err := u.removeFormerCodes(ctx); err != nil {
		return err
	}
	if err := u.updateMethods(ctx); err != nil {
		return err
	}
	if taken != nil && len(taken.MethodIDs) > 0 { // the proof is about all of them
		if err := u.removeMethod(ctx, taken.MethodIDs[0]); err != nil {
			return err
		}
	}
	u.save(func(p *GrantProgress) { p.Unproven, p.TakenBack = nil, Checkpoint{} })
	u.rememberKeys()
	return nil
}

// rememberKeys keeps the cards and phone keys of a destroy that took them and left the grant.
func (u *grantUpdate) rememberKeys() {
	if taken := u.Checkpoint.Parts; taken != nil && len(taken.Unprovable) > 0 {
		u.save(func(p *GrantProgress) {
			taken.Add(GrantParts{Unprovable: p.Keys})
			p.Keys, p.KeysUntil = taken.Unprovable, later(u.Grant.keysUntil(), taken.KeysUntil)
		})
	}
}

func (u *grantUpdate) save(change func(*GrantProgress)) {
	change(&u.Grant.Progress)
	u.SaveProgress(u.Grant.Progress)
}

func (u *grantUpdate) formerOptions() Options {
	return u.Grant.Progress.formerOptions(u.Options, func(c Checkpoint) { u.save(func(p *GrantProgress) { p.TakenBack = c }) })
}

// updateGrant changes the name and the times. An update of the times that an earlier run has not
// proven is repeated.
func (u *grantUpdate) updateGrant(ctx context.Context) error {
	moved := !u.From.equal(u.To) || u.Grant.Progress.TimesUnproven
	if !moved {
		u.Input.StartsAt, u.Input.EndsAt = seam.Param[string]{}, seam.Param[string]{}
		if u.Input.Name.IsZero() {
			return nil
		}
	}
	if err := u.RequireWorkspace(ctx, u.WorkspaceID); err != nil {
		return err
	}
	o := u.Options
	o.Checkpoint, o.Save = Checkpoint{}, func(Checkpoint) {}
	g := newAccessGrant(newState(u.Client, o), u.Grant)
	before := u.From
	if moved {
		var err error
		if before, err = u.readBefore(ctx, g); err != nil {
			return err
		}
	}
	_, err := seam.AccessGrants.Update(ctx, u.Client, seam.Ref{ID: u.Grant.ID, WorkspaceID: u.WorkspaceID}, u.Input)
	if err == nil && (!u.From.within(u.To) || !before.within(u.To)) && NeedsProof(u.Mode) {
		err = g.awaitWindow(ctx, u.To)
		if err != nil {
			err = seam.WrapAdvice(errors.Join(ErrUnconfirmed, err), fmt.Sprintf("Seam has accepted the new times of access grant %s, but it is not proven that they are in effect: %v", u.Grant.ID, err), seam.Advice(err, "Apply again: it waits for them again."))
		}
	}
	if err == nil {
		u.save(func(p *GrantProgress) { p.TimesUnproven = false })
	}
	return err
}

// readBefore reads what the grant gave before its times change, because Seam forgets that a card was
// issued with the old times. It returns these times, which somebody may have moved since the refresh.
func (u *grantUpdate) readBefore(ctx context.Context, g *accessGrant) (Window, error) {
	u.save(func(p *GrantProgress) { p.TimesUnproven = true })
	before, err := seam.AccessGrants.Get(ctx, u.Client, seam.Ref{ID: u.Grant.ID, WorkspaceID: u.WorkspaceID})
	if err == nil {
		err = g.readGrant(ctx, before)
	}
	if err != nil && NeedsProof(u.Mode) {
		return Window{}, err
	}
	if issued := g.parts().Unprovable; len(issued) > 0 {
		u.save(func(p *GrantProgress) { p.KeysUntil, p.Keys = g.keysUntil(), issued })
	}
	return Window{before.StartsAt.Time, before.EndsAt.Time}, nil
}

// updateMethods requests the access methods that the plan adds, and then removes those that it
// drops, with proof: the person is not locked out in between.
func (u *grantUpdate) updateMethods(ctx context.Context) error {
	added, dropped, kept := u.compareMethods()
	if len(added)+len(dropped) == 0 {
		return nil
	}
	before, err := seam.AccessGrants.Get(ctx, u.Client, seam.Ref{ID: u.Grant.ID, WorkspaceID: u.WorkspaceID})
	if err != nil {
		return err
	}
	entries, err := u.findMethods(ctx, before, dropped, kept)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(dropped, func(m seam.RequestedAccessMethod) bool { return isKeyMode(m.Mode) }) { // somebody may have moved the end since the refresh
		u.Grant.Progress.KeysUntil = later(u.Grant.keysUntil(), endOf(before.EndsAt.Time))
	}
	if len(added) > 0 {
		if _, err := u.RequestAccessMethods(ctx, before.ID, added); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		for _, id := range entry.CreatedMethodIDs {
			if err := u.removeMethod(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// findMethods finds Seam's entries for the access methods that are dropped. Those that are kept have
// entries as well, which must not be taken for them.
func (u *grantUpdate) findMethods(ctx context.Context, grant seam.AccessGrant, dropped, kept []seam.RequestedAccessMethod) ([]seam.RequestedAccessMethod, error) {
	live, unlisted := grant.LiveRequests(), grant.UnlistedMethods()
	if err := u.showPINs(ctx, live); err != nil {
		return nil, err
	}
	entries, others := seam.MatchRequests(slices.Concat(dropped, kept), live)
	for i, m := range dropped {
		if len(unlisted) > 0 && (len(entries[i].CreatedMethodIDs) == 0 || m.Mode == "code") {
			return nil, unknownMethodError(grant.ID, m.Mode, unlisted)
		}
		for _, other := range others {
			if entries[i].Mode == "" && other.Mode == m.Mode {
				return nil, unknownMethodError(grant.ID, m.Mode, other.CreatedMethodIDs)
			}
		}
	}
	return entries[:len(dropped)], nil
}

// showPINs completes entries that do not show the PIN that was asked for, if there are several.
func (u *grantUpdate) showPINs(ctx context.Context, entries []seam.RequestedAccessMethod) error {
	var hidden []int
	for i, entry := range entries {
		if entry.Mode == "code" && entry.Code == "" && len(entry.CreatedMethodIDs) > 0 {
			hidden = append(hidden, i)
		}
	}
	if len(hidden) < 2 {
		return nil
	}
	for _, i := range hidden {
		method, _, _, err := seam.AccessMethods.LookUp(ctx, u.Client, entries[i].CreatedMethodIDs[0])
		if err != nil {
			return err
		}
		u.AddSecret(method.Code)
		entries[i].Code = method.Code
	}
	return nil
}

// compareMethods returns the access methods that the plan adds to the state, and those of the state that it
// drops and keeps. A new write-only PIN needs a new access method, unless it is the PIN that the state has.
func (u *grantUpdate) compareMethods() (added, dropped, kept []seam.RequestedAccessMethod) {
	dropped = slices.Clone(u.Grant.Requested)
	keep := func(same func(seam.RequestedAccessMethod) bool) bool {
		at := slices.IndexFunc(dropped, same)
		if at >= 0 {
			kept = append(kept, dropped[at])
			dropped = slices.Delete(dropped, at, at+1)
		}
		return at >= 0
	}
	for _, m := range u.Requested {
		rotated := u.Rotate && m.Mode == "code"
		if u.Rotate && keep(func(d seam.RequestedAccessMethod) bool { return d.Mode == m.Mode && d.Code == u.WriteOnlyPIN }) || !rotated && keep(m.Equal) {
			continue
		}
		if m.Mode == "code" && u.WriteOnlyPIN != "" {
			m.Code = u.WriteOnlyPIN
		}
		u.AddSecret(m.Code)
		added = append(added, m)
	}
	return added, dropped, kept
}

// unknownMethodError says that the methods of an entry cannot be told from others.
func unknownMethodError(grantID, mode string, unlisted []string) error {
	return seam.NewAdvice(fmt.Sprintf("The access method with mode %s cannot be removed from access grant %s: Seam does not say which access method was created for it. It may be %s.", mode, grantID, seam.JoinLimited(unlisted)),
		"Run again in a minute. If the error persists, delete that access method in the Seam console if it is the one, and run again.")
}

func (u *grantUpdate) removeMethod(ctx context.Context, id string) error {
	target := newAccessMethod(newState(u.Client, u.formerOptions()), u.Grant, id)
	return adviseUpdate(newRemoval(target.state, target).run(ctx))
}
