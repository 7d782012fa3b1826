package acctest

import "fmt"

// NounCase is the case of a noun that seamtest's store serves. It lacks Configs and Replaces.
func NounCase(noun, plural string) Case {
	path := "/" + plural
	return Case{
		Type: "seam_" + noun, DataSource: "seam_" + noun,
		Lookup: func(_ *Harness, id string) Values { return Values{"id": id} },
		IDs:    func(h *Harness) []string { return h.ListedIDs(path+"/list", plural, noun+"_id", nil) },
		Remove: func(h *Harness, id string) { h.Seam.RemoveObject(noun, id) },
		Create: path + "/create", Get: path + "/get", List: path + "/list", NotFound: noun + "_not_found",
		OtherPaths: []string{path + "/update", path + "/delete"},
	}
}

// ListedIDs are the ids of the objects that Seam lists.
func (h *Harness) ListedIDs(path, plural, idField string, filter map[string]any) (ids []string) {
	items, _ := h.Call(path, filter)[plural].([]any)
	for _, item := range items {
		if fields, ok := item.(map[string]any); ok {
			ids = append(ids, fmt.Sprint(fields[idField]))
		}
	}
	return ids
}
