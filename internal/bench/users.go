package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// One local value holds the IDs of all users: a reference from each membership to all users would cost
// Terraform itself most of the time.
const hclUsers = `
locals {
  groups = [%s]
  users  = seam_acs_user.person[*].id
}

resource "seam_acs_user" "person" {
  count         = %d
  acs_system_id = %q
  full_name     = "Person ${count.index}"
}

resource "seam_acs_access_group_membership" "staff" {
  count               = %d
  acs_access_group_id = local.groups[count.index %% length(local.groups)]
  acs_user_id         = local.users[count.index]
}
`

// accessSystem has the users and the groups that they are in.
type accessSystem struct {
	id     string
	groups []string
}

func (a accessSystem) hcl(users int) string {
	var groups []string
	for _, id := range a.groups {
		groups = append(groups, strconv.Quote(id))
	}
	return fmt.Sprintf(hclUsers, strings.Join(groups, ", "), users, a.id, users)
}

// acsUser is what the state keeps of Seam's answer.
type acsUser struct {
	ID          string    `json:"acs_user_id"`
	WorkspaceID string    `json:"workspace_id"`
	FullName    string    `json:"full_name"`
	CreatedAt   time.Time `json:"created_at"`
}

// seedUsers creates users, each in one group, and writes their state.
func (e *environment) seedUsers(ctx context.Context, n, groups int) error {
	e.system.id = e.seam.AddAccessSystem("brivo_account").ID
	for i := range groups {
		e.system.groups = append(e.system.groups, e.seam.AddAccessGroup(e.system.id, fmt.Sprint("Group ", i)).ID)
	}
	users, memberships := make([]stateInstance, n), make([]stateInstance, n)
	for i := range n {
		var made struct {
			User acsUser `json:"acs_user"`
		}
		if err := e.call(ctx, "/acs/users/create", map[string]any{"acs_system_id": e.system.id, "full_name": fmt.Sprint("Person ", i)}, &made); err != nil {
			return err
		}
		group := e.system.groups[i%groups]
		e.seam.SetMembership(group, made.User.ID, true)
		users[i], memberships[i] = newUserInstance(i, e.system.id, made.User), newMembershipInstance(i, group, made.User)
	}
	return e.writeState(newStateResource("seam_acs_user", "person", users), newStateResource("seam_acs_access_group_membership", "staff", memberships))
}

// newUserInstance has what the provider would have stored. If it has not, a plan shows it.
func newUserInstance(i int, system string, u acsUser) stateInstance {
	return stateInstance{IndexKey: i, Attributes: map[string]any{
		"id": u.ID, "workspace_id": u.WorkspaceID, "acs_system_id": system, "full_name": u.FullName, "is_suspended": false, "deleted_externally": false,
		"created_at": u.CreatedAt.Format(time.RFC3339Nano),
	}}
}

func newMembershipInstance(i int, group string, u acsUser) stateInstance {
	return stateInstance{
		IndexKey: i, Dependencies: []string{"seam_acs_user.person"},
		Attributes: map[string]any{
			"id": group + "/" + u.ID, "workspace_id": u.WorkspaceID, "acs_access_group_id": group, "acs_user_id": u.ID,
		},
	}
}
