package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// AccessCodeNotFound returns the error for an ID that is no managed code, as in an import.
func (c *Client) AccessCodeNotFound(ctx context.Context, id string) error {
	if _, err := c.fetchUnmanaged(ctx, id); err == nil {
		return NewAdvice(fmt.Sprintf("Access code %s is on a lock but not managed by this workspace.", id),
			fmt.Sprintf("To manage it, set adopt_access_code_id = %q on a new seam_access_code and apply, without an import. The code keeps its id and PIN. To monitor it or remove it from the lock, import it as seam_unmanaged_access_code.", id))
	}
	return NewAdvice(fmt.Sprintf("There is no access code %s in this workspace.", id), "Check the id in data.seam_access_codes or in the Seam console.")
}

// nonBlockingErrors are errors that do not prevent a PIN from being set on its lock.
var nonBlockingErrors = []string{"failed_to_remove_from_device", "failed_to_expire", "failed_to_update", "auxiliary_heat_running", "empty_backup_access_code_pool"}

// NotOnLockReason explains why a PIN that should open the door now is not on its lock. It is
// empty if the PIN is on the lock, its window is not active, or Seam reports no error.
func (c *Client) NotOnLockReason(code AccessCode) string {
	now := c.Now()
	waits := code.StartsAt.After(now) || !code.EndsAt.IsZero() && !code.EndsAt.After(now)
	blocking := slices.DeleteFunc(slices.Clone(code.Errors), func(e Issue) bool { return slices.Contains(nonBlockingErrors, e.ErrorCode) })
	if waits || code.OnLock() || code.IsOfflineAccessCode || len(blocking) == 0 {
		return ""
	}
	lines := append([]string{fmt.Sprintf("Access code %s should open lock %s now, but Seam has not set it on the lock.", code.ID, code.DeviceID)}, c.DescribeIssues(AccessCode{Errors: blocking})...)
	return strings.Join(lines, "\n")
}

// StillOnLockReason says that Seam could not end a code, so that its PIN opens the door after its end.
// It is empty otherwise.
func (c *Client) StillOnLockReason(code AccessCode) string {
	failed := slices.DeleteFunc(slices.Clone(code.Errors), func(e Issue) bool { return e.ErrorCode != "failed_to_expire" })
	if len(failed) == 0 || code.EndsAt.After(c.Now()) {
		return ""
	}
	lines := append([]string{fmt.Sprintf("Access code %s has ended, but its PIN may still open lock %s.", code.ID, code.DeviceID)}, c.DescribeIssues(AccessCode{Errors: failed})...)
	return strings.Join(lines, "\n") + "\n\nDestroy it: that removes the PIN with proof. If the lock does not answer, remove the PIN in the manufacturer's app."
}

// DescribeIssues returns one line for each error and warning of a code, with its remedy.
func (c *Client) DescribeIssues(code AccessCode) []string {
	return c.DescribeAll(slices.Concat(code.Errors, code.Warnings))
}

// DescribeAll returns one line for each issue, with its remedy.
func (c *Client) DescribeAll(issues []Issue) (lines []string) {
	c.redactIssues(issues)
	for _, issue := range issues {
		line := fmt.Sprintf("Seam reports %s: %s.", issue.Code(), strings.TrimRight(issue.Message, "."))
		if remedy := issue.Remedy(); remedy != "" {
			line += " Remedy: " + remedy
		}
		lines = append(lines, line)
	}
	return lines
}

func IDsOf[T Object](objects []T) []string {
	ids := make([]string, len(objects))
	for i, object := range objects {
		ids[i] = SanitizeID(object.ObjectID())
	}
	return ids
}
