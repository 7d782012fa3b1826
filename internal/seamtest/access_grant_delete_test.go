package seamtest

import (
	"testing"
	"time"
)

// A lock that fails to remove the PIN keeps it, whatever Seam says about the grant.
func TestAccessGrant_deleteOutcomesOfTheLock(t *testing.T) {
	for name, test := range map[string]struct {
		behavior DeleteBehavior
		opens    bool
	}{
		"at once":  {DeleteBehavior{}, false},
		"later":    {DeleteBehavior{Takes: time.Minute}, true},
		"stays":    {DeleteBehavior{Stays: true}, true},
		"leftover": {DeleteBehavior{Leftover: &UnmanagedAccessCode{}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, l, c, _ := setup(t)
			l.OnDelete(test.behavior)
			id := jsonObject{"access_grant_id": c.createGrant(jsonObject{"device_ids": []string{l.ID}})["access_grant_id"]}
			c.ok("/access_grants/delete", id)
			c.wantMissing("access_grant", id, "/access_grants/get")
			assertOpens(t, l, "1234", test.opens)
		})
	}
}

func TestAccessGrant_deleteFailsOnADevice(t *testing.T) {
	s, front, c, _ := setup(t)
	back := s.AddLock("Back Door")
	grant := c.createGrant(jsonObject{"device_ids": []string{front.ID, back.ID}})
	id := jsonObject{"access_grant_id": grant["access_grant_id"]}
	s.SetGrantDelete(GrantDelete{FailedDevices: map[string]string{back.ID: "offline_access_code_not_revocable"}})
	c.ok("/access_grants/delete", id)
	warning := valueAt(c.grant(grant["access_grant_id"]), "warnings", 0)
	assertEqual(t, "warning", stringAt(warning, "warning_code"), "overprovisioned_access")
	assertEqual(t, "device", stringAt(warning, "failed_devices", 0, "device_id"), back.ID)
	assertEqual(t, "failure", stringAt(warning, "failed_devices", 0, "error_code"), "offline_access_code_not_revocable")
	assertOpens(t, front, "1234", false)
	assertOpens(t, back, "1234", true)

	s.SetGrantDelete(GrantDelete{})
	c.ok("/access_grants/delete", id)
	c.wantMissing("access_grant", id, "/access_grants/get")
	assertOpens(t, back, "1234", false)
}

func TestAccessGrant_deleteIsIgnored(t *testing.T) {
	s, l, c, _ := setup(t)
	s.SetGrantDelete(GrantDelete{Ignored: true})
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}})["access_grant_id"]
	c.ok("/access_grants/delete", jsonObject{"access_grant_id": grant})
	assertEqual(t, "warnings", len(listAt(c.grant(grant), "warnings")), 0)
	assertOpens(t, l, "1234", true)
}

func TestAccessGrant_removedOutsideTheAPI(t *testing.T) {
	s, l, c, _ := setup(t)
	l.SetDefaultDelete(DeleteBehavior{Takes: time.Hour})
	s.SetGrantDelete(GrantDelete{MethodsGoneAfter: time.Hour})
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}})
	s.RemoveObject("access_grant", stringAt(grant, "access_grant_id"))
	c.wantMissing("access_method", jsonObject{"access_method_id": valueAt(grant, "access_method_ids", 0)}, "/access_methods/get")
	assertOpens(t, l, "1234", false)

	other := c.createGrant(jsonObject{"device_ids": []string{l.ID}})
	s.RemoveObject("access_method", stringAt(other, "access_method_ids", 0))
	assertEqual(t, "methods", len(listAt(c.grant(other["access_grant_id"]), "access_method_ids")), 0)
	assertOpens(t, l, "1234", false)
}

func TestAccessGrant_workspacesAreSeparate(t *testing.T) {
	s, l, c, _ := setup(t)
	grant := c.createGrant(jsonObject{"device_ids": []string{l.ID}})
	id := jsonObject{"access_grant_id": grant["access_grant_id"]}
	c.key = s.AddWorkspace("Other").APIKey
	c.wantMissing("access_grant", id, "/access_grants/get", "/access_grants/delete")
	c.wantMissing("access_method", jsonObject{"access_method_id": valueAt(grant, "access_method_ids", 0)}, "/access_methods/get")
	assertEqual(t, "codes", len(c.codesOf(grant["access_grant_id"])), 0)
	related := c.ok("/access_grants/get_related", jsonObject{"access_grant_ids": []any{grant["access_grant_id"]}})
	assertEqual(t, "related", len(objectAt(related, "batch")), 0)
}
