package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/provider/accesscode"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// setConstraints gives the lock constraints, or other properties.
func (h *harness) setConstraints(more values, constraints ...string) {
	h.lock.Describe(func(d map[string]any) {
		p, _ := d["properties"].(map[string]any)
		all := []map[string]any{}
		for _, kind := range constraints {
			all = append(all, map[string]any{"constraint_type": kind})
		}
		p["code_constraints"] = all
		for name, value := range more {
			if _, of := d[name]; of {
				d[name] = value
			} else {
				p[name] = value
			}
		}
	})
}

const (
	refused = "rejects this value"
	doubted = "may reject"
)

func TestAccessCode_planChecksThePINAgainstTheLocksRules(t *testing.T) {
	for name, c := range map[string]struct{ rule, pin, says string }{
		"no zeros":             {"no_zeros", "4801", refused},
		"no zeros, none":       {"no_zeros", "4821", ""},
		"089":                  {"cannot_contain_089", "4129", refused},
		"089, none":            {"cannot_contain_089", "4127", ""},
		"0789":                 {"cannot_contain_0789", "4127", refused},
		"begins with 12":       {"cannot_start_with_12", "1248", refused},
		"12 later":             {"cannot_start_with_12", "4128", ""},
		"chosen":               {"cannot_specify_pin_code", "4821", refused},
		"existing set":         {"pin_code_matches_existing_set", "4821", doubted},
		"sequence up":          {"no_ascending_or_descending_sequence", "34567", refused},
		"sequence down":        {"no_ascending_or_descending_sequence", "6543", refused},
		"half a sequence":      {"no_ascending_or_descending_sequence", "34569", ""},
		"two digits":           {"at_least_three_unique_digits", "4848", refused},
		"three digits":         {"at_least_three_unique_digits", "4841", ""},
		"one digit":            {"no_all_same_digits", "7777", refused},
		"four in a row":        {"no_triple_consecutive_ints", "912345", refused},
		"four the same":        {"no_triple_consecutive_ints", "94444", refused},
		"three in a row":       {"no_triple_consecutive_ints", "91236", doubted},
		"a rule to come":       {"only_on_sundays", "4821", ""},
		"too long":             {"", "482193756", refused},
		"write-only, too long": {"", "482193756", refused},
	} {
		subtest(t, name, func(h *harness) {
			h.setConstraints(nil, c.rule)
			config := values{"device_id": h.lock.ID, "code": c.pin}
			if strings.HasPrefix(name, "write-only") {
				config = values{"device_id": h.lock.ID, "code_wo": c.pin, "code_wo_version": 1}
			}
			p := h.plan(config)
			said := p.errors() + diagnosticText(p.Diags, tfprotov6.DiagnosticSeverityWarning)
			if c.says == "" && said != "" || !strings.Contains(said, c.says) || (c.says == refused) != (p.errors() != "") {
				h.t.Errorf("want %q, got %q", c.says, said)
			}
			requireAbsent(h.t, said, c.pin)
		})
	}
}

// Does a plan say that device_id names no lock, also if the code is to move there? Terraform drops the
// warnings of the plan that creates a replacement.
func TestAccessCode_planOnALockThatDoesNotExist(t *testing.T) {
	const missing, malformed = "00000000-9a1d-4a56-83c2-82dbdb23d6e7", "front-door"
	for name, exists := range map[string]bool{"new": false, "moved": true} {
		subtest(t, name, func(h *harness) {
			if exists {
				h.requireNoError(h.apply(guestConfig(h)))
			}
			h.requireWarningOnly(h.plan(guestConfig(h).with(values{"device_id": missing})).Diags, "Lock missing", missing)
			h.requireError(h.plan(guestConfig(h).with(values{"device_id": malformed})).Diags, "Invalid device_id", "does not accept this ID", "Correct device_id")
		})
	}
}

func always(v values) func() values { return func() values { return v } }

func TestAccessCode_planWarnsOfMissingCapabilities(t *testing.T) {
	window := func() values { return values{"starts_at": timeFromNow(-time.Hour), "ends_at": timeFromNow(time.Hour)} }
	type testCase struct {
		rules  values
		kinds  []string
		config func() values
		says   string
	}
	forEach(t, map[string]testCase{
		"no PINs at all":  {values{"can_program_online_access_codes": false}, nil, always(values{}), "does not support PINs"},
		"no lock":         {values{"capabilities_supported": []string{"thermostat"}}, nil, always(values{}), "does not support PINs"},
		"no offline":      {values{"can_program_offline_access_codes": false}, nil, always(values{"is_offline_access_code": true}), "does not support offline codes"},
		"no pool":         {values{"supports_backup_access_code_pool": false}, nil, func() values { return window().with(values{"use_backup_access_code_pool": true}) }, "does not support backup codes"},
		"offline":         {nil, nil, always(values{"is_offline_access_code": true}), "accepts this code until ends_at"},
		"length":          {nil, nil, always(values{"preferred_code_length": 12}), "Seam will use the shortest"},
		"start not ahead": {nil, []string{"start_date_in_future"}, window, "start_date_in_future"},
	}, func(h *harness, c testCase) {
		h.setConstraints(c.rules, c.kinds...)
		h.requireWarningOnly(h.plan(values{"device_id": h.lock.ID}.with(c.config())).Diags, c.says)
	})
}

