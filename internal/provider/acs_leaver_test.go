package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// leaver is a user with a PIN, a card and two groups, each an object in the state.
type leaver struct {
	*systemFixture
	vault         string              // the second group
	pinID, cardID string              // the credentials
	dependents    map[string]*harness // what Terraform destroys before the user, by name
	receipts      func() []removal.Receipt
}

func withLeaver(t *testing.T, test func(*leaver)) {
	t.Helper()
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		l := &leaver{systemFixture: f, vault: f.seam.AddAccessGroup(f.system, "Vault", f.door).ID, receipts: f.recordReceipts()}
		f.seam.SetMembership(f.staff, f.user, false)
		f.seam.RemoveObject("acs_credential", f.pin)
		l.dependents = map[string]*harness{
			"PIN":   l.has("seam_acs_credential", values{"access_method": "code"}),
			"card":  l.has("seam_acs_credential", values{"access_method": "card"}),
			"Staff": l.has("seam_acs_access_group_membership", values{"acs_access_group_id": f.staff}),
			"Vault": l.has("seam_acs_access_group_membership", values{"acs_access_group_id": l.vault}),
		}
		l.pinID, l.cardID = l.dependents["PIN"].id(), l.dependents["card"].id()
		f.seam.EncodeCard(l.cardID)
		l.requireOpensDoor(true)
		test(l)
	})
}

// has makes another object of the leaver's.
func (l *leaver) has(noun string, config values) *harness {
	l.t.Helper()
	o := l.newObject(noun)
	l.requireNoError(o.apply(config.with(values{"acs_user_id": l.user, "timeouts": values{"delete": "2m"}})))
	return o
}

// requireOpensDoor fails the test unless the PIN and the card both open the door, or with false if one does.
func (l *leaver) requireOpensDoor(want bool) {
	l.t.Helper()
	l.requireDoor(l.pinID, want)
	l.requireDoor(l.cardID, want)
}

// destroyAll is a destroy in Terraform's order: what refers to the user comes first, and the user stays
// if something of that fails.
func (l *leaver) destroyAll() (said diagnostics) {
	l.t.Helper()
	for _, o := range l.dependents {
		o.restart()
		said = append(said, o.destroy()...)
	}
	if !hasError(said) {
		l.restart()
		said = append(said, l.destroy()...)
	}
	return said
}

// refuseDeletionOf makes Seam refuse to delete a credential, once.
func (l *leaver) refuseDeletionOf(credential string) {
	l.seam.InjectFault(seamtest.Fault{
		Path: "/acs/credentials/delete", Match: func(body map[string]any) bool { return body["acs_credential_id"] == credential },
		Status: 400, Type: "cannot_delete_credential", Message: "The system is read-only", Times: 1,
	})
}

// requireLeft fails the test unless nothing of the leaver is left.
func (l *leaver) requireLeft() {
	l.t.Helper()
	l.requireNoState()
	for _, o := range l.dependents {
		o.requireNoState()
	}
	l.requireOpensDoor(false)
	requireEqual(l.t, "members", len(l.seam.MembersOf(l.staff))+len(l.seam.MembersOf(l.vault)), 0)
}

// Does each removal leave a receipt with the grade of its proof?
func TestAcsUser_leaverHasAReceiptForEverything(t *testing.T) {
	withLeaver(t, func(l *leaver) {
		l.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: 20 * time.Second})
		l.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: 20 * time.Second, List: 30 * time.Second})
		l.requireWarningOnly(l.destroyAll(), "Removal verified at Seam")
		l.requireLeft()
		var credentials, groups, users []string
		for _, r := range l.receipts() {
			if r.Outcome != removal.OutcomeVerified || r.Grade != removal.GradeSeam || len(r.Proofs) == 0 {
				t.Errorf("receipt %+v", r)
			}
			switch {
			case r.AcsCredentialID != "":
				credentials = append(credentials, r.Credentials[0].ID)
			case r.AcsAccessGroupID != "":
				groups = append(groups, r.AcsAccessGroupID)
			default:
				users = append(users, r.AcsUserID)
			}
		}
		requireEqual(t, "credentials", sortedIDs(credentials...), sortedIDs(l.pinID, l.cardID))
		requireEqual(t, "groups", sortedIDs(groups...), sortedIDs(l.staff, l.vault))
		requireEqual(t, "users", users, []string{l.user})
	})
}

