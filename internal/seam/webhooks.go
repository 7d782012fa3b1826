package seam

import (
	"context"
	"fmt"
	"strings"
)

// Webhook is an address to which Seam sends events.
type Webhook struct {
	ID         string   `json:"webhook_id"`
	URL        string   `json:"url"`
	EventTypes []string `json:"event_types"`
	Secret     string   `json:"secret"` // not in every answer
}

type webhookResponse struct {
	Webhook Webhook `json:"webhook"`
}

// WebhookNotFoundError says that the workspace has no such webhook.
type WebhookNotFoundError struct{ *AdviceError }

func (e *WebhookNotFoundError) Unwrap() error { return e.AdviceError }

// CreateWebhook is sent once. If its answer is lost, the webhooks with that URL are named.
func (c *Client) CreateWebhook(ctx context.Context, url string, eventTypes []string) (Webhook, error) {
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return Webhook{}, err
	}
	var out webhookResponse
	a, err := c.postOnce(ctx, "/webhooks/create", map[string]any{"url": url, "event_types": eventTypes}, &out)
	c.redactor.add(out.Webhook.Secret)
	switch {
	case mayHaveExecuted(err):
		return Webhook{}, c.unknownWebhookError(ctx, url, err)
	case err == nil && SanitizeID(out.Webhook.ID) != out.Webhook.ID || err == nil && out.Webhook.ID == "":
		err = &Error{Path: "/webhooks/create", Status: 200, RequestID: a.RequestID, Message: "the answer names no webhook"}
	}
	return out.Webhook, err
}

func (c *Client) unknownWebhookError(ctx context.Context, url string, lost error) error {
	ctx, cancel := context.WithTimeout(detach(ctx), c.requestTimeout)
	defer cancel()
	listed, err := c.Webhooks(ctx)
	var ids []string
	for _, w := range listed {
		if w.URL == url {
			ids = append(ids, SanitizeID(w.ID))
		}
	}
	there := "Seam lists no webhook with this URL, so it was not"
	next := "Run again."
	if err != nil {
		there, next = fmt.Sprintf("Listing the webhooks, to tell, failed: %v", err), "Look at the webhooks in the Seam console before the next apply, and import or delete one that is not in the state."
	} else if len(ids) > 0 {
		there = "With this URL there is webhook " + strings.Join(ids, ", ")
		next = "If it is not in the state, import it: " + importStep("webhook", ids[0]) + ", or delete it in the Seam console. Then run again."
	}
	return WrapAdvice(lost, fmt.Sprintf("Whether the webhook was created is not known: %v. %s.", lost, there), next)
}

// GetWebhook reads a webhook. It fails with *WebhookNotFoundError only on Seam's own answer, seen
// with credentials of the right workspace.
func (c *Client) GetWebhook(ctx context.Context, id, workspaceID string) (Webhook, error) {
	if err := c.checkWorkspace(ctx, workspaceID); err != nil {
		return Webhook{}, err
	}
	var out webhookResponse
	a, err := c.post(ctx, "/webhooks/get", map[string]string{"webhook_id": id}, &out)
	c.redactor.add(out.Webhook.Secret)
	switch {
	case IsNotFound(err, "webhook_not_found"):
		err = &WebhookNotFoundError{WrapAdvice(err, fmt.Sprintf("There is no webhook %s in this workspace: %v.", id, err), "Check the id; the Seam console shows it.")}
	case err == nil && out.Webhook.ID != id:
		err = &Error{Path: "/webhooks/get", Status: 200, RequestID: a.RequestID, Message: "the answer is about another webhook than the one asked for"}
	}
	return out.Webhook, err
}

// Webhooks lists all.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	var out struct {
		Webhooks []Webhook `json:"webhooks"`
	}
	a, err := c.post(ctx, "/webhooks/list", struct{}{}, &out)
	if err == nil && out.Webhooks == nil {
		err = &Error{Path: "/webhooks/list", Status: 200, RequestID: a.RequestID, Message: "the answer holds no list"}
	}
	for _, w := range out.Webhooks {
		c.redactor.add(w.Secret)
	}
	return out.Webhooks, err
}

// SubscribeWebhook changes the event types that a webhook gets.
func (c *Client) SubscribeWebhook(ctx context.Context, id, workspaceID string, eventTypes []string) (Webhook, error) {
	if err := c.checkWorkspace(ctx, workspaceID); err != nil {
		return Webhook{}, err
	}
	if _, err := c.post(ctx, "/webhooks/update", map[string]any{"webhook_id": id, "event_types": eventTypes}, &struct{}{}); err != nil {
		return Webhook{}, err
	}
	return c.GetWebhook(ctx, id, workspaceID)
}

// DeleteWebhook returns when Seam answers that there is no such webhook any more.
func (c *Client) DeleteWebhook(ctx context.Context, id, workspaceID string) error {
	if err := c.checkWorkspace(ctx, workspaceID); err != nil {
		return err
	}
	_, err := c.post(ctx, "/webhooks/delete", map[string]string{"webhook_id": id}, &struct{}{})
	if err != nil && !IsNotFound(err, "webhook_not_found") {
		return err
	}
	gone := func(ctx context.Context) (bool, error) {
		_, err := c.GetWebhook(ctx, id, workspaceID)
		if IsNotFound(err, "webhook_not_found") {
			return true, nil
		}
		return false, err
	}
	if done, err := gone(ctx); done || err != nil && !IsRetryable(err) {
		return err
	}
	return Poll(ctx, gone)
}
