package seam

import "context"

// RequestAccessCodeDeletion asks for a code to be deleted and returns the action attempt, if
// Seam makes one. The caller holds the turn to write to the lock.
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

// RequestAccessCodeUpdate asks for a code to be changed. The caller holds the turn to write
// to the lock.
func (c *Client) RequestAccessCodeUpdate(ctx context.Context, in AccessCodeInput) (ActionAttempt, error) {
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	err := c.postRateLimited(ctx, "/access_codes/update", in, &out)
	out.ActionAttempt.ID = c.redactor.sanitizeID(out.ActionAttempt.ID)
	return out.ActionAttempt, err
}

// HasUnmanagedAccessCode reports whether Seam shows a code among those that it does not
// manage, on whatever lock.
func (c *Client) HasUnmanagedAccessCode(ctx context.Context, id string) (bool, error) {
	_, err := c.fetchUnmanaged(ctx, id)
	if IsNotFound(err, "access_code_not_found") || IsNotFound(err, "not_found") {
		return false, nil
	}
	return err == nil, err
}
