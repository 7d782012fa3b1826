package provider

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// plan refuses what can be known to fail.
func (m *accessCode) plan(ctx context.Context, p *planRequest[accessCode]) {
	config := p.config
	starts, startsKnown := seam.ParseTime(config.StartsAt.ValueString())
	ends, endsKnown := seam.ParseTime(config.EndsAt.ValueString())
	moved := p.prior == nil || !timesEqual(m.EndsAt, p.prior.EndsAt)
	switch {
	case startsKnown && endsKnown && !ends.After(starts):
		p.addAttributeError("ends_at", "The stay ends before it starts, or as it starts.", "Make ends_at later than starts_at.")
	case endsKnown && moved && p.isPast(ctx, ends):
		p.addAttributeError("ends_at", "The stay would end in the past.", "Make ends_at later than now, or remove the access code from the configuration.")
	}
	offline := config.IsOfflineAccessCode.ValueBool()
	if config.IsOneTimeUse.ValueBool() && !offline && !config.IsOfflineAccessCode.IsUnknown() {
		p.addAttributeError("is_one_time_use", "Only an offline code can be for one use.", "Set is_offline_access_code = true as well, or leave is_one_time_use out.")
	}
	if offline && (!config.Code.IsNull() || !config.CodeWO.IsNull()) {
		p.addAttributeError("is_offline_access_code", "The lock works out an offline code by itself: its PIN cannot be chosen.", "Leave out code and code_wo, or is_offline_access_code.")
	}
	if config.UseBackupAccessCodePool.ValueBool() && config.EndsAt.IsNull() {
		p.addAttributeError("use_backup_access_code_pool", "Backup codes are for stays with a window only.", "Set starts_at and ends_at, or leave use_backup_access_code_pool out.")
	}
	m.planAdoption(ctx, p)
	m.planPreflight(ctx, p)
	m.planReplacement(ctx, p, moved)
}

// planAdoption refuses what Seam says cannot be adopted. What cannot be seen now is found
// out by apply.
func (m *accessCode) planAdoption(ctx context.Context, p *planRequest[accessCode]) {
	if p.prior != nil || m.AdoptAccessCodeID.ValueString() == "" || m.DeviceID.IsUnknown() || !p.checkReachable(ctx) {
		return
	}
	in := m.adoptionInput()
	err := withTimeout(ctx, preflightTimeout, func(ctx context.Context) error {
		code, err := p.client.GetUnmanagedForPlan(ctx, in.DeviceID, in.AccessCodeID)
		if err != nil {
			return nil //nolint:nilerr // a read that fails blocks no plan
		}
		return in.CheckAdoptable(code)
	})
	if err != nil {
		p.addAttributeError("adopt_access_code_id", err.Error(), advice(err, "access_code"))
	}
}

// planReplacement makes a new code where the old one is over or cannot be changed, and
// repeats a change that was not proven even if the configuration went back meanwhile.
func (m *accessCode) planReplacement(ctx context.Context, p *planRequest[accessCode], moved bool) {
	if p.prior == nil {
		return
	}
	unproven := getPrivate[removal.Checkpoint](ctx, p.private, p.diags, changeKey).Unfinished() || getPrivate[removal.PriorAccess](ctx, p.private, p.diags, formerKey).StillListed
	lost := !p.prior.IsManaged.IsNull() && !p.prior.IsManaged.ValueBool()
	switch {
	case getPrivate[bool](ctx, p.private, p.diags, expiredKey):
		if moved && (!m.EndsAt.IsNull() || !p.prior.EndsAt.IsNull()) {
			p.requireReplace("ends_at")
		}
	case lost && getPrivate[bool](ctx, p.private, p.diags, unmanagedPINKey):
		p.requireReplace("is_managed")
	case unproven:
		p.markUnknown("type")
	case p.prior.IsOfflineAccessCode.ValueBool():
		for name, changed := range map[string]bool{
			"name":      !m.Name.Equal(p.prior.Name),
			"starts_at": !m.StartsAt.Equal(p.prior.StartsAt),
			"ends_at":   !m.EndsAt.Equal(p.prior.EndsAt),
		} {
			if changed {
				p.requireReplace(name)
			}
		}
	}
}

// alwaysManaged plans true, so that a code which is not managed any more is a change.
type alwaysManaged struct{ described }

func (alwaysManaged) PlanModifyBool(_ context.Context, _ planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	resp.PlanValue = types.BoolValue(true)
}

// codeUnlessWriteOnly plans the PIN: none with code_wo, else the one in the state.
type codeUnlessWriteOnly struct{ described }

func (codeUnlessWriteOnly) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	var writeOnly types.String
	var heldVersion types.Int64
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("code_wo"), &writeOnly)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("code_wo_version"), &heldVersion)...)
	}
	switch {
	case !writeOnly.IsNull():
		resp.PlanValue = types.StringNull()
	case req.State.Raw.IsNull() || !req.PlanValue.IsUnknown() || !req.ConfigValue.IsNull():
	case heldVersion.IsNull():
		resp.PlanValue = req.StateValue
	}
}

// falseAtCreation plans false, which create then sends, for a new code: Seam documents
// it as the default. An adopted code may have another value, and keeps it.
type falseAtCreation struct{ described }

func (falseAtCreation) PlanModifyBool(ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	var adopted types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("adopt_access_code_id"), &adopted)...)
	if req.State.Raw.IsNull() && req.ConfigValue.IsNull() && adopted.IsNull() {
		resp.PlanValue = types.BoolValue(false)
	}
}

// pinValidator validates a PIN, and unlike the ready-made validator does not repeat it.
type pinValidator struct{ described }

var (
	pinPattern = regexp.MustCompile(`^\d{4,12}$`)
	validPIN   = pinValidator{"A PIN of 4 to 12 digits, such as \"0729\"."}
)

// describeInvalidPIN says what is wrong with a PIN, without repeating it.
func describeInvalidPIN(text string) string {
	problem := `A PIN must be 4 to 12 digits in quotes, such as "0729".`
	if len(text) < 4 && strings.Trim(text, "0123456789") == "" {
		problem += " This one is too short. If it begins with a zero, put it in quotes: without them Terraform reads it as a number, and drops the zero."
	}
	return problem
}

func (pinValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if v := req.ConfigValue; !v.IsNull() && !v.IsUnknown() && !pinPattern.MatchString(v.ValueString()) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid PIN", describeInvalidPIN(v.ValueString()))
	}
}
