package seamtest

import (
	"cmp"
	"maps"
	"slices"
)

// acsAccessGroup is a group of an access control system. Seam only reads them. Its link acs_user has
// the users that Seam shows, and member those for whom the system opens its entrances.
var acsAccessGroup = rules{
	complete: func(_ *Workspace, fields jsonObject) error {
		text := Object{Fields: fields}.Text
		kind := cmp.Or(text("external_type"), "brivo_group")
		defaults := jsonObject{
			"name": "Group", "display_name": cmp.Or(text("name"), "Group"), "is_managed": true,
			"access_group_type": kind, "access_group_type_display_name": kind, "external_type": kind, "external_type_display_name": kind,
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
	related: func(o *object) links { return o.links },
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"add_user": answerMembership(true), "remove_user": answerMembership(false), "list_users": listUsersOfGroup,
	},
}

// AddAccessGroup adds a group that opens these entrances.
func (s *Server) AddAccessGroup(systemID, name string, entranceIDs ...string) Object {
	group := s.AddObject("acs_access_group", jsonObject{
		"acs_system_id": systemID, "connected_account_id": s.Object("acs_system", systemID).Fields["connected_account_id"], "name": name,
	})
	defer s.lockAndAdvance()()
	s.collections["acs_access_group"].mustFind(group.ID).links.add("acs_entrance", entranceIDs...)
	return group
}

// MembersOf are the IDs of the users for whom the access control system opens the entrances of a group.
func (s *Server) MembersOf(groupID string) []string {
	defer s.lockAndAdvance()()
	return slices.Clone(s.collections["acs_access_group"].mustFind(groupID).links["member"])
}

// SetMembership puts a user into a group or takes the user out, outside the API.
func (s *Server) SetMembership(groupID, userID string, wanted bool) {
	defer s.lockAndAdvance()()
	group := s.collections["acs_access_group"].mustFind(groupID)
	for _, noun := range []string{"acs_user", "member"} {
		group.links[noun] = withMember(group.links[noun], userID, wanted)
	}
}

// MembershipID names a membership for [Server.KeepOnDelete].
func MembershipID(groupID, userID string) string { return groupID + "/" + userID }

func answerMembership(wanted bool) func(*collection, *apiCall) (jsonObject, error) {
	return func(c *collection, call *apiCall) (jsonObject, error) {
		group, err := c.find(call.workspace, jsonObject{"acs_access_group_id": call.body["acs_access_group_id"]})
		if err != nil {
			return nil, err
		}
		user, err := call.server.collections["acs_user"].find(call.workspace, jsonObject{"acs_user_id": call.body["acs_user_id"]})
		if err == nil && (wanted || !call.server.kept[MembershipID(group.id, user.id)]) {
			call.server.changeMembership(group, user, wanted)
		}
		return nil, err
	}
}

// changeMembership shows the change now, and makes the system follow after the delay.
func (s *Server) changeMembership(group, user *object, wanted bool) {
	if slices.Contains(group.links["acs_user"], user.id) == wanted && slices.Contains(group.links["member"], user.id) == wanted {
		return
	}
	settle := s.showPendingMembership(group, user, wanted)
	if !s.systemDelays.Deferred {
		group.links["acs_user"] = withMember(group.links["acs_user"], user.id, wanted)
	}
	s.scheduleFor(user, "membership of "+group.id, s.systemDelays.Membership, func() {
		settle()
		for _, noun := range []string{"acs_user", "member"} {
			group.links[noun] = withMember(group.links[noun], user.id, wanted)
		}
		if !wanted {
			s.outdateCards(user)
		}
	})
}

// showPendingMembership adds the pending mutations of a change to the group and the user.
func (s *Server) showPendingMembership(group, user *object, wanted bool) (settle func()) {
	settle = func() {
		dropMembershipMutations(group, "acs_user_id", user.id)
		dropMembershipMutations(user, "acs_access_group_id", group.id)
	}
	settle()
	ofGroup, ofUser := pendingChange("updating_user_membership", "acs_user_id", user.id, wanted), pendingChange("updating_group_membership", "acs_access_group_id", group.id, wanted)
	if s.systemDelays.Deferred {
		variant := map[bool]string{true: "adding", false: "removing"}[wanted]
		ofGroup = jsonObject{"mutation_code": "deferring_user_membership_update", "acs_user_id": user.id, "variant": variant}
		ofUser = jsonObject{"mutation_code": "deferring_group_membership_update", "acs_access_group_id": group.id, "variant": variant}
	}
	for o, mutation := range map[*object]jsonObject{group: ofGroup, user: ofUser} {
		mutation["message"], mutation["created_at"] = "In progress", formatTime(s.now)
		o.extend("pending_mutations", mutation)
	}
	return settle
}

func pendingChange(code, field, id string, wanted bool) jsonObject {
	from, to := any(id), any(nil)
	if wanted {
		from, to = to, from
	}
	return jsonObject{"mutation_code": code, "from": jsonObject{field: from}, "to": jsonObject{field: to}}
}

// dropMembershipMutations removes the pending mutations that name this user or group.
func dropMembershipMutations(o *object, field, id string) {
	o.reduce("pending_mutations", func(entry any) bool {
		mutation := objectOf(entry)
		return mutation[field] == any(id) || objectOf(mutation["from"])[field] == any(id) || objectOf(mutation["to"])[field] == any(id)
	})
}

func listUsersOfGroup(c *collection, call *apiCall) (jsonObject, error) {
	group, err := c.find(call.workspace, call.body)
	if err != nil {
		return nil, err
	}
	return jsonObject{"acs_users": call.listed("acs_user", group.links["acs_user"])}, nil
}
