package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// onlyCode fails the test unless Seam has exactly the code that the state has.
func (w *world) onlyCode() {
	w.t.Helper()
	if codes := w.seam.AccessCodes(); len(codes) != 1 || codes[0].ID != w.id() {
		w.t.Errorf("Seam has %v, the state has %s", codes, w.id())
	}
}

func TestCreateWaitsForThePINThatSeamChooses(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 2 * time.Minute})
		config := values{"device_id": w.lock.ID, "preferred_code_length": 5}
		w.silent(w.apply(config))
		pin, _ := w.has("code").(string)
		if len(pin) != 5 || w.has("name") == nil || w.has("type") != "ongoing" {
			t.Errorf("PIN of %d digits, name %v, type %v", len(pin), w.has("name"), w.has("type"))
		}
		w.opens(pin, true)
		w.silent(w.refresh())
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %q", p.changes())
		}
	})
}

func TestPINThatComesAfterTheTimeoutIsSeenByTheNextRefresh(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 10 * time.Minute})
		config := values{"device_id": w.lock.ID, "timeouts": values{"create": "1m"}}
		start := time.Now()
		diags := w.apply(config)
		w.ok(diags)
		w.warns(diags, "Access code not ready", "Seam accepted", "Seam keeps trying", "timeouts.create")
		if took := time.Since(start).Round(time.Second); took != time.Minute {
			t.Errorf("took %v, want timeouts.create = 1m", took)
		}
		if w.has("code") != nil {
			t.Errorf("code is %v, want null", w.has("code"))
		}
		if p := w.plan(config); !p.empty() {
			t.Errorf("the plan while the PIN is awaited changes %q", p.changes())
		}
		later(10 * time.Minute)
		w.restart()
		w.silent(w.refresh())
		pin, _ := w.has("code").(string)
		w.opens(pin, true)
		if p := w.plan(config); !p.empty() {
			t.Errorf("the next plan changes %q", p.changes())
		}
	})
}

func TestWaitForSet(t *testing.T) {
	for name, test := range map[string]struct {
		wait     any
		how      seamtest.CreateBehavior
		config   func(*world) values
		min, max time.Duration
		warns    string
	}{
		"not asked for":    {nil, seamtest.CreateBehavior{SetAfter: time.Minute}, guest, 0, time.Second, ""},
		"asked for":        {true, seamtest.CreateBehavior{SetAfter: time.Minute}, guest, time.Minute, time.Minute + 5*time.Second, ""},
		"no attempt":       {true, seamtest.CreateBehavior{SetAfter: time.Minute, NoAttempt: true}, guest, time.Minute, time.Minute + 5*time.Second, ""},
		"starts later":     {true, seamtest.CreateBehavior{Scheduled: true}, tomorrow, 0, time.Second, ""},
		"never":            {true, seamtest.CreateBehavior{NeverSet: true}, guest, 5 * time.Minute, 5*time.Minute + time.Second, "not on the lock yet"},
		"Seam gives up":    {true, seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "code_constraints_violated", Message: "no"}}}, guest, 0, time.Second, "The lock does not accept the PIN"},
		"with an obstacle": {true, seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "no answer"}}}, guest, 5 * time.Minute, 6 * time.Minute, "failed_to_set_on_device: no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnCreate(test.how)
				config := test.config(w).with(values{"wait_for_set": test.wait})
				start := time.Now()
				diags := w.apply(config)
				w.ok(diags)
				if took := time.Since(start); took < test.min || took > test.max {
					t.Errorf("took %v, want %v to %v", took, test.min, test.max)
				}
				if test.warns == "" {
					w.silent(diags)
				}
				w.warns(diags, test.warns)
				w.onlyCode()
				if p := w.plan(config); !p.empty() {
					t.Errorf("the next plan changes %q", p.changes())
				}
			})
		})
	}
}

func tomorrow(w *world) values {
	return guest(w).with(values{"starts_at": stamp(24 * time.Hour), "ends_at": stamp(48 * time.Hour)})
}

