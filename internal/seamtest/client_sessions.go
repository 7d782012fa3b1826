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

const sessionLifetime = 365 * 24 * time.Hour

// ClientSession is a client session and what has become of it.
type ClientSession struct {
	ID, Token, WorkspaceID                 string
	UserIdentifierKey, UserIdentityID      string
	CustomerKey                            string
	ConnectedAccountIDs, ConnectWebviewIDs []string
	CreatedAt, ExpiresAt                   time.Time
	State                                  SessionState
}

type clientSession struct {
	ClientSession
	workspace *Workspace
}

// ClientSessions returns all client sessions there ever were, oldest first.
func (s *Server) ClientSessions() []ClientSession {
	defer s.lockAndAdvance()()
	var all []ClientSession
	for _, c := range s.sessions {
		all = append(all, c.ClientSession)
	}
	return all
}

// RevokeClientSession revokes a session outside the API.
func (s *Server) RevokeClientSession(id string) {
	defer s.lockAndAdvance()()
	s.endSession(id, SessionRevoked)
}

// RemoveClientSession deletes a session outside the API.
func (s *Server) RemoveClientSession(id string) {
	defer s.lockAndAdvance()()
	s.endSession(id, SessionDeleted)
}

func (s *Server) endSession(id string, state SessionState) {
	for _, c := range s.sessions {
		if c.ID == id && c.State != SessionDeleted {
			c.setState(s, state)
		}
	}
}

func (c *clientSession) setState(s *Server, state SessionState) {
	c.State = state
	if state == SessionDeleted {
		s.emitEvent(c.workspace, nil, Event{Type: "client_session.deleted"}, jsonObject{"client_session_id": c.ID})
	}
}

func (c *clientSession) toJSON() jsonObject {
	o := jsonObject{
		"client_session_id": c.ID, "workspace_id": c.WorkspaceID, "token": c.Token,
		"created_at": formatTime(c.CreatedAt), "expires_at": formatTime(c.ExpiresAt),
		"user_identifier_key":   orNull(c.UserIdentifierKey),
		"user_identity_ids":     []string{},
		"connected_account_ids": c.ConnectedAccountIDs,
		"connect_webview_ids":   c.ConnectWebviewIDs,
		"device_count":          c.deviceCount(),
	}
	if c.UserIdentityID != "" {
		o["user_identity_id"], o["user_identity_ids"] = c.UserIdentityID, []string{c.UserIdentityID}
	}
	if c.CustomerKey != "" {
		o["customer_key"] = c.CustomerKey
	}
	return o
}

func (c *clientSession) deviceCount() (n int) {
	for _, l := range c.workspace.locks {
		if !l.gone && !l.unmanaged && slices.Contains(c.ConnectedAccountIDs, l.connectedAccountID) {
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

func createClientSession(call *apiCall) (jsonObject, error) {
	p := params[sessionParams](call)
	s := call.server
	expires := s.now.Add(sessionLifetime)
	if p.ExpiresAt != nil {
		var err error
		if expires, err = parseTime("expires_at", *p.ExpiresAt); err != nil {
			return nil, err
		}
	}
	if !expires.After(s.now) {
		return nil, invalidInput("expires_at", "must be in the future")
	}
	if p.UserIdentityID == "" && len(p.UserIdentityIDs) == 1 {
		p.UserIdentityID = p.UserIdentityIDs[0]
	}
	taken := func(c *clientSession) bool { return c.UserIdentifierKey == p.UserIdentifierKey }
	if p.UserIdentifierKey != "" && slices.ContainsFunc(call.sessions(), taken) {
		return nil, newAPIError(http.StatusBadRequest, "client_session_token_already_exists", "There is a client session for this user already")
	}
	c := &clientSession{
		ClientSession: ClientSession{
			ID: newID(), Token: newSecret("seam_cst1_"), WorkspaceID: call.workspace.ID,
			UserIdentifierKey: p.UserIdentifierKey, UserIdentityID: p.UserIdentityID, CustomerKey: p.CustomerKey,
			ConnectedAccountIDs: append([]string{}, p.Accounts...), ConnectWebviewIDs: append([]string{}, p.Webviews...),
			CreatedAt: s.now, ExpiresAt: expires, State: SessionLive,
		},
		workspace: call.workspace,
	}
	s.sessions = append(s.sessions, c)
	s.scheduleAt(expires, func() { c.expire() })
	return jsonObject{"client_session": c.toJSON()}, nil
}

func (c *clientSession) expire() {
	if c.State == SessionLive {
		c.State = SessionExpired
	}
}

// sessions are those that reads find: revoked and expired ones are still there.
func (call *apiCall) sessions() []*clientSession {
	return slices.DeleteFunc(slices.Clone(call.server.sessions), func(c *clientSession) bool {
		return c.workspace != call.workspace || c.State == SessionDeleted
	})
}

// userHasAccess tells whether a user may see a lock; nobody is everybody.
func (call *apiCall) userHasAccess(user string, l *Lock) bool {
	return user == "" || slices.ContainsFunc(call.sessions(), func(c *clientSession) bool {
		return c.UserIdentifierKey == user && slices.Contains(c.ConnectedAccountIDs, l.connectedAccountID)
	})
}

type sessionFilter struct {
	ID                string `json:"client_session_id"`
	UserIdentifierKey string `json:"user_identifier_key"`
	WithoutKey        bool   `json:"without_user_identifier_key"`
	UserIdentityID    string `json:"user_identity_id"`
	Webview           string `json:"connect_webview_id"`
}

func (p sessionFilter) matches(c *clientSession) bool {
	return matchesFilter(p.ID, c.ID) && matchesFilter(p.UserIdentifierKey, c.UserIdentifierKey) && matchesFilter(p.UserIdentityID, c.UserIdentityID) &&
		(!p.WithoutKey || c.UserIdentifierKey == "") && (p.Webview == "" || slices.Contains(c.ConnectWebviewIDs, p.Webview))
}

// findSession finds the client session that a request is about.
func (call *apiCall) findSession() (*clientSession, error) {
	p := params[sessionFilter](call)
	if p.ID == "" && p.UserIdentifierKey == "" {
		return nil, invalidInput("client_session_id", "or user_identifier_key is required")
	}
	for _, c := range call.sessions() {
		if p.matches(c) {
			return c, nil
		}
	}
	return nil, newAPIError(http.StatusNotFound, "client_session_not_found", "No such client session")
}

func getClientSession(call *apiCall) (jsonObject, error) {
	c, err := call.findSession()
	if err != nil {
		return nil, err
	}
	return jsonObject{"client_session": c.toJSON()}, nil
}

func listClientSessions(call *apiCall) (jsonObject, error) {
	p, found := params[sessionFilter](call), []jsonObject{}
	for _, c := range call.sessions() {
		if p.matches(c) {
			found = append(found, c.toJSON())
		}
	}
	return jsonObject{"client_sessions": found}, nil
}

func deleteClientSession(call *apiCall) (jsonObject, error) { return call.endSession(SessionDeleted) }
func revokeClientSession(call *apiCall) (jsonObject, error) { return call.endSession(SessionRevoked) }

func (call *apiCall) endSession(state SessionState) (jsonObject, error) {
	c, err := call.findSession()
	if err != nil {
		return nil, err
	}
	c.setState(call.server, state)
	return nil, nil
}
