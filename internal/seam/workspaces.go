package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// workspace is the one behind the credentials, asked once.
type workspace struct {
	asking   turnstile
	id       atomic.Pointer[string]
	expected string
}

// known is the id if it was asked for already.
func (w *workspace) known() string {
	if id := w.id.Load(); id != nil {
		return *id
	}
	return ""
}

// WorkspaceDetails are what Seam tells of a workspace.
type WorkspaceDetails struct {
	ID                 string `json:"workspace_id"`
	Name               string `json:"name"`
	ConnectPartnerName string `json:"connect_partner_name"`
	IsSandbox          bool   `json:"is_sandbox"`
	IsSuspended        bool   `json:"is_suspended"`
}

// WorkspaceNow reads the workspace behind the credentials.
func (c *Client) WorkspaceNow(ctx context.Context) (WorkspaceDetails, error) {
	id, err := c.Workspace(ctx)
	if err != nil {
		return WorkspaceDetails{}, err
	}
	var out struct {
		Workspace WorkspaceDetails `json:"workspace"`
	}
	a, err := c.post(ctx, "/workspaces/get", struct{}{}, &out)
	if err == nil && out.Workspace.ID != id {
		err = &Error{Path: "/workspaces/get", Status: 200, RequestID: a.requestID, Message: "the answer is about another workspace than the one before"}
	}
	return out.Workspace, err
}

// Workspace is the id of the workspace behind the credentials. It fails if the
// configuration names another one.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	if err := c.workspace.asking.enter(ctx); err != nil {
		return "", err
	}
	defer c.workspace.asking.leave()
	if id := c.workspace.known(); id != "" {
		return id, nil
	}
	var out struct {
		Workspace struct {
			ID string `json:"workspace_id"`
		} `json:"workspace"`
	}
	a, err := c.post(ctx, "/workspaces/get", struct{}{}, &out)
	if err != nil {
		return "", err
	}
	id := identifier(out.Workspace.ID)
	if id == "" {
		return "", &Error{Path: "/workspaces/get", Status: 200, RequestID: a.requestID, Message: "the answer names no workspace"}
	}
	if want := c.workspace.expected; want != "" && want != id {
		return "", problem(
			fmt.Sprintf("The credentials belong to workspace %s, but the provider is configured for workspace %s.", id, want),
			"Use a key of the workspace that workspace_id (SEAM_WORKSPACE_ID) names, or correct workspace_id.")
	}
	c.workspace.id.Store(&id)
	return id, nil
}

// checkTime ends the check of the credentials. It is longer than five repeats with their
// pauses take, so that the error tells what Seam or the network said.
const checkTime = 20 * time.Second

func checkWithin(fetch func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, checkTime, fmt.Errorf("no answer within %v", checkTime))
		defer cancel()
		return fetch(ctx)
	}
}

// CheckForPlan fails if Seam does not take the credentials or cannot be asked. Plans that
// are made at the same time share one question, and a failure holds for a minute.
func (c *Client) CheckForPlan(ctx context.Context) error {
	_, err := c.checked.recent(ctx, snapshotAge)
	return err
}

// Refused reports whether err is about the credentials or the endpoint, and not about
// trouble that may pass.
func Refused(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	}
	_, told := errors.AsType[*Problem](err)
	return told
}

// InConfiguredWorkspace fails if the configuration names another workspace than that of
// the credentials. If it names none, nothing is asked.
func (c *Client) InConfiguredWorkspace(ctx context.Context) error {
	if c.workspace.expected == "" {
		return nil
	}
	return c.owns(ctx, "")
}

// InWorkspace fails if the credentials belong to another workspace than want: there,
// everything looks deleted. An empty want is not known yet and passes.
func (c *Client) InWorkspace(ctx context.Context, want string) error {
	return c.inWorkspace(ctx, want, WayOut)
}

// owns is InWorkspace for what is not a code.
func (c *Client) owns(ctx context.Context, workspaceID string) error {
	return c.inWorkspace(ctx, workspaceID, "take the object out of the state with `state rm`.")
}

func (c *Client) inWorkspace(ctx context.Context, want, wayOut string) error {
	id, err := c.Workspace(ctx)
	if err != nil {
		return err
	}
	if want != "" && want != id {
		return because(ErrOutOfSight,
			fmt.Sprintf("The credentials belong to workspace %s, but this object lives in workspace %s. Nothing seen through them says anything about it.", id, want),
			"Use credentials of workspace "+want+". If that workspace no longer exists: "+wayOut)
	}
	return nil
}
