package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What one part of Seam says wrongly, or not at all, must not pass for proof: the others say it.

// later is a fault that leaves out the first n requests.
func later(n int, f seamtest.Fault) seamtest.Fault { f.Skip = n; return f }

// forever is a fault of every request about one object.
func forever(id string, f seamtest.Fault) seamtest.Fault {
	f.Times, f.Match = 0, func(body map[string]any) bool { return body["acs_credential_id"] == id }
	return f
}

// childOf makes a credential from another one, as an access system does.
func (f *systemFixture) childOf(parent string) string {
	f.t.Helper()
	account := f.seam.Object("acs_system", f.system).Text("connected_account_id")
	return f.seam.AddObject("acs_credential", map[string]any{
		"acs_system_id": f.system, "connected_account_id": account, "acs_user_id": f.user, "access_method": "code", "is_issued": true, "parent_acs_credential_id": parent,
	}).ID
}

// requireHonestDestroy fails the test if a destroy says done while a credential opens the door, or if
// there is nothing else that it can say. Then the next one, to which everything tells the truth, succeeds.
func (f *systemFixture) requireHonestDestroy(fault seamtest.Fault, fails bool, credentials ...string) {
	f.t.Helper()
	for _, id := range credentials {
		f.requireDoor(id, true)
	}
	lies := f.seam.InjectFault(fault)
	requireEqual(f.t, "destroy fails", hasError(f.destroyWithoutRefresh()), fails)
	requireEqual(f.t, "in the state", !f.State.IsNull(), fails)
	lies.Remove()
	if fails {
		f.seam.KeepOnDelete()
		f.restart()
		f.requireNoError(f.destroyWithoutRefresh())
	}
	f.requireNoState()
	for _, id := range credentials {
		f.requireDoor(id, false)
	}
}

// noFault is a fault that never happens.
var noFault = seamtest.Fault{Path: "/health"}

// Is a child forgotten that one of the lists lacks, or that is listed before its parent?
func TestAcsCredential_childrenThatAListLacks(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"none": noFault, "first": emptyList("/acs/credentials/list", "acs_credentials"), "second": later(1, emptyList("/acs/credentials/list", "acs_credentials")),
	} {
		t.Run(name, func(t *testing.T) {
			withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
				grandchild, child := f.childOf(""), f.childOf(f.pin)
				f.seam.ChangeObject("acs_credential", grandchild, map[string]any{"parent_acs_credential_id": child})
				f.seam.SetDeleteLagOf("acs_credential", child, seamtest.DeleteLag{Get: 30 * time.Second})
				f.seam.SetDeleteLagOf("acs_credential", grandchild, seamtest.DeleteLag{Get: time.Minute})
				f.requireHonestDestroy(fault, false, f.pin, child, grandchild)
			})
		})
	}
}

// Are children forgotten that belong to another user than the state shows?
func TestAcsCredential_childOfAnotherUser(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		child := f.childOf(f.pin)
		other := f.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ben"}).ID
		f.seam.SetMembership(f.staff, other, true)
		for _, id := range []string{f.pin, child} {
			f.seam.ChangeObject("acs_credential", id, map[string]any{"acs_user_id": other})
		}
		f.seam.SetDeleteLagOf("acs_credential", child, seamtest.DeleteLag{Get: time.Minute})
		f.requireHonestDestroy(noFault, false, f.pin, child)
	})
}

// Is a child forgotten that lists show only after the request, or that a list shows and a get does not?
func TestAcsCredential_childThatStays(t *testing.T) {
	for name, prepare := range map[string]func(f *systemFixture, child string) seamtest.Fault{
		"listed late": func(f *systemFixture, child string) seamtest.Fault {
			f.seam.ListLater("acs_credential", child, 5*time.Second)
			f.seam.SetDeleteLagOf("acs_credential", f.pin, seamtest.DeleteLag{Get: 10 * time.Second})
			return noFault
		},
		"gets find none": func(_ *systemFixture, child string) seamtest.Fault {
			return forever(child, stale404("/acs/credentials/get", "acs_credential"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
				child := f.childOf(f.pin)
				f.seam.KeepOnDelete(child)
				f.requireHonestDestroy(prepare(f, child), true, f.pin, child)
			})
		})
	}
}

// Can a credential be destroyed that was taken from its user, with what was made from it?
func TestAcsCredential_unassigned(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		child := f.childOf(f.pin)
		f.seam.SetDeleteLagOf("acs_credential", child, seamtest.DeleteLag{Get: time.Minute})
		f.Call("/acs/credentials/unassign", values{"acs_credential_id": f.pin, "acs_user_id": f.user})
		f.requireNoError(f.refresh())
		f.requireReplaces(f.config, "acs_user_id")
		f.requireHonestDestroy(noFault, false, child)
		f.requireDoor(f.pin, false)
	})
}

// Does the next run still know of a child after a destroy that ended early?
func TestAcsCredential_childOutlivesTheRun(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		child := f.childOf(f.pin)
		f.seam.SetDeleteLagOf("acs_credential", child, seamtest.DeleteLag{Get: time.Hour})
		f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential "+child)
		f.restart()
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven", child) })
		advanceClock(time.Hour)
		f.restart()
		f.requireWarning(f.refresh(), "Removal complete")
		f.requireNoState()
		f.requireDoor(child, false)
	})
}

