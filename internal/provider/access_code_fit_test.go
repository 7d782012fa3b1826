package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// rules gives the lock constraints, or other properties.
func (w *world) rules(more values, constraints ...string) {
	w.lock.Describe(func(d map[string]any) {
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
	refused = "does not accept it"
	doubted = "may refuse"
)

func TestPlanJudgesAPINByTheRulesOfTheLock(t *testing.T) {
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
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.rules(nil, c.rule)
				config := values{"device_id": w.lock.ID, "code": c.pin}
				if strings.HasPrefix(name, "write-only") {
					config = values{"device_id": w.lock.ID, "code_wo": c.pin, "code_wo_version": 1}
				}
				p := w.plan(config)
				said := p.errors() + text(p.diags, tfprotov6.DiagnosticSeverityWarning)
				if c.says == "" && said != "" || !strings.Contains(said, c.says) || (c.says == refused) != (p.errors() != "") {
					t.Errorf("want %q, got %q", c.says, said)
				}
				if strings.Contains(said, c.pin) {
					t.Errorf("the PIN is repeated: %s", said)
				}
			})
		})
	}
}

func just(v values) func() values { return func() values { return v } }

func TestPlanSaysWhatTheLockMayNotDo(t *testing.T) {
	window := func() values {
		return values{"starts_at": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "ends_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	}
	for name, c := range map[string]struct {
		rules  values
		kinds  []string
		config func() values
		says   string
	}{
		"no PINs at all":  {values{"can_program_online_access_codes": false}, nil, just(values{}), "PINs cannot be put on lock"},
		"no lock":         {values{"capabilities_supported": []string{"thermostat"}}, nil, just(values{}), "PINs cannot be put on lock"},
		"no offline":      {values{"can_program_offline_access_codes": false}, nil, just(values{"is_offline_access_code": true}), "cannot work out codes"},
		"no pool":         {values{"supports_backup_access_code_pool": false}, nil, func() values { return window().with(values{"use_backup_access_code_pool": true}) }, "no spare codes"},
		"offline":         {nil, nil, just(values{"is_offline_access_code": true}), "will accept this code until it ends"},
		"length":          {nil, nil, just(values{"preferred_code_length": 12}), "Seam will use the shortest"},
		"start not ahead": {nil, []string{"start_date_in_future"}, window, "start_date_in_future"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.rules(c.rules, c.kinds...)
				p := w.plan(values{"device_id": w.lock.ID}.with(c.config()))
				w.ok(p.diags)
				w.warns(p.diags, c.says)
			})
		})
	}
}

func TestPlanRefusesANameThatTheLockDoesNotTake(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.Describe(func(d map[string]any) {
			p, _ := d["properties"].(map[string]any)
			p["code_constraints"] = []map[string]any{{"constraint_type": "name_length", "min_length": 3, "max_length": 8}, {"constraint_type": "name_must_be_unique"}}
		})
		w.fails(w.plan(values{"device_id": w.lock.ID, "name": "Al"}).diags, "at least 3 characters")
		w.fails(w.plan(values{"device_id": w.lock.ID, "name": "Alexandra"}).diags, "at most 8 characters")
		w.createElsewhere(values{"device_id": w.lock.ID, "name": "Guest"})
		w.restart()
		w.warns(w.plan(values{"device_id": w.lock.ID, "name": "Guest"}).diags, "name_must_be_unique")
	})
}

func TestPlanSeesWhoHasThePIN(t *testing.T) {
	inWorld(t, func(w *world) {
		stranger := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		theirs := w.createElsewhere(values{"device_id": w.lock.ID, "code": "7319"})
		w.warns(w.plan(values{"device_id": w.lock.ID, "code": "4821"}).diags, "PIN already on the lock", stranger, "adopt_access_code_id")
		w.warns(w.plan(values{"device_id": w.lock.ID, "code": "7319"}).diags, "PIN already on the lock", theirs, "terraform import")
		w.silent(w.plan(values{"device_id": w.lock.ID, "code": "5560"}).diags)
		w.restart()
		w.silent(w.plan(values{"device_id": w.lock.ID, "code": "4821", "adopt_access_code_id": stranger}).diags)
		w.silent(w.apply(values{"device_id": w.lock.ID, "code": "5560"}))
		w.silent(w.plan(values{"device_id": w.lock.ID, "code": "5560", "name": "Other"}).diags) // its own
		w.restart()
		w.reads("seam_access_code", values{"id": theirs}) // looking at it is not keeping it
		w.warns(w.plan(values{"device_id": w.lock.ID, "code": "7319"}).diags, "PIN already on the lock", theirs)
		w.rules(nil, "unique_first_four_digits")
		w.restart()
		w.warns(w.plan(values{"device_id": w.lock.ID, "code": "731955"}).diags, theirs, "unique_first_four_digits")
	})
}

