package seam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// LockDevice is a lock, as far as removals care: a proof must not fail because Seam describes
// a lock in an unexpected way.
type LockDevice struct {
	ID          string `json:"device_id"`
	DisplayName string `json:"display_name"`
	Nickname    string `json:"nickname"`
	Properties  struct {
		Name   string `json:"name"`
		Online *bool  `json:"online"`
	} `json:"properties"`
}

// forceForgetAdvice is given with every error that leaves a code in the state although no
// answer can prove its removal any more.
var forceForgetAdvice = Step{Kind: StepForceForget}.String()

// GetLockDevice reads the lock. That it is missing or unmanaged is an error which says so:
// neither tells anything about the PINs on it.
func (c *Client) GetLockDevice(ctx context.Context, id string) (LockDevice, ResponseMeta, error) {
	var out struct {
		Device LockDevice `json:"device"`
	}
	a, err := c.post(ctx, "/devices/get", map[string]string{"device_id": id}, &out)
	if IsType(err, "device_not_found") {
		return LockDevice{}, a, c.missingLockError(ctx, id, err)
	}
	if err == nil && out.Device.ID != id {
		err = &Error{Path: "/devices/get", Status: 200, RequestID: a.RequestID, Message: "the answer is about another lock than the one asked for"}
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
		return WrapAdvice(errors.Join(ErrNotObservable, cause),
			fmt.Sprintf("Lock %s is no longer managed by this workspace (it became unmanaged), so what its codes are cannot be seen. Their PINs may still open the door.", id),
			"Make the lock managed again (seam_device with is_managed = true, or the Seam console) and run again. "+forceForgetAdvice)
	}
	return WrapAdvice(errors.Join(ErrNotObservable, cause),
		fmt.Sprintf("Lock %s is missing from the workspace (%v). That is no proof that its PINs were removed: they may still open the door.", id, cause),
		"Often the connection to the manufacturer's account is disturbed and the lock comes back: check it in the Seam console and run again later. "+forceForgetAdvice)
}
