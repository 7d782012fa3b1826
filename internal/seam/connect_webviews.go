package seam

import "net/url"

// ConnectWebview is a web page on which a person connects an account. Whoever has its URL can do that.
type ConnectWebview struct {
	ID                   string    `json:"connect_webview_id"`
	URL                  string    `json:"url"`
	Status               string    `json:"status"`
	ConnectedAccountID   string    `json:"connected_account_id"`
	AcceptedProviders    []string  `json:"accepted_providers"`
	AcceptedCapabilities []string  `json:"accepted_capabilities"`
	ManageNewDevices     bool      `json:"automatically_manage_new_devices"`
	WaitForDevices       bool      `json:"wait_for_device_creation"`
	CustomMetadata       Metadata  `json:"custom_metadata"`
	RedirectURL          string    `json:"custom_redirect_url"`
	RedirectFailureURL   string    `json:"custom_redirect_failure_url"`
	CustomerKey          string    `json:"customer_key"`
	SelectedProvider     string    `json:"selected_provider"`
	AuthorizedAt         Timestamp `json:"authorized_at"`
	CreatedAt            Timestamp `json:"created_at"`
}

// WebviewAuthorized is the status of a Connect Webview on which an account was connected.
const WebviewAuthorized = "authorized"

// ObjectID is the Connect Webview's id.
func (w ConnectWebview) ObjectID() string { return w.ID }

func (w ConnectWebview) secrets() []string {
	secrets := []string{w.URL}
	if u, err := url.Parse(w.URL); err == nil {
		secrets = append(secrets, u.Query().Get("auth_token"))
	}
	return secrets
}

// ConnectWebviewInput holds the parameters of a new Connect Webview. Nothing can be changed later.
type ConnectWebviewInput struct {
	AcceptedProviders    []string          `json:"accepted_providers,omitzero"`
	ExcludedProviders    []string          `json:"excluded_providers,omitzero"`
	ProviderCategory     string            `json:"provider_category,omitempty"`
	AcceptedCapabilities []string          `json:"accepted_capabilities,omitzero"`
	ManageNewDevices     *bool             `json:"automatically_manage_new_devices,omitempty"`
	WaitForDevices       *bool             `json:"wait_for_device_creation,omitempty"`
	CustomMetadata       map[string]string `json:"custom_metadata,omitempty"`
	RedirectURL          string            `json:"custom_redirect_url,omitempty"`
	RedirectFailureURL   string            `json:"custom_redirect_failure_url,omitempty"`
	CustomerKey          string            `json:"customer_key,omitempty"`
}

// ConnectWebviews are the Connect Webviews of the workspace.
var ConnectWebviews = Endpoint[ConnectWebview, ConnectWebviewInput]{
	Path: "/connect_webviews", One: "connect_webview", Many: "connect_webviews", Scope: "customer_key",
}
