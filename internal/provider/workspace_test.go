package provider

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestWorkspace_conforms(t *testing.T) {
	const (
		noList   = "It has no list resource."
		oneOnly  = "The credentials have one workspace, which nothing deletes."
		notTyped = "The credentials read it, so that no answer says that it is gone."
	)
	c := acctest.Case{
		Type: "seam_workspace",
		Configs: func(*acctest.Harness) (before, after, other arguments) {
			return arguments{"name": "Hotel"}, arguments{"name": "Hotel Canal"}, nil
		},
		IDs:    func(h *acctest.Harness) []string { return []string{h.Seam.Workspace().ID} },
		Remove: func(*acctest.Harness, string) {},
		Create: "/workspaces/update", Get: "/workspaces/get", NotFound: "workspace_not_found",
		DataSource: "seam_workspace", Lookup: func(*acctest.Harness, string) arguments { return nil },
		Except: map[string]string{
			"replace": oneOnly, "destroy": oneOnly, "removed outside": oneOnly, "already gone": oneOnly, "import": oneOnly,
			"wrong workspace": oneOnly, "lost create": existsBefore, "only a typed 404": notTyped, "no secret": noList, "list": noList, "list limit": noList,
		},
	}
	conform(t, c)
}

func TestWorkspace_settings(t *testing.T) {
	withHarnessFor(t, "seam_workspace", func(h *harness) {
		h.requireNoDiagnostics(h.apply(nil))
		h.requireRequests("/workspaces/update", 0)
		look := values{"logo_shape": "square", "success_message": "Done"}
		config := values{"name": "Hotel", "connect_partner_name": "Canal", "is_publishable_key_auth_enabled": true, "connect_webview_customization": look}
		h.requireNoDiagnostics(h.apply(config))
		h.requireSettled(config)
		less := config.with(values{"connect_webview_customization": values{"logo_shape": "square"}})
		h.requireNoDiagnostics(h.apply(less))
		h.requireSettled(less)
		h.requireNoDiagnostics(h.apply(values{}))
		h.requireAttributes(values{"name": "Hotel", "connect_partner_name": "Canal", "is_sandbox": true})
		h.requireWarning(h.destroy(), "Workspace kept", "Seam cannot delete a workspace", h.seam.Workspace().ID)
		h.requireNoState()
		requireEqual(t, "name", h.mustReadDataSource("seam_workspace", nil)["name"], "Hotel")
	})
}

func TestWorkspace_import(t *testing.T) {
	withHarnessFor(t, "seam_workspace", func(h *harness) {
		h.requireNoDiagnostics(h.importID(h.seam.Workspace().ID))
		h.requireCleanPlan(values{})
		other := h.newObject("seam_workspace")
		other.requireError(other.importID(missingID), "Unable to read workspace", "in workspace "+missingID, "Use credentials of workspace")
	})
}

// newWorkspace is a workspace that Terraform is to create.
var newWorkspace = values{"create": true, "name": "Annex", "is_sandbox": true, "is_publishable_key_auth_enabled": true, "connect_webview_customization": values{"logo_shape": "square"}}

// withToken runs a test with a personal access token.
func withToken(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_workspace", func(h *harness) {
		h.configure(values{"api_key": nil, "personal_access_token": h.seam.Workspace().PersonalAccessToken, "workspace_id": h.seam.Workspace().ID})
		h.restart()
		test(h)
	})
}

// annexes returns the IDs of the workspaces with the name of newWorkspace.
func (h *harness) annexes() (ids []string) {
	for _, w := range h.seam.Workspaces() {
		if w["name"] == newWorkspace["name"] {
			ids = append(ids, fmt.Sprint(w["workspace_id"]))
		}
	}
	return ids
}

// Is a new workspace read and changed in itself, and not in that of the provider's credentials?
func TestWorkspace_createsAnother(t *testing.T) {
	withToken(t, func(h *harness) {
		h.requireWarningOnly(h.apply(newWorkspace), "A workspace cannot be deleted")
		requireEqual(t, "created", h.annexes(), []string{h.id()})
		h.requireAttributes(values{"workspace_id": h.id(), "is_sandbox": true, "is_publishable_key_auth_enabled": true})
		h.requireSettled(newWorkspace)
		renamed := newWorkspace.with(values{"name": "Annex 2"})
		h.requireNoDiagnostics(h.apply(renamed))
		h.requireSettled(renamed)
		requireEqual(t, "own name", h.mustReadDataSource("seam_workspace", nil)["name"], h.seam.Workspace().Name)
		id := h.id()
		h.requireWarning(h.destroy(), "Workspace kept", id)
		h.requireNoState()
		h.requireNoDiagnostics(h.importID(id))
		h.requireCleanPlan(renamed.with(values{"connect_webview_customization": nil}))
	})
}

