package seam

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// DeviceUpdate holds the changes to a device. Nil fields are not changed.
type DeviceUpdate struct {
	DeviceID       string
	WorkspaceID    string // expected workspace; empty if not known
	Name           *string
	CustomMetadata map[string]*string // merged by Seam; a nil value deletes the key
	IsManaged      *bool
	BackupPool     *bool
}

func (in DeviceUpdate) parameters() map[string]any {
	out := map[string]any{}
	if in.Name != nil {
		out["name"] = *in.Name
	}
	if len(in.CustomMetadata) > 0 {
		out["custom_metadata"] = in.CustomMetadata
	}
	if in.BackupPool != nil {
		out["backup_access_code_pool_enabled"] = *in.BackupPool
	}
	return out
}

// UpdateDevice updates a device and reads it back. Managed and unmanaged devices have different
// endpoints, so the device becomes managed first, or unmanaged last.
func (c *Client) UpdateDevice(ctx context.Context, in DeviceUpdate) (Device, error) {
	device, err := c.GetDeviceInWorkspace(ctx, in.DeviceID, in.WorkspaceID)
	if err != nil {
		return device, err
	}
	if in.IsManaged != nil && *in.IsManaged && !device.Managed() {
		if device, err = c.setDeviceManaged(ctx, "/devices/unmanaged/update", in.DeviceID, true); err != nil {
			return device, err
		}
	}
	if parameters := in.parameters(); len(parameters) > 0 {
		if device, err = c.updateDeviceAttributes(ctx, device, parameters); err != nil {
			return device, err
		}
	}
	if in.IsManaged != nil && !*in.IsManaged && device.Managed() {
		if err := c.requireNoManagedCodes(ctx, device, "the device becomes unmanaged"); err != nil {
			return device, err
		}
		return c.setDeviceManaged(ctx, "/devices/update", in.DeviceID, false)
	}
	return device, nil
}

// GetDeviceInWorkspace is [Client.GetDevice] after a check that the credentials belong to
// workspaceID. An empty workspaceID skips the check.
func (c *Client) GetDeviceInWorkspace(ctx context.Context, id, workspaceID string) (Device, error) {
	if err := c.checkWorkspace(ctx, workspaceID); err != nil {
		return Device{}, err
	}
	return c.GetDevice(ctx, id)
}

func (c *Client) updateDeviceAttributes(ctx context.Context, device Device, parameters map[string]any) (Device, error) {
	path := "/devices/update"
	if !device.Managed() {
		path = "/devices/unmanaged/update"
		for _, name := range []string{"name", "backup_access_code_pool_enabled"} {
			if _, wanted := parameters[name]; wanted {
				return device, NewAdvice(fmt.Sprintf("Device %s is unmanaged, so its %s cannot be set.", device.ID, name), fmt.Sprintf("Set is_managed = true as well, or remove %s.", name))
			}
		}
	}
	sent := maps.Clone(parameters)
	sent["device_id"] = device.ID
	if err := c.postDeviceUpdate(ctx, path, device.ID, sent); err != nil {
		return device, err
	}
	return c.GetDevice(ctx, device.ID)
}

// postDeviceUpdate sends an update and invalidates cached reads of the device.
func (c *Client) postDeviceUpdate(ctx context.Context, path, id string, parameters map[string]any) error {
	_, err := c.post(ctx, path, parameters, &struct{}{})
	c.managedDevices.invalidate()
	c.device(id).planCache.device.invalidate()
	return err
}

// setDeviceManaged sets is_managed and waits until a read returns the new value.
func (c *Client) setDeviceManaged(ctx context.Context, path, id string, managed bool) (Device, error) {
	if err := c.postDeviceUpdate(ctx, path, id, map[string]any{"device_id": id, "is_managed": managed}); err != nil {
		return Device{}, err
	}
	var device Device
	err := PollNow(ctx, func(ctx context.Context) (done bool, err error) {
		device, err = c.GetDevice(ctx, id)
		return err == nil && device.Managed() == managed, err
	})
	return device, err
}

// requireNoManagedCodes returns an error if the lock has managed codes or a backup pool, whose
// codes Seam does not list. After the event these codes would stay and open the door, and their
// removal could not be verified. It lists the codes twice, because one list may be out of date.
func (c *Client) requireNoManagedCodes(ctx context.Context, device Device, event string) error {
	if pool := device.Properties.BackupPoolEnabled; pool != nil && *pool {
		return NewAdvice(fmt.Sprintf("Device %s has a backup access code pool. If %s, its backup PINs could stay on the lock and open the door.", device.ID, event),
			"Apply backup_access_code_pool_enabled = false first.")
	}
	for range 2 {
		l, err := c.fetchDeviceSnapshot(ctx, device.ID)
		switch {
		case err != nil:
			return fmt.Errorf("listing access codes on device %s before %s: %w", device.ID, event, err)
		case l.unplaced:
			return NewAdvice(fmt.Sprintf("Seam lists an access code without saying on which lock it is, so whether device %s has managed access codes is not known.", device.ID), "Run again in a minute. If the error persists, contact Seam support.")
		case len(l.codes) > 0:
			return NewAdvice(
				fmt.Sprintf("Device %s has managed access codes: %s. If %s, they stay on the lock and open the door, and their removal cannot be verified.", device.ID, JoinLimited(c.labels(slices.Collect(maps.Values(l.codes)))), event),
				"Destroy those codes first. Reference the seam_device resource in their device_id, so that they are destroyed first.")
		}
	}
	return nil
}
