package provider

import (
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

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
