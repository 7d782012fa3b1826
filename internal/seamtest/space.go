package seamtest

import (
	"maps"
	"slices"
)

// space is a group of doors. Its devices and entrances name their spaces; its accounts are in its links.
var space = rules{
	unique: map[string]string{"space_key": "space_key_conflict"},
	complete: func(_ *Workspace, fields jsonObject) error {
		if fields["name"] == nil {
			fields["name"] = "Space"
		}
		fields["display_name"], fields["device_count"], fields["acs_entrance_count"] = fields["name"], 0, 0
		return nil
	},
	view: func(o *object, fields jsonObject) {
		fields["device_count"], fields["acs_entrance_count"] = len(o.devices()), len(o.entrances())
	},
	eventFields: func(o *object) jsonObject {
		members := jsonObject{"device_ids": texts(o.devices()), "acs_entrance_ids": texts(o.entrances())}
		if key := o.fields["space_key"]; key != nil {
			members["space_key"] = key
		}
		return members
	},
	related: relatedToSpace,
	ended:   endSpace,
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"create":                   createSpace,
		"update":                   updateSpace,
		"add_devices":              changeMembers(addMembers),
		"add_acs_entrances":        changeMembers(addMembers),
		"add_connected_account":    changeMembers(addMembers),
		"remove_devices":           changeMembers(removeMembers),
		"remove_acs_entrances":     changeMembers(removeMembers),
		"remove_connected_account": changeMembers(removeMembers),
	},
}

