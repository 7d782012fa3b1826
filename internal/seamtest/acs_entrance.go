package seamtest

import (
	"maps"
	"slices"
)

// acsEntrance is a door of an access control system. Seam reads it from the provider.
var acsEntrance = rules{
	complete: func(_ *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"display_name": "Entrance", "can_unlock_with_card": true, "can_unlock_with_cloud_key": true, "can_unlock_with_code": true,
			"can_unlock_with_mobile_key": true, "can_belong_to_reservation": false,
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
	related: relatedToEntrance,
	routes:  map[string]func(*collection, *apiCall) (jsonObject, error){"unlock": unlockEntrance},
	changed: func(o *object, before jsonObject) {
		spaces := slices.Concat(Object{Fields: before}.Texts("space_ids"), o.texts("space_ids"))
		o.server().spacesChanged(o.workspace, spaces...)
	},
}

func relatedToEntrance(entrance *object) links {
	s, related := entrance.server(), links{}
	for _, credential := range s.collections["acs_credential"].in(entrance.workspace) {
		if slices.Contains(credential.links["acs_entrance"], entrance.id) {
			related.add("acs_credential", credential.id)
			related.add("access_method", credential.links["access_method"]...)
		}
	}
	return related
}

// AddEntrance adds a door to an access control system. The fields are those of the object.
func (s *Server) AddEntrance(systemID string, fields map[string]any) Object {
	all := jsonObject{"acs_system_id": systemID, "connected_account_id": s.Object("acs_system", systemID).Fields["connected_account_id"]}
	maps.Copy(all, fields)
	return s.AddObject("acs_entrance", all)
}

// pass is what an entrance knows about a card, key or PIN: the access method that it belongs to.
type pass struct{ entrance, method string }

// EntranceOpens reports whether an access method opens an entrance now, also after Seam has forgotten it.
func (s *Server) EntranceOpens(entranceID, accessMethodID string) bool {
	defer s.lockAndAdvance()()
	times, known := s.passes[pass{entranceID, accessMethodID}]
	return known && !s.now.Before(times.starts) && (times.ends.IsZero() || s.now.Before(times.ends))
}
