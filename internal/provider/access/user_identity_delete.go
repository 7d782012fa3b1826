package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Private state keys of what destroy has not proven to be removed.
const (
	grantsKey   = "grants"    // removal.Checkpoints of grants, by their IDs
	issuedToKey = "issued_to" // seam.IssuedTo
)

// Delete removes the person, after the person's grants with force_destroy, and returns when Seam
// answers that nothing which was issued to the person is left.
func (m *userIdentity) Delete(ctx context.Context, op *core.Request[userIdentity]) error {
	err := core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		_, err := userIdentityAPI{seam.UserIdentities}.Get(ctx, op.Client, m.Ref())
		return err
	})
	if _, gone := errors.AsType[*seam.NotFoundError](err); err != nil && !gone {
		return err
	}
	if err := m.removeGrants(ctx, op); err != nil {
		return err
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		issued := core.GetPrivate[seam.IssuedTo](ctx, op, issuedToKey)
		return op.Client.DeleteUserIdentity(ctx, m.Ref(), issued, func(now seam.IssuedTo) { op.SetPrivate(ctx, issuedToKey, now) })
	})
}

// Unfinished reports whether an earlier destroy has not proven what it removed, or whether Seam still lists
// something that was issued to a person who is gone: the destroy may have been killed.
func (m *userIdentity) Unfinished(ctx context.Context, op *core.Request[userIdentity]) bool {
	issued := core.GetPrivate[seam.IssuedTo](ctx, op, issuedToKey)
	if len(core.GetPrivate[map[string]removal.Checkpoint](ctx, op, grantsKey)) > 0 || !issued.Empty() {
		return true
	}
	issued, err := op.Client.FindIssuedTo(ctx, m.ID.ValueString())
	op.SetPrivate(ctx, issuedToKey, issued)
	return err != nil || !issued.Empty()
}

// removeGrants removes the grants of the person, each with proof, or refuses without force_destroy. That
// takes a while, so those are removed as well that were made meanwhile.
func (m *userIdentity) removeGrants(ctx context.Context, op *core.Request[userIdentity]) error {
	removed := map[string]bool{}
	for {
		grants, err := m.grantsToRemove(ctx, op)
		grants = slices.DeleteFunc(grants, func(g seam.AccessGrant) bool { return removed[g.ID] })
		if err != nil || len(grants) == 0 {
			return err
		}
		for _, grant := range grants {
			if err := m.removeGrant(ctx, op, grant); err != nil {
				return fmt.Errorf("removing access grant %s: %w", grant.ID, err)
			}
			removed[grant.ID] = true
		}
	}
}

// grantsToRemove are the grants that the person has, and those whose removal an earlier run has not proven.
func (m *userIdentity) grantsToRemove(ctx context.Context, op *core.Request[userIdentity]) ([]seam.AccessGrant, error) {
	grants, err := op.Client.GrantsOfPerson(ctx, m.ID.ValueString())
	if err != nil {
		return nil, fmt.Errorf("listing access grants of the user identity: %w", err)
	}
	if len(grants) > 0 && !m.ForceDestroy.ValueBool() {
		return nil, seam.NewAdvice(fmt.Sprintf("User identity %s still has access grants: %s.", m.ID.ValueString(), strings.Join(seam.IDsOf(grants), ", ")),
			"Delete the access grants first, or set force_destroy = true, apply, and destroy. If they are managed by Terraform, reference the seam_user_identity from them, so that Terraform destroys them first.")
	}
	unfinished := core.GetPrivate[map[string]removal.Checkpoint](ctx, op, grantsKey)
	for id := range unfinished { // Seam no longer lists it, but its removal is not proven
		if !slices.ContainsFunc(grants, func(g seam.AccessGrant) bool { return g.ID == id }) {
			grants = append(grants, seam.AccessGrant{ID: id})
		}
	}
	return grants, nil
}

// removeGrant removes a grant, and keeps its checkpoint until that is proven.
func (m *userIdentity) removeGrant(ctx context.Context, op *core.Request[userIdentity], grant seam.AccessGrant) error {
	unfinished := core.GetPrivate[map[string]removal.Checkpoint](ctx, op, grantsKey)
	if unfinished == nil {
		unfinished = map[string]removal.Checkpoint{}
	}
	err := removal.RemoveAccessGrant(ctx, op.Client, removal.GrantOf(grant), removal.Options{
		WorkspaceID: m.WorkspaceID.ValueString(), Mode: removal.Verified, Timeout: op.Timeout, Checkpoint: unfinished[grant.ID], Warn: op.AddWarning,
		Save: func(c removal.Checkpoint) { unfinished[grant.ID] = c; op.SetPrivate(ctx, grantsKey, unfinished) },
	})
	if err == nil {
		delete(unfinished, grant.ID)
		op.SetPrivate(ctx, grantsKey, unfinished)
	}
	return err
}
