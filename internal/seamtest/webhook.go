package seamtest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Webhook is a webhook as Seam knows it. Nothing is ever delivered.
type Webhook struct {
	ID, URL, Secret, WorkspaceID string
	EventTypes                   []string
	CreatedAt                    time.Time
}

const allEventTypes = "*"

// Webhooks returns the webhooks of all workspaces, oldest first.
func (s *Server) Webhooks() []Webhook {
	defer s.lockAndAdvance()()
	var all []Webhook
	for _, w := range s.webhooks {
		one := *w
		one.EventTypes = slices.Clone(w.EventTypes)
		all = append(all, one)
	}
	return all
}

// RemoveWebhook deletes a webhook outside the API.
func (s *Server) RemoveWebhook(id string) {
	defer s.lockAndAdvance()()
	s.removeWebhook(id)
}

// ChangeWebhook changes a webhook outside the API. The change must not call the server.
func (s *Server) ChangeWebhook(id string, change func(*Webhook)) {
	defer s.lockAndAdvance()()
	for _, w := range s.webhooks {
		if w.ID == id {
			change(w)
		}
	}
}

// ExpandEventTypes makes a webhook for * one for each type that is known today, as the official
// fake does; by default it stays one for *.
func (s *Server) ExpandEventTypes(expand bool) {
	defer s.lockAndAdvance()()
	s.expandEventTypes = expand
}

// HideWebhookSecrets leaves the secret out of every answer but that to a create.
func (s *Server) HideWebhookSecrets(hide bool) {
	defer s.lockAndAdvance()()
	s.hideWebhookSecrets = hide
}

// EventTypes lists the types of events that Seam documents.
func EventTypes() []string { return slices.Clone(eventTypes()) }

var eventTypes = sync.OnceValue(func() (types []string) {
	property := objectField(openAPI(), "paths", "/events/list", "request", "properties", "event_type")
	all, _ := property["enum"].([]any)
	for _, one := range all {
		text, _ := one.(string)
		types = append(types, text)
	}
	return types
})

func (w *Webhook) toJSON() jsonObject {
	return jsonObject{"webhook_id": w.ID, "url": w.URL, "event_types": w.EventTypes, "secret": w.Secret}
}

// readWebhookJSON is what a read of the webhook answers.
func (call *apiCall) readWebhookJSON(w *Webhook) jsonObject {
	o := w.toJSON()
	if call.server.hideWebhookSecrets {
		delete(o, "secret")
	}
	return o
}

type webhookParams struct {
	ID         string    `json:"webhook_id"`
	URL        string    `json:"url"`
	EventTypes *[]string `json:"event_types"`
}

func createWebhook(call *apiCall) (jsonObject, error) {
	p := params[webhookParams](call)
	types, err := call.resolveEventTypes(p.EventTypes)
	if err != nil {
		return nil, err
	}
	w := &Webhook{
		ID: newID(), URL: p.URL, Secret: newSecret("whsec_"), WorkspaceID: call.workspace.ID, EventTypes: types,
		CreatedAt: call.server.now,
	}
	call.server.webhooks = append(call.server.webhooks, w)
	return jsonObject{"webhook": w.toJSON()}, nil
}

// resolveEventTypes are the types that a webhook is made for.
func (call *apiCall) resolveEventTypes(requested *[]string) ([]string, error) {
	if requested == nil || slices.Equal(*requested, []string{allEventTypes}) {
		if call.server.expandEventTypes {
			return EventTypes(), nil
		}
		return []string{allEventTypes}, nil
	}
	unknown := slices.DeleteFunc(slices.Clone(*requested), func(t string) bool { return slices.Contains(eventTypes(), t) })
	if len(unknown) > 0 {
		return nil, newAPIError(http.StatusBadRequest, "invalid_event_types", "Invalid event types: "+strings.Join(unknown, ", "))
	}
	return *requested, nil
}

func getWebhook(call *apiCall) (jsonObject, error) {
	w, err := call.findWebhook()
	if err != nil {
		return nil, err
	}
	return jsonObject{"webhook": call.readWebhookJSON(w)}, nil
}

func listWebhooks(call *apiCall) (jsonObject, error) {
	found := []jsonObject{}
	for _, w := range call.server.webhooks {
		if w.WorkspaceID == call.workspace.ID {
			found = append(found, call.readWebhookJSON(w))
		}
	}
	return jsonObject{"webhooks": found}, nil
}

func updateWebhook(call *apiCall) (jsonObject, error) {
	w, err := call.findWebhook()
	if err != nil {
		return nil, err
	}
	types, err := call.resolveEventTypes(params[webhookParams](call).EventTypes)
	if err != nil {
		return nil, err
	}
	w.EventTypes = types
	return nil, nil
}

func deleteWebhook(call *apiCall) (jsonObject, error) {
	w, err := call.findWebhook()
	if err != nil {
		return nil, err
	}
	call.server.removeWebhook(w.ID)
	return nil, nil
}

// findWebhook finds the webhook that a request is about.
func (call *apiCall) findWebhook() (*Webhook, error) {
	id := params[webhookParams](call).ID
	for _, w := range call.server.webhooks {
		if w.ID == id && w.WorkspaceID == call.workspace.ID {
			return w, nil
		}
	}
	return nil, newAPIError(http.StatusNotFound, "webhook_not_found", "No such webhook")
}

func (s *Server) removeWebhook(id string) {
	s.webhooks = slices.DeleteFunc(s.webhooks, func(w *Webhook) bool { return w.ID == id })
}
