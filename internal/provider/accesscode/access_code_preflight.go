package accesscode

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// preflight checks a planned code against its lock. What the lock is certain to reject is an error,
// what it may reject a warning. Only what the plan changes is checked.
type preflight struct {
	*core.PlanRequest[accessCode]
	*accessCode
	device        seam.Device
	pin           string // the new PIN; empty if there is none or it is unknown
	pinAttribute  string // its attribute
	isNew         bool   // a create, or a replacement on another lock
	renamed       bool
	windowChanged bool
}

// PreflightTimeout limits how long a plan waits for a lock. It is longer than a single read may take,
// so that failed reads are shared between codes too.
const PreflightTimeout = 15 * time.Second

// planPreflight checks the plan against the lock. A lock that cannot be read does not fail the plan.
func (m *accessCode) planPreflight(ctx context.Context, p *core.PlanRequest[accessCode]) {
	f := preflight{PlanRequest: p, accessCode: m}
	if p.Client != nil && p.Prior != nil {
		p.Client.TrackID(p.Prior.ID.ValueString())
	}
	m.planDuplicatePIN(p)
	if p.Refused() || !f.detectChanges() || !p.CheckReachable(ctx) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, PreflightTimeout)
	defer cancel()
	var err error
	f.device, err = p.Client.GetDeviceForPlan(ctx, m.DeviceID.ValueString())
	if missing, ok := errors.AsType[*seam.NotFoundError](err); ok {
		p.AddAttributeWarning("device_id", "Lock missing", missing.Error()+"\n\n"+core.Advice(missing, "access_code"))
	}
	if refused, ok := errors.AsType[*seam.Error](err); ok && refused.Fields["device_id"] != "" {
		p.AddAttributeError("device_id", "Seam does not accept this ID: "+refused.Error()+".", "Correct device_id; data.seam_devices and the Seam console show the IDs of the locks.")
	}
	if err != nil {
		return
	}
	if !f.device.Managed() {
		f.AddAttributeWarning("device_id", "Lock not managed", fmt.Sprintf("Lock %s is not managed by this workspace, so codes on it cannot be created or changed.\n\nMake it managed, with is_managed = true on a seam_device or in the Seam console.", f.device.ID))
		return
	}
	f.checkCapabilities()
	f.checkPIN()
	f.checkStart()
	f.checkName()
	if f.needsExistingCodes() {
		if occupants, err := p.Client.ExistingCodesForPlan(ctx, m.DeviceID.ValueString()); err == nil {
			f.checkExistingCodes(ctx, occupants)
		}
	}
}

// detectChanges records what the plan changes, and reports whether any of it has to be checked against
// the lock. A replacement on another lock is checked like a create, and not only when Terraform plans it
// again as one: it drops the warnings of that plan.
func (f *preflight) detectChanges() bool {
	var before accessCode
	if f.isNew = f.Prior == nil || !f.DeviceID.Equal(f.Prior.DeviceID); !f.isNew {
		before = *f.Prior
	}
	if f.DeviceID.IsUnknown() {
		return false
	}
	switch config := f.Config; {
	case isKnown(config.CodeWO) && (f.isNew || !f.CodeWOVersion.Equal(before.CodeWOVersion)):
		f.pin, f.pinAttribute = config.CodeWO.ValueString(), "code_wo"
	case isKnown(config.Code) && !config.Code.Equal(before.Code):
		f.pin, f.pinAttribute = config.Code.ValueString(), "code"
	}
	f.renamed = isKnown(f.Config.Name) && !f.Name.Equal(before.Name)
	f.windowChanged = f.isNew || !core.TimesEqual(f.StartsAt, before.StartsAt) && !f.StartsAt.IsNull() || !core.TimesEqual(f.EndsAt, before.EndsAt) && !f.EndsAt.IsNull()
	return f.pin != "" || f.renamed || f.windowChanged
}

func isKnown(text types.String) bool { return !text.IsNull() && !text.IsUnknown() }

