package seamtest

import (
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
)

// Workspace is a Seam workspace and the credentials for it. The personal access token is the same
// for all workspaces of a server.
type Workspace struct {
	ID, Name, APIKey, PersonalAccessToken string

	server   *Server
	locks    []*Lock
	settings jsonObject // changed by /workspaces/update
}

// Workspace returns the first workspace.
func (s *Server) Workspace() *Workspace {
	defer s.lockAndAdvance()()
	return s.workspaces[0]
}

// Workspaces returns all workspaces, as the API shows them.
func (s *Server) Workspaces() (all []map[string]any) {
	defer s.lockAndAdvance()()
	for _, w := range s.workspaces {
		all = append(all, w.toJSON())
	}
	return all
}

// AddWorkspace adds a workspace with its own API key.
func (s *Server) AddWorkspace(name string) *Workspace {
	defer s.lockAndAdvance()()
	return s.newWorkspace(name)
}

func (s *Server) newWorkspace(name string) *Workspace {
	w := &Workspace{
		ID: newID(), Name: name, APIKey: "seam_test" + rand.Text(), PersonalAccessToken: s.personalAccessToken, server: s,
	}
	s.workspaces = append(s.workspaces, w)
	return w
}

func (w *Workspace) toJSON() jsonObject {
	fields := jsonObject{
		"workspace_id":                    w.ID,
		"name":                            w.Name,
		"company_name":                    "Acme",
		"connect_partner_name":            nil,
		"connect_webview_customization":   jsonObject{},
		"is_sandbox":                      true,
		"is_suspended":                    false,
		"is_publishable_key_auth_enabled": false,
		"organization_id":                 nil,
	}
	maps.Copy(fields, w.settings)
	return fields
}

// authenticate returns the workspace of a request's credentials. A personal access token without a
// workspace is accepted only where no workspace is needed.
func (s *Server) authenticate(r *http.Request) (*Workspace, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, w := range s.workspaces {
		if bearer && token == w.APIKey {
			return w, nil
		}
	}
	if !bearer || token != s.personalAccessToken {
		return nil, newAPIError(http.StatusUnauthorized, "unauthorized", "The credentials are not valid")
	}
	return s.selectedWorkspace(r)
}

func (s *Server) selectedWorkspace(r *http.Request) (*Workspace, error) {
	id := r.Header.Get("seam-workspace")
	if id == "" && (r.URL.Path == "/workspaces/list" || r.URL.Path == "/workspaces/create") {
		return nil, nil
	}
	if id == "" {
		return nil, newAPIError(http.StatusBadRequest, "missing_workspace_id", "A personal access token needs the seam-workspace header")
	}
	for _, w := range s.workspaces {
		if id == w.ID {
			return w, nil
		}
	}
	return nil, newAPIError(http.StatusNotFound, "workspace_not_found", "No such workspace")
}

// createWorkspace makes a workspace of the user of a personal access token.
func createWorkspace(call *apiCall) (jsonObject, error) {
	if call.workspace != nil {
		return nil, newAPIError(http.StatusUnauthorized, "unauthorized", "Only a personal access token without a workspace can create one")
	}
	w := call.server.newWorkspace("")
	w.settings = merged(jsonObject{"is_sandbox": false}, call.body)
	return jsonObject{"workspace": w.toJSON()}, nil
}

func getWorkspace(call *apiCall) (jsonObject, error) {
	return jsonObject{"workspace": call.workspace.toJSON()}, nil
}

// updateWorkspace changes the workspace of the credentials.
func updateWorkspace(call *apiCall) (jsonObject, error) {
	w, change := call.workspace, maps.Clone(call.body)
	if look, given := change["connect_webview_customization"].(jsonObject); given {
		change["connect_webview_customization"] = merged(objectField(w.settings, "connect_webview_customization"), look)
	}
	w.settings = merged(w.settings, change)
	return nil, nil
}

func listWorkspaces(call *apiCall) (jsonObject, error) {
	all := []jsonObject{}
	for _, w := range call.server.workspaces {
		if call.workspace == nil || call.workspace == w {
			all = append(all, w.toJSON())
		}
	}
	return jsonObject{"workspaces": all}, nil
}
