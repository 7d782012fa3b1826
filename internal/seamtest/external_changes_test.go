package seamtest

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestDevice_disappears(t *testing.T) {
	_, l, c, _ := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	l.Disappear()
	c.wantNotFound(id)
	c.wantMissing("device", jsonObject{"device_id": l.ID},
		"/devices/get", "/devices/unmanaged/get", "/access_codes/list", "/access_codes/unmanaged/list",
	)
	assertEqual(t, "listed by id", len(listAt(c.ok("/access_codes/list", jsonObject{"access_code_ids": []string{id}}), "access_codes")), 0)
	assertOpens(t, l, "1234", true)
	l.Restore()
	c.get(id)
}

func TestDevice_becomesUnmanaged(t *testing.T) {
	_, l, c, _ := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	l.Unmanage()
	c.wantNotFound(id)
	c.wantMissing("device", jsonObject{"device_id": l.ID}, "/devices/get")
	c.ok("/devices/unmanaged/get", jsonObject{"device_id": l.ID})
	assertEqual(t, "unmanaged", len(c.unmanaged(l)), 1)
	assertOpens(t, l, "1234", true)
}

func TestAccessCode_convertAndUnmanage(t *testing.T) {
	s, l, c, _ := setup(t)
	id := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "1234"})
	fixed := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "5678", CannotBeManaged: true})
	c.wantNotFound(id)
	c.wantError("/access_codes/unmanaged/convert_to_managed", jsonObject{"access_code_id": fixed}, 400, "cannot_be_managed")
	c.ok("/access_codes/unmanaged/convert_to_managed", jsonObject{"access_code_id": id})
	assertEqual(t, "status", c.get(id)["status"], any("set"))
	s.UnmanageAccessCode(id)
	c.wantNotFound(id)
	c.ok("/access_codes/unmanaged/update", jsonObject{"access_code_id": id, "is_managed": true})
	c.ok("/access_codes/update", jsonObject{"access_code_id": id, "is_managed": false})
	c.ok("/access_codes/unmanaged/delete", jsonObject{"access_code_id": id})
	assertOpens(t, l, "1234", false)
}

func TestAccessCode_externalChanges(t *testing.T) {
	s, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	s.ChangeAccessCode(id, func(code *AccessCode) { code.PIN, code.EndsAt = "5678", clock.Now().Add(time.Hour) })
	assertEqual(t, "code", c.get(id)["code"], any("5678"))
	assertOpens(t, l, "5678", true)
	assertOpens(t, l, "1234", false)
	s.RemoveAccessCode(id)
	c.wantNotFound(id)
	assertOpens(t, l, "5678", false)
}

func TestDevice_externalChanges(t *testing.T) {
	_, l, c, _ := setup(t)
	c.ok("/devices/update", jsonObject{"device_id": l.ID, "name": "Lobby", "custom_metadata": jsonObject{"floor": "3"}})
	l.SetNickname("Hall")
	l.SetMetadata(jsonObject{"wing": "east"})
	l.SetBackupPool(true)
	lock := c.device(l)
	assertEqual(t, "nickname", lock["nickname"], any("Hall"))
	assertEqual(t, "metadata", len(objectAt(lock, "custom_metadata")), 1)
	assertEqual(t, "pool", valueAt(lock, "properties", "backup_access_code_pool_enabled"), any(true))
	l.SetNickname("")
	assertEqual(t, "shown", c.device(l)["display_name"], any("Front Door"))
}

func TestServer_concurrentUse(t *testing.T) {
	s := New()
	l := s.AddLock("Front Door")
	url := s.Start(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			c := newClient(t, s)
			id := c.create(l, nil)
			c.get(id)
			c.ok("/access_codes/list", jsonObject{"device_id": l.ID})
			c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
			_, _ = do(http.DefaultClient, c.request(t.Context(), url+"/health", nil))
			l.PINs()
			s.Requests()
		})
	}
	group.Wait()
	assertEqual(t, "codes", len(s.AccessCodes()), 0)
	assertEqual(t, "PINs", len(l.PINs()), 0)
}
