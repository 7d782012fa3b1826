package seam

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AdoptInput is an unmanaged code that is to become managed.
type AdoptInput struct {
	AccessCodeID                  string
	DeviceID                      string // lock on which it has to be
	Force                         bool   // also if another workspace manages it
	IsExternalModificationAllowed *bool
}

// CheckAdoptable tells why an unmanaged code cannot be adopted; nil if it may well be.
func (in AdoptInput) CheckAdoptable(code AccessCode) error {
	switch {
	case code.CannotBeManaged:
		return NewAdvice(fmt.Sprintf("Seam says that access code %s cannot be managed: this kind of lock does not allow it.", in.AccessCodeID), "Leave adopt_access_code_id out and choose another PIN; or take that code off the lock first, as a resource seam_unmanaged_access_code or with the action seam_delete_unmanaged_access_code.")
	case code.DeviceID != in.DeviceID:
		return NewAdvice(fmt.Sprintf("Access code %s is on lock %s, not on lock %s.", in.AccessCodeID, SanitizeID(code.DeviceID), in.DeviceID), "Correct device_id or adopt_access_code_id: adopting leaves a code on its lock.")
	}
	return nil
}

// AdoptAccessCode makes an unmanaged code managed, as it is. It returns when Seam shows it
// as such.
func (c *Client) AdoptAccessCode(ctx context.Context, in AdoptInput) (AccessCode, error) {
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return AccessCode{}, err
	}
	seen, err := c.fetchUnmanaged(ctx, in.AccessCodeID)
	if IsNotFound(err, "access_code_not_found") {
		return AccessCode{}, c.notUnmanagedError(ctx, in.AccessCodeID)
	}
	if err == nil {
		err = in.CheckAdoptable(seen.Code)
	}
	if err != nil {
		return AccessCode{}, err
	}
	return c.adoptOnce(ctx, in)
}

// RestoreAccessCode makes a code managed again that was, and no longer is.
func (c *Client) RestoreAccessCode(ctx context.Context, in AdoptInput) (AccessCode, error) {
	seen, err := c.LookUpAccessCode(ctx, in.AccessCodeID, LookupOptions{})
	if err == nil && !seen.Gone {
		return seen.Code, nil
	}
	if err != nil && !IsUnmanagedError(err) {
		return AccessCode{}, err
	}
	code, err := c.AdoptAccessCode(ctx, in)
	if err != nil {
		return code, WrapAdvice(err, fmt.Sprintf("Access code %s cannot be made managed again: %v", in.AccessCodeID, err),
			fmt.Sprintf("Run plan to see how it stands. If another workspace of Seam manages the code now, release it there. Otherwise destroy it, which removes it from the lock; or let go of it with %v.", Step{Kind: StepForget}))
	}
	return code, nil
}

// adoptOnce keeps two resources from holding one code: one would remove it from under the
// other.
func (c *Client) adoptOnce(ctx context.Context, in AdoptInput) (AccessCode, error) {
	if _, twice := c.adoptedIDs.LoadOrStore(in.AccessCodeID, nil); twice {
		return AccessCode{}, NewAdvice(fmt.Sprintf("Access code %s is adopted by another resource of this run.", in.AccessCodeID), "Keep adopt_access_code_id with this id on one resource only, and take the other out of the configuration.")
	}
	attempt, err := c.convertToManaged(ctx, in)
	var code AccessCode
	if err == nil {
		if code, err = c.awaitManaged(ctx, in.AccessCodeID, attempt); err != nil {
			err = c.conversionError(ctx, in.AccessCodeID, err)
		}
	}
	if err != nil {
		c.adoptedIDs.Delete(in.AccessCodeID)
	}
	return code, err
}

func (c *Client) notUnmanagedError(ctx context.Context, id string) error {
	managed, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
	switch {
	case err != nil:
		return err
	case managed.Gone:
		return NewAdvice(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes shows those on a lock. If the code was adopted before and is removed since, leave adopt_access_code_id out: then a new code is made.")
	}
	return NewAdvice(fmt.Sprintf("Access code %s is managed by this workspace already.", id), "If it is left over from an interrupted apply, import it: "+importStep("access_code", id)+". If another resource holds it, leave this one out.")
}

func (c *Client) convertToManaged(ctx context.Context, in AdoptInput) (ActionAttempt, error) {
	release, err := c.AcquireWrite(ctx, in.DeviceID, writeAdopt)
	if err != nil {
		return ActionAttempt{}, fmt.Errorf("waiting for the turn to adopt: %w", err)
	}
	defer release()
	parameters := map[string]any{"access_code_id": in.AccessCodeID}
	if in.Force {
		parameters["force"] = true
	}
	if in.IsExternalModificationAllowed != nil {
		parameters["is_external_modification_allowed"] = *in.IsExternalModificationAllowed
	}
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	err = c.postRateLimited(ctx, "/access_codes/unmanaged/convert_to_managed", parameters, &out)
	out.ActionAttempt.ID = c.redactor.sanitizeID(out.ActionAttempt.ID)
	if err == nil {
		return out.ActionAttempt, nil
	}
	// A call that was repeated may have been carried out the first time.
	if seen, lookErr := c.LookUpAccessCode(ctx, in.AccessCodeID, LookupOptions{}); lookErr == nil && !seen.Gone {
		return ActionAttempt{}, nil
	}
	next := Advice(err, "Run again.")
	if e, ok := errors.AsType[*Error](err); ok && e.typed && e.Status/100 == 4 && !in.Force {
		next = "If another workspace of Seam manages the code, force_adoption = true takes it away from there. " + next
	}
	return ActionAttempt{}, WrapAdvice(err, fmt.Sprintf("Access code %s could not be adopted: %v", in.AccessCodeID, err), next)
}

func (c *Client) awaitManaged(ctx context.Context, id string, attempt ActionAttempt) (AccessCode, error) {
	if attempt.ID != "" {
		ended, err := c.AwaitActionAttempt(ctx, attempt)
		if err != nil {
			return AccessCode{}, err
		}
		if ended.Status == AttemptError {
			return AccessCode{}, errors.New(ended.Failure())
		}
	}
	var code AccessCode
	managed := func(ctx context.Context) (bool, error) {
		seen, err := c.LookUpAccessCode(ctx, id, LookupOptions{})
		if errors.Is(err, ErrNotObservable) {
			return false, nil // still unmanaged
		}
		code = seen.Code
		return err == nil && !seen.Gone, err
	}
	if done, err := managed(ctx); done || err != nil && !IsRetryable(err) {
		return code, err
	}
	return code, Poll(ctx, managed)
}

// conversionError says what is known of a conversion that did not end. The code is on the
// lock as before, whether managed by now or not.
func (c *Client) conversionError(ctx context.Context, id string, err error) error {
	lines := []string{fmt.Sprintf("Seam was asked to manage access code %s, and does not show it as managed: %s.", id, strings.TrimRight(err.Error(), "."))}
	late, cancel := context.WithTimeout(detach(ctx), time.Second)
	defer cancel()
	if seen, err := c.fetchUnmanaged(late, id); err == nil {
		lines = append(lines, c.DescribeIssues(seen.Code)...)
	}
	return WrapAdvice(err, strings.Join(lines, "\n"), "Run apply again: it goes on from what Seam shows then. If the lock only needs longer, raise timeouts.create.")
}
