package seamtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestServer_faultsReplaceTheResponse(t *testing.T) {
	type outcome struct {
		fault     Fault
		status    int
		body      string
		fromSeam  bool
		processed bool
	}
	forEach(t, map[string]outcome{
		"html":           {HTML404("/access_codes/create"), 404, "nginx", false, false},
		"empty":          {Empty404("/access_codes/create"), 404, "", false, false},
		"anywhere":       {Fault{Status: 503}, 503, "", false, false},
		"envelope":       {Fault{Path: "/access_codes/create", Type: "odd", Message: "strange"}, 400, "strange", true, false},
		"after the fact": {Fault{Path: "/access_codes/create", Status: 502, Processed: true}, 502, "", false, true},
		"rewritten":      {Fault{Path: "/access_codes/create", Replace: func(_ int, b []byte) (int, []byte) { return 201, b[:1] }}, 201, "{", true, true},
		"other body":     {Fault{Match: func(b map[string]any) bool { return b["name"] == "x" }, Status: 500}, 200, "ok", true, true},
	}, func(t *testing.T, test outcome) {
		s, l, c, _ := setup(t)
		s.InjectFault(test.fault)
		response := c.send("/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234"})
		assertEqual(t, "status", response.status, test.status)
		assertEqual(t, "from Seam", response.header.Get("seam-request-id") != "", test.fromSeam)
		assertEqual(t, "dated", response.header.Get("Date"), "Fri, 02 Jan 2026 03:04:05 GMT")
		assertContains(t, string(response.body), test.body)
		assertOpens(t, l, "1234", test.processed)
	})
}

func TestServer_faultsCutConnections(t *testing.T) {
	for _, name := range []string{"memory", "loopback"} {
		for _, fault := range []Fault{{Drop: DropBefore}, {Drop: DropAfter}, {Truncate: true}} {
			t.Run(name, func(t *testing.T) {
				s, l, c, _ := setup(t)
				s.InjectFault(fault)
				url, httpClient := inProcessURL, &http.Client{Transport: s.Transport()}
				if name == "loopback" {
					url, httpClient = s.Start(t), &http.Client{Transport: &http.Transport{}}
				}
				request := c.request(t.Context(), url+"/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234"})
				if _, err := do(httpClient, request); err == nil {
					t.Error("the connection was not cut")
				}
				assertOpens(t, l, "1234", fault.Drop != DropBefore)
			})
		}
	}
}

func TestServer_faultsApplyInOrder(t *testing.T) {
	s, _, c, _ := setup(t)
	s.InjectFault(Fault{Path: "/workspaces/get", Skip: 1, Times: 1, Type: "first"})
	second := s.InjectFault(Fault{Path: "/workspaces/get", Skip: 1, Type: "second"})
	c.ok("/workspaces/get", jsonObject{})
	c.wantError("/workspaces/get", jsonObject{}, 400, "first")
	c.wantError("/workspaces/get", jsonObject{}, 400, "second")
	c.wantError("/workspaces/get", jsonObject{}, 400, "second")
	assertEqual(t, "hits", second.Hits(), 2)
	second.Remove()
	c.ok("/workspaces/get", jsonObject{})
	assertEqual(t, "requests", s.Count("/workspaces/get"), 5)
	assertEqual(t, "status", s.Requests()[1].Status, 400)
	s.ResetRequests()
	assertEqual(t, "requests", len(s.Requests()), 0)
}

func TestServer_delaysResponses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(WithLatency(time.Second))
		l, c := s.AddLock("Front Door"), newClient(t, s)
		s.InjectFault(Fault{Path: "/access_codes/create", Delay: time.Minute, DelayAfter: true})
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		request := c.request(ctx, inProcessURL+"/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234"})
		_, err := do(&http.Client{Transport: s.Transport()}, request)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		assertEqual(t, "waited", time.Since(began), 2*time.Second)
		assertOpens(t, l, "1234", true)
	})
}

func TestServer_unknownRoutesAnswerHTML404(t *testing.T) {
	s, l, c, _ := setup(t)
	s.RemoveRoute("/access_codes/unmanaged/list")
	for _, path := range []string{"/access_codes/unmanaged/list", "/access_codes/nothing"} {
		response := c.send(path, jsonObject{"device_id": l.ID})
		assertEqual(t, "status", response.status, 404)
		assertEqual(t, "request id", response.header.Get("seam-request-id"), "")
		assertEqual(t, "type", response.header.Get("Content-Type"), "text/html; charset=utf-8")
	}
}

func TestServer_enforcesRateLimits(t *testing.T) {
	s, l, c, clock := setup(t)
	s.EnforceLimits(true)
	for range writeLimits["create"] {
		c.create(l, nil)
		clock.advance(time.Second)
	}
	response := c.send("/access_codes/create", jsonObject{"device_id": l.ID})
	assertEqual(t, "status", response.status, http.StatusTooManyRequests)
	assertEqual(t, "wait", response.header.Get("Retry-After"), "50")
	assertEqual(t, "limited", s.RateLimitedCount(), 1)
	c.create(s.AddLock("Other"), nil)
	clock.advance(50 * time.Second)
	c.create(l, nil)
}

func TestServer_rejectsOverlappingWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(WithLatency(time.Second))
		s.EnforceLimits(true)
		one, other := s.AddLock("One"), s.AddLock("Other")
		statuses := make(chan int, 3)
		var group sync.WaitGroup
		for _, l := range []*Lock{one, one, other} {
			group.Go(func() {
				status, _ := newClient(t, s).post("/access_codes/create", jsonObject{"device_id": l.ID})
				statuses <- status
			})
		}
		group.Wait()
		close(statuses)
		count := map[int]int{}
		for status := range statuses {
			count[status]++
		}
		assertEqual(t, "accepted", count[http.StatusOK], 2)
		assertEqual(t, "refused", count[http.StatusConflict], 1)
		perDevice, overall := s.MaxInFlight("/access_codes/create")
		assertEqual(t, "per device", perDevice, 2)
		assertEqual(t, "overall", overall, 3)
	})
}

func TestServer_echoesSecrets(t *testing.T) {
	s, l, c, _ := setup(t)
	s.EchoSecrets(true)
	l.OnCreate(CreateBehavior{NeverSet: true, Errors: []Issue{{"failed_to_set_on_device", "m"}}})
	id := c.create(l, jsonObject{"code": "1234"})
	failure := c.wantError("/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234"}, 409, "duplicate_access_code")
	shown := objectAt(c.get(id), "errors.0")
	for _, message := range []any{failure["message"], shown["message"]} {
		assertContains(t, fmt.Sprint(message), "1234", c.key)
	}
}

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
	return response.decode(t)
}

func TestServer_controlAPI(t *testing.T) {
	s := New(WithAPIKey("seam_test_key"))
	l, c := s.AddLock("Front Door"), newClient(t, s)
	c.create(l, jsonObject{"code": "1234"})
	for pin, opens := range map[string]bool{"1234": true, "5678": false} {
		assertShows(t, callControlAPI(t, s, "POST", "opens", jsonObject{"device_id": l.ID, "pin": pin}), jsonObject{"opens": opens})
	}
	assertShows(t, callControlAPI(t, s, "GET", "requests", nil), jsonObject{"counts./access_codes/create": 1.0})
	callControlAPI(t, s, "DELETE", "requests", nil)
	assertShows(t, callControlAPI(t, s, "GET", "requests", nil), jsonObject{"counts.#": 0})
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
