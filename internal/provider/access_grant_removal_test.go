package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does destroy return only when no door opens, however late what the grant gave goes away?
func TestAccessGrant_destroyWaitsForEveryPart(t *testing.T) {
	for name, behave := range map[string]func(*grantFixture){
		"the grant lingers":  func(f *grantFixture) { f.seam.SetGrantDelete(seamtest.GrantDelete{GoneAfter: time.Minute}) },
		"the method lingers": func(f *grantFixture) { f.seam.SetGrantDelete(seamtest.GrantDelete{MethodsGoneAfter: time.Minute}) },
		"a code outlives it": func(f *grantFixture) { f.back.OnDelete(seamtest.DeleteBehavior{Takes: 2 * time.Minute}) },
		"a code has no attempt": func(f *grantFixture) {
			f.back.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: time.Minute})
		},
		"the PIN comes back": func(f *grantFixture) {
			f.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
		},
		"it comes back, same ID": func(f *grantFixture) {
			f.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{SameID: true}})
		},
		"a code became unmanaged": func(f *grantFixture) { f.seam.UnmanageAccessCode(f.codes()[0]) },
		"the list of its codes is stale": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: listPath, Match: hasField("access_grant_id"), Status: 200, ContentType: "application/json", Body: `{"access_codes":[],"pagination":{"has_next_page":false,"next_page_cursor":null,"next_page_url":null},"ok":true}`})
			f.back.OnDelete(seamtest.DeleteBehavior{Takes: 2 * time.Minute})
		},
		"one stale 404 of the grant": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Status: 404, Type: "access_grant_not_found", Times: 1})
		},
		"a stale 404 hides that the delete was ignored": func(f *grantFixture) {
			f.seam.SetGrantDelete(seamtest.GrantDelete{Ignored: true})
			time.AfterFunc(10*time.Second, func() { f.seam.SetGrantDelete(seamtest.GrantDelete{}) })
			reads := 0
			second := func(map[string]any) bool { reads++; return reads == 2 }
			f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Match: second, Status: 404, Type: "access_grant_not_found"})
		},
		"stale 404s of the methods": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/get", Status: 404, Type: "access_method_not_found", Times: 1})
			f.back.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		},
		"a stale 404 of a code": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 404, Type: "access_code_not_found", Times: 1})
			f.back.OnDelete(seamtest.DeleteBehavior{NoAttempt: true, GoneAfter: 10 * time.Second})
		},
		"the delete is lost": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/delete", Drop: seamtest.DropBefore, Times: 1})
		},
		"the delete is ignored once": func(f *grantFixture) {
			f.seam.SetGrantDelete(seamtest.GrantDelete{Ignored: true})
			time.AfterFunc(10*time.Second, func() { f.seam.SetGrantDelete(seamtest.GrantDelete{}) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				f.requireNoDiagnostics(f.apply(f.config()))
				behave(f)
				f.restart()
				f.requireNoError(f.destroyWithoutRefresh())
				f.requireNoState()
				f.requireBoth("4821", false)
			})
		})
	}
}

// Is a PIN that stays on a door told, is the state kept, and does a later destroy finish?
func TestAccessGrant_destroyFailsWhileADoorOpens(t *testing.T) {
	for name, c := range map[string]struct {
		behave func(*grantFixture)
		says   string
		heal   func(*grantFixture)
	}{
		"refused by a door": {
			func(f *grantFixture) {
				f.seam.SetGrantDelete(seamtest.GrantDelete{FailedDevices: map[string]string{f.back.ID: "device_offline"}})
			},
			"device_offline", func(f *grantFixture) { f.seam.SetGrantDelete(seamtest.GrantDelete{}) },
		},
		"the code stays": {
			func(f *grantFixture) { f.back.OnDelete(seamtest.DeleteBehavior{Stays: true}) },
			"Seam still has access code", func(*grantFixture) {},
		},
		"a PIN that cannot be deleted": {
			func(f *grantFixture) {
				f.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
			},
			"still lists the PIN", func(f *grantFixture) { f.seam.RemoveUnmanagedAccessCode(f.back.UnmanagedAccessCodeIDs()[0]) },
		},
		"the grant stays": {
			func(f *grantFixture) { f.seam.SetGrantDelete(seamtest.GrantDelete{Ignored: true}) },
			"not confirmed", func(f *grantFixture) { f.seam.SetGrantDelete(seamtest.GrantDelete{}) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				f.requireNoDiagnostics(f.apply(f.config()))
				c.behave(f)
				f.restart()
				f.requireStateUnchanged(func() { f.requireError(f.destroy(), "Unable to delete access grant", c.says, "still open") })
				f.requireOpens("4821", c.says == "not confirmed")
				if !f.back.Opens("4821") {
					t.Error("the back door was to keep the PIN")
				}
				c.heal(f)
				f.restart()
				f.requireNoError(f.destroy())
				f.requireNoState()
				f.requireBoth("4821", false)
			})
		})
	}
}

func (f *grantFixture) codes() (ids []string) {
	f.t.Helper()
	for _, code := range f.seam.AccessCodes() {
		ids = append(ids, code.ID)
	}
	return ids
}

func hasField(name string) func(map[string]any) bool {
	return func(body map[string]any) bool { return body[name] != nil }
}

// Are the codes of others deleted if Seam lists them for a grant that is gone?
func TestAccessGrant_codesOfOthersAreNotDeleted(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config().with(values{"timeouts": values{"delete": "1m"}})))
		f.createOutside(values{"device_id": f.lock.ID, "code": "7319"})
		all, err := json.Marshal(f.Call(listPath, values{"device_id": f.lock.ID}))
		f.must(err)
		f.seam.InjectFault(seamtest.Fault{Path: listPath, Match: hasField("access_grant_id"), Replace: func(int, []byte) (int, []byte) { return 200, all }})
		f.seam.RemoveObject("access_grant", f.id())
		f.restart()
		f.requireStateUnchanged(func() {
			f.requireError(f.destroyWithoutRefresh(), "access grant id that does not exist", "None was deleted", "run again")
		})
		f.requireOpens("7319", true)
	})
}
