package provider

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const duplicatePINSummary = "Same PIN twice on one lock"

// planConcurrently plans each configuration as an object of its own, at the same time.
func (h *harness) planConcurrently(configs ...values) (said []*tfprotov6.Diagnostic) {
	h.t.Helper()
	var all sync.WaitGroup
	diags := make([][]*tfprotov6.Diagnostic, len(configs))
	for i, config := range configs {
		all.Go(func() { diags[i] = h.anotherObject().plan(config).Diags })
	}
	all.Wait()
	return slices.Concat(diags...)
}

func TestAccessCode_planWarnsOfADuplicatePINOnOneLock(t *testing.T) {
	day := func(n int) string { return timeFromNow(time.Duration(n) * 24 * time.Hour) }
	window := func(from, to int) values { return values{"starts_at": day(from), "ends_at": day(to)} }
	type testCase struct {
		ana, bob values
		want     bool
	}
	forEach(t, map[string]testCase{
		"always":                    {nil, nil, true},
		"one of them for some days": {nil, window(3, 5), true},
		"in overlapping weeks":      {window(1, 8), window(7, 14), true},
		"one after the other":       {window(1, 7), window(7, 14), false},
		"with write-only arguments": {nil, values{"code": nil, "code_wo": "4821", "code_wo_version": 1}, true},
		"with other PINs":           {nil, values{"code": "7319"}, false},
		"at a time not known yet":   {window(1, 7), values{"starts_at": unknownValue{}, "ends_at": unknownValue{}}, false},
		"not known yet":             {nil, values{"code": unknownValue{}}, false},
		"on a lock not known yet":   {nil, values{"device_id": unknownValue{}}, false},
		"with the same name":        {nil, values{"name": "Ana"}, true},
	}, func(h *harness, test testCase) {
		ana, bob := values{"device_id": h.lock.ID, "name": "Ana", "code": "4821"}, values{"device_id": h.lock.ID, "name": "Bob", "code": "4821"}
		diags := h.planConcurrently(ana.with(test.ana), bob.with(test.bob))
		said := diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning)
		if n := strings.Count(said, duplicatePINSummary); n != map[bool]int{true: 1, false: 0}[test.want] {
			h.t.Fatalf("said %d times: %s", n, said)
		}
		if test.want && !strings.Contains(said, `named "Ana"`) && !strings.Contains(said, `named "Bob"`) {
			h.t.Errorf("names nobody: %s", said)
		}
		requireAbsent(h.t, said, "4821")
	})
}

func TestAccessCode_samePINOnTwoLocksIsNoDuplicate(t *testing.T) {
	withHarness(t, func(h *harness) {
		other := h.seam.AddLock("Back Door")
		h.requireNoDiagnostics(h.planConcurrently(values{"device_id": h.lock.ID, "code": "4821"}, values{"device_id": other.ID, "code": "4821"}))
	})
}

func TestAccessCode_planWarnsOfADuplicateOfAnExistingPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		ana := values{"device_id": h.lock.ID, "name": "Ana", "code": "4821"}
		h.requireNoError(h.apply(ana))
		h.requireNoDiagnostics(h.refreshInNextRun())
		h.requireNoDiagnostics(h.plan(ana).Diags)
		h.requireWarning(h.anotherObject().plan(values{"device_id": h.lock.ID, "name": "Bob", "code": "4821"}).Diags, duplicatePINSummary, `named "Ana"`)
	})
}

func TestAccessCode_codeIsNoDuplicateOfItself(t *testing.T) {
	forEach(t, map[string]func(*harness) values{
		"that stays as it is": func(*harness) values { return nil },
		"that is renamed":     func(*harness) values { return values{"name": "Other"} },
		"that is replaced":    func(*harness) values { return values{"max_time_rounding": "1d"} },
		"that moves":          func(h *harness) values { return values{"device_id": h.seam.AddLock("Back Door").ID} },
	}, func(h *harness, change func(*harness) values) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"max_time_rounding": "1h"})))
		h.requireNoDiagnostics(h.refreshInNextRun())
		next := guestConfig(h).with(change(h))
		h.requireNoDiagnostics(h.plan(next).Diags)
		h.State = h.NullState() // the second plan of a replacement
		h.requireNoDiagnostics(h.plan(next).Diags)
	})
}

func TestAccessCode_pinThatMovesToAnotherCodeIsNoDuplicate(t *testing.T) {
	withHarness(t, func(h *harness) {
		ana, bob := values{"device_id": h.lock.ID, "name": "Ana", "code": "4821"}, values{"device_id": h.lock.ID, "name": "Bob", "code": "4821"}
		h.requireNoError(h.apply(ana))
		h.requireNoDiagnostics(h.refreshInNextRun())
		h.requireNoDiagnostics(h.plan(ana.with(values{"code": "7319"})).Diags)
		h.requireNoDiagnostics(h.anotherObject().plan(bob).Diags)
	})
}

// Terraform removes one key and creates the other at the same time.
func TestAccessCode_renamedKeyKeepsThePIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 20 * time.Second})
		h.restart()
		renamed := h.anotherObject()
		var all sync.WaitGroup
		all.Go(func() {
			h.requireNoDiagnostics(renamed.ApplyWithoutRefresh(guestConfig(h).with(values{"name": "Bob"})))
		})
		all.Go(func() { h.requireNoDiagnostics(h.destroyWithoutRefresh()) })
		all.Wait()
		h.requireOpens("4821", true)
		h.requireNoState()
		renamed.requireSingleCode()
	})
}
