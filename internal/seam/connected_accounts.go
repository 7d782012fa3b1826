package seam

import (
	"context"
	"fmt"
	"maps"
	"strings"
)

// ConnectedAccount is an account at a manufacturer, whose devices Seam controls.
type ConnectedAccount struct {
	ID                   string         `json:"connected_account_id"`
	DisplayName          string         `json:"display_name"`
	Type                 string         `json:"account_type"`
	TypeName             string         `json:"account_type_display_name"`
	CustomerKey          string         `json:"customer_key"`
	AcceptedCapabilities []string       `json:"accepted_capabilities"`
	ManageNewDevices     bool           `json:"automatically_manage_new_devices"`
	CustomMetadata       map[string]any `json:"custom_metadata"` // strings and booleans
	TimeZone             string         `json:"time_zone"`
	CreatedAt            Timestamp      `json:"created_at"`
	Errors               []Issue        `json:"errors"`
	Warnings             []Issue        `json:"warnings"`
	UserIdentifier       struct {
		Email string `json:"email"`
	} `json:"user_identifier"`
}

// ObjectID is the connected account's id.
func (a ConnectedAccount) ObjectID() string { return a.ID }

func (a ConnectedAccount) issues() [][]Issue { return [][]Issue{a.Errors, a.Warnings} }

// Metadata returns the custom metadata, with booleans as text. An entry may be null after its removal.
func (a ConnectedAccount) Metadata() map[string]string {
	all := map[string]string{}
	for key, value := range a.CustomMetadata {
		if value != nil {
			all[key] = fmt.Sprint(value)
		}
	}
	return all
}

// isOf reports whether the account belongs to an email address, as far as Seam says.
func (a ConnectedAccount) isOf(email string) bool {
	return a.UserIdentifier.Email == "" || strings.EqualFold(a.UserIdentifier.Email, email)
}

// ConnectedAccountInput names a connected account, by its ID or its email address, and holds changes of
// it. Empty fields change nothing; nil metadata is removed, and other entries stay.
type ConnectedAccountInput struct {
	ID, Email            string             `json:"-"`
	ChangedMetadata      map[string]*string `json:"-"`
	DisplayName          *string            `json:"display_name,omitempty"`
	CustomerKey          *string            `json:"customer_key,omitempty"`
	AcceptedCapabilities []string           `json:"accepted_capabilities,omitzero"`
	ManageNewDevices     *bool              `json:"automatically_manage_new_devices,omitempty"`
	CustomMetadata       map[string]any     `json:"custom_metadata,omitempty"`
}

// ConnectedAccounts are the connected accounts of the workspace.
var ConnectedAccounts = connectedAccounts{Endpoint[ConnectedAccount, ConnectedAccountInput]{
	Path: "/connected_accounts", One: "connected_account", Many: "connected_accounts", Bulk: true,
}}

type connectedAccounts struct {
	Endpoint[ConnectedAccount, ConnectedAccountInput]
}

// Create changes an account that exists: only a person can connect one.
func (e connectedAccounts) Create(ctx context.Context, c *Client, in ConnectedAccountInput) (found ConnectedAccount, err error) {
	workspace, err := c.Workspace(ctx)
	switch {
	case err != nil:
	case in.Email == "":
		found, err = e.Get(ctx, c, Ref{in.ID, workspace})
	default:
		found, err = c.ConnectedAccountByEmail(ctx, in.Email)
	}
	if err != nil {
		return ConnectedAccount{}, err
	}
	return e.change(ctx, c, Ref{found.ID, workspace}, found, in)
}

// Update changes what differs from the account as it is.
func (e connectedAccounts) Update(ctx context.Context, c *Client, ref Ref, in ConnectedAccountInput) (ConnectedAccount, error) {
	found, err := e.Get(ctx, c, ref)
	if err != nil {
		return ConnectedAccount{}, err
	}
	return e.change(ctx, c, ref, found, in)
}

func (e connectedAccounts) change(ctx context.Context, c *Client, ref Ref, found ConnectedAccount, in ConnectedAccountInput) (ConnectedAccount, error) {
	if in.CustomerKey != nil && found.CustomerKey != "" && *in.CustomerKey != found.CustomerKey {
		return ConnectedAccount{}, NewAdvice(fmt.Sprintf("Connected account %s has the customer key %s, and Seam sets it only once.", found.ID, found.CustomerKey), "Set customer_key to that, or remove it.")
	}
	if in.Email != "" && !found.isOf(in.Email) {
		return ConnectedAccount{}, NewAdvice("Connected account "+found.ID+" has another email address than the configured one.", "Correct email, or use connected_account_id.")
	}
	in.CustomMetadata = found.mergedMetadata(in.ChangedMetadata)
	sent := differences(found, in)
	if len(sent) == 0 {
		return found, nil
	}
	return e.update(ctx, c, ref, sent)
}

// mergedMetadata is the metadata of the account with changes; nil if it has them already. Seam replaces
// all of it.
func (a ConnectedAccount) mergedMetadata(changed map[string]*string) map[string]any {
	shown, merged, different := a.Metadata(), map[string]any{}, false
	maps.Copy(merged, a.CustomMetadata)
	for key, text := range changed {
		now, there := shown[key]
		if text == nil && there {
			merged[key], different = nil, true
		} else if text != nil && (!there || now != *text) {
			merged[key], different = *text, true
		}
	}
	if !different {
		return nil
	}
	return merged
}

// ConnectedAccount reads a connected account.
func (c *Client) ConnectedAccount(ctx context.Context, id string) (ConnectedAccount, error) {
	return ConnectedAccounts.Get(ctx, c, Ref{ID: id})
}

// ConnectedAccountByEmail reads the connected account with an email address.
func (c *Client) ConnectedAccountByEmail(ctx context.Context, email string) (ConnectedAccount, error) {
	e := ConnectedAccounts
	account, a, err := e.call(ctx, c.post, c, "/get", map[string]string{"email": email})
	switch {
	case isGone(err, e.One):
		err = e.notFound("email", email, err)
	case err == nil && !account.isOf(email):
		err = e.unexpected("/get", a, "the answer is about an account with another email address")
	}
	return account, err
}
