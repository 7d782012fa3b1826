//go:build contract

package contract

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// Cases of the client beyond access codes, on both servers.

func clientReadsDevices(h *clientHarness) {
	ctx := h.t.Context()
	byID, err := h.client.GetDevice(ctx, h.lock)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "id", byID.ID, h.lock)
	assertEqual(h.t, "managed", byID.Managed(), true)
	assertEqual(h.t, "has a name", byID.Name() != "", true)
	byName, err := h.client.GetDeviceByName(ctx, byID.Name())
	if h.deviates(deviceNamesNotUnique) {
		clienttest.AssertError(h.t, err, "devices are named", h.lock, h.otherLock)
	} else {
		clienttest.Must(h.t, err)
		assertEqual(h.t, "by name", byName.ID, h.lock)
	}
	_, err = h.client.GetDeviceByName(ctx, "no such name")
	clienttest.AssertError(h.t, err, "No managed device is named", h.lock)
	_, err = h.client.GetDevice(ctx, unknownID)
	_ = clienttest.MustBe[*seam.NotFoundError](h.t, err)
	var ids []string
	for d, err := range h.client.Devices(ctx, map[string]any{}, true) {
		clienttest.Must(h.t, err)
		ids = append(ids, d.ID)
	}
	assertEqual(h.t, "listed", slices.Contains(ids, h.lock) && slices.Contains(ids, h.otherLock), true)
}

func clientReadsCodes(h *clientHarness) {
	ctx := h.t.Context()
	created := h.createGuest()
	leftoverID := h.addUnmanagedAccessCode(h.t, h.pin())
	var ids []string
	for code, err := range h.client.AccessCodes(ctx, seam.AccessCodeFilter{DeviceID: h.lock}) {
		clienttest.Must(h.t, err)
		ids = append(ids, code.ID)
	}
	assertEqual(h.t, "the managed one is listed, the other is not", [2]bool{slices.Contains(ids, created.ID), slices.Contains(ids, leftoverID)}, [2]bool{true, false})
	ids = nil
	for code, err := range h.client.UnmanagedAccessCodes(ctx, h.lock) {
		clienttest.Must(h.t, err)
		ids = append(ids, code.ID)
	}
	assertEqual(h.t, "the other one", [2]bool{slices.Contains(ids, created.ID), slices.Contains(ids, leftoverID)}, [2]bool{false, true})
	found, err := h.client.GetAccessCodeByPIN(ctx, h.lock, created.Code)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "by its PIN", found.ID, created.ID)
	happened, err := h.client.Events(ctx, seam.EventFilter{Since: time.Now().Add(-time.Hour), AccessCodeIDs: []string{created.ID}, Types: []string{"access_code.created"}})
	clienttest.Must(h.t, err)
	assertEqual(h.t, "its event", len(happened), 1)
	h.removeUnmanagedAccessCode(h.t, leftoverID)
}

func clientLocksDoors(h *clientHarness) {
	var got []string
	e := seam.ActionOptions{Timeout: removalTimeout, Progress: func(message string) { got = append(got, message) }, Warn: func(string, string) {}}
	clienttest.Must(h.t, h.client.UnlockDoor(h.t.Context(), h.lock, e))
	clienttest.Must(h.t, h.client.LockDoor(h.t.Context(), h.lock, e))
	assertEqual(h.t, "messages", len(got), 4)
	clienttest.AssertContains(h.t, got[1], "is unlocked")
	clienttest.AssertContains(h.t, got[3], "is locked")
	clienttest.AssertError(h.t, h.client.LockDoor(h.t.Context(), unknownID, e), "device_not_found")
}

func clientManagesWebhooks(h *clientHarness) {
	ctx := h.t.Context()
	created, err := seam.Webhooks.Create(ctx, h.client, seam.WebhookInput{URL: webhookURL, EventTypes: []string{"access_code.deleted"}})
	clienttest.Must(h.t, err)
	ref := seam.Ref{ID: created.ID}
	read, err := seam.Webhooks.Get(ctx, h.client, ref)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "types", strings.Join(read.EventTypes, " "), "access_code.deleted")
	if !h.deviates(noWebhookUpdate) {
		changed, err := seam.Webhooks.Update(ctx, h.client, ref, seam.WebhookInput{EventTypes: []string{"access_code.created"}})
		clienttest.Must(h.t, err)
		assertEqual(h.t, "changed types", strings.Join(changed.EventTypes, " "), "access_code.created")
	}
	clienttest.Must(h.t, seam.Webhooks.Delete(ctx, h.client, ref))
	_, err = seam.Webhooks.Get(ctx, h.client, ref)
	_ = clienttest.MustBe[*seam.NotFoundError](h.t, err)
	clienttest.Must(h.t, seam.Webhooks.Delete(context.WithoutCancel(ctx), h.client, ref))
}
