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
	var methods []requestedMethod
	for _, r := range g.MergeRequests(m.requested(ctx, "")) {
		method := requestedMethod{types.StringValue(r.Mode), core.StringOrNull(r.Code), types.Int64Null()}
		if !m.CodeWOVersion.IsNull() {
			method.Code = types.StringNull()
		}
		if r.InstantKeyMaxUseCount > 0 {
			method.InstantKeyMaxUseCount = types.Int64Value(r.InstantKeyMaxUseCount)
		}
		methods = append(methods, method)
	}
	m.RequestedMethods = core.ListOf(ctx, methodType, methods)
	m.setComputed(g, nil)
}

// setComputed sets the computed attributes; the codes only if they are given.
func (m *accessGrant) setComputed(g seam.AccessGrant, codes []seam.AccessCode) {
	m.AccessMethodIDs = core.ListOf(context.Background(), types.StringType, slices.Sorted(slices.Values(g.MethodIDs)))
	m.CreatedAt = core.PreserveSpelling(g.CreatedAt, m.CreatedAt)
	if codes != nil || m.AccessCodes.IsUnknown() {
		m.AccessCodes = codeList(removal.GrantCodesOf(codes))
	}
}

func codeList(codes []removal.GrantCode) types.List {
	slices.SortFunc(codes, func(a, b removal.GrantCode) int {
		return slices.Compare([]string{a.DeviceID, a.ID}, []string{b.DeviceID, b.ID})
	})
	var all []grantCode
	for _, c := range codes {
		all = append(all, grantCode{types.StringValue(c.ID), types.StringValue(c.DeviceID)})
	}
	return core.ListOf(context.Background(), codeType, all)
}

func (m *accessGrant) keepComputed(prior *accessGrant) {
	m.AccessMethodIDs, m.AccessCodes, m.CreatedAt = prior.AccessMethodIDs, prior.AccessCodes, prior.CreatedAt
	m.StartsAt = core.KnownOr(m.StartsAt, prior.StartsAt)
}

// onlyRemovalChanged reports whether the plan changes nothing that Seam would have to be told.
func (m *accessGrant) onlyRemovalChanged(prior *accessGrant) bool {
	return m.Name.Equal(prior.Name) && sameTime(m.EndsAt, prior.EndsAt) && m.RequestedMethods.Equal(prior.RequestedMethods) && m.CodeWOVersion.Equal(prior.CodeWOVersion)
}

func sameTime(a, b types.String) bool {
	return a.IsUnknown() || a.IsNull() && b.IsNull() || core.TimesEqual(a, b)
}

// requested are the entries of requested_access_methods that are known, with the write-only PIN if
// there is one.
func (m *accessGrant) requested(ctx context.Context, writeOnly string) (all []seam.RequestedAccessMethod) {
	for _, r := range core.ElementsOf[requestedMethod](ctx, m.RequestedMethods) {
		method := seam.RequestedAccessMethod{Mode: r.Mode.ValueString(), Code: r.Code.ValueString(), InstantKeyMaxUseCount: r.InstantKeyMaxUseCount.ValueInt64()}
		if method.Mode == "code" && writeOnly != "" {
			method.Code = writeOnly
		}
		all = append(all, method)
	}
	return all
}

// input is what to create, without a PIN that is write-only.
func (m *accessGrant) input(ctx context.Context) seam.AccessGrantInput {
	return seam.AccessGrantInput{
		UserIdentityID: m.UserIdentityID.ValueString(), Key: m.AccessGrantKey.ValueString(), ReservationKey: m.ReservationKey.ValueString(),
		CustomizationProfileID: m.CustomizationProfileID.ValueString(), DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs),
		SpaceIDs: core.StringsOf(m.SpaceIDs), RequestedMethods: m.requested(ctx, ""),
		Name: core.Changed(m.Name, types.StringNull()), StartsAt: core.Changed(m.StartsAt, types.StringNull()), EndsAt: core.Changed(m.EndsAt, types.StringNull()),
	}
}

func (m *accessGrant) window() removal.Window {
	var w removal.Window
	w.StartsAt, _ = seam.ParseTime(m.StartsAt.ValueString())
	w.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	return w
}

// target is the grant as the state has it.
func (m *accessGrant) target(ctx context.Context, op core.PrivateReader) removal.AccessGrant {
	out := removal.AccessGrant{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Requested: m.requested(ctx, ""), EndsAt: m.window().EndsAt,
		MethodIDs: core.StringsOf(m.AccessMethodIDs), DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs),
		SpaceIDs: core.StringsOf(m.SpaceIDs), Progress: core.GetPrivate[removal.GrantProgress](ctx, op, progressKey),
	}
	for _, c := range core.ElementsOf[grantCode](ctx, m.AccessCodes) {
		out.Codes = append(out.Codes, removal.GrantCode{ID: c.AccessCodeID.ValueString(), DeviceID: c.DeviceID.ValueString()})
	}
	out.CreatedAt, _ = seam.ParseTime(m.CreatedAt.ValueString())
	return out
}
