package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccessCode_dataSourceFindsAPINAmongOthers(t *testing.T) {
	withHarness(t, func(h *harness) {
		back := h.seam.AddLock("Back Door")
		elsewhere := h.createOutside(values{"device_id": back.ID, "code": "0481"})
		here := h.createOutside(values{"device_id": h.lock.ID, "code": "0481", "name": "Guest"})
		h.createOutside(values{"device_id": h.lock.ID, "code": "48100"})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319"})
		h.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour})
		h.createOutside(values{"device_id": h.lock.ID, "name": "Without a PIN yet"})
		requireEqual(t, "here", h.mustReadDataSource("seam_access_code", values{"device_id": h.lock.ID, "code": "0481"})["id"], here)
		requireEqual(t, "elsewhere", h.mustReadDataSource("seam_access_code", values{"device_id": back.ID, "code": "0481"})["id"], elsewhere)
		h.requireReadError("seam_access_code", values{"device_id": h.lock.ID, "code": "481"}, "None of the 3", `"Without a PIN yet"`)
		_, diags := h.ReadDataSource("seam_access_code", values{"device_id": h.lock.ID, "code": "7319"})
		h.requireError(diags, "None of the 3", "data.seam_unmanaged_access_codes")
		requireAbsent(t, errorText(diags), "7319", "0481", "48100")
		h.requireReadError("seam_access_code", values{"device_id": missingID, "code": "0481"}, "device_not_found")
		stay := h.createOutside(h.withStay(values{"device_id": back.ID, "code": "5555", "use_backup_access_code_pool": true}))
		h.restart()
		spare := h.seam.PullBackupAccessCode(stay)
		requireEqual(t, "spare", h.mustReadDataSource("seam_access_code", values{"id": spare})["id"], spare)
		got := h.mustReadDataSource("seam_access_code", values{"id": stay})
		requireEqual(t, "its stand-in", got["pulled_backup_access_code_id"], spare)
		requireEqual(t, "told by a warning", attributeValues(got["warnings"], "warning_code"), "[using_backup_access_code]")
	})
}

func TestAccessCode_backupPoolCodesAreShownByIDOnly(t *testing.T) {
	withHarness(t, func(h *harness) {
		stay := h.createOutside(h.withStay(values{"code": "5555", "use_backup_access_code_pool": true}))
		spare := h.seam.PullBackupAccessCode(stay)
		find := func(config values) []string {
			return attributeValues(h.mustReadDataSource("seam_access_codes", config)["access_codes"], "id")
		}
		requireEqual(t, "of the lock", find(values{"device_id": h.lock.ID}), []string{stay})
		requireEqual(t, "by ids", find(values{"access_code_ids": []string{stay, spare}}), slices.Sorted(slices.Values([]string{stay, spare})))
		requireEqual(t, "by ids on another lock", len(find(values{"access_code_ids": []string{stay, spare}, "device_id": h.seam.AddLock("Back Door").ID})), 0)
		requireEqual(t, "listed", listedIDs(h.mustList("seam_access_code", values{})), []string{stay})
	})
}

func TestAccessCode_dataSourceShowsTimesInUTC(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Hour})
		config := values{"device_id": h.lock.ID, "code": "4821", "starts_at": "2000-01-02T10:00:00+01:00", "ends_at": "2000-01-03T10:00:00.500+01:00"}
		h.requireNoError(h.apply(config))
		got := h.mustReadDataSource("seam_access_code", values{"id": h.id()})
		requireEqual(t, "stay", []any{got["type"], got["starts_at"], got["ends_at"], got["status"]}, []any{"time_bound", "2000-01-02T09:00:00Z", "2000-01-03T09:00:00.5Z", "unset"})
		requireEqual(t, "created", got["created_at"], "2000-01-01T00:00:00Z")
		requireEqual(t, "nothing pending", got["pending_mutations"], []any{})
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) {
			c.Mutations = []*seamtest.Mutation{{Code: "updating_time_frame", CreatedAt: time.Now(), From: map[string]any{"code": "4821"}}}
		})
		h.restart()
		requireEqual(t, "pending", h.mustReadDataSource("seam_access_code", values{"id": h.id()})["pending_mutations"], "[map[created_at:2000-01-01T00:00:00Z mutation_code:updating_time_frame]]")
	})
}

func TestDevice_dataSourceFindsTheDisplayedName(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.SetNickname("Front")
		shed := h.seam.AddLock("Shed")
		shed.Unmanage()
		requireEqual(t, "by nickname", h.mustReadDataSource("seam_device", values{"name": "Front"})["id"], h.lock.ID)
		h.requireReadError("seam_device", values{"name": "Front Door"}, "No managed device is named", "Front ("+h.lock.ID+")")
		h.requireReadError("seam_device", values{"name": "Shed"}, "No managed device is named", "use the id")
		got := h.mustReadDataSource("seam_device", values{"id": shed.ID})
		requireEqual(t, "unmanaged", []any{got["is_managed"], got["name"], got["space_ids"], got["supported_code_lengths"]}, []any{false, "Shed", []any{}, []any{}})
		h.lock.SetNickname("")
		h.requireReadError("seam_device", values{"name": "Front Door"}, "No managed device") // of this run's list
		h.restart()
		requireEqual(t, "by name", h.mustReadDataSource("seam_device", values{"name": "Front Door"})["id"], h.lock.ID)
		for range 30 {
			h.seam.AddLock("Room")
		}
		h.restart()
		h.requireReadError("seam_device", values{"name": "Room"}, "30 devices are named", "and 10 more", "Use the id")
	})
}

