package seamtest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// problem is what is wrong with one field. Values are never part of it.
type problem struct {
	field []string
	text  string
}

func validateRequest(path string, body object) error {
	if body == nil {
		body = object{}
	}
	err := requestSchemas()[path].Validate(body)
	violation, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	return invalidFields(problems(violation)...)
}

// invalid refuses one field of a request.
func invalid(field, text string) error {
	return invalidFields(problem{[]string{field}, text})
}

func invalidFields(all ...problem) error {
	slices.SortFunc(all, func(a, b problem) int { return slices.Compare(a.field, b.field) })
	tree := noErrors()
	var said []string
	for _, p := range all {
		node := tree
		for _, name := range p.field {
			if node[name] == nil {
				node[name] = noErrors()
			}
			node = branch(node, name)
		}
		here, _ := node["_errors"].([]string)
		node["_errors"] = append(here, p.text)
		said = append(said, strings.TrimSpace(strings.Join(p.field, ".")+" "+p.text))
	}
	message := strings.Join(said, ", ")
	if len(all) > 1 {
		message = fmt.Sprintf("%d Input Errors: %s", len(all), message)
	}
	return refuse(http.StatusBadRequest, "invalid_input", message).with("validation_errors", tree)
}

func noErrors() object { return object{"_errors": []string{}} }

// problems flattens a schema violation; the alternatives of a union count as one problem.
func problems(v *jsonschema.ValidationError) []problem {
	at := func(name string) []string { return append(slices.Clone(v.InstanceLocation), name) }
	var all []problem
	switch k := v.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			all = append(all, problem{at(name), "is required"})
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			all = append(all, problem{at(name), "is not a known field"})
		}
	case *kind.Group, *kind.Schema, *kind.Reference, *kind.AllOf:
		for _, cause := range v.Causes {
			all = append(all, problems(cause)...)
		}
	default:
		all = append(all, problem{v.InstanceLocation, complaint(k)})
	}
	return all
}

func complaint(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("must be %s, not %s", strings.Join(k.Want, " or "), k.Got)
	case *kind.Format:
		return "must be a valid " + k.Want
	case *kind.MinLength:
		return fmt.Sprintf("must have at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %d characters", k.Want)
	case *kind.Pattern:
		return "must match " + k.Want
	case *kind.Enum:
		return "must be one of the known values"
	}
	return "is not valid"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
