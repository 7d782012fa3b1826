package seamtest

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestLockDisappears(t *testing.T) {
	_, l, c, _ := door(t)
	id := c.create(l, object{"code": "1234"})
	l.Disappear()
	c.missing(id)
	for _, path := range []string{"/devices/get", "/devices/unmanaged/get", "/access_codes/list", "/access_codes/unmanaged/list"} {
		c.refused(path, object{"device_id": l.ID}, http.StatusNotFound, "device_not_found")
	}
	want(t, "listed by id", len(entries(c.ok("/access_codes/list", object{"access_code_ids": []string{id}}), "access_codes")), 0)
	opens(t, l, "1234", true)
	l.Return()
	c.get(id)
}

func TestLockBecomesUnmanaged(t *testing.T) {
	_, l, c, _ := door(t)
	id := c.create(l, object{"code": "1234"})
	l.Unmanage()
	c.missing(id)
	c.refused("/devices/get", object{"device_id": l.ID}, http.StatusNotFound, "device_not_found")
	c.ok("/devices/unmanaged/get", object{"device_id": l.ID})
	want(t, "unmanaged", len(c.unmanaged(l)), 1)
	opens(t, l, "1234", true)
}

func TestAdoption(t *testing.T) {
	s, l, c, _ := door(t)
	id := l.AddUnmanaged(Unmanaged{PIN: "1234"})
	fixed := l.AddUnmanaged(Unmanaged{PIN: "5678", CannotBeManaged: true})
	c.missing(id)
	c.refused("/access_codes/unmanaged/convert_to_managed", object{"access_code_id": fixed}, 400, "cannot_be_managed")
	c.ok("/access_codes/unmanaged/convert_to_managed", object{"access_code_id": id})
	want(t, "status", c.get(id)["status"], any("set"))
	s.UnmanageCode(id)
	c.missing(id)
	c.ok("/access_codes/unmanaged/update", object{"access_code_id": id, "is_managed": true})
	c.ok("/access_codes/update", object{"access_code_id": id, "is_managed": false})
	c.ok("/access_codes/unmanaged/delete", object{"access_code_id": id})
	opens(t, l, "1234", false)
}

func TestOutsideChanges(t *testing.T) {
	s, l, c, clock := door(t)
	id := c.create(l, object{"code": "1234"})
	s.ChangeOutside(id, func(code *Code) { code.PIN, code.EndsAt = "5678", clock.Now().Add(time.Hour) })
	want(t, "code", c.get(id)["code"], any("5678"))
	opens(t, l, "5678", true)
	opens(t, l, "1234", false)
	s.RemoveOutside(id)
	c.missing(id)
	opens(t, l, "5678", false)
}

func TestLockIsChangedBehindOurBack(t *testing.T) {
	_, l, c, _ := door(t)
	c.ok("/devices/update", object{"device_id": l.ID, "name": "Lobby", "custom_metadata": object{"floor": "3"}})
	l.Rename("Hall")
	l.SetMetadata(object{"wing": "east"})
	l.SetBackupPool(true)
	lock := c.device(l)
	want(t, "nickname", lock["nickname"], any("Hall"))
	want(t, "metadata", len(fields(lock, "custom_metadata")), 1)
	want(t, "pool", in(lock, "properties", "backup_access_code_pool_enabled"), any(true))
	l.Rename("")
	want(t, "shown", c.device(l)["display_name"], any("Front Door"))
}

func TestConcurrentUse(t *testing.T) {
	s := New()
	l := s.AddLock("Front Door")
	url := s.Start(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			c := newClient(t, s)
			id := c.create(l, nil)
			c.get(id)
			c.ok("/access_codes/list", object{"device_id": l.ID})
			c.ok("/access_codes/delete", object{"access_code_id": id})
			_, _ = receive(http.DefaultClient, c.request(t.Context(), url+"/health", nil))
			l.PINs()
			s.Requests()
		})
	}
	group.Wait()
	want(t, "codes", len(s.Codes()), 0)
	want(t, "PINs", len(l.PINs()), 0)
}
