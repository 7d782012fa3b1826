package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// AccessCodeNotFound explains an id that leads to no code, as in an import.
func (c *Client) AccessCodeNotFound(ctx context.Context, id string) error {
	if _, err := c.fetchUnmanaged(ctx, id); err == nil {
		return NewAdvice(fmt.Sprintf("Access code %s is on a lock but not managed by this workspace.", id),
			fmt.Sprintf("To manage it, write adopt_access_code_id = %q on a new seam_access_code and apply, without an import; the code keeps its id and its PIN. To keep an eye on it or to remove it from the lock, import it as seam_unmanaged_access_code.", id))
	}
	return NewAdvice(fmt.Sprintf("There is no access code %s in this workspace.", id), "Check the id: data.seam_access_codes and the Seam console show it.")
}

// nonBlockingErrors are errors that do not keep a PIN off its lock.
var nonBlockingErrors = []string{"failed_to_remove_from_device", "failed_to_expire", "failed_to_update", "auxiliary_heat_running", "empty_backup_access_code_pool"}

// NotOnLockReason explains why a PIN that should open the door now is not on its lock; empty
// if it is there, its stay is not under way, or Seam reports no error.
func (c *Client) NotOnLockReason(code AccessCode) string {
	now := c.Now()
	waits := code.StartsAt.After(now) || !code.EndsAt.IsZero() && !code.EndsAt.After(now)
	blocking := slices.DeleteFunc(slices.Clone(code.Errors), func(e Issue) bool { return slices.Contains(nonBlockingErrors, e.ErrorCode) })
	if waits || code.OnLock() || code.IsOfflineAccessCode || len(blocking) == 0 {
		return ""
	}
	lines := append([]string{fmt.Sprintf("Access code %s should open lock %s now, and Seam has not put it there.", code.ID, code.DeviceID)}, c.DescribeIssues(AccessCode{Errors: blocking})...)
	return strings.Join(lines, "\n")
}

// DescribeIssues tells each error and warning on a code with its remedy.
func (c *Client) DescribeIssues(code AccessCode) []string {
	var lines []string
	issues := slices.Concat(code.Errors, code.Warnings)
	c.redactIssues(issues)
	for _, issue := range issues {
		line := fmt.Sprintf("Seam reports %s: %s", issue.Code(), issue.Message)
		if remedy := issue.Remedy(); remedy != "" {
			line += " Remedy: " + remedy
		}
		lines = append(lines, line)
	}
	return lines
}

func IDsOf(codes []AccessCode) []string {
	ids := make([]string, len(codes))
	for i, code := range codes {
		ids[i] = SanitizeID(code.ID)
	}
	return ids
}
