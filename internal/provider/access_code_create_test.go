package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// requireSingleCode fails the test unless Seam has exactly the code that the state has.
func (h *harness) requireSingleCode() {
	h.t.Helper()
	if codes := h.seam.AccessCodes(); len(codes) != 1 || codes[0].ID != h.id() {
		h.t.Errorf("Seam has %v, the state has %s", codes, h.id())
	}
}

func TestAccessCode_createWaitsForThePINThatSeamChooses(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 2 * time.Minute})
		config := values{"device_id": h.lock.ID, "preferred_code_length": 5}
		h.requireNoDiagnostics(h.apply(config))
		pin, _ := h.attribute("code").(string)
		if len(pin) != 5 || h.attribute("name") == nil || h.attribute("type") != "ongoing" {
			t.Errorf("PIN of %d digits, name %v, type %v", len(pin), h.attribute("name"), h.attribute("type"))
		}
		h.requireOpens(pin, true)
		h.requireSettled(config)
	})
}

func TestAccessCode_latePINIsReadByTheNextRefresh(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: 10 * time.Minute})
		config := values{"device_id": h.lock.ID, "timeouts": values{"create": "1m"}}
		h.requireDuration(time.Minute, func() {
			h.requireWarningOnly(h.apply(config), "Access code not ready", "Seam accepted", "Seam keeps trying", "timeouts.create")
		})
		h.requireAttributes(values{"code": nil})
		h.requireCleanPlan(config)
		advanceClock(10 * time.Minute)
		h.requireNoDiagnostics(h.refreshInNextRun())
		pin, _ := h.attribute("code").(string)
		h.requireOpens(pin, true)
		h.requireCleanPlan(config)
	})
}

func TestAccessCode_waitForSet(t *testing.T) {
	type testCase struct {
		wait     any
		how      seamtest.CreateBehavior
		config   func(*harness) values
		min, max time.Duration
		warns    string
	}
	forEach(t, map[string]testCase{
		"not asked for":    {nil, seamtest.CreateBehavior{SetAfter: time.Minute}, guestConfig, 0, time.Second, ""},
		"asked for":        {true, seamtest.CreateBehavior{SetAfter: time.Minute}, guestConfig, time.Minute, time.Minute + 5*time.Second, ""},
		"no attempt":       {true, seamtest.CreateBehavior{SetAfter: time.Minute, NoAttempt: true}, guestConfig, time.Minute, time.Minute + 5*time.Second, ""},
		"starts later":     {true, seamtest.CreateBehavior{Scheduled: true}, tomorrowConfig, 0, time.Second, ""},
		"never":            {true, seamtest.CreateBehavior{NeverSet: true}, guestConfig, 5 * time.Minute, 5*time.Minute + time.Second, "not on the lock yet"},
		"Seam gives up":    {true, seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "code_constraints_violated", Message: "no"}}}, guestConfig, 0, time.Second, "The lock does not accept the PIN"},
		"with an obstacle": {true, seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "no answer"}}}, guestConfig, 5 * time.Minute, 6 * time.Minute, "failed_to_set_on_device: no answer"},
	}, func(h *harness, test testCase) {
		h.lock.OnCreate(test.how)
		config := test.config(h).with(values{"wait_for_set": test.wait})
		var diags diagnostics
		h.requireWithin(test.min, test.max, func() { diags = h.apply(config) })
		if test.warns == "" {
			h.requireNoDiagnostics(diags)
		}
		h.requireWarningOnly(diags, test.warns)
		h.requireSingleCode()
		h.requireCleanPlan(config)
	})
}

func tomorrowConfig(h *harness) values {
	return guestConfig(h).with(values{"starts_at": timeFromNow(24 * time.Hour), "ends_at": timeFromNow(48 * time.Hour)})
}

func TestAccessCode_newCodeThatReadsDoNotFindYet(t *testing.T) {
	forEach(t, map[string]values{"chosen PIN": {}, "assigned PIN": {"code": nil}}, func(h *harness, pin values) {
		h.lock.OnCreate(seamtest.CreateBehavior{InvisibleFor: 8 * time.Second, AssignAfter: 10 * time.Second, SetAfter: 12 * time.Second})
		config := guestConfig(h).with(values{"wait_for_set": true}).with(pin)
		h.requireNoDiagnostics(h.apply(config))
		h.requireSingleCode()
		h.requireOpens(fmt.Sprint(h.attribute("code")), true)
		h.requireNoDiagnostics(h.refresh())
	})
}

