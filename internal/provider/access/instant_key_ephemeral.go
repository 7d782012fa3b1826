package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// instantKey is the model of the ephemeral seam_instant_key.
type instantKey struct {
	ID                     types.String `tfsdk:"id"`
	UserIdentityID         types.String `tfsdk:"user_identity_id"`
	MaxUseCount            types.Int64  `tfsdk:"max_use_count"`
	CustomizationProfileID types.String `tfsdk:"customization_profile_id"`
	Keep                   types.Bool   `tfsdk:"keep"`
	URL                    types.String `tfsdk:"url"`
	ClientSessionID        types.String `tfsdk:"client_session_id"`
	ExpiresAt              types.String `tfsdk:"expires_at"`
}

func newInstantKeyEphemeralResource() ephemeral.EphemeralResource {
	return core.NewEphemeralResource[instantKey]("instant_key", schema.Schema{
		MarkdownDescription: "A link that puts the mobile keys of a user identity on a phone. It is not stored in the plan or the state, and is deleted at the end of the run unless `keep` is set. Terraform creates one instant key for the plan and another for the apply.",
		Attributes: map[string]schema.Attribute{
			"id":                       schema.StringAttribute{MarkdownDescription: "ID of the instant key.", Computed: true},
			"user_identity_id":         schema.StringAttribute{MarkdownDescription: "Person whose mobile keys it gives.", Required: true, Validators: core.NonEmpty},
			"max_use_count":            schema.Int64Attribute{MarkdownDescription: "How often the link can be used; once by default.", Optional: true, Validators: []validator.Int64{int64validator.AtLeast(1)}},
			"customization_profile_id": schema.StringAttribute{MarkdownDescription: "Customization profile of the instant key.", Optional: true, Validators: core.NonEmpty},
			"keep":                     schema.BoolAttribute{MarkdownDescription: "Whether the link still works after the run, for example because it was sent to the person; false by default. Each plan and each apply then leaves an instant key that works until `expires_at`.", Optional: true},
			"url":                      schema.StringAttribute{MarkdownDescription: "The link.", Computed: true, Sensitive: true},
			"client_session_id":        schema.StringAttribute{MarkdownDescription: "Client session that belongs to it.", Computed: true},
			"expires_at":               schema.StringAttribute{MarkdownDescription: "When it expires if it is not deleted, for example because the run was killed; in RFC 3339 format.", Computed: true},
		},
	})
}

func (k *instantKey) Open(ctx context.Context, client *seam.Client) (string, error) {
	made, err := client.CreateInstantKey(ctx, seam.InstantKeyInput{
		UserIdentityID: k.UserIdentityID.ValueString(), MaxUseCount: k.MaxUseCount.ValueInt64(), CustomizationProfileID: k.CustomizationProfileID.ValueString(),
	})
	k.ID, k.URL, k.ClientSessionID, k.ExpiresAt = core.StringOrNull(made.ID), core.StringOrNull(made.URL), core.StringOrNull(made.ClientSessionID), core.TimeValue(made.ExpiresAt)
	if k.Keep.ValueBool() {
		return "", err
	}
	return made.ID, err
}

func (k *instantKey) Close(ctx context.Context, client *seam.Client, id string) error {
	return client.DeleteInstantKey(ctx, id)
}
