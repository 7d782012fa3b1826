package seamtest

import (
	"encoding/json"
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

const everyType = "*"

// Webhooks returns the webhooks of all workspaces, oldest first.
func (s *Server) Webhooks() []Webhook {
	defer s.enter()()
	var all []Webhook
	for _, w := range s.webhooks {
		one := *w
		one.EventTypes = slices.Clone(w.EventTypes)
		all = append(all, one)
	}
	return all
}

// RemoveWebhook deletes a webhook behind the caller's back.
func (s *Server) RemoveWebhook(id string) {
	defer s.enter()()
	s.forgetWebhook(id)
}

// ChangeWebhook changes a webhook behind the caller's back. The change must not call the server.
func (s *Server) ChangeWebhook(id string, change func(*Webhook)) {
	defer s.enter()()
	for _, w := range s.webhooks {
		if w.ID == id {
			change(w)
		}
	}
}

// ExpandEventTypes makes a webhook for * one for each type that is known today, as the official
// fake does; by default it stays one for *.
func (s *Server) ExpandEventTypes(expand bool) {
	defer s.enter()()
	s.expandTypes = expand
}

// HideWebhookSecrets leaves the secret out of every answer but that to a create.
func (s *Server) HideWebhookSecrets(hide bool) {
	defer s.enter()()
	s.hideSecrets = hide
}

// EventTypes lists the types of events that Seam documents.
func EventTypes() []string { return slices.Clone(eventTypes()) }

var eventTypes = sync.OnceValue(func() []string {
	var document struct {
		Paths map[string]struct {
			Request struct {
				Properties struct {
					Type struct {
						Enum []string `json:"enum"`
					} `json:"event_type"`
				} `json:"properties"`
			} `json:"request"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(published, &document); err != nil {
		panic(err)
	}
	return document.Paths["/events/list"].Request.Properties.Type.Enum
})

func (w *Webhook) object() object {
	return object{"webhook_id": w.ID, "url": w.URL, "event_types": w.EventTypes, "secret": w.Secret}
}

// told is what a read of the webhook answers.
func (x *exchange) told(w *Webhook) object {
	o := w.object()
	if x.server.hideSecrets {
		delete(o, "secret")
	}
	return o
}

type webhookParams struct {
	ID         string    `json:"webhook_id"`
	URL        string    `json:"url"`
	EventTypes *[]string `json:"event_types"`
}

func createWebhook(x *exchange) (object, error) {
	p := params[webhookParams](x)
	types, err := x.subscribed(p.EventTypes)
	if err != nil {
		return nil, err
	}
	w := &Webhook{
		ID: newID(), URL: p.URL, Secret: newSecret("whsec_"), WorkspaceID: x.workspace.ID, EventTypes: types,
		CreatedAt: x.server.moment,
	}
	x.server.webhooks = append(x.server.webhooks, w)
	return object{"webhook": w.object()}, nil
}

// subscribed are the types that a webhook is made for.
func (x *exchange) subscribed(asked *[]string) ([]string, error) {
	if asked == nil || slices.Equal(*asked, []string{everyType}) {
		if x.server.expandTypes {
			return EventTypes(), nil
		}
		return []string{everyType}, nil
	}
	unknown := slices.DeleteFunc(slices.Clone(*asked), func(t string) bool { return slices.Contains(eventTypes(), t) })
	if len(unknown) > 0 {
		return nil, refuse(http.StatusBadRequest, "invalid_event_types", "Invalid event types: "+strings.Join(unknown, ", "))
	}
	return *asked, nil
}

func getWebhook(x *exchange) (object, error) {
	w, err := x.webhook()
	if err != nil {
		return nil, err
	}
	return object{"webhook": x.told(w)}, nil
}

func listWebhooks(x *exchange) (object, error) {
	found := []object{}
	for _, w := range x.server.webhooks {
		if w.WorkspaceID == x.workspace.ID {
			found = append(found, x.told(w))
		}
	}
	return object{"webhooks": found}, nil
}

func updateWebhook(x *exchange) (object, error) {
	w, err := x.webhook()
	if err != nil {
		return nil, err
	}
	types, err := x.subscribed(params[webhookParams](x).EventTypes)
	if err != nil {
		return nil, err
	}
	w.EventTypes = types
	return nil, nil
}

func deleteWebhook(x *exchange) (object, error) {
	w, err := x.webhook()
	if err != nil {
		return nil, err
	}
	x.server.forgetWebhook(w.ID)
	return nil, nil
}

// webhook finds the webhook that a request is about.
func (x *exchange) webhook() (*Webhook, error) {
	id := params[webhookParams](x).ID
	for _, w := range x.server.webhooks {
		if w.ID == id && w.WorkspaceID == x.workspace.ID {
			return w, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "webhook_not_found", "No such webhook")
}

func (s *Server) forgetWebhook(id string) {
	s.webhooks = slices.DeleteFunc(s.webhooks, func(w *Webhook) bool { return w.ID == id })
}
