package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// attributeValues are the values of one attribute of the objects in a list.
func attributeValues(list any, attribute string) []string {
	var all []string
	items, _ := list.([]any)
	for _, item := range items {
		if fields, ok := item.(map[string]any); ok {
			all = append(all, fmt.Sprint(fields[attribute]))
		}
	}
	slices.Sort(all)
	return all
}

func (h *harness) mustReadDataSource(kind string, config values) map[string]any {
	h.t.Helper()
	got, diags := h.ReadDataSource(kind, config)
	h.requireNoDiagnostics(diags)
	return got
}

func (h *harness) requireReadError(kind string, config values, says ...string) {
	h.t.Helper()
	_, diags := h.ReadDataSource(kind, config)
	h.requireError(diags, says...)
}

func requireEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const missingID = "b3b7d3f0-0000-4000-8000-000000000000"

func TestAccessCode_dataSourceFindsByIDOrPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821", "name": "Guest"}))
		for _, by := range []values{{"id": h.id()}, {"device_id": h.lock.ID, "code": "4821"}} {
			got := h.mustReadDataSource("seam_access_code", by)
			requireEqual(t, "found", []any{got["id"], got["name"], got["code"], got["status"], got["workspace_id"]}, []any{h.id(), "Guest", "4821", "set", h.seam.Workspace().ID})
		}
		h.requireReadError("seam_access_code", values{"id": missingID}, "Unable to read access code", "no access code "+missingID, "Check the id")
		h.requireReadError("seam_access_code", values{"device_id": h.lock.ID, "code": "9999"}, "None of the 1 managed access codes", `"Guest" (`+h.id()+")", "seam_unmanaged_access_codes")
		stranger := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7777"})
		h.requireReadError("seam_access_code", values{"id": stranger}, "not managed", "adopt_access_code_id")
		for _, wrong := range []values{{}, {"id": h.id(), "device_id": h.lock.ID, "code": "4821"}, {"device_id": h.lock.ID}, {"code": "4821"}} {
			h.requireReadError("seam_access_code", wrong)
		}
	})
}

func TestAccessCode_dataSourceNamesTwoCodesWithOnePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		var ids []string
		for _, days := range []time.Duration{0, 48 * time.Hour} {
			window := values{"starts_at": timeFromNow(days), "ends_at": timeFromNow(days + time.Hour)}
			ids = append(ids, h.createOutside(window.with(values{"device_id": h.lock.ID, "code": "4821"})))
		}
		_, diags := h.ReadDataSource("seam_access_code", values{"device_id": h.lock.ID, "code": "4821"})
		h.requireError(diags, "2 access codes", ids[0], ids[1], "Use the id")
		requireAbsent(t, diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "4821")
	})
}

func TestAccessCode_dataSourceShowsErrorsAndRemedies(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.EchoSecrets(true)
		h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "4821 was not taken"}}})
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821"}))
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) {
			c.Warnings = []seamtest.Issue{{Code: "delay_in_setting_on_device", Message: "Slow with 4821"}}
		})
		got := h.mustReadDataSource("seam_access_code", values{"id": h.id()})
		requireEqual(t, "status", got["status"], "setting")
		requireEqual(t, "errors", attributeValues(got["errors"], "error_code"), "[failed_to_set_on_device]")
		requireEqual(t, "warnings", attributeValues(got["warnings"], "warning_code"), "[delay_in_setting_on_device]")
		for _, remedy := range append(attributeValues(got["errors"], "remedy"), attributeValues(got["warnings"], "remedy")...) {
			if remedy == "" || remedy == "<nil>" {
				t.Error("there is no remedy")
			}
		}
		delete(got, "code")
		requireAbsent(t, h.PrintedText(got), "4821")
	})
}

func TestAccessCode_dataSourceFilters(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.PageSize(2)
		back := h.seam.AddLock("Back Door")
		back.SetCustomerKey("acme")
		var front []string
		for n := range 5 {
			front = append(front, h.createOutside(values{"device_id": h.lock.ID, "name": fmt.Sprint("Guest ", n)}))
		}
		other := h.createOutside(values{"device_id": back.ID})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7777"})
		slices.Sort(front)
		find := func(config values) []string {
			return attributeValues(h.mustReadDataSource("seam_access_codes", config)["access_codes"], "id")
		}
		requireEqual(t, "on a lock", find(values{"device_id": h.lock.ID}), front)
		requireEqual(t, "by ids", find(values{"access_code_ids": []string{front[1], other, missingID}}), slices.Sorted(slices.Values([]string{front[1], other})))
		requireEqual(t, "of a customer", find(values{"customer_key": "acme"}), []string{other})
		requireEqual(t, "searched", len(find(values{"device_id": h.lock.ID, "search": "Guest 3"})), 1)
		requireEqual(t, "none", len(find(values{"access_grant_id": missingID})), 0)
		for _, wrong := range []values{{}, {"search": "Guest"}} {
			h.requireReadError("seam_access_codes", wrong)
		}
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Status: 500})
		h.requireReadError("seam_access_codes", values{"device_id": h.lock.ID}, "Unable to read access codes", "500")
	})
}

