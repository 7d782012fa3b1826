package seamtest

import (
	"slices"
	"strings"
)

// links are the ids of related objects, by noun.
type links map[string][]string

// add adds ids, each of them once.
func (l links) add(noun string, ids ...string) {
	for _, id := range ids {
		if !slices.Contains(l[noun], id) {
			l[noun] = append(l[noun], id)
		}
	}
}

// relates applies a parameter that names a related object by its id or key.
func (c *collection) relates(o *object, name string, want any) bool {
	if c.related == nil {
		return false
	}
	noun, byID := strings.CutSuffix(name, "_id")
	id, _ := want.(string)
	if byID {
		return slices.Contains(c.related(o)[noun], id)
	}
	noun, byKey := strings.CutSuffix(name, "_key")
	return byKey && slices.ContainsFunc(c.server.related(o.workspace, noun, c.related(o)[noun]), func(other *object) bool {
		return other.fields[name] == want
	})
}

// related returns the objects of a noun that a get finds and that have one of the ids.
func (s *Server) related(w *Workspace, noun string, ids []string) []*object {
	c := s.collections[noun]
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(c.in(w), func(o *object) bool { return !slices.Contains(ids, o.id) })
}

// getRelated answers a batch. A list without entries is absent.
func (c *collection) getRelated(call *apiCall) (jsonObject, error) {
	ids, keys := call.body[c.idField+"s"], call.body[c.noun+"_keys"]
	if ids == nil && keys == nil {
		return nil, invalidInput(c.idField+"s", "is required")
	}
	all := links{}
	for _, o := range c.in(call.workspace) {
		if contains(ids, o.fields[c.idField]) || contains(keys, o.fields[c.noun+"_key"]) {
			for noun, related := range c.related(o) {
				all.add(noun, related...)
			}
		}
	}
	batch := jsonObject{}
	for list, noun := range batchLists(call.path) {
		included := call.body["include"] == nil || contains(call.body["include"], list)
		if shown := call.showRelated(noun, all[noun]); included && !contains(call.body["exclude"], list) && len(shown) > 0 {
			batch[list] = shown
		}
	}
	return jsonObject{"batch": batch}, nil
}

// batchLists maps the lists of a batch to their nouns.
func batchLists(path string) map[string]string {
	published := objectField(openAPI(), "paths", path, "response", "properties", "batch", "properties")
	lists := map[string]string{}
	for list := range published {
		reference, _ := objectField(published, list, "items")["$ref"].(string)
		lists[list] = strings.TrimPrefix(reference, "#/components/schemas/")
	}
	return lists
}

func (call *apiCall) showRelated(noun string, ids []string) (shown []jsonObject) {
	if noun == "device" {
		for _, l := range call.devices(false) {
			if slices.Contains(ids, l.ID) {
				shown = append(shown, l.toJSON())
			}
		}
	}
	for _, o := range call.server.related(call.workspace, noun, ids) {
		shown = append(shown, call.server.collections[noun].show("list", o))
	}
	return shown
}
