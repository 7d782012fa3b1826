package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
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

// grantsKey is the private state key of the removal.Checkpoints of grants that destroy has not
// proven to be removed, by their IDs.
const grantsKey = "grants"

var userIdentities = core.Declare(core.Noun[userIdentity, seam.UserIdentity, seam.UserIdentityInput]{
	Name:        "user_identity",
	Plural:      "user_identities",
	Doc:         "A person to whom access can be granted.",
	ResourceDoc: "Names, email addresses and phone numbers are stored in the state, so use it for staff rather than guests. Set `user_identity_key`: it lets the provider recover a create whose response was lost. Destroy fails while the person has access grants, unless `force_destroy` is set.",
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

// Delete removes the person, after the person's grants with force_destroy, and returns when Seam
// answers that nothing which was issued to the person is left.
func (m *userIdentity) Delete(ctx context.Context, op *core.Request[userIdentity]) error {
	err := core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		_, err := userIdentityAPI{seam.UserIdentities}.Get(ctx, op.Client, m.Ref())
		return err
	})
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone {
		return nil
	}
	if err != nil {
		return err
	}
	if err := m.removeGrants(ctx, op); err != nil {
		return err
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return op.Client.DeleteUserIdentity(ctx, m.Ref())
	})
}

// removeGrants removes the grants of the person, each with proof, or refuses without force_destroy.
func (m *userIdentity) removeGrants(ctx context.Context, op *core.Request[userIdentity]) error {
	var grants []seam.AccessGrant
	for grant, err := range seam.AccessGrants.List(ctx, op.Client, map[string]any{"user_identity_id": m.ID.ValueString()}) {
		if err != nil {
			return fmt.Errorf("listing access grants of the user identity: %w", err)
		}
		grants = append(grants, grant)
	}
	if len(grants) > 0 && !m.ForceDestroy.ValueBool() {
		return core.WithAdvice(fmt.Errorf("user identity %s still has access grants: %s", m.ID.ValueString(), strings.Join(seam.IDsOf(grants), ", ")),
			"Delete them first, or set force_destroy = true, apply, and destroy. If they are managed by Terraform, reference the seam_user_identity from them, so that Terraform destroys them first.")
	}
	unfinished := core.GetPrivate[map[string]removal.Checkpoint](ctx, op, grantsKey)
	for id := range unfinished { // Seam no longer lists it, but its removal is not proven
		if !slices.ContainsFunc(grants, func(g seam.AccessGrant) bool { return g.ID == id }) {
			grants = append(grants, seam.AccessGrant{ID: id})
		}
	}
	for _, grant := range grants {
		if err := m.removeGrant(ctx, op, grant); err != nil {
			return fmt.Errorf("removing access grant %s: %w", grant.ID, err)
		}
	}
	return nil
}

// removeGrant removes a grant, and keeps its checkpoint until that is proven.
func (m *userIdentity) removeGrant(ctx context.Context, op *core.Request[userIdentity], grant seam.AccessGrant) error {
	unfinished := core.GetPrivate[map[string]removal.Checkpoint](ctx, op, grantsKey)
	if unfinished == nil {
		unfinished = map[string]removal.Checkpoint{}
	}
	err := removal.RemoveAccessGrant(ctx, op.Client, removalOf(grant), removal.Options{
		WorkspaceID: m.WorkspaceID.ValueString(), Mode: removal.Verified, Timeout: op.Timeout, Checkpoint: unfinished[grant.ID], Warn: op.AddWarning,
		Save: func(c removal.Checkpoint) { unfinished[grant.ID] = c; op.SetPrivate(ctx, grantsKey, unfinished) },
	})
	if err == nil {
		delete(unfinished, grant.ID)
		op.SetPrivate(ctx, grantsKey, unfinished)
	}
	return err
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
