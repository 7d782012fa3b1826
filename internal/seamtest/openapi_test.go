package seamtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

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
	}
	s.PageSize(2)
	ask := jsonObject{"device_id": l.ID}
	first := c.ok("/access_codes/list", ask)
	pages, seen := 1, len(listAt(first, "access_codes"))
	s.RemoveAccessCode(stringAt(first, "access_codes.1.access_code_id"))
	for page := objectAt(first, "pagination"); page["has_next_page"] == true; pages++ {
		ask["page_cursor"] = page["next_page_cursor"]
		result := c.ok("/access_codes/list", ask)
		seen += len(listAt(result, "access_codes"))
		page = objectAt(result, "pagination")
	}
	assertEqual(t, "pages", pages, 3)
	assertEqual(t, "codes", seen, 5)
	ask["search"] = "code"
	c.wantError("/access_codes/list", ask, http.StatusBadRequest, "mismatched_page_parameters")
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "limit": 1}, 1)
}
