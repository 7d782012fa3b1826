package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAcsUser_conforms(t *testing.T) {
	c := acctest.NounCase("acs_user", "acs_users")
	c.Configs = func(h *acctest.Harness) (before, after, other arguments) {
		office, shop := h.Seam.AddAccessSystem("brivo_account").ID, h.Seam.AddAccessSystem("salto_ks_site").ID
		before = arguments{"acs_system_id": office, "full_name": "Ana", "email_address": "ana@example.com", "access_schedule": values{"starts_at": "2000-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z"}}
		return before, before.With(arguments{"full_name": "Ana Silva", "is_suspended": true, "access_schedule": nil}), before.With(arguments{"acs_system_id": shop})
	}
	c.Create, c.Get, c.List, c.Replaces = "/acs/users/create", "/acs/users/get", "/acs/users/list", "acs_system_id"
	c.IDs = func(h *acctest.Harness) []string {
		return h.ListedIDs("/acs/users/list", "acs_users", "acs_user_id", nil)
	}
	c.OtherPaths = []string{"/acs/users/update", "/acs/users/delete", "/acs/users/suspend", "/acs/credentials/list"}
	conform(t, c)
}

// systemFixture is an access system with a door that the group Staff opens, and a user of Terraform's in
// the group who has a PIN.
type systemFixture struct {
	*harness
	system, door, staff, user, pin string
	config                         values
}

func withAcsUser(t *testing.T, externalType string, test func(*systemFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		f := &systemFixture{harness: h}
		f.system = h.seam.AddAccessSystem(externalType).ID
		f.door = h.seam.AddEntrance(f.system, nil).ID
		f.staff = h.seam.AddAccessGroup(f.system, "Staff", f.door).ID
		f.config = values{"acs_system_id": f.system, "full_name": "Ana", "timeouts": values{"update": "1m", "delete": "2m"}}
		h.requireNoDiagnostics(h.apply(f.config))
		f.user = h.id()
		h.seam.SetMembership(f.staff, f.user, true)
		f.pin = f.credential("code", f.door)
		f.requireDoor(f.pin, true)
		h.restart()
		test(f)
	})
}

// credential gives the user a credential, past Terraform. It opens what the groups of the user open, and
// these doors, as long as it exists.
func (f *systemFixture) credential(accessMethod string, doors ...string) string {
	f.t.Helper()
	made, _ := f.Call("/acs/credentials/create", map[string]any{"acs_user_id": f.user, "access_method": accessMethod, "allowed_acs_entrance_ids": append([]string{}, doors...)})["acs_credential"].(map[string]any)
	id, _ := made["acs_credential_id"].(string)
	return id
}

// requireDoor fails the test unless a credential opens the door, or with false if it does.
func (f *systemFixture) requireDoor(credential string, want bool) {
	f.t.Helper()
	if got := f.seam.CredentialOpens(f.door, credential); got != want {
		f.t.Errorf("does the credential open the door: %v, want %v", got, want)
	}
}

// requireDestroyed fails the test unless a destroy succeeds and the credentials open nothing.
func (f *systemFixture) requireDestroyed(destroy func() diagnostics) {
	f.t.Helper()
	f.requireNoError(destroy())
	f.requireNoState()
	f.requireDoor(f.pin, false)
}

func TestAcsUser_receiptNamesCredentials(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		receipts := f.recordReceipts()
		card := f.credential("card")
		f.seam.EncodeCard(card)
		f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: 10 * time.Second, List: 20 * time.Second})
		f.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: 30 * time.Second, List: 35 * time.Second})
		f.requireWarningOnly(f.destroy(), "Removal verified at Seam")
		f.requireDoor(f.pin, false)
		f.requireDoor(card, false)
		r := f.requireReceipt(receipts)
		if r.AcsUserID != f.user || r.Grade != "seam" || r.Outcome != "verified" || len(r.Credentials) != 2 || r.Credentials[1].ID != card || r.Credentials[1].Grade != "seam" || r.AccessCodeID != "" {
			t.Errorf("receipt %+v", r)
		}
	})
}

