package provider

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// idPattern matches an id of Seam's, or the ids of two objects, separated by a slash.
var idPattern = regexp.MustCompile(`^` + uuid + `(/` + uuid + `)?$`)

const uuid = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`

// Are the mocks of what there is, and of its shape?
// A mock of something that there is not, or of the wrong shape, goes unnoticed by
// `terraform test` as long as no configuration uses it.
func TestDocs_mocksMatchTheSchemas(t *testing.T) {
	withHarness(t, func(h *harness) {
		schemas := h.Schemas()
		missing := map[string]*tfprotov6.Schema{}
		for name, schema := range schemas.ResourceSchemas {
			missing["mock_resource "+name] = schema
		}
		for name, schema := range schemas.DataSourceSchemas {
			if hasMockableAttributes(schema) {
				missing["mock_data "+name] = schema
			}
		}
		for _, block := range parseExample(t, "../../examples/mocks/mocks/seam.tfmock.hcl").Blocks {
			name := block.Type + " " + block.Labels[0]
			schema := missing[name]
			if schema == nil {
				t.Fatalf("%s is a mock of nothing, or the second", name)
			}
			delete(missing, name)
			checkMock(t, name, block, schema.Block.Attributes)
		}
		for name := range missing {
			t.Errorf("there is no %s", name)
		}
	})
}

// hasMockableAttributes tells whether there is anything to mock: Terraform's mocks leave lists of
// objects empty, and refuse values for them.
func hasMockableAttributes(schema *tfprotov6.Schema) bool {
	for _, a := range schema.Block.Attributes {
		if a.Computed && a.NestedType == nil {
			return true
		}
	}
	return false
}

func checkMock(t *testing.T, mock string, block *hclsyntax.Block, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	value, diags := block.Body.Attributes["defaults"].Expr.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	defaults := value.AsValueMap()
	for _, a := range attributes {
		value, ok := defaults[a.Name]
		delete(defaults, a.Name)
		switch {
		case !ok && a.Computed && (a.Name == "id" || strings.HasSuffix(a.Name, "_id") || strings.HasSuffix(a.Name, "_at")):
			t.Errorf("%s has no %s, and Terraform would make up any text", mock, a.Name)
		case !ok || value.IsNull():
		case !a.Computed:
			t.Errorf("%s sets %s, which only a configuration does", mock, a.Name)
		case a.Name == "id" || strings.HasSuffix(a.Name, "_id"):
			if !idPattern.MatchString(value.AsString()) {
				t.Errorf("%s: %s is no id of Seam's", mock, a.Name)
			}
		case strings.HasSuffix(a.Name, "_at"):
			if _, err := time.Parse(time.RFC3339, value.AsString()); err != nil {
				t.Errorf("%s: %s: %v", mock, a.Name, err)
			}
		}
	}
	for name := range defaults {
		t.Errorf("%s has no %s", mock, name)
	}
}
