package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
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
