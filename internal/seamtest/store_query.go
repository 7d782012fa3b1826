package seamtest

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// in returns the objects of a workspace that a get finds.
func (c *collection) in(w *Workspace) []*object {
	return slices.DeleteFunc(slices.Clone(c.objects), func(o *object) bool {
		return o.state == stateDeleted || o.workspace != w
	})
}

// find returns the object that has all of the parameters.
func (c *collection) find(w *Workspace, parameters jsonObject) (*object, error) {
	if len(parameters) == 0 {
		return nil, invalidInput(c.idField, "is required")
	}
	for _, o := range c.in(w) {
		if c.matchesAll(o, parameters) {
			return o, nil
		}
	}
	return nil, newAPIError(http.StatusNotFound, c.noun+"_not_found", "No such "+c.title())
}

// findLive finds an object that is not being deleted.
func (c *collection) findLive(call *apiCall, parameters jsonObject) (*object, error) {
	o, err := c.find(call.workspace, parameters)
	if err == nil && o.state != StateLive {
		return nil, newAPIError(http.StatusConflict, c.noun+"_is_being_deleted", "The "+c.title()+" is being deleted")
	}
	return o, err
}

func (c *collection) list(call *apiCall) (jsonObject, error) {
	found := slices.DeleteFunc(slices.Clone(c.objects), func(o *object) bool {
		return o.unlisted || o.workspace != call.workspace || !c.matchesAll(o, call.body)
	})
	show := func(o *object) jsonObject { return c.show("list", o) }
	published := objectField(openAPI(), "paths", call.path, "response", "properties")
	if published["pagination"] != nil {
		page := params[struct {
			Limit  float64 `json:"limit"`
			Cursor string  `json:"page_cursor"`
		}](call)
		return listPage(call, listKey(published), found, objectNumber, show, pageParams{page.Limit, defaultLimit(call.path), page.Cursor})
	}
	all := []jsonObject{}
	for _, o := range found {
		all = append(all, show(o))
	}
	return jsonObject{listKey(published): all}, nil
}

func objectNumber(o *object) int { return o.number }

func defaultLimit(path string) int {
	request := objectField(openAPI(), "paths", path, "request")
	parts, _ := request["allOf"].([]any)
	for _, part := range append(parts, request) {
		if limit, ok := objectField(objectOf(part), "properties", "limit")["default"].(float64); ok {
			return int(limit)
		}
	}
	panic(path + " has no default limit")
}

// listKey finds the property of a list response that holds the objects.
func listKey(properties jsonObject) (key string) {
	for name := range properties {
		if objectField(properties, name)["type"] == "array" {
			key = name
		}
	}
	return key
}

func (c *collection) matchesAll(o *object, parameters jsonObject) bool {
	for name, want := range parameters {
		if want != nil && !o.matches(name, want) && !c.relates(o, name, want) {
			return false
		}
	}
	return true
}

// matches applies one parameter. A parameter for what objects of the noun do not have matches none.
func (o *object) matches(name string, want any) bool {
	field, without := strings.CutPrefix(name, "without_")
	switch {
	case name == "limit" || name == "page_cursor":
		return true
	case name == "search":
		return o.matchesSearch(want)
	case name == "created_before":
		text, _ := want.(string)
		before, err := time.Parse(time.RFC3339, text)
		return err == nil && o.created.Before(before)
	case without:
		return want == false || o.fields[field] == nil
	}
	return reflect.DeepEqual(o.fields[name], want) ||
		contains(o.fields[name+"s"], want) || // one of the object's own
		contains(want, o.fields[strings.TrimSuffix(name, "s")]) || // one of those asked for
		contains(o.fields["merged_"+name+"s"], want)
}

func contains(list, value any) bool {
	all, _ := list.([]any)
	return value != nil && slices.ContainsFunc(all, func(one any) bool { return reflect.DeepEqual(one, value) })
}

func (o *object) matchesSearch(want any) bool {
	var texts []string
	for name, value := range o.fields {
		if text, ok := value.(string); ok && name != "workspace_id" && name != "created_at" {
			texts = append(texts, text)
		}
	}
	search, _ := want.(string)
	return matchesSearch(search, texts...)
}

// show is what a response says about an object.
func (c *collection) show(verb string, o *object) jsonObject {
	fields := plainJSON(o.fields)
	if c.view != nil {
		c.view(o, fields)
	}
	for _, describe := range c.describe {
		describe(verb, fields)
	}
	return plainJSON(fields)
}
