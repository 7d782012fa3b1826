package seamtest

import (
	"cmp"
	"maps"
	"net/http"
	"time"
)

// acsUser is a person in an access control system. What it shows is what was asked for: the system
// follows after the delays of [AccessSystemDelays].
var acsUser = rules{
	complete:    completeAcsUser,
	eventFields: systemOf,
	related:     func(o *object) links { return links{"user_identity": {o.text("user_identity_id")}} },
	cascade:     removeCredentialsOf,
	stuck: func(o *object) {
		o.removeEntries("errors", "error_code", "failed_to_delete_on_acs_system")
		o.extend("errors", jsonObject{"error_code": "failed_to_delete_on_acs_system", "message": "The system refuses", "created_at": formatTime(o.server().now)})
	},
	ended: leaveEverything,
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"create": createAcsUser, "update": updateAcsUser, "suspend": suspendAcsUser(true), "unsuspend": suspendAcsUser(false),
	},
}

// AccessSystemDelays are how long access control systems take to do what Seam shows at once.
type AccessSystemDelays struct {
	Suspension, Schedule, Membership time.Duration
	// Deferred means that memberships change only when an access schedule begins or ends: Membership later.
	Deferred bool
	// Code is how long a system takes to choose the PIN of a credential.
	Code time.Duration
	// Credential is how long a system takes to accept a changed credential.
	Credential time.Duration
}

// SetAccessSystemDelays sets the delays from now on.
func (s *Server) SetAccessSystemDelays(delays AccessSystemDelays) {
	defer s.lockAndAdvance()()
	s.systemDelays = delays
}

func systemOf(o *object) jsonObject {
	return jsonObject{"acs_system_id": o.fields["acs_system_id"], "connected_account_id": o.fields["connected_account_id"]}
}

func completeAcsUser(w *Workspace, fields jsonObject) error {
	text := Object{Fields: fields}.Text
	delete(fields, "acs_access_group_ids")
	fields["is_managed"] = true
	fields["display_name"] = cmp.Or(text("full_name"), text("email_address"), "Unnamed")
	for name, value := range map[string]any{"is_suspended": false, "pending_mutations": []any{}} {
		if fields[name] == nil {
			fields[name] = value
		}
	}
	if fields["access_schedule"] == nil {
		delete(fields, "access_schedule")
	}
	return fillSystem(w, fields)
}

// fillSystem sets the connected account of an object of an access control system.
func fillSystem(w *Workspace, fields jsonObject) error {
	system, err := w.server.collections["acs_system"].find(w, jsonObject{"acs_system_id": fields["acs_system_id"]})
	if err == nil {
		fields["connected_account_id"] = system.fields["connected_account_id"]
	}
	return err
}

func createAcsUser(c *collection, call *apiCall) (jsonObject, error) {
	groups, _ := call.body["acs_access_group_ids"].([]any)
	for _, id := range groups {
		if _, err := call.server.collections["acs_access_group"].find(call.workspace, jsonObject{"acs_access_group_id": id}); err != nil {
			return nil, err
		}
	}
	o, err := c.add(call.workspace, c.input(call.body))
	if err != nil {
		return nil, err
	}
	for _, id := range groups {
		id, _ := id.(string)
		call.server.changeMembership(call.server.collections["acs_access_group"].mustFind(id), o, true)
	}
	call.server.linkToIdentity(o, o.text("user_identity_id"))
	c.emit(o, "created")
	return jsonObject{c.noun: c.show("create", o)}, nil
}

func updateAcsUser(c *collection, call *apiCall) (jsonObject, error) {
	o, err := c.findLive(call, jsonObject{"acs_user_id": call.body["acs_user_id"]})
	if err != nil {
		return nil, err
	}
	before := o.fields["access_schedule"]
	if err := c.change(o, c.input(call.body)); err != nil {
		return nil, err
	}
	if _, given := call.body["access_schedule"]; given {
		o.mutate("updating_access_schedule", jsonObject{"from": scheduleOf(before), "to": scheduleOf(o.fields["access_schedule"])})
		call.server.scheduleFor(o, "schedule", call.server.systemDelays.Schedule, func() { o.settle("updating_access_schedule") })
	}
	return nil, nil
}

