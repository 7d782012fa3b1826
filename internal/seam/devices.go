package seam

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Device is a lock or another device, as Seam reports it. Flags that Seam omits are nil.
type Device struct {
	ID                 string     `json:"device_id"`
	WorkspaceID        string     `json:"workspace_id"`
	ConnectedAccountID string     `json:"connected_account_id"`
	Type               string     `json:"device_type"`
	DisplayName        string     `json:"display_name"` // empty on unmanaged devices
	Nickname           string     `json:"nickname"`
	CreatedAt          Timestamp  `json:"created_at"`
	IsManaged          *bool      `json:"is_managed"`
	Capabilities       []string   `json:"capabilities_supported"`
	SpaceIDs           []string   `json:"space_ids"`
	CustomMetadata     Metadata   `json:"custom_metadata"`
	CanRemotelyLock    *bool      `json:"can_remotely_lock"`
	CanRemotelyUnlock  *bool      `json:"can_remotely_unlock"`
	CanProgramOnline   *bool      `json:"can_program_online_access_codes"`
	CanProgramOffline  *bool      `json:"can_program_offline_access_codes"`
	Errors             []Issue    `json:"errors"`
	Warnings           []Issue    `json:"warnings"`
	Properties         Properties `json:"properties"`
	Location           struct {
		Name     string `json:"location_name"`
		TimeZone string `json:"time_zone"`
	} `json:"location"`
}

// Properties are the properties of a device.
type Properties struct {
	Name                 string       `json:"name"`
	Manufacturer         string       `json:"manufacturer"`
	SerialNumber         string       `json:"serial_number"`
	Online               *bool        `json:"online"`
	Locked               *bool        `json:"locked"`
	DoorOpen             *bool        `json:"door_open"`
	CodeLengths          []int64      `json:"supported_code_lengths"`
	CodeConstraints      []Constraint `json:"code_constraints"`
	MaxActiveCodes       *int64       `json:"max_active_codes_supported"`
	SupportsBackupPool   *bool        `json:"supports_backup_access_code_pool"`
	BackupPoolEnabled    *bool        `json:"backup_access_code_pool_enabled"`
	HasNativeEntryEvents *bool        `json:"has_native_entry_events"`
	Model                struct {
		DisplayName string `json:"display_name"`
	} `json:"model"`
	Battery struct {
		Level  *float64 `json:"level"` // 0 to 1
		Status string   `json:"status"`
	} `json:"battery"`
}

// Constraint is a rule of a lock for PINs or names. Lengths are in characters.
type Constraint struct {
	Type      string `json:"constraint_type"`
	MinLength *int64 `json:"min_length"` // of a name
	MaxLength *int64 `json:"max_length"`
}

// Metadata is the custom metadata of an object. Booleans become the strings true and false.
type Metadata map[string]string

// UnmarshalJSON never fails. It drops values that are neither strings nor booleans.
func (m *Metadata) UnmarshalJSON(data []byte) error {
	var raw map[string]any
	_ = json.Unmarshal(data, &raw) // anything but an object gives no entries
	*m = make(Metadata, len(raw))
	for key, value := range raw {
		switch value.(type) {
		case string, bool:
			(*m)[key] = fmt.Sprint(value)
		}
	}
	return nil
}

// Name returns the display name, the nickname or the name at the provider, whichever is set first.
func (d *Device) Name() string { return cmp.Or(d.DisplayName, d.Nickname, d.Properties.Name) }

// Managed reports whether this workspace manages the device.
func (d *Device) Managed() bool { return d.IsManaged == nil || *d.IsManaged }

type deviceResponse struct {
	Device Device `json:"device"`
}

// GetDevice reads a device, managed or not. It fails with *NotFoundError only if Seam answers
// for both that there is none.
func (c *Client) GetDevice(ctx context.Context, id string) (Device, error) {
	device, err := c.fetchDevice(ctx, "/devices/get", id)
	if !isGone(err, "device") {
		return device, err
	}
	device, unmanagedErr := c.fetchDevice(ctx, "/devices/unmanaged/get", id)
	switch {
	case unmanagedErr == nil:
		device.IsManaged = new(false)
		return device, nil
	case isGone(unmanagedErr, "device"):
		return device, &NotFoundError{WrapAdvice(err, fmt.Sprintf("There is no device %s in this workspace: %v.", id, err), "Check the id: data.seam_devices and the Seam console show those there are. Often the connection to the manufacturer's account is disturbed, and the device comes back.")}
	}
	return device, unmanagedErr
}

func (c *Client) fetchDevice(ctx context.Context, path, id string) (Device, error) {
	var out deviceResponse
	a, err := c.post(ctx, path, map[string]string{"device_id": id}, &out)
	if err == nil && out.Device.ID != id {
		err = &Error{Path: path, Status: 200, RequestID: a.RequestID, Message: "the response is about another device than the one requested"}
	}
	c.redactIssues(out.Device.Errors)
	c.redactIssues(out.Device.Warnings)
	return out.Device, err
}

// GetDeviceByName returns the managed device with exactly this name. It fails if there is none
// or more than one.
func (c *Client) GetDeviceByName(ctx context.Context, name string) (Device, error) {
	all, err := c.managedDevices.cached(ctx, MaxSnapshotAge)
	if err != nil {
		return Device{}, err
	}
	var found, others []string
	var device Device
	for _, d := range all {
		label := fmt.Sprintf("%s (%s)", c.redactor.redactKnown(d.Name()), SanitizeID(d.ID))
		if d.Name() == name {
			device, found = d, append(found, label)
		} else {
			others = append(others, label)
		}
	}
	switch len(found) {
	case 1:
		return device, nil
	case 0:
		return device, NewAdvice(fmt.Sprintf("No managed device is named %q. There are: %s.", name, JoinLimited(others)), "Correct the name, which must match exactly, or use the id.")
	}
	return device, NewAdvice(fmt.Sprintf("%d devices are named %q: %s.", len(found), name, JoinLimited(found)), "Use the id of the one you mean.")
}

// JoinLimited sorts all and joins at most 20 of them. It returns "none" for an empty list.
func JoinLimited(all []string) string {
	const enough = 20
	if len(all) == 0 {
		return "none"
	}
	slices.Sort(all)
	if more := len(all) - enough; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:enough], ", "), more)
	}
	return strings.Join(all, ", ")
}

// Devices lists the managed or the unmanaged devices of the workspace. The filter holds
// parameters of Seam's list endpoint.
func (c *Client) Devices(ctx context.Context, filter map[string]any, managed bool) iter.Seq2[Device, error] {
	path := "/devices/list"
	if !managed {
		path = "/devices/unmanaged/list"
	}
	listed := iteratePages(ctx, c, path, filter, func(p *struct {
		Devices []Device `json:"devices"`
		pagination
	}) ([]Device, pagination) {
		for i := range p.Devices {
			p.Devices[i].IsManaged = &managed
			c.redactIssues(p.Devices[i].Errors)
			c.redactIssues(p.Devices[i].Warnings)
		}
		return p.Devices, p.pagination
	})
	return flatten(listed)
}

// allDevices lists all managed devices.
func (c *Client) allDevices(ctx context.Context) ([]Device, error) {
	return collect(c.Devices(ctx, map[string]any{}, true))
}
