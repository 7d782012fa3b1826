package seamtest

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The file is written by testdata/refresh.mjs.
//
//go:embed testdata/openapi.json
var published []byte

type schemas = map[string]*jsonschema.Schema

var requestSchemas = sync.OnceValue(func() schemas { return compile("request") })

// compile turns one side of every published route into strict schemas.
func compile(side string) schemas {
	var document object
	if err := json.Unmarshal(published, &document); err != nil {
		panic(err)
	}
	paths := branch(document, "paths")
	for path := range paths {
		strict(branch(paths, path)[side])
	}
	for _, component := range branch(branch(document, "components"), "schemas") {
		strict(component)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("seam.json", document); err != nil {
		panic(err)
	}
	compiled := schemas{}
	for path := range paths {
		compiled[path] = c.MustCompile("seam.json#/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + side)
	}
	return compiled
}

func branch(o object, key string) object {
	b, _ := o[key].(object)
	return b
}

// strict rewrites an OpenAPI schema as a JSON schema that refuses unknown properties.
func strict(v any) {
	schema, ok := v.(object)
	if !ok {
		return
	}
	if _, unions := schema["allOf"]; unions {
		schema["unevaluatedProperties"] = false
	} else if _, fields := schema["properties"]; fields {
		schema["additionalProperties"] = false
	}
	rewrite(schema)
}

// rewrite changes what OpenAPI spells differently, here and below.
func rewrite(schema object) {
	if schema["exclusiveMinimum"] == true {
		schema["exclusiveMinimum"] = schema["minimum"]
	}
	// Seam's unions overlap, so one match is enough.
	if variants, ok := schema["oneOf"].([]any); ok {
		schema["anyOf"] = variants
		delete(schema, "oneOf")
	}
	properties, _ := schema["properties"].(object)
	for _, property := range properties {
		strict(property)
	}
	for _, key := range []string{"items", "additionalProperties"} {
		strict(schema[key])
	}
	variants, _ := schema["anyOf"].([]any)
	for _, variant := range variants {
		strict(variant)
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		if part, ok := part.(object); ok {
			rewrite(part) // a part sees only its own properties, so it cannot be strict
		}
	}
	allowNull(schema)
}

func allowNull(schema object) {
	if schema["nullable"] != true {
		return
	}
	delete(schema, "nullable")
	kind, typed := schema["type"]
	if typed {
		schema["type"] = []any{kind, "null"}
	} else if len(schema) == 0 {
		schema["type"] = "null"
	}
	if values, ok := schema["enum"].([]any); ok {
		schema["enum"] = append(slices.Clone(values), nil)
	}
	if variants, ok := schema["anyOf"].([]any); ok {
		schema["anyOf"] = append(slices.Clone(variants), object{"type": "null"})
	}
}
