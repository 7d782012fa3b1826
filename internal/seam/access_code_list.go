package seam

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// AccessCodeFilter selects the managed codes to list. Empty fields do not filter.
type AccessCodeFilter struct {
	DeviceID       string
	IDs            []string
	CustomerKey    string
	AccessGrantID  string
	AccessMethodID string
	Search         string
}

// AccessCodes lists managed codes. Backup codes are included only if IDs names them. Without a
// lock, IDs, a grant or an access method it lists lock by lock: not every version of Seam lists a
// whole workspace.
func (c *Client) AccessCodes(ctx context.Context, f AccessCodeFilter) iter.Seq2[AccessCode, error] {
	if f.DeviceID == "" && len(f.IDs) == 0 && f.AccessGrantID == "" && f.AccessMethodID == "" {
		return forEachLock(c.Devices(ctx, map[string]any{}, true), func(deviceID string) iter.Seq2[AccessCode, error] {
			onOne := f
			onOne.DeviceID = deviceID
			return c.AccessCodes(ctx, onOne)
		})
	}
	filter := map[string]any{}
	for name, value := range map[string]string{
		"device_id": f.DeviceID, "customer_key": f.CustomerKey, "access_grant_id": f.AccessGrantID, "access_method_id": f.AccessMethodID, "search": f.Search,
	} {
		if value != "" {
			filter[name] = value
		}
	}
	if len(f.IDs) > 0 {
		filter["access_code_ids"] = f.IDs
	}
	listed := flatten(iteratePages(ctx, c, "/access_codes/list", filter, (*accessCodePage).items))
	return c.normalizeAll(listed, func(a AccessCode) bool {
		return !a.IsUnmanaged() && (!a.IsBackup || len(f.IDs) > 0) && (f.DeviceID == "" || a.DeviceID == f.DeviceID) && (len(f.IDs) == 0 || slices.Contains(f.IDs, a.ID))
	})
}

// UnmanagedAccessCodes lists the unmanaged codes on a lock, or on all locks if deviceID is empty.
func (c *Client) UnmanagedAccessCodes(ctx context.Context, deviceID string) iter.Seq2[AccessCode, error] {
	if deviceID == "" {
		return forEachLock(c.Devices(ctx, map[string]any{}, true), func(id string) iter.Seq2[AccessCode, error] {
			return c.UnmanagedAccessCodes(ctx, id)
		})
	}
	listed := flatten(iteratePages(ctx, c, "/access_codes/unmanaged/list", map[string]any{"device_id": deviceID}, (*accessCodePage).items))
	return c.normalizeAll(listed, func(a AccessCode) bool { return a.DeviceID == "" || a.DeviceID == deviceID })
}

func forEachLock(devices iter.Seq2[Device, error], on func(deviceID string) iter.Seq2[AccessCode, error]) iter.Seq2[AccessCode, error] {
	return func(yield func(AccessCode, error) bool) {
		for device, err := range devices {
			if err != nil {
				yield(AccessCode{}, err)
				return
			}
			if !slices.Contains(device.Capabilities, "access_code") && len(device.Capabilities) > 0 {
				continue
			}
			for code, err := range on(device.ID) {
				if !yield(code, err) || err != nil {
					return
				}
			}
		}
	}
}

// normalizeAll normalizes the codes and drops those that the requested filter should have
// excluded.
func (c *Client) normalizeAll(codes iter.Seq2[AccessCode, error], wanted func(AccessCode) bool) iter.Seq2[AccessCode, error] {
	return func(yield func(AccessCode, error) bool) {
		for code, err := range codes {
			if err == nil && !wanted(code) {
				continue
			}
			c.normalize(&code)
			if !yield(code, err) {
				return
			}
		}
	}
}

// GetAccessCode reads a managed code for display.
func (c *Client) GetAccessCode(ctx context.Context, id string) (AccessCode, error) {
	seen, err := c.fetchAccessCode(ctx, id)
	if err == nil && seen.Gone {
		err = c.AccessCodeNotFound(ctx, id)
	}
	c.normalize(&seen.Code)
	return seen.Code, err
}

// GetAccessCodeByPIN returns the managed code on a lock with this PIN. It fails if there is none
// or more than one.
func (c *Client) GetAccessCodeByPIN(ctx context.Context, deviceID, pin string) (AccessCode, error) {
	known, err := c.device(deviceID).codes.cached(ctx, maxLookupAge)
	if err != nil {
		return AccessCode{}, err
	}
	listed := slices.Collect(maps.Values(known.codes))
	found := slices.DeleteFunc(slices.Clone(listed), func(a AccessCode) bool { return a.Code != pin })
	switch len(found) {
	case 1:
		c.normalize(&found[0])
		return found[0], nil
	case 0:
		return AccessCode{}, NewAdvice(fmt.Sprintf("None of the %d managed access codes on lock %s has this PIN. They are: %s.", len(listed), deviceID, JoinLimited(c.labels(listed))), "Correct device_id or code, or use the id. A code that Seam does not manage is in data.seam_unmanaged_access_codes.")
	}
	return AccessCode{}, NewAdvice(fmt.Sprintf("%d access codes on lock %s have this PIN: %s.", len(found), deviceID, JoinLimited(c.labels(found))), "Use the id of the one you mean.")
}

// labels returns names and IDs for messages. Names are redacted because they may contain PINs.
func (c *Client) labels(codes []AccessCode) []string {
	ids := IDsOf(codes)
	for i, code := range codes {
		if code.Name != "" {
			ids[i] = fmt.Sprintf("%q (%s)", c.redactor.redact(code.Name), ids[i])
		}
	}
	return ids
}
