package seam

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AdoptInput identifies an unmanaged code to convert to a managed one.
type AdoptInput struct {
	AccessCodeID                  string
	DeviceID                      string // lock that the code must be on
	Force                         bool   // take it over even if another workspace manages it
	IsExternalModificationAllowed *bool
}

// CheckAdoptable returns an error if it is certain that the code cannot be adopted.
func (in AdoptInput) CheckAdoptable(code AccessCode) error {
	switch {
	case code.CannotBeManaged:
		return NewAdvice(fmt.Sprintf("Seam says that access code %s cannot be managed: this kind of lock does not allow it.", in.AccessCodeID), "Remove adopt_access_code_id and choose another PIN. Or remove that code from the lock first, with a seam_unmanaged_access_code resource or the seam_delete_unmanaged_access_code action.")
	case code.DeviceID != in.DeviceID:
		return NewAdvice(fmt.Sprintf("Access code %s is on lock %s, not on lock %s.", in.AccessCodeID, SanitizeID(code.DeviceID), in.DeviceID), "Correct device_id or adopt_access_code_id: adoption does not move a code to another lock.")
	}
	return nil
}

// AdoptAccessCode converts an unmanaged code to a managed one without changing it. It returns
// when Seam reports the code as managed.
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

// RestoreAccessCode makes a code managed again after it became unmanaged.
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
			fmt.Sprintf("Run plan to see its current status. If another Seam workspace now manages the code, release it there. Otherwise destroy it, which removes it from the lock, or remove it from the state with %v.", Step{Kind: StepForget}))
	}
	return code, nil
}

// adoptOnce prevents two resources from adopting the same code: destroying one of them would
// remove the other's code.
func (c *Client) adoptOnce(ctx context.Context, in AdoptInput) (AccessCode, error) {
	if _, twice := c.adoptedIDs.LoadOrStore(in.AccessCodeID, nil); twice {
		return AccessCode{}, NewAdvice(fmt.Sprintf("Access code %s is adopted by another resource of this run.", in.AccessCodeID), "Set adopt_access_code_id to this id on one resource only, and remove the other resource from the configuration.")
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
		return NewAdvice(fmt.Sprintf("There is no unmanaged access code %s in this workspace.", id), "Check the id: data.seam_unmanaged_access_codes lists the unmanaged codes on a lock. If the code was adopted earlier and has since been removed, remove adopt_access_code_id: apply then creates a new code.")
	}
	return NewAdvice(fmt.Sprintf("Access code %s is already managed by this workspace.", id), "If it is left over from an interrupted apply, import it: "+importStep("access_code", id)+". If another resource manages it, remove this resource from the configuration.")
}

func (c *Client) convertToManaged(ctx context.Context, in AdoptInput) (ActionAttempt, error) {
	release, err := c.AcquireWrite(ctx, in.DeviceID, writeAdopt)
	if err != nil {
		return ActionAttempt{}, fmt.Errorf("waiting to send the conversion: %w", err)
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
	// If the call was retried, the first try may have succeeded.
	if seen, lookErr := c.LookUpAccessCode(ctx, in.AccessCodeID, LookupOptions{}); lookErr == nil && !seen.Gone {
		return ActionAttempt{}, nil
	}
	next := Advice(err, "Run again.")
	if e, ok := errors.AsType[*Error](err); ok && e.typed && e.Status/100 == 4 && !in.Force {
		next = "If another Seam workspace manages the code, set force_adoption = true to take it over. " + next
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

// conversionError describes a conversion that was not confirmed. The code is still on the lock,
// managed or not.
func (c *Client) conversionError(ctx context.Context, id string, err error) error {
	lines := []string{fmt.Sprintf("Seam was asked to manage access code %s, and does not show it as managed: %s.", id, strings.TrimRight(err.Error(), "."))}
	late, cancel := context.WithTimeout(detach(ctx), time.Second)
	defer cancel()
	if seen, err := c.fetchUnmanaged(late, id); err == nil {
		lines = append(lines, c.DescribeIssues(seen.Code)...)
	}
	return WrapAdvice(err, strings.Join(lines, "\n"), "Run apply again: it continues from the code's status in Seam. If the lock needs more time, raise timeouts.create.")
}
