package seam

import (
	"context"
	"fmt"
)

// What a removal does otherwise with a code that Seam sees and does not manage.

// fetchUnmanagedSnapshot is fetchDeviceSnapshot for unmanaged codes.
func (c *Client) fetchUnmanagedSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.listUnmanaged(ctx, deviceID)
	l := deviceSnapshot{ResponseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		if code.DeviceID == deviceID {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// GetUnmanagedAccessCode reads an unmanaged code to take it over or to show it.
func (c *Client) GetUnmanagedAccessCode(ctx context.Context, id string) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.lookUpUnmanaged(ctx, id)
	if err == nil && seen.Gone {
		err = NewAdvice(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes shows those on a lock, also a PIN that is there under another id. If it was removed meanwhile, drop it from the configuration.")
	}
	c.normalize(&seen.Code) // now that the workspace is known
	return seen.Code, err
}
