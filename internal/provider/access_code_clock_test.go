package provider

import (
	"net/http"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// dated makes answers carry another Date than Seam's clock; without one if it is zero.
func dated(in time.Duration, times int) seamtest.Fault {
	if in == 0 {
		return seamtest.Fault{Header: http.Header{"Date": nil}, Times: times}
	}
	return seamtest.Fault{Header: http.Header{"Date": {time.Now().Add(in).UTC().Format(http.TimeFormat)}}, Times: times}
}

// Does a wrong clock end an offline code that the lock still accepts?
func TestAccessCode_offlineCodeEndsBySeamsClock(t *testing.T) {
	for name, test := range map[string]struct {
		after time.Duration // on our clock
		fault seamtest.Fault
	}{
		"our clock is a day ahead":       {25 * time.Hour, dated(time.Minute, 0)},
		"one answer with a wrong date":   {time.Minute, dated(48*time.Hour, 1)},
		"no answer with a date":          {25 * time.Hour, dated(0, 0)},
		"a gateway's page from tomorrow": {time.Minute, seamtest.Fault{Status: 502, ContentType: "text/html", Header: dated(48*time.Hour, 1).Header, Times: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(values{
					"device_id": w.lock.ID, "name": "Guest", "is_offline_access_code": true, "max_time_rounding": "1d",
					"starts_at": stamp(time.Second), "ends_at": stamp(24 * time.Hour),
				}))
				fault := test.fault
				if date := fault.Header["Date"]; test.after > time.Hour && date != nil {
					fault = dated(time.Minute, 0) // Seam's clock stands still, ours goes on
				}
				w.seam.InjectFault(fault)
				later(test.after)
				w.restart()
				w.keeps(func() { w.fails(w.delete(), "offline code") })
			})
		})
	}
}

// Is a code whose stay goes on taken for one that ended, because our clock is wrong?
func TestAccessCode_stayEndsBySeamsClock(t *testing.T) {
	t.Run("our clock is ahead", func(t *testing.T) {
		inWorld(t, func(w *world) {
			config := stay(w, 24*time.Hour)
			w.ok(w.apply(config))
			w.seam.RemoveAccessCode(w.id())
			w.seam.InjectFault(dated(time.Minute, 0))
			later(25 * time.Hour)
			w.restart()
			w.warns(w.refresh(), "removed outside Terraform")
			w.gone()
		})
	})
	t.Run("Seam does not tell the time", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.ok(w.apply(stay(w, time.Hour)))
			later(2 * time.Hour)
			w.seam.InjectFault(dated(0, 0))
			w.restart()
			w.keeps(func() { w.warns(w.refresh(), "Date header") })
		})
	})
}

// Is a stay refused as past, although it is not by Seam's clock?
func TestAccessCode_endInThePastIsJudgedBySeamsClock(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(dated(time.Minute, 0))
		config := guest(w).with(values{"starts_at": stamp(time.Minute), "ends_at": stamp(time.Hour)})
		later(2 * time.Hour)
		w.restart()
		if p := w.plan(config); p.errors() != "" {
			t.Errorf("the plan refuses it: %s", p.errors())
		}
	})
	inWorld(t, func(w *world) {
		config := guest(w).with(values{"starts_at": stamp(time.Minute), "ends_at": stamp(time.Hour)})
		w.seam.InjectFault(dated(2*time.Hour, 0))
		w.restart()
		w.says(w.plan(config).errors(), "in the past")
	})
}
