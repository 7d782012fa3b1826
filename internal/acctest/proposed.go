package acctest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// proposedObject merges prior state and configuration as Terraform does before it asks for a plan
// (objchange.ProposedNew): what is computed and not configured stays, at every depth.
func proposedObject(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	held, merged := Attributes(prior), Attributes(config)
	for _, a := range attributes {
		merged[a.Name] = proposedAttribute(a, held[a.Name], merged[a.Name])
	}
	return tftypes.NewValue(config.Type(), merged)
}

func proposedAttribute(a *tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	switch {
	case a.Computed && config.IsNull():
		// A value with parts that only a configuration sets was configured, and is left out now.
		if prior.IsNull() || a.Optional && a.NestedType != nil && holdsConfigured(a.NestedType, prior) {
			return config
		}
		return prior
	case a.NestedType != nil && !config.IsNull() && config.IsKnown():
		return proposedNested(a.NestedType, prior, config)
	}
	return config
}

// proposedNested merges element by element: those of a list by index, of a map by key, of a set
// with the one that it may have been.
func proposedNested(of *tfprotov6.SchemaObject, prior, config tftypes.Value) tftypes.Value {
	switch of.Nesting {
	case tfprotov6.SchemaObjectNestingModeMap:
		held, merged := Attributes(prior), Attributes(config)
		for key, item := range merged {
			merged[key] = proposedElement(of, held[key], item)
		}
		return tftypes.NewValue(config.Type(), merged)
	case tfprotov6.SchemaObjectNestingModeList, tfprotov6.SchemaObjectNestingModeSet:
		held, merged := elements(of, prior), slices.Clone(elements(of, config))
		for i, item := range merged {
			var before tftypes.Value
			if of.Nesting == tfprotov6.SchemaObjectNestingModeList && i < len(held) {
				before = held[i]
			} else if of.Nesting == tfprotov6.SchemaObjectNestingModeSet {
				before, held = takeMatch(of.Attributes, held, item)
			}
			merged[i] = proposedElement(of, before, item)
		}
		return tftypes.NewValue(config.Type(), merged)
	}
	return proposedObject(of.Attributes, prior, config)
}

func proposedElement(of *tfprotov6.SchemaObject, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	return proposedObject(of.Attributes, prior, config)
}

// takeMatch takes the element that differs from item in nothing but computed values.
func takeMatch(attributes []*tfprotov6.SchemaAttribute, held []tftypes.Value, item tftypes.Value) (match tftypes.Value, rest []tftypes.Value) {
	i := slices.IndexFunc(held, func(before tftypes.Value) bool { return proposedObject(attributes, before, item).Equal(before) })
	if i < 0 {
		return tftypes.Value{}, held
	}
	return held[i], slices.Delete(slices.Clone(held), i, i+1)
}

// elements are the objects in a nested value; those of a map in the order of its keys.
func elements(of *tfprotov6.SchemaObject, v tftypes.Value) []tftypes.Value {
	switch {
	case v.IsNull() || !v.IsKnown():
		return nil
	case of.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
		return []tftypes.Value{v}
	case of.Nesting == tfprotov6.SchemaObjectNestingModeMap:
		fields := Attributes(v)
		var all []tftypes.Value
		for _, key := range slices.Sorted(maps.Keys(fields)) {
			all = append(all, fields[key])
		}
		return all
	}
	return as[[]tftypes.Value](v)
}

// find returns the paths of the attributes that the condition holds for, at every depth.
func find(path string, attributes []*tfprotov6.SchemaAttribute, v tftypes.Value, is func(*tfprotov6.SchemaAttribute, tftypes.Value) bool) (paths []string) {
	values := Attributes(v)
	for _, a := range attributes {
		if is(a, values[a.Name]) {
			paths = append(paths, path+a.Name)
		}
		if a.NestedType == nil {
			continue
		}
		for _, item := range elements(a.NestedType, values[a.Name]) {
			paths = append(paths, find(path+a.Name+".", a.NestedType.Attributes, item, is)...)
		}
	}
	return paths
}

func holdsConfigured(of *tfprotov6.SchemaObject, prior tftypes.Value) bool {
	return slices.ContainsFunc(elements(of, prior), func(item tftypes.Value) bool {
		return len(find("", of.Attributes, item, func(a *tfprotov6.SchemaAttribute, v tftypes.Value) bool { return !a.Computed && !v.IsNull() })) > 0
	})
}

// requireNoWriteOnly fails on a write-only value in what the provider returns.
func (tf *Terraform) requireNoWriteOnly(v tftypes.Value) {
	tf.T.Helper()
	for _, path := range find("", tf.Schema.Block.Attributes, v, func(a *tfprotov6.SchemaAttribute, v tftypes.Value) bool { return a.WriteOnly && !v.IsNull() }) {
		tf.T.Errorf("%s is write-only, and the provider returns a value", path)
	}
}

// planProblems is what Terraform calls an invalid plan: a value that is neither the configured one
// nor the one there was.
func planProblems(path string, attributes []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) (problems []string) {
	before, wanted, got := Attributes(prior), Attributes(config), Attributes(planned)
	for _, a := range attributes {
		want, have := wanted[a.Name], got[a.Name]
		switch {
		case a.WriteOnly || a.Computed && want.IsNull():
		case have.Equal(before[a.Name]) && !want.IsNull() && !have.IsNull():
		case a.NestedType != nil && !want.IsNull() && want.IsKnown():
			problems = append(problems, nestedProblems(path+a.Name+".", a.NestedType, before[a.Name], want, have)...)
		case !have.Equal(want) && (want.IsNull() || !have.Equal(before[a.Name])):
			problems = append(problems, fmt.Sprintf("%s%s is configured as %s and planned as %s", path, a.Name, want, have))
		}
	}
	return problems
}

func nestedProblems(path string, of *tfprotov6.SchemaObject, prior, config, planned tftypes.Value) (problems []string) {
	before, wanted, got := elements(of, prior), elements(of, config), elements(of, planned)
	if len(wanted) != len(got) {
		return []string{fmt.Sprintf("%s has %d elements and is planned with %d", path, len(wanted), len(got))}
	}
	if of.Nesting == tfprotov6.SchemaObjectNestingModeSet {
		return nil // its elements have no order to compare them by
	}
	for i := range wanted {
		var was tftypes.Value
		if len(before) == len(wanted) {
			was = before[i]
		}
		problems = append(problems, planProblems(path, of.Attributes, was, wanted[i], got[i])...)
	}
	return problems
}

// isConsistent reports whether an applied value is the planned one, wherever that was known.
func isConsistent(planned, applied tftypes.Value) bool {
	switch kind := planned.Type(); {
	case !planned.IsKnown():
		return true
	case planned.IsFullyKnown() || applied.IsNull() || !applied.IsKnown():
		return planned.Equal(applied)
	case kind.Is(tftypes.Object{}), kind.Is(tftypes.Map{}):
		return maps.EqualFunc(Attributes(planned), Attributes(applied), isConsistent)
	case kind.Is(tftypes.List{}):
		return slices.EqualFunc(as[[]tftypes.Value](planned), as[[]tftypes.Value](applied), isConsistent)
	}
	return len(as[[]tftypes.Value](planned)) == len(as[[]tftypes.Value](applied))
}
