package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// fromAPI sets everything that Seam shows, as for an import.
func (m *accessGrant) fromAPI(g seam.AccessGrant) {
	m.fromGrant(g)
	m.DeviceIDs, m.EntranceIDs = core.SetOf(g.Doors.DeviceIDs), core.SetOf(g.Doors.EntranceIDs)
	m.setComputed(g, g.Codes)
}

// fromGrant sets what the grant itself shows. Its direct doors are not among that.
func (m *accessGrant) fromGrant(g seam.AccessGrant) {
	ctx := context.Background()
	m.UserIdentityID, m.AccessGrantKey, m.Name = types.StringValue(g.UserIdentityID), core.StringOrNull(g.Key), core.StringOrNull(g.Name)
	m.ReservationKey, m.CustomizationProfileID = core.StringOrNull(g.ReservationKey), core.StringOrNull(g.CustomizationProfileID)
	m.StartsAt, m.EndsAt = core.PreserveSpelling(g.StartsAt, m.StartsAt), core.PreserveSpelling(g.EndsAt, m.EndsAt)
	m.SpaceIDs = core.SetOf(g.SpaceIDs)
	m.RequestedMethods = requestedMethodList(ctx, g.MergeRequests(requestedMethods(ctx, m.RequestedMethods, "")), !m.CodeWOVersion.IsNull())
	m.setComputed(g, nil)
}

// setComputed sets the computed attributes; the codes only if they are given.
func (m *accessGrant) setComputed(g seam.AccessGrant, codes []seam.AccessCode) {
	m.AccessMethodIDs = core.ListOf(context.Background(), types.StringType, slices.Sorted(slices.Values(g.MethodIDs)))
	m.CreatedAt = core.PreserveSpelling(g.CreatedAt, m.CreatedAt)
	if codes != nil || m.AccessCodes.IsUnknown() {
		m.AccessCodes = grantedCodeList(context.Background(), removal.GrantCodesOf(codes))
	}
}

// onlyRemovalChanged reports whether the plan changes nothing that Seam would have to be told.
func (m *accessGrant) onlyRemovalChanged(prior *accessGrant) bool {
	return m.Name.Equal(prior.Name) && m.StartsAt.Equal(prior.StartsAt) && m.EndsAt.Equal(prior.EndsAt) && m.RequestedMethods.Equal(prior.RequestedMethods) && m.CodeWOVersion.Equal(prior.CodeWOVersion)
}

func (m *accessGrant) input(ctx context.Context, writeOnlyPIN string) seam.AccessGrantInput {
	return seam.AccessGrantInput{
		UserIdentityID: m.UserIdentityID.ValueString(), Key: m.AccessGrantKey.ValueString(), ReservationKey: m.ReservationKey.ValueString(),
		CustomizationProfileID: m.CustomizationProfileID.ValueString(), DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs),
		SpaceIDs: core.StringsOf(m.SpaceIDs), RequestedMethods: requestedMethods(ctx, m.RequestedMethods, writeOnlyPIN),
		Name: core.Changed(m.Name, types.StringNull()), StartsAt: core.Changed(m.StartsAt, types.StringNull()), EndsAt: core.Changed(m.EndsAt, types.StringNull()),
	}
}

// target is the grant as the state has it.
func (m *accessGrant) target(ctx context.Context, op core.PrivateReader) removal.AccessGrant {
	out := removal.AccessGrant{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Requested: requestedMethods(ctx, m.RequestedMethods, ""), EndsAt: core.Window(m.StartsAt, m.EndsAt).EndsAt,
		PersonID: m.UserIdentityID.ValueString(), MethodIDs: core.StringsOf(m.AccessMethodIDs), DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs),
		SpaceIDs: core.StringsOf(m.SpaceIDs), Codes: grantedCodes(ctx, m.AccessCodes), Progress: core.GetPrivate[removal.GrantProgress](ctx, op, progressKey),
	}
	out.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	return out
}
