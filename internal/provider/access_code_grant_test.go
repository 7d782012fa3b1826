package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does a code that a grant would create again get into a state of its own?
func TestAccessCode_ofAGrantIsRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		person := h.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"})
		h.Call("/access_grants/create", map[string]any{
			"user_identity_id": person.ID, "device_ids": []any{h.lock.ID}, "requested_access_methods": []any{values{"mode": "code", "code": "4821"}},
		})
		code, grant := h.seam.AccessCodes()[0].ID, h.seam.Objects("access_grant")[0].ID
		h.requireError(h.importID(code), "belongs to access grant "+grant, "import 'ADDRESS' "+grant, "seam_access_grant")
		h.requireNoState()
	})
}

func TestAccessCode_grantThatCannotBeReadIsAWarning(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		id := h.id()
		h.Forget()
		h.restart()
		h.seam.InjectFault(seamtest.Fault{Path: "/access_grants/list", Status: 404})
		h.requireWarning(h.importID(id), "Access grant not checked", id)
		h.requireOpens("4821", true)
		h.mustDestroy("4821")
	})
}
