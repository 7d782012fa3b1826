package seamtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// rules hold the behavior of a noun that the OpenAPI document does not describe.
type rules struct {
	// complete checks the fields of a new or changed object and sets those that Seam sets.
	complete func(w *Workspace, fields jsonObject) error
	// idField is the field with the id; the noun's name and _id by default.
	idField string
	// unique names the fields that no two objects of a workspace share, and the error type of a conflict.
	unique map[string]string
	// secrets names the fields that hold secrets.
	secrets []string
	// actions are the routes that only change an object and answer ok.
	actions map[string]func(*object)
	// routes are all others besides create, get, list, update and delete, or replace these.
	routes map[string]func(*collection, *apiCall) (jsonObject, error)
	// related finds the objects that filters and get_related relate to an object.
	related func(*object) links
	// view sets the fields that depend on other objects.
	view func(*object, jsonObject)
	// eventFields are what events about an object hold besides its id.
	eventFields func(*object) jsonObject
	// cascade begins the removal of what is removed along with an object.
	cascade func(o *object, outside bool)
	// changed runs after a change outside the API.
	changed func(o *object, before jsonObject)
	// ended runs when reads no longer find an object.
	ended func(*object)
	// stuck makes an object show that its deletion failed.
	stuck func(*object)
}

// collection holds the objects of a noun.
type collection struct {
	rules
	server    *Server
	noun      string
	path      string
	schema    jsonObject
	objects   []*object // including deleted ones
	describe  []func(verb string, fields map[string]any)
	deleteLag DeleteLag
}

// object is an object in the store. Its fields are those of Seam's responses.
type object struct {
	id        string
	number    int
	workspace *Workspace
	created   time.Time
	state     string
	unlisted  bool
	lag       *DeleteLag // nil: that of the noun
	fields    jsonObject
	links     links          // to objects that the fields do not name
	steps     map[string]int // how many steps of each kind were scheduled
}

// register serves the published routes of a noun.
func (s *Server) register(noun string, r rules) {
	c := &collection{rules: r, server: s, noun: noun}
	c.idField = cmp.Or(r.idField, noun+"_id")
	c.schema = objectField(openAPI(), "components", "schemas", noun)
	c.path, _ = c.schema["x-route-path"].(string)
	s.collections[noun] = c
	handlers := map[string]handler{"create": c.create, "get": c.get, "list": c.list, "update": c.update, "delete": c.delete}
	for name, do := range r.actions {
		handlers[name] = c.act(do)
	}
	if r.related != nil {
		handlers["get_related"] = c.getRelated
	}
	for name, do := range r.routes {
		handlers[name] = func(call *apiCall) (jsonObject, error) { return do(c, call) }
	}
	if objectField(openAPI(), "paths", c.path+"/list") == nil {
		panic("testdata/openapi.json has no routes of " + noun + ": add them to ROUTES in testdata/refresh.mjs, and run that")
	}
	for name, handle := range handlers {
		route := c.path + "/" + name
		if objectField(openAPI(), "paths", route) != nil {
			s.storeRoutes[route] = validateResponse(route, handle)
		}
	}
}

// validateResponse panics on a response that violates the document, so that no test passes because
// of a response that Seam never sends.
func validateResponse(route string, handle handler) handler {
	return func(call *apiCall) (jsonObject, error) {
		result, err := handle(call)
		if err != nil {
			return nil, err
		}
		body := jsonObject{"ok": true}
		maps.Copy(body, result)
		if err := responseSchemas()[route].Validate(plainJSON(body)); err != nil {
			panic(fmt.Sprintf("the fake's response to %s breaks the published contract: %v", route, err))
		}
		return result, nil
	}
}

// plainJSON is a copy in the types that JSON decodes to.
func plainJSON(o jsonObject) (plain jsonObject) {
	if err := json.Unmarshal(encodeJSON(o), &plain); err != nil {
		panic(err) // it was encoded just now
	}
	return plain
}

func (c *collection) create(call *apiCall) (jsonObject, error) {
	o, err := c.add(call.workspace, c.input(call.body))
	if err != nil {
		return nil, err
	}
	return jsonObject{c.noun: c.show("create", o)}, nil
}

func (c *collection) get(call *apiCall) (jsonObject, error) {
	o, err := c.find(call.workspace, call.body)
	if err != nil {
		return nil, err
	}
	return jsonObject{c.noun: c.show("get", o)}, nil
}

func (c *collection) update(call *apiCall) (jsonObject, error) {
	o, err := c.find(call.workspace, c.selector(call.body))
	if err != nil {
		return nil, err
	}
	if err := c.change(o, c.input(call.body)); err != nil {
		return nil, err
	}
	if objectField(openAPI(), "paths", c.path+"/update", "response", "properties", c.noun) == nil {
		return nil, nil // it answers only ok
	}
	return jsonObject{c.noun: c.show("update", o)}, nil
}