func TestDevice_dataSourceOfAMissingDevice(t *testing.T) {
	withHarness(t, func(h *harness) {
		elsewhere := h.seam.AddWorkspace("Other").AddLock("Front Door")
		h.requireReadError("seam_device", values{"id": elsewhere.ID}, "There is no device "+elsewhere.ID, "device_not_found")
		h.lock.Disappear()
		h.requireReadError("seam_device", values{"name": "Front Door"}, "No managed device", "There are: none")
		requireEqual(t, "devices", len(attributeValues(h.mustReadDataSource("seam_devices", values{})["devices"], "id")), 0)
		requireEqual(t, "codes", len(attributeValues(h.mustReadDataSource("seam_access_codes", values{"customer_key": "acme"})["access_codes"], "id")), 0)
	})
}

func TestDataSource_transientFailureIsRetried(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.PageSize(1)
		h.createOutside(values{"device_id": h.lock.ID})
		h.createOutside(values{"device_id": h.lock.ID})
		for _, f := range []seamtest.Fault{{Status: 500}, {Status: 429}, {Truncate: true}, {Drop: seamtest.DropAfter}, {Delay: time.Hour}} {
			f.Path, f.Skip, f.Times = listPath, 1, 2
			h.seam.ResetRequests()
			h.seam.InjectFault(f)
			requireEqual(t, "codes", len(attributeValues(h.mustReadDataSource("seam_access_codes", values{"device_id": h.lock.ID})["access_codes"], "id")), 2)
			h.requireRequests(listPath, 4)
		}
	})
}

func TestDataSource_permanentFailureIsRetriedAsConfigured(t *testing.T) {
	type testCase struct {
		fault seamtest.Fault
		asks  int
		says  []string
	}
	forEach(t, map[string]testCase{
		"down":      {seamtest.Fault{Status: 500, Type: "internal", Message: "Broken"}, 4, []string{"Broken", "internal", "HTTP 500", "request id", "Run again later"}},
		"busy":      {seamtest.Fault{Status: 429, Type: "too_many", Message: "Slowly"}, 4, []string{"HTTP 429", "max_retries"}},
		"denied":    {seamtest.Fault{Status: 401, Type: "unauthorized", Message: "Who"}, 1, []string{"HTTP 401", "Check the API key"}},
		"forbidden": {seamtest.Fault{Status: 403, Type: "forbidden", Message: "No"}, 1, []string{"HTTP 403", "may not do this"}},
		"truncated": {seamtest.Fault{Truncate: true}, 4, []string{"no answer", "was truncated", "Check the network"}},
		"no Seam":   {seamtest.HTML404(""), 1, []string{"HTTP 404", "Check endpoint (SEAM_ENDPOINT) and any proxy"}},
		"silent":    {seamtest.Fault{Delay: time.Hour}, 4, []string{"none within 30s", "Check the network"}},
	}, func(h *harness, c testCase) {
		h.configure(values{"max_retries": 3})
		h.restart()
		c.fault.Path = "/devices/list"
		h.seam.InjectFault(c.fault)
		for kind, config := range map[string]values{"seam_devices": {}, "seam_device": {"name": "Front Door"}} {
			h.seam.ResetRequests()
			h.requireReadError(kind, config, append(c.says, "Unable to read "+strings.TrimPrefix(kind, "seam_"))...)
			h.requireRequests("/devices/list", c.asks)
		}
		h.seam.ResetRequests()
		h.requireListError("seam_device", values{}, append(c.says, "Unable to list devices")...)
		h.requireRequests("/devices/list", c.asks)
	})
}

func TestAccessCode_ephemeralPINIsReadForEachRun(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour})
		id := h.createOutside(values{"device_id": h.lock.ID})
		o := h.mustOpen("seam_access_code", values{"id": id})
		requireEqual(t, "not assigned", o.Values["code"], nil)
		advanceClock(2 * time.Hour)
		o = h.mustOpen("seam_access_code", values{"id": id})
		code, _ := h.seam.AccessCode(id)
		requireEqual(t, "assigned", o.Values["code"], code.PIN)
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 500})
		h.requireOpenError("seam_access_code", values{"id": id}, "Unable to open access code", "HTTP 500", "Run again later")
		requireAbsent(t, h.writtenText()+string(o.Private), code.PIN)
	})
}
