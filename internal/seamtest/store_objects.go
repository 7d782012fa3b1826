package seamtest

import "time"

// The states of an object. A noun may have more of its own.
const (
	StateLive         = "live"
	StateBeingDeleted = "being_deleted"
	stateDeleted      = "deleted"
)

// Object is an object of the store as a read shows it.
type Object struct {
	ID, WorkspaceID, State string
	CreatedAt              time.Time
	Fields                 map[string]any
}

// Text returns a field that holds a string; null is the empty string.
func (o Object) Text(field string) string {
	text, _ := o.Fields[field].(string)
	return text
}

// Texts returns a field that holds a list of strings.
func (o Object) Texts(field string) (texts []string) {
	list, _ := o.Fields[field].([]any)
	for _, text := range list {
		text, _ := text.(string)
		texts = append(texts, text)
	}
	return texts
}

// DeleteLag is how long a deleted object stays visible. A get shows it with the warning
// being_deleted if objects of the noun have warnings.
type DeleteLag struct{ Get, List time.Duration }

// SetDeleteLag makes the objects of a noun stay visible after a delete through the API.
func (s *Server) SetDeleteLag(noun string, lag DeleteLag) {
	defer s.lockAndAdvance()()
	s.collections[noun].deleteLag = lag
}

// SetDeleteLagOf is SetDeleteLag for one object, whatever applies to its noun.
func (s *Server) SetDeleteLagOf(noun, id string, lag DeleteLag) {
	defer s.lockAndAdvance()()
	s.collections[noun].mustFind(id).lag = &lag
}

// ListLater makes lists show an object only after a while, as if it were new.
func (s *Server) ListLater(noun, id string, after time.Duration) {
	defer s.lockAndAdvance()()
	o := s.collections[noun].mustFind(id)
	o.unlisted = true
	s.scheduleAfter(after, func() { o.unlisted = o.state != StateLive })
}

// Objects returns the objects of a noun in all workspaces, oldest first.
func (s *Server) Objects(noun string) (all []Object) {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	for _, o := range c.objects {
		if o.state != stateDeleted {
			all = append(all, c.export(o))
		}
	}
	return all
}

// Object returns an object by its id.
func (s *Server) Object(noun, id string) Object {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	return c.export(c.mustFind(id))
}

// AddObject adds an object to the first workspace outside the API.
func (s *Server) AddObject(noun string, fields map[string]any) Object {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	o, err := c.add(s.workspaces[0], plainJSON(fields))
	if err != nil {
		panic(err)
	}
	return c.export(o)
}

// ChangeObject changes the fields of an object outside the API.
func (s *Server) ChangeObject(noun, id string, fields map[string]any) {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	o := c.mustFind(id)
	before := o.fields
	if err := c.change(o, plainJSON(fields)); err != nil {
		panic(err)
	}
	if c.changed != nil {
		c.changed(o, before)
	}
}

// RemoveObject deletes an object outside the API, without a lag.
func (s *Server) RemoveObject(noun, id string) {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	c.removeAll(c.mustFind(id), DeleteLag{}, true)
}

// KeepOnDelete makes deletes through the API answer ok and do nothing to these objects, or memberships,
// and to no others.
func (s *Server) KeepOnDelete(ids ...string) {
	defer s.lockAndAdvance()()
	s.kept = map[string]bool{}
	for _, id := range ids {
		s.kept[id] = true
	}
}

// DescribeObjects changes how responses show the objects of a noun. The verb is create, get or list.
func (s *Server) DescribeObjects(noun string, describe func(verb string, fields map[string]any)) {
	defer s.lockAndAdvance()()
	c := s.collections[noun]
	c.describe = append(c.describe, describe)
}

func (c *collection) export(o *object) Object {
	fields := c.show("get", o)
	return Object{ID: o.id, WorkspaceID: o.workspace.ID, State: o.state, CreatedAt: o.created, Fields: fields}
}

// mustFind finds an object in any workspace. It panics if there is none.
func (c *collection) mustFind(id string) *object {
	for _, o := range c.objects {
		if o.id == id && o.state != stateDeleted {
			return o
		}
	}
	panic("no " + c.noun + " " + id)
}
