// Command schemadoc prints the provider's schemas as `terraform providers schema -json`
// would, of every kind: the CLI at hand may be too old to know lists and actions. The
// documentation is generated from it. With a directory as argument, it puts the generated
// pages there into the subcategories of their families instead.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

type object = map[string]any

func main() {
	if len(os.Args) > 1 {
		if err := setSubcategories(os.Args[1]); err != nil {
			log.Fatal(err)
		}
		return
	}
	server, ctx := provider.NewServer("dev"), context.Background()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		log.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		log.Fatal(err)
	}
	actions := object{}
	for name, action := range schemas.ActionSchemas {
		actions[name] = schema(action.Schema)
	}
	doc := object{
		"provider":                   schema(schemas.Provider),
		"resource_schemas":           each(schemas.ResourceSchemas, schema),
		"data_source_schemas":        each(schemas.DataSourceSchemas, schema),
		"ephemeral_resource_schemas": each(schemas.EphemeralResourceSchemas, schema),
		"list_resource_schemas":      each(schemas.ListResourceSchemas, schema),
		"action_schemas":             actions,
		"functions":                  each(schemas.Functions, function),
		"resource_identity_schemas":  each(identities.IdentitySchemas, identity),
	}
	// tfplugindocs looks up the provider by its short name.
	if err := json.NewEncoder(os.Stdout).Encode(object{"format_version": "1.0", "provider_schemas": object{"seam": doc}}); err != nil {
		log.Fatal(err)
	}
}

// setSubcategories puts each page into the subcategory of its family, which tfplugindocs does
// not know.
func setSubcategories(docs string) error {
	for name, heading := range provider.Subcategories() {
		pages, err := filepath.Glob(filepath.Join(docs, "*", name+".md"))
		if err != nil {
			return err
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				return err
			}
			text = bytes.Replace(text, []byte(`subcategory: ""`), fmt.Appendf(nil, "subcategory: %q", heading), 1)
			if err := os.WriteFile(page, text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func each[T any](all map[string]T, describe func(T) object) object {
	described := object{}
	for name, one := range all {
		described[name] = describe(one)
	}
	return described
}

func schema(s *tfprotov6.Schema) object {
	return object{"version": s.Version, "block": block(s.Block)}
}

func block(b *tfprotov6.SchemaBlock) object {
	blocks := object{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = object{"nesting_mode": strings.ToLower(nested.Nesting.String()), "block": block(nested.Block), "min_items": nested.MinItems, "max_items": nested.MaxItems}
	}
	return object{"attributes": attributes(b.Attributes), "block_types": blocks, "description": b.Description, "description_kind": kind(b.DescriptionKind), "deprecated": b.Deprecated}
}

func attributes(all []*tfprotov6.SchemaAttribute) object {
	described := object{}
	for _, a := range all {
		d := object{
			"description": a.Description, "description_kind": kind(a.DescriptionKind), "deprecated": a.Deprecated,
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive, "write_only": a.WriteOnly,
		}
		if a.NestedType != nil {
			d["nested_type"] = object{"attributes": attributes(a.NestedType.Attributes), "nesting_mode": strings.ToLower(a.NestedType.Nesting.String())}
		} else {
			d["type"] = a.Type
		}
		described[a.Name] = d
	}
	return described
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}

func function(f *tfprotov6.Function) object {
	parameters := make([]object, len(f.Parameters))
	for i, p := range f.Parameters {
		parameters[i] = object{"name": p.Name, "description": p.Description, "is_nullable": p.AllowNullValue, "type": p.Type}
	}
	return object{"summary": f.Summary, "description": f.Description, "parameters": parameters, "return_type": f.Return.Type}
}

func identity(s *tfprotov6.ResourceIdentitySchema) object {
	described := object{}
	for _, a := range s.IdentityAttributes {
		described[a.Name] = object{"type": a.Type, "description": a.Description, "required_for_import": a.RequiredForImport, "optional_for_import": a.OptionalForImport}
	}
	return object{"version": s.Version, "attributes": described}
}
