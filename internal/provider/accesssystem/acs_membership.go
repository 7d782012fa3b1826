package accesssystem

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// membership is the model of seam_acs_access_group_membership.
type membership struct {
	core.Managed
	GroupID types.String `tfsdk:"acs_access_group_id"`
	UserID  types.String `tfsdk:"acs_user_id"`
	Removal types.String `tfsdk:"removal"`
}

var memberships = core.DeclareModel[membership](core.Noun[membership, seam.Membership, seam.Membership]{
	Name: "acs_access_group_membership", Plural: "acs_access_group_memberships",
	Doc: "A user of an access system in an access group. The credentials of the user open what the group opens.",
	ResourceDoc: "Destroy finishes only when neither the group's list of users nor the user's list of groups shows the membership, and no change of it is pending. " +
		"A card that has to be written again holds the rights of the group until then: a warning names it.",
	ListDoc:  "Finds the memberships of access groups.",
	API:      seam.Memberships,
	Identity: []string{"acs_access_group_id", "acs_user_id"},
	Attributes: map[string]schema.Attribute{
		"id":                  core.ComputedStable("`acs_access_group_id` and `acs_user_id`, separated by a slash."),
		"acs_access_group_id": core.RequiredReplace("Access group. The data source `seam_acs_access_groups` finds it."),
		"acs_user_id":         core.RequiredReplace("User of the access system."),
		"removal":             core.RemovalAttributeWithoutEvent("membership", "the user is out of the group"),
	},
	ResourceOnly: []string{"removal"},
	Filters:      map[string]string{"acs_access_group_id": "Only memberships in this access group."},
	FromAPI: func(m *membership, is seam.Membership) {
		m.GroupID, m.UserID = types.StringValue(is.GroupID), types.StringValue(is.UserID)
	},
	Label: func(is seam.Membership) string { return is.String() },
})

func (m *membership) is() seam.Membership {
	return seam.Membership{GroupID: m.GroupID.ValueString(), UserID: m.UserID.ValueString()}
}

func (m *membership) Create(ctx context.Context, op *core.Request[membership]) error {
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	m.Identify(workspace, m.is().String()) // before the request: after an error the user may be in the group all the same
	if err := op.Client.AddToGroup(ctx, m.is()); err != nil {
		return err
	}
	now, err := op.Client.ReadMembership(ctx, m.is())
	if now.Deferred != "" {
		op.AddWarning("Membership begins later", fmt.Sprintf("Seam puts acs user %s into acs access group %s later, by an access schedule (%s). Terraform does not wait for that.", m.UserID.ValueString(), m.GroupID.ValueString(), now.Deferred))
	}
	return err
}

func (m *membership) Read(ctx context.Context, op *core.Request[membership]) error {
	_, err := seam.Memberships.Refresh(ctx, op.Client, m.Ref())
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone && !m.WorkspaceID.IsNull() {
		err = removal.VerifyAcsMembership(ctx, op.Client, m.is(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
		if core.KeepUnproven(op, "acs_access_group_membership", err) {
			return nil
		}
		return err
	}
	if err != nil {
		return err
	}
	return m.SetID(ctx, op.Client, m.ID.ValueString())
}

// Update has nothing to send: only the removal mode and the timeouts can change.
func (m *membership) Update(ctx context.Context, op *core.Request[membership]) error {
	return op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString())
}

func (m *membership) Delete(ctx context.Context, op *core.Request[membership]) error {
	return removal.RemoveAcsMembership(ctx, op.Client, m.is(), core.RemovalOptions(ctx, op, m.WorkspaceID, m.Removal))
}