// staleSystemAnswers are single answers of an access system that are out of date.
var staleSystemAnswers = map[string]seamtest.Fault{
	"no such user":        stale404("/acs/users/get", "acs_user"),
	"no such user, later": {Path: "/acs/users/get", Skip: 1, Status: 404, Type: "acs_user_not_found", Times: 1},
	"no user to delete":   stale404("/acs/users/delete", "acs_user"),
	"no credentials":      emptyList("/acs/credentials/list", "acs_credentials"),
	"no such credential":  stale404("/acs/credentials/get", "acs_credential"),
}

// Does one answer that is out of date end a destroy while a credential opens the door, or prevent one?
func TestAcsUser_staleAnswersProveNothing(t *testing.T) {
	for name, fault := range staleSystemAnswers {
		for kind, lag := range map[string]seamtest.DeleteLag{"slow": {Get: time.Minute, List: time.Minute}, "not listed": {Get: time.Minute}, "stays": {Get: time.Hour, List: time.Hour}} {
			t.Run(name+", "+kind, func(t *testing.T) {
				withAcsUser(t, "brivo_account", func(f *systemFixture) {
					f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: lag.Get / 2, List: lag.List / 2})
					f.seam.SetDeleteLag("acs_credential", lag)
					f.seam.InjectFault(fault)
					if kind == "stays" || name == "no such credential" {
						f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "Unable to delete acs user") })
						advanceClock(time.Hour)
						f.restart()
					}
					f.requireDestroyed(f.destroyWithoutRefresh)
				})
			})
		}
	}
}

// Does a 404 of another type, or a part of a list, end a destroy?
func TestAcsUser_otherAnswersProveNothing(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"404 of another type": {Path: "/acs/credentials/get", Status: 404, Type: "acs_user_not_found"},
		"raw 404":             seamtest.HTML404("/acs/credentials/get"),
		"missing page": {Path: "/acs/credentials/list", Replace: func(int, []byte) (int, []byte) {
			return 200, []byte(`{"acs_credentials":[],"pagination":{"has_next_page":true,"next_page_cursor":null,"next_page_url":null},"ok":true}`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.InjectFault(fault)
				f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "Unable to delete acs user") })
			})
		})
	}
}

// Is the PIN of another user waited for if a server ignores the filter?
func TestAcsUser_ignoredFilter(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		other := f.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ben"}).ID
		f.seam.AddObject("acs_credential", map[string]any{"acs_system_id": f.system, "connected_account_id": f.seam.Object("acs_system", f.system).Text("connected_account_id"), "acs_user_id": other, "access_method": "code"})
		f.seam.InjectFault(seamtest.Fault{Path: "/acs/credentials/list", Match: hasField("acs_user_id"), Replace: f.allCredentials()})
		f.requireDestroyed(f.destroy)
		requireEqual(t, "credentials of others", len(f.seam.Objects("acs_credential")), 1)
	})
}

func (f *systemFixture) allCredentials() func(int, []byte) (int, []byte) {
	f.t.Helper()
	return func(int, []byte) (int, []byte) {
		body, err := json.Marshal(f.Call("/acs/credentials/list", map[string]any{}))
		f.must(err)
		return 200, body
	}
}

// Does each failure keep the state and say what to do, and does the next destroy finish?
func TestAcsUser_destroyThatFails(t *testing.T) {
	type testCase struct {
		kept func(*systemFixture) string
		says []string
	}
	for name, c := range map[string]testCase{
		"credential lingers": {func(f *systemFixture) string { return f.pin }, []string{"Seam still has acs credential", "delete it in the Seam console or in the access system"}},
		"user stays":         {func(f *systemFixture) string { return f.user }, []string{"refuses to delete", "failed_to_delete_on_acs_system", "Then run destroy again"}},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.KeepOnDelete(c.kept(f))
				f.requireStateUnchanged(func() {
					f.requireError(f.destroy(), append(c.says, "Unable to delete acs user", "may still open", "still in the state")...)
				})
				f.restart()
				f.requireNoError(f.refresh())
				f.requireAttributes(values{"full_name": "Ana"})
				f.seam.KeepOnDelete()
				f.restart()
				f.requireDestroyed(f.destroy)
			})
		})
	}
}

