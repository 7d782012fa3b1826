package seamtest

import (
	"net/http"
	"testing"
	"time"
)

// After the account is deleted, Seam does not know the lock, and its PINs still open it.
func TestConnectedAccount_deleteLeavesPINsOnTheLock(t *testing.T) {
	s, l, c, clock := setup(t)
	id := jsonObject{"connected_account_id": s.AddObject("connected_account", nil).ID}
	l.SetConnectedAccount(Object{Fields: id}.Text("connected_account_id"))
	c.create(l, jsonObject{"code": "1234"})
	clock.advance(time.Minute)
	assertOpens(t, l, "1234", true)
	c.ok("/connected_accounts/delete", id)
	c.wantMissing("connected_account", id, "/connected_accounts/get")
	c.wantListed("/devices/list", jsonObject{}, 0)
	assertOpens(t, l, "1234", true)
}

func TestConnectedAccount_update(t *testing.T) {
	s, _, c, _ := setup(t)
	account := s.AddObject("connected_account", jsonObject{"user_identifier": jsonObject{"email": "ana@example.com"}, "custom_metadata": jsonObject{"floor": "1", "vip": true}})
	id := jsonObject{"connected_account_id": account.ID}
	assertShows(t, c.ok("/connected_accounts/get", jsonObject{"email": "ana@example.com"}), jsonObject{"connected_account.connected_account_id": account.ID})
	c.wantMissing("connected_account", jsonObject{"email": "ben@example.com"}, "/connected_accounts/get")
	with := func(more jsonObject) jsonObject { return merged(id, more) }
	changed := c.ok("/connected_accounts/update", with(jsonObject{"custom_metadata": jsonObject{"floor": "2", "hall": nil}, "customer_key": "acme"}))
	assertEqual(t, "metadata", len(objectField(objectAt(changed, "connected_account"), "custom_metadata")), 1)
	c.ok("/connected_accounts/update", with(jsonObject{"customer_key": "acme"}))
	c.wantError("/connected_accounts/update", with(jsonObject{"customer_key": "other"}), http.StatusBadRequest, "invalid_input")
}

func TestConnectWebview_complete(t *testing.T) {
	s, _, c, _ := setup(t)
	made := objectAt(c.ok("/connect_webviews/create", jsonObject{"custom_metadata": jsonObject{"floor": "1"}}), "connect_webview")
	assertShows(t, made, jsonObject{"status": "pending", "connected_account_id": nil})
	webview, _ := made["connect_webview_id"].(string)
	account := s.CompleteConnectWebview(webview)
	read := objectAt(c.ok("/connect_webviews/get", jsonObject{"connect_webview_id": webview}), "connect_webview")
	assertShows(t, read, jsonObject{"status": "authorized", "connected_account_id": account.ID})
	c.ok("/connect_webviews/delete", jsonObject{"connect_webview_id": webview})
	assertShows(t, c.ok("/connected_accounts/get", jsonObject{"connected_account_id": account.ID}), jsonObject{"connected_account.custom_metadata.floor": "1"})
}
