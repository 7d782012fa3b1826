package seamtest

import (
	"maps"
	"net/http"
	"strings"
	"testing"
)

const sink = "https://example.com/seam"

func (c *client) webhook(more object) object {
	c.t.Helper()
	body := object{"url": sink}
	maps.Copy(body, more)
	return fields(c.ok("/webhooks/create", body), "webhook")
}

func TestWebhookFromCreateToDelete(t *testing.T) {
	s, _, c, clock := door(t)
	made := c.webhook(object{"event_types": []string{"lock.locked", "access_code.created"}})
	id := object{"webhook_id": made["webhook_id"]}
	want(t, "secret", strings.HasPrefix(text(made, "secret"), "whsec_"), true)
	have := s.Webhooks()[0]
	want(t, "url", have.URL, sink)
	want(t, "created", have.CreatedAt, clock.Now())
	want(t, "types", strings.Join(have.EventTypes, " "), "lock.locked access_code.created")

	c.ok("/webhooks/update", object{"webhook_id": made["webhook_id"], "event_types": []string{"device.removed"}})
	read := fields(c.ok("/webhooks/get", id), "webhook")
	want(t, "type", in(read, "event_types", 0), any("device.removed"))
	want(t, "secret", read["secret"], made["secret"])

	twin := c.webhook(nil)
	want(t, "listed", len(entries(c.ok("/webhooks/list", object{}), "webhooks")), 2)
	want(t, "a second one for the same url", twin["webhook_id"] == made["webhook_id"], false)
	c.ok("/webhooks/delete", id)
	for _, path := range []string{"/webhooks/get", "/webhooks/delete"} {
		c.refused(path, id, http.StatusNotFound, "webhook_not_found")
	}
	id["event_types"] = []string{"*"}
	c.refused("/webhooks/update", id, http.StatusNotFound, "webhook_not_found")
	want(t, "left", s.Webhooks()[0].ID, text(twin, "webhook_id"))
}

func TestWebhookForEveryType(t *testing.T) {
	s, _, c, _ := door(t)
	types := func(webhook object) string {
		var all []string
		for _, name := range entries(webhook, "event_types") {
			all = append(all, text(name))
		}
		return strings.Join(all, " ")
	}
	want(t, "left out", types(c.webhook(nil)), "*")
	want(t, "asked for", types(c.webhook(object{"event_types": []string{"*"}})), "*")
	s.ExpandEventTypes(true)
	expanded := c.webhook(nil)
	known := strings.Join(EventTypes(), " ")
	want(t, "expanded", types(expanded), known)
	c.ok("/webhooks/update", object{"webhook_id": expanded["webhook_id"], "event_types": []string{"*"}})
	want(t, "expanded again", strings.Join(s.Webhooks()[2].EventTypes, " "), known)
	want(t, "types of today", strings.Contains(known, "access_code.removed_from_device"), true)
}

func TestWebhooksThatAreRefused(t *testing.T) {
	s, _, c, _ := door(t)
	for _, types := range [][]string{{"door.slammed"}, {"*", "lock.locked"}, {"lock.locked", "door.slammed"}} {
		c.refused("/webhooks/create", object{"url": sink, "event_types": types}, http.StatusBadRequest, "invalid_event_types")
	}
	c.refused("/webhooks/create", object{"url": "not a url"}, http.StatusBadRequest, "invalid_input")
	c.refused("/webhooks/create", object{}, http.StatusBadRequest, "invalid_input")
	want(t, "webhooks", len(s.Webhooks()), 0)

	id := c.webhook(nil)["webhook_id"]
	c.refused("/webhooks/update", object{"webhook_id": id}, http.StatusBadRequest, "invalid_input")
	c.refused("/webhooks/update", object{"webhook_id": id, "event_types": []string{"door.slammed"}}, http.StatusBadRequest, "invalid_event_types")
	want(t, "types", s.Webhooks()[0].EventTypes[0], "*")

	c.key = s.AddWorkspace("Other").APIKey
	c.refused("/webhooks/get", object{"webhook_id": id}, http.StatusNotFound, "webhook_not_found")
	c.refused("/webhooks/delete", object{"webhook_id": id}, http.StatusNotFound, "webhook_not_found")
	want(t, "seen from another workspace", len(entries(c.ok("/webhooks/list", object{}), "webhooks")), 0)
}

func TestWebhookChangesBehindOurBack(t *testing.T) {
	s, _, c, _ := door(t)
	made := c.webhook(nil)
	id := object{"webhook_id": made["webhook_id"]}
	s.ChangeWebhook(text(made, "webhook_id"), func(w *Webhook) { w.EventTypes = []string{"lock.locked"} })
	want(t, "type", in(c.ok("/webhooks/get", id), "webhook", "event_types", 0), any("lock.locked"))
	s.HideWebhookSecrets(true)
	want(t, "secret", in(c.ok("/webhooks/get", id), "webhook", "secret"), nil)
	want(t, "secret", in(c.ok("/webhooks/list", object{}), "webhooks", 0, "secret"), nil)
	s.EchoSecrets(true)
	refusal := c.refused("/webhooks/get", object{"webhook_id": newID()}, http.StatusNotFound, "webhook_not_found")
	want(t, "echoes the secret", strings.Contains(text(refusal, "message"), text(made, "secret")), true)
	s.RemoveWebhook(text(made, "webhook_id"))
	c.refused("/webhooks/get", id, http.StatusNotFound, "webhook_not_found")
}
