//go:build contract

package contract

import (
	"net/http"
	"slices"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

func (h *clientHarness) acsUser(id any) jsonObject {
	h.t.Helper()
	user, _ := h.ok(h.t, "/acs/users/get", jsonObject{"acs_user_id": id})["acs_user"].(jsonObject)
	return user
}

func acsUsers(h *clientHarness) {
	ana := jsonObject{"acs_system_id": h.system, "full_name": "Ana", "email_address": "ana@example.com", "phone_number": "+15551234567"}
	created := h.ok(h.t, "/acs/users/create", ana)["acs_user"]
	id := valueAt(created, "acs_user_id")
	user := h.acsUser(id)
	for field, want := range ana {
		assertEqual(h.t, field, user[field], want)
	}
	assertEqual(h.t, "suspended", user["is_suspended"], any(false))
	assertEqual(h.t, "workspace", stringAt(user, "workspace_id"), h.workspace)

	h.ok(h.t, "/acs/users/update", jsonObject{"acs_user_id": id, "full_name": "Ana Silva", "email_address": "silva@example.com"})
	user = h.acsUser(id)
	assertEqual(h.t, "name", stringAt(user, "full_name"), "Ana Silva")
	assertEqual(h.t, "email address", stringAt(user, "email_address"), expected(h.server, acsUserKeepsEmail, "ana@example.com", "silva@example.com"))
	for verb, suspended := range map[string]bool{"suspend": true, "unsuspend": false} {
		h.ok(h.t, "/acs/users/"+verb, jsonObject{"acs_user_id": id})
		assertEqual(h.t, "suspended", h.acsUser(id)["is_suspended"], any(suspended))
	}
	listed := func(filter jsonObject) bool {
		return slices.ContainsFunc(listAt(h.ok(h.t, "/acs/users/list", filter), "acs_users"), func(u any) bool { return valueAt(u, "acs_user_id") == id })
	}
	assertEqual(h.t, "listed", listed(jsonObject{"acs_system_id": h.system}), true)
	assertEqual(h.t, "listed in another system", listed(jsonObject{"acs_system_id": unknownID}), false)

	h.withKey(h.foreignKey).wantError(h.t, "/acs/users/get", jsonObject{"acs_user_id": id}, http.StatusNotFound, "acs_user_not_found")
	h.ok(h.t, "/acs/users/delete", jsonObject{"acs_user_id": id})
	for _, path := range []string{"/acs/users/get", "/acs/users/delete", "/acs/users/suspend"} {
		h.wantError(h.t, path, jsonObject{"acs_user_id": id}, http.StatusNotFound, "acs_user_not_found")
	}
	h.wantStatus(h.t, acsUserUpdateFails, "/acs/users/update", jsonObject{"acs_user_id": id, "full_name": "Ana"}, http.StatusInternalServerError, http.StatusNotFound)
	h.wantError(h.t, "/acs/users/create", jsonObject{"acs_system_id": unknownID, "full_name": "Ana"}, http.StatusNotFound, "acs_system_not_found")
	h.wantError(h.t, "/acs/users/create", jsonObject{"acs_system_id": h.system}, http.StatusBadRequest, expected(h.server, acsUserNameCode, "full_name_required", "invalid_input"))
	for path, body := range map[string]jsonObject{"/acs/credentials/list": {"acs_system_id": h.system}, "/acs/access_groups/list": {}} {
		assertEqual(h.t, path+": is there", h.hasRoute(path, body), !h.deviates(noAcsGroupsOrCredentials))
	}
}

func clientManagesAcsUsers(h *clientHarness) {
	ctx := h.t.Context()
	text := seam.Value[string]
	made, err := seam.AcsUsers.Create(ctx, h.client, seam.AcsUserInput{SystemID: h.system, FullName: text("Ben"), EmailAddress: text("ben@example.com")})
	clienttest.Must(h.t, err)
	ref := seam.Ref{ID: made.ID, WorkspaceID: h.workspace}
	renamed, err := h.client.UpdateAcsUser(ctx, ref, seam.AcsUserInput{FullName: text("Ben Okoro")}, nil)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "name", renamed.FullName, "Ben Okoro")
	for _, suspended := range []bool{true, false} {
		now, err := h.client.SuspendAcsUser(ctx, ref, suspended)
		clienttest.Must(h.t, err)
		assertEqual(h.t, "suspended", now.Suspended(), suspended)
	}
	target := removal.AcsUser{ID: made.ID, SystemID: h.system}
	err = removal.RemoveAcsUser(ctx, h.client, target, removal.Options{WorkspaceID: h.workspace, Mode: removal.Verified, Timeout: removalTimeout, Warn: h.warn, Save: func(removal.Checkpoint) {}})
	if h.deviates(noAcsGroupsOrCredentials) { // without a list of credentials nothing is proven, so nothing is deleted
		clienttest.AssertError(h.t, err, "/acs/credentials/list")
		assertEqual(h.t, "is there", stringAt(h.acsUser(made.ID), "acs_user_id"), made.ID)
		clienttest.Must(h.t, seam.AcsUsers.Delete(ctx, h.client, ref))
		return
	}
	clienttest.Must(h.t, err)
	_, err = seam.AcsUsers.Get(ctx, h.client, ref)
	_ = clienttest.MustBe[*seam.NotFoundError](h.t, err)
}
