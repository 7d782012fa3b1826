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

// What the checks of a plan may cost, and what they must not say.

var preflightPaths = []string{"/devices/get", listPath, "/access_codes/unmanaged/list"}

func TestAccessCode_planWaitsOnceForAnUnresponsiveLock(t *testing.T) {
	forEach(t, named(preflightPaths...), func(h *harness, path string) {
		h.seam.InjectFault(seamtest.Fault{Path: path, Delay: time.Hour})
		h.requireWithin(0, accesscode.PreflightTimeout+time.Second, func() {
			for n := range 30 {
				h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": fmt.Sprint(4821 + n)}).Diags)
			}
		})
	})
}

func TestAccessCode_planReadsTheLockOnceAndOnlyForChanges(t *testing.T) {
	withHarness(t, func(h *harness) {
		all := []*harness{h}
		for range 29 {
			all = append(all, h.anotherObject())
		}
		config := func(n int) values {
			return values{"device_id": h.lock.ID, "name": fmt.Sprint("Guest ", n), "code": fmt.Sprint(4000 + n*7)}
		}
		for n, o := range all {
			o.requireNoDiagnostics(o.plan(config(n)).Diags)
		}
		for _, path := range preflightPaths {
			h.requireRequests(path, 1)
		}
		h.restart() // the apply is a process of its own
		for _, o := range all {
			o.Server = h.Server
		}
		h.seam.ResetRequests()
		began := time.Now()
		for n, o := range all {
			o.requireNoError(o.ApplyWithoutRefresh(config(n)))
		}
		for _, path := range preflightPaths {
			most := int(time.Since(began)/time.Minute) + 2
			if path == listPath {
				most += len(all) // each create looks at the lock right before it is sent
			}
			if n := h.seam.Count(path); n > most {
				t.Errorf("%d calls of %s for %d creates in %v, want at most %d", n, path, len(all), time.Since(began), most)
			}
		}
		h.requireNoCalls(func() { // of plans that the lock need not know of
			for n, o := range all {
				o.requireCleanPlan(config(n))
				o.requireNoDiagnostics(o.plan(config(n).with(values{"removal": "requested", "wait_for_set": true})).Diags)
			}
		})
	})
}

func TestAccessCode_nameMustBeUniqueAtAllTimes(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(nil, "name_must_be_unique")
		window := values{"device_id": h.lock.ID, "starts_at": timeFromNow(time.Hour), "ends_at": timeFromNow(2 * time.Hour)}
		theirs := h.createOutside(window.with(values{"name": "Guest", "code": "7319"}))
		later := window.with(values{"starts_at": timeFromNow(3 * time.Hour), "ends_at": timeFromNow(4 * time.Hour)})
		h.requireWarning(h.plan(later.with(values{"name": "Guest"})).Diags, theirs, "name_must_be_unique")
		h.requireWarning(h.plan(later.with(values{"name": "Guest", "starts_at": unknownValue{}})).Diags, theirs, "name_must_be_unique")
		h.requireWarning(h.plan(values{"device_id": h.lock.ID, "name": "Guest", "code": "7319"}).Diags, "name_must_be_unique", "PIN already on the lock")
		h.requireNoDiagnostics(h.plan(later.with(values{"name": "Other"})).Diags)
	})
}

func TestAccessCode_replacedCodeIsNoDuplicateOfItself(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(nil, "name_must_be_unique")
		config := values{"device_id": h.lock.ID, "name": "Guest", "code": "4821", "common_code_key": "family"}
		h.requireNoDiagnostics(h.apply(config))
		h.restart() // plan -refresh=false: nothing is read before
		config["common_code_key"] = "friends"
		h.requireReplaces(config, "common_code_key")
		h.State = h.NullState() // Terraform plans the other half as a create, in the same process
		h.requireNoDiagnostics(h.plan(config).Diags)
	})
}

func TestAccessCode_unknownAdoptedCodeIsNoDuplicate(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.setConstraints(values{"max_active_codes_supported": 1})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoDiagnostics(h.plan(values{"device_id": h.lock.ID, "code": "4821", "adopt_access_code_id": unknownValue{}}).Diags)
	})
}

func TestAccessCode_preflightShowsNoPIN(t *testing.T) {
	const pin = "739182"
	withHarness(t, func(h *harness) {
		secret := func(p plan) {
			t.Helper()
			said := p.errors() + diagnosticText(p.Diags, tfprotov6.DiagnosticSeverityWarning) + string(p.Private) + h.Logged()
			if said == "" || strings.Contains(said, pin) {
				t.Errorf("the PIN, or nothing, is said: %s", said)
			}
		}
		both := func(more values) {
			secret(h.plan(more.with(values{"code": pin})))
			secret(h.plan(more.with(values{"code_wo": pin, "code_wo_version": 1})))
		}
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
		both(values{"device_id": h.lock.ID})
		h.setConstraints(values{"supported_code_lengths": []int{4}, "max_active_codes_supported": 1}, "cannot_contain_0789", "pin_code_matches_existing_set", "unique_first_four_digits")
		h.restart()
		both(values{"device_id": h.lock.ID})
		both(values{"device_id": "b3b7d3f0-0000-4000-8000-000000000000"})
		h.seam.InjectFault(seamtest.Fault{Path: "/devices/get", Status: 400, Type: "invalid_input", Message: "no device for " + pin})
		h.restart()
		both(values{"device_id": h.lock.ID})
	})
}
