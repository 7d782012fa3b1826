package seam

import "context"

// DeviceProvider is a brand or system that Seam supports.
type DeviceProvider struct {
	Name              string   `json:"device_provider_name"`
	DisplayName       string   `json:"display_name"`
	ImageURL          string   `json:"image_url"`
	Categories        []string `json:"provider_categories"`
	CanRemotelyLock   *bool    `json:"can_remotely_lock"`
	CanRemotelyUnlock *bool    `json:"can_remotely_unlock"`
	CanProgramOnline  *bool    `json:"can_program_online_access_codes"`
	CanProgramOffline *bool    `json:"can_program_offline_access_codes"`
}

// DeviceProviders lists the device providers, only those of one category unless it is empty.
func (c *Client) DeviceProviders(ctx context.Context, category string) ([]DeviceProvider, error) {
	filter := map[string]any{}
	if category != "" {
		filter["provider_category"] = category
	}
	var out struct {
		DeviceProviders []DeviceProvider `json:"device_providers"`
	}
	a, err := c.post(ctx, "/devices/list_device_providers", filter, &out)
	if err == nil && out.DeviceProviders == nil {
		err = &Error{Path: "/devices/list_device_providers", Status: 200, RequestID: a.RequestID, Message: "the response contains no list"}
	}
	return out.DeviceProviders, err
}
