//go:build contract

package contract

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// hasRoute tells whether the server itself answers on a path.
func (h *clientHarness) hasRoute(path string, body jsonObject) bool {
	h.t.Helper()
	a := h.post(h.t, path, body)
	if a.status == http.StatusNotFound && !a.json {
		return false
	}
	assertEqual(h.t, path+": status", a.status, http.StatusOK)
	return true
}

func deviceProviders(h *clientHarness) {
	for _, p := range listAt(h.ok(h.t, "/devices/list_device_providers", jsonObject{}), "device_providers") {
		assertEqual(h.t, "a provider has names", stringAt(p, "device_provider_name") != "" && stringAt(p, "display_name") != "" && stringAt(p, "image_url") != "", true)
	}
	stable := listAt(h.ok(h.t, "/devices/list_device_providers", jsonObject{"provider_category": "stable"}), "device_providers")
	assertEqual(h.t, "stable ones", len(stable) > 0, true)
	for _, p := range stable {
		assertEqual(h.t, "is stable", slices.Contains(listAt(p, "provider_categories"), any("stable")), true)
	}
	h.wantError(h.t, "/devices/list_device_providers", jsonObject{"provider_category": "toasters"}, http.StatusBadRequest, "invalid_input")
	another := jsonObject{"provider_category": "thermostats"}
	h.wantStatus(h.t, onlyTwoProviderCategories, "/devices/list_device_providers", another, http.StatusBadRequest, http.StatusOK)
}

const webhookURL = "https://example.com/seam"

func (h *clientHarness) createWebhook(more jsonObject) jsonObject {
	h.t.Helper()
	more["url"] = webhookURL
	created, _ := h.ok(h.t, "/webhooks/create", more)["webhook"].(jsonObject)
	return created
}

func webhooks(h *clientHarness) {
	created := h.createWebhook(jsonObject{"event_types": []string{"lock.locked"}})
	id := jsonObject{"webhook_id": created["webhook_id"]}
	read := h.ok(h.t, "/webhooks/get", id)["webhook"]
	for _, field := range []string{"webhook_id", "url", "secret"} {
		assertEqual(h.t, field, stringAt(read, field), stringAt(created, field))
		assertEqual(h.t, field+" is there", stringAt(read, field) != "", true)
	}
	assertEqual(h.t, "type", listAt(read, "event_types")[0], any("lock.locked"))
	assertEqual(h.t, "has a date", valueAt(read, "created_at") != nil, h.deviates(webhooksHaveCreatedAt))

	second := h.createWebhook(jsonObject{})
	assertEqual(h.t, "a second one for the same url", second["webhook_id"] == created["webhook_id"], false)
	for name, all := range map[string]jsonObject{"left out": second, "asked for": h.createWebhook(jsonObject{"event_types": []string{"*"}})} {
		assertEqual(h.t, "types "+name+": are one", len(listAt(all, "event_types")) == 1, !h.deviates(webhooksExpandWildcard))
	}
	assertEqual(h.t, "listed", len(listAt(h.ok(h.t, "/webhooks/list", jsonObject{}), "webhooks")), 3)
	assertEqual(h.t, "listed with another key", len(listAt(h.withKey(h.foreignKey).ok(h.t, "/webhooks/list", jsonObject{}), "webhooks")), 0)
	for _, path := range []string{"/webhooks/get", "/webhooks/delete"} {
		h.withKey(h.foreignKey).wantError(h.t, path, id, http.StatusNotFound, "webhook_not_found")
	}
	assertEqual(h.t, "can be updated", h.hasRoute("/webhooks/update", jsonObject{"webhook_id": id["webhook_id"], "event_types": []string{"*"}}), !h.deviates(noWebhookUpdate))
	h.ok(h.t, "/webhooks/delete", id)
	for _, path := range []string{"/webhooks/get", "/webhooks/delete"} {
		h.wantError(h.t, path, id, http.StatusNotFound, "webhook_not_found")
	}
}

func webhooksInvalidInput(h *clientHarness) {
	for _, types := range [][]string{{"door.slammed"}, {"*", "lock.locked"}} {
		h.wantError(h.t, "/webhooks/create", jsonObject{"url": webhookURL, "event_types": types}, http.StatusBadRequest, "invalid_event_types")
	}
	newer := jsonObject{"url": webhookURL, "event_types": []string{"access_code.code_changed"}}
	a := h.wantStatus(h.t, webhooksRejectNewerTypes, "/webhooks/create", newer, http.StatusBadRequest, http.StatusOK)
	assertEqual(h.t, "a newer type: error", a.errorType(), expected(h.server, webhooksRejectNewerTypes, "invalid_event_types", ""))
	h.wantError(h.t, "/webhooks/create", jsonObject{"url": "not a url"}, http.StatusBadRequest, "invalid_input")
	h.wantError(h.t, "/webhooks/create", jsonObject{}, http.StatusBadRequest, "invalid_input")
}

func clientSessions(h *clientHarness) {
	expires := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	jane := jsonObject{
		"user_identifier_key": "jane", "connected_account_ids": []any{h.device(h.lock)["connected_account_id"]},
		"expires_at": expires, "user_identity_id": unknownID, "customer_key": "acme",
	}
	created := h.ok(h.t, "/client_sessions/create", jane)["client_session"]
	id := jsonObject{"client_session_id": valueAt(created, "client_session_id")}
	read := h.ok(h.t, "/client_sessions/get", id)["client_session"]
	assertEqual(h.t, "token", stringAt(read, "token"), stringAt(created, "token"))
	assertEqual(h.t, "token of its kind", strings.HasPrefix(stringAt(created, "token"), "seam_cst1"), true)
	assertEqual(h.t, "key", stringAt(read, "user_identifier_key"), "jane")
	assertEqual(h.t, "workspace", stringAt(read, "workspace_id"), h.workspace)
	assertEqual(h.t, "account", listAt(read, "connected_account_ids")[0], h.device(h.lock)["connected_account_id"])
	count, _ := valueAt(read, "device_count").(float64)
	assertEqual(h.t, "counts locks", count >= 1, true)
	assertEqual(h.t, "expires as asked", stringAt(read, "expires_at") == expires, !h.deviates(sessionsIgnoreFields))
	assertEqual(h.t, "identity", stringAt(read, "user_identity_id"), expected(h.server, sessionsIgnoreFields, "", unknownID))
	assertEqual(h.t, "customer", stringAt(read, "customer_key"), expected(h.server, sessionsIgnoreFields, "", "acme"))

	h.wantError(h.t, "/client_sessions/create", jane, http.StatusBadRequest, "client_session_token_already_exists")
	h.wantError(h.t, "/client_sessions/get", jsonObject{"client_session_id": unknownID}, http.StatusNotFound, "client_session_not_found")
	h.withKey(h.foreignKey).wantStatus(h.t, sessionsOfOtherWorkspaces, "/client_sessions/get", id, http.StatusOK, http.StatusNotFound)
	for _, path := range []string{"/client_sessions/list", "/client_sessions/grant_access", "/client_sessions/revoke", "/client_sessions/delete"} {
		assertEqual(h.t, path+": is there", h.hasRoute(path, id), !h.deviates(noSessionListOrDelete))
	}
}
