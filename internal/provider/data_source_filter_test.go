package provider

import (
	"fmt"
	"testing"
	"time"
)

// An argument that was never filled, as from a variable, must not look like one that was
// left out: the answer would be everything there is.
func TestDataSource_emptyFilterIsRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.addCodes()
		since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		for _, c := range []struct {
			kind   string
			config values
		}{
			{"seam_access_codes", values{"device_id": ""}},
			{"seam_access_codes", values{"customer_key": ""}},
			{"seam_access_codes", values{"access_grant_id": ""}},
			{"seam_access_codes", values{"access_method_id": ""}},
			{"seam_access_codes", values{"device_id": h.lock.ID, "search": ""}},
			{"seam_access_codes", values{"access_code_ids": []string{""}}},
			{"seam_access_code", values{"id": ""}},
			{"seam_access_code", values{"device_id": h.lock.ID, "code": ""}},
			{"seam_access_code", values{"device_id": "", "code": "48210"}},
			{"seam_unmanaged_access_codes", values{"device_id": ""}},
			{"seam_device", values{"id": ""}},
			{"seam_device", values{"name": ""}},
			{"seam_devices", values{"customer_key": ""}},
			{"seam_devices", values{"device_ids": []string{h.lock.ID, ""}}},
			{"seam_device_providers", values{"provider_category": ""}},
			{"seam_events", values{"since": since, "access_code_ids": []string{""}}},
			{"seam_action_attempt", values{"id": ""}},
		} {
			h.requireReadError(c.kind, c.config, "length must be at least 1")
		}
		for _, config := range []values{{"device_id": ""}, {"customer_key": ""}, {"search": ""}} {
			h.requireError(h.ValidateListConfig("seam_access_code", config), "length must be at least 1")
		}
		h.requireError(h.ValidateListConfig("seam_unmanaged_access_code", values{"device_id": ""}), "length must be at least 1")
		h.requireOpenError("seam_access_code", values{"id": ""}, "length must be at least 1")
	})
}

func TestDataSource_emptyListFilterFindsNothing(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.addCodes()
		since, nothing := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), []string{}
		for _, c := range []struct {
			kind, found string
			config      values
		}{
			{"seam_access_codes", "access_codes", values{"access_code_ids": nothing}},
			{"seam_access_codes", "access_codes", values{"access_code_ids": nothing, "device_id": h.lock.ID}},
			{"seam_devices", "devices", values{"device_ids": nothing}},
			{"seam_devices", "devices", values{"device_types": nothing}},
			{"seam_devices", "devices", values{"connected_account_ids": nothing}},
			{"seam_events", "events", values{"since": since, "event_types": nothing}},
			{"seam_events", "events", values{"since": since, "device_ids": nothing}},
			{"seam_events", "events", values{"since": since, "access_code_ids": nothing}},
		} {
			requireEqual(t, fmt.Sprint(c.kind, c.config), h.PrintedText(h.mustReadDataSource(c.kind, c.config)[c.found]), "[]")
		}
	})
}

func TestDataSource_nullInAFilterIsRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireReadError("seam_devices", values{"device_ids": []any{h.lock.ID, nil}}, "contains a null value")
		h.requireReadError("seam_devices", values{"custom_metadata_has": map[string]any{"floor": nil}}, "contains a null value")
	})
}

// A session that is restricted to nothing, by a list that turned out empty, must not come
// back as one without restrictions.
func TestClientSession_emptyRestrictionIsSent(t *testing.T) {
	withHarness(t, func(h *harness) {
		var sent map[string]any
		h.onRequest("/client_sessions/create", func(body map[string]any) { sent = body })
		o := h.mustOpen("seam_client_session", values{"connected_account_ids": []string{}})
		h.requireNoDiagnostics(h.CloseEphemeral(o))
		accounts, isSent := sent["connected_account_ids"].([]any)
		_, others := sent["connect_webview_ids"]
		requireEqual(t, "sent", []any{isSent, len(accounts), others}, []any{true, 0, false})
		for _, config := range []values{{"customer_key": ""}, {"user_identity_id": ""}, {"connect_webview_ids": []string{""}}} {
			h.requireOpenError("seam_client_session", config, "length must be at least 1")
		}
	})
}