func TestAccessCode_planRefusesANameThatBreaksTheLocksRules(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.Describe(func(d map[string]any) {
			p, _ := d["properties"].(map[string]any)
			p["code_constraints"] = []map[string]any{{"constraint_type": "name_length", "min_length": 3, "max_length": 8}, {"constraint_type": "name_must_be_unique"}}
		})
		h.requireError(h.plan(values{"device_id": h.lock.ID, "name": "Al"}).Diags, "at least 3 characters")
		h.requireError(h.plan(values{"device_id": h.lock.ID, "name": "Alexandra"}).Diags, "at most 8 characters")
		h.createOutside(values{"device_id": h.lock.ID, "name": "Guest"})
		h.restart()
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "name": "Guest"}).Diags, "name_must_be_unique")
	})
}

func TestAccessCode_planNamesTheCodeThatHasThePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		stranger := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		theirs := h.createOutside(values{"device_id": h.lock.ID, "code": "7319"})
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "code": "4821"}).Diags, "PIN already on the lock", stranger, "adopt_access_code_id")
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "code": "7319"}).Diags, "PIN already on the lock", theirs, "terraform import")
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": "5560"}).Diags)
		h.restart()
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": "4821", "adopt_access_code_id": stranger}).Diags)
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID, "code": "5560"}))
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": "5560", "name": "Other"}).Diags) // its own
		h.restart()
		h.mustReadDataSource("seam_access_code", values{"id": theirs}) // looking at it is not keeping it
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "code": "7319"}).Diags, "PIN already on the lock", theirs)
		h.setConstraints(nil, "unique_first_four_digits")
		h.restart()
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "code": "731955"}).Diags, theirs, "unique_first_four_digits")
	})
}

func TestAccessCode_planComparesWindowsOfCodesWithOnePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		window := values{"device_id": h.lock.ID, "code": "7319", "starts_at": timeFromNow(time.Hour), "ends_at": timeFromNow(2 * time.Hour)}
		h.createOutside(window)
		later := window.with(values{"starts_at": timeFromNow(3 * time.Hour), "ends_at": timeFromNow(4 * time.Hour)})
		h.requireNoDiagnostics(h.plan(later).Diags)
		h.requireWarning(h.plan(later.with(values{"starts_at": timeFromNow(90 * time.Minute)})).Diags, "PIN already on the lock")
	})
}

func TestAccessCode_planWarnsOfAFullLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(values{"max_active_codes_supported": 2})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID}))
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "name": "Other"}).Diags)
		other := h.newObject("seam_access_code")
		h.requireWarning(other.plan(values{"device_id": h.lock.ID}).Diags, "up to 2 codes", "maximum of 2")
	})
}

func TestAccessCode_unreadableLockBlocksNoPlan(t *testing.T) {
	forEachPair(t, map[string]seamtest.Fault{
		"down": {Status: 500}, "denied": {Status: 401, Type: "unauthorized"}, "silent": {Delay: time.Hour}, "not there": {Status: 404}, "nonsense": {Status: 200, ContentType: "application/json", Body: "{}"},
	}, named("/devices/get", listPath, "/access_codes/unmanaged/list"), func(h *harness, f seamtest.Fault, path string) {
		f.Path = path
		h.seam.InjectFault(f)
		h.requireWithin(0, accesscode.PreflightTimeout+time.Second, func() {
			h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": "4821"}).Diags)
		})
	})
}

func TestAccessCode_planWarnsOfAMissingOrUnmanagedLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.Unmanage()
		h.requireWarningOnly(h.plan(values{"device_id": h.lock.ID}).Diags, "not managed", "is_managed = true")
		h.requireWarningOnly(h.plan(values{"device_id": missingID}).Diags, "There is no device", "Check the id")
		h.requireNoDiagnostics(h.plan(values{"device_id": unknownValue{}, "code": "4821"}).Diags)
	})
}

// anotherObject is another object of the same run, with a state of its own.
func (h *harness) anotherObject() *harness {
	o := h.newObject(h.TypeName)
	o.Server = h.Server
	return o
}

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
