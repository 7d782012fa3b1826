package provider

import (
	"slices"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func withWebhookHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_webhook", test)
}

const webhookURL = "https://example.com/seam"

func webhookConfig(kinds ...string) values {
	if kinds == nil {
		return values{"url": webhookURL}
	}
	return values{"url": webhookURL, "event_types": kinds}
}

func TestWebhook_lifecycle(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		config := webhookConfig("access_code.deleted", "access_code.removed_from_device")
		h.requireNoDiagnostics(h.apply(config))
		made := h.seam.Objects("webhook")[0]
		if h.id() != made.ID || made.Text("url") != webhookURL || h.attribute("secret") != made.Text("secret") || h.attribute("workspace_id") != h.seam.Workspace().ID {
			t.Errorf("made %+v, kept %v", made, h.state)
		}
		h.requireNoDiagnostics(h.refresh())
		if p := h.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		more := webhookConfig("access_code.deleted", "access_code.removed_from_device", "access_code.failed_to_remove_from_device")
		h.requireNoDiagnostics(h.apply(more))
		if now := h.seam.Objects("webhook")[0]; now.ID != made.ID || len(now.Texts("event_types")) != 3 {
			t.Errorf("updated to %+v", now)
		}
		if p := h.plan(more.with(values{"url": "https://example.com/other"})); !slices.Equal(p.replaces, []string{"url"}) {
			t.Errorf("another address replaces because of %v", p.replaces)
		}
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		if left := h.seam.Objects("webhook"); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	})
}

func TestWebhook_allEventTypes(t *testing.T) {
	for name, config := range map[string]values{"left out": webhookConfig(), "star": webhookConfig("*")} {
		for _, spelledOut := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				withWebhookHarness(t, func(h *harness) {
					if spelledOut {
						h.seam.ExpandEventTypes()
					}
					h.requireNoDiagnostics(h.apply(config))
					h.requireNoDiagnostics(h.refresh())
					if p := h.plan(config); !p.empty() {
						t.Errorf("the next plan changes %v", p.changes())
					}
					h.seam.ChangeObject("webhook", h.id(), values{"event_types": []string{"access_code.deleted"}})
					h.requireNoDiagnostics(h.refresh())
					if p := h.plan(config); !slices.Equal(p.changes(), []string{"event_types"}) {
						t.Errorf("a subscription that somebody cut plans %v", p.changes())
					}
					h.requireNoDiagnostics(h.apply(config))
					h.requireNoDiagnostics(h.refresh())
					if p := h.plan(config); !p.empty() || !spelledOut && !slices.Equal(h.seam.Objects("webhook")[0].Texts("event_types"), []string{"*"}) {
						t.Errorf("it was not put right: %v", h.seam.Objects("webhook"))
					}
				})
			})
		}
	}
}

func TestWebhook_secretShownOnceIsKept(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.seam.HideWebhookSecrets()
		h.requireNoDiagnostics(h.apply(webhookConfig("access_code.deleted")))
		secret := h.attribute("secret")
		h.requireNoDiagnostics(h.refresh())
		h.requireNoDiagnostics(h.apply(webhookConfig("access_code.created")))
		if h.attribute("secret") != secret || secret == nil {
			t.Errorf("the secret is %v, was %v", h.attribute("secret"), secret)
		}
	})
}

func TestWebhook_removedOutside(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(webhookConfig()))
		h.seam.RemoveObject("webhook", h.id())
		h.requireWarning(h.refresh(), "Removed outside Terraform", "no webhook")
		h.requireNoState()
		h.requireNoDiagnostics(h.apply(webhookConfig()))
		h.seam.RemoveObject("webhook", h.id())
		h.requireNoDiagnostics(h.destroyWithoutRefresh())
		h.requireNoState()
	})
}

func TestWebhook_onlyATypedNotFoundMeansGone(t *testing.T) {
	for _, f := range []seamtest.Fault{{Status: 404}, {Status: 404, Type: "not_found"}, {Status: 404, Type: "workspace_not_found"}, {Status: 401, Type: "webhook_not_found"}, {Status: 500}} {
		withWebhookHarness(t, func(h *harness) {
			h.requireNoDiagnostics(h.apply(webhookConfig()))
			f.Path = "/webhooks/get"
			h.seam.InjectFault(f)
			h.requireStateUnchanged(func() {
				if !hasError(h.refresh()) {
					t.Errorf("%+v passes for a webhook that is gone", f)
				}
				if !hasError(h.destroyWithoutRefresh()) {
					t.Errorf("%+v ends a destroy", f)
				}
			})
		})
	}
}

func TestWebhook_keyOfAnotherWorkspaceIsRefused(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(webhookConfig()))
		h.providerConfig = h.providerConfig.with(values{"api_key": h.seam.AddWorkspace("Other").APIKey})
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), "belong to workspace", "state rm")
			h.requireError(h.destroyWithoutRefresh(), "belong to workspace")
		})
	})
}

func TestWebhook_import(t *testing.T) {
	for name, config := range map[string]values{"all": webhookConfig(), "some": webhookConfig("access_code.deleted")} {
		t.Run(name, func(t *testing.T) {
			withWebhookHarness(t, func(h *harness) {
				h.requireNoDiagnostics(h.apply(config))
				id := h.id()
				h.state, h.private = h.nullState(), nil
				h.requireNoDiagnostics(h.importID(id))
				if p := h.plan(config); !p.empty() {
					t.Errorf("the plan after an import changes %v", p.changes())
				}
				h.requireError(h.importID("no-such-webhook"), "There is no webhook no-such-webhook", "Check the id")
			})
		})
	}
}

func TestWebhook_lostCreate(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.newObject("seam_webhook").apply(webhookConfig()))
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Drop: seamtest.DropAfter, Times: 1})
		h.requireNoDiagnostics(h.apply(webhookConfig()))
		h.requireRequests("/webhooks/create", 2)
		if made := h.seam.Objects("webhook")[1]; h.id() != made.ID || h.attribute("secret") != made.Text("secret") {
			t.Errorf("kept %v, made %+v", h.state, made)
		}
	})
	withWebhookHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Status: 500, Times: 1})
		h.requireError(h.apply(webhookConfig()), "Whether the webhook was created is not known", "Seam has no new one", "Run again")
		h.seam.ExpandEventTypes() // so that it does not look like what was asked for
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Drop: seamtest.DropAfter, Times: 1})
		h.requireError(h.apply(webhookConfig()), "Whether the webhook was created is not known", h.seam.Objects("webhook")[0].ID, "terraform import 'ADDRESS' ")
	})
}

func TestWebhook_unknownEventType(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireError(h.apply(webhookConfig("access_code.eaten")), "Unable to create webhook", "invalid_event_types")
		h.requireNoState()
		if h.plan(webhookConfig("")).errors() == "" {
			t.Error("an empty event type is accepted")
		}
	})
}

func TestWebhook_dataSource(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(webhookConfig("access_code.deleted")))
		read := h.mustReadDataSource("seam_webhook", values{"id": h.id()})
		for _, name := range []string{"id", "url", "secret", "workspace_id"} {
			requireEqual(t, name, read[name], h.attribute(name))
		}
		h.requireReadError("seam_webhook", values{"id": missingID}, "There is no webhook "+missingID)
	})
}
