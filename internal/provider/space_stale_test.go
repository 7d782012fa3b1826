package provider

import (
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// allGrants replaces a list of grants by the list of all: the filter is ignored.
func allGrants(h *harness) func(int, []byte) (int, []byte) {
	body, err := json.Marshal(h.Call("/access_grants/list", map[string]any{}))
	h.must(err)
	return func(int, []byte) (int, []byte) { return 200, body }
}

// Does a list that is out of date make a door count as closed while a PIN opens it?
func TestSpace_staleListsProveNothing(t *testing.T) {
	grants := emptyList("/access_grants/list", "access_grants")
	grants.Match = hasField("space_id")
	for name, fault := range map[string]seamtest.Fault{"no grants": grants, "no codes": emptyCodes()} {
		t.Run(name, func(t *testing.T) {
			withSpace(t, func(f *spaceFixture) {
				f.requireNoError(f.refresh())
				p := f.plan(f.short(f.lock))
				f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
				f.restart()
				f.seam.InjectFault(fault)
				if diags := f.ApplyPlan(f.short(f.lock), p.Plan); !hasError(diags) {
					f.requirePIN(true, false)
				}
			})
		})
	}
}

// Is a PIN missed that somebody grants while the door leaves the space?
func TestSpace_grantThatAppearsMeanwhile(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{}, seamtest.DeleteBehavior{Takes: time.Minute})
		var made atomic.Bool
		f.seam.InjectFault(seamtest.Fault{Path: "/spaces/remove_devices", Delay: 10 * time.Second, Times: 1})
		time.AfterFunc(5*time.Second, func() {
			f.grantOn(values{"requested_access_methods": []any{values{"mode": "code", "code": "9173"}}})
			made.Store(true)
		})
		f.requireNoError(f.apply(f.short(f.lock)))
		if !made.Load() || f.back.Opens("9173") {
			t.Errorf("the grant was made: %v; its PIN opens the back door: %v", made.Load(), f.back.Opens("9173"))
		}
	})
}

// Is a space deleted under a grant because one list does not show it?
func TestSpace_destroyWithAStaleListOfGrants(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		fault := emptyList("/access_grants/list", "access_grants")
		fault.Match = hasField("space_id")
		f.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
		f.seam.InjectFault(fault)
		if diags := f.destroyWithoutRefresh(); !hasError(diags) {
			f.requirePIN(false, false)
		}
	})
}

func TestSpace_stale404LeavesNoSpace(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.seam.RemoveObject("access_grant", f.grant)
		f.restart()
		f.seam.InjectFault(stale404("/spaces/get", "space"))
		f.requireNoError(f.destroyWithoutRefresh())
		if left := f.seam.Objects("space"); len(left) > 0 {
			t.Errorf("the space is still there: %v", left)
		}
	})
}

// Does a list that shows a door in its space again end a proof that is not complete?
func TestSpace_staleListOfDoorsKeepsTheProof(t *testing.T) {
	withSpace(t, func(f *spaceFixture) {
		f.back.OnDelete(seamtest.DeleteBehavior{Stays: true, Outcome: seamtest.StaysPending})
		f.requireNoError(f.refresh())
		stale, err := json.Marshal(f.Call("/devices/list", map[string]any{}))
		f.must(err)
		f.requireError(f.apply(f.short(f.lock)), "not proven")
		f.seam.RemoveObject("access_grant", f.grant)
		left := f.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		f.restart()
		fault := f.seam.InjectFault(seamtest.Fault{Path: "/devices/list", Status: 200, ContentType: "application/json", Body: string(stale)})
		f.refresh()
		fault.Remove()
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", left)
	})
}
