//go:build contract

package contract

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

func events(h *clientHarness) {
	created := h.createGuest()
	clienttest.Must(h.t, h.remove(created))
	filter := jsonObject{"access_code_ids": []string{created.ID}}
	h.wantError(h.t, "/events/list", filter, http.StatusBadRequest, "invalid_input")
	filter["since"] = created.CreatedAt.Add(-24 * time.Hour).Format(time.RFC3339Nano)
	var kinds []string
	others := 0
	for _, e := range listAt(h.ok(h.t, "/events/list", filter), "events") {
		if stringAt(e, "access_code_id") != created.ID {
			others++
			continue
		}
		kinds = append(kinds, stringAt(e, "event_type"))
		at, ok := seam.ParseTime(stringAt(e, "occurred_at"))
		assertEqual(h.t, "event has an id and a time", stringAt(e, "event_id") != "" && ok && !at.Before(created.CreatedAt.Truncate(time.Millisecond)), true)
	}
	for kind, happens := range map[string]bool{
		"access_code.created":             true,
		"access_code.deleted":             true,
		"access_code.set_on_device":       !h.deviates(noDeviceEvents),
		"access_code.removed_from_device": !h.deviates(noDeviceEvents),
	} {
		assertEqual(h.t, kind, slices.Contains(kinds, kind), happens)
	}
	assertEqual(h.t, "events of something else", others > 0, expected(h.server, eventsWithoutField, true, false))
}

// accessCodeLists is why the client filters every list again.
func accessCodeLists(h *clientHarness) {
	created, other := h.createGuest(), h.create(seam.AccessCodeInput{DeviceID: h.otherLock, Code: new(h.pin())})
	shows := func(filter jsonObject) (shown, others bool) {
		result := h.ok(h.t, "/access_codes/list", filter)
		assertEqual(h.t, "has pages", result["pagination"] != nil, expected(h.server, listNotPaginated, false, true))
		for _, code := range listAt(result, "access_codes") {
			shown = shown || stringAt(code, "access_code_id") == created.ID
			others = others || stringAt(code, "access_code_id") == other.ID
		}
		return shown, others
	}
	for ignored, filter := range map[deviation]jsonObject{
		listIgnoresDevice: {"device_id": h.lock},
		listIgnoresIDs:    {"access_code_ids": []string{created.ID}},
	} {
		shown, others := shows(filter)
		assertEqual(h.t, ignored.does+": shows the code", shown, true)
		assertEqual(h.t, ignored.does+": shows others", others, expected(h.server, ignored, true, false))
	}
	h.wantError(h.t, "/access_codes/list", jsonObject{}, http.StatusBadRequest, "invalid_input")
}

func unmanagedAccessCodes(h *clientHarness) {
	pin := h.pin()
	id := h.addUnmanagedAccessCode(h.t, pin)
	list := listAt(h.ok(h.t, "/access_codes/unmanaged/list", jsonObject{"device_id": h.lock}), "access_codes")
	at := slices.IndexFunc(list, func(code any) bool { return stringAt(code, "access_code_id") == id })
	if at < 0 {
		h.t.Fatalf("unmanaged code %s is not among %v", id, list)
	}
	assertEqual(h.t, "PIN", stringAt(list[at], "code"), pin)
	assertEqual(h.t, "lock", stringAt(list[at], "device_id"), h.lock)
	assertEqual(h.t, "managed", valueAt(list[at], "is_managed"), any(false))
	assertEqual(h.t, "status", stringAt(list[at], "status"), expected(h.server, unmanagedStatusSetting, "setting", "set"))
	if _, ok := seam.ParseTime(stringAt(list[at], "created_at")); !ok {
		h.t.Error("an unmanaged code has no created_at")
	}
	elsewhere := h.ok(h.t, "/access_codes/unmanaged/list", jsonObject{"device_id": h.otherLock})
	assertEqual(h.t, "unmanaged codes on the other lock", len(listAt(elsewhere, "access_codes")), 0)
	nowhere := jsonObject{"device_id": unknownID}
	h.wantErrorUnless(h.t, unknownDeviceListsEmpty, "/access_codes/unmanaged/list", nowhere, http.StatusNotFound, "device_not_found")
}

