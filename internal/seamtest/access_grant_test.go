package seamtest

import "testing"

func TestAccessGrant_listByUserIdentity(t *testing.T) {
	s, _, c, _ := setup(t)
	jane, joe := s.AddObject("user_identity", nil).ID, s.AddObject("user_identity", nil).ID
	grant := s.AddObject("access_grant", jsonObject{"user_identity_id": jane, "space_ids": []string{newID()}})
	list := func(filter jsonObject) []any { return listAt(c.ok("/access_grants/list", filter), "access_grants") }
	assertEqual(t, "grant", stringAt(list(jsonObject{"user_identity_id": jane})[0], "access_grant_id"), grant.ID)
	assertEqual(t, "grants of another identity", len(list(jsonObject{"user_identity_id": joe})), 0)
	assertEqual(t, "grants for a device", len(list(jsonObject{"device_id": newID()})), 0)
	assertEqual(t, "grants in a space", len(list(jsonObject{"space_id": grant.Texts("space_ids")[0]})), 1)
	s.RemoveObject("access_grant", grant.ID)
	assertEqual(t, "left", len(list(jsonObject{})), 0)
}
