package seamtest

import (
	"cmp"
	"slices"
)

// userIdentity is a person. What Seam answers to a taken key, address or number is not published.
var userIdentity = rules{
	unique: map[string]string{
		"user_identity_key": "user_identity_key_conflict",
		"email_address":     "user_identity_email_or_phone_conflict",
		"phone_number":      "user_identity_email_or_phone_conflict",
	},
	complete: func(_ *Workspace, fields jsonObject) error {
		text := Object{Fields: fields}.Text
		fields["display_name"] = cmp.Or(text("full_name"), text("email_address"), text("phone_number"), text("user_identity_key"), "Unnamed")
		return nil
	},
	cascade: removeKeysOf,
	routes:  map[string]func(*collection, *apiCall) (jsonObject, error){"generate_instant_key": generateInstantKey},
}

// removeKeysOf removes what a person opens doors with. Access grants stay.
func removeKeysOf(identity *object, _ bool) {
	for _, noun := range []string{"acs_credential", "instant_key", "client_session"} {
		c := identity.server().collections[noun]
		for _, o := range c.in(identity.workspace) {
			if o.fields["user_identity_id"] == any(identity.id) {
				c.removeAll(o, c.deleteLag, false)
			}
		}
	}
}

// MergeUserIdentities merges a user identity into another one, which then answers to both ids and keys.
func (s *Server) MergeUserIdentities(primary, merged string) {
	from, into := s.Object("user_identity", merged), s.Object("user_identity", primary)
	s.forgetMerged(merged)
	for field, own := range map[string]string{"merged_user_identity_ids": merged, "merged_user_identity_keys": from.Text("user_identity_key")} {
		all := slices.Concat([]string{own}, into.Texts(field), from.Texts(field))
		s.ChangeObject("user_identity", primary, jsonObject{field: slices.DeleteFunc(all, func(text string) bool { return text == "" })})
	}
}

// forgetMerged removes a user identity whose keys the other one has now.
func (s *Server) forgetMerged(id string) {
	defer s.lockAndAdvance()()
	c := s.collections["user_identity"]
	c.remove(c.mustFind(id), DeleteLag{})
}
