package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var (
	codeType   = types.ObjectType{AttrTypes: map[string]attr.Type{"access_code_id": types.StringType, "device_id": types.StringType}}
	methodType = types.ObjectType{AttrTypes: map[string]attr.Type{"mode": types.StringType, "code": types.StringType, "instant_key_max_use_count": types.Int64Type}}
)

// fromAPI sets everything that Seam shows, as for an import.
func (m *accessGrant) fromAPI(g seam.AccessGrant) {
	m.fromGrant(g)
	m.SpaceIDs, m.DeviceIDs, m.EntranceIDs = core.SetOf(g.SpaceIDs), core.SetOf(g.Doors.DeviceIDs), core.SetOf(g.Doors.EntranceIDs)
	m.setComputed(g, g.Codes)
}

// fromGrant sets what the grant itself shows. Its direct doors are not among that.
func (m *accessGrant) fromGrant(g seam.AccessGrant) {
	ctx := context.Background()
	m.UserIdentityID, m.AccessGrantKey, m.Name = types.StringValue(g.UserIdentityID), core.StringOrNull(g.Key), core.StringOrNull(g.Name)
	m.ReservationKey, m.CustomizationProfileID = core.StringOrNull(g.ReservationKey), core.StringOrNull(g.CustomizationProfileID)
	m.StartsAt, m.EndsAt = core.PreserveSpelling(g.StartsAt, m.StartsAt), core.PreserveSpelling(g.EndsAt, m.EndsAt)
	m.SpaceIDs = core.SetOf(g.SpaceIDs)
	m.RequestedMethods = core.ListOf(ctx, methodType, mergeMethods(m.methods(ctx), g, !m.CodeWOVersion.IsNull()))
	m.setComputed(g, nil)
}

// setComputed sets the computed attributes; the codes only if they are given.
func (m *accessGrant) setComputed(g seam.AccessGrant, codes []seam.AccessCode) {
	ctx := context.Background()
	ids := slices.Sorted(slices.Values(g.MethodIDs))
	m.AccessMethodIDs, m.CreatedAt = core.ListOf(ctx, types.StringType, ids), core.PreserveSpelling(g.CreatedAt, m.CreatedAt)
	if codes != nil || m.AccessCodes.IsUnknown() {
		m.AccessCodes = codeList(codesOf(codes))
	}
}

func (m *accessGrant) keepComputed(prior *accessGrant) {
	m.AccessMethodIDs, m.AccessCodes, m.CreatedAt = prior.AccessMethodIDs, prior.AccessCodes, prior.CreatedAt
	m.StartsAt = core.KnownOr(m.StartsAt, prior.StartsAt)
}

// onlyRemovalChanged reports whether the plan changes nothing that Seam would have to be told.
func (m *accessGrant) onlyRemovalChanged(prior *accessGrant) bool {
	return m.Name.Equal(prior.Name) && sameTime(m.EndsAt, prior.EndsAt) && m.RequestedMethods.Equal(prior.RequestedMethods) && m.CodeWOVersion.Equal(prior.CodeWOVersion)
}

func codesOf(codes []seam.AccessCode) []grantCode {
	all := []grantCode{}
	for _, c := range codes {
		all = append(all, grantCode{types.StringValue(c.ID), types.StringValue(c.DeviceID)})
	}
	return all
}

func codeList(codes []grantCode) types.List {
	slices.SortFunc(codes, func(a, b grantCode) int {
		return slices.Compare([]string{a.DeviceID.ValueString(), a.AccessCodeID.ValueString()}, []string{b.DeviceID.ValueString(), b.AccessCodeID.ValueString()})
	})
	return core.ListOf(context.Background(), codeType, codes)
}

// codes are the codes in the state.
func (m *accessGrant) codes() []removal.GrantCode {
	var all []removal.GrantCode
	for _, c := range core.ElementsOf[grantCode](context.Background(), m.AccessCodes) {
		all = append(all, removal.GrantCode{ID: c.AccessCodeID.ValueString(), DeviceID: c.DeviceID.ValueString()})
	}
	return all
}

func (m *accessGrant) window() removal.Window {
	var w removal.Window
	w.StartsAt, _ = seam.ParseTime(m.StartsAt.ValueString())
	w.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return w
}

// target is the grant as the state has it.
func (m *accessGrant) target(ctx context.Context, op *core.Request[accessGrant]) removal.AccessGrant {
	before := core.GetPrivate[issued](ctx, op, issuedKey)
	out := removal.AccessGrant{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), EndsAt: m.window().EndsAt, IssuedUntil: before.Until, TakenBack: core.GetPrivate[removal.Checkpoint](ctx, op, takenKey),
		Parts: removal.GrantParts{MethodIDs: core.StringsOf(m.AccessMethodIDs), Codes: m.codes(), Unprovable: before.Methods},
	}
	if out.TakenBack.Parts != nil {
		out.Parts.Add(*out.TakenBack.Parts)
	}
	if m.requestsPIN(ctx) {
		out.Parts.DeviceIDs = core.StringsOf(m.DeviceIDs)
	}
	for _, r := range m.methods(ctx) {
		if mode := r.Mode.ValueString(); mode == "card" || mode == "mobile_key" {
			out.KeyModes = append(out.KeyModes, mode)
		}
	}
	out.EntranceIDs, out.SpaceIDs = core.StringsOf(m.EntranceIDs), core.StringsOf(m.SpaceIDs)
	out.PINs = m.preferredPINs(ctx)
	out.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	end := out.EndsAt
	if end.IsZero() {
		end = openEnd
	}
	if end.After(out.IssuedUntil) {
		out.IssuedUntil = end
	}
	return out
}

// preferredPINs are the PINs that the state asks for.
func (m *accessGrant) preferredPINs(ctx context.Context) (pins []string) {
	for _, r := range m.methods(ctx) {
		if pin := r.Code.ValueString(); pin != "" {
			pins = append(pins, pin)
		}
	}
	return pins
}

// removalOf is a grant that no state has.
func removalOf(grant seam.AccessGrant) removal.AccessGrant {
	until := grant.EndsAt.Time
	if until.IsZero() {
		until = openEnd
	}
	return removal.AccessGrant{ID: grant.ID, Name: grant.Name, PINs: grant.PreferredPINs(), CreatedAt: grant.CreatedAt.Time, EndsAt: grant.EndsAt.Time, IssuedUntil: until}
}

func sameTime(a, b types.String) bool {
	return a.IsUnknown() || a.IsNull() && b.IsNull() || core.TimesEqual(a, b)
}

func sameStrings(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
