//go:build contract

package contract

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func events(u *user) {
	made := u.guest()
	must(u.t, u.remove(made))
	filter := object{"access_code_ids": []string{made.ID}}
	u.refuses(u.t, "/events/list", filter, http.StatusBadRequest, "invalid_input")
	filter["since"] = made.CreatedAt.Add(-24 * time.Hour).Format(time.RFC3339Nano)
	var kinds []string
	strays := 0
	for _, e := range entries(u.ok(u.t, "/events/list", filter), "events") {
		if text(e, "access_code_id") != made.ID {
			strays++
			continue
		}
		kinds = append(kinds, text(e, "event_type"))
		at, ok := seam.ParseTime(text(e, "occurred_at"))
		equal(u.t, "event has an id and a time", text(e, "event_id") != "" && ok && !at.Before(made.CreatedAt.Truncate(time.Millisecond)), true)
	}
	for kind, happens := range map[string]bool{
		"access_code.created":             true,
		"access_code.deleted":             true,
		"access_code.set_on_device":       !u.has(lockHasNoEvents),
		"access_code.removed_from_device": !u.has(lockHasNoEvents),
	} {
		equal(u.t, kind, slices.Contains(kinds, kind), happens)
	}
	equal(u.t, "events of something else", strays > 0, either(u.server, eventsWithoutField, true, false))
}

// lists is why the client filters every list again.
func lists(u *user) {
	made, beside := u.guest(), u.create(seam.AccessCodeInput{DeviceID: u.otherLock, Code: new(u.pin())})
	shows := func(filter object) (shown, strays bool) {
		answer := u.ok(u.t, "/access_codes/list", filter)
		equal(u.t, "has pages", answer["pagination"] != nil, either(u.server, listHasNoPages, false, true))
		for _, code := range entries(answer, "access_codes") {
			shown = shown || text(code, "access_code_id") == made.ID
			strays = strays || text(code, "access_code_id") == beside.ID
		}
		return shown, strays
	}
	for ignored, filter := range map[deviation]object{
		listIgnoresDevice: {"device_id": u.lock},
		listIgnoresIDs:    {"access_code_ids": []string{made.ID}},
	} {
		shown, strays := shows(filter)
		equal(u.t, string(ignored)+": shows the code", shown, true)
		equal(u.t, string(ignored)+": shows others", strays, either(u.server, ignored, true, false))
	}
	u.refuses(u.t, "/access_codes/list", object{}, http.StatusBadRequest, "invalid_input")
}

func unmanaged(u *user) {
	pin := u.pin()
	id := u.addUnmanaged(u.t, pin)
	list := entries(u.ok(u.t, "/access_codes/unmanaged/list", object{"device_id": u.lock}), "access_codes")
	at := slices.IndexFunc(list, func(code any) bool { return text(code, "access_code_id") == id })
	if at < 0 {
		u.t.Fatalf("unmanaged code %s is not among %v", id, list)
	}
	equal(u.t, "PIN", text(list[at], "code"), pin)
	equal(u.t, "lock", text(list[at], "device_id"), u.lock)
	equal(u.t, "managed", in(list[at], "is_managed"), any(false))
	equal(u.t, "status", text(list[at], "status"), either(u.server, unmanagedIsSetting, "setting", "set"))
	if _, ok := seam.ParseTime(text(list[at], "created_at")); !ok {
		u.t.Error("an unmanaged code has no created_at")
	}
	elsewhere := u.ok(u.t, "/access_codes/unmanaged/list", object{"device_id": u.otherLock})
	equal(u.t, "unmanaged codes on the other lock", len(entries(elsewhere, "access_codes")), 0)
	nowhere := u.post(u.t, "/access_codes/unmanaged/list", object{"device_id": unknownID})
	equal(u.t, "list of an unknown lock: status", nowhere.status, either(u.server, nowhereIsEmpty, http.StatusOK, http.StatusNotFound))
	equal(u.t, "list of an unknown lock: type", nowhere.errorType(), either(u.server, nowhereIsEmpty, "", "device_not_found"))
}

