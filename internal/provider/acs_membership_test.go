package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAcsMembership_conforms(t *testing.T) {
	conform(t, acctest.Case{
		Type: "seam_acs_access_group_membership", Replaces: "acs_user_id",
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			system := h.Seam.AddAccessSystem("brivo_account").ID
			user := func(name string) string {
				return h.Seam.AddObject("acs_user", map[string]any{"acs_system_id": system, "full_name": name}).ID
			}
			before = arguments{"acs_access_group_id": h.Seam.AddAccessGroup(system, "Staff").ID, "acs_user_id": user("Ana")}
			return before, before.With(arguments{"timeouts": arguments{"delete": "20m"}}), before.With(arguments{"acs_user_id": user("Ben")})
		},
		IDs: func(h *acctest.Harness) (ids []string) {
			for _, group := range h.Seam.Objects("acs_access_group") {
				for _, user := range h.Seam.MembersOf(group.ID) {
					ids = append(ids, seamtest.MembershipID(group.ID, user))
				}
			}
			return ids
		},
		Remove: func(h *acctest.Harness, id string) {
			group, user, _ := strings.Cut(id, "/")
			h.Seam.SetMembership(group, user, false)
		},
		Missing: acctest.MissingID + "/" + acctest.MissingID,
		Create:  "/acs/access_groups/add_user", Get: "/acs/users/get", List: "/acs/access_groups/list_users", NotFound: "acs_user_not_found",
		DataSource: "seam_acs_access_group_membership", Lookup: func(_ *acctest.Harness, id string) arguments { return arguments{"id": id} },
		Except: map[string]string{"no secret": "It has no secret.", "wrong workspace, change": "A change concerns arguments that only the provider knows."},
	})
}

// withMembership puts a user who has a PIN into the group Staff, by Terraform.
func withMembership(t *testing.T, externalType string, test func(*systemFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_acs_access_group_membership", func(h *harness) {
		f := &systemFixture{harness: h}
		f.system = h.seam.AddAccessSystem(externalType).ID
		f.door = h.seam.AddEntrance(f.system, nil).ID
		f.staff = h.seam.AddAccessGroup(f.system, "Staff", f.door).ID
		f.user = h.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ana"}).ID
		f.pin = f.credential("code")
		f.config = values{"acs_access_group_id": f.staff, "acs_user_id": f.user, "timeouts": values{"delete": "2m"}}
		h.requireNoDiagnostics(h.apply(f.config))
		f.requireDoor(f.pin, true)
		h.restart()
		test(f)
	})
}

// Is a proof refused that Seam can never give?
func TestAcsMembership_hasNoEvent(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		f.requireError(f.plan(f.config.with(values{"removal": "verified_by_event"})).Diags, "Invalid removal", "Seam has no event", "could never finish", `Use "verified"`)
	})
}

// Does one answer that is out of date end a destroy while the user is in the group?
func TestAcsMembership_staleAnswersProveNothing(t *testing.T) {
	users := seamtest.Fault{Path: "/acs/access_groups/list_users", Status: 200, ContentType: "application/json", Body: `{"acs_users":[],"ok":true}`, Times: 1}
	groups := seamtest.Fault{Path: "/acs/access_groups/list", Status: 200, ContentType: "application/json", Body: `{"acs_access_groups":[],"ok":true}`, Times: 1}
	later := func(f seamtest.Fault) seamtest.Fault { f.Skip = 1; return f }
	for name, fault := range map[string]seamtest.Fault{
		"no users": users, "no users, later": later(users), "no groups": groups, "no groups, later": later(groups),
		"no such user": stale404("/acs/users/get", "acs_user"), "no such user, later": later(stale404("/acs/users/get", "acs_user")),
		"no such group": stale404("/acs/access_groups/get", "acs_access_group"), "no such group, later": later(stale404("/acs/access_groups/get", "acs_access_group")),
		"no user to remove": stale404("/acs/access_groups/remove_user", "acs_user"),
	} {
		for kind, delays := range map[string]seamtest.AccessSystemDelays{"pending": {Membership: time.Minute}, "deferred": {Membership: time.Minute, Deferred: true}} {
			t.Run(name+", "+kind, func(t *testing.T) {
				withMembership(t, "brivo_account", func(f *systemFixture) {
					f.seam.SetAccessSystemDelays(delays)
					f.seam.InjectFault(fault)
					if hasError(f.destroyWithoutRefresh()) {
						advanceClock(time.Minute)
						f.restart()
						f.requireNoError(f.destroyWithoutRefresh())
					}
					f.requireNoState()
					f.requireDoor(f.pin, false)
				})
			})
		}
	}
}

