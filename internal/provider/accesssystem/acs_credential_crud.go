package accesssystem

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// outdatedKey is the private state key of whether the card or phone holds other times than the state.
const outdatedKey = "outdated"

// removable is the credential as a removal needs it.
func (m *acsCredential) removable(ctx context.Context, op *core.Request[acsCredential]) removal.AcsCredential {
	credential := m.target()
	if core.GetPrivate[bool](ctx, op, outdatedKey) {
		credential.EndsAt = time.Time{}
	}
	return credential
}

const rewriteAdvice = "Write the card at an encoder, for example with the action seam_encode_acs_credential (Terraform 1.14), or collect it."

func (m *acsCredential) Create(ctx context.Context, op *core.Request[acsCredential]) error {
	in := m.changes(op)
	in.UserID, in.AccessMethod, in.StartsAt = m.UserID.ValueString(), m.AccessMethod.ValueString(), m.StartsAt.ValueString()
	in.AllowedEntranceIDs, in.Vostio, in.SaltoSpace, in.Visionline = core.StringsOf(m.AllowedEntranceIDs), sent(m.Vostio), sent(m.SaltoSpace), sent(m.Visionline)
	made, err := op.Client.CreateCredential(ctx, in)
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, made.ID)
	if made.AccessMethod == "code" && made.Code == "" && in.Code.IsZero() {
		if made = op.Client.AwaitCredentialCode(ctx, made); made.Code == "" {
			op.AddWarning("No PIN yet", fmt.Sprintf("The access system has not chosen the PIN of acs credential %s yet. A later refresh reads it.", made.ID))
		}
	}
	m.SystemID, m.CreatedAt = core.StringOrNull(made.SystemID), core.TimeValue(made.CreatedAt)
	m.Code, m.StartsAt, m.EndsAt = core.KnownOr(m.Code, core.StringOrNull(made.Code)), core.KnownOr(m.StartsAt, core.TimeValue(made.StartsAt)), core.KnownOr(m.EndsAt, core.TimeValue(made.EndsAt))
	return err
}

func (m *acsCredential) Read(ctx context.Context, op *core.Request[acsCredential]) error {
	found, err := removal.ReadAcsCredential(ctx, op.Client, m.removable(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	if core.KeepUnproven(op, "acs_credential", err) {
		return nil
	}
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, found.ID)
	m.fromAPI(found)
	op.SetPrivate(ctx, outdatedKey, found.NeedsToBeReissued())
	if found.NeedsToBeReissued() {
		op.AddWarning("Card has to be written again", fmt.Sprintf("The card or phone of acs credential %s holds earlier rights or times (needs_to_be_reissued). It may open what the user should not open any more, until it is written again.\n\n"+rewriteAdvice, found.ID))
	}
	return err
}

// changes are the arguments that differ from those of a prior state, and can be changed.
func (m *acsCredential) changes(op *core.Request[acsCredential]) seam.CredentialInput {
	in := seam.CredentialInput{EndsAt: core.Changed(m.EndsAt, op.Prior.EndsAt)}
	switch pin := op.Config.CodeWO; {
	case pin.IsNull():
		in.Code = core.Changed(m.Code, op.Prior.Code)
	case !m.CodeWOVersion.Equal(op.Prior.CodeWOVersion):
		in.Code = seam.Value(pin.ValueString())
	}
	return in
}

// wanted are the arguments that can be changed, without a PIN that is write-only.
func (m *acsCredential) wanted(op *core.Request[acsCredential]) seam.CredentialInput {
	in := seam.CredentialInput{EndsAt: core.Changed(m.EndsAt, types.StringNull())}
	if op.Config.CodeWO.IsNull() {
		in.Code = core.Changed(m.Code, types.StringNull())
	}
	return in
}

func (m *acsCredential) Update(ctx context.Context, op *core.Request[acsCredential]) error {
	if err := op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString()); err != nil {
		return err
	}
	in := m.changes(op)
	if in.Code.IsZero() && in.EndsAt.IsZero() && !m.Code.IsUnknown() {
		return nil
	}
	now, err := op.Client.UpdateCredential(ctx, op.Prior.Ref(), in, m.wanted(op))
	if now.ID != "" {
		op.SetPrivate(ctx, outdatedKey, now.NeedsToBeReissued())
	}
	m.Code = core.KnownOr(m.Code, core.StringOrNull(now.Code))
	switch {
	case err != nil:
		return err
	case now.NeedsToBeReissued():
		op.AddWarning("Card has to be written again", fmt.Sprintf("The card or phone of acs credential %s holds the old times until it is written again.\n\n"+rewriteAdvice, now.ID))
	case now.IsSynced == nil:
		op.AddWarning("Change not confirmed", fmt.Sprintf("Seam has the change of acs credential %s, and does not say whether the access system has it too. If that matters, look in the access system.", now.ID))
	}
	return nil
}

func (m *acsCredential) Delete(ctx context.Context, op *core.Request[acsCredential]) error {
	return removal.RemoveAcsCredential(ctx, op.Client, m.removable(ctx, op), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
