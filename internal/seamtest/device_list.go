package seamtest

import (
	"slices"
	"strings"
	"time"
)

// ConnectedAccountID tells which connected account the lock belongs to.
func (l *Lock) ConnectedAccountID() string {
	defer l.server.enter()()
	return l.account
}

// SetConnectedAccount moves the lock to a connected account.
func (l *Lock) SetConnectedAccount(id string) {
	defer l.server.enter()()
	l.account = id
}

// SetSpaces puts the lock in these spaces and no others.
func (l *Lock) SetSpaces(ids ...string) {
	defer l.server.enter()()
	l.spaces = append([]string{}, ids...)
}

// SetCustomerKey makes the lock that of a customer.
func (l *Lock) SetCustomerKey(key string) {
	defer l.server.enter()()
	l.customer = key
}

type deviceFilter struct {
	DeviceIDs     *[]string `json:"device_ids"`
	DeviceType    string    `json:"device_type"`
	DeviceTypes   *[]string `json:"device_types"`
	Manufacturer  string    `json:"manufacturer"`
	Account       string    `json:"connected_account_id"`
	Accounts      *[]string `json:"connected_account_ids"`
	MetadataHas   object    `json:"custom_metadata_has"`
	SpaceID       string    `json:"space_id"`
	CustomerKey   string    `json:"customer_key"`
	CreatedBefore *string   `json:"created_before"`
	User          string    `json:"user_identifier_key"`
	Search        string    `json:"search"`
	Limit         float64   `json:"limit"`
	Cursor        string    `json:"page_cursor"`
}

func listDevices(x *exchange) (object, error)          { return x.manyDevices(false, 500) }
func listUnmanagedDevices(x *exchange) (object, error) { return x.manyDevices(true, 22900) }

func (x *exchange) manyDevices(unmanaged bool, size int) (object, error) {
	p := params[deviceFilter](x)
	var before time.Time
	if p.CreatedBefore != nil {
		var err error
		if before, err = instant("created_before", *p.CreatedBefore); err != nil {
			return nil, err
		}
	}
	if x.asksFor("connect_webview_id", "unstable_location_id") {
		return list(x, "devices", nil, lockNumber, (*Lock).object, paging{p.Limit, size, p.Cursor})
	}
	found := slices.DeleteFunc(x.devices(unmanaged), func(l *Lock) bool {
		return !p.selects(l) || !x.isOf(p.User, l) || !before.IsZero() && !l.created.Before(before)
	})
	return list(x, "devices", found, lockNumber, (*Lock).object, paging{p.Limit, size, p.Cursor})
}

func lockNumber(l *Lock) int { return l.number }

// asksFor is true if a request filters by something that nothing in the fake has.
func (x *exchange) asksFor(filters ...string) bool {
	return slices.ContainsFunc(filters, func(name string) bool { return x.body[name] != nil })
}

// selects looks at the lock as Seam describes it.
func (p deviceFilter) selects(l *Lock) bool {
	device := l.object()
	kind, _ := device["device_type"].(string)
	account, _ := device["connected_account_id"].(string)
	return among(p.DeviceIDs, l.ID) &&
		is(p.DeviceType, kind) && among(p.DeviceTypes, kind) &&
		is(p.Manufacturer, branch(device, "properties")["manufacturer"]) &&
		is(p.Account, account) && among(p.Accounts, account) &&
		is(p.CustomerKey, l.customer) &&
		(p.SpaceID == "" || slices.Contains(l.spaces, p.SpaceID)) &&
		p.hasMetadata(branch(device, "custom_metadata")) &&
		p.finds(l, account, branch(device, "custom_metadata"))
}

// is is true when there is no filter.
func is(filter string, value any) bool { return filter == "" || value == any(filter) }

func (p deviceFilter) hasMetadata(metadata object) bool {
	for key, content := range p.MetadataHas {
		if metadata[key] != content {
			return false
		}
	}
	return true
}

// finds searches where the documentation says; the id counts by its start.
func (p deviceFilter) finds(l *Lock, account string, metadata object) bool {
	in := []string{l.shown(), account}
	for _, content := range metadata {
		if content, ok := content.(string); ok {
			in = append(in, content)
		}
	}
	return matches(p.Search, in...) || len(p.Search) >= 4 && strings.HasPrefix(l.ID, strings.ToLower(p.Search))
}
