package provider

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

var importCommand = regexp.MustCompile(`(?m)^terraform import (\S+) (\S+)$`)

// Do the three examples of an import name the same object, and the identity of its type?
func TestDocs_importExamplesAgree(t *testing.T) {
	server := NewServer("test")
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range identities.IdentitySchemas {
		dir := filepath.Join("../../examples/resources", name)
		script, err := os.ReadFile(filepath.Join(dir, "import.sh"))
		shown := importCommand.FindStringSubmatch(string(script))
		if err != nil || shown == nil || !strings.HasPrefix(shown[1], name+".") {
			t.Errorf("%s/import.sh imports no %[1]s (%v)", name, err)
			continue
		}
		address, id := importExample(t, filepath.Join(dir, "import-by-string-id.tf"))
		requireEqual(t, name+" by ID", []string{address, id["id"]}, shown[1:])

		address, identity := importExample(t, filepath.Join(dir, "import-by-identity.tf"))
		var names []string
		for _, attribute := range schema.IdentityAttributes {
			names = append(names, attribute.Name)
		}
		slices.Sort(names)
		requireEqual(t, name+" by identity", address, shown[1])
		requireEqual(t, name+" identity attributes", slices.Sorted(maps.Keys(identity)), names)
		requireEqual(t, name+" identity values", slices.Sorted(maps.Values(identity)), slices.Sorted(strings.SplitSeq(shown[2], "/")))
	}
}

// importExample returns the address and the ID or the identity of an import block.
func importExample(t *testing.T, file string) (address string, values map[string]string) {
	t.Helper()
	body := parseExample(t, file)
	if len(body.Blocks) != 1 || body.Blocks[0].Type != "import" {
		t.Fatalf("%s is not an import block", file)
	}
	values = map[string]string{}
	for name, attribute := range body.Blocks[0].Body.Attributes {
		if name == "to" {
			to, diags := hcl.AbsTraversalForExpr(attribute.Expr)
			if diags.HasErrors() || len(to) != 2 {
				t.Fatalf("%s: %v", file, diags)
			}
			step, _ := to[1].(hcl.TraverseAttr)
			address = to.RootName() + "." + step.Name
			continue
		}
		collectStrings(t, name, attribute.Expr, values)
	}
	return address, values
}

// collectStrings reads an attribute that is a string, or an object of strings.
func collectStrings(t *testing.T, name string, expression hclsyntax.Expression, into map[string]string) {
	t.Helper()
	value, diags := expression.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if value.Type().IsObjectType() {
		for key, nested := range value.AsValueMap() {
			into[key] = nested.AsString()
		}
		return
	}
	into[name] = value.AsString()
}
