package seamtest

import "maps"

// connectWebview is a page on which a person connects an account. The fake serves no such page.
var connectWebview = rules{
	secrets: []string{"url"},
	complete: func(_ *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"any_provider_allowed": false, "automatically_manage_new_devices": true, "wait_for_device_creation": false, "device_selection_mode": "none",
			"custom_metadata": jsonObject{}, "status": "pending", "login_successful": false,
		}
		if fields["url"] == nil {
			defaults["url"] = "https://connect.getseam.com/connect_webviews/view?auth_token=" + newSecret("W")
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
}

// CompleteConnectWebview connects an account, as a person does on the page, and returns it.
func (s *Server) CompleteConnectWebview(id string) Object {
	account := s.AddObject("connected_account", jsonObject{"custom_metadata": s.Object("connect_webview", id).Fields["custom_metadata"]})
	s.ChangeObject("connect_webview", id, jsonObject{
		"status": "authorized", "login_successful": true, "connected_account_id": account.ID, "selected_provider": "yale",
		"authorized_at": account.Fields["created_at"],
	})
	return account
}
