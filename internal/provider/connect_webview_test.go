package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
)

func TestConnectWebview_conforms(t *testing.T) {
	c := acctest.NounCase("connect_webview", "connect_webviews")
	c.Replaces, c.NotTold = "customer_key", []string{"provider_category"}
	c.Configs = func(*acctest.Harness) (before, after, other arguments) {
		before = arguments{"provider_category": "stable", "accepted_capabilities": []string{"lock"}, "customer_key": "acme", "custom_metadata": map[string]string{"building": "12"}}
		return before, before.With(arguments{"timeouts": arguments{"delete": "20m"}}), before.With(arguments{"customer_key": "other"})
	}
	c.OtherPaths = []string{"/connect_webviews/delete"}
	c.Secrets = func(h *acctest.Harness) (secrets []string) {
		for _, w := range h.Seam.Objects("connect_webview") {
			secrets = append(secrets, w.Text("url"))
		}
		return secrets
	}
	conform(t, c)
}

// Is a page planned anew once it has served its purpose?
func TestConnectWebview_finishedIsNoDrift(t *testing.T) {
	withHarnessFor(t, "seam_connect_webview", func(h *harness) {
		config := values{"custom_metadata": map[string]string{"building": "12"}}
		h.requireNoDiagnostics(h.apply(config))
		h.requireAttributes(values{"status": "pending", "connected_account_id": nil})
		account := h.seam.CompleteConnectWebview(h.id())
		h.requireNoDiagnostics(h.refresh())
		h.requireAttributes(values{"status": "authorized", "connected_account_id": account.ID, "selected_provider": "yale"})
		h.requireSettled(config)
		h.seam.RemoveObject("connect_webview", h.id())
		h.requireSettled(config)
		h.requireAttributes(values{"connected_account_id": account.ID})
		h.requireNoDiagnostics(h.destroy())
		requireEqual(t, "accounts", len(h.seam.Objects("connected_account")), 1)
	})
}

func TestConnectWebview_argumentsThatSeamDoesNotReturn(t *testing.T) {
	withHarnessFor(t, "seam_connect_webview", func(h *harness) {
		h.requireNoDiagnostics(h.importID(h.seam.AddObject("connect_webview", nil).ID))
		stable := values{"provider_category": "stable", "excluded_providers": []string{"nuki"}}
		h.requireCleanPlan(stable, "provider_category", "excluded_providers")
		h.requireNoDiagnostics(h.apply(stable))
		h.requireSettled(stable)
		for name, other := range map[string]any{"provider_category": "beta", "excluded_providers": []string{"tedee"}} {
			requireEqual(t, name, h.plan(stable.with(values{name: other})).Replaces, []string{name})
		}
	})
}