// Does a create whose answer is lost make two workspaces, or one that no state has?
func TestWorkspace_lostCreate(t *testing.T) {
	for name, drop := range map[string]seamtest.Drop{"before": seamtest.DropBefore, "after": seamtest.DropAfter} {
		t.Run(name, func(t *testing.T) {
			withToken(t, func(h *harness) {
				h.seam.AddWorkspace("Other")
				h.seam.InjectFault(seamtest.Fault{Path: "/workspaces/create", Drop: drop, Times: 1})
				diags := h.apply(newWorkspace)
				if drop == seamtest.DropBefore {
					h.requireError(diags, "Unable to create workspace", "Seam has no new one", "Look in the Seam console before that")
					h.requireNoState()
					h.requireNoError(h.apply(newWorkspace))
				}
				h.requireSettled(newWorkspace)
				requireEqual(t, "known", h.annexes(), []string{h.id()})
			})
		})
	}
}

// Is a new workspace that could not be changed yet in the state, so that the next apply does not create
// another one?
func TestWorkspace_createThatIsNotFinished(t *testing.T) {
	withToken(t, func(h *harness) {
		fault := h.seam.InjectFault(status500Fault("/workspaces/update"))
		h.requireError(h.apply(newWorkspace), "Unable to create workspace", "HTTP 500")
		requireEqual(t, "known", h.annexes(), []string{h.id()})
		fault.Remove()
		h.restart()
		h.requireNoError(h.refresh())
	})
}

// Does a run that ends before the workspace is in a state make the next one create another?
func TestWorkspace_takenNameIsRefused(t *testing.T) {
	withToken(t, func(h *harness) {
		h.requireNoError(h.apply(newWorkspace))
		id, other := h.id(), h.newObject("seam_workspace")
		other.requireError(other.apply(newWorkspace), "Unable to create workspace", "with this name already: "+id, "terraform import 'ADDRESS' "+id, "choose another name")
		other.requireNoState()
		h.seam.InjectFault(status500Fault("/workspaces/list"))
		other.requireError(other.apply(newWorkspace.with(values{"name": "Annex 2"})), "listing the workspaces before creating one")
		h.requireRequests("/workspaces/create", 1)
	})
}

// Is a workspace created by mistake?
func TestWorkspace_createIsExplicit(t *testing.T) {
	withToken(t, func(h *harness) {
		h.requireError(h.plan(values{"create": true}).Diags, "Invalid name", "A new workspace needs a name", "remove create")
		h.requireError(h.apply(values{"name": "Annex", "is_sandbox": false}), "Unable to create workspace", "has is_sandbox = true", "Seam cannot change that")
		h.requireNoState()
		h.requireNoDiagnostics(h.apply(values{"name": "Hotel"}))
		h.requireError(h.plan(values{"is_sandbox": false}).Diags, "Invalid is_sandbox", "Set it to true")
		h.requireNoDiagnostics(h.apply(values{"name": "Hotel", "create": true}))
		requireEqual(t, "still", h.id(), h.seam.Workspace().ID)
		h.requireRequests("/workspaces/create", 0)
		h.configure(values{"api_key": h.seam.Workspace().APIKey, "personal_access_token": nil, "workspace_id": nil})
		h.restart()
		other := h.newObject("seam_workspace")
		other.requireError(other.plan(newWorkspace).Diags, "Invalid create", "An API key belongs to one workspace", "Configure personal_access_token")
	})
}

// Is a workspace that the token does not reach dropped from the state?
func TestWorkspace_outOfReach(t *testing.T) {
	withToken(t, func(h *harness) {
		h.requireNoError(h.apply(newWorkspace))
		h.seam.InjectFault(seamtest.Fault{Path: "/workspaces/get", Status: 404, Type: "workspace_not_found", Match: func(map[string]any) bool { return true }, Skip: 1})
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), "does not reach workspace "+h.id(), "Use a token of somebody who belongs")
		})
	})
}
