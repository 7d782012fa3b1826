package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (f *grantFixture) endingInAnHour() values {
	return f.config().with(values{"ends_at": time.Now().Add(time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)})
}

// Does an apply that moves the end wait until the doors have it?
func TestAccessGrant_shorten(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.seam.SetGrantDelays(seamtest.GrantDelays{Times: time.Minute})
		shorter := f.endingInAnHour()
		f.restart()
		f.requireNoError(f.apply(shorter))
		f.requireSettled(shorter)
		advanceClock(time.Hour)
		f.requireBoth("4821", false)
	})
}

func TestAccessGrant_shortenedTooLateIsRepeated(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.seam.SetGrantDelays(seamtest.GrantDelays{Times: 20 * time.Minute})
		shorter := f.endingInAnHour()
		f.restart()
		f.requireStateUnchanged(func() { f.requireError(f.apply(shorter), "Unable to update access grant", "not proven", "Apply again") })
		f.restart()
		f.requireWarning(f.refresh(), "Change not proven")
		if p := f.plan(shorter); p.empty() {
			t.Error("the change is not planned again")
		}
		advanceClock(20 * time.Minute)
		f.restart()
		f.requireNoError(f.apply(shorter))
		f.requireSettled(shorter)
	})
}

func (f *grantFixture) with(methods ...any) values {
	return f.config().with(values{"requested_access_methods": methods})
}

func TestAccessGrant_methodsAddedAndTakenBack(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		code, key := values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key", "instant_key_max_use_count": 2}
		f.requireNoDiagnostics(f.apply(f.config()))
		id := f.id()
		f.requireNoError(f.apply(f.with(code, key)))
		f.requireSettled(f.with(code, key))
		f.requireCleanPlan(f.with(key, code))
		f.requireBoth("4821", true)
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		f.restart()
		f.requireNoError(f.apply(f.with(key)))
		f.requireSettled(f.with(key))
		f.requireBoth("4821", false)
		f.requireNoError(f.apply(f.with(key, values{"mode": "code"})))
		f.requireSettled(f.with(key, values{"mode": "code"}))
		if f.id() != id {
			t.Error("the grant was replaced")
		}
		f.restart()
		f.requireNoError(f.destroy())
	})
}

// Is a PIN that stays on a door after its method was removed forgotten?
func TestAccessGrant_methodThatStaysIsRemovedLater(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		code, key := values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key"}
		f.requireNoError(f.apply(f.with(code, key)))
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: 20 * time.Minute, NoAttempt: true, GoneAfter: 20 * time.Minute})
		f.restart()
		f.requireError(f.apply(f.with(key)), "Unable to update access grant", "not confirmed", "still open", "Apply again", "timeouts.update")
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven")
		if p := f.plan(f.with(key)); p.empty() {
			t.Error("the PIN that is left is not planned to be removed")
		}
		advanceClock(20 * time.Minute)
		f.restart()
		f.requireNoError(f.apply(f.with(key)))
		f.requireBoth("4821", false)
		f.requireSettled(f.with(key))
	})
}

// Is somebody told that a lock has got another PIN than the one asked for?
func TestAccessGrant_takenPIN(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.Call("/access_codes/create", map[string]any{"device_id": f.lock.ID, "name": "Cleaner", "code": "4821"})
		f.requireWarningOnly(f.apply(f.config()), "Another PIN on a lock", f.lock.ID, "seam_access_grant_codes")
		f.requireSettled(f.config())
		if len(f.lock.PINs()) != 2 || !f.back.Opens("4821") {
			t.Errorf("PINs %v and %v", f.lock.PINs(), f.back.PINs())
		}
		f.requireNoDiagnostics(f.apply(f.with(values{"mode": "code", "code": "7319"})))
		f.requireBoth("7319", true)
	})
}

func TestAccessGrant_writeOnlyPIN(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		pin := func(pin string, version int) values {
			return f.with(values{"mode": "code"}).with(values{"code_wo": pin, "code_wo_version": version})
		}
		f.requireNoDiagnostics(f.apply(pin("4821", 1)))
		f.requireSettled(pin("4821", 1))
		f.requireBoth("4821", true)
		f.restart()
		f.requireNoError(f.apply(pin("7319", 2)))
		f.requireSettled(pin("7319", 2))
		f.requireBoth("4821", false)
		f.requireBoth("7319", true)
		f.restart()
		f.requireNoError(f.destroy())
		f.requireBoth("7319", false)
	})
}

func TestAccessGrant_replaceIsARemoval(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		f.restart()
		f.requireNoError(f.apply(f.config().with(values{"device_ids": []any{f.lock.ID}})))
		f.requireOpens("4821", true)
		if f.back.Opens("4821") {
			t.Error("the PIN still opens the door that was taken out")
		}
	})
}

func TestAccessGrant_importByKey(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config := f.config().with(values{"access_grant_key": "stay-1"})
		f.requireNoDiagnostics(f.apply(config))
		f.Forget()
		f.restart()
		f.requireNoDiagnostics(f.importID("key:stay-1"))
		f.requireCleanPlan(config)
		f.requireNoDiagnostics(f.destroy())
		f.requireBoth("4821", false)
	})
}

func TestAccessGrant_invalid(t *testing.T) {
	for says, change := range map[string]values{
		"Only the mode code has a PIN":      {"requested_access_methods": []any{values{"mode": "card", "code": "4821"}}},
		"there are 0":                       {"requested_access_methods": []any{values{"mode": "card"}}, "code_wo": "4821", "code_wo_version": 1},
		"set twice":                         {"code_wo": "4821", "code_wo_version": 1},
		"not later than starts_at":          {"starts_at": "2100-01-02T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z"},
		"in the past":                       {"ends_at": "1999-01-01T00:00:00Z"},
		"needs an entrance":                 {"reservation_key": "r1"},
		"4 to 9 digits":                     {"requested_access_methods": []any{values{"mode": "code", "code": "12"}}},
		"At least one attribute":            {"device_ids": nil},
		"cannot be given PINs online":       {"name": "no online codes"},
		"cannot be unlocked with mode card": {"name": "no cards"},
	} {
		t.Run(says, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config := f.config().with(change)
				switch change["name"] {
				case "no online codes":
					f.back.Describe(func(d map[string]any) { d["can_program_online_access_codes"] = false })
				case "no cards":
					door := f.seam.AddEntrance(f.seam.AddAccessSystem("brivo_account").ID, map[string]any{"can_unlock_with_card": false})
					config = f.with(values{"mode": "card"}).with(values{"acs_entrance_ids": []any{door.ID}})
				}
				p := f.plan(config)
				f.requireError(p.Diags, says)
				if acctest.DiagnosticText(p.Diags, 1) != "" && f.seam.Count("/access_grants/create") > 0 {
					t.Error("it was created")
				}
			})
		})
	}
}
