package accesscode

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
)

// Plan rejects configurations that are certain to fail.
func (m *accessCode) Plan(ctx context.Context, p *core.PlanRequest[accessCode]) {
	config := p.Config
	moved := p.Prior == nil || !core.TimesEqual(m.EndsAt, p.Prior.EndsAt)
	core.CheckWindow(ctx, p, config.StartsAt, config.EndsAt, moved, "access code")
	offline := config.IsOfflineAccessCode.ValueBool()
	if config.IsOneTimeUse.ValueBool() && !offline && !config.IsOfflineAccessCode.IsUnknown() {
		p.AddAttributeError("is_one_time_use", "Only offline codes can be one-time codes.", "Also set is_offline_access_code = true, or remove is_one_time_use.")
	}
	if offline && (!config.Code.IsNull() || !config.CodeWO.IsNull()) {
		p.AddAttributeError("is_offline_access_code", "The lock computes the PIN of an offline code; it cannot be chosen.", "Remove code and code_wo, or is_offline_access_code.")
	}
	if config.UseBackupAccessCodePool.ValueBool() && config.EndsAt.IsNull() {
		p.AddAttributeError("use_backup_access_code_pool", "Backup codes need a start and an end.", "Set starts_at and ends_at, or remove use_backup_access_code_pool.")
	}
	if !m.IsManaged.ValueBool() { // a code that is no longer managed shows as a change
		p.Set("is_managed", true)
	}
	m.planAdoption(ctx, p)
	m.planPreflight(ctx, p)
	m.planReplacement(ctx, p, moved)
}

// planAdoption rejects a code that Seam says cannot be adopted. If the code cannot be read now, apply
// checks it.
func (m *accessCode) planAdoption(ctx context.Context, p *core.PlanRequest[accessCode]) {
	if p.Prior != nil || m.AdoptAccessCodeID.ValueString() == "" || m.DeviceID.IsUnknown() || !p.CheckReachable(ctx) {
		return
	}
	in := m.adoptionInput()
	err := core.WithTimeout(ctx, PreflightTimeout, func(ctx context.Context) error {
		code, err := p.Client.GetUnmanagedForPlan(ctx, in.DeviceID, in.AccessCodeID)
		if err != nil {
			return nil //nolint:nilerr // a failed read does not fail the plan
		}
		return in.CheckAdoptable(code)
	})
	if err != nil {
		p.AddAttributeError("adopt_access_code_id", err.Error(), core.Advice(err, "access_code"))
	}
}

// planReplacement replaces a code that has expired or cannot be updated. It also plans an unproven
// update again, even if the configuration was reverted since.
func (m *accessCode) planReplacement(ctx context.Context, p *core.PlanRequest[accessCode], moved bool) {
	if p.Prior == nil {
		return
	}
	unproven := core.GetPrivate[removal.Checkpoint](ctx, p, changeKey).Unfinished() || core.GetPrivate[removal.PriorAccess](ctx, p, formerKey).StillListed
	lost := !p.Prior.IsManaged.IsNull() && !p.Prior.IsManaged.ValueBool()
	switch {
	case core.GetPrivate[bool](ctx, p, core.ExpiredKey):
		if moved && (!m.EndsAt.IsNull() || !p.Prior.EndsAt.IsNull()) {
			p.RequireReplace("ends_at")
		}
	case lost && core.GetPrivate[bool](ctx, p, unmanagedPINKey):
		p.RequireReplace("is_managed")
	case unproven:
		p.MarkUnknown("type")
	case p.Prior.IsOfflineAccessCode.ValueBool():
		for name, changed := range map[string]bool{
			"name":      !m.Name.Equal(p.Prior.Name),
			"starts_at": !m.StartsAt.Equal(p.Prior.StartsAt),
			"ends_at":   !m.EndsAt.Equal(p.Prior.EndsAt),
		} {
			if changed {
				p.RequireReplace(name)
			}
		}
	}
}

// falseAtCreation plans false, Seam's documented default, for a new code. An adopted code keeps the
// value it has.
type falseAtCreation struct{ core.Described }

func (falseAtCreation) PlanModifyBool(ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	var adopted types.String
	core.DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "adopt_access_code_id", &adopted)
	if req.State.Raw.IsNull() && req.ConfigValue.IsNull() && adopted.IsNull() {
		resp.PlanValue = types.BoolValue(false)
	}
}

var (
	pinPattern = regexp.MustCompile(`^\d{4,12}$`)
	// validPIN does not repeat the PIN in its message, unlike the framework's validator.
	validPIN = core.CheckString("A PIN of 4 to 12 digits, such as \"0729\".", "Invalid PIN", describeInvalidPIN)
)

// describeInvalidPIN describes what is wrong with a PIN without repeating it. It is empty for a valid
// PIN.
func describeInvalidPIN(text string) string {
	if pinPattern.MatchString(text) {
		return ""
	}
	problem := `A PIN must be 4 to 12 digits in quotes, such as "0729".`
	if len(text) < 4 && strings.Trim(text, "0123456789") == "" {
		problem += " This one is too short. If it begins with a zero, put it in quotes: otherwise Terraform reads it as a number and drops the zero."
	}
	return problem
}
