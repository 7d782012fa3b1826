package seamtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

func TestServer_servesThePublishedRoutes(t *testing.T) {
	served := append(sortedKeys(routes), sortedKeys(New().storeRoutes)...)
	slices.Sort(served)
	published := append(sortedKeys(requestSchemas()), "/health")
	slices.Sort(published)
	if !slices.Equal(served, published) {
		t.Errorf("served %v, published %v", served, published)
	}
}

// Every other test validates the answers it gets; this one visits what they leave out.
func TestServer_responsesMatchTheSchema(t *testing.T) {
	s, l, c, clock := setup(t)
	other := s.AddLock("Other")
	unmanaged := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "9999", CannotBeManaged: true, CannotBeDeleted: true, DisplayedAs: "****"})
	l.OnCreate(CreateBehavior{NeverSet: true, Errors: []Issue{
		{"failed_to_set_on_device", "m"}, {"account_disconnected", "m"}, {"bridge_disconnected", "m"}, {"device_offline", "m"},
	}})
	id := c.create(l, jsonObject{"starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)})
	l.OnUpdate(UpdateBehavior{Outcome: Fails})
	failed := c.attempt("/access_codes/update", jsonObject{"access_code_id": id, "name": "n"})
	other.SetOnline(false)
	other.Unmanage()
	c.ok("/access_codes/get", jsonObject{"device_id": l.ID, "code": s.AccessCodes()[0].PIN})
	c.ok("/access_codes/list", jsonObject{"device_id": l.ID, "search": "code"})
	c.ok("/access_codes/unmanaged/get", jsonObject{"access_code_id": unmanaged})
	c.ok("/access_codes/unmanaged/list", jsonObject{"device_id": l.ID})
	c.ok("/action_attempts/get", jsonObject{"action_attempt_id": failed})
	c.ok("/action_attempts/list", jsonObject{"device_id": l.ID})
	c.ok("/devices/get", jsonObject{"device_id": l.ID})
	c.ok("/devices/list", jsonObject{"search": "front"})
	c.ok("/devices/unmanaged/get", jsonObject{"device_id": other.ID})
	c.ok("/devices/unmanaged/list", jsonObject{})
	c.ok("/events/list", jsonObject{"since": clock.timestampIn(-time.Hour)})
	c.ok("/workspaces/get", jsonObject{})
	c.ok("/workspaces/list", jsonObject{})
	c.wantListed("/action_attempts/list", jsonObject{"action_attempt_ids": []string{failed, newID()}}, 1)
}

func TestServer_rejectsInvalidInput(t *testing.T) {
	_, l, c, clock := setup(t)
	id := c.create(l, nil)
	later, latest := clock.timestampIn(time.Hour), clock.timestampIn(2*time.Hour)
	type refused struct {
		path  string
		body  jsonObject
		field string
	}
	forEach(t, map[string]refused{
		"missing field":            {"/access_codes/create", jsonObject{"name": "n"}, "device_id"},
		"unknown field":            {"/access_codes/create", jsonObject{"device_id": l.ID, "colour": "red"}, "colour"},
		"field of another case":    {"/access_codes/create", jsonObject{"device_id": l.ID, "Name": "n"}, "Name"},
		"wrong type":               {"/access_codes/create", jsonObject{"device_id": l.ID, "code": 1234}, "code"},
		"null":                     {"/access_codes/create", jsonObject{"device_id": l.ID, "name": nil}, "name"},
		"not a uuid":               {"/access_codes/create", jsonObject{"device_id": "lock1"}, "device_id"},
		"short PIN":                {"/access_codes/create", jsonObject{"device_id": l.ID, "code": "123"}, "code"},
		"long PIN":                 {"/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234567890123"}, "code"},
		"PIN with letters":         {"/access_codes/create", jsonObject{"device_id": l.ID, "code": "12ab"}, "code"},
		"unknown value":            {"/access_codes/create", jsonObject{"device_id": l.ID, "max_time_rounding": "1week"}, "max_time_rounding"},
		"start without end":        {"/access_codes/create", jsonObject{"device_id": l.ID, "starts_at": later}, "ends_at"},
		"end without start":        {"/access_codes/create", jsonObject{"device_id": l.ID, "ends_at": later}, "starts_at"},
		"inverted window":          {"/access_codes/create", jsonObject{"device_id": l.ID, "starts_at": latest, "ends_at": later}, "ends_at"},
		"past window":              {"/access_codes/create", jsonObject{"device_id": l.ID, "starts_at": clock.timestampIn(-2 * time.Hour), "ends_at": clock.timestampIn(-time.Hour)}, "ends_at"},
		"no zone":                  {"/access_codes/create", jsonObject{"device_id": l.ID, "starts_at": "2026-01-02T03:04:05", "ends_at": later}, "starts_at"},
		"PIN and length":           {"/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234", "preferred_code_length": 4}, "preferred_code_length"},
		"PIN of an offline code":   {"/access_codes/create", jsonObject{"device_id": l.ID, "code": "1234", "is_offline_access_code": true}, "code"},
		"pool for an ongoing code": {"/access_codes/create", jsonObject{"device_id": l.ID, "use_backup_access_code_pool": true}, "use_backup_access_code_pool"},
		"one-time online code":     {"/access_codes/create", jsonObject{"device_id": l.ID, "is_one_time_use": true}, "is_one_time_use"},
		"half an update":           {"/access_codes/update", jsonObject{"access_code_id": id, "ends_at": later}, "starts_at"},
		"time-bound without times": {"/access_codes/update", jsonObject{"access_code_id": id, "type": "time_bound"}, "starts_at"},
		"null name":                {"/access_codes/update", jsonObject{"access_code_id": id, "name": nil}, "name"},
		"list of everything":       {"/access_codes/list", jsonObject{}, "device_id"},
		"list without device":      {"/access_codes/unmanaged/list", jsonObject{}, "device_id"},
		"id in a list":             {"/access_codes/list", jsonObject{"access_code_ids": []any{"code1"}}, "access_code_ids"},
		"nothing to get":           {"/access_codes/get", jsonObject{}, "access_code_id"},
		"no cursor":                {"/access_codes/list", jsonObject{"device_id": l.ID, "page_cursor": "x"}, "page_cursor"},
		"events of all time":       {"/events/list", jsonObject{}, "since"},
	}, func(t *testing.T, test refused) {
		c.t = t
		failure := c.wantError(test.path, test.body, http.StatusBadRequest, "invalid_input")
		if objectAt(failure, "validation_errors")[test.field] == nil || !strings.Contains(stringAt(failure, "message"), test.field) {
			t.Errorf("%v does not name %s", failure, test.field)
		}
	})
}

