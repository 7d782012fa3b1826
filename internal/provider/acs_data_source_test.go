package provider

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// found are the ids that a list data source finds.
func (h *harness) found(kind string, config values) []string {
	h.t.Helper()
	return attributeValues(h.mustReadDataSource("seam_"+kind, config)[kind], "id")
}

func sortedIDs(ids ...string) []string { return slices.Sorted(slices.Values(ids)) }

func TestAcsSystems_filters(t *testing.T) {
	withHarness(t, func(h *harness) {
		office := h.seam.AddObject("acs_system", map[string]any{"external_type": "brivo_account", "name": "Office"})
		hotel := h.seam.AddObject("acs_system", map[string]any{"external_type": "visionline_system", "name": "Office Hotel"})
		account := office.Text("connected_account_id")
		requireEqual(t, "all", h.found("acs_systems", values{}), sortedIDs(office.ID, hotel.ID))
		requireEqual(t, "of an account", h.found("acs_systems", values{"connected_account_id": account}), []string{office.ID})
		requireEqual(t, "by name", h.found("acs_systems", values{"name": "Office"}), []string{office.ID})
		requireEqual(t, "by another spelling", len(h.found("acs_systems", values{"name": "office"})), 0)
		requireEqual(t, "by both", len(h.found("acs_systems", values{"name": "Office Hotel", "connected_account_id": account})), 0)
		got := h.mustReadDataSource("seam_acs_systems", values{"name": "Nowhere"})
		requireEqual(t, "none", h.PrintedText(got["acs_systems"]), "[]")
		requireEqual(t, "kinds", attributeValues(h.mustReadDataSource("seam_acs_systems", values{})["acs_systems"], "external_type"), "[brivo_account visionline_system]")
	})
}

func TestAcsSystems_showProblemsWithRemedies(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.AddObject("acs_system", map[string]any{"external_type": "brivo_account", "errors": []any{
			map[string]any{"error_code": "acs_system_disconnected", "message": "No. " + canary, "created_at": "2000-01-01T00:00:00Z"},
		}})
		system, _ := h.mustReadDataSource("seam_acs_systems", values{})["acs_systems"].([]any)[0].(map[string]any)
		requireEqual(t, "message", attributeValues(system["errors"], "message"), "[No. ****]")
		requireEqual(t, "remedy", attributeValues(system["errors"], "remedy"), "[connect the access system again through a Connect Webview.]")
		requireEqual(t, "time zone", system["time_zone"], "Etc/UTC")
	})
}

func TestAcsEntrances_filters(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.PageSize(1)
		office, shop := h.seam.AddAccessSystem("brivo_account").ID, h.seam.AddAccessSystem("salto_ks_site").ID
		space := h.seam.AddObject("space", map[string]any{"name": "Floor 1"}).ID
		gate := h.seam.AddEntrance(office, map[string]any{"display_name": "Gate", "space_ids": []string{space}, "can_unlock_with_code": false}).ID
		lobby := h.seam.AddEntrance(office, map[string]any{"display_name": "Lobby"}).ID
		back := h.seam.AddEntrance(shop, map[string]any{"display_name": "Gate"}).ID
		requireEqual(t, "all", h.found("acs_entrances", values{}), sortedIDs(gate, lobby, back))
		requireEqual(t, "of a system", h.found("acs_entrances", values{"acs_system_id": office}), sortedIDs(gate, lobby))
		requireEqual(t, "in a space", h.found("acs_entrances", values{"space_id": space}), []string{gate})
		requireEqual(t, "by name", h.found("acs_entrances", values{"name": "Gate"}), sortedIDs(gate, back))
		requireEqual(t, "by name in a system", h.found("acs_entrances", values{"name": "Gate", "acs_system_id": shop}), []string{back})
		requireEqual(t, "none", h.PrintedText(h.mustReadDataSource("seam_acs_entrances", values{"name": "gate"})["acs_entrances"]), "[]")
		shown, _ := h.mustReadDataSource("seam_acs_entrances", values{"space_id": space})["acs_entrances"].([]any)[0].(map[string]any)
		requireEqual(t, "entrance", []any{shown["acs_system_id"], shown["space_ids"], shown["can_unlock_with_code"], shown["can_unlock_with_card"]}, []any{office, []any{space}, false, true})
	})
}

