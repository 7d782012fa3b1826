package seamtest

import (
	"maps"
	"slices"
)

// acsSystem is an access control system. Seam reads it from the provider.
var acsSystem = rules{
	complete: func(_ *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"name": "Access System", "is_credential_manager": false, "location": jsonObject{"time_zone": "Etc/UTC"},
			"image_url": "https://connect.getseam.com/assets/images/acs_systems/system.png", "image_alt_text": "Access System",
			"external_type_display_name": fields["external_type"],
		}
		if fields["connected_account_id"] == nil {
			account := newID()
			defaults["connected_account_id"], defaults["connected_account_ids"] = account, []string{account}
			delete(fields, "connected_account_ids")
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
}

// AddAccessSystem adds an access control system of a type, for instance brivo_account.
func (s *Server) AddAccessSystem(externalType string) Object {
	return s.AddObject("acs_system", jsonObject{"external_type": externalType})
}

// dataOnCardSystems write what a card may open on the card, so that nothing revokes an issued one.
var dataOnCardSystems = []string{
	"visionline_system", "assa_abloy_vostio", "dormakaba_community_site", "dormakaba_ambiance_site", "salto_space_system", "hotek_site",
}

// isOffline reports whether a door decides by what is on a card or phone, and not by what the system says.
func (s *Server) isOffline(entrance *object) bool {
	systems := s.related(entrance.workspace, "acs_system", []string{entrance.text("acs_system_id")})
	return entrance.fields["can_belong_to_reservation"] == true || slices.ContainsFunc(systems, func(system *object) bool {
		return slices.Contains(dataOnCardSystems, system.text("external_type"))
	})
}
