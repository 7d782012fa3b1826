package seamtest

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
)

const webhookURL = "https://example.com/seam"

func (c *client) createWebhook(more jsonObject) jsonObject {
	c.t.Helper()
	body := jsonObject{"url": webhookURL}
	maps.Copy(body, more)
	return objectAt(c.ok("/webhooks/create", body), "webhook")
}

func TestWebhook_lifecycle(t *testing.T) {
	s, _, c, clock := setup(t)
	made := c.createWebhook(jsonObject{"event_types": []string{"lock.locked", "access_code.created"}})
	id := jsonObject{"webhook_id": made["webhook_id"]}
	assertEqual(t, "secret", strings.HasPrefix(stringAt(made, "secret"), "whsec_"), true)
	have := s.Objects("webhook")[0]
	assertEqual(t, "url", have.Text("url"), webhookURL)
	assertEqual(t, "created", have.CreatedAt, clock.Now())
	assertEqual(t, "types", strings.Join(have.Texts("event_types"), " "), "lock.locked access_code.created")

	c.ok("/webhooks/update", jsonObject{"webhook_id": made["webhook_id"], "event_types": []string{"device.removed"}})
	assertShows(t, c.ok("/webhooks/get", id)["webhook"], jsonObject{"event_types.0": "device.removed", "secret": made["secret"]})

	second := c.createWebhook(nil)
	c.wantListed("/webhooks/list", jsonObject{}, 2)
	assertEqual(t, "a second one for the same url", second["webhook_id"] == made["webhook_id"], false)
	c.ok("/webhooks/delete", id)
	c.wantMissing("webhook", id, "/webhooks/get", "/webhooks/delete")
	id["event_types"] = []string{"*"}
	c.wantMissing("webhook", id, "/webhooks/update")
	assertEqual(t, "left", s.Objects("webhook")[0].ID, stringAt(second, "webhook_id"))
}

func TestWebhook_allEventTypes(t *testing.T) {
	s, _, c, _ := setup(t)
	types := func(webhook jsonObject) string {
		var all []string
		for _, name := range listAt(webhook, "event_types") {
			all = append(all, fmt.Sprint(name))
		}
		return strings.Join(all, " ")
	}
	assertEqual(t, "left out", types(c.createWebhook(nil)), "*")
	assertEqual(t, "asked for", types(c.createWebhook(jsonObject{"event_types": []string{"*"}})), "*")
	s.ExpandEventTypes()
	expanded := c.createWebhook(nil)
	known := strings.Join(EventTypes(), " ")
	assertEqual(t, "expanded", types(expanded), known)
	c.ok("/webhooks/update", jsonObject{"webhook_id": expanded["webhook_id"], "event_types": []string{"*"}})
	assertEqual(t, "expanded again", strings.Join(s.Objects("webhook")[2].Texts("event_types"), " "), known)
	assertEqual(t, "types of today", strings.Contains(known, "access_code.removed_from_device"), true)
}

func TestWebhook_rejectsInvalidRequests(t *testing.T) {
	s, _, c, _ := setup(t)
	for _, types := range [][]string{{"door.slammed"}, {"*", "lock.locked"}, {"lock.locked", "door.slammed"}} {
		c.wantError("/webhooks/create", jsonObject{"url": webhookURL, "event_types": types}, http.StatusBadRequest, "invalid_event_types")
	}
	c.wantInvalid("/webhooks/create", jsonObject{"url": "not a url"}, jsonObject{})
	assertEqual(t, "webhooks", len(s.Objects("webhook")), 0)

	id := c.createWebhook(nil)["webhook_id"]
	c.wantInvalid("/webhooks/update", jsonObject{"webhook_id": id})
	c.wantError("/webhooks/update", jsonObject{"webhook_id": id, "event_types": []string{"door.slammed"}}, http.StatusBadRequest, "invalid_event_types")
	assertEqual(t, "types", s.Objects("webhook")[0].Texts("event_types")[0], "*")
}

func TestWebhook_secrets(t *testing.T) {
	s, _, c, _ := setup(t)
	made := c.createWebhook(nil)
	s.HideWebhookSecrets()
	assertShows(t, c.ok("/webhooks/get", jsonObject{"webhook_id": made["webhook_id"]}), jsonObject{"webhook.secret": nil})
	assertShows(t, c.ok("/webhooks/list", jsonObject{}), jsonObject{"webhooks.#": 1, "webhooks.0.secret": nil})
	s.EchoSecrets(true)
	apiErr := c.wantError("/webhooks/get", jsonObject{"webhook_id": newID()}, http.StatusNotFound, "webhook_not_found")
	assertContains(t, stringAt(apiErr, "message"), stringAt(made, "secret"))
}