// checkCapabilities checks what the lock supports.
func (f *preflight) checkCapabilities() {
	if !f.isNew {
		return
	}
	offline := f.IsOfflineAccessCode.ValueBool()
	able := len(f.device.Capabilities) == 0 || slices.Contains(f.device.Capabilities, "access_code")
	if can := f.device.CanProgramOnline; !able || can != nil && !*can && !offline {
		f.AddAttributeWarning("device_id", "Lock may not support PINs", fmt.Sprintf("Seam reports that lock %s does not support PINs.\n\nCheck device_id; data.seam_device shows what the lock supports. This information can be wrong, so apply tries anyway.", f.device.ID))
	}
	if can := f.device.CanProgramOffline; can != nil && !*can && offline {
		f.AddAttributeWarning("is_offline_access_code", "Lock may not support offline codes", fmt.Sprintf("Seam reports that lock %s does not support offline codes.\n\nRemove is_offline_access_code. This information can be wrong, so apply tries anyway.", f.device.ID))
	}
	if can := f.device.Properties.SupportsBackupPool; can != nil && !*can && f.UseBackupAccessCodePool.ValueBool() {
		f.AddAttributeWarning("use_backup_access_code_pool", "Lock may have no backup pool", fmt.Sprintf("Seam reports that lock %s does not support backup codes.\n\nRemove use_backup_access_code_pool.", f.device.ID))
	}
	if offline {
		f.AddAttributeWarning("is_offline_access_code", "Offline code cannot be revoked", "The lock accepts this code until ends_at, even if it is destroyed earlier.\n\nUse it only where that is acceptable, with an early ends_at.")
	}
	if length := f.PreferredCodeLength; !length.IsNull() && !length.IsUnknown() && len(f.device.Properties.CodeLengths) > 0 && !slices.Contains(f.device.Properties.CodeLengths, length.ValueInt64()) {
		f.AddAttributeWarning("preferred_code_length", "Length not supported", fmt.Sprintf("Lock %s supports these PIN lengths: %v. Seam will use the shortest.\n\nChoose one of them, or remove preferred_code_length.", f.device.ID, f.device.Properties.CodeLengths))
	}
}

func (f *preflight) checkPIN() {
	if f.pin == "" {
		return
	}
	breaches := seam.CodeViolations(f.pin, f.device.Properties.CodeLengths, f.device.Properties.CodeConstraints)
	for i := range breaches { // an adopted code may already have this PIN
		breaches[i].Certain = breaches[i].Certain && f.AdoptAccessCodeID.IsNull()
	}
	f.addViolations(f.pinAttribute, "Choose another PIN; data.seam_device shows the lock's rules, and provider::seam::code_fits checks them.", breaches)
}

// checkStart checks the start only if it changes, not if a current stay gets a new end.
func (f *preflight) checkStart() {
	starts, timed := seam.ParseTime(f.StartsAt.ValueString())
	moved := f.isNew || !core.TimesEqual(f.StartsAt, f.Prior.StartsAt)
	if moved && timed && f.device.Properties.HasConstraint("start_date_in_future") && !starts.After(f.Client.Now()) {
		f.AddAttributeWarning("starts_at", "Lock may reject the start", fmt.Sprintf("Lock %s requires a start in the future (start_date_in_future).\n\nSet starts_at to a time in the future.", f.device.ID))
	}
}

func (f *preflight) checkName() {
	if f.renamed {
		f.addViolations("name", "Choose another name.", seam.NameViolations(f.Name.ValueString(), f.device.Properties.CodeConstraints))
	}
}

// addViolations reports broken rules, without repeating the PIN or name.
func (f *preflight) addViolations(attribute, next string, breaches []seam.ConstraintViolation) {
	for _, b := range breaches {
		next := next
		if b.Constraint == "cannot_specify_pin_code" {
			next = "Remove code and code_wo; after apply, code holds the PIN that Seam chose."
		}
		if b.Certain {
			f.AddAttributeError(attribute, fmt.Sprintf("Lock %s rejects this value (%s): %s", f.device.ID, b.Constraint, b.Requirement), next)
		} else {
			f.AddAttributeWarning(attribute, "Lock may reject "+attribute, fmt.Sprintf("Lock %s has the rule %s: %s\n\n%s", f.device.ID, b.Constraint, b.Requirement, next))
		}
	}
}

