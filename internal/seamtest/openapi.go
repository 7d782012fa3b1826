package seamtest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The file is written by testdata/refresh.mjs.
//
//go:embed testdata/openapi.json
var openAPIDocument []byte

// The file is written by hand: what newer documents add, as a JSON merge patch (RFC 7386).
//
//go:embed testdata/overlay.json
var openAPIOverlay []byte

type schemas = map[string]*jsonschema.Schema

var (
	openAPI         = sync.OnceValue(parseOpenAPI)
	requestSchemas  = sync.OnceValue(func() schemas { return compileSchemas("request") })
	responseSchemas = sync.OnceValue(func() schemas { return compileSchemas("response") })
)

func parseOpenAPI() jsonObject {
	var document, overlay jsonObject
	if err := errors.Join(json.Unmarshal(openAPIDocument, &document), json.Unmarshal(openAPIOverlay, &overlay)); err != nil {
		panic(err)
	}
	mergePatch(document, overlay)
	return document
}

func mergePatch(target, patch jsonObject) {
	for name, change := range patch {
		have, isObject := target[name].(jsonObject)
		if inner, ok := change.(jsonObject); ok && isObject {
			mergePatch(have, inner)
			continue
		}
		target[name] = change
	}
}

// compileSchemas turns one side of every published route into strict schemas.
func compileSchemas(side string) schemas {
	document := parseOpenAPI() // its own copy, for it is rewritten
	paths := objectField(document, "paths")
	for path := range paths {
		makeStrict(objectField(paths, path)[side])
	}
	for _, component := range objectField(document, "components", "schemas") {
		makeStrict(component)
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

func objectField(o jsonObject, path ...string) jsonObject {
	for _, key := range path {
		o, _ = o[key].(jsonObject)
	}
	return o
}

// makeStrict rewrites an OpenAPI schema as a JSON schema that refuses unknown properties.
func makeStrict(v any) {
	schema, ok := v.(jsonObject)
	if !ok {
		return
	}
	if _, unions := schema["allOf"]; unions {
		schema["unevaluatedProperties"] = false
	} else if _, fields := schema["properties"]; fields {
		schema["additionalProperties"] = false
	}
	toJSONSchema(schema, makeStrict)
}

// convertPart converts one part of an allOf. It sees only its own properties, so neither the part nor its
// alternatives can be strict.
func convertPart(v any) {
	if schema, ok := v.(jsonObject); ok {
		toJSONSchema(schema, convertPart)
	}
}

// toJSONSchema changes what OpenAPI spells differently, here and below.
func toJSONSchema(schema jsonObject, convertVariant func(any)) {
	if schema["exclusiveMinimum"] == true {
		schema["exclusiveMinimum"] = schema["minimum"]
	}
	// Seam's unions overlap, so one match is enough.
	if variants, ok := schema["oneOf"].([]any); ok {
		schema["anyOf"] = variants
		delete(schema, "oneOf")
	}
	properties, _ := schema["properties"].(jsonObject)
	for _, property := range properties {
		makeStrict(property)
	}
	for _, key := range []string{"items", "additionalProperties"} {
		makeStrict(schema[key])
	}
	variants, _ := schema["anyOf"].([]any)
	for _, variant := range variants {
		convertVariant(variant)
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		convertPart(part)
	}
	convertNullable(schema)
}

func convertNullable(schema jsonObject) {
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
		schema["anyOf"] = append(slices.Clone(variants), jsonObject{"type": "null"})
	}
}
