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
	m.planTimes(ctx, p)
	m.planCode(ctx, p)
	m.planReservation(p)
	if p.Prior == nil && !p.Refused() && p.CheckReachable(ctx) {
		m.planDoors(ctx, p)
	}
	if p.Prior == nil {
		return
	}
	unproven := core.GetPrivate[bool](ctx, p, changeKey) || len(core.GetPrivate[[]string](ctx, p, unprovenKey)) > 0
	moved := !sameTime(m.EndsAt, p.Prior.EndsAt)
	switch {
	case core.GetPrivate[bool](ctx, p, expiredKey):
		if moved {
			p.RequireReplace("ends_at")
		}
	case core.GetPrivate[bool](ctx, p, lostKey):
		p.MarkUnknown("access_method_ids")
		p.RequireReplace("access_method_ids")
	case unproven, moved, !m.RequestedMethods.Equal(p.Prior.RequestedMethods), !m.CodeWOVersion.Equal(p.Prior.CodeWOVersion):
		p.MarkUnknown("access_method_ids")
		p.MarkUnknown("access_codes")
	}
}

func (m *accessGrant) planTimes(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	w := m.window()
	switch {
	case w.EndsAt.IsZero():
	case !w.StartsAt.IsZero() && !w.EndsAt.After(w.StartsAt):
		p.AddAttributeError("ends_at", "ends_at is not later than starts_at.", "Set ends_at to a time after starts_at.")
	case (p.Prior == nil || !sameTime(m.EndsAt, p.Prior.EndsAt)) && p.IsPast(ctx, w.EndsAt):
		p.AddAttributeError("ends_at", "ends_at is in the past.", "Set ends_at to a time in the future, or remove the access grant from the configuration.")
	}
}

func (m *accessGrant) planCode(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	if m.RequestedMethods.IsUnknown() {
		return
	}
	codes := 0
	for _, r := range m.methods(ctx) {
		if r.Mode.ValueString() == "code" {
			codes++
		} else if !r.Code.IsNull() && !r.Mode.IsUnknown() {
			p.AddAttributeError("requested_access_methods", "Only the mode code has a PIN.", "Remove code from the other access methods.")
		}
		if !r.Code.IsNull() && !p.Config.CodeWO.IsNull() {
			p.AddAttributeError("code_wo", "The PIN is set twice, by code and code_wo.", "Remove code from requested_access_methods, or code_wo.")
		}
	}
	if !p.Config.CodeWO.IsNull() && codes != 1 {
		p.AddAttributeError("code_wo", fmt.Sprintf("code_wo is the PIN of the one access method with mode code, but there are %d.", codes), "Request exactly one access method with mode = \"code\", or remove code_wo.")
	}
}

func (m *accessGrant) planReservation(p *core.PlanRequest[accessGrant]) {
	if !m.ReservationKey.IsNull() && m.EntranceIDs.IsNull() && m.SpaceIDs.IsNull() {
		p.AddAttributeError("reservation_key", "A reservation needs an entrance that can belong to one, and the grant has no entrance.", "Set acs_entrance_ids or space_ids, or remove reservation_key.")
	}
}

// planDoors checks what Seam says about the doors. A read that fails does not fail the plan.
func (m *accessGrant) planDoors(ctx context.Context, p *core.PlanRequest[accessGrant]) {
	var modes []string
	for _, r := range m.methods(ctx) {
		modes = append(modes, r.Mode.ValueString())
	}
	for _, id := range core.StringsOf(m.DeviceIDs) {
		device, err := p.Client.GetDeviceForPlan(ctx, id)
		if err == nil && slices.Contains(modes, "code") && device.CanProgramOnline != nil && !*device.CanProgramOnline {
			p.AddAttributeError("device_ids", fmt.Sprintf("Device %s cannot be given PINs online, so the grant would not open it with mode code.", id), "Remove the device, or request another access method.")
		}
	}
	if m.EntranceIDs.IsNull() && m.SpaceIDs.IsNull() {
		return
	}
	all, err := seam.Entrances.All(ctx, p.Client)
	if err != nil {
		return
	}
	var chosen []seam.Entrance
	for _, id := range core.StringsOf(m.EntranceIDs) {
		if entrance, known := all[id]; known {
			chosen = append(chosen, entrance)
		}
	}
	m.planModes(p, chosen, modes)
	spaces := core.StringsOf(m.SpaceIDs)
	for _, entrance := range all {
		if slices.ContainsFunc(entrance.SpaceIDs, func(id string) bool { return slices.Contains(spaces, id) }) {
			chosen = append(chosen, entrance)
		}
	}
	m.warnUnprovable(ctx, p, chosen, modes)
}

func (m *accessGrant) planModes(p *core.PlanRequest[accessGrant], entrances []seam.Entrance, modes []string) {
	reservable := len(entrances) == 0
	for _, entrance := range entrances {
		reservable = reservable || entrance.CanBelongToReservation
		for _, mode := range modes {
			if can := entrance.CanUnlockWith(mode); can != nil && !*can {
				p.AddAttributeError("acs_entrance_ids", fmt.Sprintf("Entrance %s cannot be unlocked with mode %s.", entrance.ID, mode), "Remove the entrance, or request another access method.")
			}
		}
	}
	if !m.ReservationKey.IsNull() && !reservable && m.SpaceIDs.IsNull() {
		p.AddAttributeError("reservation_key", "None of the entrances can belong to a reservation.", "Add an entrance that can, or remove reservation_key.")
	}
}

// warnUnprovable says at creation what destroy will not be able to prove.
func (m *accessGrant) warnUnprovable(ctx context.Context, p *core.PlanRequest[accessGrant], entrances []seam.Entrance, modes []string) {
	if !slices.Contains(modes, "card") && !slices.Contains(modes, "mobile_key") || !core.NeedsProof(m.Removal) {
		return
	}
	doors, err := removal.OfflineDoors(ctx, p.Client, entrances)
	if err == nil && len(doors) > 0 {
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
		at := slices.IndexFunc(left, r.equal)
		if at < 0 && r.Code.IsNull() && writeOnly.IsNull() {
			at = slices.IndexFunc(left, func(h requestedMethod) bool {
				return r.Mode.Equal(h.Mode) && r.InstantKeyMaxUseCount.Equal(h.InstantKeyMaxUseCount)
			})
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
