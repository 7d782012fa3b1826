package provider

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a server says cannot paint over the terminal, flood it, or tell the PIN.
func TestAccessCode_apiMessagesAreSanitized(t *testing.T) {
	forEach(t, map[string]string{
		"escape sequences":      "\x1b[2J\x1b[31mAll is well\r\n\x07\u009b2K",
		"marks of direction":    "\u202eneddih\u202c \u2066x\u2069\u200f",
		"the PIN in two":        "PIN 48 21, or 4-8-2-1, is taken",
		"the PIN, invisible":    "PIN 4\u200b8\u200b2\u200b1 is taken",
		"the PIN in base64":     "PIN " + base64.StdEncoding.EncodeToString([]byte("4821")) + " is taken",
		"the PIN, encoded":      "PIN %34%38%32%31 is taken",
		"a text without an end": strings.Repeat("very long ", 100_000),
	}, func(h *harness, message string) {
		h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Status: http.StatusBadRequest, Type: "odd", Message: message})
		diags := h.apply(guestConfig(h))
		h.requireError(diags, "odd, HTTP 400 on /access_codes/create")
		said := strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", "")
		if strings.ContainsAny(said, "\x1b\r\x07\u009b\u202e\u202c\u2066\u2069\u200f\u200b") || len(said) > 1500 {
			h.t.Errorf("%d bytes: %q", len(said), said)
		}
		requireAbsent(h.t, said, "48 21", "4-8-2-1", "4821", "NDgyMQ", "%34%38")
	})
}

func TestAccessCode_candidateNamesAreSanitized(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.AddLock("Back\x1b[2J Door\u202e\n1204")
		h.createOutside(values{"device_id": h.lock.ID, "code": "482163", "name": "Ana\x1b[2J, PIN 48 21 63"})
		h.requireReadError("seam_device", values{"name": "Attic"}, "Back[2J Door 1204 (")
		h.requireReadError("seam_access_code", values{"device_id": h.lock.ID, "code": "7319"}, `"Ana[2J, PIN ****"`)
	})
}

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
