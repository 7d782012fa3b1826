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
		MarkdownDescription: "A token that gives access to the workspace during this run. It is revoked at the end of the run, and is not stored in the plan or the state. Terraform opens one session for the plan and another for the apply.",
		Attributes: map[string]schema.Attribute{
			"id":                    schema.StringAttribute{MarkdownDescription: "ID of the client session.", Computed: true},
			"customer_key":          schema.StringAttribute{MarkdownDescription: "Customer whose resources it may access.", Optional: true, Validators: core.NonEmpty},
			"user_identity_id":      schema.StringAttribute{MarkdownDescription: "User identity that it acts for.", Optional: true, Validators: core.NonEmpty},
			"connected_account_ids": schema.ListAttribute{MarkdownDescription: "Connected accounts whose devices it may access.", Optional: true, ElementType: types.StringType, Validators: core.EachNonEmpty},
			"connect_webview_ids":   schema.ListAttribute{MarkdownDescription: "Connect Webviews whose devices it may access.", Optional: true, ElementType: types.StringType, Validators: core.EachNonEmpty},
			"expires_at": schema.StringAttribute{
				MarkdownDescription: "When it expires if it is not revoked, for example because the run was killed; in RFC 3339 format.", Optional: true, Computed: true, Validators: []validator.String{core.RFC3339},
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
	if s.ExpiresAt.IsNull() { // Terraform rejects a value that differs from the configured one
		s.ExpiresAt = core.TimeValue(made.ExpiresAt)
	}
	return made.ID, err
}

func (s *clientSession) Close(ctx context.Context, client *seam.Client, id string) error {
	return client.RevokeClientSession(ctx, id)
}
