//go:build contract

package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// What our client makes of what is around a code, on both servers.

func clientReadsDevices(u *user) {
	ctx := u.t.Context()
	byID, err := u.client.DeviceNow(ctx, u.lock)
	must(u.t, err)
	equal(u.t, "id", byID.ID, u.lock)
	equal(u.t, "managed", byID.Managed(), true)
	equal(u.t, "has a name", byID.Name() != "", true)
	byName, err := u.client.DeviceNamed(ctx, byID.Name())
	if u.has(namesAreShared) {
		saying(u.t, message(err), "devices are named", u.lock, u.otherLock)
	} else {
		must(u.t, err)
		equal(u.t, "by name", byName.ID, u.lock)
	}
	_, err = u.client.DeviceNamed(ctx, "no such name")
	saying(u.t, message(err), "No managed device is named", u.lock)
	var none *seam.NoDevice
	_, err = u.client.DeviceNow(ctx, unknownID)
	equal(u.t, "unknown", errors.As(err, &none), true)
	var ids []string
	for d, err := range u.client.Devices(ctx, map[string]any{}, true) {
		must(u.t, err)
		ids = append(ids, d.ID)
	}
	equal(u.t, "listed", slices.Contains(ids, u.lock) && slices.Contains(ids, u.otherLock), true)
}

func clientReadsCodes(u *user) {
	ctx := u.t.Context()
	made := u.guest()
	left := u.addUnmanaged(u.t, u.pin())
	var ids []string
	for code, err := range u.client.AccessCodes(ctx, seam.AccessCodeFilter{DeviceID: u.lock}) {
		must(u.t, err)
		ids = append(ids, code.ID)
	}
	equal(u.t, "the managed one is listed, the other is not", [2]bool{slices.Contains(ids, made.ID), slices.Contains(ids, left)}, [2]bool{true, false})
	ids = nil
	for code, err := range u.client.UnmanagedAccessCodes(ctx, u.lock) {
		must(u.t, err)
		ids = append(ids, code.ID)
	}
	equal(u.t, "the other one", [2]bool{slices.Contains(ids, made.ID), slices.Contains(ids, left)}, [2]bool{false, true})
	found, err := u.client.AccessCodeWithPIN(ctx, u.lock, made.Code)
	must(u.t, err)
	equal(u.t, "by its PIN", found.ID, made.ID)
	happened, err := u.client.Events(ctx, seam.EventFilter{Since: time.Now().Add(-time.Hour), AccessCodeIDs: []string{made.ID}, Types: []string{"access_code.created"}})
	must(u.t, err)
	equal(u.t, "its event", len(happened), 1)
	u.removeUnmanaged(u.t, left)
}

func clientMovesBolts(u *user) {
	var said []string
	e := seam.Errand{Timeout: removalTimeout, Progress: func(message string) { said = append(said, message) }, Warn: func(string, string) {}}
	must(u.t, u.client.UnlockDoor(u.t.Context(), u.lock, e))
	must(u.t, u.client.LockDoor(u.t.Context(), u.lock, e))
	equal(u.t, "messages", len(said), 4)
	saying(u.t, said[1], "is unlocked")
	saying(u.t, said[3], "is locked")
	saying(u.t, message(u.client.LockDoor(u.t.Context(), unknownID, e)), "device_not_found")
}

func clientKeepsWebhooks(u *user) {
	ctx := u.t.Context()
	made, err := u.client.CreateWebhook(ctx, sink, []string{"access_code.deleted"})
	must(u.t, err)
	read, err := u.client.WebhookNow(ctx, made.ID, "")
	must(u.t, err)
	equal(u.t, "types", strings.Join(read.EventTypes, " "), "access_code.deleted")
	if !u.has(noWebhookUpdate) {
		changed, err := u.client.SubscribeWebhook(ctx, made.ID, "", []string{"access_code.created"})
		must(u.t, err)
		equal(u.t, "changed types", strings.Join(changed.EventTypes, " "), "access_code.created")
	}
	must(u.t, u.client.DeleteWebhook(ctx, made.ID, ""))
	var none *seam.NoWebhook
	_, err = u.client.WebhookNow(ctx, made.ID, "")
	equal(u.t, "gone", errors.As(err, &none), true)
	must(u.t, u.client.DeleteWebhook(context.WithoutCancel(ctx), made.ID, ""))
}
