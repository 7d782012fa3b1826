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
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){"generate_instant_key": generateInstantKey},
}

// MergeUserIdentities merges a user identity into another one, which then answers to both ids and keys.
func (s *Server) MergeUserIdentities(primary, merged string) {
	from, into := s.Object("user_identity", merged), s.Object("user_identity", primary)
	s.RemoveObject("user_identity", merged)
	for field, own := range map[string]string{"merged_user_identity_ids": merged, "merged_user_identity_keys": from.Text("user_identity_key")} {
		all := slices.Concat([]string{own}, into.Texts(field), from.Texts(field))
		s.ChangeObject("user_identity", primary, jsonObject{field: slices.DeleteFunc(all, func(text string) bool { return text == "" })})
	}
}
