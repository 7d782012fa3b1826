package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	kept := ", so the state keeps it"
	if r.Stateless {
		kept = ""
	}
	lines = append(lines, fmt.Sprintf("The PIN of access code %s may still open lock %s%s.", r.AccessCodeID, r.DeviceID, kept))
	return because(errors.Join(outcome, err), strings.Join(lines, "\n"), r.nextStep(outcome, err))
}

func (r *removal) nextStep(outcome, err error) string {
	if r.Stateless {
		return Advice(err, "Mend the cause if there is one, and run the action again. If the lock only needs longer, raise timeouts.invoke.")
	}
	return nextStep(outcome, err)
}

// inItsTerms is err with a way out that fits what is removed: [WayOut] is that of a
// seam_access_code, and what no state keeps needs none.
func (task *Removal) inItsTerms(err error) error {
	next := Advice(err, "")
	if !task.Unmanaged || !strings.Contains(next, WayOut) {
		return err
	}
	wayOut := strings.ReplaceAll(WayOut, "seam_access_code.", "seam_unmanaged_access_code.")
	if task.Stateless {
		wayOut = ""
	}
	return because(err, err.Error(), strings.TrimSpace(strings.ReplaceAll(next, WayOut, wayOut)))
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
	if seen, err := r.lookFor(ctx, r.Removal, r.AccessCodeID); err == nil && !seen.gone {
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
	issues := slices.Concat(code.Errors, code.Warnings)
	c.clean(issues)
	for _, issue := range issues {
		line := fmt.Sprintf("Seam reports %s: %s", issue.Code(), issue.Message)
		if remedy := issue.Remedy(); remedy != "" {
			line += " Remedy: " + remedy
		}
		lines = append(lines, line)
	}
	return lines
}

func (r *removal) warnOfNeighbours(ctx context.Context) {
	same, err := r.neighbours(ctx, r.DeviceID, r.pins, r.codes())
	if err != nil {
		r.Warn("Other access codes not compared", fmt.Sprintf("Access code %s is removed. Whether another access code of this workspace has the same PIN on lock %s could not be seen: %v", r.AccessCodeID, r.DeviceID, err))
	}
	if len(same) > 0 {
		r.Warn("Another access code has the same PIN", fmt.Sprintf("Access code %s is removed, but the PIN still opens lock %s through access code %s.", r.AccessCodeID, r.DeviceID, strings.Join(same, ", ")))
	}
}
