package seam

import (
	"context"
	"encoding/json"
	"fmt"
)

// ActionAttempt is an asynchronous operation in Seam.
type ActionAttempt struct {
	ID     string          `json:"action_attempt_id"`
	Type   string          `json:"action_type"`
	Status string          `json:"status"` // pending, success or error; other values mean unknown
	Result json.RawMessage `json:"result"` // it may hold secrets
	Error  *struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"error"`
}

// Statuses of an action attempt.
const (
	AttemptPending = "pending"
	attemptSuccess = "success"
	AttemptError   = "error"
	// attemptVanished is set by this client if Seam does not, or no longer, know the attempt.
	attemptVanished = "vanished"
)

// FetchActionAttempt gets an attempt once. If Seam does not know it, the status is vanished,
// which does not tell how the attempt ended.
func (c *Client) FetchActionAttempt(ctx context.Context, id string) (ActionAttempt, error) {
	var out struct {
		ActionAttempt ActionAttempt `json:"action_attempt"`
	}
	answer, err := c.post(ctx, "/action_attempts/get", map[string]string{"action_attempt_id": id}, &out)
	switch {
	case IsType(err, "action_attempt_not_found"):
		return ActionAttempt{ID: id, Status: attemptVanished}, nil
	case err == nil && out.ActionAttempt.ID != id:
		err = &Error{Path: "/action_attempts/get", Status: 200, RequestID: answer.RequestID, Message: "the response is about another action attempt than the one requested"}
	}
	return c.redactAttempt(out.ActionAttempt), err
}

// GetActionAttempt reads an attempt for display.
func (c *Client) GetActionAttempt(ctx context.Context, id string) (ActionAttempt, error) {
	a, err := c.FetchActionAttempt(ctx, id)
	if err == nil && a.Status == attemptVanished {
		err = NewAdvice(fmt.Sprintf("Seam knows no action attempt %s.", id), "Check the id. Seam deletes old attempts; a missing attempt may have succeeded or failed.")
	}
	return a, err
}

// Remedy says how to fix the error that the attempt ended with. It is empty if no remedy is known.
func (a ActionAttempt) Remedy() string {
	if a.Error == nil {
		return ""
	}
	return remedies[a.Error.Type]
}

// listAttempts lists the given attempts once and returns them by ID.
func (c *Client) listAttempts(ctx context.Context, ids []string) (map[string]ActionAttempt, error) {
	_, listed, err := listAll(ctx, c, "/action_attempts/list", map[string]any{"action_attempt_ids": ids}, func(p *struct {
		ActionAttempts []ActionAttempt `json:"action_attempts"`
		pagination
	}) ([]ActionAttempt, pagination) {
		return p.ActionAttempts, p.pagination
	})
	attempts := make(map[string]ActionAttempt, len(listed))
	for _, a := range listed {
		attempts[a.ID] = c.redactAttempt(a)
	}
	return attempts, err
}

func (c *Client) redactAttempt(a ActionAttempt) ActionAttempt {
	a.Type, a.Status = c.redactor.redact(a.Type), c.redactor.redact(a.Status)
	if e := a.Error; e != nil {
		e.Type, e.Message = c.redactor.redact(e.Type), c.redactor.redact(e.Message)
	}
	return a
}

// AwaitActionAttempt polls a until it is no longer pending. It returns the attempt as last read,
// also with an error.
func (c *Client) AwaitActionAttempt(ctx context.Context, a ActionAttempt) (ActionAttempt, error) {
	if a.Status != AttemptPending {
		return a, nil
	}
	if c.bulkReads {
		if seen, alone, err := c.attempts.await(ctx, a.ID); !alone {
			return seen, err
		}
	}
	err := Poll(ctx, func(ctx context.Context) (bool, error) {
		now, err := c.FetchActionAttempt(ctx, a.ID)
		if err == nil {
			a = now
		}
		return a.Status != AttemptPending, err
	})
	return a, err
}

// Failure describes an attempt that ended with an error.
func (a ActionAttempt) Failure() string {
	if a.Error == nil {
		return fmt.Sprintf("action attempt %s ended with an error that Seam does not explain", a.ID)
	}
	text := fmt.Sprintf("action attempt %s ended with %s: %s", a.ID, a.Error.Type, a.Error.Message)
	if remedy := a.Remedy(); remedy != "" {
		text += ". Remedy: " + remedy
	}
	return text
}
