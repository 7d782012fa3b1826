package seamtest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// webhook is a webhook as Seam stores it. Events are never delivered.
var webhook = rules{
	secrets: []string{"secret"},
	complete: func(_ *Workspace, fields jsonObject) error {
		if fields["secret"] == nil {
			fields["secret"] = newSecret("whsec_")
		}
		if fields["event_types"] == nil {
			fields["event_types"] = allEventTypes
		}
		return checkEventTypes(Object{Fields: plainJSON(fields)}.Texts("event_types"))
	},
}

// allEventTypes subscribes to every type of event.
var allEventTypes = []string{"*"}

func checkEventTypes(requested []string) error {
	if slices.Equal(requested, allEventTypes) {
		return nil
	}
	unknown := slices.DeleteFunc(requested, func(t string) bool { return slices.Contains(eventTypes(), t) })
	if len(unknown) > 0 {
		return newAPIError(http.StatusBadRequest, "invalid_event_types", "Invalid event types: "+strings.Join(unknown, ", "))
	}
	return nil
}

// ExpandEventTypes returns all known event types for a webhook that subscribes to *, as the official
// fake does; by default it stays one for *.
func (s *Server) ExpandEventTypes() {
	s.DescribeObjects("webhook", func(_ string, fields map[string]any) {
		if slices.Equal(Object{Fields: fields}.Texts("event_types"), allEventTypes) {
			fields["event_types"] = EventTypes()
		}
	})
}

// HideWebhookSecrets omits the secret from every response except that of a create.
func (s *Server) HideWebhookSecrets() {
	s.DescribeObjects("webhook", func(verb string, fields map[string]any) {
		if verb != "create" {
			delete(fields, "secret")
		}
	})
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
