package seamtest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultsThatAnswer(t *testing.T) {
	for _, test := range []struct {
		name      string
		fault     Fault
		status    int
		body      string
		fromSeam  bool
		processed bool
	}{
		{"html", HTML404("/access_codes/create"), 404, "nginx", false, false},
		{"empty", Empty404("/access_codes/create"), 404, "", false, false},
		{"anywhere", Fault{Status: 503}, 503, "", false, false},
		{"envelope", Fault{Path: "/access_codes/create", Type: "odd", Message: "strange"}, 400, "strange", true, false},
		{"after the fact", Fault{Path: "/access_codes/create", Status: 502, Processed: true}, 502, "", false, true},
		{"rewritten", Fault{Path: "/access_codes/create", Replace: func(_ int, b []byte) (int, []byte) { return 201, b[:1] }}, 201, "{", true, true},
		{"other body", Fault{Match: func(b map[string]any) bool { return b["name"] == "x" }, Status: 500}, 200, "ok", true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, l, c, _ := door(t)
			s.Plant(test.fault)
			response, err := c.send("/access_codes/create", object{"device_id": l.ID, "code": "1234"})
			if err != nil {
				t.Fatal(err)
			}
			want(t, "status", response.status, test.status)
			want(t, "from Seam", response.header.Get("seam-request-id") != "", test.fromSeam)
			want(t, "dated", response.header.Get("Date"), "Fri, 02 Jan 2026 03:04:05 GMT")
			if !strings.Contains(string(response.body), test.body) {
				t.Errorf("body %q, want %q in it", response.body, test.body)
			}
			opens(t, l, "1234", test.processed)
		})
	}
}

func TestCutConnections(t *testing.T) {
	for name, over := range map[string]func(*testing.T, *Server) (string, *http.Client){
		"memory": func(_ *testing.T, s *Server) (string, *http.Client) {
			return memory, &http.Client{Transport: s.Transport()}
		},
		"loopback": func(t *testing.T, s *Server) (string, *http.Client) {
			return s.Start(t), &http.Client{Transport: &http.Transport{}}
		},
	} {
		for _, fault := range []Fault{{Drop: DropBefore}, {Drop: DropAfter}, {Truncate: true}} {
			t.Run(name, func(t *testing.T) {
				s, l, c, _ := door(t)
				s.Plant(fault)
				url, via := over(t, s)
				request := c.request(t.Context(), url+"/access_codes/create", object{"device_id": l.ID, "code": "1234"})
				if _, err := receive(via, request); err == nil {
					t.Error("the connection was not cut")
				}
				opens(t, l, "1234", fault.Drop != DropBefore)
			})
		}
	}
}

func TestFaultsTakeTurns(t *testing.T) {
	s, _, c, _ := door(t)
	s.Plant(Fault{Path: "/workspaces/get", Skip: 1, Times: 1, Type: "first"})
	second := s.Plant(Fault{Path: "/workspaces/get", Skip: 1, Type: "second"})
	c.ok("/workspaces/get", object{})
	c.refused("/workspaces/get", object{}, 400, "first")
	c.refused("/workspaces/get", object{}, 400, "second")
	c.refused("/workspaces/get", object{}, 400, "second")
	want(t, "hits", second.Hits(), 2)
	second.Remove()
	c.ok("/workspaces/get", object{})
	want(t, "requests", s.Count("/workspaces/get"), 5)
	want(t, "status", s.Requests()[1].Status, 400)
	s.ForgetRequests()
	want(t, "requests", len(s.Requests()), 0)
}

func TestDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(WithLatency(time.Second))
		l, c := s.AddLock("Front Door"), newClient(t, s)
		s.Plant(Fault{Path: "/access_codes/create", Delay: time.Minute, DelayAfter: true})
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		request := c.request(ctx, memory+"/access_codes/create", object{"device_id": l.ID, "code": "1234"})
		_, err := receive(&http.Client{Transport: s.Transport()}, request)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		want(t, "waited", time.Since(began), 2*time.Second)
		opens(t, l, "1234", true)
	})
}

func TestRoutesThatDoNotExist(t *testing.T) {
	s, l, c, _ := door(t)
	s.WithoutRoute("/access_codes/unmanaged/list")
	for _, path := range []string{"/access_codes/unmanaged/list", "/access_codes/nothing"} {
		response, err := c.send(path, object{"device_id": l.ID})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "status", response.status, 404)
		want(t, "request id", response.header.Get("seam-request-id"), "")
		want(t, "type", response.header.Get("Content-Type"), "text/html; charset=utf-8")
	}
}

func TestLimits(t *testing.T) {
	s, l, c, clock := door(t)
	s.EnforceLimits(true)
	for range limits["create"] {
		c.create(l, nil)
		clock.advance(time.Second)
	}
	response, err := c.send("/access_codes/create", object{"device_id": l.ID})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "status", response.status, http.StatusTooManyRequests)
	want(t, "wait", response.header.Get("Retry-After"), "50")
	want(t, "limited", s.Limited(), 1)
	c.create(s.AddLock("Other"), nil)
	clock.advance(50 * time.Second)
	c.create(l, nil)
}

func TestOverlappingWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(WithLatency(time.Second))
		s.EnforceLimits(true)
		one, other := s.AddLock("One"), s.AddLock("Other")
		statuses := make(chan int, 3)
		var group sync.WaitGroup
		for _, l := range []*Lock{one, one, other} {
			group.Go(func() {
				status, _ := newClient(t, s).post("/access_codes/create", object{"device_id": l.ID})
				statuses <- status
			})
		}
		group.Wait()
		close(statuses)
		count := map[int]int{}
		for status := range statuses {
			count[status]++
		}
		want(t, "accepted", count[http.StatusOK], 2)
		want(t, "refused", count[http.StatusConflict], 1)
		perDevice, overall := s.MaxInFlight("/access_codes/create")
		want(t, "per device", perDevice, 2)
		want(t, "overall", overall, 3)
	})
}

func TestEchoedSecrets(t *testing.T) {
	s, l, c, _ := door(t)
	s.EchoSecrets(true)
	l.OnCreate(Creation{NeverSet: true, Errors: []Issue{{"failed_to_set_on_device", "m"}}})
	id := c.create(l, object{"code": "1234"})
	failure := c.refused("/access_codes/create", object{"device_id": l.ID, "code": "1234"}, 409, "duplicate_access_code")
	shown := fields(c.get(id), "errors", 0)
	for _, message := range []any{failure["message"], shown["message"]} {
		if text := text(message); !strings.Contains(text, "1234") || !strings.Contains(text, c.key) {
			t.Errorf("%q has no secrets", text)
		}
	}
}