func TestServer_listsEveryInvalidField(t *testing.T) {
	_, _, c, _ := setup(t)
	failure := c.wantError("/access_codes/create", jsonObject{"code": "1", "colour": "red"}, http.StatusBadRequest, "invalid_input")
	assertEqual(t, "message", failure["message"], any("3 Input Errors: code must have at least 4 characters, colour is not a known field, device_id is required"))
}

func TestServer_checksCredentials(t *testing.T) {
	s, l, c, _ := setup(t)
	id := c.create(l, nil)
	ask := jsonObject{"access_code_id": id}
	c.key = "seam_wrong"
	c.wantError("/access_codes/get", ask, http.StatusUnauthorized, "unauthorized")
	c.key = s.AddWorkspace("Other").APIKey
	c.wantNotFound(id)
	c.wantMissing("device", jsonObject{"device_id": l.ID}, "/devices/get", "/access_codes/create")
	c.wantListed("/workspaces/list", jsonObject{}, 1)
	c.key = s.Workspace().PersonalAccessToken
	c.wantError("/access_codes/get", ask, http.StatusBadRequest, "missing_workspace_id")
	c.wantListed("/workspaces/list", jsonObject{}, 2)
}

func TestServer_acceptsATokenWithWorkspaceHeader(t *testing.T) {
	s, _, c, _ := setup(t)
	c.key = s.Workspace().PersonalAccessToken
	request := c.request(t.Context(), s.Start(t)+"/workspaces/get", jsonObject{})
	request.Header.Set("seam-workspace", s.Workspace().ID)
	response, err := do(http.DefaultClient, request)
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, "status", response.status, http.StatusOK)
	assertEqual(t, "logged workspace", s.Requests()[0].WorkspaceID, s.Workspace().ID)
}

func TestServer_paginatesLists(t *testing.T) {
	s, l, c, _ := setup(t)
	for range 5 {
		c.create(l, nil)
		s.AddObject("user_identity", nil)
	}
	s.PageSize(2)
	codes := jsonObject{"device_id": l.ID}
	for list, ask := range map[string]jsonObject{"access_codes": codes, "user_identities": {}} {
		pages, seen := 0, map[string]bool{}
		for more := any(true); more == any(true); pages++ {
			page := c.ok("/"+list+"/list", ask)
			for _, one := range listAt(page, list) {
				seen[fmt.Sprint(one)] = true
			}
			if list == "access_codes" && pages == 0 {
				s.RemoveAccessCode(stringAt(page, "access_codes.1.access_code_id"))
			}
			if more = valueAt(page, "pagination.has_next_page"); more == any(true) {
				ask["page_cursor"] = valueAt(page, "pagination.next_page_cursor")
			}
		}
		assertEqual(t, "pages of "+list, pages, 3)
		assertEqual(t, list, len(seen), 5)
	}
	codes["search"] = "code"
	c.wantError("/access_codes/list", codes, http.StatusBadRequest, "mismatched_page_parameters")
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "limit": 1}, 1)
}
