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

// fieldError describes an invalid field. It never contains the value.
type fieldError struct {
	field   []string
	message string
}

func validateRequest(path string, body jsonObject) error {
	if body == nil {
		body = jsonObject{}
	}
	err := requestSchemas()[path].Validate(body)
	violation, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	return invalidInputs(fieldErrors(violation)...)
}

// invalidInput returns the error for one invalid field of a request.
func invalidInput(field, text string) error {
	return invalidInputs(fieldError{[]string{field}, text})
}

func invalidInputs(all ...fieldError) error {
	slices.SortFunc(all, func(a, b fieldError) int { return slices.Compare(a.field, b.field) })
	tree := emptyErrors()
	var messages []string
	for _, p := range all {
		node := tree
		for _, name := range p.field {
			if node[name] == nil {
				node[name] = emptyErrors()
			}
			node = objectField(node, name)
		}
		here, _ := node["_errors"].([]string)
		node["_errors"] = append(here, p.message)
		messages = append(messages, strings.TrimSpace(strings.Join(p.field, ".")+" "+p.message))
	}
	message := strings.Join(messages, ", ")
	if len(all) > 1 {
		message = fmt.Sprintf("%d Input Errors: %s", len(all), message)
	}
	return newAPIError(http.StatusBadRequest, "invalid_input", message).withField("validation_errors", tree)
}

func emptyErrors() jsonObject { return jsonObject{"_errors": []string{}} }

// fieldErrors flattens a schema violation; the alternatives of a union count as one problem.
func fieldErrors(v *jsonschema.ValidationError) []fieldError {
	at := func(name string) []string { return append(slices.Clone(v.InstanceLocation), name) }
	var all []fieldError
	switch k := v.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			all = append(all, fieldError{at(name), "is required"})
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			all = append(all, fieldError{at(name), "is not a known field"})
		}
	case *kind.Group, *kind.Schema, *kind.Reference, *kind.AllOf:
		for _, cause := range v.Causes {
			all = append(all, fieldErrors(cause)...)
		}
	default:
		all = append(all, fieldError{v.InstanceLocation, violationMessage(k)})
	}
	return all
}

func violationMessage(k jsonschema.ErrorKind) string {
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
