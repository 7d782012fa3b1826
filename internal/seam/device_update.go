package seam

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// DeviceUpdate is what is to become of a device. Nil leaves it as it is.
type DeviceUpdate struct {
	DeviceID       string
	WorkspaceID    string // the one it is known to be in; empty if that is not known
	Name           *string
	CustomMetadata map[string]*string // merged into what is there; nil takes a key away
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

// UpdateDevice changes a device and reads it back. Managed and unmanaged devices have
// endpoints of their own, so it becomes managed first, and unmanaged last.
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
		if err := c.requireNoManagedCodes(ctx, device); err != nil {
			return device, err
		}
		return c.setDeviceManaged(ctx, "/devices/update", in.DeviceID, false)
	}
	return device, nil
}

// GetDeviceInWorkspace is GetDevice with credentials of the right workspace.
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
				return device, NewAdvice(fmt.Sprintf("Device %s is unmanaged, so its %s cannot be set.", device.ID, name), fmt.Sprintf("Set is_managed = true as well, or leave %s out.", name))
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

// postDeviceUpdate makes what was read before outdated.
func (c *Client) postDeviceUpdate(ctx context.Context, path, id string, parameters map[string]any) error {
	_, err := c.post(ctx, path, parameters, &struct{}{})
	c.devicesByName.invalidate()
	c.device(id).planCache.device.invalidate()
	return err
}

// setDeviceManaged changes the side of management, and waits until Seam shows it.
func (c *Client) setDeviceManaged(ctx context.Context, path, id string, managed bool) (Device, error) {
	if err := c.postDeviceUpdate(ctx, path, id, map[string]any{"device_id": id, "is_managed": managed}); err != nil {
		return Device{}, err
	}
	var device Device
	err := pollNow(ctx, func(ctx context.Context) (done bool, err error) {
		device, err = c.GetDevice(ctx, id)
		return err == nil && device.Managed() == managed, err
	})
	return device, err
}

// requireNoManagedCodes refuses to make a lock unmanaged that has managed codes, or a pool of
// spare ones, which Seam does not list: they would stay on it, open the door, and nobody
// could prove their removal any more.
func (c *Client) requireNoManagedCodes(ctx context.Context, device Device) error {
	if pool := device.Properties.BackupPoolEnabled; pool != nil && *pool {
		return NewAdvice(fmt.Sprintf("Device %s has a pool of backup access codes. Without management its spare PINs could stay on the lock and open the door.", device.ID),
			"Apply backup_access_code_pool_enabled = false first.")
	}
	l, err := c.fetchDeviceSnapshot(ctx, device.ID)
	if err != nil {
		return fmt.Errorf("looking for access codes on device %s before it becomes unmanaged: %w", device.ID, err)
	}
	if len(l.codes) == 0 {
		return nil
	}
	return NewAdvice(
		fmt.Sprintf("Device %s has managed access codes: %s. Without management they would stay on the lock and open the door, and their removal could not be proven.", device.ID, JoinLimited(c.labels(slices.Collect(maps.Values(l.codes))))),
		"Destroy those codes first. Let their device_id refer to the seam_device resource, so that they are destroyed first.")
}
