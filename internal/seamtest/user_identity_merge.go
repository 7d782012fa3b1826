package seamtest

import "slices"

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
