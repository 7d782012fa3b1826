package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// diagnosisTimeout is how long a failing removal may take to find out more for its report.
const diagnosisTimeout = 10 * time.Second

// unconfirmedError reports a removal that is, or may be, still under way.
func (r *removal) unconfirmedError(ctx context.Context, err error) error {
	return r.describeFailure(ctx, ErrUnconfirmed, "The removal is not confirmed", err)
}

// describeFailure says what is known about a removal that did not end, and what to do.
func (r *removal) describeFailure(ctx context.Context, outcome error, headline string, err error) error {
	lines := []string{fmt.Sprintf("%s: %s.", headline, strings.TrimRight(err.Error(), "."))}
	if ctx.Err() != nil {
		lines = []string{fmt.Sprintf("%s: interrupted.", headline)}
	} else {
		lines = append(lines, r.diagnose(ctx)...)
	}
	kept := ", so the state keeps it"
	if r.Stateless {
		kept = ""
	}
	lines = append(lines, fmt.Sprintf("The PIN of access code %s may still open lock %s%s.", r.AccessCodeID, r.DeviceID, kept))
	return WrapAdvice(errors.Join(outcome, err), strings.Join(lines, "\n"), r.fallbackAdvice(outcome, err))
}

func (r *removal) fallbackAdvice(outcome, err error) string {
	if r.Stateless {
		return Advice(err, "Mend the cause if there is one, and run the action again. If the lock only needs longer, raise timeouts.invoke.")
	}
	return fallbackAdvice(outcome, err)
}

// withResourceAddress is err with advice that fits what is removed: [forceForgetAdvice] is that of a
// seam_access_code, and what no state keeps needs none.
func (task *Removal) withResourceAddress(err error) error {
	next := Advice(err, "")
	if !task.Unmanaged || !strings.Contains(next, forceForgetAdvice) {
		return err
	}
	wayOut := strings.ReplaceAll(forceForgetAdvice, "seam_access_code.", "seam_unmanaged_access_code.")
	if task.Stateless {
		wayOut = ""
	}
	return WrapAdvice(err, err.Error(), strings.TrimSpace(strings.ReplaceAll(next, forceForgetAdvice, wayOut)))
}

func fallbackAdvice(outcome, err error) string {
	if errors.Is(outcome, ErrRefused) {
		return Advice(err, "Mend the cause and run destroy again: it asks Seam anew.")
	}
	return Advice(err, "Run destroy again: it goes on where this one stopped. If the lock only needs longer, raise timeouts.delete, apply, and destroy.")
}

// diagnose are what a person needs to judge the failure. They are best effort.
func (r *removal) diagnose(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, diagnosisTimeout)
	defer cancel()
	var lines []string
	if r.attempt.ID != "" && r.attempt.Status != AttemptError {
		lines = append(lines, fmt.Sprintf("Action attempt %s: %s.", r.attempt.ID, r.redactor.redact(r.attempt.Status)))
	}
	if seen, err := r.getTarget(ctx, r.Removal, r.AccessCodeID); err == nil && !seen.Gone {
		lines = append(lines, "Status of the code: "+r.redactor.redact(seen.Code.Status)+".")
		lines = append(lines, r.DescribeIssues(seen.Code)...)
	}
	if d, _, err := r.GetLockDevice(ctx, r.DeviceID); err == nil && d.Properties.Online != nil && !*d.Properties.Online {
		lines = append(lines, "The lock is offline.")
	}
	return lines
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

func (r *removal) warnSharedPIN(ctx context.Context) {
	same, err := r.codesWithPIN(ctx, r.DeviceID, r.pins, r.codeIDs())
	if err != nil {
		r.Warn("Other access codes not compared", fmt.Sprintf("Access code %s is removed. Whether another access code of this workspace has the same PIN on lock %s could not be seen: %v", r.AccessCodeID, r.DeviceID, err))
	}
	if len(same) > 0 {
		r.Warn("Another access code has the same PIN", fmt.Sprintf("Access code %s is removed, but the PIN still opens lock %s through access code %s.", r.AccessCodeID, r.DeviceID, strings.Join(same, ", ")))
	}
}
