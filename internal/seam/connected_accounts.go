package seam

import (
	"context"
	"fmt"
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

// Metadata returns the custom metadata, with booleans as text.
func (a ConnectedAccount) Metadata() map[string]string {
	all := map[string]string{}
	for key, value := range a.CustomMetadata {
		all[key] = fmt.Sprint(value)
	}
	return all
}

// IsOf reports whether the account belongs to an email address, as far as Seam says.
func (a ConnectedAccount) IsOf(email string) bool {
	return a.UserIdentifier.Email == "" || strings.EqualFold(a.UserIdentifier.Email, email)
}

// ConnectedAccountInput holds changes of a connected account. Empty fields are not sent. The custom
// metadata replaces what there is; null values remove entries.
type ConnectedAccountInput struct {
	DisplayName          *string        `json:"display_name,omitempty"`
	CustomerKey          *string        `json:"customer_key,omitempty"`
	AcceptedCapabilities []string       `json:"accepted_capabilities,omitzero"`
	ManageNewDevices     *bool          `json:"automatically_manage_new_devices,omitempty"`
	CustomMetadata       map[string]any `json:"custom_metadata,omitempty"`
}

// ConnectedAccounts are the connected accounts of the workspace.
var ConnectedAccounts = Endpoint[ConnectedAccount, ConnectedAccountInput]{
	Path: "/connected_accounts", One: "connected_account", Many: "connected_accounts", Bulk: true,
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
	case err == nil && !account.IsOf(email):
		err = e.unexpected("/get", a, "the answer is about an account with another email address")
	}
	return account, err
}

// DeleteConnectedAccount deletes an account, and its devices and access systems from Seam. What opens
// their doors then stays there, out of Seam's reach, so it is refused while there is any.
func (c *Client) DeleteConnectedAccount(ctx context.Context, ref Ref) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	if err := c.requireNoCodesOfAccount(ctx, ref.ID); err != nil {
		return err
	}
	if err := c.requireNoCredentialsOfAccount(ctx, ref.ID); err != nil {
		return err
	}
	defer c.managedDevices.invalidate()
	return ConnectedAccounts.Delete(ctx, c, ref)
}

func (c *Client) requireNoCodesOfAccount(ctx context.Context, id string) error {
	for device, err := range c.Devices(ctx, map[string]any{}, true) {
		if err != nil {
			return fmt.Errorf("listing the devices of connected account %s: %w", id, err)
		}
		if device.ConnectedAccountID != id {
			continue
		}
		if err := c.requireNoManagedCodes(ctx, device, "its connected account is deleted"); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) requireNoCredentialsOfAccount(ctx context.Context, id string) error {
	for system, err := range AccessSystems.List(ctx, c, map[string]any{"connected_account_id": id}) {
		if err != nil {
			return fmt.Errorf("listing the access systems of connected account %s: %w", id, err)
		}
		if system.ConnectedAccountID != id {
			continue
		}
		credentials, err := collect(Credentials.List(ctx, c, map[string]any{"acs_system_id": system.ID}))
		if err != nil {
			return fmt.Errorf("listing the credentials of access system %s: %w", system.ID, err)
		}
		if len(credentials) > 0 {
			return NewAdvice(fmt.Sprintf("Access system %s has credentials: %s. If its connected account is deleted, their removal cannot be verified.", system.ID, JoinLimited(IDsOf(credentials))), "Destroy those credentials first.")
		}
	}
	return nil
}
