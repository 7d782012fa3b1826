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
	mutex    ctxMutex
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

// GetWorkspace reads the workspace behind the credentials.
func (c *Client) GetWorkspace(ctx context.Context) (WorkspaceDetails, error) {
	id, err := c.Workspace(ctx)
	if err != nil {
		return WorkspaceDetails{}, err
	}
	var out struct {
		Workspace WorkspaceDetails `json:"workspace"`
	}
	a, err := c.post(ctx, "/workspaces/get", struct{}{}, &out)
	if err == nil && out.Workspace.ID != id {
		err = &Error{Path: "/workspaces/get", Status: 200, RequestID: a.RequestID, Message: "the answer is about another workspace than the one before"}
	}
	return out.Workspace, err
}

// Workspace is the id of the workspace behind the credentials. It fails if the
// configuration names another one.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	if err := c.workspace.mutex.Lock(ctx); err != nil {
		return "", err
	}
	defer c.workspace.mutex.Unlock()
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
	id := SanitizeID(out.Workspace.ID)
	if id == "" {
		return "", &Error{Path: "/workspaces/get", Status: 200, RequestID: a.RequestID, Message: "the answer names no workspace"}
	}
	if want := c.workspace.expected; want != "" && want != id {
		return "", NewAdvice(
			fmt.Sprintf("The credentials belong to workspace %s, but the provider is configured for workspace %s.", id, want),
			"Use a key of the workspace that workspace_id (SEAM_WORKSPACE_ID) names, or correct workspace_id.")
	}
	c.workspace.id.Store(&id)
	return id, nil
}

// credentialsTimeout ends the check of the credentials. It is longer than five repeats with their
// pauses take, so that the error tells what Seam or the network said.
const credentialsTimeout = 20 * time.Second

func withCredentialsTimeout(fetch func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, credentialsTimeout, fmt.Errorf("no answer within %v", credentialsTimeout))
		defer cancel()
		return fetch(ctx)
	}
}

// CheckCredentials fails if Seam does not take the credentials or cannot be asked. Plans that
// are made at the same time share one question, and a failure holds for a minute.
func (c *Client) CheckCredentials(ctx context.Context) error {
	_, err := c.credentialsCheck.cached(ctx, MaxSnapshotAge)
	return err
}

// IsConfigurationError reports whether err is about the credentials or the endpoint, and not about
// trouble that may pass.
func IsConfigurationError(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	}
	_, hasAdvice := errors.AsType[*AdviceError](err)
	return hasAdvice
}

// CheckConfiguredWorkspace fails if the configuration names another workspace than that of
// the credentials. If it names none, nothing is asked.
func (c *Client) CheckConfiguredWorkspace(ctx context.Context) error {
	if c.workspace.expected == "" {
		return nil
	}
	return c.checkWorkspace(ctx, "")
}

// RequireWorkspace fails if the credentials belong to another workspace than want: there,
// everything looks deleted. An empty want is not known yet and passes.
func (c *Client) RequireWorkspace(ctx context.Context, want string) error {
	return c.compareWorkspace(ctx, want, forceForgetAdvice)
}

// checkWorkspace is RequireWorkspace for what no removal has to prove gone.
func (c *Client) checkWorkspace(ctx context.Context, workspaceID string) error {
	return c.compareWorkspace(ctx, workspaceID, fmt.Sprintf("take the object out of the state with %v.", Step{Kind: StepForget}))
}

func (c *Client) compareWorkspace(ctx context.Context, want, wayOut string) error {
	id, err := c.Workspace(ctx)
	if err != nil {
		return err
	}
	if want != "" && want != id {
		return WrapAdvice(ErrNotObservable,
			fmt.Sprintf("The credentials belong to workspace %s, but this object lives in workspace %s. Nothing seen through them says anything about it.", id, want),
			"Use credentials of workspace "+want+". If that workspace no longer exists: "+wayOut)
	}
	return nil
}
