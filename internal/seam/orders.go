package seam

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// order is something that a lock, an encoder or an access system is asked to do, and how messages name
// it. Seam answers with an action attempt.
type order struct {
	path    string
	in      any
	to      string // such as "lock 7d1b4f6e"
	verb    string // such as "unlock"
	outcome string // such as "the door is unlocked"
	check   string // where to see what happened
	prompt  string // what a person has to do meanwhile; may be empty
}

// run sends an order, and waits until it is done.
func (c *Client) run(ctx context.Context, what order, o ActionOptions) (ActionAttempt, error) {
	attempt, err := c.sendOrder(ctx, what)
	if err != nil {
		return attempt, err
	}
	return c.awaitOrder(ctx, what, attempt, o)
}

// sendOrder sends an order only once: a retry after a lost response could open a door again.
func (c *Client) sendOrder(ctx context.Context, what order) (ActionAttempt, error) {
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	a, err := c.postOnceCancelable(ctx, what.path, what.in, &out)
	switch {
	case mayHaveExecuted(err):
		err = WrapAdvice(err, fmt.Sprintf("It is not known whether %s received the %s request: %v", what.to, what.verb, err), "Check "+what.check+" before you run the action again.")
	case err == nil && c.redactor.sanitizeID(out.ActionAttempt.ID) == "":
		err = &Error{Path: what.path, Status: 200, RequestID: a.RequestID, Message: "the response contains no action attempt, so the result cannot be read"}
	}
	return c.redactAttempt(out.ActionAttempt), err
}

// awaitOrder waits until an order is done.
func (c *Client) awaitOrder(ctx context.Context, what order, attempt ActionAttempt, o ActionOptions) (ActionAttempt, error) {
	o.reportProgress("Sent %s the %s request (action attempt %s).", what.to, what.verb, SanitizeID(attempt.ID))
	if what.prompt != "" {
		o.reportProgress("%s", what.prompt)
	}
	ended, err := c.AwaitActionAttempt(ctx, attempt)
	id, to := SanitizeID(ended.ID), strings.ToUpper(what.to[:1])+what.to[1:]
	switch {
	case err != nil:
		err = WrapAdvice(err, fmt.Sprintf("%s has not confirmed yet that %s: %v. Action attempt %s is %s.", to, what.outcome, err, id, c.redactor.redact(ended.Status)),
			fmt.Sprintf("Check data.seam_action_attempt, and %s, before you run the action again: it may still be done. If it needs more time, raise timeouts.invoke.", what.check))
	case ended.Status == AttemptError:
		err = WrapAdvice(errors.New(ended.Failure()), fmt.Sprintf("%s did not %s: %s.", to, what.verb, ended.Failure()), "Fix the cause and run the action again.")
	case ended.Status != attemptSuccess:
		err = NewAdvice(fmt.Sprintf("It is not known how action attempt %s ended (%s).", id, c.redactor.redact(ended.Status)), "Check "+what.check+" before you run the action again.")
	}
	return ended, err
}