func TestUnmanagedAccessCode_dataSourceListsCodes(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.PageSize(2)
		var all []string
		for n := range 3 {
			all = append(all, h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: fmt.Sprint("Old ", n), PIN: fmt.Sprint(4820 + n), Masked: n == 1, CannotBeManaged: n == 2, CannotBeDeleted: n == 2}))
		}
		h.createOutside(values{"device_id": h.lock.ID})
		got := h.mustReadDataSource("seam_unmanaged_access_codes", values{"device_id": h.lock.ID})["access_codes"]
		slices.Sort(all)
		requireEqual(t, "ids", attributeValues(got, "id"), all)
		requireEqual(t, "PINs", attributeValues(got, "code"), "[4820 4822 <nil>]")
		requireEqual(t, "cannot be managed", attributeValues(got, "cannot_be_managed"), "[false false true]")
		requireEqual(t, "cannot be deleted", attributeValues(got, "cannot_delete_unmanaged_access_code"), "[false false true]")
		h.requireReadError("seam_unmanaged_access_codes", values{"device_id": missingID}, "device_not_found")
	})
}

func TestDevice_dataSourceFindsByIDOrExactName(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.SetOnline(false)
		for _, by := range []values{{"id": h.lock.ID}, {"name": "Front Door"}} {
			got := h.mustReadDataSource("seam_device", by)
			requireEqual(t, "found", []any{got["id"], got["name"], got["online"], got["battery_level"], got["is_managed"]}, []any{h.lock.ID, "Front Door", false, 0.9, true})
			requireEqual(t, "errors", attributeValues(got["errors"], "error_code"), "[device_disconnected]")
			requireEqual(t, "remedy", strings.Contains(attributeValues(got["errors"], "remedy")[0], "online"), true)
		}
		for _, wrong := range []values{{}, {"id": h.lock.ID, "name": "Front Door"}} {
			h.requireReadError("seam_device", wrong)
		}
		h.requireReadError("seam_device", values{"id": missingID}, "There is no device "+missingID, "data.seam_devices")
		h.requireReadError("seam_device", values{"name": "front door"}, `No managed device is named "front door"`, "Front Door ("+h.lock.ID+")", "exact")
		twin := h.seam.AddLock("Front Door")
		h.restart()
		h.requireReadError("seam_device", values{"name": "Front Door"}, "2 devices are named", h.lock.ID, twin.ID, "Use the id")
		h.lock.Unmanage()
		got := h.mustReadDataSource("seam_device", values{"id": h.lock.ID})
		requireEqual(t, "managed", got["is_managed"], false)
	})
}

func TestDevice_manyNamesAreReadByOneList(t *testing.T) {
	withHarness(t, func(h *harness) {
		for n := range 9 {
			h.seam.AddLock(fmt.Sprint("Room ", n))
		}
		for n := range 9 {
			h.mustReadDataSource("seam_device", values{"name": fmt.Sprint("Room ", n)})
		}
		h.requireRequests("/devices/list", 1)
	})
}

func TestDevice_dataSourceFilters(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.PageSize(1)
		back, shed := h.seam.AddLock("Back Door"), h.seam.AddLock("Shed")
		back.SetCustomerKey("acme")
		back.SetMetadata(map[string]any{"floor": "2"})
		space := "0f6a1a3c-5b7e-4d2f-8a9b-c1d2e3f4a5b6"
		back.SetSpaces(space)
		shed.Unmanage()
		managed := slices.Sorted(slices.Values([]string{h.lock.ID, back.ID}))
		for name, c := range map[string]struct {
			config values
			want   []string
		}{
			"all":       {values{}, managed},
			"unmanaged": {values{"is_managed": false}, []string{shed.ID}},
			"ids":       {values{"device_ids": []string{back.ID, shed.ID}}, []string{back.ID}},
			"customer":  {values{"customer_key": "acme"}, []string{back.ID}},
			"space":     {values{"space_id": space}, []string{back.ID}},
			"metadata":  {values{"custom_metadata_has": map[string]string{"floor": "2"}}, []string{back.ID}},
			"kind":      {values{"device_type": "yale_lock", "manufacturer": "yale"}, managed},
			"kinds":     {values{"device_types": []string{"august_lock"}}, nil},
			"account":   {values{"connected_account_id": back.ConnectedAccountID()}, nil},
			"before":    {values{"created_before": "1999-01-01T00:00:00Z"}, nil},
			"searched":  {values{"search": "Back"}, []string{back.ID}},
		} {
			if got := attributeValues(h.mustReadDataSource("seam_devices", c.config)["devices"], "id"); name != "account" && !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		h.requireReadError("seam_devices", values{"manufacturer": "acme"}, "Unable to read devices")
		h.requireReadError("seam_devices", values{"created_before": "yesterday"}, "RFC 3339")
	})
}

func TestDevice_dataSourceOfAnUnmanagedDevice(t *testing.T) {
	withHarness(t, func(h *harness) {
		for _, rest := range []string{"", `,"properties":null,"errors":null,"warnings":null,"custom_metadata":null,"location":null,"space_ids":null`, `,"properties":{"battery":null,"model":null,"code_constraints":null},"display_name":null,"a_field_to_come":[{}]`} {
			injected := h.seam.InjectFault(seamtest.Fault{Path: "/devices/get", Status: 200, ContentType: "application/json", Body: `{"device":{"device_id":"` + h.lock.ID + `"` + rest + `}}`})
			got := h.mustReadDataSource("seam_device", values{"id": h.lock.ID})
			requireEqual(t, "unknown", []any{got["online"], got["battery_level"], got["name"], got["supported_code_lengths"], got["errors"]}, []any{nil, nil, nil, []any{}, []any{}})
			h.requireNoError(h.plan(values{"device_id": h.lock.ID, "code": "4821"}).Diags)
			injected.Remove()
			h.restart()
		}
	})
}
