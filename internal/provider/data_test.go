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

// picked are the values of one attribute of the objects in a list.
func picked(list any, attribute string) []string {
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

func (w *world) reads(kind string, config values) map[string]any {
	w.t.Helper()
	got, diags := w.read(kind, config)
	w.silent(diags)
	return got
}

func (w *world) cannotRead(kind string, config values, says ...string) {
	w.t.Helper()
	_, diags := w.read(kind, config)
	w.fails(diags, says...)
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const nobody = "b3b7d3f0-0000-4000-8000-000000000000"

func TestAccessCodeIsFoundByIDOrByItsPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821", "name": "Guest"}))
		for _, by := range []values{{"id": w.id()}, {"device_id": w.lock.ID, "code": "4821"}} {
			got := w.reads("seam_access_code", by)
			same(t, "found", []any{got["id"], got["name"], got["code"], got["status"], got["workspace_id"]}, []any{w.id(), "Guest", "4821", "set", w.seam.Workspace().ID})
		}
		w.cannotRead("seam_access_code", values{"id": nobody}, "Unable to read access code", "no access code "+nobody, "Check the id")
		w.cannotRead("seam_access_code", values{"device_id": w.lock.ID, "code": "9999"}, "None of the 1 managed access codes", `"Guest" (`+w.id()+")", "seam_unmanaged_access_codes")
		stranger := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7777"})
		w.cannotRead("seam_access_code", values{"id": stranger}, "not managed", "adopt_access_code_id")
		for _, wrong := range []values{{}, {"id": w.id(), "device_id": w.lock.ID, "code": "4821"}, {"device_id": w.lock.ID}, {"code": "4821"}} {
			if _, diags := w.read("seam_access_code", wrong); !failed(diags) {
				t.Errorf("%v is accepted", wrong)
			}
		}
	})
}

func TestTwoCodesWithOnePINAreNamed(t *testing.T) {
	inWorld(t, func(w *world) {
		var ids []string
		for n := range 2 {
			from := time.Now().Add(time.Duration(n*48) * time.Hour).UTC()
			ids = append(ids, w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821", "starts_at": from.Format(time.RFC3339), "ends_at": from.Add(time.Hour).Format(time.RFC3339)}))
		}
		_, diags := w.read("seam_access_code", values{"device_id": w.lock.ID, "code": "4821"})
		w.fails(diags, "2 access codes", ids[0], ids[1], "Use the id")
		if strings.Contains(text(diags, tfprotov6.DiagnosticSeverityError), "4821") {
			t.Error("the PIN is repeated")
		}
	})
}

func TestAccessCodeTellsWhatIsWrongAndWhatHelps(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.EchoSecrets(true)
		w.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "4821 was not taken"}}})
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821"}))
		w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) {
			c.Warnings = []seamtest.Issue{{Code: "delay_in_setting_on_device", Message: "Slow with 4821"}}
		})
		got := w.reads("seam_access_code", values{"id": w.id()})
		same(t, "status", got["status"], "setting")
		same(t, "errors", picked(got["errors"], "error_code"), "[failed_to_set_on_device]")
		same(t, "warnings", picked(got["warnings"], "warning_code"), "[delay_in_setting_on_device]")
		for _, remedy := range append(picked(got["errors"], "remedy"), picked(got["warnings"], "remedy")...) {
			if remedy == "" || remedy == "<nil>" {
				t.Error("there is no remedy")
			}
		}
		delete(got, "code")
		if out := w.printed(got); strings.Contains(out, "4821") {
			t.Errorf("the PIN is outside of code: %s", out)
		}
	})
}

func TestAccessCodesAreFiltered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.PageSize(2)
		back := w.seam.AddLock("Back Door")
		back.SetCustomerKey("acme")
		var front []string
		for n := range 5 {
			front = append(front, w.createElsewhere(values{"device_id": w.lock.ID, "name": fmt.Sprint("Guest ", n)}))
		}
		other := w.createElsewhere(values{"device_id": back.ID})
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7777"})
		slices.Sort(front)
		find := func(config values) []string {
			return picked(w.reads("seam_access_codes", config)["access_codes"], "id")
		}
		same(t, "on a lock", find(values{"device_id": w.lock.ID}), front)
		same(t, "by ids", find(values{"access_code_ids": []string{front[1], other, nobody}}), slices.Sorted(slices.Values([]string{front[1], other})))
		same(t, "of a customer", find(values{"customer_key": "acme"}), []string{other})
		same(t, "searched", len(find(values{"device_id": w.lock.ID, "search": "Guest 3"})), 1)
		same(t, "none", len(find(values{"access_grant_id": nobody})), 0)
		for _, wrong := range []values{{}, {"search": "Guest"}} {
			if _, diags := w.read("seam_access_codes", wrong); !failed(diags) {
				t.Errorf("%v is accepted", wrong)
			}
		}
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Status: 500})
		w.cannotRead("seam_access_codes", values{"device_id": w.lock.ID}, "Unable to read access codes", "500")
	})
}

