package seamtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

func ask(t *testing.T, s *Server, method, path string, body any) object {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, memory+"/_seamtest/"+path, bytes.NewReader(encode(body)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := receive(&http.Client{Transport: s.Transport()}, request)
	if err != nil {
		t.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(response.body, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestControlEndpoints(t *testing.T) {
	s := New(WithAPIKey("seam_test_key"))
	l, c := s.AddLock("Front Door"), newClient(t, s)
	c.create(l, object{"code": "1234"})
	want(t, "opens", ask(t, s, "POST", "opens", object{"device_id": l.ID, "pin": "1234"})["opens"], any(true))
	want(t, "opens", ask(t, s, "POST", "opens", object{"device_id": l.ID, "pin": "5678"})["opens"], any(false))
	want(t, "count", fields(ask(t, s, "GET", "requests", nil), "counts")["/access_codes/create"], any(1.0))
	ask(t, s, "DELETE", "requests", nil)
	want(t, "count", len(fields(ask(t, s, "GET", "requests", nil), "counts")), 0)
}

func TestScriptsAndDefaults(t *testing.T) {
	s, l, c, clock := door(t)
	other := s.AddLock("Other")
	s.DefaultRemoval(Removal{Takes: time.Hour})
	l.DefaultRemoval(Removal{Takes: time.Minute})
	l.OnRemove(Removal{Takes: time.Second})
	ids := []string{c.create(l, nil), c.create(l, nil), c.create(other, nil)}
	for _, id := range ids {
		c.ok("/access_codes/delete", object{"access_code_id": id})
	}
	for i, wait := range []time.Duration{time.Second, time.Minute, time.Hour} {
		want(t, "status", c.get(ids[i])["status"], any("removing"))
		clock.advance(wait)
		c.missing(ids[i])
	}
	s.DefaultCreation(Creation{NeverSet: true})
	s.DefaultChange(Change{Ignored: true})
	other.DefaultCreation(Creation{})
	opens(t, other, text(c.get(c.create(other, nil)), "code"), true)
	opens(t, l, text(c.get(c.create(l, nil)), "code"), false)
}

func TestDescribedDevice(t *testing.T) {
	_, l, c, _ := door(t)
	l.Describe(func(device map[string]any) { fields(device, "properties")["supported_code_lengths"] = []int{6} })
	device := fields(c.ok("/devices/get", object{"name": "Front Door"}), "device")
	want(t, "length", in(device, "properties", "supported_code_lengths", 0), any(6.0))
}
