package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Plan rejects grants that are certain to fail, and warns of access that cannot be proven to be
// revoked.
func (m *accessGrant) Plan(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	moved := p.Prior == nil || !sameTime(m.EndsAt, p.Prior.EndsAt)
	core.CheckWindow(ctx, p, m.StartsAt, m.EndsAt, moved, "access grant")
	m.planCode(ctx, p)
	if !m.ReservationKey.IsNull() && m.EntranceIDs.IsNull() && m.SpaceIDs.IsNull() {
		p.AddAttributeError("reservation_key", "A reservation needs an entrance that can belong to one, and the grant has no entrance.", "Set acs_entrance_ids or space_ids, or remove reservation_key.")
	}
	if p.Prior == nil {
		m.planDoors(ctx, p)
		return
	}
	switch {
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

func (m *accessGrant) planCode(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	codes := 0
	for _, r := range core.ElementsOf[requestedMethod](ctx, m.RequestedMethods) {
		if r.Mode.ValueString() == "code" {
			codes++
		} else if !r.Code.IsNull() && !r.Mode.IsUnknown() {
			p.AddAttributeError("requested_access_methods", "Only the mode code has a PIN.", "Remove code from the other access methods.")
		}
		if !r.Code.IsNull() && !p.Config.CodeWO.IsNull() {
			p.AddAttributeError("code_wo", "The PIN is set twice, by code and code_wo.", "Remove code from requested_access_methods, or code_wo.")
		}
	}
	if !p.Config.CodeWO.IsNull() && codes != 1 && !m.RequestedMethods.IsUnknown() {
		p.AddAttributeError("code_wo", fmt.Sprintf("code_wo is the PIN of the one access method with mode code, but there are %d.", codes), "Request exactly one access method with mode = \"code\", or remove code_wo.")
	}
}

// planDoors checks what Seam says about the doors, and says at creation what destroy will not be able
// to prove. A read that fails does not fail the plan.
func (m *accessGrant) planDoors(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	if p.Refused() || !p.CheckReachable(ctx) {
		return
	}
	in := m.input(ctx)
	problems, entrances := p.Client.PreflightGrant(ctx, in)
	for _, found := range problems {
		p.AddAttributeError(found.Attribute, found.Problem, found.Next)
	}
	issued := func(r seam.RequestedAccessMethod) bool { return r.Mode == "card" || r.Mode == "mobile_key" }
	if !core.NeedsProof(m.Removal) || !slices.ContainsFunc(in.RequestedMethods, issued) {
		return
	}
	if doors, err := removal.OfflineDoors(ctx, p.Client, entrances); err == nil && len(doors) > 0 {
		p.AddAttributeWarning("requested_access_methods", "Revocation will not be provable",
			fmt.Sprintf("Entrance %s reads the rights from the card or phone. Once a card or phone key is issued, Seam cannot tell whether the door still accepts it, so destroy will fail until ends_at has passed.\n\nSet ends_at, so that the card or phone key ends by itself. If you accept a destroy without proof, set removal = \"requested\".", seam.JoinLimited(doors)))
	}
}

// sameMethods plans the state's list if the configuration asks for the same methods. Their order does
// not matter, and without a configured PIN any PIN will do.
type sameMethods struct{ core.Described }

func (sameMethods) PlanModifyList(ctx context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	var writeOnly types.String
	core.DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "code_wo", &writeOnly)
	planned, held := core.ElementsOf[requestedMethod](ctx, req.ConfigValue), core.ElementsOf[requestedMethod](ctx, req.StateValue)
	left := slices.Clone(held)
	for i, r := range planned {
		same := func(h requestedMethod) bool { return r == h }
		at := slices.IndexFunc(left, same)
		if at < 0 && r.Code.IsNull() && writeOnly.IsNull() {
			at = slices.IndexFunc(left, func(h requestedMethod) bool { h.Code = r.Code; return same(h) })
		}
		if at >= 0 {
			planned[i] = left[at]
			left = slices.Delete(left, at, at+1)
		}
	}
	resp.PlanValue = core.ListOf(ctx, methodType, planned)
	if len(left) == 0 && len(planned) == len(held) {
		resp.PlanValue = req.StateValue
	}
}
