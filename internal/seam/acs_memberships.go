package seam

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// Membership is a user of an access system in an access group.
type Membership struct{ GroupID, UserID string }

// ObjectID is the group's id and the user's, separated by a slash.
func (m Membership) ObjectID() string { return m.String() }

func (m Membership) String() string { return m.GroupID + "/" + m.UserID }

func (m Membership) sent() map[string]string {
	return map[string]string{"acs_access_group_id": m.GroupID, "acs_user_id": m.UserID}
}

// Memberships are the memberships of the workspace.
var Memberships = Links[Membership]{
	Label: "acs access group membership", IDs: "acs_access_group_id/acs_user_id", Missing: "the user is not in the group",
	Of: func(group, user string) Membership { return Membership{group, user} }, All: listMemberships,
}

func (m Membership) create(ctx context.Context, c *Client) error         { return c.AddToGroup(ctx, m) }
func (m Membership) exists(ctx context.Context, c *Client) (bool, error) { return c.HasMember(ctx, m) }
func (m Membership) delete(ctx context.Context, c *Client) error         { return c.RemoveFromGroup(ctx, m) }

func listMemberships(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[Membership, error] {
	return func(yield func(Membership, error) bool) {
		for group, err := range AccessGroups.List(ctx, c, map[string]any{}) {
			if err == nil && filter["acs_access_group_id"] != nil && filter["acs_access_group_id"] != group.ID {
				continue
			}
			var users []AcsUser
			if err == nil {
				users, err = c.UsersOfGroup(ctx, group.ID)
			}
			if err != nil {
				yield(Membership{}, err)
				return
			}
			for _, user := range users {
				if !yield(Membership{group.ID, user.ID}, nil) {
					return
				}
			}
		}
	}
}

// MembershipState is what Seam shows about a membership.
type MembershipState struct {
	Listed   bool   // the user is in the list of the group's users
	Groups   bool   // the group is in the list of the user's groups
	Adding   bool   // it begins, later, by an access schedule or once the access system has confirmed it
	Removing bool   // it ends, later, in the same way
	NoUser   bool   // on Seam's typed 404
	NoGroup  bool   // on Seam's typed 404
	Deferred string // when the change waits for an access schedule: its mutation
	ResponseMeta
}

// Gone reports whether nothing shows that the user is in the group.
func (s MembershipState) Gone() bool {
	return s.NoUser || s.NoGroup || !s.Listed && !s.Groups && !s.Removing && !s.Adding
}

// AddToGroup puts a user into a group. One who is in it stays.
func (c *Client) AddToGroup(ctx context.Context, m Membership) error {
	return AccessGroups.write(ctx, c, "/add_user", m.sent())
}

// RemoveFromGroup takes a user out of a group. It is no error if there is no such user or group.
func (c *Client) RemoveFromGroup(ctx context.Context, m Membership) error {
	err := AccessGroups.write(ctx, c, "/remove_user", m.sent())
	if isGone(err, "acs_user") || isGone(err, "acs_access_group") {
		return nil
	}
	return err
}

// ReadMembership asks for the user and the group, whose pending mutations tell of changes, and for both
// lists: the group's users and the user's groups.
func (c *Client) ReadMembership(ctx context.Context, m Membership) (s MembershipState, err error) {
	user, noUser, a, err := AcsUsers.LookUp(ctx, c, m.UserID)
	if err != nil {
		return s, err
	}
	group, noGroup, _, err := AccessGroups.LookUp(ctx, c, m.GroupID)
	s.ResponseMeta, s.NoUser, s.NoGroup = a, noUser, noGroup
	if err != nil || noUser || noGroup {
		return s, err
	}
	for _, pending := range slices.Concat(user.PendingMutations, group.PendingMutations) {
		s.note(pending, m)
	}
	if s.Listed, err = c.listsUser(ctx, m); err != nil {
		return s, err
	}
	groups, err := collect(AccessGroups.List(ctx, c, map[string]any{"acs_user_id": m.UserID}))
	s.Groups = slices.ContainsFunc(groups, func(g AccessGroup) bool { return g.ID == m.GroupID })
	return s, err
}

// note notes a pending mutation if it is about the membership.
func (s *MembershipState) note(pending SystemMutation, m Membership) {
	is := func(group, user string) bool { return group == m.GroupID || user == m.UserID }
	switch pending.Code {
	case "updating_group_membership", "updating_user_membership":
		if pending.From == (SystemState{}) && pending.To == (SystemState{}) {
			s.Removing = true // it does not say of which
		}
		s.Removing = s.Removing || is(pending.From.GroupID, pending.From.UserID)
		s.Adding = s.Adding || is(pending.To.GroupID, pending.To.UserID)
	case "deferring_group_membership_update", "deferring_user_membership_update":
		if is(pending.GroupID, pending.UserID) {
			s.Removing, s.Adding = s.Removing || pending.Variant != "adding", s.Adding || pending.Variant == "adding"
			s.Deferred = pending.Code
		}
	}
}

// listsUser reports whether the list of a group's users holds the user.
func (c *Client) listsUser(ctx context.Context, m Membership) (bool, error) {
	users, err := c.UsersOfGroup(ctx, m.GroupID)
	return slices.ContainsFunc(users, func(u AcsUser) bool { return u.ID == m.UserID }), err
}

// UsersOfGroup lists the users of a group. The list has no pages.
func (c *Client) UsersOfGroup(ctx context.Context, groupID string) ([]AcsUser, error) {
	return listUsers(ctx, c, AccessGroups, "/list_users", groupID)
}

// listUsers lists the users of an object.
func listUsers[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], verb, id string) ([]AcsUser, error) {
	var out struct {
		Users []AcsUser `json:"acs_users"`
	}
	a, err := c.post(ctx, e.Path+verb, map[string]string{e.One + "_id": id}, &out)
	if err == nil && (out.Users == nil || slices.ContainsFunc(out.Users, func(u AcsUser) bool { return !isID(u.ID) })) {
		err = e.unexpected(verb, a, "the response contains no list of users")
	}
	return out.Users, err
}

// HasMember reports whether a user is in a group, or is to be. A list of the group's users that many
// memberships share answers if it holds the user and no change of the user is pending.
func (c *Client) HasMember(ctx context.Context, m Membership) (bool, error) {
	if c.bulkReads {
		shared, _ := c.snapshots.LoadOrStore("/acs/access_groups/list_users "+m.GroupID, &sharedRead[[]AcsUser]{fetch: func(ctx context.Context) ([]AcsUser, error) {
			return c.UsersOfGroup(ctx, m.GroupID)
		}})
		users, err := shared.(*sharedRead[[]AcsUser]).cached(ctx, MaxSnapshotAge) //nolint:forcetypeassert // nothing else is stored under the path
		if i := slices.IndexFunc(users, func(u AcsUser) bool { return u.ID == m.UserID }); err == nil && i >= 0 && len(users[i].PendingMutations) == 0 {
			return true, nil
		}
	}
	now, err := c.ReadMembership(ctx, m)
	return !now.Gone(), err
}

// OutdatedCards are the credentials of a user whose card or phone holds earlier rights.
func (c *Client) OutdatedCards(ctx context.Context, userID string) (ids []string, err error) {
	for credential, err := range Credentials.List(ctx, c, map[string]any{"acs_user_id": userID}) {
		if err != nil {
			return nil, fmt.Errorf("listing credentials of the user: %w", err)
		}
		if credential.UserID == userID && credential.NeedsToBeReissued() {
			ids = append(ids, SanitizeID(credential.ID))
		}
	}
	return ids, nil
}
