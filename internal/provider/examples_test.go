package provider

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Do examples for newer CLIs name what there is?
// The CLI at hand may be too old to run the examples of lists and actions. That they name
// existing types and arguments is checked with any.
func TestDocs_examplesForNewerCLIsNameExistingArguments(t *testing.T) {
	withHarness(t, func(h *harness) {
		schemas := h.Schemas()
		actions := map[string]*tfprotov6.Schema{}
		for name, action := range schemas.ActionSchemas {
			actions[name] = action.Schema
		}
		for pattern, c := range map[string]struct {
			block string
			known map[string]*tfprotov6.Schema
		}{
			"list-resources/*/*.tfquery.hcl": {"list", schemas.ListResourceSchemas},
			"actions/*/*.tf":                 {"action", actions},
		} {
			files, err := filepath.Glob(filepath.Join("../../examples", pattern))
			if err != nil || len(files) != len(c.known) {
				t.Fatalf("%d files for %d types (%v)", len(files), len(c.known), err)
			}
			for _, file := range files {
				checkExample(t, file, c.block, c.known)
			}
		}
	})
}

// metaArguments are the arguments that the CLI itself knows in such a block.
var metaArguments = map[string][]string{"list": {"provider", "include_resource", "limit"}, "action": {}}

func checkExample(t *testing.T, file, kind string, known map[string]*tfprotov6.Schema) {
	t.Helper()
	body := parseExample(t, file)
	variables, found := map[string]bool{}, false
	for _, block := range body.Blocks {
		switch block.Type {
		case "variable":
			variables[block.Labels[0]] = true
		case kind:
			found = true
			checkBlock(t, file, block, known)
		}
	}
	if !found {
		t.Errorf("%s has no %s block", file, kind)
	}
	diags := hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		if e, ok := node.(*hclsyntax.ScopeTraversalExpr); ok && e.Traversal.RootName() == "var" && len(e.Traversal) > 1 {
			if name, ok := e.Traversal[1].(hcl.TraverseAttr); ok && !variables[name.Name] {
				t.Errorf("%s has no variable %q", file, name.Name)
			}
		}
		return nil
	})
	if diags.HasErrors() {
		t.Error(diags)
	}
}

func parseExample(t *testing.T, file string) *hclsyntax.Body {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	body, ok := parsed.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok {
		t.Fatalf("%s: %v", file, diags)
	}
	return body
}

func checkBlock(t *testing.T, file string, block *hclsyntax.Block, known map[string]*tfprotov6.Schema) {
	t.Helper()
	schema := known[block.Labels[0]]
	if schema == nil || filepath.Base(filepath.Dir(file)) != block.Labels[0] {
		t.Fatalf("%s is an example of %q", file, block.Labels[0])
	}
	for name := range block.Body.Attributes {
		if !slices.Contains(metaArguments[block.Type], name) {
			t.Errorf("%s has %s outside of config", file, name)
		}
	}
	if block.Type == "list" && block.Body.Attributes["provider"] == nil {
		t.Errorf("%s does not name the provider", file)
	}
	arguments := map[string]hclsyntax.Expression{}
	for _, inner := range block.Body.Blocks {
		if inner.Type != "config" || len(inner.Body.Blocks) > 0 {
			t.Errorf("%s has a block %s, or blocks in it", file, inner.Type)
		}
		for name, attribute := range inner.Body.Attributes {
			arguments[name] = attribute.Expr
		}
	}
	checkArguments(t, file, arguments, schema.Block.Attributes)
}

func checkArguments(t *testing.T, file string, arguments map[string]hclsyntax.Expression, known []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, a := range known {
		expression := arguments[a.Name]
		delete(arguments, a.Name)
		if a.Required && expression == nil {
			t.Errorf("%s leaves out %s", file, a.Name)
		}
		object, ok := expression.(*hclsyntax.ObjectConsExpr)
		if !ok || a.NestedType == nil {
			continue
		}
		nested := map[string]hclsyntax.Expression{}
		for _, item := range object.Items {
			nested[hcl.ExprAsKeyword(item.KeyExpr)] = item.ValueExpr
		}
		checkArguments(t, file, nested, a.NestedType.Attributes)
	}
	for name := range arguments {
		t.Errorf("%s has an argument %q that there is not", file, name)
	}
}