func TestNewCodeThatReadsDoNotFindYet(t *testing.T) {
	for name, config := range map[string]values{"chosen PIN": {}, "assigned PIN": {"code": nil}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.OnCreate(seamtest.CreateBehavior{InvisibleFor: 8 * time.Second, AssignAfter: 10 * time.Second, SetAfter: 12 * time.Second})
				config := guest(w).with(values{"wait_for_set": true}).with(config)
				w.silent(w.apply(config))
				w.onlyCode()
				if w.has("code") == nil {
					t.Error("there is no PIN")
				}
				w.silent(w.refresh())
			})
		})
	}
}

func TestCodeThatDisappearsWhileItIsAwaited(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{SetAfter: 4 * time.Minute})
		go func() { later(time.Minute); w.seam.RemoveAccessCode(w.seam.AccessCodes()[0].ID) }()
		diags := w.apply(guest(w).with(values{"wait_for_set": true}))
		w.ok(diags)
		w.warns(diags, "disappeared", "Run plan")
		w.restart()
		w.warns(w.refresh(), "removed outside Terraform")
		w.gone()
	})
}

func TestTakenPINIsRefusedOnceAndNamesTheCode(t *testing.T) {
	for name, test := range map[string]struct {
		taken func(*world) string
		says  []string
	}{
		"managed":   {func(w *world) string { return w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"}) }, []string{"terraform import 'ADDRESS' ", "create_before_destroy"}},
		"unmanaged": {func(w *world) string { return w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}) }, []string{"unmanaged access code", "adopt_access_code_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				id := test.taken(w)
				w.seam.EchoSecrets(true)
				w.seam.ResetRequests()
				start := time.Now()
				diags := w.apply(guest(w))
				w.fails(diags, append(test.says, id, "duplicate_access_code")...)
				if strings.Contains(text(diags, 1), "4821") {
					t.Errorf("the PIN is in the error: %s", text(diags, 1))
				}
				w.asked(createPath, 1)
				w.gone()
				if took := time.Since(start); took > 12*time.Second { // this run may take that PIN off the lock yet
					t.Errorf("took %v to say so", took)
				}
			})
		})
	}
}

// A replacement may meet its own predecessor, whose PIN is still on its way off the lock.
func TestPINThatThisRunHasFreedIsWaitedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		w.ok(w.delete())
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 409, Type: "duplicate_access_code", Times: 3})
		w.silent(w.apply(guest(w)))
		w.onlyCode()
	})
}

func TestLostAnswerToACreateMakesExactlyOneCode(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"connection lost":      {Drop: seamtest.DropAfter},
		"502":                  {Status: 502, Processed: true},
		"500 of Seam's":        {Status: 500, Type: "internal_error", Processed: true},
		"later than a timeout": {Delay: time.Minute, DelayAfter: true},
		"breaks off":           {Truncate: true},
		"no JSON":              {Status: 200, ContentType: "text/html", Body: "<html>", Processed: true},
		"names no code":        {Status: 200, ContentType: "application/json", Body: `{"ok":true}`, Processed: true},
	} {
		for pin, config := range map[string]values{"with a PIN": {}, "without": {"code": nil}, "without a name": {"code": nil, "name": nil}, "stay": {"starts_at": "2030-01-01T01:00:00.1234+01:00", "ends_at": "2031-01-01T00:00:00Z"}} {
			t.Run(name+", "+pin, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.createElsewhere(values{"device_id": w.lock.ID, "name": "Guest"})
					old := w.seam.AccessCodes()[0].ID
					later(time.Hour)
					w.seam.ResetRequests()
					fault.Path, fault.Times = createPath, 1
					w.seam.InjectFault(fault)
					w.ok(w.apply(guest(w).with(config)))
					w.asked(createPath, 1)
					if codes := w.seam.AccessCodes(); len(codes) != 2 || w.id() == old {
						t.Errorf("Seam has %v, the state has %s", codes, w.id())
					}
					w.restart()
					w.silent(w.refresh())
					if p := w.plan(guest(w).with(config)); !p.empty() {
						t.Errorf("the next plan changes %q", p.changes())
					}
				})
			})
		}
	}
}

