//go:build contract

package contract

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

var (
	uuid         = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	sequentialID = regexp.MustCompile(`^access_code\d+$`)
)

func accessCodeWithPIN(h *clientHarness) {
	pin := h.pin()
	created := h.create(seam.AccessCodeInput{Name: new("Guest"), Code: &pin})
	for step, code := range map[string]seam.AccessCode{"created": created, "read": h.mustRead(created)} {
		assertEqual(h.t, step+": PIN", code.Code, pin)
		assertEqual(h.t, step+": name", code.Name, "Guest")
		assertEqual(h.t, step+": lock", code.DeviceID, h.lock)
		assertEqual(h.t, step+": workspace", code.WorkspaceID, h.workspace)
		assertEqual(h.t, step+": type", code.Type, "ongoing")
		assertEqual(h.t, step+": managed", code.IsManaged != nil && *code.IsManaged, true)
		assertEqual(h.t, step+": id of its kind", expected(h.server, sequentialIDs, sequentialID, uuid).MatchString(code.ID), true)
		if age := h.client.Now().Sub(code.CreatedAt.Time).Abs(); age > time.Minute {
			h.t.Errorf("%s: created %v ago", step, age)
		}
	}
	result := h.ok(h.t, "/access_codes/create", jsonObject{"device_id": h.lock, "code": h.pin()})
	assertEqual(h.t, "the create has an attempt", stringAt(result, "action_attempt", "action_attempt_id") != "", expected(h.server, createHasNoAttempt, false, true))
}

func accessCodeGeneratedPIN(h *clientHarness) {
	code := h.create(seam.AccessCodeInput{})
	code, err := h.client.AwaitAccessCode(h.t.Context(), code, true, false)
	clienttest.Must(h.t, err)
	if !regexp.MustCompile(`^\d{4,8}$`).MatchString(code.Code) {
		h.t.Errorf("%q is no PIN", code.Code)
	}
	assertEqual(h.t, "a name is chosen as well", code.Name != "", true)
}

func accessCodeWaitForSet(h *clientHarness) {
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Second)
	defer cancel()
	code, err := h.client.AwaitAccessCode(ctx, h.createGuest(), false, true)
	assertEqual(h.t, "status", code.Status, expected(h.server, statusStaysSetting, "setting", "set"))
	assertEqual(h.t, "waited in vain", errors.Is(err, context.DeadlineExceeded), h.deviates(statusStaysSetting))
}

func accessCodeDuplicatePIN(h *clientHarness) {
	first := h.createGuest()
	_, err := h.client.CreateAccessCode(h.t.Context(), seam.AccessCodeInput{DeviceID: h.lock, Name: new("Second"), Code: &first.Code})
	refused := clienttest.MustBe[*seam.Error](h.t, err)
	assertEqual(h.t, "type", refused.Type, "duplicate_access_code")
	assertEqual(h.t, "status", refused.Status, http.StatusConflict)
	assertEqual(h.t, "the other code", refused.Conflict.ManagedID, expected(h.server, duplicateHasNoID, "", first.ID))
	clienttest.AssertOmits(h.t, err.Error()+refused.Error(), first.Code)
	clienttest.AssertError(h.t, err, "already has an access code with this PIN", refused.RequestID)
	raw := h.post(h.t, "/access_codes/create", jsonObject{"device_id": h.lock, "code": first.Code})
	assertEqual(h.t, "the server tells the PIN", strings.Contains(stringAt(raw.body, "error", "message"), first.Code), expected(h.server, duplicateRepeatsPIN, true, false))
}

