//go:build contract

package contract

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// knows tells whether the server itself answers on a path.
func (u *user) knows(path string, body object) bool {
	u.t.Helper()
	a := u.post(u.t, path, body)
	if a.status == http.StatusNotFound && !a.json {
		return false
	}
	equal(u.t, path+": status", a.status, http.StatusOK)
	return true
}

func providers(u *user) {
	for _, p := range entries(u.ok(u.t, "/devices/list_device_providers", object{}), "device_providers") {
		equal(u.t, "a provider has names", text(p, "device_provider_name") != "" && text(p, "display_name") != "" && text(p, "image_url") != "", true)
	}
	stable := entries(u.ok(u.t, "/devices/list_device_providers", object{"provider_category": "stable"}), "device_providers")
	equal(u.t, "stable ones", len(stable) > 0, true)
	for _, p := range stable {
		equal(u.t, "is stable", slices.Contains(entries(p, "provider_categories"), any("stable")), true)
	}
	u.refuses(u.t, "/devices/list_device_providers", object{"provider_category": "toasters"}, http.StatusBadRequest, "invalid_input")
	a := u.post(u.t, "/devices/list_device_providers", object{"provider_category": "thermostats"})
	equal(u.t, "another category", a.status, either(u.server, twoCategories, http.StatusBadRequest, http.StatusOK))
}

const sink = "https://example.com/seam"

func (u *user) webhook(more object) object {
	u.t.Helper()
	more["url"] = sink
	made, _ := u.ok(u.t, "/webhooks/create", more)["webhook"].(object)
	return made
}

func webhooks(u *user) {
	made := u.webhook(object{"event_types": []string{"lock.locked"}})
	id := object{"webhook_id": made["webhook_id"]}
	read := u.ok(u.t, "/webhooks/get", id)["webhook"]
	for _, field := range []string{"webhook_id", "url", "secret"} {
		equal(u.t, field, text(read, field), text(made, field))
		equal(u.t, field+" is there", text(read, field) != "", true)
	}
	equal(u.t, "type", entries(read, "event_types")[0], any("lock.locked"))
	equal(u.t, "has a date", in(read, "created_at") != nil, u.has(webhooksHaveDates))

	twin := u.webhook(object{})
	equal(u.t, "a second one for the same url", twin["webhook_id"] == made["webhook_id"], false)
	for name, all := range map[string]object{"left out": twin, "asked for": u.webhook(object{"event_types": []string{"*"}})} {
		equal(u.t, "types "+name+": are one", len(entries(all, "event_types")) == 1, !u.has(webhooksExpand))
	}
	equal(u.t, "listed", len(entries(u.ok(u.t, "/webhooks/list", object{}), "webhooks")), 3)
	equal(u.t, "listed with another key", len(entries(u.as(u.foreignKey).ok(u.t, "/webhooks/list", object{}), "webhooks")), 0)
	for _, path := range []string{"/webhooks/get", "/webhooks/delete"} {
		u.as(u.foreignKey).refuses(u.t, path, id, http.StatusNotFound, "webhook_not_found")
	}
	equal(u.t, "can be updated", u.knows("/webhooks/update", object{"webhook_id": id["webhook_id"], "event_types": []string{"*"}}), !u.has(noWebhookUpdate))
	u.ok(u.t, "/webhooks/delete", id)
	for _, path := range []string{"/webhooks/get", "/webhooks/delete"} {
		u.refuses(u.t, path, id, http.StatusNotFound, "webhook_not_found")
	}
}

func webhooksRefused(u *user) {
	for _, types := range [][]string{{"door.slammed"}, {"*", "lock.locked"}} {
		u.refuses(u.t, "/webhooks/create", object{"url": sink, "event_types": types}, http.StatusBadRequest, "invalid_event_types")
	}
	a := u.post(u.t, "/webhooks/create", object{"url": sink, "event_types": []string{"access_code.code_changed"}})
	equal(u.t, "a newer type: status", a.status, either(u.server, webhooksKnowFewTypes, http.StatusBadRequest, http.StatusOK))
	equal(u.t, "a newer type: error", a.errorType(), either(u.server, webhooksKnowFewTypes, "invalid_event_types", ""))
	u.refuses(u.t, "/webhooks/create", object{"url": "not a url"}, http.StatusBadRequest, "invalid_input")
	u.refuses(u.t, "/webhooks/create", object{}, http.StatusBadRequest, "invalid_input")
}

func sessions(u *user) {
	expires := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	jane := object{
		"user_identifier_key": "jane", "connected_account_ids": []any{u.device(u.lock)["connected_account_id"]},
		"expires_at": expires, "user_identity_id": unknownID, "customer_key": "acme",
	}
	made := u.ok(u.t, "/client_sessions/create", jane)["client_session"]
	id := object{"client_session_id": in(made, "client_session_id")}
	read := u.ok(u.t, "/client_sessions/get", id)["client_session"]
	equal(u.t, "token", text(read, "token"), text(made, "token"))
	equal(u.t, "token of its kind", strings.HasPrefix(text(made, "token"), "seam_cst1"), true)
	equal(u.t, "key", text(read, "user_identifier_key"), "jane")
	equal(u.t, "workspace", text(read, "workspace_id"), u.workspace)
	equal(u.t, "account", entries(read, "connected_account_ids")[0], u.device(u.lock)["connected_account_id"])
	count, _ := in(read, "device_count").(float64)
	equal(u.t, "counts locks", count >= 1, true)
	equal(u.t, "expires as asked", text(read, "expires_at") == expires, !u.has(sessionsIgnoreMuch))
	equal(u.t, "identity", text(read, "user_identity_id"), either(u.server, sessionsIgnoreMuch, "", unknownID))
	equal(u.t, "customer", text(read, "customer_key"), either(u.server, sessionsIgnoreMuch, "", "acme"))

	u.refuses(u.t, "/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	u.refuses(u.t, "/client_sessions/get", object{"client_session_id": unknownID}, http.StatusNotFound, "client_session_not_found")
	a := u.as(u.foreignKey).post(u.t, "/client_sessions/get", id)
	equal(u.t, "get with another key", a.status, either(u.server, sessionsOfAll, http.StatusOK, http.StatusNotFound))
	for _, path := range []string{"/client_sessions/list", "/client_sessions/revoke", "/client_sessions/delete"} {
		equal(u.t, path+": is there", u.knows(path, id), !u.has(sessionsStay))
	}
}