func TestCreateThatNeverArrived(t *testing.T) {
	t.Run("with a PIN it is sent once more", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore, Times: 1})
			w.silent(w.apply(guest(w)))
			w.asked(createPath, 2)
			w.onlyCode()
			w.opens("4821", true)
		})
	})
	t.Run("and not a third time", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore})
			w.fails(w.apply(guest(w)), "no answer from Seam", "Unable to create access code")
			w.asked(createPath, 2)
			w.gone()
		})
	})
	t.Run("without a PIN nobody knows", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore, Times: 1})
			w.fails(w.apply(guest(w).with(values{"code": nil})), "is not known", w.lock.ID, "Look at the lock's codes")
			w.asked(createPath, 1)
			w.gone()
		})
	})
}

// The list does not show the code yet, but the second create finds its own PIN taken.
func TestCreateThatArrivedUnseenIsFoundByItsPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{})
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropAfter, Times: 1})
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 200, ContentType: "application/json", Body: `{"access_codes":[]}`, Skip: 1, Times: 4}) // after the plan's own list
		w.silent(w.apply(guest(w)))
		w.asked(createPath, 2)
		w.onlyCode()
	})
}

func TestSeveralCodesThatCouldBeOursAreNamed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 502, Processed: true, Times: 1, Replace: func(status int, body []byte) (int, []byte) {
			w.createElsewhere(values{"device_id": w.lock.ID, "name": "Guest"})
			return status, body
		}})
		diags := w.apply(guest(w).with(values{"code": nil}))
		w.fails(diags, "several access codes", "import it")
		for _, code := range w.seam.AccessCodes() {
			w.says(text(diags, 1), code.ID)
		}
		if len(w.seam.AccessCodes()) != 2 {
			t.Errorf("%d codes, want both untouched", len(w.seam.AccessCodes()))
		}
		w.gone()
	})
}

func TestCodesThatCannotBeOursAreNotAdopted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.createElsewhere(values{"device_id": w.lock.ID, "name": "Guest"}) // just before, but with the name only
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore, Times: 1})
		w.ok(w.apply(guest(w)))
		w.opens("4821", true)
		if len(w.seam.AccessCodes()) != 2 {
			t.Errorf("%d codes, want 2", len(w.seam.AccessCodes()))
		}
	})
}

func TestListThatFailsAfterALostCreate(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropAfter, Times: 1})
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 403, Type: "forbidden", Skip: 2}) // in plan, and before the create
		w.fails(w.apply(guest(w)), "is not known", "Look at the lock's codes")
		w.asked(createPath, 1)
	})
}

func TestRefusedCreateIsNotRepeatedAndNamesTheArgument(t *testing.T) {
	inWorld(t, func(w *world) {
		body := `{"ok":false,"error":{"type":"invalid_input","message":"Bad code 4821","request_id":"r","validation_errors":{"_errors":[],"code":{"_errors":["4821 does not fit the lock"]}}}}`
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 400, ContentType: "application/json", Body: body})
		diags := w.apply(guest(w))
		w.fails(diags, "This is about the argument code.", "does not fit the lock", "invalid_input")
		if strings.Contains(text(diags, 1), "4821") {
			t.Error("the PIN is in the error")
		}
		w.asked(createPath, 1)
		w.gone()
	})
}

func TestCreateThatIsLimitedIsRepeated(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 429, Type: "too_many_requests", Times: 2})
		w.silent(w.apply(guest(w)))
		w.asked(createPath, 3)
		w.onlyCode()
	})
}

func TestWindowThatTheLockRoundsIsShownByThePlan(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnCreate(seamtest.CreateBehavior{RoundWindowTo: time.Hour})
		config := guest(w).with(values{"starts_at": "2030-01-01T10:10:00Z", "ends_at": "2030-01-02T10:10:00Z"})
		w.ok(w.apply(config))
		w.ok(w.refresh())
		if p := w.plan(config); p.empty() {
			t.Error("the lock has other times, and the plan does not show it")
		}
	})
}
