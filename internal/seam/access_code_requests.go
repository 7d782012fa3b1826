package seam

import (
	"context"
	"errors"
	"net/http"
)

// RequestAccessCodeDeletion sends a delete request and returns the ID of its action attempt,
// empty if the response has none. The caller holds the write lock of the device.
func (c *Client) RequestAccessCodeDeletion(ctx context.Context, id string, unmanaged bool) (attemptID string, err error) {
	path := "/access_codes/delete"
	if unmanaged {
		path = "/access_codes/unmanaged/delete"
	}
	var out struct {
		ActionAttempt *ActionAttempt `json:"action_attempt"`
	}
	err = CheckMentionedID(id, c.postRateLimited(ctx, path, map[string]string{"access_code_id": id}, &out))
	if err != nil || out.ActionAttempt == nil {
		return "", err
	}
	return c.redactor.sanitizeID(out.ActionAttempt.ID), nil
}

// RequestAccessCodeUpdate sends an update request and returns its action attempt. The caller
// holds the write lock of the device.
func (c *Client) RequestAccessCodeUpdate(ctx context.Context, in AccessCodeInput) (ActionAttempt, error) {
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	err := c.postRateLimited(ctx, "/access_codes/update", in, &out)
	out.ActionAttempt.ID = c.redactor.sanitizeID(out.ActionAttempt.ID)
	return out.ActionAttempt, err
}

// HasUnmanagedAccessCode reports whether Seam returns the code as unmanaged, on any lock. A typed 404 of
// another kind is an error: it does not say that there is no such code. A 404 without a type may be that
// of a server without this endpoint, or a page of a proxy: it counts if it comes twice, because the
// caller's proof does not rest on it.
func (c *Client) HasUnmanagedAccessCode(ctx context.Context, id string) (bool, error) {
	_, err := c.fetchUnmanaged(ctx, id)
	if isUntyped404(err) {
		_, err = c.fetchUnmanaged(ctx, id)
	}
	if isUntyped404(err) || IsNotFound(err, "access_code_not_found") || IsNotFound(err, "not_found") {
		return false, nil
	}
	return err == nil, err
}

func isUntyped404(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && e.Type == ""
}
