package seam

// Webhook is an address to which Seam sends events.
type Webhook struct {
	ID         string   `json:"webhook_id"`
	URL        string   `json:"url"`
	EventTypes []string `json:"event_types"`
	Secret     string   `json:"secret"` // not in every response
}

// ObjectID is the webhook's id.
func (w Webhook) ObjectID() string { return w.ID }

func (w Webhook) secrets() []string { return []string{w.Secret} }

// WebhookInput is what a webhook is created with. An update takes the event types only.
type WebhookInput struct {
	URL        string   `json:"url,omitempty"`
	EventTypes []string `json:"event_types"`
}

// Webhooks are the webhooks of the workspace.
var Webhooks = Endpoint[Webhook, WebhookInput]{Path: "/webhooks", One: "webhook", Many: "webhooks"}