func (o *object) devices() (ids []string) {
	for _, l := range o.workspace.locks {
		if slices.Contains(l.spaces, o.id) && !l.gone && !l.unmanaged {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

func (o *object) entrances() (ids []string) {
	for _, entrance := range o.server().collections["acs_entrance"].in(o.workspace) {
		if slices.Contains(entrance.texts("space_ids"), o.id) {
			ids = append(ids, entrance.id)
		}
	}
	return ids
}

func relatedToSpace(o *object) links {
	s := o.server()
	related := links{"space": {o.id}, "device": o.devices(), "acs_entrance": o.entrances(), "connected_account": o.links["connected_account"]}
	for _, entrance := range s.related(o.workspace, "acs_entrance", related["acs_entrance"]) {
		related.add("acs_system", entrance.text("acs_system_id"))
	}
	for _, grant := range s.collections["access_grant"].in(o.workspace) {
		if slices.Contains(grant.texts("space_ids"), o.id) {
			related.add("access_method", grant.texts("access_method_ids")...)
		}
	}
	return related
}

// endSpace takes its doors, and the grants on it, out of a space.
func endSpace(o *object) {
	s := o.server()
	s.setMembers(o, "device", nil)
	s.setMembers(o, "acs_entrance", nil)
	for _, grant := range s.collections["access_grant"].in(o.workspace) {
		if slices.Contains(grant.texts("space_ids"), o.id) {
			grant.removeText("space_ids", o.id)
			s.reconcileLater(grant)
		}
	}
}

type spaceParams struct {
	Devices   *[]string  `json:"device_ids"`
	Entrances *[]string  `json:"acs_entrance_ids"`
	Accounts  *[]string  `json:"connected_account_ids"`
	Account   string     `json:"connected_account_id"`
	Customer  jsonObject `json:"customer_data"`
}

// members are the ids in a request, by noun. A noun that is absent is not in it.
func (p spaceParams) members() links {
	members := links{}
	for noun, ids := range map[string]*[]string{"device": p.Devices, "acs_entrance": p.Entrances, "connected_account": p.Accounts} {
		if ids != nil {
			members[noun] = *ids
		}
	}
	if p.Account != "" {
		members["connected_account"] = []string{p.Account}
	}
	return members
}

// checkMembers refuses devices and entrances that are not in the workspace.
func (call *apiCall) checkMembers(members links) error {
	for _, id := range members["device"] {
		if l, err := call.findDevice(id); err != nil || l.unmanaged {
			return deviceNotFound()
		}
	}
	for _, id := range members["acs_entrance"] {
		if _, err := call.server.collections["acs_entrance"].find(call.workspace, jsonObject{"acs_entrance_id": id}); err != nil {
			return err
		}
	}
	return nil
}

func createSpace(c *collection, call *apiCall) (jsonObject, error) {
	members := params[spaceParams](call).members()
	if err := call.checkMembers(members); err != nil {
		return nil, err
	}
	o, err := c.add(call.workspace, c.input(call.body))
	if err != nil {
		return nil, err
	}
	for noun, ids := range members {
		call.server.setMembers(o, noun, ids)
	}
	c.emit(o, "created")
	return jsonObject{c.noun: c.show("create", o)}, nil
}

func updateSpace(c *collection, call *apiCall) (jsonObject, error) {
	p := params[spaceParams](call)
	o, err := c.find(call.workspace, c.selector(call.body))
	if err != nil {
		return nil, err
	}
	members := p.members()
	if err := call.checkMembers(members); err != nil {
		return nil, err
	}
	input := c.input(call.body)
	if p.Customer != nil {
		input["customer_data"] = merged(objectField(o.fields, "customer_data"), p.Customer)
	}
	if err := c.change(o, input); err != nil {
		return nil, err
	}
	call.server.replaceMembers(o, members)
	return jsonObject{c.noun: c.show("update", o)}, nil
}

// merged sets the keys of a change; null clears one.
func merged(have, change jsonObject) jsonObject {
	result := jsonObject{}
	maps.Copy(result, have)
	maps.Copy(result, change)
	maps.DeleteFunc(result, func(_ string, value any) bool { return value == nil })
	return result
}

// changeMembers answers a request that adds members to a space or removes them.
func changeMembers(change func(have, ids []string) []string) func(*collection, *apiCall) (jsonObject, error) {
	return func(c *collection, call *apiCall) (jsonObject, error) {
		o, err := c.find(call.workspace, jsonObject{"space_id": call.body["space_id"]})
		if err != nil {
			return nil, err
		}
		members, have := params[spaceParams](call).members(), relatedToSpace(o)
		if err := call.checkMembers(members); err != nil {
			return nil, err
		}
		for noun, ids := range members {
			members[noun] = change(have[noun], ids)
		}
		call.server.replaceMembers(o, members)
		return nil, nil
	}
}

func addMembers(have, ids []string) []string {
	all := links{"all": slices.Clone(have)}
	all.add("all", ids...)
	return all["all"]
}

func removeMembers(have, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(have), func(id string) bool { return slices.Contains(ids, id) })
}

// replaceMembers replaces the members of these nouns, and reconciles the grants on the space.
func (s *Server) replaceMembers(o *object, members links) {
	before := relatedToSpace(o)
	changed := false
	for noun, ids := range members {
		s.setMembers(o, noun, ids)
		changed = changed || noun != "connected_account" && !sameIDs(before[noun], ids)
	}
	if changed {
		s.collections["space"].emit(o, "device_membership_changed")
		s.spacesChanged(o.workspace, o.id)
	}
}

func sameIDs(a, b []string) bool {
	return !lacks(links{"": a}, links{"": b}) && !lacks(links{"": b}, links{"": a})
}

func (s *Server) setMembers(o *object, noun string, ids []string) {
	switch noun {
	case "device":
		for _, l := range o.workspace.locks {
			if ids != nil && (l.gone || l.unmanaged) {
				continue // Seam does not know it now, and it is still in the space when it comes back
			}
			l.spaces = withMember(l.spaces, o.id, slices.Contains(ids, l.ID))
		}
	case "acs_entrance":
		for _, entrance := range s.collections["acs_entrance"].in(o.workspace) {
			entrance.fields["space_ids"] = anyList(withMember(entrance.texts("space_ids"), o.id, slices.Contains(ids, entrance.id)))
		}
	default:
		o.links[noun] = ids
	}
}

// withMember is a list with or without a member.
func withMember(list []string, member string, wanted bool) []string {
	if wanted {
		return texts(addMembers(list, []string{member}))
	}
	return texts(removeMembers(list, []string{member}))
}

func anyList(list []string) []any {
	all := []any{}
	for _, text := range list {
		all = append(all, text)
	}
	return all
}
