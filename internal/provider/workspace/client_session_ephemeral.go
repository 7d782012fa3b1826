package workspace

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// clientSession is the model of the ephemeral seam_client_session.
type clientSession struct {
	ID                  types.String   `tfsdk:"id"`
	CustomerKey         types.String   `tfsdk:"customer_key"`
	UserIdentityID      types.String   `tfsdk:"user_identity_id"`
	ConnectedAccountIDs []types.String `tfsdk:"connected_account_ids"`
	ConnectWebviewIDs   []types.String `tfsdk:"connect_webview_ids"`
	ExpiresAt           types.String   `tfsdk:"expires_at"`
	Token               types.String   `tfsdk:"token"`
}

func newClientSessionEphemeralResource() ephemeral.EphemeralResource {
	return core.NewEphemeralResource[clientSession]("client_session", schema.Schema{
		MarkdownDescription: "A token with which something else may act in the workspace for as long as this run lasts. It is revoked at the end of the run, and reaches neither the plan nor the state. Terraform opens one for the plan and another one for the apply.",
		Attributes: map[string]schema.Attribute{
			"id":                    schema.StringAttribute{MarkdownDescription: "Seam's id of the client session.", Computed: true},
			"customer_key":          schema.StringAttribute{MarkdownDescription: "Customer whose things it may reach.", Optional: true, Validators: core.NonEmpty},
			"user_identity_id":      schema.StringAttribute{MarkdownDescription: "Person for whom it acts.", Optional: true, Validators: core.NonEmpty},
			"connected_account_ids": schema.ListAttribute{MarkdownDescription: "Accounts whose devices it may reach.", Optional: true, ElementType: types.StringType, Validators: core.EachNonEmpty},
			"connect_webview_ids":   schema.ListAttribute{MarkdownDescription: "Connect Webviews whose devices it may reach.", Optional: true, ElementType: types.StringType, Validators: core.EachNonEmpty},
			"expires_at": schema.StringAttribute{
				MarkdownDescription: "When it ends if it is not revoked before, as when a run is killed; in RFC 3339 format.", Optional: true, Computed: true, Validators: []validator.String{core.RFC3339},
			},
			"token": schema.StringAttribute{MarkdownDescription: "The token.", Computed: true, Sensitive: true},
		},
	})
}

func (s *clientSession) Open(ctx context.Context, client *seam.Client) (string, error) {
	made, err := client.CreateClientSession(ctx, seam.ClientSessionInput{
		CustomerKey: s.CustomerKey.ValueString(), UserIdentityID: s.UserIdentityID.ValueString(), ExpiresAt: s.ExpiresAt.ValueString(),
		ConnectedAccountIDs: core.StringValues(s.ConnectedAccountIDs), ConnectWebviewIDs: core.StringValues(s.ConnectWebviewIDs),
	})
	s.ID, s.Token = core.StringOrNull(made.ID), core.StringOrNull(made.Token)
	if s.ExpiresAt.IsNull() { // Terraform refuses any other than the configured one
		s.ExpiresAt = core.TimeValue(made.ExpiresAt)
	}
	return made.ID, err
}

func (s *clientSession) Close(ctx context.Context, client *seam.Client, id string) error {
	return client.RevokeClientSession(ctx, id)
}
