package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const requestID = "7f0c7f6e-5b8e-4a57-a6c2-8d1f0a3b9c11"

// unheaded is an error of Seam's that names its request in the body only.
func unheaded(path string, status int, kind, id string) seamtest.Fault {
	return seamtest.Fault{
		Path: path, Status: status, ContentType: "application/json",
		Body: fmt.Sprintf(`{"error":{"type":%q,"message":"As planned","request_id":%q},"ok":false}`, kind, id),
	}
}

func TestTheRequestIDInTheBodyIsTold(t *testing.T) {
	inWorld(t, func(w *world) {
		fault := w.seam.InjectFault(unheaded("/access_codes/create", http.StatusBadRequest, "invalid_input", requestID))
		w.fails(w.apply(guest(w)), "invalid_input, HTTP 400 on /access_codes/create, request id "+requestID)
		fault.Remove()
		w.seam.InjectFault(unheaded("/access_codes/create", http.StatusConflict, "duplicate_access_code", requestID))
		w.fails(w.apply(guest(w)), "already has an access code", "duplicate_access_code", "request id "+requestID)
	})
}

func TestNoEmptyRequestIDIsTold(t *testing.T) {
	for _, id := range []string{"", "4821", "\u202ereq", "req 1", "req-4821"} {
		inWorld(t, func(w *world) {
			w.seam.InjectFault(unheaded("/access_codes/create", http.StatusConflict, "duplicate_access_code", id))
			diags := w.apply(guest(w))
			w.fails(diags, "already has an access code", "duplicate_access_code")
			for _, part := range []string{"request id", "4821", "req"} {
				if said := text(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(strings.ReplaceAll(said, w.lock.ID, ""), part) {
					t.Errorf("%q is said in: %s", part, said)
				}
			}
		})
	}
}

func TestTheRequestIDInTheBodyIsInTheReceipt(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.ok(w.apply(guest(w)))
		w.seam.RemoveAccessCode(w.id())
		w.seam.InjectFault(unheaded("/access_codes/get", http.StatusNotFound, "access_code_not_found", requestID))
		w.ok(w.delete())
		got := receipts()
		if len(got) != 1 || len(got[0].Proofs) == 0 || got[0].Proofs[0].RequestID != requestID {
			t.Errorf("receipts %+v", got)
		}
	})
}
