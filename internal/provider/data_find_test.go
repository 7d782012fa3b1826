package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestACodeIsFoundByItsPINAmongOthers(t *testing.T) {
	inWorld(t, func(w *world) {
		back := w.seam.AddLock("Back Door")
		elsewhere := w.createElsewhere(values{"device_id": back.ID, "code": "0481"})
		here := w.createElsewhere(values{"device_id": w.lock.ID, "code": "0481", "name": "Guest"})
		w.createElsewhere(values{"device_id": w.lock.ID, "code": "48100"})
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "7319"})
		w.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour})
		w.createElsewhere(values{"device_id": w.lock.ID, "name": "Without a PIN yet"})
		same(t, "here", w.reads("seam_access_code", values{"device_id": w.lock.ID, "code": "0481"})["id"], here)
		same(t, "elsewhere", w.reads("seam_access_code", values{"device_id": back.ID, "code": "0481"})["id"], elsewhere)
		w.cannotRead("seam_access_code", values{"device_id": w.lock.ID, "code": "481"}, "None of the 3", `"Without a PIN yet"`)
		_, diags := w.read("seam_access_code", values{"device_id": w.lock.ID, "code": "7319"})
		w.fails(diags, "None of the 3", "data.seam_unmanaged_access_codes")
		if said := errorsIn(diags); strings.Contains(said, "7319") || strings.Contains(said, "0481") || strings.Contains(said, "48100") {
			t.Errorf("a PIN is said: %s", said)
		}
		w.cannotRead("seam_access_code", values{"device_id": nobody, "code": "0481"}, "device_not_found")
		stay := w.createElsewhere(w.stays(values{"device_id": back.ID, "code": "5555", "use_backup_access_code_pool": true}))
		w.restart()
		spare := w.seam.PullBackupAccessCode(stay)
		same(t, "spare", w.reads("seam_access_code", values{"id": spare})["id"], spare)
		got := w.reads("seam_access_code", values{"id": stay})
		same(t, "its stand-in", got["pulled_backup_access_code_id"], spare)
		same(t, "told by a warning", picked(got["warnings"], "warning_code"), "[using_backup_access_code]")
	})
}

func TestSparesAreShownOnlyByTheirIDs(t *testing.T) {
	inWorld(t, func(w *world) {
		stay := w.createElsewhere(w.stays(values{"code": "5555", "use_backup_access_code_pool": true}))
		spare := w.seam.PullBackupAccessCode(stay)
		find := func(config values) []string {
			return picked(w.reads("seam_access_codes", config)["access_codes"], "id")
		}
		same(t, "of the lock", find(values{"device_id": w.lock.ID}), []string{stay})
		same(t, "by ids", find(values{"access_code_ids": []string{stay, spare}}), slices.Sorted(slices.Values([]string{stay, spare})))
		same(t, "by ids on another lock", len(find(values{"access_code_ids": []string{stay, spare}, "device_id": w.seam.AddLock("Back Door").ID})), 0)
		same(t, "listed", ids(w.finds("seam_access_code", values{})), []string{stay})
	})
}

func TestAStayIsShownInUTC(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Hour})
		config := values{"device_id": w.lock.ID, "code": "4821", "starts_at": "2000-01-02T10:00:00+01:00", "ends_at": "2000-01-03T10:00:00.500+01:00"}
		w.ok(w.apply(config))
		got := w.reads("seam_access_code", values{"id": w.id()})
		same(t, "stay", []any{got["type"], got["starts_at"], got["ends_at"], got["status"]}, []any{"time_bound", "2000-01-02T09:00:00Z", "2000-01-03T09:00:00.5Z", "unset"})
		same(t, "created", got["created_at"], "2000-01-01T00:00:00Z")
		same(t, "nothing pending", got["pending_mutations"], []any{})
		w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) {
			c.Mutations = []*seamtest.Mutation{{Code: "updating_time_frame", CreatedAt: time.Now(), From: map[string]any{"code": "4821"}}}
		})
		w.restart()
		same(t, "pending", w.reads("seam_access_code", values{"id": w.id()})["pending_mutations"], "[map[created_at:2000-01-01T00:00:00Z mutation_code:updating_time_frame]]")
	})
}

func TestADeviceIsFoundByTheNameThatSeamShows(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.SetNickname("Front")
		shed := w.seam.AddLock("Shed")
		shed.Unmanage()
		same(t, "by nickname", w.reads("seam_device", values{"name": "Front"})["id"], w.lock.ID)
		w.cannotRead("seam_device", values{"name": "Front Door"}, "No managed device is named", "Front ("+w.lock.ID+")")
		w.cannotRead("seam_device", values{"name": "Shed"}, "No managed device is named", "use the id")
		got := w.reads("seam_device", values{"id": shed.ID})
		same(t, "unmanaged", []any{got["is_managed"], got["name"], got["space_ids"], got["supported_code_lengths"]}, []any{false, "Shed", []any{}, []any{}})
		w.lock.SetNickname("")
		w.cannotRead("seam_device", values{"name": "Front Door"}, "No managed device") // of this run's list
		w.restart()
		same(t, "by name", w.reads("seam_device", values{"name": "Front Door"})["id"], w.lock.ID)
		for range 30 {
			w.seam.AddLock("Room")
		}
		w.restart()
		w.cannotRead("seam_device", values{"name": "Room"}, "30 devices are named", "and 10 more", "Use the id")
	})
}

