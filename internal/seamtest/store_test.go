package seamtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestStore_listIsPaged(t *testing.T) {
	s, _, c, _ := setup(t)
	for range 5 {
		s.AddObject("user_identity", nil)
	}
	s.PageSize(2)
	body, pages, seen := jsonObject{}, 0, map[string]bool{}
	for more := true; more; pages++ {
		page := c.ok("/user_identities/list", body)
		for _, one := range listAt(page, "user_identities") {
			seen[stringAt(one, "user_identity_id")] = true
		}
		body["page_cursor"] = valueAt(page, "pagination.next_page_cursor")
		more = valueAt(page, "pagination.has_next_page") == any(true)
	}
	assertEqual(t, "pages", pages, 3)
	assertEqual(t, "objects", len(seen), 5)
}

func TestStore_workspacesAreSeparate(t *testing.T) {
	s, _, c, _ := setup(t)
	id := jsonObject{"user_identity_id": s.AddObject("user_identity", jsonObject{"user_identity_key": "jane"}).ID}
	webhook := jsonObject{"webhook_id": c.createWebhook(nil)["webhook_id"]}
	c.key = s.AddWorkspace("Other").APIKey
	c.wantMissing("user_identity", id, "/user_identities/get", "/user_identities/update", "/user_identities/delete")
	c.wantListed("/user_identities/list", jsonObject{}, 0)
	c.createUserIdentity(jsonObject{"user_identity_key": "jane"})
	c.wantMissing("webhook", webhook, "/webhooks/get", "/webhooks/delete")
	c.wantListed("/webhooks/list", jsonObject{}, 0)
}

func TestStore_deleteLag(t *testing.T) {
	s, _, c, clock := setup(t)
	s.SetDeleteLag("user_identity", DeleteLag{Get: time.Minute, List: time.Hour})
	jane := jsonObject{"user_identity_key": "jane"}
	id := jsonObject{"user_identity_id": c.createUserIdentity(jane)["user_identity_id"]}
	c.ok("/user_identities/delete", id)
	c.ok("/user_identities/delete", id)
	read := objectAt(c.ok("/user_identities/get", id), "user_identity")
	assertShows(t, read, jsonObject{"warnings.#": 1, "warnings.0.warning_code": "being_deleted"})
	assertEqual(t, "state", s.Objects("user_identity")[0].State, StateBeingDeleted)
	c.wantError("/user_identities/create", jane, http.StatusBadRequest, "user_identity_key_conflict")
	clock.advance(time.Minute)
	c.wantMissing("user_identity", id, "/user_identities/get")
	c.wantListed("/user_identities/list", jsonObject{}, 1)
	clock.advance(time.Hour)
	c.wantListed("/user_identities/list", jsonObject{}, 0)
}

func TestStore_externalChanges(t *testing.T) {
	s, _, c, _ := setup(t)
	made := s.AddObject("user_identity", jsonObject{"full_name": "Jane"})
	id := jsonObject{"user_identity_id": made.ID}
	s.ChangeObject("user_identity", made.ID, jsonObject{"full_name": "Joan", "acs_user_ids": []string{newID()}})
	assertEqual(t, "name", valueAt(c.ok("/user_identities/get", id), "user_identity.full_name"), any("Joan"))
	s.DescribeObjects("user_identity", func(verb string, fields map[string]any) { fields["full_name"] = verb })
	assertShows(t, c.ok("/user_identities/get", id), jsonObject{"user_identity.full_name": "get"})
	assertShows(t, c.list("/user_identities/list", jsonObject{}), jsonObject{"0.full_name": "list"})
	s.RemoveObject("user_identity", made.ID)
	c.wantMissing("user_identity", id, "/user_identities/get")
}

// A response that the published document does not allow must fail the test that caused it.
func TestStore_invalidResponsePanics(t *testing.T) {
	for name, change := range map[string]func(string, map[string]any){
		"missing": func(_ string, fields map[string]any) { delete(fields, "display_name") },
		"type":    func(_ string, fields map[string]any) { fields["acs_user_ids"] = "none" },
		"unknown": func(_ string, fields map[string]any) { fields["nick_name"] = "J" },
	} {
		t.Run(name, func(t *testing.T) {
			s, _, c, _ := setup(t)
			s.DescribeObjects("user_identity", change)
			defer func() {
				assertContains(t, fmt.Sprint(recover()), "/user_identities/create breaks the published contract")
			}()
			c.createUserIdentity(jsonObject{})
			t.Error("the response passed")
		})
	}
}

// errorCounter is a test that counts its errors.
type errorCounter struct {
	testing.TB
	errors int
}

func (e *errorCounter) Errorf(string, ...any) { e.errors++ }

// net/http recovers a panic, so a fake on a port has to report it.
func TestStore_invalidResponseFailsTheTestOnAPort(t *testing.T) {
	for _, test := range []struct {
		value  any
		errors int
	}{{"invalid response", 1}, {http.ErrAbortHandler, 0}} {
		counter := &errorCounter{TB: t}
		handler := failOnPanic(counter, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(test.value) }))
		func() {
			defer func() { assertEqual(t, "panic", recover(), any(http.ErrAbortHandler)) }()
			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
		}()
		assertEqual(t, "errors", counter.errors, test.errors)
	}
}