func devices(u *user) {
	lock := u.ok(u.t, "/devices/get", object{"device_id": u.lock})["device"]
	equal(u.t, "id", text(lock, "device_id"), u.lock)
	equal(u.t, "online", in(lock, "properties", "online"), any(true))
	equal(u.t, "workspace", text(lock, "workspace_id"), u.workspace)
	u.refuses(u.t, "/devices/get", object{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
	u.refuses(u.t, "/devices/unmanaged/get", object{"device_id": unknownID}, http.StatusNotFound, "device_not_found")
	u.refuses(u.t, "/devices/unmanaged/get", object{"device_id": u.lock}, http.StatusNotFound, "device_not_found")
	u.as(u.foreignKey).refuses(u.t, "/devices/get", object{"device_id": u.lock}, http.StatusNotFound, "device_not_found")
}

// workspaces is why the client asks for the workspace before it believes a 404.
func workspaces(u *user) {
	made := u.guest()
	mine, err := u.client.Workspace(u.t.Context())
	must(u.t, err)
	equal(u.t, "workspace", mine, u.workspace)
	stranger := newUser(u.t, u.as(u.foreignKey))
	theirs, err := stranger.client.Workspace(u.t.Context())
	must(u.t, err)
	equal(u.t, "another key has the same workspace", theirs == mine, false)
	_, err = stranger.read(made)
	equal(u.t, "out of sight", errors.Is(err, seam.ErrOutOfSight), true)
	saying(u.t, message(err), mine, theirs)
	equal(u.t, "removal is out of sight", errors.Is(stranger.remove(made), seam.ErrOutOfSight), true)
	a := stranger.post(u.t, "/access_codes/get", object{"access_code_id": made.ID})
	equal(u.t, "get with another key", a.status, either(u.server, codesOfAll, http.StatusOK, http.StatusNotFound))
	equal(u.t, "PIN after all that", u.mustRead(made).Code, made.Code)
}

func wrongKey(u *user) {
	made := u.guest()
	stranger := newUser(u.t, u.as("seam_wrong"))
	stranger.refuses(u.t, "/access_codes/get", object{"access_code_id": made.ID}, http.StatusUnauthorized, "unauthorized")
	_, err := stranger.read(made)
	var refused *seam.Error
	if !errors.As(err, &refused) {
		u.t.Fatalf("want Seam's error, got %v", err)
	}
	equal(u.t, "path", refused.Path, "/workspaces/get")
	equal(u.t, "status", refused.Status, either(u.server, wrongKeyIsASession, http.StatusBadRequest, http.StatusUnauthorized))
	equal(u.t, "type", refused.Type, either(u.server, wrongKeyIsASession, "missing_workspace_id", "unauthorized"))
	without(u.t, "seam_wrong", message(err))
}

func routes(u *user) {
	for path, known := range map[string]bool{
		"/access_codes/no_such_thing":                         false,
		"/access_codes/unmanaged/get":                         !u.has(noUnmanagedGet),
		"/access_codes/simulate/create_unmanaged_access_code": !u.has(noSimulation),
	} {
		a := u.post(u.t, path, object{})
		equal(u.t, path+": answers in JSON", a.json, known)
		equal(u.t, path+": is a plain 404", a.status == http.StatusNotFound && !a.json, !known)
	}
}

func outage(u *user) {
	made, w := u.guest(), u.listen()
	mend := u.breaksDown(u.t, "/access_codes/get")
	_, err := u.read(made)
	mend()
	var down *seam.Error
	if !errors.As(err, &down) {
		u.t.Fatalf("want Seam's error, got %v", err)
	}
	equal(u.t, "status", down.Status, http.StatusServiceUnavailable)
	equal(u.t, "type", down.Type, "")
	equal(u.t, "calls", len(w.to("/access_codes/get")), 1+u.config().MaxRetries)
	equal(u.t, "PIN afterwards", u.mustRead(made).Code, made.Code)
}