// accessCodeLostCreate has the same code on another lock, which a list without a filter shows too.
func accessCodeLostCreate(h *clientHarness) {
	pin := h.pin()
	decoy := stringAt(h.ok(h.t, "/access_codes/create", jsonObject{"device_id": h.otherLock, "name": "Lost", "code": pin}), "access_code", "access_code_id")
	w := h.recordCalls()
	w.dropNextResponse("/access_codes/create")
	found := h.create(seam.AccessCodeInput{Name: new("Lost"), Code: &pin})
	creates := w.callsTo("/access_codes/create")
	assertEqual(h.t, "creates", len(creates), 1)
	assertEqual(h.t, "the code found", found.ID, stringAt(creates[0].body, "access_code", "access_code_id"))
	assertEqual(h.t, "the decoy is taken", found.ID == decoy, false)
}

func accessCodeInvalidInput(h *clientHarness) {
	for _, bad := range []struct {
		deviation
		body jsonObject
	}{
		{unknownFieldsAccepted, jsonObject{"device_id": h.lock, "code": h.pin(), "colour": "red"}},
		{anyPINAccepted, jsonObject{"device_id": h.lock, "code": "ab"}},
	} {
		h.wantErrorUnless(h.t, bad.deviation, "/access_codes/create", bad.body, http.StatusBadRequest, "invalid_input")
	}
	_, err := h.client.CreateAccessCode(h.t.Context(), seam.AccessCodeInput{DeviceID: unknownID})
	refused := clienttest.MustBe[*seam.Error](h.t, err)
	assertEqual(h.t, "type of the error of an unknown lock", refused.Type, "device_not_found")
	assertEqual(h.t, "its status", refused.Status, http.StatusNotFound)
}

func accessCodeRename(h *clientHarness) {
	created := h.createGuest()
	after := h.mustChange(created, seam.AccessCodeInput{Name: new("Renamed")})
	for step, code := range map[string]seam.AccessCode{"changed": after, "read": h.mustRead(created)} {
		assertEqual(h.t, step+": name", code.Name, "Renamed")
		assertEqual(h.t, step+": PIN", code.Code, created.Code)
	}
}

func accessCodeRotatePIN(h *clientHarness) {
	created, pin := h.createGuest(), h.pin()
	h.mustChange(created, seam.AccessCodeInput{Code: &pin})
	assertEqual(h.t, "PIN", h.mustRead(created).Code, pin)
	assertEqual(h.t, "the new PIN is", stringAt(h.ok(h.t, "/access_codes/get", jsonObject{"device_id": h.lock, "code": pin}), "access_code", "access_code_id"), created.ID)
	assertEqual(h.t, "the old PIN", h.post(h.t, "/access_codes/get", jsonObject{"device_id": h.lock, "code": created.Code}).status, http.StatusNotFound)
}

func accessCodeRotateToDuplicatePIN(h *clientHarness) {
	taken, created := h.createGuest(), h.createGuest()
	_, err := h.change(created, seam.AccessCodeInput{Code: &taken.Code})
	if h.deviates(updateAcceptsDuplicatePIN) {
		clienttest.Must(h.t, err)
		assertEqual(h.t, "PIN", h.mustRead(created).Code, taken.Code)
		return
	}
	assertEqual(h.t, "type", clienttest.MustBe[*seam.Error](h.t, err).Type, "duplicate_access_code")
	clienttest.AssertOmits(h.t, err.Error(), taken.Code)
	assertEqual(h.t, "PIN", h.mustRead(created).Code, created.Code)
}

// stay is a window that starts in some days.
func stay(days int) (startsAt, endsAt string) {
	start := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, days)
	return start.Format(time.RFC3339), start.Add(48 * time.Hour).Format(time.RFC3339)
}

func accessCodeTimeWindow(h *clientHarness) {
	code := h.createGuest()
	for _, days := range []int{2, 9} {
		startsAt, endsAt := stay(days)
		h.mustChange(code, seam.AccessCodeInput{Type: "time_bound", StartsAt: &startsAt, EndsAt: &endsAt})
		code = h.mustRead(code)
		assertEqual(h.t, "type", code.Type, "time_bound")
		assertEqual(h.t, "start", code.StartsAt.UTC().Format(time.RFC3339), startsAt)
		assertEqual(h.t, "end", code.EndsAt.UTC().Format(time.RFC3339), endsAt)
	}
	h.mustChange(code, seam.AccessCodeInput{Type: "ongoing"})
	after := h.mustRead(code)
	assertEqual(h.t, "type", after.Type, "ongoing")
	assertEqual(h.t, "end", after.EndsAt.Time, expected(h.server, ongoingKeepsTimes, code.EndsAt.Time, time.Time{}))
}

