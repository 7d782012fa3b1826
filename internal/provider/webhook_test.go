package provider

import (
	"slices"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func inWebhookWorld(t *testing.T, test func(*world)) {
	t.Helper()
	inWorldOf(t, "seam_webhook", test)
}

const removalHook = "https://example.com/seam"

func hook(kinds ...string) values {
	if kinds == nil {
		return values{"url": removalHook}
	}
	return values{"url": removalHook, "event_types": kinds}
}

func TestWebhookFromCreateToDelete(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		config := hook("access_code.deleted", "access_code.removed_from_device")
		w.silent(w.apply(config))
		made := w.seam.Webhooks()[0]
		if w.id() != made.ID || made.URL != removalHook || w.has("secret") != made.Secret || w.has("workspace_id") != w.seam.Workspace().ID {
			t.Errorf("made %+v, kept %v", made, w.state)
		}
		w.silent(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		more := hook("access_code.deleted", "access_code.removed_from_device", "access_code.failed_to_remove_from_device")
		w.silent(w.apply(more))
		if now := w.seam.Webhooks()[0]; now.ID != made.ID || len(now.EventTypes) != 3 {
			t.Errorf("updated to %+v", now)
		}
		if p := w.plan(more.with(values{"url": "https://example.com/other"})); !slices.Equal(p.replaces, []string{"url"}) {
			t.Errorf("another address replaces because of %v", p.replaces)
		}
		w.silent(w.destroy())
		w.gone()
		if left := w.seam.Webhooks(); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	})
}

func TestWebhookForAllEvents(t *testing.T) {
	for name, config := range map[string]values{"left out": hook(), "star": hook("*")} {
		for _, spelledOut := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				inWebhookWorld(t, func(w *world) {
					w.seam.ExpandEventTypes(spelledOut)
					w.silent(w.apply(config))
					w.silent(w.refresh())
					if p := w.plan(config); !p.empty() {
						t.Errorf("the next plan changes %v", p.changes())
					}
					w.seam.ChangeWebhook(w.id(), func(h *seamtest.Webhook) { h.EventTypes = []string{"access_code.deleted"} })
					w.silent(w.refresh())
					if p := w.plan(config); !slices.Equal(p.changes(), []string{"event_types"}) {
						t.Errorf("a subscription that somebody cut plans %v", p.changes())
					}
					w.silent(w.apply(config))
					w.silent(w.refresh())
					if p := w.plan(config); !p.empty() || len(w.seam.Webhooks()[0].EventTypes) == 1 && !spelledOut && w.seam.Webhooks()[0].EventTypes[0] != "*" {
						t.Errorf("it was not put right: %v", w.seam.Webhooks())
					}
				})
			})
		}
	}
}

func TestWebhookSecretThatSeamShowsOnce(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		w.seam.HideWebhookSecrets(true)
		w.silent(w.apply(hook("access_code.deleted")))
		secret := w.has("secret")
		w.silent(w.refresh())
		w.silent(w.apply(hook("access_code.created")))
		if w.has("secret") != secret || secret == nil {
			t.Errorf("the secret is %v, was %v", w.has("secret"), secret)
		}
	})
}

func TestWebhookThatSomebodyDeleted(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		w.silent(w.apply(hook()))
		w.seam.RemoveWebhook(w.id())
		w.warns(w.refresh(), "Removed outside Terraform", "no webhook")
		w.gone()
		w.silent(w.apply(hook()))
		w.seam.RemoveWebhook(w.id())
		w.silent(w.delete())
		w.gone()
	})
}

func TestWebhookIsDroppedOnProofOnly(t *testing.T) {
	for _, f := range []seamtest.Fault{{Status: 404}, {Status: 404, Type: "not_found"}, {Status: 404, Type: "workspace_not_found"}, {Status: 401, Type: "webhook_not_found"}, {Status: 500}} {
		inWebhookWorld(t, func(w *world) {
			w.silent(w.apply(hook()))
			f.Path = "/webhooks/get"
			w.seam.InjectFault(f)
			w.keeps(func() {
				if !failed(w.refresh()) {
					t.Errorf("%+v passes for a webhook that is gone", f)
				}
				if !failed(w.delete()) {
					t.Errorf("%+v ends a destroy", f)
				}
			})
		})
	}
}

func TestWebhookOfAnotherWorkspaceIsLeftAlone(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		w.silent(w.apply(hook()))
		w.settings = w.settings.with(values{"api_key": w.seam.AddWorkspace("Other").APIKey})
		w.restart()
		w.keeps(func() {
			w.fails(w.refresh(), "belong to workspace", "state rm")
			w.fails(w.delete(), "belong to workspace")
		})
	})
}

func TestWebhookImport(t *testing.T) {
	for name, config := range map[string]values{"all": hook(), "some": hook("access_code.deleted")} {
		t.Run(name, func(t *testing.T) {
			inWebhookWorld(t, func(w *world) {
				w.silent(w.apply(config))
				id := w.id()
				w.state, w.private = w.none(), nil
				w.silent(w.importID(id))
				if p := w.plan(config); !p.empty() {
					t.Errorf("the plan after an import changes %v", p.changes())
				}
				w.fails(w.importID("no-such-webhook"), "There is no webhook no-such-webhook", "Check the id")
			})
		})
	}
}

func TestWebhookWhoseCreateIsLost(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Drop: seamtest.DropAfter, Times: 1})
		w.fails(w.apply(hook()), "Whether the webhook was created is not known", w.seam.Webhooks()[0].ID, "terraform import 'ADDRESS' ")
		w.asked("/webhooks/create", 1)
		w.seam.InjectFault(seamtest.Fault{Path: "/webhooks/create", Status: 500, Times: 1})
		w.seam.RemoveWebhook(w.seam.Webhooks()[0].ID)
		w.fails(w.apply(hook()), "Seam lists no webhook with this URL", "Run again")
	})
}

func TestWebhookWithAnEventThatSeamDoesNotKnow(t *testing.T) {
	inWebhookWorld(t, func(w *world) {
		w.fails(w.apply(hook("access_code.eaten")), "Unable to create webhook", "invalid_event_types")
		w.gone()
		if w.plan(hook("")).errors() == "" {
			t.Error("an empty event type is accepted")
		}
	})
}
