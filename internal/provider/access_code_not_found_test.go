package provider

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// answerNotFound makes every answer to a path a 404 with this body.
func (h *harness) answerNotFound(path, body string) *seamtest.InjectedFault {
	return h.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(int, []byte) (int, []byte) { return http.StatusNotFound, []byte(body) }})
}

func TestAccessCode_notFoundAboutSomethingElseProvesNothing(t *testing.T) {
	const another = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"
	for name, body := range map[string]string{
		"another code in the data":    `{"error":{"type":"access_code_not_found","message":"No such access code","data":{"access_code_id":"` + another + `"}},"ok":false}`,
		"another code in the message": `{"error":{"type":"access_code_not_found","message":"No access code ` + another + `"},"ok":false}`,
		"the error twice":             `{"error":{"type":"access_code_not_found"},"error":{"type":"access_code_not_found"},"ok":false}`,
		"other letter case":           `{"Error":{"Type":"access_code_not_found","Message":"No such access code"},"ok":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			withHarness(t, func(h *harness) {
				h.disableBulkRead()
				h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
				fault := h.answerNotFound("/access_codes/get", body)
				h.requireStateUnchanged(func() { h.requireError(h.refresh(), "access code") })
				h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "access code") })
				h.requireOpens("4821", true)
				fault.Remove()
				h.requireNoError(h.destroy())
				h.requireNoState()
				h.requireOpens("4821", false)
			})
		})
	}
}

// The answer to the delete may be such a 404 as well: then nothing was asked for.
func TestAccessCode_deleteAnsweredForAnotherCodeIsNoRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
		h.answerNotFound(deletePath, `{"error":{"type":"access_code_not_found","message":"gone","data":{"access_code_id":"another"}},"ok":false}`)
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "could not be asked for", "about another", "Run again") })
	})
}

func TestUnmanagedAccessCode_notFoundAboutAnotherCodeProvesNothing(t *testing.T) {
	withHarnessFor(t, "seam_unmanaged_access_code", func(h *harness) {
		h.disableBulkRead()
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireNoError(h.importID(id))
		for _, path := range []string{"/access_codes/unmanaged/get", "/access_codes/get"} {
			h.answerNotFound(path, fmt.Sprintf(`{"error":{"type":"access_code_not_found","message":"No such code","data":{"access_code_id":%q}},"ok":false}`, "another"))
		}
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), "about another") })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "about another") })
		h.requireOpens("4821", true)
	})
}
