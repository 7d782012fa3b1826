package accesscode

import (
	"fmt"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// planDuplicatePIN warns if another resource of the configuration plans the same PIN for the same
// lock and time: Seam would refuse the second one. The warning is at device_id, because
// Terraform prints the line that it is about.
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
	p.AddAttributeWarning("device_id", "Same PIN twice on one lock", fmt.Sprintf("Another seam_access_code of this configuration, %s, has the same PIN on lock %s at an overlapping time. Seam refuses a PIN that another code on the lock has at that time.\n\nGive one of the two another PIN, or times that do not overlap.", who, m.DeviceID.ValueString()))
}

// plannedPIN is what the code is to be, as far as it is known. An object whose lock changes
// is planned once more, as a new one.
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
