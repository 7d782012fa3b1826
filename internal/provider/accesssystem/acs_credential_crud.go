package accesssystem

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var digits = regexp.MustCompile(`^\d+$`)

func (m *acsCredential) Create(ctx context.Context, op *core.Request[acsCredential]) error {
	made, err := op.Client.CreateCredential(ctx, seam.CredentialInput{
		UserID: m.UserID.ValueString(), AccessMethod: m.AccessMethod.ValueString(), StartsAt: m.StartsAt.ValueString(),
		Code: core.Changed(m.Code, types.StringNull()), EndsAt: core.Changed(m.EndsAt, types.StringNull()),
	})
	if err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	m.Identify(workspace, made.ID)
	if made.AccessMethod == "code" && made.Code == "" {
		if made = op.Client.AwaitCredentialCode(ctx, made); made.Code == "" {
			op.AddWarning("No PIN yet", fmt.Sprintf("The access system has not chosen the PIN of acs credential %s yet. A later refresh reads it.", made.ID))
		}
	}
	m.SystemID, m.CreatedAt = core.StringOrNull(made.SystemID), core.TimeValue(made.CreatedAt)
	m.Code, m.StartsAt, m.EndsAt = core.KnownOr(m.Code, core.StringOrNull(made.Code)), core.KnownOr(m.StartsAt, core.TimeValue(made.StartsAt)), core.KnownOr(m.EndsAt, core.TimeValue(made.EndsAt))
	return err
}

func (m *acsCredential) Read(ctx context.Context, op *core.Request[acsCredential]) error {
	found, err := removal.ReadAcsCredential(ctx, op.Client, m.target(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
	if core.KeepUnproven(op, "acs_credential", err) {
		return nil
	}
	if err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	m.Identify(workspace, found.ID)
	m.fromAPI(found)
	if found.NeedsToBeReissued() {
		op.AddWarning("Card has to be written again", fmt.Sprintf("The card or phone of acs credential %s holds earlier rights or times (needs_to_be_reissued). It may open what the user should not open any more, until it is written again.", found.ID))
	}
	return err
}

func (m *acsCredential) Update(ctx context.Context, op *core.Request[acsCredential]) error {
	if err := op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString()); err != nil {
		return err
	}
	in := seam.CredentialInput{Code: core.Changed(m.Code, op.Prior.Code), EndsAt: core.Changed(m.EndsAt, op.Prior.EndsAt)}
	if in.Code.IsZero() && in.EndsAt.IsZero() {
		return nil
	}
	now, err := op.Client.UpdateCredential(ctx, op.Prior.Ref(), in)
	switch {
	case err != nil:
		return err
	case now.NeedsToBeReissued():
		op.AddWarning("Card has to be written again", fmt.Sprintf("The card or phone of acs credential %s holds the old times until it is written again.", now.ID))
	case now.IsSynced == nil:
		op.AddWarning("Change not confirmed", fmt.Sprintf("Seam has the change of acs credential %s, and does not say whether the access system has it too.", now.ID))
	}
	return nil
}

func (m *acsCredential) Delete(ctx context.Context, op *core.Request[acsCredential]) error {
	return removal.RemoveAcsCredential(ctx, op.Client, m.target(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
