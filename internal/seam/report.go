package seam

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// reportTime is how long a failing removal may take to find out more for its report.
const reportTime = 10 * time.Second

// unconfirmed reports a removal that is, or may be, still under way.
func (r *removal) unconfirmed(ctx context.Context, err error) error {
	return r.explain(ctx, ErrUnconfirmed, "The removal is not confirmed", err)
}

// explain says what is known about a removal that did not end, and what to do.
func (r *removal) explain(ctx context.Context, outcome error, headline string, err error) error {
	lines := []string{fmt.Sprintf("%s: %s.", headline, strings.TrimRight(err.Error(), "."))}
	if ctx.Err() != nil {
		lines = []string{fmt.Sprintf("%s: interrupted.", headline)}
	} else {
		lines = append(lines, r.circumstances(ctx)...)
	}
	lines = append(lines, fmt.Sprintf("The PIN of access code %s may still open lock %s, so the state keeps it.", r.AccessCodeID, r.DeviceID))
	return because(errors.Join(outcome, err), strings.Join(lines, "\n"), nextStep(outcome, err))
}

func nextStep(outcome, err error) string {
	if errors.Is(outcome, ErrRefused) {
		return Advice(err, "Mend the cause and run destroy again: it asks Seam anew.")
	}
	return Advice(err, "Run destroy again: it goes on where this one stopped. If the lock only needs longer, raise timeouts.delete, apply, and destroy.")
}

// circumstances are what a person needs to judge the failure. They are best effort.
func (r *removal) circumstances(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, reportTime)
	defer cancel()
	var lines []string
	if r.attempt.ID != "" && r.attempt.Status != attemptError {
		lines = append(lines, fmt.Sprintf("Action attempt %s: %s.", r.attempt.ID, r.secrets.scrub(r.attempt.Status)))
	}
	if seen, err := r.lookUp(ctx, r.AccessCodeID); err == nil && !seen.gone {
		lines = append(lines, "Status of the code: "+r.secrets.scrub(seen.code.Status)+".")
		lines = append(lines, r.issues(seen.code)...)
	}
	if d, _, err := r.deviceNow(ctx, r.DeviceID); err == nil && d.Properties.Online != nil && !*d.Properties.Online {
		lines = append(lines, "The lock is offline.")
	}
	return lines
}

// issues tells each error and warning on a code with its remedy.
func (c *Client) issues(code AccessCode) []string {
	var lines []string
	for _, issue := range append(code.Errors, code.Warnings...) {
		name := issue.ErrorCode + issue.WarningCode
		line := fmt.Sprintf("Seam reports %s: %s", c.secrets.scrub(name), c.secrets.scrub(issue.Message))
		if remedy := remedies[name]; remedy != "" {
			line += " Remedy: " + remedy
		}
		lines = append(lines, line)
	}
	return lines
}