// Is a credential of the user's forgotten that one of the lists lacks?
func TestAcsUser_credentialsThatAListLacks(t *testing.T) {
	for n, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.SetDeleteLagOf("acs_credential", f.pin, seamtest.DeleteLag{Get: time.Minute})
				f.requireHonestDestroy(later(n, emptyList("/acs/credentials/list", "acs_credentials")), false, f.pin)
			})
		})
	}
}

// Is a credential forgotten that lists show only after the request, or that a list shows and a get does not?
func TestAcsUser_credentialThatStays(t *testing.T) {
	for name, prepare := range map[string]func(*systemFixture) seamtest.Fault{
		"listed late": func(f *systemFixture) seamtest.Fault {
			f.seam.ListLater("acs_credential", f.pin, 5*time.Second)
			f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: 10 * time.Second})
			return noFault
		},
		"gets find none": func(f *systemFixture) seamtest.Fault {
			return forever(f.pin, stale404("/acs/credentials/get", "acs_credential"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				f.seam.KeepOnDelete(f.pin)
				f.requireHonestDestroy(prepare(f), true, f.pin)
			})
		})
	}
}

// Is nothing requested if gets say for a while that there is no such user?
func TestAcsUser_missingForAWhile(t *testing.T) {
	for _, what := range []string{"with a PIN", "without credentials"} {
		t.Run(what, func(t *testing.T) {
			withAcsUser(t, "brivo_account", func(f *systemFixture) {
				if what == "without credentials" {
					f.seam.RemoveObject("acs_credential", f.pin)
				}
				fault := stale404("/acs/users/get", "acs_user")
				fault.Times = 2
				f.requireHonestDestroy(fault, false)
				f.requireDoor(f.pin, false)
				f.requireRequests("/acs/users/delete", 1)
				requireEqual(t, "users", len(f.seam.Objects("acs_user")), 0)
			})
		})
	}
}

// Is nothing requested if a new credential is not shown yet, neither by gets nor by lists?
func TestAcsCredential_missingForAWhile(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		f.seam.ListLater("acs_credential", f.pin, time.Hour)
		fault := stale404("/acs/credentials/get", "acs_credential")
		fault.Times = 2
		f.requireHonestDestroy(fault, false, f.pin)
	})
}

// Does the end that Seam shows count for a card that holds a later one?
func TestAcsCredential_cardWithALaterEnd(t *testing.T) {
	setEnd := func(f *systemFixture, ends string) {
		f.Call("/acs/credentials/update", values{"acs_credential_id": f.pin, "ends_at": ends})
	}
	for name, change := range map[string]func(*systemFixture){
		"not written since": func(f *systemFixture) { setEnd(f, "2000-01-02T00:00:00Z") },
		"written while it could not be deleted": func(f *systemFixture) {
			setEnd(f, "2000-01-02T00:00:00Z")
			f.seam.EncodeCard(f.pin)
			f.seam.KeepOnDelete(f.pin)
			f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential")
			f.seam.KeepOnDelete()
			setEnd(f, "2000-01-08T00:00:00Z")
			f.seam.EncodeCard(f.pin)
		},
		"another one written with an earlier end": func(f *systemFixture) {
			f.seam.KeepOnDelete(f.pin)
			f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential")
			f.seam.KeepOnDelete()
			setEnd(f, "2000-01-02T00:00:00Z")
			f.seam.EncodeCard(f.pin)
		},
	} {
		t.Run(name, func(t *testing.T) {
			withAcsCredential(t, "visionline_system", values{"access_method": "card", "ends_at": "2000-01-08T00:00:00Z"}, func(f *systemFixture) {
				f.seam.EncodeCard(f.pin)
				change(f)
				advanceClock(48 * time.Hour)
				f.restart()
				f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not provable") })
			})
		})
	}
}

// Does one answer end the destroy of a user who stays, and who has no credential?
func TestAcsUser_staysWithoutCredentials(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.RemoveObject("acs_credential", f.pin)
		f.seam.KeepOnDelete(f.user)
		f.requireHonestDestroy(later(1, stale404("/acs/users/get", "acs_user")), true)
		requireEqual(t, "users", len(f.seam.Objects("acs_user")), 0)
	})
}

// twice is a fault of two requests: a read that finds nothing is repeated.
func twice(f seamtest.Fault) seamtest.Fault { f.Times = 2; return f }

// Do answers that are out of date drop an object from the state at a refresh?
func TestAcsUser_refreshAsksTwice(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.disableBulkRead()
		f.seam.InjectFault(twice(stale404("/acs/users/get", "acs_user")))
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "is still there") })
	})
}

func TestAcsCredential_refreshAsksTwice(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		f.disableBulkRead()
		f.seam.InjectFault(twice(stale404("/acs/credentials/get", "acs_credential")))
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Seam still has acs credential "+f.pin) })
	})
}
