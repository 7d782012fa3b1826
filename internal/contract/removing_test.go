//go:build contract

package contract

import (
	"errors"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func removal(u *user) {
	made, w := u.guest(), u.listen()
	u.removesSlowly(u.t, w)
	must(u.t, u.remove(made))
	u.quiet()
	u.missing(u.t, made.ID)
	equal(u.t, "deletes", len(w.to("/access_codes/delete")), 1)
	polls := w.to("/action_attempts/get")
	if len(polls) != 2 {
		u.t.Fatalf("%d polls of the attempt, want 2", len(polls))
	}
	equal(u.t, "first poll", text(polls[0].body, "action_attempt", "status"), "pending")
	equal(u.t, "second poll", text(polls[1].body, "action_attempt", "status"), "success")
	gets := w.to("/access_codes/get")
	equal(u.t, "the last get", gets[len(gets)-1].status, http.StatusNotFound)
	equal(u.t, "scans of the lock, before the ask and after the 404", len(w.to("/access_codes/unmanaged/list")), 2)
	u.verified(made)
	equal(u.t, "attempt of the receipt", u.receipt().AttemptID, text(polls[0].body, "action_attempt", "action_attempt_id"))
}

// verified fails the test unless the last receipt is a verified one of a code.
func (u *user) verified(code seam.AccessCode) {
	u.t.Helper()
	last := u.receipt()
	equal(u.t, "receipt: code", last.AccessCodeID, code.ID)
	equal(u.t, "receipt: outcome", last.Outcome, seam.OutcomeVerified)
	equal(u.t, "receipt: PIN compared", last.PINCompared, true)
	for _, proof := range last.Proofs {
		equal(u.t, "receipt: request id of "+proof.Asked, proof.RequestID != "", true)
	}
}

func removalOfGone(u *user) {
	made := u.guest()
	u.removeOutside(made)
	w := u.listen()
	must(u.t, u.remove(made))
	u.quiet()
	equal(u.t, "deletes", len(w.to("/access_codes/delete")), 0)
	u.verified(made)
}

func removalFails(u *user) {
	made, w := u.guest(), u.listen()
	u.failsToRemove(u.t, w, "device_offline")
	err := u.remove(made)
	if !u.has(goneBeforeAttempt) {
		equal(u.t, "refused", errors.Is(err, seam.ErrRefused), true)
		saying(u.t, message(err), "device_offline", "may still open")
		equal(u.t, "receipts after a refusal", u.recorded(), false)
		err = u.remove(made)
	}
	must(u.t, err)
	u.missing(u.t, made.ID)
	u.verified(made)
}

func removalByEvent(u *user) {
	made := u.guest()
	task := u.task(made)
	task.Mode = seam.VerifiedByEvent
	must(u.t, u.client.RemoveAccessCode(u.t.Context(), task))
	u.verified(made)
	proofs := u.receipt().Proofs
	equal(u.t, "the event", proofs[len(proofs)-1].Showed, either(u.server, lockHasNoEvents, "access_code.deleted", "access_code.removed_from_device"))
}

func removalLeavesPIN(u *user) {
	made := u.guest()
	left := u.addUnmanaged(u.t, made.Code)
	err := u.remove(made)
	equal(u.t, "unconfirmed", errors.Is(err, seam.ErrUnconfirmed), true)
	saying(u.t, message(err), left, "still opens the door")
	without(u.t, made.Code, message(err))
	u.missing(u.t, made.ID)
	u.removeUnmanaged(u.t, left)
	must(u.t, u.remove(made))
	u.verified(made)
}

// removalForgotten resumes an attempt that the server does not know.
func removalForgotten(u *user) {
	made, w := u.guest(), u.listen()
	u.memory.AskedAt = u.client.Now()
	u.memory.Asks = map[string]seam.Ask{made.ID: {At: u.client.Now(), Attempt: unknownID}}
	must(u.t, u.remove(made))
	equal(u.t, "first attempt", w.to("/action_attempts/get")[0].status, http.StatusNotFound)
	equal(u.t, "deletes", len(w.to("/access_codes/delete")), 1)
	u.missing(u.t, made.ID)
}

// removalBeside must not warn: the same PIN on another lock opens another door.
func removalBeside(u *user) {
	made := u.guest()
	beside := u.create(seam.AccessCodeInput{DeviceID: u.otherLock, Code: &made.Code})
	must(u.t, u.remove(made))
	u.quiet()
	equal(u.t, "PIN on the other lock", u.mustRead(beside).Code, made.Code)
}

func removalFromMissingLock(u *user) {
	made := u.guest()
	u.removeOutside(made)
	made.DeviceID = unknownID
	_, err := u.read(made)
	for step, err := range map[string]error{"read": err, "removal": u.remove(made)} {
		if !errors.Is(err, seam.ErrOutOfSight) {
			u.t.Fatalf("%s: want out of sight, got %v", step, err)
		}
		saying(u.t, message(err), "missing from the workspace", "device_not_found")
	}
}

func attempts(u *user) {
	made := u.guest()
	asked := u.ok(u.t, "/access_codes/delete", object{"access_code_id": made.ID})
	id := text(asked, "action_attempt", "action_attempt_id")
	got := u.ok(u.t, "/action_attempts/get", object{"action_attempt_id": id})["action_attempt"]
	listed := entries(u.ok(u.t, "/action_attempts/list", object{"action_attempt_ids": []string{id}}), "action_attempts")
	equal(u.t, "attempts listed", len(listed), 1)
	equal(u.t, "status in the answer", text(asked, "action_attempt", "status"), either(u.server, endsInTheAnswer, "success", "pending"))
	for step, attempt := range map[string]any{"get": got, "list": listed[0]} {
		equal(u.t, step+": id", text(attempt, "action_attempt_id"), id)
		equal(u.t, step+": type", text(attempt, "action_type"), "DELETE_ACCESS_CODE")
		equal(u.t, step+": status", text(attempt, "status"), "success")
		equal(u.t, step+": error", in(attempt, "error"), nil)
		equal(u.t, step+": has no result", in(attempt, "result") == nil, either(u.server, resultIsNull, true, false))
	}
	u.refuses(u.t, "/access_codes/delete", object{"access_code_id": made.ID}, http.StatusNotFound, "access_code_not_found")
	unknownAttempts(u.t, u.server)
}

func unknownAttempts(t *testing.T, s *server) {
	s.refuses(t, "/action_attempts/get", object{"action_attempt_id": unknownID}, http.StatusNotFound, "action_attempt_not_found")
	a := s.post(t, "/action_attempts/list", object{"action_attempt_ids": []string{unknownID}})
	equal(t, "list of an unknown one: status", a.status, either(s, unknownAttemptsFail, http.StatusNotFound, http.StatusOK))
	equal(t, "list of an unknown one: type", a.errorType(), either(s, unknownAttemptsFail, "action_attempts_not_found", ""))
	equal(t, "list of an unknown one: attempts", len(entries(a.body, "action_attempts")), 0)
	a = s.post(t, "/action_attempts/list", object{"device_id": s.lock})
	equal(t, "list of a lock's: status", a.status, either(s, attemptsNeedIDs, http.StatusBadRequest, http.StatusOK))
}