// Will destroy be able to prove that a card is revoked?
func TestAcsEntrances_showWhetherARevocationIsProvable(t *testing.T) {
	withHarness(t, func(h *harness) {
		online, hotel := h.seam.AddAccessSystem("brivo_account").ID, h.seam.AddAccessSystem("visionline_system").ID
		h.seam.AddEntrance(online, map[string]any{"display_name": "Office"})
		h.seam.AddEntrance(online, map[string]any{"display_name": "Bookable", "can_belong_to_reservation": true})
		h.seam.AddEntrance(hotel, map[string]any{"display_name": "Room"})
		for name, want := range map[string]string{"Office": "[true]", "Bookable": "[false]", "Room": "[false]"} {
			requireEqual(t, name, attributeValues(h.mustReadDataSource("seam_acs_entrances", values{"name": name})["acs_entrances"], "is_revocation_provable"), want)
		}
		h.requireRequests("/acs/systems/list", 1)
		h.restart()
		h.seam.InjectFault(seamtest.Fault{Path: "/acs/systems/list", Status: 500})
		h.requireReadError("seam_acs_entrances", values{}, "Unable to read acs entrances", "HTTP 500", "Run again later")
	})
}

func TestAcsAccessGroups_filters(t *testing.T) {
	withHarness(t, func(h *harness) {
		office, shop := h.seam.AddAccessSystem("brivo_account"), h.seam.AddAccessSystem("salto_ks_site")
		add := func(system seamtest.Object, name string, more values) string {
			fields := values{"acs_system_id": system.ID, "connected_account_id": system.Text("connected_account_id"), "name": name}
			return h.seam.AddObject("acs_access_group", fields.with(more)).ID
		}
		staff := add(office, "Staff", values{"access_schedule": map[string]any{"starts_at": "2000-01-02T08:00:00Z", "ends_at": nil}})
		guests, other := add(office, "Guests", nil), add(shop, "Staff", nil)
		requireEqual(t, "all", h.found("acs_access_groups", values{}), sortedIDs(staff, guests, other))
		requireEqual(t, "of a system", h.found("acs_access_groups", values{"acs_system_id": office.ID}), sortedIDs(staff, guests))
		requireEqual(t, "by name", h.found("acs_access_groups", values{"acs_system_id": office.ID, "name": "Staff"}), []string{staff})
		requireEqual(t, "none", len(h.found("acs_access_groups", values{"name": "Nobody"})), 0)
		shown, _ := h.mustReadDataSource("seam_acs_access_groups", values{"acs_system_id": office.ID, "name": "Staff"})["acs_access_groups"].([]any)[0].(map[string]any)
		requireEqual(t, "schedule", shown["access_schedule"], "map[ends_at:<nil> starts_at:2000-01-02T08:00:00Z]")
		requireEqual(t, "without a schedule", attributeValues(h.mustReadDataSource("seam_acs_access_groups", values{"name": "Guests"})["acs_access_groups"], "access_schedule"), "[<nil>]")
	})
}

// A list for one building must not become the list of all buildings, if a server ignores the filter.
func TestAcsDataSources_ignoredFilterIsAppliedHere(t *testing.T) {
	withHarness(t, func(h *harness) {
		office, shop := h.seam.AddAccessSystem("brivo_account").ID, h.seam.AddAccessSystem("salto_ks_site").ID
		gate := h.seam.AddEntrance(office, nil).ID
		h.seam.AddEntrance(shop, nil)
		everything, err := json.Marshal(h.Call("/acs/entrances/list", values{}))
		h.must(err)
		h.seam.InjectFault(seamtest.Fault{Path: "/acs/entrances/list", Status: 200, ContentType: "application/json", Body: string(everything)})
		requireEqual(t, "of a system", h.found("acs_entrances", values{"acs_system_id": office}), []string{gate})
	})
}

// An argument that was never filled must not look like one that was left out.
func TestAcsDataSources_emptyArgumentIsRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		for kind, arguments := range map[string][]string{
			"seam_acs_systems": {"connected_account_id", "name"}, "seam_acs_entrances": {"acs_system_id", "space_id", "name"}, "seam_acs_access_groups": {"acs_system_id", "name"},
		} {
			for _, argument := range arguments {
				h.requireReadError(kind, values{argument: ""}, "length must be at least 1")
			}
		}
	})
}
