package seam

import "testing"

// Does each kind of pending change count, whichever object shows it?
func TestMembershipState_pending(t *testing.T) {
	m := Membership{GroupID: "g", UserID: "u"}
	mine, others := SystemState{GroupID: "g"}, SystemState{UserID: "v"}
	pending := func(code, variant, group, user string) SystemMutation {
		return SystemMutation{Mutation: Mutation{Code: code}, Variant: variant, GroupID: group, UserID: user}
	}
	for name, c := range map[string]struct {
		pending          SystemMutation
		removing, adding bool
	}{
		"leaves the group":          {SystemMutation{Mutation: Mutation{Code: "updating_group_membership"}, From: mine}, true, false},
		"joins the group":           {SystemMutation{Mutation: Mutation{Code: "updating_group_membership"}, To: mine}, false, true},
		"another user leaves":       {SystemMutation{Mutation: Mutation{Code: "updating_user_membership"}, From: others}, false, false},
		"is to leave, of the user":  {pending("deferring_group_membership_update", "removing", "g", ""), true, false},
		"is to leave, of the group": {pending("deferring_user_membership_update", "removing", "", "u"), true, false},
		"is to join":                {pending("deferring_user_membership_update", "adding", "", "u"), false, true},
		"another user is to leave":  {pending("deferring_user_membership_update", "removing", "", "v"), false, false},
		"variant not known":         {pending("deferring_group_membership_update", "", "g", ""), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			var s MembershipState
			s.note(c.pending, m)
			if s.Removing != c.removing || s.Adding != c.adding {
				t.Errorf("removing %v, adding %v", s.Removing, s.Adding)
			}
		})
	}
}