// selector is the parameter that names the object to update. With an id, a key is a new value.
func (c *collection) selector(body jsonObject) jsonObject {
	for _, name := range []string{c.idField, c.noun + "_key"} {
		if value, given := body[name]; given {
			return jsonObject{name: value}
		}
	}
	return nil
}

// input are the parameters that set fields.
func (c *collection) input(body jsonObject) jsonObject {
	input := maps.Clone(body)
	maps.DeleteFunc(input, func(name string, _ any) bool { return name == c.idField || c.property(name) == nil })
	return input
}

func (c *collection) delete(call *apiCall) (jsonObject, error) {
	o, err := c.find(call.workspace, call.body)
	if err == nil && o.state != StateBeingDeleted {
		c.removeAll(o, c.deleteLag, false)
	}
	return nil, err
}

// lag is that of a removal. One outside the API has none.
func (c *collection) lag(outside bool) DeleteLag {
	if outside {
		return DeleteLag{}
	}
	return c.deleteLag
}

func (c *collection) act(do func(*object)) handler {
	return func(call *apiCall) (jsonObject, error) {
		o, err := c.find(call.workspace, call.body)
		if err == nil {
			do(o)
		}
		return nil, err
	}
}

func (c *collection) add(w *Workspace, input jsonObject) (*object, error) {
	o := &object{
		number: c.server.nextNumber(), workspace: w, created: c.server.now, state: StateLive, fields: c.emptyFields(),
		links: links{}, steps: map[string]int{},
	}
	for name, value := range map[string]any{c.idField: newID(), "workspace_id": w.ID, "created_at": formatTime(o.created)} {
		if c.property(name) != nil {
			o.fields[name] = value
		}
	}
	if err := c.change(o, input); err != nil {
		return nil, err
	}
	o.id = o.text(c.idField)
	c.objects = append(c.objects, o)
	return o, nil
}

// emptyFields are the required fields that may be null or an empty list.
func (c *collection) emptyFields() jsonObject {
	fields := jsonObject{}
	required, _ := c.schema["required"].([]any)
	for _, name := range required {
		name, _ := name.(string)
		switch property := c.property(name); {
		case property["type"] == "array":
			fields[name] = []any{}
		case property["nullable"] == true:
			fields[name] = nil
		}
	}
	return fields
}

func (c *collection) property(name string) jsonObject {
	return objectField(c.schema, "properties", name)
}

// change sets fields of an object, all of them or none.
func (c *collection) change(o *object, input jsonObject) error {
	fields := maps.Clone(o.fields)
	maps.Copy(fields, input)
	if c.complete != nil {
		if err := c.complete(o.workspace, fields); err != nil {
			return err
		}
	}
	if err := c.checkUnique(o, fields); err != nil {
		return err
	}
	o.fields = plainJSON(fields)
	return nil
}

func (c *collection) checkUnique(o *object, fields jsonObject) error {
	for _, name := range sortedKeys(c.unique) {
		taken := func(other *object) bool { return other != o && other.fields[name] == fields[name] }
		if fields[name] != nil && slices.ContainsFunc(c.in(o.workspace), taken) {
			return newAPIError(http.StatusBadRequest, c.unique[name], "Another "+c.title()+" has this "+name)
		}
	}
	return nil
}

func (c *collection) title() string { return strings.ReplaceAll(c.noun, "_", " ") }

// removeAll removes an object and what is removed along with it.
func (c *collection) removeAll(o *object, lag DeleteLag, outside bool) {
	if c.server.kept[o.id] && !outside {
		if c.stuck != nil {
			c.stuck(o)
		}
		return
	}
	if c.cascade != nil {
		c.cascade(o, outside)
	}
	c.remove(o, lag)
}

// remove deletes an object, which stays visible for a while.
func (c *collection) remove(o *object, lag DeleteLag) {
	if o.lag != nil {
		lag = *o.lag
	}
	o.state = StateBeingDeleted
	if o.fields["warnings"] != nil {
		o.warn(StateBeingDeleted, "The "+c.title()+" is being deleted", nil)
	}
	c.server.scheduleAfter(lag.List, func() { o.unlisted = true })
	c.server.scheduleAfter(lag.Get, func() { c.end(o) })
}

func (c *collection) end(o *object) {
	if o.state == stateDeleted {
		return
	}
	o.state = stateDeleted
	c.emit(o, "deleted")
	if c.ended != nil {
		c.ended(o)
	}
}

// emit records an event of an object, if Seam has this type of event.
func (c *collection) emit(o *object, name string) {
	kind := c.noun + "." + name
	if !slices.Contains(eventTypes(), kind) {
		return
	}
	extra := jsonObject{c.idField: o.id}
	if c.eventFields != nil {
		maps.Copy(extra, c.eventFields(o))
	}
	c.server.emitEvent(o.workspace, nil, Event{Type: kind}, extra)
}
