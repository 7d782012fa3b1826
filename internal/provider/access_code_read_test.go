package provider

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	getPath    = "/access_codes/get"
	listPath   = "/access_codes/list"
	deletePath = "/access_codes/delete"
	createPath = "/access_codes/create"
	updatePath = "/access_codes/update"
	strayPath  = "/access_codes/unmanaged/list"
)

const goneJSON = `{"ok":false,"error":{"type":"access_code_not_found","message":"gone","request_id":"r"}}`

// inconclusiveResponses are answers that say nothing about a code, however much some look like it.
var inconclusiveResponses = map[string]struct {
	fault seamtest.Fault
	says  []string
}{
	"HTML 404":                 {seamtest.HTML404(""), []string{"HTTP 404", "does not come from the Seam API"}},
	"empty 404":                {seamtest.Empty404(""), []string{"HTTP 404", "does not come from the Seam API"}},
	"JSON 404 of another API":  {seamtest.Fault{Status: 404, ContentType: "application/json", Body: `{"error":"not_found"}`}, []string{"HTTP 404", "Check endpoint"}},
	"JSON 404 without a type":  {seamtest.Fault{Status: 404, ContentType: "application/json", Body: `{"error":{"message":"not_found"}}`}, []string{"HTTP 404", "Check endpoint"}},
	"a 404 that is no JSON":    {seamtest.Fault{Status: 404, ContentType: "text/plain", Body: goneJSON}, []string{"HTTP 404", "Check endpoint"}},
	"workspace_not_found":      {seamtest.Fault{Status: 404, Type: "workspace_not_found", Message: "No such workspace"}, []string{"workspace_not_found", "No such workspace", "request id"}},
	"device_not_found":         {seamtest.Fault{Status: 404, Type: "device_not_found"}, []string{"device_not_found", "request id"}},
	"action_attempt_not_found": {seamtest.Fault{Status: 404, Type: "action_attempt_not_found"}, []string{"action_attempt_not_found"}},
	"401":                      {seamtest.Fault{Status: 401, Type: "unauthorized"}, []string{"HTTP 401", "Check the API key"}},
	"403":                      {seamtest.Fault{Status: 403, Type: "forbidden"}, []string{"HTTP 403", "may not do this"}},
	"429 for ever":             {seamtest.Fault{Status: 429, Type: "too_many_requests", Header: http.Header{"Retry-After": {"3"}}}, []string{"HTTP 429", "Run again in a minute"}},
	"500 for ever":             {seamtest.Fault{Status: 500}, []string{"HTTP 500", "Run again later"}},
	"a gateway that is down":   {seamtest.Fault{Status: 502, ContentType: "text/html", Body: "<html>"}, []string{"HTTP 502", "Run again later"}},
	"no connection":            {seamtest.Fault{Drop: seamtest.DropBefore}, []string{"no answer from Seam", "Check the network"}},
	"an answer that breaks":    {seamtest.Fault{Truncate: true}, []string{"broke off", "Check the network"}},
	"half a JSON document":     {seamtest.Fault{Status: 200, ContentType: "application/json", Body: `{"access_code": {"acc`}, []string{"broke off", "Check the network"}},
	"200 that is no JSON":      {seamtest.Fault{Status: 200, ContentType: "text/html", Body: "<html>Log in</html>"}, []string{"not the JSON that Seam documents", "Check endpoint"}},
	"200 of another object":    {seamtest.Fault{Status: 200, ContentType: "application/json", Body: `{"access_codes":17,"access_code":[]}`}, []string{"not the JSON that Seam documents"}},
}

func TestAccessCode_inconclusiveResponsesKeepTheState(t *testing.T) {
	for name, test := range inconclusiveResponses {
		for _, path := range []string{getPath, listPath} {
			t.Run(name+" on "+path, func(t *testing.T) {
				withHarness(t, func(h *harness) {
					h.requireNoError(h.apply(guestConfig(h)))
					fault := test.fault
					fault.Path = path
					injected := h.seam.InjectFault(fault)
					other := fault // with bulk reads the list would answer instead
					other.Path = listPath
					if path == listPath {
						other = seamtest.Fault{Path: getPath, Status: 404, Type: "not_found"}
					}
					h.seam.InjectFault(other)
					h.restart()
					h.requireStateUnchanged(func() { h.requireError(h.refresh(), append(test.says, "Unable to read access code", path)...) })
					h.restart()
					h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), test.says...) })
					h.requireRequests(deletePath, 0)
					h.requireOpens("4821", true)
					if injected.Hits() == 0 {
						t.Error("the fault did not strike")
					}
				})
			})
		}
	}
}