func TestADeviceThatIsNotInTheWorkspace(t *testing.T) {
	inWorld(t, func(w *world) {
		elsewhere := w.seam.AddWorkspace("Other").AddLock("Front Door")
		w.cannotRead("seam_device", values{"id": elsewhere.ID}, "There is no device "+elsewhere.ID, "device_not_found")
		w.lock.Disappear()
		w.cannotRead("seam_device", values{"name": "Front Door"}, "No managed device", "There are: none")
		same(t, "devices", len(picked(w.reads("seam_devices", values{})["devices"], "id")), 0)
		same(t, "codes", len(picked(w.reads("seam_access_codes", values{"customer_key": "acme"})["access_codes"], "id")), 0)
	})
}

func TestAFailureThatPassesIsNotSeen(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.PageSize(1)
		w.createElsewhere(values{"device_id": w.lock.ID})
		w.createElsewhere(values{"device_id": w.lock.ID})
		for _, f := range []seamtest.Fault{{Status: 500}, {Status: 429}, {Truncate: true}, {Drop: seamtest.DropAfter}, {Delay: time.Hour}} {
			f.Path, f.Skip, f.Times = listPath, 1, 2
			w.seam.ResetRequests()
			w.seam.InjectFault(f)
			same(t, "codes", len(picked(w.reads("seam_access_codes", values{"device_id": w.lock.ID})["access_codes"], "id")), 2)
			w.asked(listPath, 4)
		}
	})
}

func TestAFailureThatStaysIsRepeatedAsConfigured(t *testing.T) {
	for name, c := range map[string]struct {
		fault seamtest.Fault
		asks  int
		says  []string
	}{
		"down":      {seamtest.Fault{Status: 500, Type: "internal", Message: "Broken"}, 4, []string{"Broken", "internal", "HTTP 500", "request id", "Run again later"}},
		"busy":      {seamtest.Fault{Status: 429, Type: "too_many", Message: "Slowly"}, 4, []string{"HTTP 429", "max_retries"}},
		"denied":    {seamtest.Fault{Status: 401, Type: "unauthorized", Message: "Who"}, 1, []string{"HTTP 401", "Check the API key"}},
		"forbidden": {seamtest.Fault{Status: 403, Type: "forbidden", Message: "No"}, 1, []string{"HTTP 403", "may not do this"}},
		"truncated": {seamtest.Fault{Truncate: true}, 4, []string{"no answer", "broke off", "Check the network"}},
		"no Seam":   {seamtest.HTML404(""), 1, []string{"HTTP 404", "Check endpoint (SEAM_ENDPOINT) and any proxy"}},
		"silent":    {seamtest.Fault{Delay: time.Hour}, 4, []string{"none within 30s", "Check the network"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.settings = w.settings.with(values{"max_retries": 3})
				w.restart()
				c.fault.Path = "/devices/list"
				w.seam.InjectFault(c.fault)
				for kind, config := range map[string]values{"seam_devices": {}, "seam_device": {"name": "Front Door"}} {
					w.seam.ResetRequests()
					w.cannotRead(kind, config, append(c.says, "Unable to read "+strings.TrimPrefix(kind, "seam_"))...)
					w.asked("/devices/list", c.asks)
				}
				w.seam.ResetRequests()
				_, diags := w.list("seam_device", values{}, 10, true, 0)
				w.fails(diags, append(c.says, "Unable to list devices")...)
				w.asked("/devices/list", c.asks)
			})
		})
	}
}

func TestAPINIsReadAnewForEachRun(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour})
		id := w.createElsewhere(values{"device_id": w.lock.ID})
		o, diags := w.open("seam_access_code", values{"id": id})
		w.silent(diags)
		same(t, "not assigned", o.values["code"], nil)
		later(2 * time.Hour)
		o, diags = w.open("seam_access_code", values{"id": id})
		w.silent(diags)
		code, _ := w.seam.AccessCode(id)
		same(t, "assigned", o.values["code"], code.PIN)
		w.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 500})
		_, diags = w.open("seam_access_code", values{"id": id})
		w.fails(diags, "Unable to open access code", "HTTP 500", "Run again later")
		if strings.Contains(w.written(), code.PIN) || len(o.private) > 0 && strings.Contains(string(o.private), code.PIN) {
			t.Error("the PIN is written somewhere")
		}
	})
}
