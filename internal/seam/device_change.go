package seam

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// DeviceChange is what is to become of a device. Nil leaves it as it is.
type DeviceChange struct {
	DeviceID       string
	WorkspaceID    string // the one it is known to be in; empty if that is not known
	Name           *string
	CustomMetadata map[string]*string // merged into what is there; nil takes a key away
	IsManaged      *bool
	BackupPool     *bool
}

func (in DeviceChange) parameters() map[string]any {
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

// ChangeDevice changes a device and reads it back. Managed and unmanaged devices have
// endpoints of their own, so it becomes managed first, and unmanaged last.
func (c *Client) ChangeDevice(ctx context.Context, in DeviceChange) (Device, error) {
	device, err := c.DeviceIn(ctx, in.DeviceID, in.WorkspaceID)
	if err != nil {
		return device, err
	}
	if in.IsManaged != nil && *in.IsManaged && !device.Managed() {
		if device, err = c.switchDevice(ctx, "/devices/unmanaged/update", in.DeviceID, true); err != nil {
			return device, err
		}
	}
	if parameters := in.parameters(); len(parameters) > 0 {
		if device, err = c.describeDevice(ctx, device, parameters); err != nil {
			return device, err
		}
	}
	if in.IsManaged != nil && !*in.IsManaged && device.Managed() {
		if err := c.nothingManagedOn(ctx, device); err != nil {
			return device, err
		}
		return c.switchDevice(ctx, "/devices/update", in.DeviceID, false)
	}
	return device, nil
}

// DeviceIn is DeviceNow with credentials of the right workspace.
func (c *Client) DeviceIn(ctx context.Context, id, workspaceID string) (Device, error) {
	if err := c.owns(ctx, workspaceID); err != nil {
		return Device{}, err
	}
	return c.DeviceNow(ctx, id)
}

func (c *Client) describeDevice(ctx context.Context, device Device, parameters map[string]any) (Device, error) {
	path := "/devices/update"
	if !device.Managed() {
		path = "/devices/unmanaged/update"
		for _, name := range []string{"name", "backup_access_code_pool_enabled"} {
			if _, wanted := parameters[name]; wanted {
				return device, problem(fmt.Sprintf("Device %s is unmanaged, so its %s cannot be set.", device.ID, name), fmt.Sprintf("Set is_managed = true as well, or leave %s out.", name))
			}
		}
	}
	sent := maps.Clone(parameters)
	sent["device_id"] = device.ID
	if err := c.updateDevice(ctx, path, device.ID, sent); err != nil {
		return device, err
	}
	return c.DeviceNow(ctx, device.ID)
}

// updateDevice makes what was read before outdated.
func (c *Client) updateDevice(ctx context.Context, path, id string, parameters map[string]any) error {
	_, err := c.post(ctx, path, parameters, &struct{}{})
	c.named.invalidate()
	c.lock(id).facts.device.invalidate()
	return err
}

// switchDevice changes the side of management, and waits until Seam shows it.
func (c *Client) switchDevice(ctx context.Context, path, id string, managed bool) (Device, error) {
	if err := c.updateDevice(ctx, path, id, map[string]any{"device_id": id, "is_managed": managed}); err != nil {
		return Device{}, err
	}
	device, err := c.DeviceNow(ctx, id)
	switched := func(ctx context.Context) (done bool, err error) {
		device, err = c.DeviceNow(ctx, id)
		return err == nil && device.Managed() == managed, err
	}
	if err == nil && device.Managed() == managed {
		return device, nil
	}
	if err == nil || passing(err) {
		err = poll(ctx, switched)
	}
	return device, err
}

// nothingManagedOn refuses to make a lock unmanaged that has managed codes, or a pool of
// spare ones, which Seam does not list: they would stay on it, open the door, and nobody
// could prove their removal any more.
func (c *Client) nothingManagedOn(ctx context.Context, device Device) error {
	if pool := device.Properties.BackupPoolEnabled; pool != nil && *pool {
		return problem(fmt.Sprintf("Device %s has a pool of backup access codes. Without management its spare PINs could stay on the lock and open the door.", device.ID),
			"Apply backup_access_code_pool_enabled = false first.")
	}
	l, err := c.list(ctx, device.ID)
	if err != nil {
		return fmt.Errorf("looking for access codes on device %s before it becomes unmanaged: %w", device.ID, err)
	}
	if len(l.codes) == 0 {
		return nil
	}
	return problem(
		fmt.Sprintf("Device %s has managed access codes: %s. Without management they would stay on the lock and open the door, and their removal could not be proven.", device.ID, someOf(c.labels(slices.Collect(maps.Values(l.codes))))),
		"Destroy those codes first. Let their device_id refer to the seam_device resource, so that Terraform does it in that order.")
}
