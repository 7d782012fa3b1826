package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a plan says of changes, and of a lock with many stays.

func TestAccessCode_extendedStayNeedNotStartInTheFuture(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		h.setConstraints(nil, "start_date_in_future")
		h.restart()
		h.requireNoDiagnostics(h.plan(stayConfig(h, time.Hour).with(values{"ends_at": timeFromNow(48 * time.Hour)})).Diags)
		h.requireWarning(h.plan(stayConfig(h, time.Hour).with(values{"starts_at": timeFromNow(-time.Minute)})).Diags, "start_date_in_future")
	})
}

func TestAccessCode_planOfAChangeWarnsOfAnUnmanagedLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.Unmanage()
		h.restart()
		for _, change := range []values{{"name": "Other"}, {"code": "5560"}} {
			h.requireWarningOnly(h.plan(guestConfig(h).with(change)).Diags, "not managed", "is_managed = true")
		}
	})
}

func TestAccessCode_pinThatCannotBeChosenIsToBeLeftOut(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(nil, "cannot_specify_pin_code")
		h.requireError(h.plan(guestConfig(h)).Diags, "cannot_specify_pin_code", "Remove code and code_wo")
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID}).Diags)
	})
}

func TestAccessCode_planWarnsOfSameFirstFourDigits(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(nil, "unique_first_four_digits")
		h.requireWarningOnly(h.plan(guestConfig(h).with(values{"code": "482844"})).Diags, "may reject", "unique_first_four_digits")
		h.requireNoDiagnostics(h.plan(guestConfig(h).with(values{"code": "482144"})).Diags)
	})
}

// Stays that follow each other share a slot.
func TestAccessCode_futureStaysDoNotFillALock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(values{"max_active_codes_supported": 2})
		day := func(n int) string { return timeFromNow(time.Duration(n) * 24 * time.Hour) }
		for n := 1; n <= 5; n++ {
			h.createOutside(values{"device_id": h.lock.ID, "code": fmt.Sprint(7319 + n), "starts_at": day(n), "ends_at": day(n + 1)})
		}
		ongoing := values{"device_id": h.lock.ID}
		second := ongoing.with(values{"starts_at": day(2), "ends_at": day(3)})
		for _, config := range []values{ongoing, second, ongoing.with(values{"starts_at": day(9), "ends_at": day(10)})} {
			h.requireNoDiagnostics(h.plan(config).Diags)
		}
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.restart()
		h.requireWarning(h.plan(ongoing).Diags, "up to 2 codes at a time", "maximum of 2")
		h.requireWarning(h.plan(second).Diags, "up to 2 codes at a time", "maximum of 2")
		h.requireNoDiagnostics(h.plan(second.with(values{"starts_at": day(9), "ends_at": day(10)})).Diags)
		h.requireNoDiagnostics(h.plan(second.with(values{"starts_at": unknownValue{}, "ends_at": unknownValue{}})).Diags)
	})
}
