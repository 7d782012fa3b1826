package seamtest

import (
	"testing"
	"time"
)

// withStaff makes an access control system with a door that the group Staff opens, and a user in it
// who has a PIN.
func withStaff(t *testing.T, externalType string) (s *Server, c *client, clock *manualClock, door, group, user, pin string) {
	t.Helper()
	s, _, c, clock = setup(t)
	system := s.AddAccessSystem(externalType).ID
	door = s.AddEntrance(system, nil).ID
	group = s.AddAccessGroup(system, "Staff", door).ID
	user = stringAt(c.ok("/acs/users/create", jsonObject{"acs_system_id": system, "full_name": "Ana", "acs_access_group_ids": []string{group}}), "acs_user.acs_user_id")
	pin = c.newCredential(user, "code")
	return s, c, clock, door, group, user, pin
}

func (c *client) newCredential(user, method string) string {
	c.t.Helper()
	return stringAt(c.ok("/acs/credentials/create", jsonObject{"acs_user_id": user, "access_method": method}), "acs_credential.acs_credential_id")
}

func assertCredentialOpens(t *testing.T, s *Server, door, credential string, want bool) {
	t.Helper()
	assertEqual(t, "does it open the door", s.CredentialOpens(door, credential), want)
}

// Does the system go on with what Seam does not show any more?
func TestACSUser_systemFollowsLater(t *testing.T) {
	s, c, clock, door, group, user, pin := withStaff(t, "brivo_account")
	s.SetAccessSystemDelays(AccessSystemDelays{Suspension: time.Minute, Schedule: time.Minute, Membership: time.Minute})
	him, membership := jsonObject{"acs_user_id": user}, jsonObject{"acs_user_id": user, "acs_access_group_id": group}
	for undo, do := range map[string]string{"/acs/users/unsuspend": "/acs/users/suspend", "/acs/access_groups/add_user": "/acs/access_groups/remove_user"} {
		body := map[bool]jsonObject{true: him, false: membership}[undo == "/acs/users/unsuspend"]
		c.ok(do, body)
		assertEqual(t, "pending", len(listAt(c.ok("/acs/users/get", him), "acs_user.pending_mutations")), 1)
		assertCredentialOpens(t, s, door, pin, true)
		clock.advance(time.Minute)
		assertCredentialOpens(t, s, door, pin, false)
		c.ok(undo, body)
		clock.advance(time.Minute)
		assertCredentialOpens(t, s, door, pin, true)
		assertEqual(t, "pending", len(listAt(c.ok("/acs/users/get", him), "acs_user.pending_mutations")), 0)
	}
	c.ok("/acs/users/update", jsonObject{"acs_user_id": user, "access_schedule": jsonObject{"starts_at": clock.timestampIn(-time.Hour), "ends_at": clock.timestampIn(time.Second)}})
	clock.advance(2 * time.Second)
	assertCredentialOpens(t, s, door, pin, true)
	clock.advance(time.Minute)
	assertCredentialOpens(t, s, door, pin, false)
}

func TestACSAccessGroup_deferredMembership(t *testing.T) {
	s, c, clock, door, group, user, pin := withStaff(t, "brivo_account")
	s.SetAccessSystemDelays(AccessSystemDelays{Membership: time.Hour, Deferred: true})
	c.ok("/acs/access_groups/remove_user", jsonObject{"acs_user_id": user, "acs_access_group_id": group})
	assertShows(t, c.ok("/acs/access_groups/get", jsonObject{"acs_access_group_id": group}), jsonObject{
		"acs_access_group.pending_mutations.0.variant": "removing", "acs_access_group.pending_mutations.0.acs_user_id": user,
	})
	c.wantListed("/acs/access_groups/list", jsonObject{"acs_user_id": user}, 1)
	clock.advance(time.Hour)
	assertCredentialOpens(t, s, door, pin, false)
	c.wantListed("/acs/access_groups/list_users", jsonObject{"acs_access_group_id": group}, 0)
}

