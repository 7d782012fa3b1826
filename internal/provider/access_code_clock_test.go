package provider

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// dateHeaderFault makes answers carry another Date than Seam's clock; without one if it is zero.
func dateHeaderFault(in time.Duration, times int) seamtest.Fault {
	if in == 0 {
		return seamtest.Fault{Header: http.Header{"Date": nil}, Times: times}
	}
	return seamtest.Fault{Header: http.Header{"Date": {time.Now().Add(in).UTC().Format(http.TimeFormat)}}, Times: times}
}

// Does a wrong clock end an offline code that the lock still accepts?
func TestAccessCode_offlineCodeEndsBySeamsClock(t *testing.T) {
	type testCase struct {
		after time.Duration // on our clock
		fault seamtest.Fault
	}
	forEach(t, map[string]testCase{
		"our clock is a day ahead":       {25 * time.Hour, dateHeaderFault(time.Minute, 0)},
		"one answer with a wrong date":   {time.Minute, dateHeaderFault(48*time.Hour, 1)},
		"no answer with a date":          {25 * time.Hour, dateHeaderFault(0, 0)},
		"a gateway's page from tomorrow": {time.Minute, seamtest.Fault{Status: 502, ContentType: "text/html", Header: dateHeaderFault(48*time.Hour, 1).Header, Times: 1}},
	}, func(h *harness, test testCase) {
		h.requireNoError(h.apply(offlineConfig(h).with(values{"max_time_rounding": "1d", "starts_at": timeFromNow(time.Second)})))
		fault := test.fault
		if date := fault.Header["Date"]; test.after > time.Hour && date != nil {
			fault = dateHeaderFault(time.Minute, 0) // Seam's clock stands still, ours goes on
		}
		h.seam.InjectFault(fault)
		advanceClock(test.after)
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "offline code") })
	})
}

// Is a code whose stay goes on taken for one that ended, because our clock is wrong?
func TestAccessCode_stayEndsBySeamsClock(t *testing.T) {
	subtest(t, "our clock is ahead", func(h *harness) {
		config := stayConfig(h, 24*time.Hour)
		h.requireNoError(h.apply(config))
		h.seam.RemoveAccessCode(h.id())
		h.seam.InjectFault(dateHeaderFault(time.Minute, 0))
		advanceClock(25 * time.Hour)
		h.requireWarning(h.refreshInNextRun(), "Removed outside Terraform")
		h.requireNoState()
	})
	subtest(t, "Seam does not tell the time", func(h *harness) {
		h.requireNoError(h.apply(stayConfig(h, time.Hour)))
		advanceClock(2 * time.Hour)
		h.seam.InjectFault(dateHeaderFault(0, 0))
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "Date header") })
	})
}

// Is a stay refused as past, although it is not by Seam's clock?
func TestAccessCode_endInThePastIsCheckedBySeamsClock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(dateHeaderFault(time.Minute, 0))
		config := guestConfig(h).with(values{"starts_at": timeFromNow(time.Minute), "ends_at": timeFromNow(time.Hour)})
		advanceClock(2 * time.Hour)
		h.restart()
		h.requireNoError(h.plan(config).Diags)
	})
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(values{"starts_at": timeFromNow(time.Minute), "ends_at": timeFromNow(time.Hour)})
		h.seam.InjectFault(dateHeaderFault(2*time.Hour, 0))
		h.restart()
		h.RequireText(h.plan(config).errors(), "in the past")
	})
}

// Is a new code that Seam does not find yet taken to be gone, because of a wrong clock?
func TestAccessCode_newCodeIsYoungBySeamsClock(t *testing.T) {
	forEach(t, map[string][]seamtest.Fault{
		"one answer with a wrong date": {{Path: getPath, Header: dateHeaderFault(time.Hour, 1).Header}},
		"no date, our clock is ahead": {
			{Path: createPath, Header: dateHeaderFault(0, 0).Header, Replace: func(status int, body []byte) (int, []byte) {
				return status, regexp.MustCompile(`"created_at":"[^"]*"`).ReplaceAll(body, []byte(`"created_at":"`+timeFromNow(-time.Hour)+`"`))
			}},
			dateHeaderFault(0, 0),
		},
	}, func(h *harness, faults []seamtest.Fault) {
		h.lock.OnCreate(seamtest.CreateBehavior{InvisibleFor: 20 * time.Second})
		for _, fault := range faults {
			h.seam.InjectFault(fault)
		}
		h.restart()
		go func() { advanceClock(2 * time.Second); h.Interrupt() }()
		h.requireWarning(h.apply(guestConfig(h)), "interrupted")
		h.restart()
		h.requireNoError(h.destroyWithoutRefresh())
		advanceClock(time.Minute)
		h.requireOpens("4821", false)
	})
}

// Is a new code that Seam does not find yet taken to be gone, if nobody knows when it was created?
func TestAccessCode_newCodeWithoutATimeOfCreation(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{InvisibleFor: 20 * time.Second})
		h.seam.InjectFault(seamtest.Fault{Path: createPath, Replace: func(status int, body []byte) (int, []byte) {
			return status, regexp.MustCompile(`"created_at":"[^"]*"`).ReplaceAll(body, []byte(`"created_at":null`))
		}})
		time.AfterFunc(2*time.Second, h.Interrupt)
		h.requireWarning(h.apply(guestConfig(h)), "interrupted")
		h.restart()
		h.requireNoError(h.destroyWithoutRefresh())
		advanceClock(time.Minute)
		h.requireOpens("4821", false)
	})
}
