package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Is every secret argument kept out of diagnostics?
// A diagnostic on an argument makes Terraform print its source line.
func TestProvider_secretArgumentsAreDetachedFromDiagnostics(t *testing.T) {
	withHarness(t, func(h *harness) {
		schemas := h.Schemas()
		found := map[string][]string{"provider": sensitiveArgumentNames(schemas.Provider)}
		for kind, all := range map[string]map[string]*tfprotov6.Schema{"resource": schemas.ResourceSchemas, "data": schemas.DataSourceSchemas, "ephemeral": schemas.EphemeralResourceSchemas, "list": schemas.ListResourceSchemas} {
			for _, schema := range all {
				found[kind] = append(found[kind], sensitiveArgumentNames(schema)...)
			}
		}
		for kind, names := range found {
			for _, name := range names {
				if !slices.Contains(sensitiveArguments, name) {
					t.Errorf("%s: the argument %s holds a secret and is not in sensitiveArguments", kind, name)
				}
			}
		}
		// detach does not see the diagnostics of other kinds.
		if len(found["resource"]) != 6 || len(found["data"]) != 1 || len(found["ephemeral"])+len(found["list"]) > 0 {
			t.Errorf("arguments that hold a secret: %v", found)
		}
	})
}

// sensitiveArgumentNames are the arguments of a schema that hold a secret.
func sensitiveArgumentNames(schema *tfprotov6.Schema) (names []string) {
	for _, a := range schema.Block.Attributes {
		if (a.Optional || a.Required) && holdsSecret(a) {
			names = append(names, a.Name)
		}
	}
	return names
}

func holdsSecret(a *tfprotov6.SchemaAttribute) bool {
	return a.Sensitive || a.WriteOnly || a.NestedType != nil && slices.ContainsFunc(a.NestedType.Attributes, holdsSecret)
}
