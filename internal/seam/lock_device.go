package seam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// LockDevice holds the fields of a lock that removals use. It decodes leniently, so that an
// unexpected value elsewhere does not make a removal proof fail.
type LockDevice struct {
	ID          string `json:"device_id"`
	DisplayName string `json:"display_name"`
	Nickname    string `json:"nickname"`
	IsManaged   *bool  `json:"is_managed"`
	Properties  struct {
		Name   string `json:"name"`
		Online *bool  `json:"online"`
	} `json:"properties"`
}

// forceForgetAdvice is part of every error that keeps a code in the state although its removal
// can no longer be proven.
var forceForgetAdvice = Step{Kind: StepForceForget}.String()

// GetLockDevice reads a lock. If the lock is missing or unmanaged, the error matches
// [ErrNotObservable]: the PINs on it may still work.
func (c *Client) GetLockDevice(ctx context.Context, id string) (LockDevice, ResponseMeta, error) {
	var out struct {
		Device LockDevice `json:"device"`
	}
	a, err := c.post(ctx, "/devices/get", map[string]string{"device_id": id}, &out)
	if IsType(err, "device_not_found") {
		return LockDevice{}, a, c.missingLockError(ctx, id, err)
	}
	if err == nil && out.Device.ID != id {
		err = &Error{Path: "/devices/get", Status: 200, RequestID: a.RequestID, Message: "the response is about another lock than the one requested"}
	}
	if managed := out.Device.IsManaged; err == nil && managed != nil && !*managed {
		return LockDevice{}, a, unmanagedLockError(id, ErrNotObservable)
	}
	if d := out.Device; err == nil {
		c.storeName(d.ID, cmp.Or(d.DisplayName, d.Nickname, d.Properties.Name))
	}
	return out.Device, a, err
}

func (c *Client) missingLockError(ctx context.Context, id string, cause error) error {
	var out struct {
		Device LockDevice `json:"device"`
	}
	_, err := c.post(ctx, "/devices/unmanaged/get", map[string]string{"device_id": id}, &out)
	if err == nil && out.Device.ID == id {
		return unmanagedLockError(id, errors.Join(ErrNotObservable, cause))
	}
	return WrapAdvice(errors.Join(ErrNotObservable, cause),
		fmt.Sprintf("Lock %s is missing from the workspace (%v). That is no proof that its PINs were removed: they may still open the door.", id, cause),
		"Often only the connection to the manufacturer's account is interrupted, and the lock comes back: check it in the Seam console and run again later. "+forceForgetAdvice)
}

func unmanagedLockError(id string, cause error) error {
	return WrapAdvice(cause,
		fmt.Sprintf("Lock %s is no longer managed by this workspace (it became unmanaged), so its codes cannot be read. Their PINs may still open the door.", id),
		"Make the lock managed again (seam_device with is_managed = true, or the Seam console) and run again. "+forceForgetAdvice)
}