func TestUnmanagedCodesAreShown(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.PageSize(2)
		var all []string
		for n := range 3 {
			all = append(all, w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: fmt.Sprint("Old ", n), PIN: fmt.Sprint(4820 + n), Masked: n == 1, CannotBeManaged: n == 2, CannotBeDeleted: n == 2}))
		}
		w.createElsewhere(values{"device_id": w.lock.ID})
		got := w.reads("seam_unmanaged_access_codes", values{"device_id": w.lock.ID})["access_codes"]
		slices.Sort(all)
		same(t, "ids", picked(got, "id"), all)
		same(t, "PINs", picked(got, "code"), "[4820 4822 <nil>]")
		same(t, "cannot be managed", picked(got, "cannot_be_managed"), "[false false true]")
		same(t, "cannot be deleted", picked(got, "cannot_delete_unmanaged_access_code"), "[false false true]")
		w.cannotRead("seam_unmanaged_access_codes", values{"device_id": nobody}, "device_not_found")
	})
}

func TestDeviceIsFoundByIDOrByItsExactName(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.SetOnline(false)
		for _, by := range []values{{"id": w.lock.ID}, {"name": "Front Door"}} {
			got := w.reads("seam_device", by)
			same(t, "found", []any{got["id"], got["name"], got["online"], got["battery_level"], got["is_managed"]}, []any{w.lock.ID, "Front Door", false, 0.9, true})
			same(t, "errors", picked(got["errors"], "error_code"), "[device_disconnected]")
			same(t, "remedy", strings.Contains(picked(got["errors"], "remedy")[0], "online"), true)
		}
		for _, wrong := range []values{{}, {"id": w.lock.ID, "name": "Front Door"}} {
			if _, diags := w.read("seam_device", wrong); !failed(diags) {
				t.Errorf("%v is accepted", wrong)
			}
		}
		w.cannotRead("seam_device", values{"id": nobody}, "There is no device "+nobody, "data.seam_devices")
		w.cannotRead("seam_device", values{"name": "front door"}, `No managed device is named "front door"`, "Front Door ("+w.lock.ID+")", "exact")
		twin := w.seam.AddLock("Front Door")
		w.restart()
		w.cannotRead("seam_device", values{"name": "Front Door"}, "2 devices are named", w.lock.ID, twin.ID, "Use the id")
		w.lock.Unmanage()
		got := w.reads("seam_device", values{"id": w.lock.ID})
		same(t, "managed", got["is_managed"], false)
	})
}

func TestManyNamesAreLookedUpInOneList(t *testing.T) {
	inWorld(t, func(w *world) {
		for n := range 9 {
			w.seam.AddLock(fmt.Sprint("Room ", n))
		}
		for n := range 9 {
			w.reads("seam_device", values{"name": fmt.Sprint("Room ", n)})
		}
		w.asked("/devices/list", 1)
	})
}

func TestDevicesAreFiltered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.PageSize(1)
		back, shed := w.seam.AddLock("Back Door"), w.seam.AddLock("Shed")
		back.SetCustomerKey("acme")
		back.SetMetadata(map[string]any{"floor": "2"})
		space := "0f6a1a3c-5b7e-4d2f-8a9b-c1d2e3f4a5b6"
		back.SetSpaces(space)
		shed.Unmanage()
		managed := slices.Sorted(slices.Values([]string{w.lock.ID, back.ID}))
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
			if got := picked(w.reads("seam_devices", c.config)["devices"], "id"); name != "account" && !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		w.cannotRead("seam_devices", values{"manufacturer": "acme"}, "Unable to read devices")
		w.cannotRead("seam_devices", values{"created_before": "yesterday"}, "RFC 3339")
	})
}

func TestDeviceOfWhichLittleIsKnown(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, rest := range []string{"", `,"properties":null,"errors":null,"warnings":null,"custom_metadata":null,"location":null,"space_ids":null`, `,"properties":{"battery":null,"model":null,"code_constraints":null},"display_name":null,"a_field_to_come":[{}]`} {
			injected := w.seam.InjectFault(seamtest.Fault{Path: "/devices/get", Status: 200, ContentType: "application/json", Body: `{"device":{"device_id":"` + w.lock.ID + `"` + rest + `}}`})
			got := w.reads("seam_device", values{"id": w.lock.ID})
			same(t, "unknown", []any{got["online"], got["battery_level"], got["name"], got["supported_code_lengths"], got["errors"]}, []any{nil, nil, nil, []any{}, []any{}})
			w.ok(w.plan(values{"device_id": w.lock.ID, "code": "4821"}).diags)
			injected.Remove()
			w.restart()
		}
	})
}
