package seamtest

import "maps"

// phone is a person's phone. It ends with the credentials on it.
var phone = rules{
	idField: "device_id",
	complete: func(_ *Workspace, fields jsonObject) error {
		defaults := jsonObject{"device_type": "ios_phone", "display_name": "Phone", "custom_metadata": jsonObject{}, "properties": jsonObject{}}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
	related: func(o *object) links { return o.links },
	cascade: func(o *object, outside bool) {
		credentials := o.server().collections["acs_credential"]
		for _, credential := range o.server().related(o.workspace, "acs_credential", o.links["acs_credential"]) {
			credentials.removeAll(credential, credentials.lag(outside), outside)
		}
	},
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){"deactivate": (*collection).delete},
}

// AddPhone adds a phone with these credentials on it.
func (s *Server) AddPhone(credentialIDs ...string) Object {
	added := s.AddObject("phone", nil)
	defer s.lockAndAdvance()()
	s.collections["phone"].mustFind(added.ID).links.add("acs_credential", credentialIDs...)
	return added
}