// Does a card of a system that writes rights on cards still open after its user is gone?
func TestACSUser_deletedWithCredentials(t *testing.T) {
	for externalType, cardOpens := range map[string]bool{"brivo_account": false, "visionline_system": true} {
		s, c, _, door, _, user, pin := withStaff(t, externalType)
		card := c.newCredential(user, "card")
		assertCredentialOpens(t, s, door, card, false)
		s.EncodeCard(card)
		assertCredentialOpens(t, s, door, card, true)
		c.ok("/acs/users/delete", jsonObject{"acs_user_id": user})
		c.wantMissing("acs_user", jsonObject{"acs_user_id": user}, "/acs/users/get")
		c.wantMissing("acs_credential", jsonObject{"acs_credential_id": card}, "/acs/credentials/get")
		assertCredentialOpens(t, s, door, pin, false)
		assertCredentialOpens(t, s, door, card, cardOpens)
	}
}

func TestACSUser_deleteThatFails(t *testing.T) {
	s, c, _, door, _, user, pin := withStaff(t, "brivo_account")
	s.KeepOnDelete(user)
	c.ok("/acs/users/delete", jsonObject{"acs_user_id": user})
	assertShows(t, c.ok("/acs/users/get", jsonObject{"acs_user_id": user}), jsonObject{"acs_user.errors.0.error_code": "failed_to_delete_on_acs_system"})
	assertCredentialOpens(t, s, door, pin, true)
}

// Does a PIN that the system chooses come later, and does a credential that is made of another end with it?
func TestACSCredential_chosenPINAndChildren(t *testing.T) {
	s, c, clock, _, _, user, pin := withStaff(t, "salto_ks_site")
	s.SetAccessSystemDelays(AccessSystemDelays{Code: time.Second, Credential: time.Minute})
	later := jsonObject{"acs_credential_id": c.newCredential(user, "code")}
	assertShows(t, c.ok("/acs/credentials/get", later), jsonObject{"acs_credential.code": nil})
	clock.advance(time.Second)
	assertEqual(t, "has a PIN", stringAt(c.ok("/acs/credentials/get", later), "acs_credential.code") != "", true)
	c.ok("/acs/credentials/update", jsonObject{"acs_credential_id": pin, "code": "48210"})
	assertShows(t, c.ok("/acs/credentials/get", jsonObject{"acs_credential_id": pin}), jsonObject{"acs_credential.is_latest_desired_state_synced_with_provider": false})
	s.ChangeObject("acs_credential", stringAt(later, "acs_credential_id"), jsonObject{"parent_acs_credential_id": pin})
	c.ok("/acs/credentials/unassign", jsonObject{"acs_credential_id": pin, "acs_user_id": user})
	c.wantListed("/acs/credentials/list", jsonObject{"acs_user_id": user}, 1)
	c.ok("/acs/credentials/assign", jsonObject{"acs_credential_id": pin, "acs_user_id": user})
	c.ok("/acs/credentials/delete", jsonObject{"acs_credential_id": pin})
	c.wantListed("/acs/credentials/list", jsonObject{"acs_user_id": user}, 0)
}

func TestUserIdentity_acsUsers(t *testing.T) {
	_, c, _, _, _, user, _ := withStaff(t, "brivo_account")
	identity := stringAt(c.ok("/user_identities/create", jsonObject{"full_name": "Ana"}), "user_identity.user_identity_id")
	link, her := jsonObject{"user_identity_id": identity, "acs_user_id": user}, jsonObject{"user_identity_id": identity}
	c.ok("/user_identities/add_acs_user", link)
	c.wantListed("/user_identities/list_acs_users", her, 1)
	assertShows(t, c.ok("/acs/users/get", jsonObject{"acs_user_id": user}), jsonObject{"acs_user.user_identity_id": identity})
	c.ok("/user_identities/remove_acs_user", link)
	c.wantListed("/user_identities/list_acs_users", her, 0)
	c.ok("/user_identities/add_acs_user", link)
	c.ok("/user_identities/delete", her)
	c.wantMissing("acs_user", jsonObject{"acs_user_id": user}, "/acs/users/get")
}
