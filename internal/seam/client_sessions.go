package seam

import (
	"context"
	"fmt"
)

// ClientSession lets somebody act in the workspace with its token, for a while.
type ClientSession struct {
	ID        string    `json:"client_session_id"`
	Token     string    `json:"token"`
	ExpiresAt Timestamp `json:"expires_at"`
	CreatedAt Timestamp `json:"created_at"`
}

// ClientSessionInput is what a session may be restricted to. What is empty is left to
// Seam, but a list of nothing is not empty: it is nil that is.
type ClientSessionInput struct {
	CustomerKey         string   `json:"customer_key,omitempty"`
	UserIdentityID      string   `json:"user_identity_id,omitempty"`
	ConnectedAccountIDs []string `json:"connected_account_ids,omitzero"`
	ConnectWebviewIDs   []string `json:"connect_webview_ids,omitzero"`
	ExpiresAt           string   `json:"expires_at,omitempty"`
}

// CreateClientSession is sent once: a session whose answer is lost ends by itself, and
// nobody has its token.
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
		err = &Error{Path: "/client_sessions/create", Status: 200, RequestID: a.RequestID, Message: "the answer holds no client session"}
	}
	if mayHaveExecuted(err) {
		err = WrapAdvice(err, fmt.Sprintf("Whether a client session was made is not known: %v. It may have been made.", err), "Run again: that makes another one. Nobody has its token, and it ends by itself; give expires_at to make that soon.")
	}
	return out.ClientSession, err
}

// RevokeClientSession makes a token worthless.
func (c *Client) RevokeClientSession(ctx context.Context, id string) error {
	_, err := c.post(ctx, "/client_sessions/revoke", map[string]string{"client_session_id": id}, &struct{}{})
	if err == nil || isGone(err, "client_session") {
		return nil
	}
	return WrapAdvice(err, fmt.Sprintf("Client session %s could not be revoked, so its token is still valid until it expires: %v", SanitizeID(id), err), "Revoke it in the Seam console, or wait until it expires. Give expires_at to keep that time short.")
}
