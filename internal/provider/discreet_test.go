package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A diagnostic on an argument makes Terraform print its source line.
func TestIsEverySecretArgumentKeptOutOfDiagnostics(t *testing.T) {
	inWorld(t, func(w *world) {
		schemas := w.schemas()
		found := map[string][]string{"provider": secretsIn(schemas.Provider)}
		for kind, all := range map[string]map[string]*tfprotov6.Schema{"resource": schemas.ResourceSchemas, "data": schemas.DataSourceSchemas, "ephemeral": schemas.EphemeralResourceSchemas, "list": schemas.ListResourceSchemas} {
			for _, schema := range all {
				found[kind] = append(found[kind], secretsIn(schema)...)
			}
		}
		for kind, names := range found {
			for _, name := range names {
				if !slices.Contains(secretArguments, name) {
					t.Errorf("%s: the argument %s holds a secret and is not in secretArguments", kind, name)
				}
			}
		}
		// detach does not see the diagnostics of other kinds.
		if len(found["resource"]) != 2 || len(found["data"]) != 1 || len(found["ephemeral"])+len(found["list"]) > 0 {
			t.Errorf("arguments that hold a secret: %v", found)
		}
	})
}

// secretsIn are the arguments of a schema that hold a secret.
func secretsIn(schema *tfprotov6.Schema) (names []string) {
	for _, a := range schema.Block.Attributes {
		if (a.Sensitive || a.WriteOnly) && (a.Optional || a.Required) {
			names = append(names, a.Name)
		}
	}
	return names
}
