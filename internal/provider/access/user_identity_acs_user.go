package access

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// identityLink is the model of seam_user_identity_acs_user.
type identityLink struct {
	core.Managed
	UserIdentityID types.String `tfsdk:"user_identity_id"`
	AcsUserID      types.String `tfsdk:"acs_user_id"`
}

var identityLinks = core.DeclareModel[identityLink](core.Noun[identityLink, seam.IdentityLink, struct{}]{
	Name: "user_identity_acs_user", Plural: "user_identity_acs_users",
	Doc: "The link of a user of an access system to a person, so that Seam knows whose user it is.",
	ResourceDoc: "**Destroy takes no access away**: the user stays in the access system, with all credentials. To remove the user, destroy the `seam_acs_user`.\n\n" +
		"Use it for users that another configuration manages. Never use it for a `seam_acs_user` that has `user_identity_id`: each would undo the other.",
	ListDoc:  "Finds the links of users of access systems to user identities.",
	API:      identityLinkAPI{},
	Identity: []string{"user_identity_id", "acs_user_id"},
	Attributes: map[string]schema.Attribute{
		"id":               core.ComputedStable("`user_identity_id` and `acs_user_id`, separated by a slash."),
		"user_identity_id": core.RequiredReplace("User identity."),
		"acs_user_id":      core.RequiredReplace("User of the access system."),
	},
	Filters: map[string]string{"user_identity_id": "User identity whose links they are."},
	FromAPI: func(m *identityLink, l seam.IdentityLink) {
		m.UserIdentityID, m.AcsUserID = types.StringValue(l.UserIdentityID), types.StringValue(l.UserID)
	},
	Label: func(l seam.IdentityLink) string { return l.String() },
})

// identityLinkAPI lists and reads links by the users of access systems.
type identityLinkAPI struct {
	seam.Endpoint[seam.IdentityLink, struct{}]
}

func (identityLinkAPI) Get(ctx context.Context, client *seam.Client, ref seam.Ref) (seam.IdentityLink, error) {
	person, user, _ := strings.Cut(ref.ID, "/")
	l := seam.IdentityLink{UserIdentityID: person, UserID: user}
	linked, err := client.HasLink(ctx, l)
	if err == nil && !linked {
		err = noLink(l)
	}
	return l, err
}

func noLink(l seam.IdentityLink) error {
	return seam.NewAdvice(fmt.Sprintf("There is no link %s in this workspace: the acs user is not linked to the user identity.", l), "Check the ids; the ID is user_identity_id/acs_user_id.")
}

func (identityLinkAPI) List(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[seam.IdentityLink, error] {
	return func(yield func(seam.IdentityLink, error) bool) {
		for user, err := range seam.AcsUsers.List(ctx, client, filter) {
			person := user.UserIdentityID
			if err == nil && (person == "" || filter["user_identity_id"] != nil && filter["user_identity_id"] != person) {
				continue
			}
			if !yield(seam.IdentityLink{UserIdentityID: person, UserID: user.ID}, err) {
				return
			}
		}
	}
}

func (m *identityLink) link() seam.IdentityLink {
	return seam.IdentityLink{UserIdentityID: m.UserIdentityID.ValueString(), UserID: m.AcsUserID.ValueString()}
}

func (m *identityLink) Create(ctx context.Context, op *core.Request[identityLink]) error {
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	m.Identify(workspace, m.link().String())
	return op.Client.CreateLink(ctx, m.link())
}

func (m *identityLink) Read(ctx context.Context, op *core.Request[identityLink]) error {
	imported := m.WorkspaceID.IsNull()
	if err := op.Client.RequireWorkspace(ctx, m.WorkspaceID.ValueString()); err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	linked, err := op.Client.HasLink(ctx, m.link())
	switch {
	case err != nil:
		return err
	case linked:
		m.Identify(workspace, m.link().String())
		return nil
	case imported:
		return noLink(m.link())
	}
	return core.RemovedOutside(fmt.Errorf("%s: the acs user is not linked to the user identity any more", m.link()))
}

// Update has nothing to send: only the timeouts can change.
func (m *identityLink) Update(ctx context.Context, op *core.Request[identityLink]) error {
	return op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString())
}

func (m *identityLink) Delete(ctx context.Context, op *core.Request[identityLink]) error {
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		if err := op.Client.RequireWorkspace(ctx, m.WorkspaceID.ValueString()); err != nil {
			return err
		}
		return op.Client.DeleteLink(ctx, m.link())
	})
}