func TestAccessCode_codeDeletedWhileItIsAwaited(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{SetAfter: 4 * time.Minute})
		go func() { advanceClock(time.Minute); h.seam.RemoveAccessCode(h.seam.AccessCodes()[0].ID) }()
		h.requireWarningOnly(h.apply(guestConfig(h).with(values{"wait_for_set": true})), "disappeared", "Run plan")
		h.requireWarning(h.refreshInNextRun(), "Removed outside Terraform")
		h.requireNoState()
	})
}

func TestAccessCode_takenPINIsRefusedOnceAndNamesTheCode(t *testing.T) {
	type testCase struct {
		taken func(*harness) string
		says  []string
	}
	forEach(t, map[string]testCase{
		"managed": {func(h *harness) string { return h.createOutside(values{"device_id": h.lock.ID, "code": "4821"}) }, []string{"terraform import 'ADDRESS' ", "create_before_destroy"}},
		"unmanaged": {func(h *harness) string {
			return h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		}, []string{"unmanaged access code", "adopt_access_code_id"}},
	}, func(h *harness, test testCase) {
		id := test.taken(h)
		h.seam.EchoSecrets(true)
		h.seam.ResetRequests()
		var diags diagnostics
		h.requireWithin(0, 12*time.Second, func() { diags = h.apply(guestConfig(h)) }) // this run may take that PIN off the lock yet
		h.requireError(diags, append(test.says, id, "duplicate_access_code")...)
		requireAbsent(h.t, errorText(diags), "4821")
		h.requireRequests(createPath, 1)
		h.requireNoState()
	})
}

// A replacement may meet its own predecessor, whose PIN is still on its way off the lock.
func TestAccessCode_createWaitsForAPINRemovedByThisRun(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireNoError(h.destroyWithoutRefresh())
		h.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 409, Type: "duplicate_access_code", Times: 3})
		h.requireNoDiagnostics(h.apply(guestConfig(h)))
		h.requireSingleCode()
	})
}

func TestAccessCode_lostCreateResponseMakesExactlyOneCode(t *testing.T) {
	forEachPair(t, map[string]seamtest.Fault{
		"connection lost":      {Drop: seamtest.DropAfter},
		"502":                  {Status: 502, Processed: true},
		"500 of Seam's":        {Status: 500, Type: "internal_error", Processed: true},
		"later than a timeout": {Delay: time.Minute, DelayAfter: true},
		"breaks off":           {Truncate: true},
		"no JSON":              {Status: 200, ContentType: "text/html", Body: "<html>", Processed: true},
		"names no code":        {Status: 200, ContentType: "application/json", Body: `{"ok":true}`, Processed: true},
	}, map[string]values{
		"with a PIN": {}, "without": {"code": nil}, "without a name": {"code": nil, "name": nil},
		"stay": {"starts_at": "2030-01-01T01:00:00.1234+01:00", "ends_at": "2031-01-01T00:00:00Z"},
	}, func(h *harness, fault seamtest.Fault, config values) {
		h.createOutside(values{"device_id": h.lock.ID, "name": "Guest"})
		old := h.seam.AccessCodes()[0].ID
		advanceClock(time.Hour)
		h.seam.ResetRequests()
		fault.Path, fault.Times = createPath, 1
		h.seam.InjectFault(fault)
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		h.requireRequests(createPath, 1)
		if codes := h.seam.AccessCodes(); len(codes) != 2 || h.id() == old {
			h.t.Errorf("Seam has %v, the state has %s", codes, h.id())
		}
		h.restart()
		h.requireSettled(guestConfig(h).with(config))
	})
}

