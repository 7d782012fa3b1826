package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What one answer about an access system says wrongly, or does not say, must not count as a change or a
// removal that is in effect.

// Does an answer without the pending change confirm it?
func TestAcsUser_answerWithoutThePendingChange(t *testing.T) {
	for path, change := range map[string]values{
		"/acs/users/suspend": {"is_suspended": true},
		"/acs/users/update":  {"access_schedule": values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "1999-01-02T00:00:00Z"}},
	} {
		t.Run(path, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Suspension: 30 * time.Second, Schedule: 30 * time.Second})
				skip := map[string]int{"/acs/users/update": 1}[path] // the update reads the user once by itself
				f.seam.InjectFault(seamtest.Fault{Path: "/acs/users/get", Match: f.after(path), Skip: skip, Times: 1, Replace: f.editAnswer(func(answer map[string]any) {
					user, _ := answer["acs_user"].(map[string]any)
					user["pending_mutations"] = []any{}
				})})
				f.requireNoError(f.apply(f.config.with(change)))
				f.requireDoor(f.pin, false)
			})
		})
	}
}

// Does an earlier synchronization confirm a new PIN?
func TestAcsCredential_synchronizedBeforeTheChange(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code": "48210"}, func(f *systemFixture) {
		f.requireNoError(f.apply(f.config.with(values{"code": "48211"})))
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Credential: 25 * time.Second})
		advanceClock(time.Hour)
		f.restart()
		f.seam.InjectFault(seamtest.Fault{Path: "/acs/credentials/get", Match: f.after("/acs/credentials/update"), Times: 1, Replace: f.editAnswer(func(answer map[string]any) {
			credential, _ := answer["acs_credential"].(map[string]any)
			credential["is_latest_desired_state_synced_with_provider"] = true
		})})
		f.requireWithin(20*time.Second, 40*time.Second, func() { f.requireNoError(f.apply(f.config.with(values{"code": "73190"}))) })
	})
}

// Is a card called revoked because Seam does not say something about it or its system?
func TestAcsCredential_cardAndMissingFacts(t *testing.T) {
	for name, hide := range map[string]func(f *systemFixture){
		"type of the system": func(f *systemFixture) {
			f.seam.DescribeObjects("acs_system", func(_ string, fields map[string]any) { delete(fields, "external_type") })
		},
		"whether it was issued": func(f *systemFixture) {
			f.seam.DescribeObjects("acs_credential", func(_ string, fields map[string]any) {
				delete(fields, "is_issued")
				delete(fields, "issued_at")
			})
		},
		"entrances, in one list": func(f *systemFixture) {
			f.seam.ChangeObject("acs_system", f.system, map[string]any{"external_type": "brivo_account"})
			f.seam.ChangeObject("acs_entrance", f.door, map[string]any{"can_belong_to_reservation": true})
			f.restart()
			f.seam.InjectFault(emptyList("/acs/entrances/list", "acs_entrances"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsCredential(t, "visionline_system", values{"access_method": "card"}, func(f *systemFixture) {
				f.seam.EncodeCard(f.pin)
				hide(f)
				f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not provable") })
				f.requireDoor(f.pin, true)
			})
		})
	}
}

// Is a user dropped from the state whom somebody deleted, and whose PIN lives on, if Seam lists nothing for
// users who are gone?
func TestAcsUser_credentialOutlivesAUserDeletedOutside(t *testing.T) {
	empty := emptyList("/acs/credentials/list", "acs_credentials")
	empty.Times = 0
	for name, fault := range map[string]seamtest.Fault{
		"404": {Path: "/acs/credentials/list", Status: 404, Type: "acs_user_not_found"}, "empty": empty,
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.SetDeleteLagOf("acs_credential", f.pin, seamtest.DeleteLag{Get: time.Hour, List: time.Hour})
				f.seam.RemoveObject("acs_user", f.user)
				fault.Match = hasField("acs_user_id")
				f.seam.InjectFault(fault)
				f.requireDoor(f.pin, true)
				f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven", "Seam still has acs credential "+f.pin) })
				advanceClock(time.Hour)
				f.restart()
				f.requireWarning(f.refresh(), "Removed outside Terraform")
				f.requireDoor(f.pin, false)
			})
		})
	}
}

// Does a pending change count that does not say of which membership it is?
func TestAcsMembership_changeOfNoGroup(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		for _, noun := range []string{"acs_user", "acs_access_group"} {
			f.seam.DescribeObjects(noun, func(_ string, fields map[string]any) {
				pending, _ := fields["pending_mutations"].([]any)
				for _, mutation := range pending {
					mutation, _ := mutation.(map[string]any)
					for _, side := range []string{"from", "to"} {
						named, _ := mutation[side].(map[string]any)
						for name := range named {
							named[name] = nil
						}
					}
				}
			})
		}
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: time.Minute})
		f.requireDestroyed(f.destroyWithoutRefresh)
	})
}

// Do a user, the membership and the credential wait for each other, if they are destroyed at the same time?
func TestAcsUser_destroyedTogetherWithWhatBelongsToIt(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		membership, credential := f.newObject("seam_acs_access_group_membership"), f.newObject("seam_acs_credential")
		f.requireNoError(membership.apply(values{"acs_access_group_id": f.staff, "acs_user_id": f.user}))
		f.requireNoError(credential.importID(f.pin))
		f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: 20 * time.Second, List: 40 * time.Second})
		f.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: 30 * time.Second, List: 10 * time.Second})
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: 50 * time.Second})
		all := []*harness{f.harness, membership, credential}
		done := make(chan diagnostics, len(all))
		for _, h := range all {
			go func() { done <- h.destroyWithoutRefresh() }()
		}
		for range all {
			f.requireNoError(<-done)
		}
		f.requireDoor(f.pin, false)
	})
}
