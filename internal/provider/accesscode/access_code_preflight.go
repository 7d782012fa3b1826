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

// preflight is the check of a planned code against its lock: what the lock would refuse is an
// error, what it may refuse a warning. It looks only at what the plan changes.
type preflight struct {
	*core.PlanRequest[accessCode]
	*accessCode
	device        seam.Device
	pin           string // the new one; empty if there is none, or it is not known
	pinAttribute  string // its attribute
	renamed       bool
	windowChanged bool
}

// PreflightTimeout is how long a plan waits to see a lock. It is longer than one read may take, so
// that the reads that fail are shared too.
const PreflightTimeout = 15 * time.Second

// planPreflight checks against the lock. A lock that cannot be read blocks no plan.
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
	if err != nil {
		return
	}
	if !f.device.Managed() {
		f.AddAttributeWarning("device_id", "Lock not managed", fmt.Sprintf("Lock %s is not managed by this workspace, so codes on it can be neither made nor changed.\n\nMake it managed: seam_device with is_managed = true, or the Seam console.", f.device.ID))
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

// detectChanges notes what the plan changes, and reports whether it is anything that the lock
// may mind. A change of the lock comes back as a create.
func (f *preflight) detectChanges() bool {
	var before accessCode
	if f.Prior != nil {
		before = *f.Prior
	}
	if f.DeviceID.IsUnknown() || f.Prior != nil && !f.DeviceID.Equal(before.DeviceID) {
		return false
	}
	switch config := f.Config; {
	case isKnown(config.CodeWO) && (f.Prior == nil || !f.CodeWOVersion.Equal(before.CodeWOVersion)):
		f.pin, f.pinAttribute = config.CodeWO.ValueString(), "code_wo"
	case isKnown(config.Code) && !config.Code.Equal(before.Code):
		f.pin, f.pinAttribute = config.Code.ValueString(), "code"
	}
	f.renamed = isKnown(f.Config.Name) && !f.Name.Equal(before.Name)
	f.windowChanged = f.Prior == nil || !core.TimesEqual(f.StartsAt, before.StartsAt) && !f.StartsAt.IsNull() || !core.TimesEqual(f.EndsAt, before.EndsAt) && !f.EndsAt.IsNull()
	return f.pin != "" || f.renamed || f.windowChanged
}

func isKnown(text types.String) bool { return !text.IsNull() && !text.IsUnknown() }

// checkCapabilities is about what the lock can do at all.
func (f *preflight) checkCapabilities() {
	if f.Prior != nil {
		return
	}
	offline := f.IsOfflineAccessCode.ValueBool()
	able := len(f.device.Capabilities) == 0 || slices.Contains(f.device.Capabilities, "access_code")
	if can := f.device.CanProgramOnline; !able || can != nil && !*can && !offline {
		f.AddAttributeWarning("device_id", "Lock may take no PIN", fmt.Sprintf("Seam says that PINs cannot be put on lock %s.\n\nCheck device_id; data.seam_device shows what the lock can do. This is at times wrong, so apply tries it.", f.device.ID))
	}
	if can := f.device.CanProgramOffline; can != nil && !*can && offline {
		f.AddAttributeWarning("is_offline_access_code", "Lock may have no offline codes", fmt.Sprintf("Seam says that lock %s cannot work out codes by itself.\n\nLeave is_offline_access_code out. This is at times wrong, so apply tries it.", f.device.ID))
	}
	if can := f.device.Properties.SupportsBackupPool; can != nil && !*can && f.UseBackupAccessCodePool.ValueBool() {
		f.AddAttributeWarning("use_backup_access_code_pool", "Lock may have no backup pool", fmt.Sprintf("Seam says that lock %s keeps no spare codes.\n\nLeave use_backup_access_code_pool out.", f.device.ID))
	}
	if offline {
		f.AddAttributeWarning("is_offline_access_code", "Offline code cannot be revoked", "The lock will accept this code until it ends, whatever is destroyed before.\n\nUse it only where that is acceptable, with an ends_at that is not far.")
	}
	if length := f.PreferredCodeLength; !length.IsNull() && !length.IsUnknown() && len(f.device.Properties.CodeLengths) > 0 && !slices.Contains(f.device.Properties.CodeLengths, length.ValueInt64()) {
		f.AddAttributeWarning("preferred_code_length", "Length not supported", fmt.Sprintf("Lock %s supports PINs of these lengths: %v. Seam will use the shortest.\n\nChoose one of them, or leave preferred_code_length out.", f.device.ID, f.device.Properties.CodeLengths))
	}
}

func (f *preflight) checkPIN() {
	if f.pin == "" {
		return
	}
	breaches := seam.CodeViolations(f.pin, f.device.Properties.CodeLengths, f.device.Properties.CodeConstraints)
	for i := range breaches { // an adopted code may well have this PIN already
		breaches[i].Certain = breaches[i].Certain && f.AdoptAccessCodeID.IsNull()
	}
	f.addViolations(f.pinAttribute, "Choose another PIN; data.seam_device shows the lock's rules, and provider::seam::code_fits checks them.", breaches)
}

// checkStart leaves alone a stay that is under way and only gets another end.
func (f *preflight) checkStart() {
	starts, timed := seam.ParseTime(f.StartsAt.ValueString())
	moved := f.Prior == nil || !core.TimesEqual(f.StartsAt, f.Prior.StartsAt)
	if moved && timed && f.device.Properties.HasConstraint("start_date_in_future") && !starts.After(f.Client.Now()) {
		f.AddAttributeWarning("starts_at", "Lock may refuse the start", fmt.Sprintf("Lock %s wants stays to start in the future (start_date_in_future).\n\nMake starts_at later than now.", f.device.ID))
	}
}

func (f *preflight) checkName() {
	if f.renamed {
		f.addViolations("name", "Choose another name.", seam.NameViolations(f.Name.ValueString(), f.device.Properties.CodeConstraints))
	}
}

// addViolations reports rules that are broken, without repeating what breaks them.
func (f *preflight) addViolations(attribute, next string, breaches []seam.ConstraintViolation) {
	for _, b := range breaches {
		next := next
		if b.Constraint == "cannot_specify_pin_code" {
			next = "Leave out code and code_wo; after apply, code holds the PIN that the lock got."
		}
		if b.Certain {
			f.AddAttributeError(attribute, fmt.Sprintf("Lock %s does not accept it (%s): %s", f.device.ID, b.Constraint, b.Requirement), next)
		} else {
			f.AddAttributeWarning(attribute, "Lock may refuse "+attribute, fmt.Sprintf("Lock %s has the rule %s: %s\n\n%s", f.device.ID, b.Constraint, b.Requirement, next))
		}
	}
}

func (f *preflight) needsExistingCodes() bool {
	p := f.device.Properties
	return f.pin != "" || f.Prior == nil && p.MaxActiveCodes != nil || f.renamed && p.HasConstraint("name_must_be_unique")
}

// checkExistingCodes is about the other codes on the lock.
func (f *preflight) checkExistingCodes(ctx context.Context, all []seam.ExistingCode) {
	p := f.device.Properties
	starts, _ := seam.ParseTime(f.StartsAt.ValueString())
	ends, _ := seam.ParseTime(f.EndsAt.ValueString())
	timeless := f.StartsAt.IsUnknown() || f.EndsAt.IsUnknown()
	if f.Prior == nil && f.AdoptAccessCodeID.IsNull() && p.MaxActiveCodes != nil && !timeless {
		f.checkCapacity(seam.PeakOccupancy(all, starts, ends), *p.MaxActiveCodes)
	}
	for _, o := range all {
		if o.Tracked || f.isPlannedCode(o) {
			continue
		}
		// A name is taken at all times, a PIN only during the stay.
		if f.renamed && p.HasConstraint("name_must_be_unique") && o.Name == f.Name.ValueString() {
			f.AddAttributeWarning("name", "Lock may refuse name", fmt.Sprintf("Access code %s on lock %s has the same name (name_must_be_unique).\n\nChoose another name.", o.ID, f.device.ID))
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
			f.AddAttributeWarning(f.pinAttribute, "Lock may refuse "+f.pinAttribute, fmt.Sprintf("Access code %s on lock %s has the same first four digits (unique_first_four_digits).\n\nChoose a PIN that begins otherwise.", o.ID, f.device.ID))
		}
	}
}

func (f *preflight) checkCapacity(taken, slots int64) {
	if taken >= slots {
		f.AddAttributeWarning("device_id", "Lock may be full", fmt.Sprintf("Lock %s holds %d codes at once during the stay, and Seam says that it takes %d.\n\nRemove codes from it, unless this run does so.", f.device.ID, taken, slots))
	}
}

// isPlannedCode reports whether a code is the planned one, or may be: any unmanaged one while
// it is not known which is adopted.
func (f *preflight) isPlannedCode(o seam.ExistingCode) bool {
	adopted := f.AdoptAccessCodeID
	return o.ID == adopted.ValueString() || adopted.IsUnknown() && !o.Managed || f.Prior != nil && o.ID == f.Prior.ID.ValueString()
}

func (f *preflight) warnDuplicatePIN(o seam.ExistingCode) {
	next := "import it if nobody else keeps it: " + core.ImportCommand("access_code", o.ID)
	kind := "Access code"
	if !o.Managed {
		kind, next = "Unmanaged access code", fmt.Sprintf("take it over with adopt_access_code_id = %q, or have it removed as a seam_unmanaged_access_code", o.ID)
	}
	f.AddAttributeWarning(f.pinAttribute, "PIN already on the lock", fmt.Sprintf("%s %s on lock %s has this PIN, and is no seam_access_code that was read in this run. Apply will be refused while it is there.\n\nChoose another PIN; or %s.", kind, o.ID, f.device.ID, next))
}
