//go:build contract

package contract

import (
	"errors"
	"net/http"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

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
