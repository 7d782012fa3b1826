package seam

import (
	"context"
	"fmt"
)

// fetchUnmanagedSnapshot is fetchDeviceSnapshot for unmanaged codes.
func (c *Client) fetchUnmanagedSnapshot(ctx context.Context, deviceID string) (deviceSnapshot, error) {
	a, listed, err := c.listUnmanaged(ctx, deviceID)
	l := deviceSnapshot{ResponseMeta: a, codes: make(map[string]AccessCode, len(listed))}
	for _, code := range listed {
		l.unplaced = l.unplaced || code.DeviceID == ""
		if code.DeviceID == deviceID {
			l.codes[code.ID] = code
		}
	}
	return l, err
}

// GetUnmanagedAccessCode reads an unmanaged code, to adopt or display it.
func (c *Client) GetUnmanagedAccessCode(ctx context.Context, id string) (AccessCode, error) {
	if _, err := c.Workspace(ctx); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.lookUpUnmanaged(ctx, id)
	if err == nil && seen.Gone {
		err = NewAdvice(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes lists the unmanaged codes on a lock; the PIN may be there under another id. If the code has been removed, remove it from the configuration.")
	}
	c.normalize(&seen.Code) // now that the workspace is known
	return seen.Code, err
}
