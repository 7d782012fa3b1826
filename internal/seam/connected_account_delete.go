package seam

import (
	"context"
	"fmt"
)

// DeleteConnectedAccount deletes an account, and its devices and access systems from Seam. What opens
// their doors then stays there, out of Seam's reach, so it is refused while there is any.
func (c *Client) DeleteConnectedAccount(ctx context.Context, ref Ref) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	for range 2 { // one list may be out of date
		if err := c.requireNoCodesOfAccount(ctx, ref.ID); err != nil {
			return err
		}
		if err := c.requireNoCredentialsOfAccount(ctx, ref.ID); err != nil {
			return err
		}
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
			return NewAdvice(fmt.Sprintf("Access system %s has credentials: %s. If its connected account is deleted, their removal cannot be verified.", system.ID, JoinLimited(IDsOf(credentials))), "Destroy those credentials first, or set on_destroy = \"keep\", apply, and destroy: the account then stays connected.")
		}
	}
	return nil
}