func TestAcsUser_issuedCardOfAnOfflineSystem(t *testing.T) {
	withAcsUser(t, "salto_space_system", func(f *systemFixture) {
		receipts := f.recordReceipts()
		card := f.credential("card")
		f.seam.EncodeCard(card)
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "Unable to delete acs user", "not provable", card, "Collect the card", "removal = \"requested\"")
		})
		f.requireDoor(card, true)
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", card)
		given := f.config.with(values{"removal": "requested"})
		f.requireNoError(f.apply(given))
		f.restart()
		f.requireNoError(f.destroy())
		f.requireNoState()
		requireEqual(t, "outcome", f.requireReceipt(receipts).Outcome, "requested")
	})
}

// Is a card gone because somebody else deleted its user, who was not read before?
func TestAcsUser_deletedOutsideAnOfflineSystem(t *testing.T) {
	withAcsUser(t, "visionline_system", func(f *systemFixture) {
		f.seam.EncodeCard(f.credential("card"))
		f.seam.RemoveObject("acs_user", f.user)
		f.requireStateUnchanged(func() {
			f.requireWarning(f.refresh(), "Removal not proven", "what may have been issued")
			f.requireError(f.destroyWithoutRefresh(), "not provable")
		})
	})
}

func TestAcsUser_suspension(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Suspension: 30 * time.Second})
		suspended := f.config.with(values{"is_suspended": true})
		f.requireNoError(f.apply(suspended))
		f.requireDoor(f.pin, false)
		f.requireSettled(suspended)
		f.requireSettled(f.config)
		f.requireNoError(f.apply(f.config.with(values{"is_suspended": false})))
		f.requireDoor(f.pin, true)
	})
}

// Is a suspension that the access system has not confirmed taken for one?
func TestAcsUser_pendingSuspensionIsPlannedAgain(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Suspension: 3 * time.Minute})
		suspended := f.config.with(values{"is_suspended": true})
		f.requireError(f.apply(suspended), "Unable to update acs user", "has not confirmed", "timeouts.update")
		f.restart()
		f.requireNoError(f.refresh())
		f.requireDoor(f.pin, true)
		f.requireUpdate(suspended)
		advanceClock(3 * time.Minute)
		f.restart()
		f.requireNoError(f.apply(suspended))
		f.requireDoor(f.pin, false)
	})
}

// Does a change that an earlier apply has sent let the user in, after an apply of a configuration that does
// not?
func TestAcsUser_earlierPendingChangeDoesNotComeIntoEffect(t *testing.T) {
	ended := values{"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-01-02T00:00:00Z"}}
	open := values{"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z"}}
	for name, c := range map[string]struct{ out, in values }{
		"schedule":   {ended, open},
		"suspension": {values{"is_suspended": true}, values{"is_suspended": false}},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.requireNoError(f.apply(f.config.with(c.out)))
				f.requireDoor(f.pin, false)
				f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Schedule: 3 * time.Minute, Suspension: 3 * time.Minute})
				f.requireError(f.apply(f.config.with(c.in)), "has not confirmed")
				f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{})
				f.restart()
				f.requireWarningOnly(f.refresh(), "Change in progress")
				f.requireNoError(f.apply(f.config.with(c.out).with(values{"full_name": "Ana Silva"})))
				advanceClock(5 * time.Minute)
				f.requireDoor(f.pin, false)
			})
		})
	}
}

func TestAcsUser_shorterSchedule(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Schedule: 30 * time.Second})
		ended := f.config.with(values{"access_schedule": values{"starts_at": "1999-01-01T00:00:00+01:00", "ends_at": "1999-01-02T00:00:00Z"}})
		f.requireNoError(f.apply(ended))
		f.requireDoor(f.pin, false)
		f.requireSettled(ended)
		open := f.config.with(values{"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z"}})
		f.requireError(f.plan(open).Diags, "Seam cannot change the schedule")
		f.requireNoError(f.apply(f.config))
		f.requireDoor(f.pin, true)
	})
}

