package provider

import (
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

func TestWebhook_allEventTypes(t *testing.T) {
	for name, config := range map[string]values{"left out": webhookConfig(), "star": webhookConfig("*")} {
		for _, spelledOut := range []bool{false, true} {
			subtestFor(t, "seam_webhook", name, func(h *harness) {
				if spelledOut {
					h.seam.ExpandEventTypes()
				}
				h.requireNoDiagnostics(h.apply(config))
				h.requireSettled(config)
				h.seam.ChangeObject("webhook", h.id(), values{"event_types": []string{"access_code.deleted"}})
				h.requireNoDiagnostics(h.refresh())
				h.requireCleanPlan(config, "event_types")
				h.requireNoDiagnostics(h.apply(config))
				h.requireNoDiagnostics(h.refresh())
				if p := h.plan(config); !p.empty() || len(h.seam.Objects("webhook")[0].Texts("event_types")) == 1 && !spelledOut && h.seam.Objects("webhook")[0].Texts("event_types")[0] != "*" {
					h.t.Errorf("it was not put right: %v", h.seam.Objects("webhook"))
				}
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

// The answer to a create is lost, and what Seam has looks different from what was asked for.
func TestWebhook_lostCreate(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Status: 500, Times: 1})
		h.requireError(h.apply(webhookConfig()), "Whether the webhook was created is not known", "Seam has no new one", "Run again")
		h.seam.ExpandEventTypes()
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Drop: seamtest.DropAfter, Times: 1})
		h.requireError(h.apply(webhookConfig()), "Whether the webhook was created is not known", h.seam.Objects("webhook")[0].ID, "terraform import 'ADDRESS' ")
	})
}

func TestWebhook_unknownEventType(t *testing.T) {
	withWebhookHarness(t, func(h *harness) {
		h.requireError(h.apply(webhookConfig("access_code.eaten")), "Unable to create webhook", "invalid_event_types")
		h.requireNoState()
		h.requireError(h.plan(webhookConfig("")).Diags)
	})
}
