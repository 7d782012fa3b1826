package seamtest

import (
	"net/http"
	"slices"
	"time"
)

// SessionState is what has become of a client session.
type SessionState string

// The states of a client session. Only a live one lets anybody in.
const (
	SessionLive    SessionState = "live"
	SessionExpired SessionState = "expired"
	SessionRevoked SessionState = "revoked"
	SessionDeleted SessionState = "deleted"
)

const sessionLasts = 365 * 24 * time.Hour

// ClientSession is a client session and what has become of it.
type ClientSession struct {
	ID, Token, WorkspaceID                 string
	UserIdentifierKey, UserIdentityID      string
	CustomerKey                            string
	ConnectedAccountIDs, ConnectWebviewIDs []string
	CreatedAt, ExpiresAt                   time.Time
	State                                  SessionState
}

type session struct {
	ClientSession
	workspace *Workspace
}

// ClientSessions returns all client sessions there ever were, oldest first.
func (s *Server) ClientSessions() []ClientSession {
	defer s.enter()()
	var all []ClientSession
	for _, c := range s.sessions {
		all = append(all, c.ClientSession)
	}
	return all
}

// RevokeClientSession revokes a session behind the caller's back.
func (s *Server) RevokeClientSession(id string) {
	defer s.enter()()
	s.endSession(id, SessionRevoked)
}

// RemoveClientSession deletes a session behind the caller's back.
func (s *Server) RemoveClientSession(id string) {
	defer s.enter()()
	s.endSession(id, SessionDeleted)
}

func (s *Server) endSession(id string, state SessionState) {
	for _, c := range s.sessions {
		if c.ID == id && c.State != SessionDeleted {
			c.end(s, state)
		}
	}
}

func (c *session) end(s *Server, state SessionState) {
	c.State = state
	if state == SessionDeleted {
		s.happen(c.workspace, nil, Event{Type: "client_session.deleted"}, object{"client_session_id": c.ID})
	}
}

func (c *session) object() object {
	o := object{
		"client_session_id": c.ID, "workspace_id": c.WorkspaceID, "token": c.Token,
		"created_at": stamp(c.CreatedAt), "expires_at": stamp(c.ExpiresAt),
		"user_identifier_key":   orNull(c.UserIdentifierKey),
		"user_identity_ids":     []string{},
		"connected_account_ids": c.ConnectedAccountIDs,
		"connect_webview_ids":   c.ConnectWebviewIDs,
		"device_count":          c.devices(),
	}
	if c.UserIdentityID != "" {
		o["user_identity_id"], o["user_identity_ids"] = c.UserIdentityID, []string{c.UserIdentityID}
	}
	if c.CustomerKey != "" {
		o["customer_key"] = c.CustomerKey
	}
	return o
}

func (c *session) devices() (n int) {
	for _, l := range c.workspace.locks {
		if !l.gone && !l.unmanaged && slices.Contains(c.ConnectedAccountIDs, l.account) {
			n++
		}
	}
	return n
}

type sessionParams struct {
	UserIdentifierKey string   `json:"user_identifier_key"`
	UserIdentityID    string   `json:"user_identity_id"`
	UserIdentityIDs   []string `json:"user_identity_ids"`
	CustomerKey       string   `json:"customer_key"`
	Accounts          []string `json:"connected_account_ids"`
	Webviews          []string `json:"connect_webview_ids"`
	ExpiresAt         *string  `json:"expires_at"`
}

func createSession(x *exchange) (object, error) {
	p := params[sessionParams](x)
	s := x.server
	expires := s.moment.Add(sessionLasts)
	if p.ExpiresAt != nil {
		var err error
		if expires, err = instant("expires_at", *p.ExpiresAt); err != nil {
			return nil, err
		}
	}
	if !expires.After(s.moment) {
		return nil, invalid("expires_at", "must be in the future")
	}
	if p.UserIdentityID == "" && len(p.UserIdentityIDs) == 1 {
		p.UserIdentityID = p.UserIdentityIDs[0]
	}
	taken := func(c *session) bool { return c.UserIdentifierKey == p.UserIdentifierKey }
	if p.UserIdentifierKey != "" && slices.ContainsFunc(x.sessions(), taken) {
		return nil, refuse(http.StatusBadRequest, "client_session_token_already_exists", "There is a client session for this user already")
	}
	c := &session{
		ClientSession: ClientSession{
			ID: newID(), Token: newSecret("seam_cst1_"), WorkspaceID: x.workspace.ID,
			UserIdentifierKey: p.UserIdentifierKey, UserIdentityID: p.UserIdentityID, CustomerKey: p.CustomerKey,
			ConnectedAccountIDs: append([]string{}, p.Accounts...), ConnectWebviewIDs: append([]string{}, p.Webviews...),
			CreatedAt: s.moment, ExpiresAt: expires, State: SessionLive,
		},
		workspace: x.workspace,
	}
	s.sessions = append(s.sessions, c)
	s.when(expires, func() { c.expire() })
	return object{"client_session": c.object()}, nil
}

func (c *session) expire() {
	if c.State == SessionLive {
		c.State = SessionExpired
	}
}

// sessions are those that reads find: revoked and expired ones are still there.
func (x *exchange) sessions() []*session {
	return slices.DeleteFunc(slices.Clone(x.server.sessions), func(c *session) bool {
		return c.workspace != x.workspace || c.State == SessionDeleted
	})
}

// isOf tells whether a user may see a lock; nobody is everybody.
func (x *exchange) isOf(user string, l *Lock) bool {
	return user == "" || slices.ContainsFunc(x.sessions(), func(c *session) bool {
		return c.UserIdentifierKey == user && slices.Contains(c.ConnectedAccountIDs, l.account)
	})
}

type sessionFilter struct {
	ID                string `json:"client_session_id"`
	UserIdentifierKey string `json:"user_identifier_key"`
	WithoutKey        bool   `json:"without_user_identifier_key"`
	UserIdentityID    string `json:"user_identity_id"`
	Webview           string `json:"connect_webview_id"`
}

func (p sessionFilter) selects(c *session) bool {
	return is(p.ID, c.ID) && is(p.UserIdentifierKey, c.UserIdentifierKey) && is(p.UserIdentityID, c.UserIdentityID) &&
		(!p.WithoutKey || c.UserIdentifierKey == "") && (p.Webview == "" || slices.Contains(c.ConnectWebviewIDs, p.Webview))
}

// session finds the client session that a request is about.
func (x *exchange) session() (*session, error) {
	p := params[sessionFilter](x)
	if p.ID == "" && p.UserIdentifierKey == "" {
		return nil, invalid("client_session_id", "or user_identifier_key is required")
	}
	for _, c := range x.sessions() {
		if p.selects(c) {
			return c, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "client_session_not_found", "No such client session")
}

func getSession(x *exchange) (object, error) {
	c, err := x.session()
	if err != nil {
		return nil, err
	}
	return object{"client_session": c.object()}, nil
}

func listSessions(x *exchange) (object, error) {
	p, found := params[sessionFilter](x), []object{}
	for _, c := range x.sessions() {
		if p.selects(c) {
			found = append(found, c.object())
		}
	}
	return object{"client_sessions": found}, nil
}

func deleteSession(x *exchange) (object, error) { return x.finish(SessionDeleted) }
func revokeSession(x *exchange) (object, error) { return x.finish(SessionRevoked) }

func (x *exchange) finish(state SessionState) (object, error) {
	c, err := x.session()
	if err != nil {
		return nil, err
	}
	c.end(x.server, state)
	return nil, nil
}
