package seam

import (
	"context"
	"fmt"
)

// ClientSession is a time-limited session. Its token gives access to the workspace.
type ClientSession struct {
	ID                  string    `json:"client_session_id"`
	Token               string    `json:"token"`
	UserIdentifierKey   string    `json:"user_identifier_key"`
	CustomerKey         string    `json:"customer_key"`
	UserIdentityID      string    `json:"user_identity_id"`
	ConnectedAccountIDs []string  `json:"connected_account_ids"`
	ConnectWebviewIDs   []string  `json:"connect_webview_ids"`
	ExpiresAt           Timestamp `json:"expires_at"`
	CreatedAt           Timestamp `json:"created_at"`
}

// ObjectID is the client session's id.
func (s ClientSession) ObjectID() string { return s.ID }

func (s ClientSession) secrets() []string { return []string{s.Token} }

// ClientSessionInput holds the parameters of a new session. Empty strings and nil lists are
// omitted; an empty list is sent.
type ClientSessionInput struct {
	UserIdentifierKey   string   `json:"user_identifier_key,omitempty"`
	CustomerKey         string   `json:"customer_key,omitempty"`
	UserIdentityID      string   `json:"user_identity_id,omitempty"`
	ConnectedAccountIDs []string `json:"connected_account_ids,omitzero"`
	ConnectWebviewIDs   []string `json:"connect_webview_ids,omitzero"`
	ExpiresAt           string   `json:"expires_at,omitempty"`
}

// ClientSessions are the client sessions of the workspace.
var ClientSessions = Endpoint[ClientSession, ClientSessionInput]{
	Path: "/client_sessions", One: "client_session", Many: "client_sessions", Scope: "user_identifier_key",
}

// GrantSessionAccess adds the connected accounts and Connect Webviews of in to a session. Seam cannot
// remove any.
func (c *Client) GrantSessionAccess(ctx context.Context, ref Ref, in ClientSessionInput) (ClientSession, error) {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return ClientSession{}, err
	}
	sent := fields(ClientSessionInput{ConnectedAccountIDs: in.ConnectedAccountIDs, ConnectWebviewIDs: in.ConnectWebviewIDs})
	sent["client_session_id"] = ref.ID
	if err := ClientSessions.write(ctx, c, "/grant_access", sent); err != nil {
		return ClientSession{}, err
	}
	return ClientSessions.Get(ctx, c, ref)
}

// CreateClientSession creates a session. The request is not retried: if its response is lost,
// the session expires by itself and nobody has its token.
func (c *Client) CreateClientSession(ctx context.Context, in ClientSessionInput) (ClientSession, error) {
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return ClientSession{}, err
	}
	var out struct {
		ClientSession ClientSession `json:"client_session"`
	}
	a, err := c.postOnce(ctx, "/client_sessions/create", in, &out)
	c.redactor.add(out.ClientSession.Token)
	if s := out.ClientSession; err == nil && (s.Token == "" || s.ID == "" || s.ID != SanitizeID(s.ID)) {
		err = &Error{Path: "/client_sessions/create", Status: 200, RequestID: a.RequestID, Message: "the response contains no client session"}
	}
	if mayHaveExecuted(err) {
		err = WrapAdvice(err, fmt.Sprintf("It is not known whether a client session was created: %v.", err), "Run again to create another one. If the first was created, nobody has its token and it expires by itself; set expires_at to keep that time short.")
	}
	return out.ClientSession, err
}

// RevokeClientSession revokes a session. A session that no longer exists, on two answers, is no error.
func (c *Client) RevokeClientSession(ctx context.Context, id string) error {
	revoke := func() error {
		_, err := c.post(ctx, "/client_sessions/revoke", map[string]string{"client_session_id": id}, &struct{}{})
		return err
	}
	err := revoke()
	if isGone(err, "client_session") {
		err = revoke()
	}
	if err == nil || isGone(err, "client_session") {
		return nil
	}
	return WrapAdvice(err, fmt.Sprintf("Client session %s could not be revoked, so its token is still valid until it expires: %v", SanitizeID(id), err), "Revoke it in the Seam console, or wait until it expires. Set expires_at to keep that time short.")
}
