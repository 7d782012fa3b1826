package seamtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRoutesAreThePublishedOnes(t *testing.T) {
	served := sortedKeys(routes)
	published := append(sortedKeys(requestSchemas()), "/health")
	slices.Sort(published)
	if !slices.Equal(served, published) {
		t.Errorf("served %v, published %v", served, published)
	}
}

// Every other test validates the answers it gets; this one visits what they leave out.
func TestAnswersKeepTheContract(t *testing.T) {
	s, l, c, clock := door(t)
	other := s.AddLock("Other")
	unmanaged := l.AddUnmanaged(Unmanaged{PIN: "9999", CannotBeManaged: true, CannotDelete: true, Shown: "****"})
	l.OnCreate(Creation{NeverSet: true, Errors: []Issue{
		{"failed_to_set_on_device", "m"}, {"account_disconnected", "m"}, {"bridge_disconnected", "m"}, {"device_offline", "m"},
	}})
	id := c.create(l, object{"starts_at": clock.in(0), "ends_at": clock.in(time.Hour)})
	l.OnUpdate(Change{Ends: Fails})
	failed := c.attempt("/access_codes/update", object{"access_code_id": id, "name": "n"})
	other.SetOnline(false)
	other.Unmanage()
	for _, visit := range []struct {
		path string
		body object
	}{
		{"/access_codes/get", object{"device_id": l.ID, "code": s.Codes()[0].PIN}},
		{"/access_codes/list", object{"device_id": l.ID, "search": "code"}},
		{"/access_codes/unmanaged/get", object{"access_code_id": unmanaged}},
		{"/access_codes/unmanaged/list", object{"device_id": l.ID}},
		{"/action_attempts/get", object{"action_attempt_id": failed}},
		{"/action_attempts/list", object{"device_id": l.ID}},
		{"/action_attempts/list", object{"action_attempt_ids": []string{failed, newID()}}},
		{"/devices/get", object{"device_id": l.ID}},
		{"/devices/list", object{"search": "front"}},
		{"/devices/unmanaged/get", object{"device_id": other.ID}},
		{"/devices/unmanaged/list", object{}},
		{"/events/list", object{"since": clock.in(-time.Hour)}},
		{"/workspaces/get", object{}},
		{"/workspaces/list", object{}},
	} {
		c.ok(visit.path, visit.body)
	}
	want(t, "known attempts", len(entries(c.ok("/action_attempts/list", object{"action_attempt_ids": []string{failed, newID()}}), "action_attempts")), 1)
}

func TestBadRequests(t *testing.T) {
	_, l, c, clock := door(t)
	id := c.create(l, nil)
	later, latest := clock.in(time.Hour), clock.in(2*time.Hour)
	for _, test := range []struct {
		name, path string
		body       object
		field      string
	}{
		{"missing field", "/access_codes/create", object{"name": "n"}, "device_id"},
		{"unknown field", "/access_codes/create", object{"device_id": l.ID, "colour": "red"}, "colour"},
		{"field of another case", "/access_codes/create", object{"device_id": l.ID, "Name": "n"}, "Name"},
		{"wrong type", "/access_codes/create", object{"device_id": l.ID, "code": 1234}, "code"},
		{"null", "/access_codes/create", object{"device_id": l.ID, "name": nil}, "name"},
		{"not a uuid", "/access_codes/create", object{"device_id": "lock1"}, "device_id"},
		{"short PIN", "/access_codes/create", object{"device_id": l.ID, "code": "123"}, "code"},
		{"long PIN", "/access_codes/create", object{"device_id": l.ID, "code": "1234567890123"}, "code"},
		{"PIN with letters", "/access_codes/create", object{"device_id": l.ID, "code": "12ab"}, "code"},
		{"unknown value", "/access_codes/create", object{"device_id": l.ID, "max_time_rounding": "1week"}, "max_time_rounding"},
		{"start without end", "/access_codes/create", object{"device_id": l.ID, "starts_at": later}, "ends_at"},
		{"end without start", "/access_codes/create", object{"device_id": l.ID, "ends_at": later}, "starts_at"},
		{"inverted window", "/access_codes/create", object{"device_id": l.ID, "starts_at": latest, "ends_at": later}, "ends_at"},
		{"past window", "/access_codes/create", object{"device_id": l.ID, "starts_at": clock.in(-2 * time.Hour), "ends_at": clock.in(-time.Hour)}, "ends_at"},
		{"no zone", "/access_codes/create", object{"device_id": l.ID, "starts_at": "2026-01-02T03:04:05", "ends_at": later}, "starts_at"},
		{"PIN and length", "/access_codes/create", object{"device_id": l.ID, "code": "1234", "preferred_code_length": 4}, "preferred_code_length"},
		{"PIN of an offline code", "/access_codes/create", object{"device_id": l.ID, "code": "1234", "is_offline_access_code": true}, "code"},
		{"pool for an ongoing code", "/access_codes/create", object{"device_id": l.ID, "use_backup_access_code_pool": true}, "use_backup_access_code_pool"},
		{"one-time online code", "/access_codes/create", object{"device_id": l.ID, "is_one_time_use": true}, "is_one_time_use"},
		{"half an update", "/access_codes/update", object{"access_code_id": id, "ends_at": later}, "starts_at"},
		{"time-bound without times", "/access_codes/update", object{"access_code_id": id, "type": "time_bound"}, "starts_at"},
		{"null name", "/access_codes/update", object{"access_code_id": id, "name": nil}, "name"},
		{"list of everything", "/access_codes/list", object{}, "device_id"},
		{"list without device", "/access_codes/unmanaged/list", object{}, "device_id"},
		{"id in a list", "/access_codes/list", object{"access_code_ids": []any{"code1"}}, "access_code_ids"},
		{"nothing to get", "/access_codes/get", object{}, "access_code_id"},
		{"no cursor", "/access_codes/list", object{"device_id": l.ID, "page_cursor": "x"}, "page_cursor"},
		{"events of all time", "/events/list", object{}, "since"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.t = t
			failure := c.refused(test.path, test.body, http.StatusBadRequest, "invalid_input")
			if fields(failure, "validation_errors")[test.field] == nil || !strings.Contains(text(failure, "message"), test.field) {
				t.Errorf("%v does not name %s", failure, test.field)
			}
		})
	}
}