func TestAcsMembership_groupThatCannotBeLeft(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		receipts := f.recordReceipts()
		f.seam.KeepOnDelete(seamtest.MembershipID(f.staff, f.user))
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "Unable to delete acs access group membership", "not confirmed", "take the user out in the access system")
		})
		f.seam.KeepOnDelete()
		f.restart()
		f.requireNoError(f.destroy())
		f.requireDoor(f.pin, false)
		if r := f.requireReceipt(receipts); r.AcsUserID != f.user || r.AcsAccessGroupID != f.staff || r.Grade != "seam" {
			t.Errorf("receipt %+v", r)
		}
	})
}

// Does a removal that waits for an access schedule count as done?
func TestAcsMembership_deferredRemovalIsNotDone(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: time.Hour, Deferred: true})
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "later, by an access schedule", "deferring_user_membership_update")
		})
		f.restart()
		f.requireNoError(f.refresh())
		advanceClock(time.Hour)
		f.requireDoor(f.pin, false)
		f.restart()
		f.requireWarning(f.refresh(), "Removal complete")
		f.requireNoState()
	})
}

func TestAcsMembership_deferredAdditionIsTold(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		f.requireNoError(f.destroy())
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: time.Hour, Deferred: true})
		f.requireWarningOnly(f.apply(f.config), "Membership begins later")
		f.requireSettled(f.config)
	})
}

// Does a create that fails leave a user in the group whom no state knows of, or a state that no refresh
// can read?
func TestAcsMembership_createThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault seamtest.Fault
		isIn  bool
	}{
		"lost":    {seamtest.Fault{Drop: seamtest.DropAfter}, true},
		"500":     {seamtest.Fault{Status: 500, Processed: true}, true},
		"refused": {seamtest.Fault{Status: 400, Type: "group_is_full"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				f.requireNoError(f.destroy())
				c.fault.Path = "/acs/access_groups/add_user"
				fault := f.seam.InjectFault(c.fault)
				f.requireError(f.apply(f.config), "Unable to create acs access group membership")
				fault.Remove()
				f.restart()
				f.requireNoError(f.refresh())
				requireEqual(t, "in the state", !f.State.IsNull(), c.isIn)
				f.requireNoError(f.apply(f.config))
				f.requireDoor(f.pin, true)
				f.requireNoError(f.destroy())
				f.requireNoState()
				f.requireDoor(f.pin, false)
			})
		})
	}
}

func TestAcsMembership_cardThatHasToBeWrittenAgain(t *testing.T) {
	withMembership(t, "salto_space_system", func(f *systemFixture) {
		card := f.credential("card")
		f.seam.EncodeCard(card)
		f.requireWarningOnly(f.destroy(), "Card has to be written again", card)
		f.requireNoState()
		f.requireDoor(card, true)
	})
}

// Do many reads of memberships of a group share its list in a plan?
func TestAcsMembership_plansByLists(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		f.configure(values{"bulk_read": true}) // whatever the other tests run with
		f.restart()
		f.seam.ResetRequests()
		for range 20 {
			f.requireNoError(f.refresh())
		}
		f.requireRequests("/acs/access_groups/list_users", 1)
		f.requireRequests("/acs/users/get", 0)
	})
}
