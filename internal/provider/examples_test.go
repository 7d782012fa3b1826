package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The CLI at hand may be too old to run the examples of lists and actions. That they name
// existing types and arguments is checked with any.
func TestDoExamplesForNewerCLIsNameWhatThereIs(t *testing.T) {
	inWorld(t, func(w *world) {
		schemas := w.schemas()
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

func checkExample(t *testing.T, file, kind string, known map[string]*tfprotov6.Schema) {
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
	found := false
	for _, block := range body.Blocks {
		if block.Type != kind {
			continue
		}
		found = true
		schema := known[block.Labels[0]]
		if schema == nil || filepath.Base(filepath.Dir(file)) != block.Labels[0] {
			t.Fatalf("%s is an example of %q", file, block.Labels[0])
		}
		arguments := map[string]bool{}
		for _, inner := range block.Body.Blocks {
			for name := range inner.Body.Attributes {
				arguments[name] = true
			}
		}
		for _, a := range schema.Block.Attributes {
			if a.Required && !arguments[a.Name] {
				t.Errorf("%s leaves out %s", file, a.Name)
			}
			delete(arguments, a.Name)
		}
		if len(arguments) > 0 {
			t.Errorf("%s has arguments that there are not: %v", file, arguments)
		}
	}
	if !found {
		t.Errorf("%s has no %s block", file, kind)
	}
}
