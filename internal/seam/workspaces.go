package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// workspace is the workspace of the credentials, read once.
type workspace struct {
	mutex    ctxMutex
	id       atomic.Pointer[string]
	expected string
}

// known returns the ID if it has been read, otherwise an empty string.
func (w *workspace) known() string {
	if id := w.id.Load(); id != nil {
		return *id
	}
	return ""
}

// GetWorkspace reads the workspace of the credentials.
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
		err = &Error{Path: "/workspaces/get", Status: 200, RequestID: a.RequestID, Message: "the response is about another workspace than before"}
	}
	return out.Workspace, err
}

// Workspace returns the ID of the workspace of the credentials. It fails if the configuration
// names another one.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	if id := c.workspace.known(); id != "" {
		return id, nil // also after an interrupt, when what a create may have made is recorded
	}
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
		return "", &Error{Path: "/workspaces/get", Status: 200, RequestID: a.RequestID, Message: "the response contains no workspace id"}
	}
	if want := c.workspace.expected; want != "" && want != id {
		return "", NewAdvice(
			fmt.Sprintf("The credentials belong to workspace %s, but the provider is configured for workspace %s.", id, want),
			"Use a key of the workspace that workspace_id (SEAM_WORKSPACE_ID) names, or correct workspace_id.")
	}
	c.workspace.id.Store(&id)
	return id, nil
}

// credentialsTimeout limits the check of the credentials. It is longer than five retries with
// their pauses, so that the error contains the cause.
const credentialsTimeout = 20 * time.Second

func withCredentialsTimeout(fetch func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, credentialsTimeout, fmt.Errorf("no answer within %v", credentialsTimeout))
		defer cancel()
		return fetch(ctx)
	}
}

// CheckCredentials fails if Seam rejects the credentials or cannot be reached. Concurrent plans
// share one request, and the result, also an error, is reused for a minute.
func (c *Client) CheckCredentials(ctx context.Context) error {
	_, err := c.credentialsCheck.cached(ctx, MaxSnapshotAge)
	return err
}

// IsConfigurationError reports whether err is about the credentials or the endpoint, and not a
// transient failure.
func IsConfigurationError(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	}
	_, hasAdvice := errors.AsType[*AdviceError](err)
	return hasAdvice
}

// CheckConfiguredWorkspace fails if the credentials belong to another workspace than the
// configured one. Without a configured workspace it sends no request.
func (c *Client) CheckConfiguredWorkspace(ctx context.Context) error {
	if c.workspace.expected == "" {
		return nil
	}
	return c.checkWorkspace(ctx, "")
}

// RequireWorkspace fails if the credentials belong to another workspace than want, where
// everything would look deleted. An empty want skips the check.
func (c *Client) RequireWorkspace(ctx context.Context, want string) error {
	return c.compareWorkspace(ctx, want, forceForgetAdvice)
}

// checkWorkspace is RequireWorkspace for objects whose removal needs no proof.
func (c *Client) checkWorkspace(ctx context.Context, workspaceID string) error {
	return c.compareWorkspace(ctx, workspaceID, fmt.Sprintf("If that workspace no longer exists, remove the object from the state with %v.", Step{Kind: StepForget}))
}

func (c *Client) compareWorkspace(ctx context.Context, want, wayOut string) error {
	id, err := c.Workspace(ctx)
	if err != nil {
		return err
	}
	if want != "" && want != id {
		return WrapAdvice(ErrNotObservable,
			fmt.Sprintf("The credentials belong to workspace %s, but this object is in workspace %s. These credentials cannot read it.", id, want),
			"Use credentials of workspace "+want+". "+wayOut)
	}
	return nil
}
