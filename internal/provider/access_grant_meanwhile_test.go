package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What somebody else, or another resource, does to a grant at the same time.

// Is an end that takes access away unproven because the state has an earlier one?
func TestAccessGrant_lengthenedBetweenPlanAndApply(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoError(f.apply(f.config().with(values{"ends_at": timeIn(time.Hour)})))
		f.restart()
		f.requireNoError(f.refresh())
		longer := f.config().with(values{"ends_at": timeIn(2 * time.Hour), "timeouts": values{"update": "2m"}})
		p := f.plan(longer)
		f.Call("/access_grants/update", map[string]any{"access_grant_id": f.id(), "ends_at": timeIn(10 * time.Hour)})
		f.seam.SetGrantDelays(seamtest.GrantDelays{Times: 5 * time.Hour})
		f.requireError(f.ApplyPlan(longer, p.Plan), "not proven")
	})
}

// Is a new start recorded and not sent while a destroy is unfinished?
func TestAccessGrant_startMovedWhileADestroyIsUnfinished(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config := f.config().with(values{"timeouts": values{"delete": "1m", "update": "2m"}})
		f.requireNoError(f.apply(config))
		f.seam.SetGrantDelete(seamtest.GrantDelete{Ignored: true})
		f.restart()
		f.requireError(f.destroy(), "not confirmed")
		f.restart()
		f.requireNoError(f.apply(config.with(values{"starts_at": timeIn(time.Hour)})))
		f.requireBoth("4821", false)
	})
}

// Is a code forgotten that Seam has made again on a lock, and that the state does not know?
func TestAccessGrant_codeThatWasMadeAgain(t *testing.T) {
	for name, run := range map[string]func(*harness) diagnostics{"refresh": (*harness).refresh, "destroy": (*harness).destroyWithoutRefresh} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				f.requireNoError(f.apply(f.config()))
				for _, code := range f.seam.AccessCodes() {
					f.seam.RemoveAccessCode(code.ID)
				}
				for _, at := range []any{"1999-12-31T00:00:00Z", f.attribute("starts_at")} { // Seam looks at the doors again
					f.seam.ChangeObject("access_grant", f.id(), map[string]any{"starts_at": at})
				}
				f.requireBoth("4821", true)
				f.restart()
				f.requireNoError(f.refresh())
				f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
				f.Call("/access_grants/delete", map[string]any{"access_grant_id": f.id()})
				f.restart()
				f.requireStateUnchanged(func() { run(f.harness) })
				advanceClock(time.Hour)
				f.restart()
				f.requireNoError(f.destroyWithoutRefresh())
				f.requireBoth("4821", false)
			})
		})
	}
}

// In one run a door leaves the space, and the grant on it gets another PIN.
func TestAccessGrant_changedTogetherWithItsSpace(t *testing.T) {
	withHarnessFor(t, "seam_space", func(h *harness) {
		f := &spaceFixture{harness: h, back: h.seam.AddLock("Back Door")}
		f.requireNoDiagnostics(f.apply(f.doors(f.lock, f.back)))
		person := f.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"}).ID
		grant := f.newObject("seam_access_grant")
		with := func(pin string) values {
			return values{"user_identity_id": person, "space_ids": []any{f.id()}, "requested_access_methods": []any{values{"mode": "code", "code": pin}}}
		}
		grant.requireNoError(grant.apply(with("4821")))
		f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: 20 * time.Second})
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: 40 * time.Second})
		f.lock.OnDelete(seamtest.DeleteBehavior{Takes: 30 * time.Second})
		f.restart()
		done := make(chan diagnostics, 2)
		go func() { done <- f.apply(f.doors(f.lock)) }()
		go func() { done <- grant.apply(with("9173")) }()
		f.requireNoError(<-done)
		f.requireNoError(<-done)
		f.requirePIN(false, false)
		requireEqual(t, "the new PIN opens front and back", [2]bool{f.lock.Opens("9173"), f.back.Opens("9173")}, [2]bool{true, false})
	})
}
