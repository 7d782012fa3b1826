package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
)

var ana = values{"user_identity_key": "staff-ana", "full_name": "Ana", "email_address": "ana@example.com"}

func TestUserIdentity_conforms(t *testing.T) {
	c := acctest.NounCase("user_identity", "user_identities")
	c.Configs = func(*acctest.Harness) (before, after, other arguments) {
		return arguments(ana), arguments{"full_name": "Ana", "phone_number": "+15551234567"}, nil
	}
	c.Lookup = func(*acctest.Harness, string) arguments { return arguments{"user_identity_key": "staff-ana"} }
	c.OtherPaths = append(c.OtherPaths, "/access_grants/list")
	c.Except = map[string]string{"replace": "Everything can change in place."}
	conform(t, c)
}

func TestUserIdentity_importByKey(t *testing.T) {
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.seam.AddObject("user_identity", map[string]any(ana))
		h.requireNoDiagnostics(h.importID("key:staff-ana"))
		h.requireCleanPlan(ana)
		h.requireError(h.newObject("seam_user_identity").importID("key:nobody"), "Unable to import user identity", "There is no user identity")
	})
}

func TestUserIdentity_accessGrantsPreventDestroy(t *testing.T) {
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		grant := h.seam.AddObject("access_grant", map[string]any{"user_identity_id": h.id(), "requested_access_methods": []any{}, "access_method_ids": []any{}})
		h.requireError(h.destroy(), "Unable to delete user identity", "still has access grants: "+grant.ID, "Delete the access grants first")
		h.requireRequests("/user_identities/delete", 0)
	})
}

// Is an identity that was merged into another one followed, or taken for gone?
func TestUserIdentity_mergedIsAnError(t *testing.T) {
	withHarnessFor(t, "seam_user_identity", func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		primary := h.seam.AddObject("user_identity", map[string]any{"full_name": "Ana Maria"})
		h.seam.MergeUserIdentities(primary.ID, h.id())
		says := []string{"merged into user identity " + primary.ID, "terraform import 'ADDRESS' " + primary.ID}
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), says...); h.requireError(h.destroyWithoutRefresh(), says...) })
	})
}
