package provider

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Does each example of an action work? This decodes it, gives its variables a value, and invokes it: the CLI
// at hand may be too old for actions.
func TestDocs_actionExamplesWork(t *testing.T) {
	files, err := filepath.Glob("../../examples/actions/*/action.tf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	for _, file := range files {
		kind := filepath.Base(filepath.Dir(file))
		t.Run(kind, func(t *testing.T) {
			withOffice(t, "brivo_account", func(f *officeFixture) {
				config := decodeAction(t, file, f.exampleValues(kind))
				if diags := f.ValidateActionConfig(kind, config); len(diags) > 0 {
					t.Fatalf("the configuration is not valid: %s", errorText(diags))
				}
				f.mustInvoke(kind, config)
			})
		})
	}
}

// exampleValues are what the example of an action refers to.
func (f *officeFixture) exampleValues(kind string) map[string]string {
	code := map[string]string{"seam_delete_unmanaged_access_code": "var.unmanaged_access_code_id", "seam_pull_backup_access_code": "seam_access_code.guest.id"}[kind]
	id, _ := f.actionConfig(kind)["access_code_id"].(string)
	return map[string]string{
		code: id, "var.device_id": f.lock.ID, "var.acs_encoder_id": f.encoder, "var.acs_entrance_id": f.door, "seam_acs_credential.card.id": f.card,
		"var.acs_credential_id": f.credential("cloud_key", ""), "var.phone_device_id": f.seam.AddPhone(f.credential("mobile_key", "")).ID,
		"var.access_method_id": f.seam.AddObject("access_method", map[string]any{"mode": "card"}).ID, "var.card_number": "00447700",
	}
}

// decodeAction decodes the configuration of the action in an example.
func decodeAction(t *testing.T, file string, known map[string]string) (config values) {
	t.Helper()
	for _, block := range parseExample(t, file).Blocks {
		if block.Type == "action" {
			config = values{}
			for name, attribute := range block.Body.Blocks[0].Body.Attributes {
				config[name] = decodeExpression(t, attribute.Expr, known)
			}
		}
	}
	return config
}

// decodeExpression decodes a reference, a text or an object of these.
func decodeExpression(t *testing.T, e hclsyntax.Expression, known map[string]string) any {
	t.Helper()
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		object := values{}
		for _, item := range e.Items {
			object[hcl.ExprAsKeyword(item.KeyExpr)] = decodeExpression(t, item.ValueExpr, known)
		}
		return object
	case *hclsyntax.ScopeTraversalExpr:
		steps := []string{e.Traversal.RootName()}
		for _, step := range e.Traversal[1:] {
			if attribute, ok := step.(hcl.TraverseAttr); ok {
				steps = append(steps, attribute.Name)
			}
		}
		value, ok := known[strings.Join(steps, ".")]
		if !ok {
			t.Fatalf("%s is not known", strings.Join(steps, "."))
		}
		return value
	}
	text, diags := e.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return text.AsString()
}