func devices(h *clientHarness) {
	lock := h.ok(h.t, "/devices/get", jsonObject{"device_id": h.lock})["device"]
	assertEqual(h.t, "id", stringAt(lock, "device_id"), h.lock)
	assertEqual(h.t, "online", valueAt(lock, "properties", "online"), any(true))
	assertEqual(h.t, "workspace", stringAt(lock, "workspace_id"), h.workspace)
	h.wantError(h.t, "/devices/get", jsonObject{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
	h.wantError(h.t, "/devices/unmanaged/get", jsonObject{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
	h.wantError(h.t, "/devices/unmanaged/get", jsonObject{"device_id": h.lock}, http.StatusNotFound, "device_not_found")
	h.withKey(h.foreignKey).wantError(h.t, "/devices/get", jsonObject{"device_id": h.lock}, http.StatusNotFound, "device_not_found")
}

// workspaces is why the client asks for the workspace before it believes a 404.
func workspaces(h *clientHarness) {
	created := h.createGuest()
	mine, err := h.client.Workspace(h.t.Context())
	clienttest.Must(h.t, err)
	assertEqual(h.t, "workspace", mine, h.workspace)
	foreign := newClientHarness(h.t, h.withKey(h.foreignKey))
	theirs, err := foreign.client.Workspace(h.t.Context())
	clienttest.Must(h.t, err)
	assertEqual(h.t, "another key has the same workspace", theirs == mine, false)
	_, err = foreign.read(created)
	assertEqual(h.t, "not observable", errors.Is(err, seam.ErrNotObservable), true)
	clienttest.AssertError(h.t, err, mine, theirs)
	assertEqual(h.t, "removal is not observable", errors.Is(foreign.remove(created), seam.ErrNotObservable), true)
	foreign.wantStatus(h.t, codesOfOtherWorkspaces, "/access_codes/get", jsonObject{"access_code_id": created.ID}, http.StatusOK, http.StatusNotFound)
	assertEqual(h.t, "PIN after all that", h.mustRead(created).Code, created.Code)
}

func wrongKey(h *clientHarness) {
	created := h.createGuest()
	foreign := newClientHarness(h.t, h.withKey("seam_wrong"))
	foreign.wantError(h.t, "/access_codes/get", jsonObject{"access_code_id": created.ID}, http.StatusUnauthorized, "unauthorized")
	_, err := foreign.read(created)
	refused := clienttest.MustBe[*seam.Error](h.t, err)
	assertEqual(h.t, "path", refused.Path, "/workspaces/get")
	assertEqual(h.t, "status", refused.Status, expected(h.server, wrongKeyMissesWorkspace, http.StatusBadRequest, http.StatusUnauthorized))
	assertEqual(h.t, "type", refused.Type, expected(h.server, wrongKeyMissesWorkspace, "missing_workspace_id", "unauthorized"))
	clienttest.AssertOmits(h.t, err.Error(), "seam_wrong")
}

func unknownRoutes(h *clientHarness) {
	for path, known := range map[string]bool{
		"/access_codes/no_such_thing":                         false,
		"/access_codes/unmanaged/get":                         !h.deviates(noUnmanagedGet),
		"/access_codes/simulate/create_unmanaged_access_code": !h.deviates(noSimulateRoute),
	} {
		a := h.post(h.t, path, jsonObject{})
		assertEqual(h.t, path+": answers in JSON", a.json, known)
		assertEqual(h.t, path+": is a plain 404", a.status == http.StatusNotFound && !a.json, !known)
	}
}

func serviceUnavailable(h *clientHarness) {
	created, w := h.createGuest(), h.recordCalls()
	restore := h.failPath(h.t, "/access_codes/get")
	_, err := h.read(created)
	restore()
	down := clienttest.MustBe[*seam.Error](h.t, err)
	assertEqual(h.t, "status", down.Status, http.StatusServiceUnavailable)
	assertEqual(h.t, "type", down.Type, "")
	assertEqual(h.t, "calls", len(w.callsTo("/access_codes/get")), 1+h.config().MaxRetries)
	assertEqual(h.t, "PIN afterwards", h.mustRead(created).Code, created.Code)
}
