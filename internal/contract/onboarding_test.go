//go:build contract

package contract

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// connectAccount makes a page, on which a person connects an account.
func (h *clientHarness) connectAccount(more jsonObject) (webview, account jsonObject) {
	h.t.Helper()
	created := h.ok(h.t, "/connect_webviews/create", more)["connect_webview"]
	assertEqual(h.t, "status", stringAt(created, "status"), "pending")
	id := jsonObject{"connect_webview_id": valueAt(created, "connect_webview_id")}
	h.completeConnectWebview(h.t, stringAt(created, "connect_webview_id"))
	webview, _ = h.ok(h.t, "/connect_webviews/get", id)["connect_webview"].(jsonObject)
	assertEqual(h.t, "status", stringAt(webview, "status"), "authorized")
	account, _ = h.ok(h.t, "/connected_accounts/get", jsonObject{"connected_account_id": webview["connected_account_id"]})["connected_account"].(jsonObject)
	return webview, account
}

func connectWebviews(h *clientHarness) {
	webview, account := h.connectAccount(jsonObject{
		"accepted_providers": []string{"yale"}, "custom_redirect_url": "https://example.com/done",
		"custom_metadata": jsonObject{"floor": "2"}, "customer_key": "acme", "automatically_manage_new_devices": false,
	})
	assertEqual(h.t, "provider", listAt(webview, "accepted_providers")[0], any("yale"))
	assertEqual(h.t, "redirect", stringAt(webview, "custom_redirect_url"), "https://example.com/done")
	assertEqual(h.t, "url", strings.HasPrefix(stringAt(webview, "url"), "https://"), true)
	assertEqual(h.t, "workspace", stringAt(webview, "workspace_id"), h.workspace)
	assertEqual(h.t, "account", stringAt(account, "connected_account_id"), stringAt(webview, "connected_account_id"))
	assertEqual(h.t, "metadata", stringAt(webview, "custom_metadata", "floor"), expected(h.server, webviewsIgnoreFields, "", "2"))
	assertEqual(h.t, "metadata of the account", stringAt(account, "custom_metadata", "floor"), expected(h.server, webviewsIgnoreFields, "", "2"))
	assertEqual(h.t, "customer", stringAt(webview, "customer_key"), expected(h.server, webviewsIgnoreFields, "", "acme"))
	assertEqual(h.t, "manages new devices", valueAt(webview, "automatically_manage_new_devices"), any(h.deviates(webviewsIgnoreFields)))

	id := jsonObject{"connect_webview_id": webview["connect_webview_id"]}
	listed := func(s *server) bool {
		return slices.ContainsFunc(listAt(s.ok(h.t, "/connect_webviews/list", jsonObject{}), "connect_webviews"), func(w any) bool {
			return valueAt(w, "connect_webview_id") == webview["connect_webview_id"]
		})
	}
	assertEqual(h.t, "listed", listed(h.server), true)
	assertEqual(h.t, "listed with another key", listed(h.withKey(h.foreignKey)), false)
	h.withKey(h.foreignKey).wantStatus(h.t, webviewsOfOtherWorkspaces, "/connect_webviews/get", id, http.StatusOK, http.StatusNotFound)
	h.wantError(h.t, "/connect_webviews/get", jsonObject{"connect_webview_id": unknownID}, http.StatusNotFound, "connect_webview_not_found")
	if deletes := h.hasRoute("/connect_webviews/delete", id); deletes == h.deviates(noWebviewDelete) {
		h.t.Errorf("can be deleted: %v", deletes)
	}
}