// accessCodeUpdateWithoutWindow is why our updates always send both times.
func accessCodeUpdateWithoutWindow(h *clientHarness) {
	startsAt, endsAt := stay(2)
	created := h.create(seam.AccessCodeInput{Code: new(h.pin()), StartsAt: &startsAt, EndsAt: &endsAt})
	assertEqual(h.t, "type", created.Type, "time_bound")
	h.mustChange(created, seam.AccessCodeInput{Name: new("With"), StartsAt: &startsAt, EndsAt: &endsAt})
	assertEqual(h.t, "type after an update with times", h.mustRead(created).Type, "time_bound")
	h.ok(h.t, "/access_codes/update", jsonObject{"access_code_id": created.ID, "name": "Without"})
	assertEqual(h.t, "type after one without", h.mustRead(created).Type, expected(h.server, updateDropsWindow, "ongoing", "time_bound"))
}

func accessCodeChangedExternally(h *clientHarness) {
	created, pin := h.createGuest(), h.pin()
	h.ok(h.t, "/access_codes/update", jsonObject{"access_code_id": created.ID, "name": "Somebody", "code": pin})
	now := h.mustRead(created)
	assertEqual(h.t, "name", now.Name, "Somebody")
	assertEqual(h.t, "PIN", now.Code, pin)
}

func (h *clientHarness) removeExternally(code seam.AccessCode) {
	h.t.Helper()
	h.ok(h.t, "/access_codes/delete", jsonObject{"access_code_id": code.ID})
}

func accessCodeRemovedExternally(h *clientHarness) {
	created := h.createGuest()
	h.removeExternally(created)
	_, err := h.read(created)
	assertEqual(h.t, "expired", clienttest.MustBe[*removal.GoneError](h.t, err).Expired, false)
}

func accessCodeLeftover(h *clientHarness) {
	created := h.createGuest()
	h.removeExternally(created)
	leftoverID := h.addUnmanagedAccessCode(h.t, created.Code)
	_, err := h.read(created)
	assertEqual(h.t, "unconfirmed", errors.Is(err, removal.ErrUnconfirmed), true)
	clienttest.AssertError(h.t, err, leftoverID, "still opens the door")
	clienttest.AssertOmits(h.t, err.Error(), created.Code)
	h.removeUnmanagedAccessCode(h.t, leftoverID)
	_, err = h.read(created)
	_ = clienttest.MustBe[*removal.GoneError](h.t, err)
}

func accessCodeUnmanagedExternally(h *clientHarness) {
	created := h.createGuest()
	h.ok(h.t, "/access_codes/update", jsonObject{"access_code_id": created.ID, "is_managed": false})
	_, err := h.read(created)
	if h.deviates(updateIgnoresManaged) {
		clienttest.Must(h.t, err)
		return
	}
	_ = clienttest.MustBe[*seam.UnmanagedError](h.t, err)
	clienttest.AssertError(h.t, err, created.ID)
}

func accessCodeUnmanagedID(h *clientHarness) {
	pin := h.pin()
	code := seam.AccessCode{ID: h.addUnmanagedAccessCode(h.t, pin), DeviceID: h.lock, Code: pin}
	_, err := h.read(code)
	h.wantStatus(h.t, getShowsUnmanaged, "/access_codes/get", jsonObject{"access_code_id": code.ID}, http.StatusOK, http.StatusNotFound)
	_ = clienttest.MustBe[*seam.UnmanagedError](h.t, err)
	clienttest.AssertOmits(h.t, err.Error(), pin)
}
