package accesscode

import (
	"fmt"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// planDuplicatePIN warns if another resource in the configuration plans the same PIN for the same lock
// and time, because Seam rejects the second one. The warning is attached to device_id: Terraform
// prints the source line of the attribute, which for code would show the PIN.
func (m *accessCode) planDuplicatePIN(p *core.PlanRequest[accessCode]) {
	planned, known := m.plannedPIN(p)
	if p.Client == nil || !known {
		return
	}
	other, twice := p.Client.RecordPlannedPIN(m.DeviceID.ValueString(), planned)
	if !twice {
		return
	}
	who := "without a name"
	if other.Name != "" {
		who = fmt.Sprintf("named %q", other.Name)
	}
	p.AddAttributeWarning("device_id", "Same PIN twice on one lock", fmt.Sprintf("Another seam_access_code in this configuration, %s, has the same PIN on lock %s at an overlapping time. Seam rejects a PIN that another code on the lock has at that time.\n\nGive one of them a different PIN, or times that do not overlap.", who, m.DeviceID.ValueString()))
}

// plannedPIN is the planned code, and whether enough of it is known. If device_id changes, the
// replacement is planned again as a create, so this plan does not count.
func (m *accessCode) plannedPIN(p *core.PlanRequest[accessCode]) (seam.PlannedPIN, bool) {
	planned := seam.PlannedPIN{Name: m.Name.ValueString(), PIN: m.Code.ValueString(), Config: p.Config}
	if isKnown(p.Config.CodeWO) {
		planned.PIN = p.Config.CodeWO.ValueString()
	}
	if p.Prior != nil {
		planned.AccessCodeID = p.Prior.ID.ValueString()
	}
	planned.StartsAt, _ = seam.ParseTime(m.StartsAt.ValueString())
	planned.EndsAt, _ = seam.ParseTime(m.EndsAt.ValueString())
	unknown := m.DeviceID.IsUnknown() || m.StartsAt.IsUnknown() || m.EndsAt.IsUnknown()
	moves := p.Prior != nil && !m.DeviceID.Equal(p.Prior.DeviceID)
	return planned, planned.PIN != "" && !unknown && !moves && !m.IsOfflineAccessCode.ValueBool()
}
