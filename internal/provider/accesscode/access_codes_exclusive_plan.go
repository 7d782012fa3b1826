package accesscode

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Plan rejects a second resource for the lock, and warns of the strangers that only a later plan can
// show.
func (m *exclusive) Plan(ctx context.Context, p *core.PlanRequest[exclusive]) {
	if none := strangerMap(ctx, nil); !m.Strangers.Equal(none) { // strangers show as a change
		p.Set("strangers", none)
	}
	if p.Client == nil || m.DeviceID.IsUnknown() {
		return
	}
	before := p.Prior
	if before != nil && !m.DeviceID.Equal(before.DeviceID) {
		before = nil // the create that follows is planned as well, but Terraform drops the warnings of that plan
	} else if !m.claimLock(ctx, p) {
		return
	}
	if before == nil || !m.allowsSame(before) {
		m.warnOfUnshown(ctx, p, before)
	}
}

// claimLock refuses a lock that another resource of the run has.
func (m *exclusive) claimLock(ctx context.Context, p *core.PlanRequest[exclusive]) bool {
	claim := seam.LockClaim{Token: core.GetPrivate[string](ctx, p, claimKey), Config: p.Config}
	if p.Prior == nil {
		claim.Token = ""
	}
	taken := p.Client.ClaimLock(m.DeviceID.ValueString(), claim)
	if taken {
		p.AddAttributeError("device_id", fmt.Sprintf("Another seam_device_access_codes_exclusive in this configuration has lock %s: each would remove what the other allows.", m.DeviceID.ValueString()), "Keep one of them, and list all allowed codes there.")
	}
	return !taken
}

func (m *exclusive) allowsSame(prior *exclusive) bool {
	return m.AccessCodeIDs.Equal(prior.AccessCodeIDs) && m.UnmanagedAccessCodeIDs.Equal(prior.UnmanagedAccessCodeIDs) && m.AccessGrantIDs.Equal(prior.AccessGrantIDs)
}

// warnOfUnshown warns of strangers that are not in the state before, and so are not removed by this
// apply. While an allowed ID is not known, codes of its kind are not named.
func (m *exclusive) warnOfUnshown(ctx context.Context, p *core.PlanRequest[exclusive], before *exclusive) {
	if !p.CheckReachable(ctx) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, PreflightTimeout)
	defer cancel()
	found, err := m.strangersForPlan(ctx, p, before)
	if err != nil {
		p.AddAttributeWarning("device_id", "Lock not read", fmt.Sprintf("The codes on lock %s could not be read, so the strangers among them are not known: %v\n\nThe next plan shows them. %s", m.DeviceID.ValueString(), err, adviceFor(err)))
		return
	}
	maps.DeleteFunc(found, func(_ string, s stranger) bool { return m.mayAllow(ctx, s) })
	if len(found) > 0 {
		p.AddAttributeWarning("device_id", "Strangers on the lock", fmt.Sprintf("Lock %s has codes that are not allowed: %s. This apply does not remove them.\n\nAfter this apply, plan again: that plan shows them under strangers, and its apply removes them. To keep one, allow it.", m.DeviceID.ValueString(), describe(found)))
	}
}

func (m *exclusive) strangersForPlan(ctx context.Context, p *core.PlanRequest[exclusive], before *exclusive) (map[string]stranger, error) {
	on, err := p.Client.CodesOnLock(ctx, m.DeviceID.ValueString())
	if err != nil {
		return nil, err
	}
	allowed, err := m.allowance(ctx, p.Client, on, false)
	if err != nil {
		return nil, err
	}
	found := allowed.strangersOn(p.Client, on)
	if before != nil {
		found = before.unshown(ctx, found)
	}
	return withoutTracked(ctx, p.Client, found), nil
}

// mayAllow reports whether an ID that is not known yet may be this stranger's.
func (m *exclusive) mayAllow(ctx context.Context, s stranger) bool {
	managed := s.Kind.ValueString() == kindManaged && (hasUnknown(ctx, m.AccessCodeIDs) || hasUnknown(ctx, m.AccessGrantIDs))
	return managed || hasUnknown(ctx, m.UnmanagedAccessCodeIDs)
}

func hasUnknown(ctx context.Context, set types.Set) bool {
	value, err := set.ToTerraformValue(ctx)
	return err != nil || !value.IsFullyKnown()
}
