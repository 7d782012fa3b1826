package workspace

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// managedClientSession is the model of the resource seam_client_session. It does not have the token, which
// must not get into a state.
type managedClientSession struct {
	core.Managed
	UserIdentifierKey   types.String `tfsdk:"user_identifier_key"`
	CustomerKey         types.String `tfsdk:"customer_key"`
	UserIdentityID      types.String `tfsdk:"user_identity_id"`
	ConnectedAccountIDs types.Set    `tfsdk:"connected_account_ids"`
	ConnectWebviewIDs   types.Set    `tfsdk:"connect_webview_ids"`
	ExpiresAt           types.String `tfsdk:"expires_at"`
	CreatedAt           types.String `tfsdk:"created_at"`
}

var clientSessions = core.Declare(core.Noun[managedClientSession, seam.ClientSession, seam.ClientSessionInput]{
	Name: "client_session", Plural: "client_sessions",
	Doc: "A time-limited session with access to connected accounts, for a person who uses your application.",
	ResourceDoc: "Prefer the ephemeral resource of the same name for a token that only this run needs. " +
		"This resource manages what a session may access, and ends it: destroy finishes when Seam answers that the session does not exist. " +
		"The token is not stored in the state. Your application gets it from Seam, by `user_identifier_key`.",
	ListDoc: "Finds the client sessions of the workspace.",
	API:     clientSessionAPI{seam.ClientSessions},
	Attributes: map[string]schema.Attribute{
		"user_identifier_key":   core.Replacing(core.OptionalString("Your own key for the person, unique among the sessions of the workspace. Changing this replaces the session.")),
		"customer_key":          core.Replacing(core.OptionalString("Customer whose resources it may access. Changing this replaces the session.")),
		"user_identity_id":      core.ReplacingIfConfigured(core.OptionalComputedString("User identity that it acts for. Changing this replaces the session.")),
		"connected_account_ids": grantedIDs("Connected accounts whose devices it may access."),
		"connect_webview_ids":   grantedIDs("Connect Webviews whose devices it may access."),
		"expires_at":            core.ReplacingIfConfigured(expiry()),
		"created_at":            core.ComputedStable("When it was created, in RFC 3339 format."),
	},
	Filters: map[string]string{"user_identifier_key": "Your own key for the person.", "user_identity_id": "User identity that they act for."},
	FromAPI: func(m *managedClientSession, s seam.ClientSession) { m.fromAPI(s) },
	ToAPI:   func(m, prior *managedClientSession) seam.ClientSessionInput { return m.changes(prior) },
	Label:   func(s seam.ClientSession) string { return s.UserIdentifierKey },
})

func expiry() schema.StringAttribute {
	a := core.OptionalComputedString("When it expires, in RFC 3339 format. Changing this replaces the session.")
	a.Validators, a.PlanModifiers = []validator.String{core.RFC3339}, append(a.PlanModifiers, core.RFC3339)
	return a
}

func grantedIDs(description string) schema.SetAttribute {
	return core.OptionalSet(description + " Some can be added later; removing one, or the argument, replaces the session.")
}

func (m *managedClientSession) fromAPI(s seam.ClientSession) {
	m.UserIdentifierKey, m.CustomerKey, m.UserIdentityID = core.StringOrNull(s.UserIdentifierKey), core.StringOrNull(s.CustomerKey), core.StringOrNull(s.UserIdentityID)
	m.ConnectedAccountIDs, m.ConnectWebviewIDs = granted(s.ConnectedAccountIDs, m.ConnectedAccountIDs), granted(s.ConnectWebviewIDs, m.ConnectWebviewIDs)
	m.ExpiresAt, m.CreatedAt = core.PreserveSpelling(s.ExpiresAt, m.ExpiresAt), core.PreserveSpelling(s.CreatedAt, m.CreatedAt)
}

// granted is a set of IDs. Seam shows an empty list for a session that was created with one, or without any.
func granted(ids []string, held types.Set) types.Set {
	if len(ids) == 0 && !held.IsNull() && !held.IsUnknown() {
		return core.SetOrEmpty(nil)
	}
	return core.SetOf(ids)
}

func (m *managedClientSession) changes(prior *managedClientSession) (in seam.ClientSessionInput) {
	if !m.ConnectedAccountIDs.Equal(prior.ConnectedAccountIDs) {
		in.ConnectedAccountIDs = core.StringsOrNil(m.ConnectedAccountIDs)
	}
	if !m.ConnectWebviewIDs.Equal(prior.ConnectWebviewIDs) {
		in.ConnectWebviewIDs = core.StringsOrNil(m.ConnectWebviewIDs)
	}
	if prior.ID.IsNull() {
		in.UserIdentifierKey, in.CustomerKey = m.UserIdentifierKey.ValueString(), m.CustomerKey.ValueString()
		in.UserIdentityID, in.ExpiresAt = m.UserIdentityID.ValueString(), m.ExpiresAt.ValueString()
	}
	return in
}

// Plan replaces a session that is to lose access, because Seam can only add to it.
func (m *managedClientSession) Plan(_ context.Context, p *core.PlanRequest[managedClientSession]) {
	if p.Prior == nil {
		return
	}
	for name, sets := range map[string][2]types.Set{"connected_account_ids": {p.Prior.ConnectedAccountIDs, m.ConnectedAccountIDs}, "connect_webview_ids": {p.Prior.ConnectWebviewIDs, m.ConnectWebviewIDs}} {
		held, planned := sets[0], sets[1]
		if planned.IsUnknown() {
			continue
		}
		after := core.StringsOf(planned)
		lost := slices.ContainsFunc(core.StringsOf(held), func(id string) bool { return !slices.Contains(after, id) })
		if lost || held.IsNull() != planned.IsNull() {
			p.RequireReplace(name)
		}
	}
}

// clientSessionAPI changes a session by adding to what it may access.
type clientSessionAPI struct {
	seam.Endpoint[seam.ClientSession, seam.ClientSessionInput]
}

func (a clientSessionAPI) Create(ctx context.Context, client *seam.Client, in seam.ClientSessionInput) (seam.ClientSession, error) {
	made, err := a.Endpoint.Create(ctx, client, in)
	if !seam.IsType(err, "client_session_token_already_exists") {
		return made, err
	}
	found, lookup := a.GetBy(ctx, client, "user_identifier_key", in.UserIdentifierKey)
	if lookup != nil {
		return made, err
	}
	return made, core.WithAdvice(fmt.Errorf("client session %s has this user_identifier_key: %w", found.ID, err),
		"If no state holds it, import it: "+core.ImportCommand("client_session", found.ID)+". Otherwise choose another key.")
}

func (clientSessionAPI) Update(ctx context.Context, client *seam.Client, ref seam.Ref, in seam.ClientSessionInput) (seam.ClientSession, error) {
	return client.GrantSessionAccess(ctx, ref, in)
}
