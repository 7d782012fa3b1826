package accesscode

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// What somebody did to a code outside Terraform, and how apply heals it.

// pinRemainsUnmanaged reports whether the code is gone while its PIN is on the lock as another,
// unmanaged code. For a stay that is over, that is no reason to make a new code.
func (m *accessCode) pinRemainsUnmanaged(ctx context.Context, op *core.Request[accessCode], unconfirmed error) bool {
	residual, ok := errors.AsType[*removal.ResidualError](unconfirmed)
	if !ok || len(residual.IDs) == 0 {
		return false
	}
	ends, timed := seam.ParseTime(m.EndsAt.ValueString())
	return !timed || !op.Client.IsPast(ctx, ends)
}

// trackFormer keeps the PIN and the lock of the state if the code has others now, until
// the locks are seen without them. After a change that is not proven, the state keeps the
// PIN itself.
func (m *accessCode) trackFormer(ctx context.Context, op *core.Request[accessCode], code seam.AccessCode) error {
	target := m.removalTarget(ctx, op)
	if code.Code != "" && m.Code.ValueString() != code.Code && !target.UpdateCheckpoint.Unfinished() {
		target.Prior.Add(m.Code.ValueString(), "")
	}
	if isKnown(m.DeviceID) && m.DeviceID.ValueString() != code.DeviceID {
		op.AddWarning("Access code is on another lock", fmt.Sprintf("The state has access code %s on lock %s, and Seam says that it is on lock %s now.", code.ID, m.DeviceID.ValueString(), code.DeviceID))
		target.Prior.Add("", m.DeviceID.ValueString())
	}
	if target.Prior.Empty() {
		return nil
	}
	if target.UpdateCheckpoint.Unfinished() {
		// A check without the PINs that this update was to remove would clear too much. The
		// update that repeats it, or destroy, looks on these locks for all of them.
		op.SetPrivate(ctx, formerKey, target.Prior)
		return nil
	}
	left, err := removal.CheckPriorAccess(ctx, op.Client, target.Prior, code)
	if ctx.Err() != nil {
		return err
	}
	if err != nil {
		op.AddWarning("Former PIN not proven off the lock", fmt.Sprintf("Access code %s was changed outside Terraform, or by an apply that did not end, and what it was before may still open the door: %v\n\n%s", code.ID, err, core.Advice(err, "access_code")))
	}
	if left.Empty() {
		op.SetPrivate(ctx, formerKey, nil)
		return nil
	}
	op.SetPrivate(ctx, formerKey, left)
	return nil
}

// restoreManaged makes a code managed again. It is then changed to what is planned, if it
// differs from that.
func (m *accessCode) restoreManaged(ctx context.Context, op *core.Request[accessCode]) error {
	pin := op.Prior.Code
	code, err := op.Client.RestoreAccessCode(ctx, seam.AdoptInput{
		AccessCodeID: m.ID.ValueString(), DeviceID: op.Prior.DeviceID.ValueString(),
		IsExternalModificationAllowed: core.KnownPointer(m.IsExternalModificationAllowed.IsUnknown(), m.IsExternalModificationAllowed.ValueBoolPointer()),
	})
	if err != nil {
		return err
	}
	if err := op.Prior.trackFormer(ctx, op, code); err != nil {
		return err
	}
	op.Prior.fromAPI(code)
	if code.Code == "" {
		op.Prior.Code = pin // hidden by the lock, not another one
	}
	if !m.CodeWOVersion.IsNull() {
		op.Prior.Code = types.StringNull()
	}
	return nil
}
