package access

import (
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

var identityLinks = core.Declare(core.Noun[identityLink, seam.IdentityLink, seam.IdentityLink]{
	Name: "user_identity_acs_user", Plural: "user_identity_acs_users",
	Doc: "The link of a user of an access system to a person, so that Seam knows whose user it is.",
	ResourceDoc: "**Destroy takes no access away**: the user stays in the access system, with all credentials. To remove the user, destroy the `seam_acs_user`.\n\n" +
		"Use it for users that another configuration manages. Never use it for a `seam_acs_user` that has `user_identity_id`: each would undo the other.",
	ListDoc:  "Finds the links of users of access systems to user identities.",
	API:      seam.IdentityLinks,
	Identity: []string{"user_identity_id", "acs_user_id"},
	Attributes: map[string]schema.Attribute{
		"id":               core.ComputedStable("`user_identity_id` and `acs_user_id`, separated by a slash."),
		"user_identity_id": core.RequiredReplace("User identity."),
		"acs_user_id":      core.RequiredReplace("User of the access system."),
	},
	Filters: map[string]string{"user_identity_id": "Only links of this user identity."},
	FromAPI: func(m *identityLink, l seam.IdentityLink) {
		m.UserIdentityID, m.AcsUserID = types.StringValue(l.UserIdentityID), types.StringValue(l.UserID)
	},
	ToAPI: func(m, _ *identityLink) seam.IdentityLink {
		return seam.IdentityLink{UserIdentityID: m.UserIdentityID.ValueString(), UserID: m.AcsUserID.ValueString()}
	},
	Label: func(l seam.IdentityLink) string { return l.String() },
})
