package accesscode

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Changes to a code outside Terraform, and how apply corrects them.

// pinRemainsUnmanaged reports whether the code is gone but its PIN is still on the lock, as an
// unmanaged code. It is false after the end of the stay, because then the code is not replaced.
func (m *accessCode) pinRemainsUnmanaged(ctx context.Context, op *core.Request[accessCode], unconfirmed error) bool {
	if !core.RemainsOnLock(unconfirmed) {
		return false
	}
	ends, timed := seam.ParseTime(m.EndsAt.ValueString())
	return !timed || !op.Client.IsPast(ctx, ends)
}

// trackFormer records the state's PIN and lock if Seam now has different ones, until the PIN is proven
// to be off the lock. After an unproven update, the state itself keeps the PIN.
func (m *accessCode) trackFormer(ctx context.Context, op *core.Request[accessCode], code seam.AccessCode) error {
	target := m.removalTarget(ctx, op)
	if code.Code != "" && m.Code.ValueString() != code.Code && !target.UpdateCheckpoint.Unfinished() {
		target.Prior.Add(m.Code.ValueString(), "")
	}
	if isKnown(m.DeviceID) && m.DeviceID.ValueString() != code.DeviceID {
		op.AddWarning("Access code is on another lock", fmt.Sprintf("In the state, access code %s is on lock %s. Seam reports that it is now on lock %s.\n\nApply replaces the code: it removes it, checks both locks, and creates a new one on the configured lock. To keep the code where it is, correct device_id.", code.ID, m.DeviceID.ValueString(), code.DeviceID))
		target.Prior.Add("", m.DeviceID.ValueString())
	}
	if target.Prior.Empty() {
		return nil
	}
	if target.UpdateCheckpoint.Unfinished() {
		// A check without the PINs that the update was to remove would clear too much. The repeated
		// update, or destroy, checks these locks for all PINs.
		op.SetPrivate(ctx, formerKey, target.Prior)
		return nil
	}
	left, err := removal.CheckPriorAccess(ctx, op.Client, target.Prior, code)
	if ctx.Err() != nil {
		return err
	}
	if err != nil {
		op.AddWarning("Earlier PIN not proven to be off the lock", fmt.Sprintf("Access code %s was changed outside Terraform, or by an apply that did not finish, and its earlier PIN may still open the door: %v\n\n%s", code.ID, err, core.Advice(err, "access_code")))
	}
	if left.Empty() {
		op.SetPrivate(ctx, formerKey, nil)
		return nil
	}
	op.SetPrivate(ctx, formerKey, left)
	return nil
}

// restoreManaged makes a code managed again. The caller then updates it to the plan.
func (m *accessCode) restoreManaged(ctx context.Context, op *core.Request[accessCode]) error {
	pin := op.Prior.Code
	code, err := op.Client.RestoreAccessCode(ctx, seam.AdoptInput{
		AccessCodeID: m.ID.ValueString(), DeviceID: op.Prior.DeviceID.ValueString(),
		IsExternalModificationAllowed: core.KnownBool(m.IsExternalModificationAllowed),
	})
	if err != nil {
		return err
	}
	if err := op.Prior.trackFormer(ctx, op, code); err != nil {
		return err
	}
	op.Prior.fromAPI(code)
	if code.Code == "" {
		op.Prior.Code = pin // the lock hides it; it is the same PIN
	}
	if !m.CodeWOVersion.IsNull() {
		op.Prior.Code = types.StringNull()
	}
	return nil
}

// refuseGrantCode fails for a code that belongs to an access grant: Seam would create it again after
// a destroy. If that cannot be looked up, it only warns.
func refuseGrantCode(ctx context.Context, op *core.Request[accessCode], id string) error {
	grant, err := op.Client.GrantOfCode(ctx, id)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		op.AddWarning("Access grant not checked", fmt.Sprintf("Whether access code %s belongs to an access grant could not be read: %v. If it does, manage the grant instead.", id, err))
	case grant != "":
		return seam.NewAdvice(fmt.Sprintf("Access code %s belongs to access grant %s, which would create it again when it is deleted.", id, grant),
			"Manage the grant instead, as a seam_access_grant. To import it: "+core.ImportCommand("access_grant", grant)+".")
	}
	return nil
}