func TestAccessCode_ambiguousNotFoundIsResolvedByTheList(t *testing.T) {
	ambiguous := seamtest.Fault{Path: getPath, Status: 404, Type: "not_found"}
	t.Run("listed: not gone", func(t *testing.T) {
		withHarness(t, func(h *harness) {
			h.requireNoError(h.apply(guestConfig(h)))
			h.seam.InjectFault(ambiguous)
			h.disableBulkRead()
			h.requireStateUnchanged(func() { h.requireError(h.refresh(), "not_found", "lists it all the same", h.id()) })
			h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "lists it all the same") })
			h.requireOpens("4821", true)
		})
	})
	t.Run("listed on a later page: not gone", func(t *testing.T) {
		withHarness(t, func(h *harness) {
			h.requireNoError(h.apply(guestConfig(h)))
			h.seam.InjectFault(ambiguous)
			h.seam.InjectFault(seamtest.Fault{Path: listPath, Match: func(body map[string]any) bool { return body["page_cursor"] == nil }, Status: 200, ContentType: "application/json",
				Body: `{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"x"}}`})
			h.restart()
			h.requireStateUnchanged(func() { h.requireError(h.refresh()) })
		})
	})
	t.Run("not listed: gone", func(t *testing.T) {
		withHarness(t, func(h *harness) {
			h.requireNoError(h.apply(guestConfig(h)))
			h.seam.InjectFault(ambiguous)
			h.seam.RemoveAccessCode(h.id())
			h.restart()
			h.requireWarning(h.refresh(), "removed outside Terraform")
			h.requireNoState()
		})
	})
	t.Run("destroy", func(t *testing.T) {
		withHarness(t, func(h *harness) {
			h.requireNoError(h.apply(guestConfig(h)))
			h.seam.InjectFault(seamtest.Fault{Path: getPath, Replace: func(status int, body []byte) (int, []byte) {
				return status, bytes.ReplaceAll(body, []byte("access_code_not_found"), []byte("not_found"))
			}})
			h.restart()
			h.requireNoError(h.destroy())
			h.requireOpens("4821", false)
		})
	})
}

func TestAccessCode_responseAboutAnotherCodeIsAnError(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 200, ContentType: "application/json", Body: `{"access_code":{"access_code_id":"other","name":"x"}}`})
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), "another access code than the one asked for") })
	})
}

func TestAccessCode_keyOfAnotherWorkspaceIsRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		home, other := h.seam.Workspace(), h.seam.AddWorkspace("Other")
		for name, settings := range map[string]values{
			"API key":               {"api_key": other.APIKey},
			"personal access token": {"personal_access_token": other.PersonalAccessToken, "workspace_id": other.ID},
		} {
			h.ProviderConfig = settings
			for _, removal := range []any{nil, "verified_by_event"} {
				h.restart()
				h.requireStateUnchanged(func() { h.requireError(h.refresh(), home.ID, other.ID, "Use credentials of workspace "+home.ID) })
				h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), home.ID, other.ID) })
				h.requireStateUnchanged(func() {
					h.requireError(h.applyWithoutRefresh(guestConfig(h).with(values{"name": "x", "removal": removal})), home.ID, other.ID)
				})
			}
			h.requireOpens("4821", true)
			if h.seam.Count(deletePath)+h.seam.Count(updatePath) > 0 {
				t.Errorf("%s: something was written to another workspace", name)
			}
		}
		h.ProviderConfig = values{"api_key": home.APIKey}
		h.restart()
		h.requireNoError(h.destroy())
		h.requireOpens("4821", false)
	})
}

func TestAccessCode_requestedRemovalIsNotSentToAnotherWorkspace(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "requested"})))
		home, other := h.seam.Workspace(), h.seam.AddWorkspace("Other")
		h.ProviderConfig = values{"api_key": other.APIKey}
		h.restart()
		h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), home.ID, other.ID, `removal = "requested"`) })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), home.ID, other.ID) })
		h.requireRequests(deletePath, 0)
	})
}

func TestProvider_workspaceIDBesideAKeyIsAnAssertion(t *testing.T) {
	withHarness(t, func(h *harness) {
		home, other := h.seam.Workspace(), h.seam.AddWorkspace("Other")
		h.ProviderConfig = values{"api_key": home.APIKey, "workspace_id": home.ID}
		h.restart()
		h.requireNoError(h.apply(guestConfig(h)))
		h.ProviderConfig = values{"api_key": home.APIKey, "workspace_id": other.ID}
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), home.ID, other.ID, "workspace_id") })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), home.ID, other.ID, "workspace_id") })
		if n := len(h.seam.AccessCodes()); n != 1 {
			t.Errorf("%d codes", n)
		}
		h.State = h.NullState()
		h.requireError(h.apply(guestConfig(h).with(values{"code": "5555"})), home.ID, other.ID, "workspace_id")
		h.requireOpens("5555", false)
	})
}

func TestAccessCode_unreadableWorkspaceKeepsTheState(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: "/workspaces/get", Status: 500})
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), "/workspaces/get", "HTTP 500") })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "/workspaces/get", "HTTP 500") })
		h.requireOpens("4821", true)
	})
}
