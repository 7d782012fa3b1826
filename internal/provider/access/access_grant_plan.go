package access

import (
	"context"
	"fmt"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Plan rejects grants that are certain to fail, and warns of access that cannot be proven to be
// revoked.
func (m *accessGrant) Plan(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	moved := p.Prior == nil || !core.Changed(m.EndsAt, p.Prior.EndsAt).IsZero()
	core.CheckWindow(ctx, p, m.StartsAt, m.EndsAt, moved, "access grant")
	checkRequestedPIN(ctx, p, m.RequestedMethods)
	if !m.ReservationKey.IsNull() && m.EntranceIDs.IsNull() && m.SpaceIDs.IsNull() {
		p.AddAttributeError("reservation_key", "A reservation needs an entrance that can belong to one, and the grant has no entrance.", "Set acs_entrance_ids or space_ids, or remove reservation_key.")
	}
	if p.Prior == nil || !m.hasDoorsOf(p.Prior) { // Terraform drops the warnings when it plans a replacement as a create
		m.planDoors(ctx, p)
	}
	switch {
	case p.Prior == nil:
	case core.GetPrivate[bool](ctx, p, core.ExpiredKey):
		if moved {
			p.RequireReplace("ends_at")
		}
	case core.GetPrivate[bool](ctx, p, lostKey):
		p.MarkUnknown("access_method_ids")
		p.RequireReplace("access_method_ids")
	case moved, core.GetPrivate[removal.GrantProgress](ctx, p, progressKey).Unfinished(), !m.RequestedMethods.Equal(p.Prior.RequestedMethods), !m.CodeWOVersion.Equal(p.Prior.CodeWOVersion):
		p.MarkUnknown("access_method_ids")
		p.MarkUnknown("access_codes")
	}
}

func (m *accessGrant) hasDoorsOf(other *accessGrant) bool {
	return m.DeviceIDs.Equal(other.DeviceIDs) && m.EntranceIDs.Equal(other.EntranceIDs) && m.SpaceIDs.Equal(other.SpaceIDs)
}

// planDoors checks what Seam says about the doors, and says at creation what destroy will not be able
// to prove. A read that fails does not fail the plan.
func (m *accessGrant) planDoors(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	if p.Refused() || !p.CheckReachable(ctx) {
		return
	}
	in := m.input(ctx, "")
	problems, entrances := p.Client.PreflightGrant(ctx, in)
	p.AddProblems(problems)
	if doors := removal.DoorsWithoutProof(ctx, p.Client, in.RequestedMethods, entrances); core.NeedsProof(m.Removal) && len(doors) > 0 {
		p.AddAttributeWarning("requested_access_methods", "Revocation will not be provable",
			fmt.Sprintf("Entrance %s reads the rights from the card or phone. Once a card or phone key is issued, Seam cannot tell whether the door still accepts it, so destroy will fail until ends_at has passed.\n\nSet ends_at, so that the card or phone key ends by itself. If you accept a destroy without proof, set removal = \"requested\".", seam.JoinLimited(doors)))
	}
}
