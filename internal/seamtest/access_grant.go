package seamtest

import (
	"cmp"
	"maps"
	"time"
)

// accessGrant is what a user identity may open. A grant keeps its own devices and entrances in its links,
// because responses do not show them.
var accessGrant = rules{
	unique:   map[string]string{"access_grant_key": "access_grant_key_conflict"},
	complete: completeAccessGrant,
	related:  relatedToGrant,
	cascade:  removeMethodsOf,
	changed: func(o *object, before jsonObject) {
		if to := o.times(); !to.equal((&object{fields: before}).times()) {
			o.server().applyTimes(o, to)
		}
	},
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"create":                 createAccessGrant,
		"update":                 updateAccessGrant,
		"delete":                 deleteAccessGrant,
		"request_access_methods": requestAccessMethods,
	},
}

func completeAccessGrant(w *Workspace, fields jsonObject) error {
	defaults := jsonObject{
		"display_name":   cmp.Or(Object{Fields: fields}.Text("name"), "Access Grant"),
		"display_status": "active",
		"starts_at":      formatTime(w.server.now),
	}
	maps.Copy(defaults, fields)
	maps.Copy(fields, defaults)
	return nil
}

type accessGrantParams struct {
	UserIdentityID string            `json:"user_identity_id"`
	UserIdentity   jsonObject        `json:"user_identity"`
	Devices        []string          `json:"device_ids"`
	Entrances      []string          `json:"acs_entrance_ids"`
	Spaces         []string          `json:"space_ids"`
	SpaceKeys      []string          `json:"space_keys"`
	StartsAt       *string           `json:"starts_at"`
	EndsAt         *string           `json:"ends_at"`
	Methods        []requestedMethod `json:"requested_access_methods"`
}

func createAccessGrant(c *collection, call *apiCall) (jsonObject, error) {
	p := params[accessGrantParams](call)
	if err := p.validate(); err != nil {
		return nil, err
	}
	times, err := grantTimes(call.server.now, window{starts: call.server.now}, p.StartsAt, p.EndsAt)
	if err != nil {
		return nil, err
	}
	doors, err := p.findDoors(call)
	if err != nil {
		return nil, err
	}
	identity, err := p.findIdentity(call)
	if err != nil {
		return nil, err
	}
	fields := c.input(call.body)
	maps.Copy(fields, times.toJSON())
	maps.Copy(fields, jsonObject{"user_identity_id": identity, "space_ids": texts(doors["space"]), "requested_access_methods": []any{}})
	grant, err := c.add(call.workspace, fields)
	if err != nil {
		return nil, err
	}
	grant.links = doors
	c.emit(grant, "created")
	call.server.requestMethods(grant, p.Methods)
	return jsonObject{c.noun: c.show("create", grant)}, nil
}

// texts is never null in JSON.
func texts(all []string) []string { return append([]string{}, all...) }

// validate applies the rules that the schema cannot express.
func (p accessGrantParams) validate() error {
	switch {
	case p.UserIdentityID != "" && p.UserIdentity != nil:
		return invalidInput("user_identity", "cannot be used together with user_identity_id")
	case len(p.Devices)+len(p.Entrances)+len(p.Spaces)+len(p.SpaceKeys) == 0:
		return invalidInput("device_ids", "or acs_entrance_ids, space_ids or space_keys is required")
	}
	return validateMethods(p.Methods)
}

// grantTimes are the times of a grant after a change. An absent time stays.
func grantTimes(now time.Time, times window, startsAt, endsAt *string) (_ window, err error) {
	if startsAt != nil {
		if times.starts, err = parseTime("starts_at", *startsAt); err != nil {
			return times, err
		}
	}
	if endsAt != nil {
		if times.ends, err = parseTime("ends_at", *endsAt); err != nil {
			return times, err
		}
	}
	switch {
	case times.ends.IsZero():
		return times, nil
	case !times.ends.After(now):
		return times, invalidInput("ends_at", "must be in the future")
	case !times.ends.After(times.starts):
		return times, invalidInput("ends_at", "must be after starts_at")
	}
	return times, nil
}

// findDoors finds what the grant is for, by noun.
func (p accessGrantParams) findDoors(call *apiCall) (links, error) {
	doors := links{}
	for _, id := range p.Devices {
		l, err := call.findDevice(id)
		if err != nil || l.unmanaged {
			return nil, deviceNotFound()
		}
		doors.add("device", id)
	}
	for _, given := range []struct {
		noun, parameter string
		values          []string
	}{{"acs_entrance", "acs_entrance_id", p.Entrances}, {"space", "space_id", p.Spaces}, {"space", "space_key", p.SpaceKeys}} {
		for _, value := range given.values {
			o, err := call.server.collections[given.noun].find(call.workspace, jsonObject{given.parameter: value})
			if err != nil {
				return nil, err
			}
			doors.add(given.noun, o.id)
		}
	}
	return doors, nil
}

// findIdentity finds the person by id, key, address or number, or else creates it.
func (p accessGrantParams) findIdentity(call *apiCall) (string, error) {
	identities := call.server.collections["user_identity"]
	if p.UserIdentityID != "" {
		o, err := identities.find(call.workspace, jsonObject{"user_identity_id": p.UserIdentityID})
		if err != nil {
			return "", err
		}
		return o.id, nil
	}
	for _, field := range sortedKeys(identities.unique) {
		if p.UserIdentity[field] == nil {
			continue
		}
		if o, err := identities.find(call.workspace, jsonObject{field: p.UserIdentity[field]}); err == nil {
			return o.id, nil
		}
	}
	o, err := identities.add(call.workspace, p.UserIdentity)
	if err != nil {
		return "", err
	}
	return o.id, nil
}

func requestAccessMethods(c *collection, call *apiCall) (jsonObject, error) {
	grant, err := c.findLive(call, jsonObject{"access_grant_id": call.body["access_grant_id"]})
	if err != nil {
		return nil, err
	}
	p := params[accessGrantParams](call)
	if err := validateMethods(p.Methods); err != nil {
		return nil, err
	}
	call.server.requestMethods(grant, p.Methods)
	return jsonObject{c.noun: c.show("get", grant)}, nil
}
