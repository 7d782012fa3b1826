package provider

import (
	"testing"
	"time"
)

// An argument that was never filled, as from a variable, must not look like one that was
// left out: the answer would be everything there is.
func TestAnEmptyFilterDoesNotFindEverything(t *testing.T) {
	inWorld(t, func(w *world) {
		w.furnish()
		since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		for _, c := range []struct {
			kind   string
			config values
		}{
			{"seam_access_codes", values{"device_id": ""}},
			{"seam_access_codes", values{"customer_key": ""}},
			{"seam_access_codes", values{"access_grant_id": ""}},
			{"seam_access_codes", values{"access_method_id": ""}},
			{"seam_access_codes", values{"device_id": w.lock.ID, "search": ""}},
			{"seam_access_codes", values{"access_code_ids": []string{""}}},
			{"seam_access_code", values{"id": ""}},
			{"seam_access_code", values{"device_id": w.lock.ID, "code": ""}},
			{"seam_access_code", values{"device_id": "", "code": "48210"}},
			{"seam_unmanaged_access_codes", values{"device_id": ""}},
			{"seam_device", values{"id": ""}},
			{"seam_device", values{"name": ""}},
			{"seam_devices", values{"customer_key": ""}},
			{"seam_devices", values{"device_ids": []string{w.lock.ID, ""}}},
			{"seam_device_providers", values{"provider_category": ""}},
			{"seam_events", values{"since": since, "access_code_ids": []string{""}}},
			{"seam_action_attempt", values{"id": ""}},
		} {
			_, diags := w.read(c.kind, c.config)
			if !failed(diags) {
				t.Errorf("%s takes %v", c.kind, c.config)
				continue
			}
			w.fails(diags, "length must be at least 1")
		}
		for _, config := range []values{{"device_id": ""}, {"customer_key": ""}, {"search": ""}} {
			w.fails(w.validatesList("seam_access_code", config), "length must be at least 1")
		}
		w.fails(w.validatesList("seam_unmanaged_access_code", values{"device_id": ""}), "length must be at least 1")
		_, diags := w.open("seam_access_code", values{"id": ""})
		w.fails(diags, "length must be at least 1")
	})
}

func TestAnyOfNoneIsNone(t *testing.T) {
	inWorld(t, func(w *world) {
		w.furnish()
		since, nothing := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), []string{}
		for _, c := range []struct {
			kind, found string
			config      values
		}{
			{"seam_access_codes", "access_codes", values{"access_code_ids": nothing}},
			{"seam_access_codes", "access_codes", values{"access_code_ids": nothing, "device_id": w.lock.ID}},
			{"seam_devices", "devices", values{"device_ids": nothing}},
			{"seam_devices", "devices", values{"device_types": nothing}},
			{"seam_devices", "devices", values{"connected_account_ids": nothing}},
			{"seam_events", "events", values{"since": since, "event_types": nothing}},
			{"seam_events", "events", values{"since": since, "device_ids": nothing}},
			{"seam_events", "events", values{"since": since, "access_code_ids": nothing}},
		} {
			if got := w.reads(c.kind, c.config)[c.found]; w.printed(got) != "[]" {
				t.Errorf("%s with %v finds %v", c.kind, c.config, got)
			}
		}
	})
}

func TestNullAmongTheValuesOfAFilterIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		_, diags := w.read("seam_devices", values{"device_ids": []any{w.lock.ID, nil}})
		w.fails(diags, "contains a null value")
		_, diags = w.read("seam_devices", values{"custom_metadata_has": map[string]any{"floor": nil}})
		w.fails(diags, "contains a null value")
	})
}

// A session that is restricted to nothing, by a list that turned out empty, must not come
// back as one without restrictions.
func TestAClientSessionRestrictedToNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		var sent map[string]any
		w.watch("/client_sessions/create", func(body map[string]any) { sent = body })
		o, diags := w.open("seam_client_session", values{"connected_account_ids": []string{}})
		w.silent(diags)
		w.silent(w.close(o))
		if accounts, there := sent["connected_account_ids"].([]any); !there || len(accounts) != 0 {
			t.Errorf("Seam is asked for %v", sent)
		}
		if _, there := sent["connect_webview_ids"]; there {
			t.Errorf("Seam is asked for %v", sent)
		}
		for _, config := range []values{{"customer_key": ""}, {"user_identity_id": ""}, {"connect_webview_ids": []string{""}}} {
			_, diags := w.open("seam_client_session", config)
			w.fails(diags, "length must be at least 1")
		}
	})
}
