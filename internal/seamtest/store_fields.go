package seamtest

import (
	"maps"
	"slices"
	"time"
)

func (o *object) text(field string) string { return Object{Fields: o.fields}.Text(field) }

func (o *object) texts(field string) []string { return Object{Fields: o.fields}.Texts(field) }

func (o *object) server() *Server { return o.workspace.server }

// extend appends to a field that holds a list.
func (o *object) extend(field string, entries ...any) {
	list, _ := o.fields[field].([]any)
	o.fields[field] = append(slices.Clone(list), entries...)
}

// reduce removes entries from a field that holds a list, if there is one.
func (o *object) reduce(field string, remove func(entry any) bool) {
	if list, ok := o.fields[field].([]any); ok {
		o.fields[field] = slices.DeleteFunc(slices.Clone(list), remove)
	}
}

func (o *object) removeText(field, text string) {
	o.reduce(field, func(entry any) bool { return entry == any(text) })
}

// warn adds a warning. It replaces the same warning about the same device.
func (o *object) warn(code, message string, more jsonObject) {
	o.reduce("warnings", func(entry any) bool {
		have := objectOf(entry)
		return have["warning_code"] == code && have["device_id"] == more["device_id"]
	})
	warning := jsonObject{"warning_code": code, "message": message, "created_at": formatTime(o.server().now)}
	maps.Copy(warning, more)
	o.extend("warnings", warning)
}

// mutate adds a pending mutation. It replaces the one of the same kind.
func (o *object) mutate(code string, more jsonObject) {
	o.removeEntries("pending_mutations", "mutation_code", code)
	mutation := jsonObject{"mutation_code": code, "message": "In progress", "created_at": formatTime(o.server().now)}
	maps.Copy(mutation, more)
	o.extend("pending_mutations", mutation)
}

// settle removes the pending mutations and the warnings with these codes.
func (o *object) settle(codes ...string) {
	o.removeEntries("pending_mutations", "mutation_code", codes...)
	o.removeEntries("warnings", "warning_code", codes...)
}

func (o *object) removeEntries(field, key string, codes ...string) {
	o.reduce(field, func(entry any) bool {
		code, _ := objectOf(entry)[key].(string)
		return slices.Contains(codes, code)
	})
}

// scheduleFor schedules a step of an object in place of its last one of the same kind.
func (s *Server) scheduleFor(o *object, kind string, after time.Duration, do func()) {
	o.steps[kind]++
	step := o.steps[kind]
	s.scheduleAfter(after, func() {
		if o.steps[kind] == step && o.state == StateLive {
			do()
		}
	})
}
