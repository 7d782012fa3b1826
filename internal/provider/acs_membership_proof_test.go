package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does the other list tell if one of the two never shows the membership?
func TestAcsMembership_onlyOneListTells(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"users of the group": {Path: "/acs/access_groups/list_users", Status: 200, ContentType: "application/json", Body: `{"acs_users":[],"ok":true}`},
		"groups of the user": {Path: "/acs/access_groups/list", Status: 200, ContentType: "application/json", Body: `{"acs_access_groups":[],"ok":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				f.seam.KeepOnDelete(seamtest.MembershipID(f.staff, f.user))
				f.requireHonestDestroy(fault, true, f.pin)
			})
		})
	}
}

// Does the other object tell if one of the two never shows the change that is pending?
func TestAcsMembership_onlyOneMutationTells(t *testing.T) {
	for _, noun := range []string{"acs_user", "acs_access_group"} {
		t.Run(noun, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				f.seam.DescribeObjects(noun, func(_ string, fields map[string]any) { fields["pending_mutations"] = []any{} })
				f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Membership: time.Minute})
				f.requireHonestDestroy(noFault, false, f.pin)
			})
		})
	}
}

// Is nothing requested if gets say for a while that there is no such user or group?
func TestAcsMembership_missingForAWhile(t *testing.T) {
	for noun, path := range map[string]string{"acs_user": "/acs/users/get", "acs_access_group": "/acs/access_groups/get"} {
		t.Run(noun, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				fault := stale404(path, noun)
				fault.Times = 2
				f.requireHonestDestroy(fault, false, f.pin)
				f.requireRequests("/acs/access_groups/remove_user", 1)
			})
		})
	}
}

// Does one answer end the destroy of a membership that stays?
func TestAcsMembership_staysAfterOneAnswer(t *testing.T) {
	for noun, path := range map[string]string{"acs_user": "/acs/users/get", "acs_access_group": "/acs/access_groups/get"} {
		t.Run(noun, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				f.seam.KeepOnDelete(seamtest.MembershipID(f.staff, f.user))
				f.requireHonestDestroy(later(1, stale404(path, noun)), true, f.pin)
			})
		})
	}
}

// Does one answer that is out of date drop a membership from the state at a refresh?
func TestAcsMembership_refreshAsksTwice(t *testing.T) {
	for noun, path := range map[string]string{"acs_user": "/acs/users/get", "acs_access_group": "/acs/access_groups/get"} {
		t.Run(noun, func(t *testing.T) {
			withMembership(t, "brivo_account", func(f *systemFixture) {
				f.disableBulkRead()
				f.seam.InjectFault(twice(stale404(path, noun)))
				f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "is still in acs access group") })
			})
		})
	}
}

// Is the request repeated if its first answer was that there is no such user, as long as nothing happens?
func TestAcsMembership_requestWithoutEffectIsRepeated(t *testing.T) {
	withMembership(t, "brivo_account", func(f *systemFixture) {
		f.requireHonestDestroy(stale404("/acs/access_groups/remove_user", "acs_user"), false, f.pin)
		f.requireRequests("/acs/access_groups/remove_user", 2)
	})
}
