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