func TestPlanLooksAtTheWindowOfWhoHasThePIN(t *testing.T) {
	inWorld(t, func(w *world) {
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		w.createElsewhere(values{"device_id": w.lock.ID, "code": "7319", "starts_at": at(time.Hour), "ends_at": at(2 * time.Hour)})
		later := values{"device_id": w.lock.ID, "code": "7319", "starts_at": at(3 * time.Hour), "ends_at": at(4 * time.Hour)}
		w.silent(w.plan(later).diags)
		w.warns(w.plan(later.with(values{"starts_at": at(90 * time.Minute)})).diags, "PIN already on the lock")
	})
}

func TestPlanSeesAFullLock(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(values{"max_active_codes_supported": 2})
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(values{"device_id": w.lock.ID}))
		w.silent(w.plan(values{"device_id": w.lock.ID, "name": "Other"}).diags)
		other := w.other("seam_access_code")
		w.warns(other.plan(values{"device_id": w.lock.ID}).diags, "holds 2 codes", "takes 2")
	})
}

func TestLockThatCannotBeReadBlocksNoPlan(t *testing.T) {
	for name, f := range map[string]seamtest.Fault{
		"down": {Status: 500}, "denied": {Status: 401, Type: "unauthorized"}, "silent": {Delay: time.Hour}, "not there": {Status: 404}, "nonsense": {Status: 200, ContentType: "application/json", Body: "{}"},
	} {
		for _, path := range []string{"/devices/get", listPath, "/access_codes/unmanaged/list"} {
			t.Run(name+path, func(t *testing.T) {
				inWorld(t, func(w *world) {
					f.Path = path
					w.seam.InjectFault(f)
					var p plan
					if d := took(func() { p = w.plan(values{"device_id": w.lock.ID, "code": "4821"}) }); d > fitTime+time.Second {
						t.Errorf("the plan took %v", d)
					}
					w.silent(p.diags)
				})
			})
		}
	}
}

func TestPlanSaysThatALockIsMissingOrUnmanaged(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.Unmanage()
		p := w.plan(values{"device_id": w.lock.ID})
		w.ok(p.diags)
		w.warns(p.diags, "not managed", "is_managed = true")
		p = w.plan(values{"device_id": "b3b7d3f0-0000-4000-8000-000000000000"})
		w.ok(p.diags)
		w.warns(p.diags, "There is no device", "Check the id")
		w.silent(w.plan(values{"device_id": unknown{}, "code": "4821"}).diags)
	})
}

func TestPlanAsksALockOnceAndOnlyIfSomethingChanges(t *testing.T) {
	inWorld(t, func(w *world) {
		all := []*world{w}
		for range 20 {
			all = append(all, w.another())
		}
		config := func(n int) values {
			return values{"device_id": w.lock.ID, "name": fmt.Sprint("Guest ", n), "code": fmt.Sprint(4000 + n*7)}
		}
		for n, o := range all {
			o.silent(o.plan(config(n)).diags)
		}
		for _, path := range []string{"/devices/get", listPath, "/access_codes/unmanaged/list"} {
			w.asked(path, 1)
		}
		w.restart() // the apply is a process of its own
		for _, o := range all {
			o.server = w.server
		}
		w.seam.ResetRequests()
		for n, o := range all {
			o.ok(o.put(config(n))) // more than a minute: ten creates a minute
		}
		if n := w.seam.Count("/devices/get"); n > 3 {
			t.Errorf("%d reads of the lock for %d creates in two minutes", n, len(all))
		}
		w.seam.ResetRequests()
		for n, o := range all {
			if p := o.plan(config(n)); !p.empty() {
				t.Errorf("a plan changes %v", p.changes())
			}
			o.silent(o.plan(config(n).with(values{"removal": "requested", "wait_for_set": true})).diags)
		}
		if n := len(w.seam.Requests()); n > 0 {
			t.Errorf("%d requests for plans that the lock need not know of", n)
		}
	})
}

// another is another object of the same run, with a state of its own.
func (w *world) another() *world {
	o := &world{t: w.t, noun: w.noun, seam: w.seam, lock: w.lock, settings: w.settings, server: w.server, schema: w.schema}
	o.state = o.none()
	return o
}
