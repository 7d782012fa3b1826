package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestPlanRefusesWhatCannotWork(t *testing.T) {
	for name, test := range map[string]struct {
		config values
		says   []string
	}{
		"PIN too short":                   {values{"code": "123"}, []string{"code", "4 to 12 digits"}},
		"PIN too long":                    {values{"code": "1234567890123"}, []string{"code", "4 to 12 digits"}},
		"PIN with letters":                {values{"code": "12a4"}, []string{"code", "4 to 12 digits"}},
		"PIN with a line break":           {values{"code": "1234\n"}, []string{"code", "4 to 12 digits"}},
		"PIN of other digits":             {values{"code": "١٢٣٤"}, []string{"code", "4 to 12 digits"}},
		"empty PIN":                       {values{"code": ""}, []string{"code", "4 to 12 digits"}},
		"write-only PIN too short":        {values{"code": nil, "code_wo": "123", "code_wo_version": 1}, []string{"code_wo", "4 to 12 digits"}},
		"write-only PIN with letters":     {values{"code": nil, "code_wo": "1234x", "code_wo_version": 1}, []string{"code_wo", "4 to 12 digits"}},
		"window inverted":                 {values{"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}, []string{"ends_at", "ends before it starts"}},
		"window empty":                    {values{"starts_at": "2030-01-02T01:00:00+01:00", "ends_at": "2030-01-02T00:00:00Z"}, []string{"ends_at", "ends before it starts"}},
		"window past":                     {values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-12-31T00:00:00Z"}, []string{"ends_at", "in the past"}},
		"only a start":                    {values{"starts_at": "2030-01-02T00:00:00Z"}, []string{"starts_at", "ends_at"}},
		"only an end":                     {values{"ends_at": "2030-01-02T00:00:00Z"}, []string{"ends_at", "starts_at"}},
		"time without a zone":             {values{"starts_at": "2030-01-02T00:00:00", "ends_at": "2030-01-03T00:00:00Z"}, []string{"starts_at", "RFC 3339"}},
		"a date":                          {values{"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-03"}, []string{"ends_at", "RFC 3339"}},
		"unknown removal":                 {values{"removal": "maybe"}, []string{"removal", `"verified"`, `"abandoned"`}},
		"unknown rounding":                {values{"max_time_rounding": "2h"}, []string{"max_time_rounding", `"1hour"`}},
		"code and code_wo":                {values{"code_wo": "4821", "code_wo_version": 1}, []string{"code_wo"}},
		"code and preferred_code_length":  {values{"preferred_code_length": 6}, []string{"preferred_code_length"}},
		"code_wo with a preferred length": {values{"code": nil, "code_wo": "4821", "code_wo_version": 1, "preferred_code_length": 6}, []string{"preferred_code_length"}},
		"preferred_code_length too long":  {values{"code": nil, "preferred_code_length": 13}, []string{"preferred_code_length", "12"}},
		"code_wo without version":         {values{"code": nil, "code_wo": "4821"}, []string{"code_wo_version"}},
		"code_wo_version without code_wo": {values{"code_wo_version": 1}, []string{"code_wo"}},
		"one use without offline":         {values{"code": nil, "is_one_time_use": true}, []string{"is_one_time_use", "offline"}},
		"offline with a PIN":              {values{"is_offline_access_code": true, "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}, []string{"is_offline_access_code", "cannot be chosen"}},
		"offline with a write-only PIN":   {values{"code": nil, "code_wo": "4821", "code_wo_version": 1, "is_offline_access_code": true, "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}, []string{"is_offline_access_code", "cannot be chosen"}},
		"backup pool without a window":    {values{"use_backup_access_code_pool": true}, []string{"use_backup_access_code_pool", "window"}},
		"empty device_id":                 {values{"device_id": ""}, []string{"device_id"}},
		"empty name":                      {values{"name": ""}, []string{"name"}},
		"timeout that is none":            {values{"timeouts": values{"delete": "soon"}}, []string{"timeouts", "soon"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := w.plan(guest(w).with(test.config))
				if p.errors() == "" {
					t.Fatal("the plan accepts it")
				}
				w.says(p.errors(), test.says...)
				if n := len(w.seam.Requests()) - w.seam.Count("/workspaces/get"); n > 0 { // which tells the time
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

// Values that are known only after apply are not wrong yet.
func TestPlanWaitsForWhatIsNotKnown(t *testing.T) {
	for name, config := range map[string]values{
		"code":      {"code": unknown{}},
		"window":    {"starts_at": unknown{}, "ends_at": unknown{}},
		"start":     {"starts_at": unknown{}, "ends_at": "2030-01-02T00:00:00Z"},
		"device_id": {"device_id": unknown{}},
		"offline":   {"code": nil, "is_offline_access_code": unknown{}, "is_one_time_use": true},
		"code_wo":   {"code": nil, "code_wo": unknown{}, "code_wo_version": 1},
		"pool":      {"use_backup_access_code_pool": true, "starts_at": unknown{}, "ends_at": unknown{}},
		"removal":   {"removal": unknown{}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				if p := w.plan(guest(w).with(config)); p.errors() != "" {
					t.Error(p.errors())
				}
			})
		})
	}
}

func TestChangesThatSeamNeedNotKnowMakeNoCall(t *testing.T) {
	for name, change := range map[string]values{
		"removal": {"removal": "requested"}, "timeouts": {"timeouts": values{"delete": "1h"}}, "wait_for_set": {"wait_for_set": true},
	} {
		for form, config := range forms {
			t.Run(name+", "+form, func(t *testing.T) {
				inWorld(t, func(w *world) {
					config := guest(w).with(config)
					w.ok(w.apply(config))
					w.restart()
					before := len(w.seam.Requests())
					for _, config := range []values{config.with(change), config} {
						if p := w.plan(config); !slices.Equal(p.changes(), []string{name}) || len(p.replaces) > 0 {
							t.Errorf("the plan changes %q", p.changes())
						}
						w.silent(w.put(config))
					}
					if n := len(w.seam.Requests()); n != before {
						t.Errorf("%d requests", n-before)
					}
				})
			})
		}
	}
}

func TestSpellingOfTimesIsTheUsers(t *testing.T) {
	for name, window := range map[string]values{
		"zone":            {"starts_at": "2030-01-02T15:00:00+02:00", "ends_at": "2030-01-03T15:00:00-05:30"},
		"milliseconds":    {"starts_at": "2030-01-02T15:00:00.000Z", "ends_at": "2030-01-03T15:00:00.000Z"},
		"six digits":      {"starts_at": "2030-01-02T15:00:00.123456Z", "ends_at": "2030-01-03T15:00:00.654321Z"},
		"nanoseconds":     {"starts_at": "2030-01-02T15:00:00.123456789Z", "ends_at": "2030-01-03T15:00:00.000000001Z"},
		"plain":           {"starts_at": "2030-01-02T15:00:00Z", "ends_at": "2030-01-03T15:00:00Z"},
		"one digit":       {"starts_at": "2030-01-02T15:00:00.5Z", "ends_at": "2030-01-03T15:00:00.50Z"},
		"zone of nothing": {"starts_at": "2030-01-02T15:00:00+00:00", "ends_at": "2030-01-03T15:00:00-00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := guest(w).with(window)
				w.silent(w.apply(config))
				if p := w.plan(config); !p.empty() {
					t.Errorf("after apply the plan changes %q", p.changes())
				}
				w.restart()
				w.keeps(func() { w.silent(w.refresh()) })
				if p := w.plan(config); !p.empty() {
					t.Errorf("after refresh the plan changes %q", p.changes())
				}
				if w.has("starts_at") != window["starts_at"] || w.has("ends_at") != window["ends_at"] {
					t.Errorf("the state says %v to %v", w.has("starts_at"), w.has("ends_at"))
				}
			})
		})
	}
}

func TestAnotherSpellingOfTheSameTimeIsNoChange(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w).with(values{"starts_at": "2030-01-02T15:00:00Z", "ends_at": "2030-01-03T15:00:00Z"})))
		if p := w.plan(guest(w).with(values{"starts_at": "2030-01-02T16:00:00+01:00", "ends_at": "2030-01-03T15:00:00.000Z"})); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
	})
}

func TestWindowComesAndGoesInPlace(t *testing.T) {
	for form, pin := range forms {
		t.Run(form, func(t *testing.T) {
			inWorld(t, func(w *world) {
				ongoing := guest(w).with(pin)
				bound := stay(w, time.Hour).with(pin)
				w.ok(w.apply(ongoing))
				id := w.id()
				for _, step := range []struct {
					config values
					kind   string
				}{{bound, "time_bound"}, {ongoing, "ongoing"}, {bound, "time_bound"}} {
					w.restart()
					if p := w.plan(step.config); !slices.Equal(p.changes(), []string{"ends_at", "starts_at", "type"}) || len(p.replaces) > 0 {
						t.Errorf("to %s the plan changes %q and replaces because of %q", step.kind, p.changes(), p.replaces)
					}
					w.silent(w.apply(step.config))
					w.silent(w.refresh())
					if p := w.plan(step.config); !p.empty() || w.has("type") != step.kind || w.id() != id {
						t.Errorf("the plan changes %q, type is %v, want %s", p.changes(), w.has("type"), step.kind)
					}
					w.opens("4821", true)
				}
				later(2 * time.Hour)
				w.opens("4821", false)
			})
		})
	}
}

func TestUpdateInPlaceChangesOneAttributeOnly(t *testing.T) {
	for attribute, value := range map[string]any{
		"name": "Other", "code": "5555", "starts_at": stamp(30 * time.Minute), "ends_at": "2041-01-01T00:00:00Z", "is_external_modification_allowed": true,
		"removal": "requested", "wait_for_set": true, "timeouts": values{"create": "1m"},
	} {
		t.Run(attribute, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := guest(w).with(values{"starts_at": stamp(-time.Hour), "ends_at": "2040-01-01T00:00:00Z"})
				w.ok(w.apply(config))
				id := w.id()
				w.restart()
				w.silent(w.refresh())
				changed := config.with(values{attribute: value})
				if p := w.plan(changed); !slices.Equal(p.changes(), []string{attribute}) || len(p.replaces) > 0 {
					t.Errorf("the plan changes %q and replaces because of %q", p.changes(), p.replaces)
				}
				w.silent(w.apply(changed))
				w.silent(w.refresh())
				if p := w.plan(changed); !p.empty() || w.id() != id {
					t.Errorf("the next plan changes %q", p.changes())
				}
			})
		})
	}
}

func TestAnotherLockMeansAnotherCode(t *testing.T) {
	inWorld(t, func(w *world) {
		back := w.seam.AddLock("Back Door")
		w.ok(w.apply(guest(w)))
		config := guest(w).with(values{"device_id": back.ID})
		if p := w.plan(config); !slices.Equal(p.replaces, []string{"device_id"}) {
			t.Errorf("replaces because of %q", p.replaces)
		}
		w.ok(w.apply(config))
		w.opens("4821", false)
		if !back.Opens("4821") {
			t.Error("the PIN does not open the other door")
		}
	})
}

// Arguments that are left out are Seam's to choose, and stay as they are.
func TestArgumentsLeftOutStay(t *testing.T) {
	inWorld(t, func(w *world) {
		config := values{"device_id": w.lock.ID}
		w.ok(w.apply(guest(w).with(values{"is_external_modification_allowed": true})))
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		w.seam.ChangeAccessCode(w.id(), func(c *seamtest.AccessCode) { c.Name = "Renamed" })
		w.ok(w.refresh())
		if p := w.plan(config); !p.empty() || w.has("name") != "Renamed" {
			t.Errorf("the plan changes %q", p.changes())
		}
	})
}
