package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccessCode_planRefusesInvalidConfiguration(t *testing.T) {
	type testCase struct {
		config values
		says   []string
	}
	forEach(t, map[string]testCase{
		"PIN too short":                   {values{"code": "123"}, []string{"code", "4 to 12 digits"}},
		"PIN too long":                    {values{"code": "1234567890123"}, []string{"code", "4 to 12 digits"}},
		"PIN with letters":                {values{"code": "12a4"}, []string{"code", "4 to 12 digits"}},
		"PIN with a line break":           {values{"code": "1234\n"}, []string{"code", "4 to 12 digits"}},
		"PIN of other digits":             {values{"code": "١٢٣٤"}, []string{"code", "4 to 12 digits"}},
		"empty PIN":                       {values{"code": ""}, []string{"code", "4 to 12 digits"}},
		"write-only PIN too short":        {values{"code": nil, "code_wo": "123", "code_wo_version": 1}, []string{"code_wo", "4 to 12 digits"}},
		"write-only PIN with letters":     {values{"code": nil, "code_wo": "1234x", "code_wo_version": 1}, []string{"code_wo", "4 to 12 digits"}},
		"window inverted":                 {values{"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}, []string{"ends_at", "not later than starts_at", "Set ends_at to a time after starts_at"}},
		"window empty":                    {values{"starts_at": "2030-01-02T01:00:00+01:00", "ends_at": "2030-01-02T00:00:00Z"}, []string{"ends_at", "not later than starts_at"}},
		"window past":                     {values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-12-31T00:00:00Z"}, []string{"ends_at", "in the past", "Set ends_at to a time in the future"}},
		"only a start":                    {values{"starts_at": "2030-01-02T00:00:00Z"}, []string{"starts_at", "ends_at", "must be specified when"}},
		"only an end":                     {values{"ends_at": "2030-01-02T00:00:00Z"}, []string{"ends_at", "starts_at"}},
		"time without a zone":             {values{"starts_at": "2030-01-02T00:00:00", "ends_at": "2030-01-03T00:00:00Z"}, []string{"starts_at", "Not a valid RFC 3339 time", "such as 2026-01-02T15:04:05Z"}},
		"a date":                          {values{"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-03"}, []string{"ends_at", "RFC 3339"}},
		"unknown removal":                 {values{"removal": "maybe"}, []string{"removal", `"verified"`, `"abandoned"`, "verified_by_event", "requested"}},
		"unknown rounding":                {values{"max_time_rounding": "2h"}, []string{"max_time_rounding", `"1hour"`, "1day"}},
		"code and code_wo":                {values{"code_wo": "4821", "code_wo_version": 1}, []string{"code_wo", "cannot be specified when"}},
		"code and preferred_code_length":  {values{"preferred_code_length": 6}, []string{"preferred_code_length", "cannot be specified when"}},
		"code_wo with a preferred length": {values{"code": nil, "code_wo": "4821", "code_wo_version": 1, "preferred_code_length": 6}, []string{"preferred_code_length"}},
		"preferred_code_length too long":  {values{"code": nil, "preferred_code_length": 13}, []string{"preferred_code_length", "12"}},
		"code_wo without version":         {values{"code": nil, "code_wo": "4821"}, []string{"code_wo_version", "must be specified when", "code_wo"}},
		"code_wo_version without code_wo": {values{"code_wo_version": 1}, []string{"code_wo", "must be specified when", "code_wo_version"}},
		"one use without offline":         {values{"code": nil, "is_one_time_use": true}, []string{"is_one_time_use", "offline", "Only offline codes can be one-time codes", "is_offline_access_code = true"}},
		"offline with a PIN":              {values{"is_offline_access_code": true, "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}, []string{"is_offline_access_code", "cannot be chosen", "Remove code and code_wo"}},
		"offline with a write-only PIN":   {values{"code": nil, "code_wo": "4821", "code_wo_version": 1, "is_offline_access_code": true, "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}, []string{"is_offline_access_code", "cannot be chosen"}},
		"backup pool without a window":    {values{"use_backup_access_code_pool": true}, []string{"use_backup_access_code_pool", "a start and an end", "Set starts_at and ends_at"}},
		"empty device_id":                 {values{"device_id": ""}, []string{"device_id"}},
		"empty name":                      {values{"name": ""}, []string{"name", "at least 1"}},
		"timeout that is none":            {values{"timeouts": values{"delete": "soon"}}, []string{"timeouts", "soon"}},
	}, func(h *harness, test testCase) {
		h.requireError(h.plan(guestConfig(h).with(test.config)).Diags, test.says...)
		if n := len(h.seam.Requests()) - h.seam.Count("/workspaces/get"); n > 0 { // which tells the time
			h.t.Errorf("%d requests", n)
		}
	})
}

// Values that are known only after apply are not wrong yet.
func TestAccessCode_planAcceptsUnknownValues(t *testing.T) {
	forEach(t, map[string]values{
		"code":      {"code": unknownValue{}},
		"window":    {"starts_at": unknownValue{}, "ends_at": unknownValue{}},
		"start":     {"starts_at": unknownValue{}, "ends_at": "2030-01-02T00:00:00Z"},
		"device_id": {"device_id": unknownValue{}},
		"offline":   {"code": nil, "is_offline_access_code": unknownValue{}, "is_one_time_use": true},
		"code_wo":   {"code": nil, "code_wo": unknownValue{}, "code_wo_version": 1},
		"pool":      {"use_backup_access_code_pool": true, "starts_at": unknownValue{}, "ends_at": unknownValue{}},
		"removal":   {"removal": unknownValue{}},
	}, func(h *harness, config values) {
		h.requireNoError(h.plan(guestConfig(h).with(config)).Diags)
	})
}

func TestAccessCode_changesUnknownToSeamMakeNoRequest(t *testing.T) {
	for name, change := range map[string]values{
		"removal": {"removal": "requested"}, "timeouts": {"timeouts": values{"delete": "1h"}}, "wait_for_set": {"wait_for_set": true},
	} {
		for form, config := range pinForms {
			subtest(t, name+", "+form, func(h *harness) {
				config := guestConfig(h).with(config)
				h.requireNoError(h.apply(config))
				h.restart()
				h.requireNoCalls(func() {
					for _, config := range []values{config.with(change), config} {
						h.requireCleanPlan(config, name)
						h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
					}
				})
			})
		}
	}
}

func TestAccessCode_spellingOfTimesIsPreserved(t *testing.T) {
	forEach(t, map[string]values{
		"zone":            {"starts_at": "2030-01-02T15:00:00+02:00", "ends_at": "2030-01-03T15:00:00-05:30"},
		"milliseconds":    {"starts_at": "2030-01-02T15:00:00.000Z", "ends_at": "2030-01-03T15:00:00.000Z"},
		"six digits":      {"starts_at": "2030-01-02T15:00:00.123456Z", "ends_at": "2030-01-03T15:00:00.654321Z"},
		"nanoseconds":     {"starts_at": "2030-01-02T15:00:00.123456789Z", "ends_at": "2030-01-03T15:00:00.000000001Z"},
		"plain":           {"starts_at": "2030-01-02T15:00:00Z", "ends_at": "2030-01-03T15:00:00Z"},
		"one digit":       {"starts_at": "2030-01-02T15:00:00.5Z", "ends_at": "2030-01-03T15:00:00.50Z"},
		"zone of nothing": {"starts_at": "2030-01-02T15:00:00+00:00", "ends_at": "2030-01-03T15:00:00-00:00"},
	}, func(h *harness, window values) {
		config := guestConfig(h).with(window)
		h.requireNoDiagnostics(h.apply(config))
		h.requireCleanPlan(config)
		h.requireStateUnchanged(func() { h.requireNoDiagnostics(h.refreshInNextRun()) })
		h.requireCleanPlan(config)
		h.requireAttributes(window)
	})
}

func TestAccessCode_otherSpellingOfATimeIsNoChange(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"starts_at": "2030-01-02T15:00:00Z", "ends_at": "2030-01-03T15:00:00Z"})))
		h.requireCleanPlan(guestConfig(h).with(values{"starts_at": "2030-01-02T16:00:00+01:00", "ends_at": "2030-01-03T15:00:00.000Z"}))
	})
}

func TestAccessCode_windowIsAddedAndRemovedInPlace(t *testing.T) {
	forEach(t, pinForms, func(h *harness, pin values) {
		ongoing := guestConfig(h).with(pin)
		bound := stayConfig(h, time.Hour).with(pin)
		h.requireNoError(h.apply(ongoing))
		id := h.id()
		for _, step := range []struct {
			config values
			kind   string
		}{{bound, "time_bound"}, {ongoing, "ongoing"}, {bound, "time_bound"}} {
			h.restart()
			h.requireCleanPlan(step.config, "ends_at", "starts_at", "type")
			h.requireNoDiagnostics(h.apply(step.config))
			h.requireSettled(step.config)
			h.requireAttributes(values{"id": id, "type": step.kind})
			h.requireOpens("4821", true)
		}
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", false)
	})
}

func TestAccessCode_updateChangesOneAttributeOnly(t *testing.T) {
	for attribute, value := range map[string]any{
		"name": "Other", "code": "5555", "starts_at": timeFromNow(30 * time.Minute), "ends_at": "2041-01-01T00:00:00Z", "is_external_modification_allowed": true,
		"removal": "requested", "wait_for_set": true, "timeouts": values{"create": "1m"},
	} {
		subtest(t, attribute, func(h *harness) {
			config := guestConfig(h).with(values{"starts_at": timeFromNow(-time.Hour), "ends_at": "2040-01-01T00:00:00Z"})
			h.requireNoError(h.apply(config))
			id := h.id()
			h.requireNoDiagnostics(h.refreshInNextRun())
			changed := config.with(values{attribute: value})
			h.requireCleanPlan(changed, attribute)
			h.requireNoDiagnostics(h.apply(changed))
			h.requireSettled(changed)
			requireEqual(h.t, "id", h.id(), id)
		})
	}
}

func TestAccessCode_changedLockReplaces(t *testing.T) {
	withHarness(t, func(h *harness) {
		back := h.seam.AddLock("Back Door")
		h.requireNoError(h.apply(guestConfig(h)))
		config := guestConfig(h).with(values{"device_id": back.ID})
		h.requireReplaces(config, "device_id")
		h.requireNoError(h.apply(config))
		h.requireOpens("4821", false)
		requireEqual(t, "opens the other door", back.Opens("4821"), true)
	})
}

// Arguments that are left out are Seam's to choose, and stay as they are.
func TestAccessCode_omittedArgumentsStay(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoError(h.apply(guestConfig(h).with(values{"is_external_modification_allowed": true})))
		h.requireCleanPlan(config)
		h.seam.ChangeAccessCode(h.id(), func(c *seamtest.AccessCode) { c.Name = "Renamed" })
		h.requireNoError(h.refresh())
		h.requireCleanPlan(config)
		h.requireAttributes(values{"name": "Renamed"})
	})
}
