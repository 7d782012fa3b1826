package seamtest

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// Workspace is a Seam workspace and the credentials for it. The personal access token is the same
// for all workspaces of a server.
type Workspace struct {
	ID, Name, APIKey, PersonalAccessToken string

	server *Server
	locks  []*Lock
}

// Workspace returns the first workspace.
func (s *Server) Workspace() *Workspace {
	defer s.enter()()
	return s.workspaces[0]
}

// AddWorkspace adds a workspace with its own API key.
func (s *Server) AddWorkspace(name string) *Workspace {
	defer s.enter()()
	w := &Workspace{
		ID: newID(), Name: name, APIKey: "seam_test" + rand.Text(), PersonalAccessToken: s.token, server: s,
	}
	s.workspaces = append(s.workspaces, w)
	return w
}

func (w *Workspace) object() object {
	return object{
		"workspace_id":                    w.ID,
		"name":                            w.Name,
		"company_name":                    "Acme",
		"connect_partner_name":            nil,
		"connect_webview_customization":   object{},
		"is_sandbox":                      true,
		"is_suspended":                    false,
		"is_publishable_key_auth_enabled": false,
		"organization_id":                 nil,
	}
}

// authenticate finds the workspace that a request speaks for. A personal access token without a
// workspace is enough only for the list of workspaces.
func (s *Server) authenticate(r *http.Request) (*Workspace, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, w := range s.workspaces {
		if bearer && token == w.APIKey {
			return w, nil
		}
	}
	if !bearer || token != s.token {
		return nil, refuse(http.StatusUnauthorized, "unauthorized", "The credentials are not valid")
	}
	return s.chosen(r)
}

func (s *Server) chosen(r *http.Request) (*Workspace, error) {
	id := r.Header.Get("seam-workspace")
	if id == "" && r.URL.Path == "/workspaces/list" {
		return nil, nil
	}
	if id == "" {
		return nil, refuse(http.StatusBadRequest, "missing_workspace_id", "A personal access token needs the seam-workspace header")
	}
	for _, w := range s.workspaces {
		if id == w.ID {
			return w, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "workspace_not_found", "No such workspace")
}

func getWorkspace(x *exchange) (object, error) {
	return object{"workspace": x.workspace.object()}, nil
}

func listWorkspaces(x *exchange) (object, error) {
	all := []object{}
	for _, w := range x.server.workspaces {
		if x.workspace == nil || x.workspace == w {
			all = append(all, w.object())
		}
	}
	return object{"workspaces": all}, nil
}