func TestAccessCode_createIsRepeated(t *testing.T) {
	type testCase struct {
		faults  []seamtest.Fault
		creates int
	}
	forEach(t, map[string]testCase{
		"rate limited":  {[]seamtest.Fault{{Path: createPath, Status: 429, Type: "too_many_requests", Times: 2}}, 3},
		"never arrived": {[]seamtest.Fault{{Path: createPath, Drop: seamtest.DropBefore, Times: 1}}, 2},
		// The list does not show the code yet, but the second create finds its own PIN taken.
		"lost, and found by its PIN": {[]seamtest.Fault{
			{Path: createPath, Drop: seamtest.DropAfter, Times: 1},
			{Path: listPath, Status: 200, ContentType: "application/json", Body: `{"access_codes":[]}`, Skip: 1, Times: 4}, // after the plan's own list
		}, 2},
	}, func(h *harness, test testCase) {
		for _, fault := range test.faults {
			h.seam.InjectFault(fault)
		}
		h.requireNoDiagnostics(h.apply(guestConfig(h)))
		h.requireRequests(createPath, test.creates)
		h.requireSingleCode()
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_createWithoutAnAnswer(t *testing.T) {
	type testCase struct {
		faults  []seamtest.Fault
		pin     any
		creates int
		says    []string
	}
	forEach(t, map[string]testCase{
		"not a third time": {
			[]seamtest.Fault{{Path: createPath, Drop: seamtest.DropBefore}}, "4821", 2,
			[]string{"no answer from Seam", "Unable to create access code"},
		},
		"without a PIN": {
			[]seamtest.Fault{{Path: createPath, Drop: seamtest.DropBefore, Times: 1}}, nil, 1,
			[]string{"is not known", "check the lock's codes"},
		},
		"with a failing list": {[]seamtest.Fault{
			{Path: createPath, Drop: seamtest.DropAfter, Times: 1},
			{Path: listPath, Status: 403, Type: "forbidden", Skip: 2}, // in plan, and before the create
		}, "4821", 1, []string{"is not known", "check the lock's codes"}},
	}, func(h *harness, test testCase) {
		for _, fault := range test.faults {
			h.seam.InjectFault(fault)
		}
		h.requireError(h.apply(guestConfig(h).with(values{"code": test.pin})), append(test.says, h.lock.ID)...)
		h.requireRequests(createPath, test.creates)
		h.requireNoState()
	})
}

func TestAccessCode_lostCreateNamesSeveralCandidates(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 502, Processed: true, Times: 1, Replace: func(status int, body []byte) (int, []byte) {
			h.createOutside(values{"device_id": h.lock.ID, "name": "Guest"})
			return status, body
		}})
		diags := h.apply(guestConfig(h).with(values{"code": nil}))
		h.requireError(diags, "several access codes", "import it")
		for _, code := range h.seam.AccessCodes() {
			h.RequireText(diagnosticText(diags, 1), code.ID)
		}
		requireEqual(t, "codes", len(h.seam.AccessCodes()), 2)
		h.requireNoState()
	})
}

func TestAccessCode_refusedCreateIsNotRetriedAndNamesTheArgument(t *testing.T) {
	withHarness(t, func(h *harness) {
		body := `{"ok":false,"error":{"type":"invalid_input","message":"Bad code 4821","request_id":"r","validation_errors":{"_errors":[],"code":{"_errors":["4821 does not fit the lock"]}}}}`
		h.seam.InjectFault(seamtest.Fault{Path: createPath, Status: 400, ContentType: "application/json", Body: body})
		diags := h.apply(guestConfig(h))
		h.requireError(diags, "This is about the argument code.", "does not fit the lock", "invalid_input")
		requireAbsent(t, diagnosticText(diags, 1), "4821")
		h.requireRequests(createPath, 1)
		h.requireNoState()
	})
}

func TestAccessCode_roundedWindowIsPlanned(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{RoundWindowTo: time.Hour})
		config := guestConfig(h).with(values{"starts_at": "2030-01-01T10:10:00Z", "ends_at": "2030-01-02T10:10:00Z"})
		h.requireNoError(h.apply(config))
		h.requireNoError(h.refresh())
		h.requireUpdate(config) // as the lock has other times
	})
}

// A create runs out of time, and the list that looks for what it made fails once. Is the code
// left on a lock without a state?
func TestAccessCode_lostCreateIsLookedForAfterItsTimeout(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.configure(values{"request_timeout": "10s"})
		h.restart()
		start := time.Now()
		h.seam.InjectFault(seamtest.Fault{Path: createPath, Delay: time.Hour, DelayAfter: true, Times: 1})
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 500, Times: 1, Match: func(map[string]any) bool { return time.Since(start) > 5*time.Second }})
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"create": "5s"}})))
		h.id()
		h.requireOpens("4821", true)
	})
}
