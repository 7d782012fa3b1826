//go:build contract

package contract

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var (
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	counted = regexp.MustCompile(`^access_code\d+$`)
)

func pinAskedFor(u *user) {
	pin := u.pin()
	made := u.create(seam.AccessCodeInput{Name: new("Guest"), Code: &pin})
	for step, code := range map[string]seam.AccessCode{"created": made, "read": u.mustRead(made)} {
		equal(u.t, step+": PIN", code.Code, pin)
		equal(u.t, step+": name", code.Name, "Guest")
		equal(u.t, step+": lock", code.DeviceID, u.lock)
		equal(u.t, step+": workspace", code.WorkspaceID, u.workspace)
		equal(u.t, step+": type", code.Type, "ongoing")
		equal(u.t, step+": managed", code.IsManaged != nil && *code.IsManaged, true)
		equal(u.t, step+": id of its kind", either(u.server, countedIDs, counted, uuid).MatchString(code.ID), true)
		if age := u.client.Now().Sub(code.CreatedAt.Time).Abs(); age > time.Minute {
			u.t.Errorf("%s: created %v ago", step, age)
		}
	}
	answer := u.ok(u.t, "/access_codes/create", object{"device_id": u.lock, "code": u.pin()})
	equal(u.t, "the create has an attempt", text(answer, "action_attempt", "action_attempt_id") != "", either(u.server, createsAtOnce, false, true))
}

func pinLeftOut(u *user) {
	code := u.create(seam.AccessCodeInput{})
	code, err := u.client.AwaitAccessCode(u.t.Context(), code, true, false)
	must(u.t, err)
	if !regexp.MustCompile(`^\d{4,8}$`).MatchString(code.Code) {
		u.t.Errorf("%q is no PIN", code.Code)
	}
	equal(u.t, "a name is chosen as well", code.Name != "", true)
}

func waitForLock(u *user) {
	ctx, cancel := context.WithTimeout(u.t.Context(), time.Second)
	defer cancel()
	code, err := u.client.AwaitAccessCode(ctx, u.guest(), false, true)
	equal(u.t, "status", code.Status, either(u.server, statusStaysSetting, "setting", "set"))
	equal(u.t, "waited in vain", errors.Is(err, context.DeadlineExceeded), u.has(statusStaysSetting))
}

func pinTaken(u *user) {
	first := u.guest()
	_, err := u.client.CreateAccessCode(u.t.Context(), seam.AccessCodeInput{DeviceID: u.lock, Name: new("Second"), Code: &first.Code})
	var refused *seam.Error
	if !errors.As(err, &refused) {
		u.t.Fatalf("want Seam's error, got %v", err)
	}
	equal(u.t, "type", refused.Type, "duplicate_access_code")
	equal(u.t, "status", refused.Status, http.StatusConflict)
	equal(u.t, "the other code", refused.Conflict.ManagedID, either(u.server, duplicateHasNoID, "", first.ID))
	without(u.t, first.Code, message(err)+message(refused))
	saying(u.t, message(err), "already has an access code with this PIN", refused.RequestID)
	raw := u.post(u.t, "/access_codes/create", object{"device_id": u.lock, "code": first.Code})
	equal(u.t, "the server tells the PIN", strings.Contains(text(raw.body, "error", "message"), first.Code), either(u.server, duplicateTellsPIN, true, false))
}

// lostCreate has a decoy on another lock, which a list without a filter shows too.
func lostCreate(u *user) {
	pin := u.pin()
	decoy := text(u.ok(u.t, "/access_codes/create", object{"device_id": u.otherLock, "name": "Lost", "code": pin}), "access_code", "access_code_id")
	w := u.listen()
	w.lose("/access_codes/create")
	found := u.create(seam.AccessCodeInput{Name: new("Lost"), Code: &pin})
	creates := w.to("/access_codes/create")
	equal(u.t, "creates", len(creates), 1)
	equal(u.t, "the code found", found.ID, text(creates[0].body, "access_code", "access_code_id"))
	equal(u.t, "the decoy is taken", found.ID == decoy, false)
}

func strictness(u *user) {
	for _, bad := range []struct {
		deviation
		body object
	}{
		{unknownFieldsPass, object{"device_id": u.lock, "code": u.pin(), "colour": "red"}},
		{anyPINPasses, object{"device_id": u.lock, "code": "ab"}},
	} {
		a := u.post(u.t, "/access_codes/create", bad.body)
		equal(u.t, string(bad.deviation)+": status", a.status, either(u.server, bad.deviation, http.StatusOK, http.StatusBadRequest))
		equal(u.t, string(bad.deviation)+": error type", a.errorType(), either(u.server, bad.deviation, "", "invalid_input"))
	}
	_, err := u.client.CreateAccessCode(u.t.Context(), seam.AccessCodeInput{DeviceID: unknownID})
	var refused *seam.Error
	if !errors.As(err, &refused) || refused.Type != "device_not_found" || refused.Status != http.StatusNotFound {
		u.t.Errorf("a create on an unknown lock: want 404 device_not_found, got %v", err)
	}
}
