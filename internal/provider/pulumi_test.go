package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Pulumi runs this provider through its bridge for Terraform providers. The bridge needs an id, renames
// some attributes, and fails if a state has nulls in timeouts: after the create, so that the object is
// lost.

var renamedByPulumi = []string{"provider", "pulumi", "urn", "version"}

func TestSchema_hasNothingThatPulumiRejects(t *testing.T) {
	withHarness(t, func(h *harness) {
		for name, schema := range h.Schemas().ResourceSchemas {
			attributes := map[string]*tfprotov6.SchemaAttribute{}
			for _, a := range schema.Block.Attributes {
				attributes[a.Name] = a
				if slices.Contains(renamedByPulumi, a.Name) || a.Type != nil && a.Type.Is(tftypes.DynamicPseudoType) {
					t.Errorf("%s: the attribute %s is renamed, or has no fixed type", name, a.Name)
				}
			}
			if id := attributes["id"]; id == nil || !id.Computed || id.Optional || !id.Type.Is(tftypes.String) {
				t.Errorf("%s has no computed string id", name)
			}
			if len(schema.Block.BlockTypes) > 0 {
				t.Errorf("%s has blocks", name)
			}
			for _, a := range attributes["timeouts"].NestedType.Attributes {
				if !a.Computed {
					t.Errorf("%s: timeouts.%s may be null in the state", name, a.Name)
				}
			}
		}
	})
}

func TestAccessCode_stateHasNoNullInTimeouts(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h)
		h.requireNoError(h.apply(config.with(values{"timeouts": values{"delete": "20m"}})))
		requireEqual(t, "some", h.attribute("timeouts"), any(map[string]any{"create": "5m", "update": "5m", "delete": "20m"}))
		h.requireNoError(h.apply(config.with(values{"timeouts": values{}})))
		requireEqual(t, "defaults", h.attribute("timeouts"), any(map[string]any{"create": "5m", "update": "5m", "delete": "10m"}))
		h.requireNoError(h.apply(config))
		requireEqual(t, "none", h.attribute("timeouts"), nil)
	})
}
