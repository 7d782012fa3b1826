package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const requestID = "7f0c7f6e-5b8e-4a57-a6c2-8d1f0a3b9c11"

// bodyRequestIDFault is an error of Seam's that names its request in the body only.
func bodyRequestIDFault(path string, status int, kind, id string) seamtest.Fault {
	return seamtest.Fault{
		Path: path, Status: status, ContentType: "application/json",
		Body: fmt.Sprintf(`{"error":{"type":%q,"message":"As planned","request_id":%q},"ok":false}`, kind, id),
	}
}

func TestAccessCode_errorShowsTheRequestIDOfTheBody(t *testing.T) {
	withHarness(t, func(h *harness) {
		fault := h.seam.InjectFault(bodyRequestIDFault("/access_codes/create", http.StatusBadRequest, "invalid_input", requestID))
		h.requireError(h.apply(guestConfig(h)), "invalid_input, HTTP 400 on /access_codes/create, request id "+requestID)
		fault.Remove()
		h.seam.InjectFault(bodyRequestIDFault("/access_codes/create", http.StatusConflict, "duplicate_access_code", requestID))
		h.requireError(h.apply(guestConfig(h)), "already has an access code", "duplicate_access_code", "request id "+requestID)
	})
}

func TestAccessCode_errorShowsNoEmptyRequestID(t *testing.T) {
	for _, id := range []string{"", "4821", "\u202ereq", "req 1", "req-4821"} {
		withHarness(t, func(h *harness) {
			h.seam.InjectFault(bodyRequestIDFault("/access_codes/create", http.StatusConflict, "duplicate_access_code", id))
			diags := h.apply(guestConfig(h))
			h.requireError(diags, "already has an access code", "duplicate_access_code")
			requireAbsent(t, strings.ReplaceAll(errorText(diags), h.lock.ID, ""), "request id", "4821", "req")
		})
	}
}

func TestAccessCode_receiptHoldsTheRequestIDOfTheBody(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveAccessCode(h.id())
		h.seam.InjectFault(bodyRequestIDFault("/access_codes/get", http.StatusNotFound, "access_code_not_found", requestID))
		h.requireNoError(h.destroyWithoutRefresh())
		requireEqual(t, "request id", h.requireReceipt(receipts).Proofs[0].RequestID, requestID)
	})
}