func scheduleOf(v any) jsonObject {
	schedule := jsonObject{"starts_at": nil, "ends_at": nil}
	maps.Copy(schedule, objectOf(v))
	return schedule
}

func suspendAcsUser(suspended bool) func(*collection, *apiCall) (jsonObject, error) {
	return func(c *collection, call *apiCall) (jsonObject, error) {
		o, err := c.findLive(call, jsonObject{"acs_user_id": call.body["acs_user_id"]})
		if err != nil {
			return nil, err
		}
		o.mutate("updating_suspension_state", jsonObject{"from": jsonObject{"is_suspended": o.fields["is_suspended"]}, "to": jsonObject{"is_suspended": suspended}})
		o.fields["is_suspended"] = suspended
		call.server.scheduleFor(o, "suspension", call.server.systemDelays.Suspension, func() { o.settle("updating_suspension_state") })
		return nil, nil
	}
}

// removeCredentialsOf begins the removal of what a user opens doors with.
func removeCredentialsOf(user *object, outside bool) {
	credentials := user.server().collections["acs_credential"]
	for _, credential := range credentials.in(user.workspace) {
		if credential.text("acs_user_id") == user.id && credential.state == StateLive {
			credentials.removeAll(credential, credentials.lag(outside), outside)
		}
	}
}

// leaveEverything takes a user who is gone out of the groups, and from the person.
func leaveEverything(user *object) {
	for _, group := range user.server().collections["acs_access_group"].in(user.workspace) {
		group.links["acs_user"] = withMember(group.links["acs_user"], user.id, false)
		group.links["member"] = withMember(group.links["member"], user.id, false)
		dropMembershipMutations(group, "acs_user_id", user.id)
	}
	user.server().linkToIdentity(user, "")
}

// linkToIdentity links a user to a person, or with an empty ID to nobody.
func (s *Server) linkToIdentity(user *object, identityID string) {
	for _, identity := range s.collections["user_identity"].in(user.workspace) {
		identity.fields["acs_user_ids"] = anyList(withMember(identity.texts("acs_user_ids"), user.id, identity.id == identityID))
	}
	delete(user.fields, "user_identity_id")
	if identityID != "" {
		user.fields["user_identity_id"] = identityID
	}
}

// LinkUser links a user to a person outside the API, or with an empty ID to nobody.
func (s *Server) LinkUser(identityID, userID string) {
	defer s.lockAndAdvance()()
	s.linkToIdentity(s.collections["acs_user"].mustFind(userID), identityID)
}

// linkAcsUser answers add_acs_user and remove_acs_user.
func linkAcsUser(linked bool) func(*collection, *apiCall) (jsonObject, error) {
	return func(c *collection, call *apiCall) (jsonObject, error) {
		user, err := call.server.collections["acs_user"].find(call.workspace, jsonObject{"acs_user_id": call.body["acs_user_id"]})
		if err != nil {
			return nil, err
		}
		identity, err := c.find(call.workspace, jsonObject{"user_identity_id": call.body["user_identity_id"]})
		switch {
		case err != nil:
			return nil, err
		case linked && user.text("user_identity_id") != "" && user.text("user_identity_id") != identity.id:
			return nil, newAPIError(http.StatusConflict, "acs_user_has_another_user_identity", "The user belongs to another person")
		case linked:
			call.server.linkToIdentity(user, identity.id)
		case user.text("user_identity_id") == identity.id:
			call.server.linkToIdentity(user, "")
		}
		return nil, nil
	}
}

// listAcsUsers answers with the users of a person.
func listAcsUsers(c *collection, call *apiCall) (jsonObject, error) {
	identity, err := c.find(call.workspace, call.body)
	if err != nil {
		return nil, err
	}
	return jsonObject{"acs_users": call.listed("acs_user", identity.texts("acs_user_ids"))}, nil
}

// listed shows the objects of a noun with these IDs, except those that lists no longer show.
func (call *apiCall) listed(noun string, ids []string) []jsonObject {
	shown := []jsonObject{}
	for _, o := range call.server.related(call.workspace, noun, ids) {
		if !o.unlisted {
			shown = append(shown, call.server.collections[noun].show("list", o))
		}
	}
	return shown
}
