package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// userIdentity is the model of seam_user_identity.
type userIdentity struct {
	core.Managed
	UserIdentityKey types.String `tfsdk:"user_identity_key"`
	FullName        types.String `tfsdk:"full_name"`
	EmailAddress    types.String `tfsdk:"email_address"`
	PhoneNumber     types.String `tfsdk:"phone_number"`
	DisplayName     types.String `tfsdk:"display_name"`
	ForceDestroy    types.Bool   `tfsdk:"force_destroy"`
	CreatedAt       types.String `tfsdk:"created_at"`
}

var userIdentities = core.Declare(core.Noun[userIdentity, seam.UserIdentity, seam.UserIdentityInput]{
	Name:        "user_identity",
	Plural:      "user_identities",
	Doc:         "A person to whom access can be granted.",
	ResourceDoc: "Names, email addresses and phone numbers are stored in the state; for a guest, use the number of the stay instead of a name. Set `user_identity_key`: it lets the provider recover a create whose response was lost. Destroy fails while the person has access grants, unless `force_destroy` is set. It finishes only when Seam answers that the person's users of access systems and all credentials are deleted, and fails if a card or phone key was issued that a door may accept without asking the access system: such a revocation is not provable.",
	ListDoc:     "Finds the user identities of the workspace.",
	API:         userIdentityAPI{seam.UserIdentities},
	Attributes: map[string]schema.Attribute{
		"user_identity_key": core.OptionalString("Your own key for the person, unique within the workspace."),
		"full_name":         core.OptionalString("Full name."),
		"email_address":     core.OptionalString("Email address, unique within the workspace."),
		"phone_number":      core.OptionalString("Phone number with country code, such as `+15551234567`, unique within the workspace."),
		"display_name":      schema.StringAttribute{MarkdownDescription: "Name that Seam displays.", Computed: true},
		"force_destroy":     schema.BoolAttribute{MarkdownDescription: "Whether destroy first removes the access grants that the person still has, each with proof. Destroy uses the value in the state, so apply a change before destroy.", Optional: true},
		"created_at":        core.ComputedStable("When the user identity was created, in RFC 3339 format."),
	},
	ResourceOnly: []string{"force_destroy"},
	Filters:      map[string]string{"search": "Search text."},
	FromAPI: func(m *userIdentity, u seam.UserIdentity) {
		m.UserIdentityKey, m.FullName = core.StringOrNull(u.Key), core.StringOrNull(u.FullName)
		m.EmailAddress, m.PhoneNumber = core.StringOrNull(u.EmailAddress), core.StringOrNull(u.PhoneNumber)
		m.DisplayName, m.CreatedAt = core.StringOrNull(u.DisplayName), core.TimeValue(u.CreatedAt)
	},
	ToAPI: func(m, prior *userIdentity) seam.UserIdentityInput {
		return seam.UserIdentityInput{
			Key:          core.Changed(m.UserIdentityKey, prior.UserIdentityKey),
			FullName:     core.Changed(m.FullName, prior.FullName),
			EmailAddress: core.Changed(m.EmailAddress, prior.EmailAddress),
			PhoneNumber:  core.Changed(m.PhoneNumber, prior.PhoneNumber),
		}
	},
	Label: func(u seam.UserIdentity) string { return u.DisplayName },
})

// userIdentityAPI refuses to write to an identity that was merged into another one.
type userIdentityAPI struct {
	seam.Endpoint[seam.UserIdentity, seam.UserIdentityInput]
}

func (a userIdentityAPI) Get(ctx context.Context, client *seam.Client, ref seam.Ref) (seam.UserIdentity, error) {
	u, err := a.Endpoint.Get(ctx, client, ref)
	return u, explainMerge(err)
}

func (a userIdentityAPI) Refresh(ctx context.Context, client *seam.Client, ref seam.Ref) (seam.UserIdentity, error) {
	u, err := a.Endpoint.Refresh(ctx, client, ref)
	return u, explainMerge(err)
}

func (a userIdentityAPI) GetBy(ctx context.Context, client *seam.Client, attribute, value string) (seam.UserIdentity, error) {
	u, err := a.Endpoint.GetBy(ctx, client, attribute, value)
	return u, explainMerge(err)
}

func (a userIdentityAPI) Update(ctx context.Context, client *seam.Client, ref seam.Ref, in seam.UserIdentityInput) (seam.UserIdentity, error) {
	if u, err := a.Get(ctx, client, ref); err != nil {
		return u, err
	}
	return a.Endpoint.Update(ctx, client, ref, in)
}

// explainMerge converts the error that Seam returned a different identity: the requested one was
// merged into it.
func explainMerge(err error) error {
	primary, merged := errors.AsType[*seam.OtherObjectError](err)
	if !merged {
		return err
	}
	return core.WithAdvice(fmt.Errorf("it was merged into user identity %s: %w", primary.ID, err),
		"Use that one instead: remove this object from the state with `state rm`, and import "+primary.ID+": "+core.ImportCommand("user_identity", primary.ID)+".")
}
