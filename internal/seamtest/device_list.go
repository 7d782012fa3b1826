package seamtest

import (
	"slices"
	"strings"
	"time"
)

// ConnectedAccountID returns the ID of the lock's connected account.
func (l *Lock) ConnectedAccountID() string {
	defer l.server.lockAndAdvance()()
	return l.connectedAccountID
}

// SetConnectedAccount moves the lock to a connected account.
func (l *Lock) SetConnectedAccount(id string) {
	defer l.server.lockAndAdvance()()
	l.connectedAccountID = id
}

// SetSpaces replaces the spaces of the lock.
func (l *Lock) SetSpaces(ids ...string) {
	defer l.server.lockAndAdvance()()
	changed := slices.Concat(l.spaces, ids)
	l.spaces = append([]string{}, ids...)
	l.server.spacesChanged(l.workspace, changed...)
}

// SetCustomerKey assigns the lock to a customer.
func (l *Lock) SetCustomerKey(key string) {
	defer l.server.lockAndAdvance()()
	l.customerKey = key
}

type deviceFilter struct {
	DeviceIDs     *[]string  `json:"device_ids"`
	DeviceType    string     `json:"device_type"`
	DeviceTypes   *[]string  `json:"device_types"`
	Manufacturer  string     `json:"manufacturer"`
	Account       string     `json:"connected_account_id"`
	Accounts      *[]string  `json:"connected_account_ids"`
	MetadataHas   jsonObject `json:"custom_metadata_has"`
	SpaceID       string     `json:"space_id"`
	CustomerKey   string     `json:"customer_key"`
	CreatedBefore *string    `json:"created_before"`
	User          string     `json:"user_identifier_key"`
	Search        string     `json:"search"`
	Limit         float64    `json:"limit"`
	Cursor        string     `json:"page_cursor"`
}

func listDevices(call *apiCall) (jsonObject, error) { return call.deviceListResponse(false, 500) }
func listUnmanagedDevices(call *apiCall) (jsonObject, error) {
	return call.deviceListResponse(true, 22900)
}

func (call *apiCall) deviceListResponse(unmanaged bool, size int) (jsonObject, error) {
	p := params[deviceFilter](call)
	var before time.Time
	if p.CreatedBefore != nil {
		var err error
		if before, err = parseTime("created_before", *p.CreatedBefore); err != nil {
			return nil, err
		}
	}
	if call.hasFilter("connect_webview_id", "unstable_location_id") {
		return listPage(call, "devices", nil, lockNumber, (*Lock).toJSON, pageParams{p.Limit, size, p.Cursor})
	}
	found := slices.DeleteFunc(call.devices(unmanaged), func(l *Lock) bool {
		return !p.matches(l) || !call.userHasAccess(p.User, l) || !before.IsZero() && !l.created.Before(before)
	})
	return listPage(call, "devices", found, lockNumber, (*Lock).toJSON, pageParams{p.Limit, size, p.Cursor})
}

func lockNumber(l *Lock) int { return l.number }

// hasFilter reports whether a request has a filter that no object in the fake matches.
func (call *apiCall) hasFilter(filters ...string) bool {
	return slices.ContainsFunc(filters, func(name string) bool { return call.body[name] != nil })
}

// matches applies the filter to the lock as Seam describes it.
func (p deviceFilter) matches(l *Lock) bool {
	device := l.toJSON()
	kind, _ := device["device_type"].(string)
	account, _ := device["connected_account_id"].(string)
	return matchesAnyOf(p.DeviceIDs, l.ID) &&
		matchesFilter(p.DeviceType, kind) && matchesAnyOf(p.DeviceTypes, kind) &&
		matchesFilter(p.Manufacturer, objectField(device, "properties")["manufacturer"]) &&
		matchesFilter(p.Account, account) && matchesAnyOf(p.Accounts, account) &&
		matchesFilter(p.CustomerKey, l.customerKey) &&
		(p.SpaceID == "" || slices.Contains(l.spaces, p.SpaceID)) &&
		p.hasMetadata(objectField(device, "custom_metadata")) &&
		p.matchesSearch(l, account, objectField(device, "custom_metadata"))
}

// matchesFilter is true when there is no filter.
func matchesFilter(filter string, value any) bool { return filter == "" || value == any(filter) }

func (p deviceFilter) hasMetadata(metadata jsonObject) bool {
	for key, content := range p.MetadataHas {
		if metadata[key] != content {
			return false
		}
	}
	return true
}

// matchesSearch searches the documented fields. The ID matches by prefix.
func (p deviceFilter) matchesSearch(l *Lock, account string, metadata jsonObject) bool {
	in := []string{l.displayName(), account}
	for _, content := range metadata {
		if content, ok := content.(string); ok {
			in = append(in, content)
		}
	}
	return matchesSearch(p.Search, in...) || len(p.Search) >= 4 && strings.HasPrefix(l.ID, strings.ToLower(p.Search))
}
