package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What the checks of a plan may cost, and what they must not say.

var factPaths = []string{"/devices/get", listPath, "/access_codes/unmanaged/list"}

func TestSilentLockIsWaitedForOnceNotByEachCode(t *testing.T) {
	for _, path := range factPaths {
		t.Run(path, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.seam.InjectFault(seamtest.Fault{Path: path, Delay: time.Hour})
				d := took(func() {
					for n := range 30 {
						w.silent(w.plan(values{"device_id": w.lock.ID, "code": fmt.Sprint(4821 + n)}).diags)
					}
				})
				if d > fitTime+time.Second {
					t.Errorf("30 plans on one silent lock took %v", d)
				}
			})
		})
	}
}

func TestPlanOfHundredCodesReadsTheLockOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		all := []*world{w}
		for range 99 {
			all = append(all, w.another())
		}
		config := func(n int) values {
			return values{"device_id": w.lock.ID, "name": fmt.Sprint("Guest ", n), "code": fmt.Sprint(4000 + n*7)}
		}
		for n, o := range all {
			o.silent(o.plan(config(n)).diags)
		}
		for _, path := range factPaths {
			w.asked(path, 1)
		}
		w.restart() // the apply is a process of its own
		for _, o := range all {
			o.server = w.server
		}
		w.seam.ResetRequests()
		began := time.Now()
		for n, o := range all {
			o.ok(o.put(config(n)))
		}
		for _, path := range factPaths {
			most := int(time.Since(began)/time.Minute) + 2
			if path == listPath {
				most += len(all) // each create looks at the lock right before it is sent
			}
			if n := w.seam.Count(path); n > most {
				t.Errorf("%d calls of %s for %d creates in %v, want at most %d", n, path, len(all), time.Since(began), most)
			}
		}
	})
}

func TestNameHasToBeUniqueAtAllTimes(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(nil, "name_must_be_unique")
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		theirs := w.createElsewhere(values{"device_id": w.lock.ID, "name": "Guest", "code": "7319", "starts_at": at(time.Hour), "ends_at": at(2 * time.Hour)})
		later := values{"device_id": w.lock.ID, "starts_at": at(3 * time.Hour), "ends_at": at(4 * time.Hour)}
		w.warns(w.plan(later.with(values{"name": "Guest"})).diags, theirs, "name_must_be_unique")
		w.warns(w.plan(later.with(values{"name": "Guest", "starts_at": unknown{}})).diags, theirs, "name_must_be_unique")
		w.warns(w.plan(values{"device_id": w.lock.ID, "name": "Guest", "code": "7319"}).diags, "name_must_be_unique", "PIN already on the lock")
		w.silent(w.plan(later.with(values{"name": "Other"})).diags)
	})
}

func TestReplacedCodeDoesNotClashWithItself(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(nil, "name_must_be_unique")
		config := values{"device_id": w.lock.ID, "name": "Guest", "code": "4821", "common_code_key": "family"}
		w.silent(w.apply(config))
		w.restart() // plan -refresh=false: nothing is read before
		config["common_code_key"] = "friends"
		if p := w.plan(config); len(p.replaces) == 0 {
			t.Fatalf("nothing is replaced: %v", p.changes())
		}
		w.state = w.none() // Terraform plans the other half as a create, in the same process
		w.silent(w.plan(config).diags)
	})
}

func TestAdoptedCodeThatIsNotKnownYetIsNoClash(t *testing.T) {
	inWorld(t, func(w *world) {
		w.rules(values{"max_active_codes_supported": 1})
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.plan(values{"device_id": w.lock.ID, "code": "4821", "adopt_access_code_id": unknown{}}).diags)
	})
}

func TestPINsOfChecksAreNowhere(t *testing.T) {
	const pin = "739182"
	inWorld(t, func(w *world) {
		secret := func(p plan) {
			t.Helper()
			said := p.errors() + text(p.diags, tfprotov6.DiagnosticSeverityWarning) + string(p.private) + strings.Join(w.logged, "\n")
			if said == "" || strings.Contains(said, pin) {
				t.Errorf("the PIN, or nothing, is said: %s", said)
			}
		}
		both := func(more values) {
			secret(w.plan(more.with(values{"code": pin})))
			secret(w.plan(more.with(values{"code_wo": pin, "code_wo_version": 1})))
		}
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
		both(values{"device_id": w.lock.ID})
		w.rules(values{"supported_code_lengths": []int{4}, "max_active_codes_supported": 1}, "cannot_contain_0789", "pin_code_matches_existing_set", "unique_first_four_digits")
		w.restart()
		both(values{"device_id": w.lock.ID})
		both(values{"device_id": "b3b7d3f0-0000-4000-8000-000000000000"})
		w.seam.InjectFault(seamtest.Fault{Path: "/devices/get", Status: 400, Type: "invalid_input", Message: "no device for " + pin})
		w.restart()
		both(values{"device_id": w.lock.ID})
	})
}