func (f *preflight) needsExistingCodes() bool {
	p := f.device.Properties
	return f.pin != "" || f.isNew && p.MaxActiveCodes != nil || f.renamed && p.HasConstraint("name_must_be_unique")
}

// checkExistingCodes checks the plan against the other codes on the lock.
func (f *preflight) checkExistingCodes(ctx context.Context, all []seam.ExistingCode) {
	p := f.device.Properties
	starts, _ := seam.ParseTime(f.StartsAt.ValueString())
	ends, _ := seam.ParseTime(f.EndsAt.ValueString())
	timeless := f.StartsAt.IsUnknown() || f.EndsAt.IsUnknown()
	if f.isNew && f.AdoptAccessCodeID.IsNull() && p.MaxActiveCodes != nil && !timeless {
		f.checkCapacity(seam.PeakOccupancy(all, starts, ends), *p.MaxActiveCodes)
	}
	for _, o := range all {
		if o.Tracked || f.isPlannedCode(o) {
			continue
		}
		// A name must be unique at all times, a PIN only during the stay.
		if f.renamed && p.HasConstraint("name_must_be_unique") && o.Name == f.Name.ValueString() {
			f.AddAttributeWarning("name", "Lock may reject name", fmt.Sprintf("Access code %s on lock %s has the same name (name_must_be_unique).\n\nChoose another name.", o.ID, f.device.ID))
		}
		if timeless || !o.Overlaps(starts, ends) {
			continue
		}
		switch {
		case f.pin != "" && o.Code == f.pin:
			if !f.Client.AwaitTracked(ctx, o.ID) {
				f.warnDuplicatePIN(o)
			}
		case f.pin != "" && p.HasConstraint("unique_first_four_digits") && len(o.Code) >= 4 && strings.HasPrefix(f.pin, o.Code[:4]):
			f.AddAttributeWarning(f.pinAttribute, "Lock may reject "+f.pinAttribute, fmt.Sprintf("Access code %s on lock %s has the same first four digits (unique_first_four_digits).\n\nChoose a PIN that begins differently.", o.ID, f.device.ID))
		}
	}
}

func (f *preflight) checkCapacity(taken, slots int64) {
	if taken >= slots {
		f.AddAttributeWarning("device_id", "Lock may be full", fmt.Sprintf("Lock %s already has up to %d codes at a time during the stay, and Seam reports a maximum of %d.\n\nRemove codes from it, unless this run does that.", f.device.ID, taken, slots))
	}
}

// isPlannedCode reports whether a code on the lock is, or may be, the planned code itself. While the ID
// to adopt is unknown, that is any unmanaged code.
func (f *preflight) isPlannedCode(o seam.ExistingCode) bool {
	adopted := f.AdoptAccessCodeID
	return o.ID == adopted.ValueString() || adopted.IsUnknown() && !o.Managed || f.Prior != nil && o.ID == f.Prior.ID.ValueString()
}

func (f *preflight) warnDuplicatePIN(o seam.ExistingCode) {
	next := "if no other configuration manages it, import it: " + core.ImportCommand("access_code", o.ID)
	kind := "Access code"
	if !o.Managed {
		kind, next = "Unmanaged access code", fmt.Sprintf("adopt it with adopt_access_code_id = %q, or remove it with a seam_unmanaged_access_code", o.ID)
	}
	f.AddAttributeWarning(f.pinAttribute, "PIN already on the lock", fmt.Sprintf("%s %s on lock %s has the same PIN, and is not a seam_access_code of this run. Apply fails while it is there.\n\nChoose another PIN, or %s.", kind, o.ID, f.device.ID, next))
}
