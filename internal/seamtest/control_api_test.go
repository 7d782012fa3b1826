package seamtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

func callControlAPI(t *testing.T, s *Server, method, path string, body any) jsonObject {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, inProcessURL+"/_seamtest/"+path, bytes.NewReader(encodeJSON(body)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := do(&http.Client{Transport: s.Transport()}, request)
	if err != nil {
		t.Fatal(err)
	}
	var result jsonObject
	if err := json.Unmarshal(response.body, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

func TestServer_controlAPI(t *testing.T) {
	s := New(WithAPIKey("seam_test_key"))
	l, c := s.AddLock("Front Door"), newClient(t, s)
	c.create(l, jsonObject{"code": "1234"})
	assertEqual(t, "opens", callControlAPI(t, s, "POST", "opens", jsonObject{"device_id": l.ID, "pin": "1234"})["opens"], any(true))
	assertEqual(t, "opens", callControlAPI(t, s, "POST", "opens", jsonObject{"device_id": l.ID, "pin": "5678"})["opens"], any(false))
	assertEqual(t, "count", objectAt(callControlAPI(t, s, "GET", "requests", nil), "counts")["/access_codes/create"], any(1.0))
	callControlAPI(t, s, "DELETE", "requests", nil)
	assertEqual(t, "count", len(objectAt(callControlAPI(t, s, "GET", "requests", nil), "counts")), 0)
}

func TestServer_queuedAndDefaultBehavior(t *testing.T) {
	s, l, c, clock := setup(t)
	other := s.AddLock("Other")
	s.SetDefaultDelete(DeleteBehavior{Takes: time.Hour})
	l.SetDefaultDelete(DeleteBehavior{Takes: time.Minute})
	l.OnDelete(DeleteBehavior{Takes: time.Second})
	ids := []string{c.create(l, nil), c.create(l, nil), c.create(other, nil)}
	for _, id := range ids {
		c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
	}
	for i, wait := range []time.Duration{time.Second, time.Minute, time.Hour} {
		assertEqual(t, "status", c.get(ids[i])["status"], any("removing"))
		clock.advance(wait)
		c.wantNotFound(ids[i])
	}
	s.SetDefaultCreate(CreateBehavior{NeverSet: true})
	s.SetDefaultUpdate(UpdateBehavior{Ignored: true})
	other.SetDefaultCreate(CreateBehavior{})
	assertOpens(t, other, stringAt(c.get(c.create(other, nil)), "code"), true)
	assertOpens(t, l, stringAt(c.get(c.create(l, nil)), "code"), false)
}

func TestDevice_describe(t *testing.T) {
	_, l, c, _ := setup(t)
	l.Describe(func(device map[string]any) { objectAt(device, "properties")["supported_code_lengths"] = []int{6} })
	device := objectAt(c.ok("/devices/get", jsonObject{"name": "Front Door"}), "device")
	assertEqual(t, "length", valueAt(device, "properties", "supported_code_lengths", 0), any(6.0))
}
