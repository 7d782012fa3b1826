package seam

import (
	"context"
	"fmt"
	"net/http"
)

// WorkspaceDetails is a workspace, as Seam reports it.
type WorkspaceDetails struct {
	ID                 string               `json:"workspace_id"`
	Name               string               `json:"name"`
	ConnectPartnerName string               `json:"connect_partner_name"`
	OrganizationID     string               `json:"organization_id"`
	IsSandbox          bool                 `json:"is_sandbox"`
	IsSuspended        bool                 `json:"is_suspended"`
	PublishableKeyAuth bool                 `json:"is_publishable_key_auth_enabled"`
	Customization      WebviewCustomization `json:"connect_webview_customization"`
}

// ObjectID is the workspace's id.
func (w WorkspaceDetails) ObjectID() string { return w.ID }

// WebviewCustomization is the look of the Connect Webviews of a workspace. Null is Seam's default.
type WebviewCustomization struct {
	LogoShape       *string `json:"logo_shape"`
	ButtonColor     *string `json:"primary_button_color"`
	ButtonTextColor *string `json:"primary_button_text_color"`
	SuccessMessage  *string `json:"success_message"`
}

// WorkspaceInput holds what a workspace is created with, and changes of it. Nil fields are not changed.
type WorkspaceInput struct {
	New                bool                  `json:"-"` // it is, or is to be, another one than that of the credentials
	Name               *string               `json:"name,omitempty"`
	ConnectPartnerName *string               `json:"connect_partner_name,omitempty"`
	OrganizationID     *string               `json:"organization_id,omitempty"`
	IsSandbox          *bool                 `json:"is_sandbox,omitempty"`                      // create only
	PublishableKeyAuth *bool                 `json:"is_publishable_key_auth_enabled,omitempty"` // update only
	Customization      *WebviewCustomization `json:"connect_webview_customization,omitempty"`
}

// Workspaces are the workspaces that the credentials reach: an API key its own, a personal access token
// all those of its user, each with a header that names it. Seam can delete none.
var Workspaces = workspaces{Endpoint[WorkspaceDetails, WorkspaceInput]{Path: "/workspaces", One: "workspace", Many: "workspaces"}}

type workspaces struct {
	Endpoint[WorkspaceDetails, WorkspaceInput]
}

// Create changes the workspace of the credentials or, if in asks for that, creates another one. A new
// workspace that could not be changed yet is returned with the error.
func (e workspaces) Create(ctx context.Context, c *Client, in WorkspaceInput) (WorkspaceDetails, error) {
	id, err := c.Workspace(ctx)
	if err != nil {
		return WorkspaceDetails{}, err
	}
	if !in.New {
		now, err := e.Update(ctx, c, Ref{ID: id}, in)
		if err != nil {
			return WorkspaceDetails{}, err
		}
		return now, nil
	}
	if err := c.RequirePersonalAccessToken(); err != nil {
		return WorkspaceDetails{}, err
	}
	return e.createNew(ctx, c, in)
}

// createNew creates a workspace. Since it could not be deleted, it refuses a name that is taken: an earlier
// run may have created the workspace and ended before it was in a state.
func (e workspaces) createNew(ctx context.Context, c *Client, in WorkspaceInput) (WorkspaceDetails, error) {
	anywhere, sent := inWorkspace(ctx, ""), in
	for taken, err := range e.List(anywhere, c, map[string]any{}) {
		if err != nil {
			return WorkspaceDetails{}, fmt.Errorf("listing the workspaces before creating one: %w", err)
		}
		if in.Name != nil && taken.Name == *in.Name {
			return WorkspaceDetails{}, e.existing([]WorkspaceDetails{taken}, nil, fmt.Sprintf("There is a workspace with this name already: %s.", SanitizeID(taken.ID)), "Otherwise choose another name.")
		}
	}
	sent.PublishableKeyAuth = nil
	made, err := e.Endpoint.Create(anywhere, c, sent)
	if mayHaveExecuted(err) {
		err = WrapAdvice(err, err.Error(), Advice(err, "Run again.")+" Look in the Seam console before that: a workspace that was created twice cannot be deleted.")
	}
	if err != nil {
		return WorkspaceDetails{}, err
	}
	now, err := e.change(ctx, c, made, in)
	if err != nil {
		return made, err
	}
	return now, nil
}

