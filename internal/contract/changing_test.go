//go:build contract

package contract

import (
	"errors"
	"net/http"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func rename(u *user) {
	made := u.guest()
	after := u.mustChange(made, seam.AccessCodeInput{Name: new("Renamed")})
	for step, code := range map[string]seam.AccessCode{"changed": after, "read": u.mustRead(made)} {
		equal(u.t, step+": name", code.Name, "Renamed")
		equal(u.t, step+": PIN", code.Code, made.Code)
	}
}

func rotate(u *user) {
	made, pin := u.guest(), u.pin()
	u.mustChange(made, seam.AccessCodeInput{Code: &pin})
	equal(u.t, "PIN", u.mustRead(made).Code, pin)
	equal(u.t, "the new PIN is", text(u.ok(u.t, "/access_codes/get", object{"device_id": u.lock, "code": pin}), "access_code", "access_code_id"), made.ID)
	equal(u.t, "the old PIN", u.post(u.t, "/access_codes/get", object{"device_id": u.lock, "code": made.Code}).status, http.StatusNotFound)
}

func rotateToTaken(u *user) {
	taken, made := u.guest(), u.guest()
	_, err := u.change(made, seam.AccessCodeInput{Code: &taken.Code})
	if u.has(updateTakesTakenPIN) {
		must(u.t, err)
		equal(u.t, "PIN", u.mustRead(made).Code, taken.Code)
		return
	}
	var refused *seam.Error
	equal(u.t, "is a duplicate", errors.As(err, &refused) && refused.Type == "duplicate_access_code", true)
	without(u.t, taken.Code, message(err))
	equal(u.t, "PIN", u.mustRead(made).Code, made.Code)
}

// stay is a window that starts in some days.
func stay(days int) (startsAt, endsAt string) {
	start := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, days)
	return start.Format(time.RFC3339), start.Add(48 * time.Hour).Format(time.RFC3339)
}

func windows(u *user) {
	code := u.guest()
	for _, days := range []int{2, 9} {
		startsAt, endsAt := stay(days)
		u.mustChange(code, seam.AccessCodeInput{Type: "time_bound", StartsAt: &startsAt, EndsAt: &endsAt})
		code = u.mustRead(code)
		equal(u.t, "type", code.Type, "time_bound")
		equal(u.t, "start", code.StartsAt.UTC().Format(time.RFC3339), startsAt)
		equal(u.t, "end", code.EndsAt.UTC().Format(time.RFC3339), endsAt)
	}
	u.mustChange(code, seam.AccessCodeInput{Type: "ongoing"})
	after := u.mustRead(code)
	equal(u.t, "type", after.Type, "ongoing")
	equal(u.t, "end", after.EndsAt.Time, either(u.server, ongoingKeepsTimes, code.EndsAt.Time, time.Time{}))
}

// windowLeftOut is why our updates always send both times.
func windowLeftOut(u *user) {
	startsAt, endsAt := stay(2)
	made := u.create(seam.AccessCodeInput{Code: new(u.pin()), StartsAt: &startsAt, EndsAt: &endsAt})
	equal(u.t, "type", made.Type, "time_bound")
	u.mustChange(made, seam.AccessCodeInput{Name: new("With"), StartsAt: &startsAt, EndsAt: &endsAt})
	equal(u.t, "type after an update with times", u.mustRead(made).Type, "time_bound")
	u.ok(u.t, "/access_codes/update", object{"access_code_id": made.ID, "name": "Without"})
	equal(u.t, "type after one without", u.mustRead(made).Type, either(u.server, updateDropsWindow, "ongoing", "time_bound"))
}

func changedOutside(u *user) {
	made, pin := u.guest(), u.pin()
	u.ok(u.t, "/access_codes/update", object{"access_code_id": made.ID, "name": "Somebody", "code": pin})
	now := u.mustRead(made)
	equal(u.t, "name", now.Name, "Somebody")
	equal(u.t, "PIN", now.Code, pin)
}

func (u *user) removeOutside(code seam.AccessCode) {
	u.t.Helper()
	u.ok(u.t, "/access_codes/delete", object{"access_code_id": code.ID})
}

func removedOutside(u *user) {
	made := u.guest()
	u.removeOutside(made)
	_, err := u.read(made)
	var gone *seam.Gone
	if !errors.As(err, &gone) {
		u.t.Fatalf("want gone, got %v", err)
	}

	equal(u.t, "expired", gone.Expired, false)
}

func ghost(u *user) {
	made := u.guest()
	u.removeOutside(made)
	left := u.addUnmanaged(u.t, made.Code)
	_, err := u.read(made)
	equal(u.t, "unconfirmed", errors.Is(err, seam.ErrUnconfirmed), true)
	saying(u.t, message(err), left, "still opens the door")
	without(u.t, made.Code, message(err))
	u.removeUnmanaged(u.t, left)
	_, err = u.read(made)
	var gone *seam.Gone
	equal(u.t, "gone once the lock is clean", errors.As(err, &gone), true)
}

func unmanagedOutside(u *user) {
	made := u.guest()
	u.ok(u.t, "/access_codes/update", object{"access_code_id": made.ID, "is_managed": false})
	_, err := u.read(made)
	if u.has(updateKeepsManaged) {
		must(u.t, err)
		return
	}
	var became *seam.BecameUnmanaged
	equal(u.t, "became unmanaged", errors.As(err, &became), true)
	saying(u.t, message(err), made.ID)
}

func unmanagedID(u *user) {
	pin := u.pin()
	code := seam.AccessCode{ID: u.addUnmanaged(u.t, pin), DeviceID: u.lock, Code: pin}
	_, err := u.read(code)
	asked := u.post(u.t, "/access_codes/get", object{"access_code_id": code.ID})
	equal(u.t, "status of get", asked.status, either(u.server, getShowsUnmanaged, http.StatusOK, http.StatusNotFound))
	var became *seam.BecameUnmanaged
	equal(u.t, "became unmanaged", errors.As(err, &became), true)
	without(u.t, pin, message(err))
}