func TestProblemsOfSeveralFields(t *testing.T) {
	_, _, c, _ := door(t)
	failure := c.refused("/access_codes/create", object{"code": "1", "colour": "red"}, http.StatusBadRequest, "invalid_input")
	want(t, "message", failure["message"], any("3 Input Errors: code must have at least 4 characters, colour is not a known field, device_id is required"))
}

func TestCredentials(t *testing.T) {
	s, l, c, _ := door(t)
	id := c.create(l, nil)
	ask := object{"access_code_id": id}

	c.key = "seam_wrong"
	c.refused("/access_codes/get", ask, http.StatusUnauthorized, "unauthorized")
	c.key = s.AddWorkspace("Other").APIKey
	c.missing(id)
	c.refused("/devices/get", object{"device_id": l.ID}, http.StatusNotFound, "device_not_found")
	c.refused("/access_codes/create", object{"device_id": l.ID}, http.StatusNotFound, "device_not_found")
	want(t, "visible workspaces", len(entries(c.ok("/workspaces/list", object{}), "workspaces")), 1)
	c.key = s.Workspace().PersonalAccessToken
	c.refused("/access_codes/get", ask, http.StatusBadRequest, "missing_workspace_id")
	want(t, "visible workspaces", len(entries(c.ok("/workspaces/list", object{}), "workspaces")), 2)
}

func TestTokenWithWorkspaceHeader(t *testing.T) {
	s, _, c, _ := door(t)
	c.key = s.Workspace().PersonalAccessToken
	request := c.request(t.Context(), s.Start(t)+"/workspaces/get", object{})
	request.Header.Set("seam-workspace", s.Workspace().ID)
	response, err := receive(http.DefaultClient, request)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "status", response.status, http.StatusOK)
	want(t, "logged workspace", s.Requests()[0].WorkspaceID, s.Workspace().ID)
}

func TestPages(t *testing.T) {
	s, l, c, _ := door(t)
	for range 5 {
		c.create(l, nil)
	}
	s.PageSize(2)
	ask := object{"device_id": l.ID}
	first := c.ok("/access_codes/list", ask)
	pages, seen := 1, len(entries(first, "access_codes"))
	s.RemoveOutside(text(first, "access_codes", 1, "access_code_id"))
	for page := fields(first, "pagination"); page["has_next_page"] == true; pages++ {
		ask["page_cursor"] = page["next_page_cursor"]
		answer := c.ok("/access_codes/list", ask)
		seen += len(entries(answer, "access_codes"))
		page = fields(answer, "pagination")
	}
	want(t, "pages", pages, 3)
	want(t, "codes", seen, 5)
	ask["search"] = "code"
	c.refused("/access_codes/list", ask, http.StatusBadRequest, "mismatched_page_parameters")
	limited := c.ok("/access_codes/list", object{"device_id": l.ID, "limit": 1})
	want(t, "limit", len(entries(limited, "access_codes")), 1)
}
