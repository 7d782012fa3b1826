package provider

import (
	"bytes"
	"cmp"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
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

// The list answers instead of a get that is not conclusive, and may not be conclusive either.
func TestAccessCode_inconclusiveListKeepsTheState(t *testing.T) {
	forEach(t, acctest.Inconclusive("access_code_not_found"), func(h *harness, answer acctest.Answer) {
		h.requireNoError(h.apply(guestConfig(h)))
		answer.Fault.Path = cmp.Or(answer.Fault.Path, listPath)
		h.seam.InjectFault(answer.Fault)
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Status: 404, Type: "not_found"})
		h.restart()
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), append(answer.Says, "Unable to read access code", answer.Fault.Path)...)
		})
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), answer.Says...) })
		h.requireRequests(deletePath, 0)
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_ambiguousNotFoundIsResolvedByTheList(t *testing.T) {
	ambiguous := seamtest.Fault{Path: getPath, Status: 404, Type: "not_found"}
	subtest(t, "listed: not gone", func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(ambiguous)
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), "not_found", "still lists it", h.id()) })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "still lists it") })
		h.requireOpens("4821", true)
	})
	subtest(t, "listed on a later page: not gone", func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(ambiguous)
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Match: func(body map[string]any) bool { return body["page_cursor"] == nil }, Status: 200, ContentType: "application/json",
			Body: `{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"x"}}`})
		h.requireStateUnchanged(func() { h.requireError(h.refreshInNextRun()) })
	})
	subtest(t, "not listed: gone", func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(ambiguous)
		h.seam.RemoveAccessCode(h.id())
		h.requireWarning(h.refreshInNextRun(), "Removed outside Terraform")
		h.requireNoState()
	})
	subtest(t, "destroy", func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.InjectFault(seamtest.Fault{Path: getPath, Replace: func(status int, body []byte) (int, []byte) {
			return status, bytes.ReplaceAll(body, []byte("access_code_not_found"), []byte("not_found"))
		}})
		h.mustDestroyInNextRun("4821")
	})
}

func TestAccessCode_requestedRemovalIsNotSentToAnotherWorkspace(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "requested"})))
		home, other := h.seam.Workspace(), h.seam.AddWorkspace("Other")
		h.ProviderConfig = values{"api_key": other.APIKey}
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), home.ID, other.ID, `removal = "requested"`) })
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
		h.requireStateUnchanged(func() { h.requireError(h.refreshInNextRun(), home.ID, other.ID, "workspace_id") })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), home.ID, other.ID, "workspace_id") })
		requireEqual(t, "codes", len(h.seam.AccessCodes()), 1)
		h.State = h.NullState()
		h.requireError(h.apply(guestConfig(h).with(values{"code": "5555"})), home.ID, other.ID, "workspace_id")
		h.requireOpens("5555", false)
	})
}

// answerNotFound makes every answer to a path a 404 with this body.
func (h *harness) answerNotFound(path, body string) *seamtest.InjectedFault {
	return h.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(int, []byte) (int, []byte) { return http.StatusNotFound, []byte(body) }})
}

// The answer to the delete may be such a 404 as well: then nothing was asked for.
func TestAccessCode_deleteAnsweredForAnotherCodeIsNoRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
		h.answerNotFound(deletePath, `{"error":{"type":"access_code_not_found","message":"gone","data":{"access_code_id":"another"}},"ok":false}`)
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "could not be requested", "about another", "Run again") })
	})
}