func connectedAccounts(h *clientHarness) {
	_, account := h.connectAccount(jsonObject{})
	id := account["connected_account_id"]
	read := func() jsonObject {
		now, _ := h.ok(h.t, "/connected_accounts/get", jsonObject{"connected_account_id": id})["connected_account"].(jsonObject)
		return now
	}
	update := func(more jsonObject) jsonObject {
		more["connected_account_id"] = id
		h.ok(h.t, "/connected_accounts/update", more)
		return read()
	}
	after := update(jsonObject{"automatically_manage_new_devices": false, "custom_metadata": jsonObject{"floor": "2"}, "display_name": "Canal Street", "customer_key": "acme", "accepted_capabilities": []string{"camera"}})
	assertEqual(h.t, "manages new devices", after["automatically_manage_new_devices"], any(false))
	assertEqual(h.t, "metadata", stringAt(after, "custom_metadata", "floor"), "2")
	assertEqual(h.t, "name", stringAt(after, "display_name") == "Canal Street", !h.deviates(accountsIgnoreFields))
	assertEqual(h.t, "customer", stringAt(after, "customer_key"), expected(h.server, accountsIgnoreFields, "", "acme"))
	assertEqual(h.t, "capabilities", slices.Contains(listAt(after, "accepted_capabilities"), any("camera")), !h.deviates(accountsIgnoreFields))
	after = update(jsonObject{"custom_metadata": jsonObject{"wing": "east"}})
	assertEqual(h.t, "metadata", stringAt(after, "custom_metadata", "wing"), "east")
	assertEqual(h.t, "metadata that was left out", valueAt(after, "custom_metadata", "floor") != nil, h.deviates(accountsMergeMetadata))
	assertEqual(h.t, "removed metadata", valueAt(update(jsonObject{"custom_metadata": jsonObject{"wing": nil}}), "custom_metadata", "wing"), nil)

	h.withKey(h.foreignKey).wantStatus(h.t, accountsOfOtherWorkspaces, "/connected_accounts/get", jsonObject{"connected_account_id": id}, http.StatusOK, http.StatusNotFound)
	for _, path := range []string{"/connected_accounts/get", "/connected_accounts/update", "/connected_accounts/delete"} {
		h.wantError(h.t, path, jsonObject{"connected_account_id": unknownID}, http.StatusNotFound, "connected_account_not_found")
	}
	h.wantError(h.t, "/connected_accounts/get", jsonObject{"email": "nobody@example.com"}, http.StatusNotFound, "connected_account_not_found")
	h.ok(h.t, "/connected_accounts/delete", jsonObject{"connected_account_id": id})
	h.wantError(h.t, "/connected_accounts/get", jsonObject{"connected_account_id": id}, http.StatusNotFound, "connected_account_not_found")
}

func clientOnboards(h *clientHarness) {
	ctx := h.t.Context()
	page, err := seam.ConnectWebviews.Create(ctx, h.client, seam.ConnectWebviewInput{AcceptedProviders: []string{"yale"}})
	clienttest.Must(h.t, err)
	h.completeConnectWebview(h.t, page.ID)
	page, err = seam.ConnectWebviews.Get(ctx, h.client, seam.Ref{ID: page.ID})
	clienttest.Must(h.t, err)
	assertEqual(h.t, "status", page.Status, seam.WebviewAuthorized)
	account, err := seam.ConnectedAccounts.Create(ctx, h.client, seam.ConnectedAccountInput{
		ID: page.ConnectedAccountID, ManageNewDevices: new(false), ChangedMetadata: map[string]*string{"floor": new("2"), "wing": new("east")},
	})
	clienttest.Must(h.t, err)
	ref := seam.Ref{ID: account.ID, WorkspaceID: h.workspace}
	assertEqual(h.t, "adopted", account.ID, page.ConnectedAccountID)
	assertEqual(h.t, "manages new devices", account.ManageNewDevices, false)
	if email := account.UserIdentifier.Email; email != "" {
		found, err := h.client.ConnectedAccountByEmail(ctx, email)
		clienttest.Must(h.t, err)
		assertEqual(h.t, "by email", found.ID, account.ID)
	}
	account, err = seam.ConnectedAccounts.Update(ctx, h.client, ref, seam.ConnectedAccountInput{ChangedMetadata: map[string]*string{"wing": nil}})
	clienttest.Must(h.t, err)
	assertEqual(h.t, "metadata", account.Metadata()["floor"], "2")
	_, there := account.Metadata()["wing"]
	assertEqual(h.t, "removed metadata is there", there, false)
	clienttest.Must(h.t, h.client.DeleteConnectedAccount(ctx, ref))
	_, err = seam.ConnectedAccounts.Get(ctx, h.client, ref)
	_ = clienttest.MustBe[*seam.NotFoundError](h.t, err)
	if !h.deviates(noWebviewDelete) {
		clienttest.Must(h.t, seam.ConnectWebviews.Delete(ctx, h.client, seam.Ref{ID: page.ID}))
	}
}