// Does the receipt of a user alone name what Terraform did not make?
func TestAcsUser_leaverWithCredentialsOfOthers(t *testing.T) {
	withLeaver(t, func(l *leaver) {
		l.dependents = nil
		l.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: 40 * time.Second})
		l.requireWarningOnly(l.destroyAll(), "Removal verified at Seam")
		l.requireLeft()
		r := l.requireReceipt(l.receipts)
		want := []removal.GradedCredential{{ID: l.pinID, AccessMethod: "code", Grade: removal.GradeSeam}, {ID: l.cardID, AccessMethod: "card", Grade: removal.GradeSeam}}
		if r.AcsUserID != l.user || !slices.Equal(r.Credentials, want) {
			t.Errorf("receipt %+v, want the credentials %+v", r, want)
		}
		for _, id := range []string{l.pinID, l.cardID} {
			if !slices.ContainsFunc(r.Proofs, func(p removal.Proof) bool { return p.Asked == "/acs/credentials/get "+id }) {
				t.Errorf("no proof that credential %s is gone: %+v", id, r.Proofs)
			}
		}
	})
}

// Does each failure keep the state, and say what to do? Then the next destroy ends it.
func TestAcsUser_leaverWhoCannotLeave(t *testing.T) {
	type testCase struct {
		prepare func(*leaver)
		kept    string // what stays in the state, besides the user
		says    []string
	}
	for name, c := range map[string]testCase{
		"a PIN lingers": {
			func(l *leaver) { l.seam.KeepOnDelete(l.pinID) }, "PIN",
			[]string{"Unable to delete acs credential", "delete it in the Seam console or in the access system"},
		},
		"a card lingers": {
			func(l *leaver) { l.seam.KeepOnDelete(l.cardID) }, "card",
			[]string{"Unable to delete acs credential", "delete it in the Seam console or in the access system"},
		},
		"a PIN cannot be deleted": {
			func(l *leaver) { l.refuseDeletionOf(l.pinID) }, "PIN",
			[]string{"Unable to delete acs credential", "cannot_delete_credential", "The system is read-only", "still in the state"},
		},
		"a group cannot be left": {
			func(l *leaver) { l.seam.KeepOnDelete(seamtest.MembershipID(l.vault, l.user)) }, "Vault",
			[]string{"Unable to delete acs access group membership", "take the user out in the access system", "still in the state"},
		},
		"the user stays": {
			func(l *leaver) { l.seam.KeepOnDelete(l.user) }, "",
			[]string{"Unable to delete acs user", "Delete the user in the access system", "still in the state"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			withLeaver(t, func(l *leaver) {
				c.prepare(l)
				l.requireError(l.destroyAll(), append(c.says, "may still open")...)
				requireEqual(t, "user in the state", l.id(), l.user)
				for what, o := range l.dependents {
					requireEqual(t, what+" in the state", !o.State.IsNull(), what == c.kept)
				}
				l.seam.KeepOnDelete()
				l.requireNoError(l.destroyAll())
				l.requireLeft()
			})
		})
	}
}

// Does a destroy end the credentials of a user who is gone already, one by one?
func TestAcsUser_leaverWhoseCredentialOutlivesTheUser(t *testing.T) {
	withLeaver(t, func(l *leaver) {
		l.dependents = nil
		l.seam.KeepOnDelete(l.pinID)
		l.requireStateUnchanged(func() { l.requireError(l.destroyAll(), "Seam still has acs credential "+l.pinID, "Run destroy again") })
		l.seam.KeepOnDelete()
		l.refuseDeletionOf(l.pinID)
		l.requireStateUnchanged(func() { l.requireError(l.destroyAll(), "cannot_delete_credential", "may still open") })
		l.requireNoError(l.destroyAll())
		l.requireLeft()
		requireEqual(t, "credentials in the receipt", len(l.requireReceipt(l.receipts).Credentials), 2)
	})
}

// Does the receipt say which of the credentials rests on the end of a card alone?
func TestAcsUser_leaverWithACardThatEnds(t *testing.T) {
	withAcsUser(t, "salto_space_system", func(f *systemFixture) {
		receipts, card := f.recordReceipts(), f.credential("card")
		f.Call("/acs/credentials/update", values{"acs_credential_id": card, "ends_at": "2000-01-03T00:00:00Z"})
		f.seam.EncodeCard(card)
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "not provable", card, "Collect the card") })
		f.requireDoor(card, true)
		advanceClock(72 * time.Hour)
		f.restart()
		f.requireDestroyed(f.destroyWithoutRefresh)
		f.requireDoor(card, false)
		r := f.requireReceipt(receipts)
		want := []removal.GradedCredential{{ID: f.pin, AccessMethod: "code", Grade: removal.GradeSeam}, {ID: card, AccessMethod: "card", Grade: removal.GradeExpired}}
		if r.Grade != removal.GradeExpired || !slices.Equal(r.Credentials, want) {
			t.Errorf("receipt %+v, want the credentials %+v", r, want)
		}
	})
}
