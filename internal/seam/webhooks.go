package seam

import (
	"context"
	"fmt"
	"strings"
)

// Webhook is a URL to which Seam sends events.
type Webhook struct {
	ID         string   `json:"webhook_id"`
	URL        string   `json:"url"`
	EventTypes []string `json:"event_types"`
	Secret     string   `json:"secret"` // not in every response
}

type webhookResponse struct {
	Webhook Webhook `json:"webhook"`
}

// WebhookNotFoundError says that the workspace has no such webhook.
type WebhookNotFoundError struct{ *AdviceError }

func (e *WebhookNotFoundError) Unwrap() error { return e.AdviceError }

// CreateWebhook creates a webhook. The request is not retried. If its response is lost, the error
// names the webhooks with that URL.
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
		err = &Error{Path: "/webhooks/create", Status: 200, RequestID: a.RequestID, Message: "the response contains no webhook id"}
	}
	return out.Webhook, err
}

func (c *Client) unknownWebhookError(ctx context.Context, url string, lost error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.requestTimeout)
	defer cancel()
	listed, err := c.Webhooks(ctx)
	var ids []string
	for _, w := range listed {
		if w.URL == url {
			ids = append(ids, SanitizeID(w.ID))
		}
	}
	there := "Seam lists no webhook with this URL, so it was not created"
	next := "Run again."
	if err != nil {
		there, next = fmt.Sprintf("Listing the webhooks to find out failed: %v", err), "Before the next apply, check the webhooks in the Seam console. Import or delete any webhook that is not in the state."
	} else if len(ids) > 0 {
		there = "Seam lists webhook " + strings.Join(ids, ", ") + " with this URL"
		next = "If it is not in the state, import it: " + importStep("webhook", ids[0]) + ", or delete it in the Seam console. Then run again."
	}
	return WrapAdvice(lost, fmt.Sprintf("It is not known whether the webhook was created: %v. %s.", lost, there), next)
}

// GetWebhook reads a webhook after a check that the credentials belong to workspaceID (none if
// empty). It returns *WebhookNotFoundError only on Seam's typed 404.
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
		err = &Error{Path: "/webhooks/get", Status: 200, RequestID: a.RequestID, Message: "the response is about another webhook than the one requested"}
	}
	return out.Webhook, err
}

// Webhooks lists all webhooks of the workspace.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	var out struct {
		Webhooks []Webhook `json:"webhooks"`
	}
	a, err := c.post(ctx, "/webhooks/list", struct{}{}, &out)
	if err == nil && out.Webhooks == nil {
		err = &Error{Path: "/webhooks/list", Status: 200, RequestID: a.RequestID, Message: "the response contains no list"}
	}
	for _, w := range out.Webhooks {
		c.redactor.add(w.Secret)
	}
	return out.Webhooks, err
}

// SubscribeWebhook replaces the event types of a webhook and reads it back.
func (c *Client) SubscribeWebhook(ctx context.Context, id, workspaceID string, eventTypes []string) (Webhook, error) {
	if err := c.checkWorkspace(ctx, workspaceID); err != nil {
		return Webhook{}, err
	}
	if _, err := c.post(ctx, "/webhooks/update", map[string]any{"webhook_id": id, "event_types": eventTypes}, &struct{}{}); err != nil {
		return Webhook{}, err
	}
	return c.GetWebhook(ctx, id, workspaceID)
}

// DeleteWebhook deletes a webhook and waits until Seam answers with a typed 404.
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