// clientKeepsAccounts is why a code on a lock of an account keeps the account.
func clientKeepsAccounts(h *clientHarness) {
	created, w := h.createGuest(), h.recordCalls()
	account := stringAt(h.device(h.lock), "connected_account_id")
	err := h.client.DeleteConnectedAccount(h.t.Context(), seam.Ref{ID: account})
	clienttest.AssertError(h.t, err, "its connected account is deleted", created.ID)
	assertEqual(h.t, "deletes", len(w.callsTo("/connected_accounts/delete")), 0)
	clienttest.Must(h.t, h.remove(created))
}

func clientManagesSessions(h *clientHarness) {
	ctx := h.t.Context()
	in := seam.ClientSessionInput{UserIdentifierKey: "ben", ConnectedAccountIDs: []string{}}
	made, err := seam.ClientSessions.Create(ctx, h.client, in)
	if h.deviates(noSessionListOrDelete) {
		clienttest.AssertError(h.t, err, "Nothing was created", "/client_sessions/list")
		return
	}
	clienttest.Must(h.t, err)
	ref := seam.Ref{ID: made.ID}
	found, err := seam.ClientSessions.GetBy(ctx, h.client, "user_identifier_key", "ben")
	clienttest.Must(h.t, err)
	assertEqual(h.t, "by its key", found.ID, made.ID)
	account := stringAt(h.device(h.lock), "connected_account_id")
	changed, err := h.client.GrantSessionAccess(ctx, ref, seam.ClientSessionInput{ConnectedAccountIDs: []string{account}})
	clienttest.Must(h.t, err)
	assertEqual(h.t, "account", changed.ConnectedAccountIDs[0], account)
	clienttest.Must(h.t, seam.ClientSessions.Delete(ctx, h.client, ref))
	_, err = seam.ClientSessions.Get(ctx, h.client, ref)
	_ = clienttest.MustBe[*seam.NotFoundError](h.t, err)
}

// clientCreatesWorkspace is why a new workspace is read with a header of its own.
func clientCreatesWorkspace(h *clientHarness) {
	ctx := h.t.Context()
	config := h.config()
	config.APIKey, config.PersonalAccessToken, config.WorkspaceID = "", h.token, h.workspace
	client, err := seam.New(config)
	clienttest.Must(h.t, err)
	made, err := seam.Workspaces.Create(ctx, client, seam.WorkspaceInput{New: true, Name: new("Annex"), ConnectPartnerName: new("Canal"), IsSandbox: new(true)})
	clienttest.Must(h.t, err)
	assertEqual(h.t, "another one", made.ID != h.workspace && made.ID != "", true)
	read, err := seam.Workspaces.Read(ctx, client, made.ID, true)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "name", read.Name, "Annex")
	assertEqual(h.t, "is a sandbox", read.IsSandbox, true)
	_, err = seam.Workspaces.Read(ctx, client, made.ID, false)
	clienttest.AssertError(h.t, err, made.ID, "These credentials cannot read it")
	own, err := client.Workspace(ctx)
	clienttest.Must(h.t, err)
	assertEqual(h.t, "own workspace", own, h.workspace)

	withToken := h.withKey(h.token)
	listed := slices.ContainsFunc(listAt(withToken.ok(h.t, "/workspaces/list", jsonObject{}), "workspaces"), func(w any) bool { return stringAt(w, "workspace_id") == made.ID })
	assertEqual(h.t, "listed", listed, !h.deviates(newWorkspaceIsNotListed))
	_, err = seam.Workspaces.Create(ctx, h.client, seam.WorkspaceInput{New: true, Name: new("Annex 2")})
	clienttest.AssertError(h.t, err, "An API key belongs to one workspace")
	assertEqual(h.t, "can be updated", h.hasRoute("/workspaces/update", jsonObject{}), !h.deviates(noWorkspaceUpdate))
}
