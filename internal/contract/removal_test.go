//go:build contract

package contract

import (
	"errors"
	"net/http"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

func removalVerified(h *clientHarness) {
	created, w := h.createGuest(), h.recordCalls()
	h.delayRemoval(h.t, w)
	clienttest.Must(h.t, h.remove(created))
	h.assertNoWarnings()
	h.wantNotFound(h.t, created.ID)
	assertEqual(h.t, "deletes", len(w.callsTo("/access_codes/delete")), 1)
	polls := w.callsTo("/action_attempts/get")
	if len(polls) != 2 {
		h.t.Fatalf("%d polls of the attempt, want 2", len(polls))
	}
	assertEqual(h.t, "first poll", stringAt(polls[0].body, "action_attempt", "status"), "pending")
	assertEqual(h.t, "second poll", stringAt(polls[1].body, "action_attempt", "status"), "success")
	gets := w.callsTo("/access_codes/get")
	assertEqual(h.t, "the last get", gets[len(gets)-1].status, http.StatusNotFound)
	assertEqual(h.t, "lock lists, before the request and after the 404", len(w.callsTo("/access_codes/unmanaged/list")), 2)
	h.assertVerified(created)
	assertEqual(h.t, "attempt of the receipt", h.lastReceipt().AttemptID, stringAt(polls[0].body, "action_attempt", "action_attempt_id"))
}

// assertVerified fails the test unless the last receipt is a verified one of a code.
func (h *clientHarness) assertVerified(code seam.AccessCode) {
	h.t.Helper()
	last := h.lastReceipt()
	assertEqual(h.t, "receipt: code", last.AccessCodeID, code.ID)
	assertEqual(h.t, "receipt: outcome", last.Outcome, removal.OutcomeVerified)
	assertEqual(h.t, "receipt: PIN compared", last.PINCompared, true)
	for _, proof := range last.Proofs {
		assertEqual(h.t, "receipt: request id of "+proof.Asked, proof.RequestID != "", true)
	}
}

func removalAlreadyGone(h *clientHarness) {
	created := h.createGuest()
	h.removeExternally(created)
	w := h.recordCalls()
	clienttest.Must(h.t, h.remove(created))
	h.assertNoWarnings()
	assertEqual(h.t, "deletes", len(w.callsTo("/access_codes/delete")), 0)
	h.assertVerified(created)
}

func removalFails(h *clientHarness) {
	created, w := h.createGuest(), h.recordCalls()
	h.failRemoval(h.t, w, "device_offline")
	err := h.remove(created)
	if !h.deviates(goneBeforeAttempt) {
		assertEqual(h.t, "refused", errors.Is(err, removal.ErrRefused), true)
		clienttest.AssertError(h.t, err, "device_offline", "may still open")
		assertEqual(h.t, "no receipt after a refusal", h.lastReceipt() == nil, true)
		err = h.remove(created)
	}
	clienttest.Must(h.t, err)
	h.wantNotFound(h.t, created.ID)
	h.assertVerified(created)
}

func removalByEvent(h *clientHarness) {
	created := h.createGuest()
	o := h.options(created)
	o.Mode = removal.VerifiedByEvent
	clienttest.Must(h.t, removal.RemoveAccessCode(h.t.Context(), h.client, known(created), o))
	h.assertVerified(created)
	proofs := h.lastReceipt().Proofs
	assertEqual(h.t, "the event", proofs[len(proofs)-1].Showed, expected(h.server, noDeviceEvents, "access_code.deleted", "access_code.removed_from_device"))
}

func removalLeftover(h *clientHarness) {
	created := h.createGuest()
	leftoverID := h.addUnmanagedAccessCode(h.t, created.Code)
	err := h.remove(created)
	assertEqual(h.t, "unconfirmed", errors.Is(err, removal.ErrUnconfirmed), true)
	clienttest.AssertError(h.t, err, leftoverID, "still opens the door")
	clienttest.AssertOmits(h.t, err.Error(), created.Code)
	h.wantNotFound(h.t, created.ID)
	h.removeUnmanagedAccessCode(h.t, leftoverID)
	clienttest.Must(h.t, h.remove(created))
	h.assertVerified(created)
}

// removalUnknownAttempt resumes an attempt that the server does not know.
func removalUnknownAttempt(h *clientHarness) {
	created, w := h.createGuest(), h.recordCalls()
	h.checkpoint.RequestedAt = h.client.Now()
	h.checkpoint.DeleteRequests = map[string]removal.DeleteRequest{created.ID: {At: h.client.Now(), AttemptID: unknownID}}
	clienttest.Must(h.t, h.remove(created))
	assertEqual(h.t, "first attempt", w.callsTo("/action_attempts/get")[0].status, http.StatusNotFound)
	assertEqual(h.t, "deletes", len(w.callsTo("/access_codes/delete")), 1)
	h.wantNotFound(h.t, created.ID)
}

// removalSamePINOnOtherLock must not warn: the same PIN on another lock does not open this one.
func removalSamePINOnOtherLock(h *clientHarness) {
	created := h.createGuest()
	other := h.create(seam.AccessCodeInput{DeviceID: h.otherLock, Code: &created.Code})
	clienttest.Must(h.t, h.remove(created))
	h.assertNoWarnings()
	assertEqual(h.t, "PIN on the other lock", h.mustRead(other).Code, created.Code)
}

func removalFromMissingLock(h *clientHarness) {
	created := h.createGuest()
	h.removeExternally(created)
	created.DeviceID = unknownID
	_, err := h.read(created)
	for step, err := range map[string]error{"read": err, "removal": h.remove(created)} {
		if !errors.Is(err, seam.ErrNotObservable) {
			h.t.Fatalf("%s: want not observable, got %v", step, err)
		}
		clienttest.AssertError(h.t, err, "missing from the workspace", "device_not_found")
	}
}

func actionAttempts(h *clientHarness) {
	created := h.createGuest()
	result := h.ok(h.t, "/access_codes/delete", jsonObject{"access_code_id": created.ID})
	id := stringAt(result, "action_attempt", "action_attempt_id")
	got := h.ok(h.t, "/action_attempts/get", jsonObject{"action_attempt_id": id})["action_attempt"]
	listed := listAt(h.ok(h.t, "/action_attempts/list", jsonObject{"action_attempt_ids": []string{id}}), "action_attempts")
	assertEqual(h.t, "attempts listed", len(listed), 1)
	assertEqual(h.t, "status in the answer", stringAt(result, "action_attempt", "status"), expected(h.server, attemptEndsInResponse, "success", "pending"))
	for step, attempt := range map[string]any{"get": got, "list": listed[0]} {
		assertEqual(h.t, step+": id", stringAt(attempt, "action_attempt_id"), id)
		assertEqual(h.t, step+": type", stringAt(attempt, "action_type"), "DELETE_ACCESS_CODE")
		assertEqual(h.t, step+": status", stringAt(attempt, "status"), "success")
		assertEqual(h.t, step+": error", valueAt(attempt, "error"), nil)
		assertEqual(h.t, step+": has no result", valueAt(attempt, "result") == nil, expected(h.server, resultIsNull, true, false))
	}
	h.wantError(h.t, "/access_codes/delete", jsonObject{"access_code_id": created.ID}, http.StatusNotFound, "access_code_not_found")
	unknownAttempts(h)
}

func unknownAttempts(h *clientHarness) {
	h.wantError(h.t, "/action_attempts/get", jsonObject{"action_attempt_id": unknownID}, http.StatusNotFound, "action_attempt_not_found")
	unknown := jsonObject{"action_attempt_ids": []string{unknownID}}
	a := h.wantStatus(h.t, attemptListRejectsUnknownIDs, "/action_attempts/list", unknown, http.StatusNotFound, http.StatusOK)
	assertEqual(h.t, "list of an unknown one: type", a.errorType(), expected(h.server, attemptListRejectsUnknownIDs, "action_attempts_not_found", ""))
	assertEqual(h.t, "list of an unknown one: attempts", len(listAt(a.body, "action_attempts")), 0)
	h.wantStatus(h.t, attemptListNeedsIDs, "/action_attempts/list", jsonObject{"device_id": h.lock}, http.StatusBadRequest, http.StatusOK)
}
