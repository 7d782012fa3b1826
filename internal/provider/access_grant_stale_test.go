package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// One answer of Seam that is out of date, or lacks something, must not pass for proof.

// stale404 is one answer to a get that an object is gone, although it is not.
func stale404(path, noun string) seamtest.Fault {
	return seamtest.Fault{Path: path, Status: 404, Type: noun + "_not_found", Times: 1}
}

// emptyCodes is an empty list of the codes of a grant, as often as that is asked for.
func emptyCodes() seamtest.Fault {
	fault := emptyList(listPath, "access_codes")
	fault.Times, fault.Match = 0, hasField("access_grant_id")
	return fault
}

// Is a card forgotten if the first answer of a destroy is that there is no grant?
func TestAccessGrant_staleGrantHidesNoCard(t *testing.T) {
	for system, says := range map[string]string{"brivo_account": "", "visionline_system": "not provable"} {
		t.Run(system, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config, door := f.cardConfig(system)
				f.requireNoError(f.apply(config))
				card := f.method()
				f.seam.IssueCard(card)
				f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Minute})
				f.restart()
				f.seam.InjectFault(stale404("/access_grants/get", "access_grant"))
				diags := f.destroyWithoutRefresh()
				if says != "" {
					f.requireError(diags, says)
					return
				}
				f.requireNoError(diags)
				if f.seam.EntranceOpens(door, card) {
					t.Error("destroy says done, and the card opens the entrance")
				}
			})
		})
	}
}

// Is a grant forgotten by a refresh whose create was interrupted before its codes were known?
func TestAccessGrant_staleGrantInARefreshIsNotForgotten(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		fault := f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Status: 404, Type: "access_grant_not_found"})
		config := f.with(values{"mode": "code"}).with(values{"code_wo": "4821", "code_wo_version": 1})
		f.requireNoError(f.apply(config))
		fault.Remove()
		f.disableBulkRead()
		f.seam.InjectFault(twice(stale404("/access_grants/get", "access_grant")))
		f.requireWarning(f.refresh(), "is gone and that it is there", "run again in a minute")
		f.requireNoError(f.destroy())
		f.requireBoth("4821", false)
	})
}

func TestAccessGrant_staleGrantThatTheStateKnowsNoPartsOf(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		fault := f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Status: 404, Type: "access_grant_not_found"})
		f.requireNoError(f.apply(f.config()))
		fault.Remove()
		f.restart()
		f.seam.InjectFault(stale404("/access_grants/get", "access_grant"))
		f.requireNoError(f.destroyWithoutRefresh())
		f.requireBoth("4821", false)
	})
}

// Is an access method that is taken back deleted if the first answer is that there is none?
func TestAccessGrant_staleMethodIsDeleted(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		code, key := values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key"}
		f.requireNoError(f.apply(f.with(code, key)))
		f.restart()
		f.seam.InjectFault(stale404("/access_methods/get", "access_method"))
		f.requireNoError(f.apply(f.with(key)))
		f.requireBoth("4821", false)
	})
}

// Is an access method that is taken back deleted if Seam does not say which one was requested?
func TestAccessGrant_methodThatNoEntryLists(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		code, key := values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key"}
		f.requireNoError(f.apply(f.with(code, key)))
		f.restart()
		f.requireNoError(f.refresh())
		p := f.plan(f.with(key))
		fault := f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Replace: func(status int, body []byte) (int, []byte) {
			var answer map[string]any
			f.must(json.Unmarshal(body, &answer))
			grant, _ := answer["access_grant"].(map[string]any)
			entries, _ := grant["requested_access_methods"].([]any)
			for _, entry := range entries {
				entry, _ := entry.(map[string]any)
				entry["created_access_method_ids"] = []any{}
			}
			body, err := json.Marshal(answer)
			f.must(err)
			return status, body
		}, Times: 1})
		f.requireError(f.ApplyPlan(f.with(key), p.Plan), "which access method")
		fault.Remove()
		f.restart()
		f.requireNoError(f.apply(f.with(key)))
		f.requireBoth("4821", false)
	})
}

// Do codes that a list lacks pass for codes that have the new end?
func TestAccessGrant_shortenedWithoutAListOfCodes(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.back.OnUpdate(seamtest.UpdateBehavior{Takes: 3 * time.Hour})
		shorter := f.endingInAnHour()
		f.restart()
		f.seam.InjectFault(emptyCodes())
		f.requireError(f.apply(shorter), "still has the old times")
	})
}

// Does an empty list take away what a grant still gives?
func TestAccessGrant_renameDeletesNoCode(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.restart()
		fault := emptyCodes()
		fault.Times = 1
		f.seam.InjectFault(fault)
		f.requireNoError(f.apply(f.config().with(values{"name": "Long stay"})))
		f.requireRequests("/access_codes/delete", 0)
	})
}

// Is the PIN on a door forgotten that had no code yet when the grant was last read?
func TestAccessGrant_doorThatGotItsCodeLater(t *testing.T) {
	for name, spaced := range map[string]bool{"a slow door": false, "a new door of its space": true} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config := f.config()
				if spaced {
					space := f.seam.AddObject("space", map[string]any{"name": "Room"}).ID
					f.lock.SetSpaces(space)
					config = config.with(values{"device_ids": nil, "space_ids": []any{space}})
					f.requireNoDiagnostics(f.apply(config))
					f.back.SetSpaces(space)
				} else {
					f.back.OnCreate(seamtest.CreateBehavior{InvisibleFor: 2 * time.Minute})
					f.requireWarningOnly(f.apply(config), "There is no access code yet on lock "+f.back.ID)
				}
				advanceClock(3 * time.Minute)
				f.restart()
				f.requireSettled(config)
				f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
				f.Call("/access_grants/delete", map[string]any{"access_grant_id": f.id()})
				f.restart()
				f.requireWarning(f.refresh(), "Removal not proven")
				advanceClock(time.Hour)
				f.restart()
				f.requireNoError(f.destroy())
				f.requireBoth("4821", false)
			})
		})
	}
}

// Is a PIN forgotten that is another one than asked for, on a door that got it late, if one list lacks it?
func TestAccessGrant_otherPINOfASlowDoor(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.Call("/access_codes/create", map[string]any{"device_id": f.back.ID, "name": "Cleaner", "code": "4821"})
		advanceClock(time.Minute)
		f.back.OnCreate(seamtest.CreateBehavior{InvisibleFor: 2 * time.Minute})
		f.requireNoError(f.apply(f.config()))
		advanceClock(3 * time.Minute)
		pins := f.back.PINs()
		requireEqual(t, "PINs", len(pins), 2)
		f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
		f.restart()
		fault := emptyCodes()
		fault.Times = 1
		f.seam.InjectFault(fault)
		f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not confirmed") })
	})
}

// Does an answer without the list of credentials pass for proof that a card is revoked?
func TestAccessGrant_cardWithoutAListOfCredentials(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		_, door, card := f.issuedCard("brivo_account")
		f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Minute})
		fault := f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/get_related", Status: 200, ContentType: "application/json", Body: `{"batch":{},"ok":true}`})
		f.restart()
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "does not say which acs credential") })
		fault.Remove()
		f.restart()
		f.requireNoError(f.destroy())
		if f.seam.EntranceOpens(door, card) {
			t.Error("destroy says done, and the card opens the entrance")
		}
	})
}