// RequirePersonalAccessToken fails with an API key, which belongs to one workspace.
func (c *Client) RequirePersonalAccessToken() error {
	if c.header.Get(workspaceHeader) == "" {
		return NewAdvice("An API key belongs to one workspace, and cannot create another one.", "Configure personal_access_token (SEAM_PERSONAL_ACCESS_TOKEN) and workspace_id in the provider, or remove create to manage the workspace of the API key.")
	}
	return nil
}

// Read reads a workspace, which is that of the credentials unless it is apart from it.
func (e workspaces) Read(ctx context.Context, c *Client, id string, apart bool) (WorkspaceDetails, error) {
	ctx, err := c.reach(ctx, id, apart)
	if err != nil {
		return WorkspaceDetails{}, err
	}
	now, a, err := e.call(ctx, c.post, c, "/get", struct{}{})
	switch {
	case IsType(err, "workspace_not_found"):
		err = WrapAdvice(err, fmt.Sprintf("The personal access token does not reach workspace %s: %v.", id, err), "Use a token of somebody who belongs to that workspace. If the workspace no longer exists, remove it from the state with "+Step{Kind: StepForget}.String()+".")
	case err == nil && now.ID != id:
		err = e.unexpected("/get", a, "the response is about another workspace than the one asked for")
	}
	return now, err
}

// Update changes what differs from the workspace as it is.
func (e workspaces) Update(ctx context.Context, c *Client, ref Ref, in WorkspaceInput) (WorkspaceDetails, error) {
	now, err := e.Read(ctx, c, ref.ID, in.New)
	if err != nil {
		return WorkspaceDetails{}, err
	}
	return e.change(ctx, c, now, in)
}

func (e workspaces) change(ctx context.Context, c *Client, now WorkspaceDetails, in WorkspaceInput) (WorkspaceDetails, error) {
	if in.IsSandbox != nil && *in.IsSandbox != now.IsSandbox {
		return WorkspaceDetails{}, NewAdvice(fmt.Sprintf("Workspace %s has is_sandbox = %t, and Seam cannot change that.", now.ID, now.IsSandbox), "Set is_sandbox to that, or remove it. For another workspace, use its credentials, or set create = true in a resource of its own.")
	}
	in.IsSandbox = nil
	sent := differences(now, in)
	if len(sent) == 0 {
		return now, nil
	}
	within, err := c.reach(ctx, now.ID, in.New)
	if err == nil {
		err = e.write(within, c, "/update", sent)
	}
	if err != nil {
		return WorkspaceDetails{}, err
	}
	return e.Read(ctx, c, now.ID, in.New)
}

const workspaceHeader = "Seam-Workspace"

// workspaceKey marks the context of a call about another workspace than the configured one.
type workspaceKey struct{}

// inWorkspace is a context for calls with a personal access token about this workspace, or about none.
func inWorkspace(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, workspaceKey{}, id)
}

// reach is a context for calls about a workspace. Only a personal access token reaches one that is apart
// from that of the credentials.
func (c *Client) reach(ctx context.Context, id string, apart bool) (context.Context, error) {
	if apart && c.header.Get(workspaceHeader) != "" {
		return inWorkspace(ctx, id), nil
	}
	return ctx, c.checkWorkspace(ctx, id)
}

func setWorkspace(header http.Header, id string) {
	if header.Del(workspaceHeader); id != "" {
		header.Set(workspaceHeader, id)
	}
}
