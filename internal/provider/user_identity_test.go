package provider

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func withUserIdentityHarness(t *testing.T, test func(*harness)) {
	t.Helper()
	withHarnessFor(t, "seam_user_identity", test)
}

var ana = values{"user_identity_key": "staff-ana", "full_name": "Ana", "email_address": "ana@example.com"}

func TestUserIdentity_lifecycle(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		made := h.seam.Objects("user_identity")[0]
		requireEqual(t, "kept", []any{h.id(), h.attribute("display_name"), h.attribute("workspace_id")}, []any{made.ID, "Ana", h.seam.Workspace().ID})
		h.requireNoDiagnostics(h.refresh())
		if p := h.plan(ana); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		h.requireNoDiagnostics(h.apply(values{"phone_number": "+15551234567"}))
		now := h.seam.Objects("user_identity")[0]
		requireEqual(t, "cleared", []any{now.ID, now.Fields["full_name"], now.Fields["email_address"], now.Fields["user_identity_key"], now.Text("phone_number")}, []any{made.ID, nil, nil, nil, "+15551234567"})
		requireEqual(t, "display name", h.attribute("display_name"), any(now.Text("display_name")))
		h.requireNoDiagnostics(h.apply(values{"phone_number": "+15551234567", "timeouts": values{"delete": "1m"}}))
		h.requireRequests("/user_identities/update", 1) // a timeout is nothing to send
		h.seam.SetDeleteLag("user_identity", seamtest.DeleteLag{Get: 30 * time.Second, List: 30 * time.Second})
		h.requireNoDiagnostics(h.destroy())
		requireEqual(t, "left over", len(h.seam.Objects("user_identity")), 0)
	})
}

func TestUserIdentity_importAndDataSource(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		id := h.id()
		for _, importID := range []string{id, "key:staff-ana"} {
			h.state, h.private = h.nullState(), nil
			h.requireNoDiagnostics(h.importID(importID))
			if p := h.plan(ana); h.id() != id || !p.empty() {
				t.Errorf("imported by %s: %s, and the plan changes %v", importID, h.id(), p.changes())
			}
		}
		for _, lookup := range []values{{"id": id}, {"user_identity_key": "staff-ana"}} {
			read := h.mustReadDataSource("seam_user_identity", lookup)
			for _, name := range []string{"id", "user_identity_key", "full_name", "email_address", "display_name", "created_at", "workspace_id"} {
				requireEqual(t, name, read[name], h.attribute(name))
			}
		}
		h.requireReadError("seam_user_identity", values{"user_identity_key": "nobody"}, "There is no user identity with user_identity_key nobody")
		h.seam.AddObject("user_identity", values{"full_name": "Bob"})
		found := h.mustList("seam_user_identity", values{"search": "Ana"})
		requireEqual(t, "found", []any{len(found), found[0].id, found[0].name}, []any{1, id, "Ana"})
		h.requireError(h.importID("key:nobody"), "Unable to import user identity", "There is no user identity")
	})
}

func TestUserIdentity_accessGrantsPreventDestroy(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		grant := h.seam.AddObject("access_grant", values{"user_identity_id": h.id(), "requested_access_methods": []any{}, "access_method_ids": []any{}})
		h.requireError(h.destroy(), "Unable to delete user identity", "still has access grants: "+grant.ID, "Delete them first")
		h.seam.InjectFault(seamtest.Fault{Path: "/access_grants/list", Status: 500, Times: 6})
		h.requireError(h.destroy(), "looking for access grants")
		h.requireRequests("/user_identities/delete", 0)
		h.seam.RemoveObject("access_grant", grant.ID)
		h.requireNoDiagnostics(h.destroy())
	})
}

func TestUserIdentity_mergedIsNeitherFollowedNorGone(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		h.requireNoDiagnostics(h.apply(ana))
		primary := h.seam.AddObject("user_identity", values{"full_name": "Ana Maria"})
		h.seam.MergeUserIdentities(primary.ID, h.id())
		says := []string{"merged into user identity " + primary.ID, "terraform import 'ADDRESS' " + primary.ID, "request id"}
		h.requireStateUnchanged(func() {
			h.requireError(h.refresh(), says...)
			h.requireError(h.applyWithoutRefresh(ana.with(values{"full_name": "Other"})), says...)
			h.requireError(h.destroyWithoutRefresh(), says...)
		})
		h.requireReadError("seam_user_identity", values{"user_identity_key": "staff-ana"}, says[0])
		requireEqual(t, "primary", h.seam.Object("user_identity", primary.ID).Text("full_name"), "Ana Maria")
	})
}

func TestUserIdentity_lostCreateAndTakenKey(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: "/user_identities/create", Drop: seamtest.DropAfter, Times: 1})
		h.requireNoDiagnostics(h.apply(ana))
		requireEqual(t, "made", []any{len(h.seam.Objects("user_identity")), h.seam.Objects("user_identity")[0].ID}, []any{1, h.id()})
		h.requireError(h.newObject("seam_user_identity").apply(ana), "user_identity_key staff-ana is taken", h.id(), "terraform import 'ADDRESS' "+h.id())
		h.requireError(h.newObject("seam_user_identity").apply(values{"email_address": "ana@example.com"}), "user_identity_email_or_phone_conflict")
	})
}

func TestUserIdentity_onlyATypedNotFoundMeansGone(t *testing.T) {
	for _, f := range []seamtest.Fault{{Status: 404}, {Status: 404, Type: "not_found"}, {Status: 400, Type: "user_identity_not_found"}, {Status: 401, Type: "user_identity_not_found"}, {Status: 500}} {
		t.Run(fmt.Sprint(f.Status, f.Type), func(t *testing.T) {
			withUserIdentityHarness(t, func(h *harness) {
				h.requireNoDiagnostics(h.apply(ana))
				f.Path = "/user_identities/get"
				fault := h.seam.InjectFault(f)
				h.requireStateUnchanged(func() {
					for what, diags := range map[string]bool{"refresh": hasError(h.refresh()), "destroy": hasError(h.destroyWithoutRefresh())} {
						if !diags {
							t.Errorf("a %s takes it for gone", what)
						}
					}
				})
				fault.Remove()
				h.seam.RemoveObject("user_identity", h.id())
				h.requireWarning(h.refresh(), "Removed outside Terraform")
				h.requireNoState()
			})
		})
	}
}

func TestUserIdentity_emptyTextsAreRefused(t *testing.T) {
	withUserIdentityHarness(t, func(h *harness) {
		for _, name := range slices.Sorted(slices.Values([]string{"user_identity_key", "full_name", "email_address", "phone_number"})) {
			if h.plan(values{name: ""}).errors() == "" {
				t.Errorf("an empty %s is accepted", name)
			}
		}
	})
}