// Does an answer from before an update, which shows nothing pending, confirm it?
func TestAcsUser_staleAnswerConfirmsNoSchedule(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Schedule: 30 * time.Second})
		before, err := json.Marshal(f.Call("/acs/users/get", values{"acs_user_id": f.user}))
		f.must(err)
		stale := seamtest.Fault{Path: "/acs/users/get", Times: 2, Replace: func(int, []byte) (int, []byte) { return 200, before }}
		f.seam.InjectFault(stale)
		f.requireNoError(f.apply(f.config.with(values{"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-01-02T00:00:00Z"}})))
		f.requireDoor(f.pin, false)
	})
}

func TestAcsUser_fieldsThatCannotBeCleared(t *testing.T) {
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		config := values{"acs_system_id": h.seam.AddAccessSystem("brivo_account").ID, "full_name": "Ana", "email_address": "ana@example.com", "phone_number": "+15551234567"}
		h.requireNoDiagnostics(h.apply(config))
		for _, name := range []string{"email_address", "phone_number"} {
			h.requireError(h.plan(config.with(values{name: nil})).Diags, "Invalid "+name, "Seam cannot clear it")
		}
		h.requireError(h.plan(config.with(values{"phone_number": "555"})).Diags, "must have the format +15551234567")
	})
}

func TestAcsUser_deletedInTheAccessSystem(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.ChangeObject("acs_user", f.user, map[string]any{"errors": []any{map[string]any{"error_code": "deleted_externally", "message": "Gone", "created_at": "2000-01-01T00:00:00Z"}}})
		f.requireNoError(f.refresh())
		f.requireReplaces(f.config, "deleted_externally")
		f.requireNoError(f.apply(f.config))
		f.requireAttributes(values{"deleted_externally": false})
		f.requireDoor(f.pin, false)
	})
}

func TestAcsUser_linkToAUserIdentity(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		for _, name := range []string{"Ana", "Ben"} {
			person := f.seam.AddObject("user_identity", map[string]any{"full_name": name}).ID
			linked := f.config.with(values{"user_identity_id": person})
			f.requireNoError(f.apply(linked))
			f.requireSettled(linked)
			requireEqual(t, "users", f.seam.Object("user_identity", person).Texts("acs_user_ids"), []string{f.user})
		}
		f.requireSettled(f.config)
	})
}

// Does a plan say that a suspension does not reach what is on a card?
func TestAcsUser_suspensionDoesNotReachCards(t *testing.T) {
	for system, warns := range map[string]bool{"visionline_system": true, "brivo_account": false} {
		withAcsUser(t, system, func(f *systemFixture) {
			card := f.credential("card", f.door)
			f.seam.EncodeCard(card)
			for _, change := range []values{{"is_suspended": true}, {"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-01-02T00:00:00Z"}}} {
				planned := f.plan(f.config.with(change)).Diags
				requireEqual(t, "warned", diagnosticText(planned, tfprotov6.DiagnosticSeverityWarning) != "", warns)
			}
			f.requireNoError(f.apply(f.config.with(values{"is_suspended": true})))
			f.requireDoor(card, warns)
		})
	}
}

func TestAcsUser_deferredCreationIsTold(t *testing.T) {
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		h.seam.DescribeObjects("acs_user", func(_ string, fields map[string]any) {
			fields["pending_mutations"] = []any{map[string]any{"mutation_code": "deferring_creation", "message": "Later", "created_at": "2000-01-01T00:00:00Z", "scheduled_at": nil}}
		})
		config := values{"acs_system_id": h.seam.AddAccessSystem("salto_ks_site").ID, "full_name": "Ana"}
		h.requireWithin(0, time.Second, func() { h.requireWarningOnly(h.apply(config), "User is not in the access system yet") })
		h.requireSettled(config)
	})
}
