package acctest

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What is computed and not configured stays, with the element that it belongs to.
func TestTerraform_proposesNestedValues(t *testing.T) {
	type list = []Values
	const single, items, set, byKey = tfprotov6.SchemaObjectNestingModeSingle, tfprotov6.SchemaObjectNestingModeList, tfprotov6.SchemaObjectNestingModeSet, tfprotov6.SchemaObjectNestingModeMap
	kept := Values{"name": "a", "id": "1"}
	for name, c := range map[string]struct {
		nesting             tfprotov6.SchemaObjectNestingMode
		computed            bool
		prior, config, want any
	}{
		"new":                   {single, false, nil, Values{"name": "a"}, Values{"name": "a"}},
		"object":                {single, false, kept, Values{"name": "b"}, Values{"name": "b", "id": "1"}},
		"object left out":       {single, false, kept, nil, nil},
		"configured, left out":  {single, true, kept, nil, nil},
		"computed, left out":    {single, true, Values{"id": "1"}, nil, Values{"id": "1"}},
		"unknown":               {items, false, list{kept}, Unknown{}, Unknown{}},
		"list by index":         {items, false, list{kept}, list{{"name": "b"}, {"name": "c"}}, list{{"name": "b", "id": "1"}, {"name": "c"}}},
		"map by key":            {byKey, false, map[string]Values{"x": kept}, map[string]Values{"x": {"name": "b"}, "y": {"name": "a"}}, map[string]Values{"x": {"name": "b", "id": "1"}, "y": {"name": "a"}}},
		"set by what is in it":  {set, false, list{kept, {"name": "b", "id": "2"}}, list{{"name": "b"}, {"name": "c"}}, list{{"name": "b", "id": "2"}, {"name": "c"}}},
		"set of equal elements": {set, false, list{kept, {"name": "a", "id": "2"}}, list{{"name": "a"}, {"name": "a"}}, list{{"name": "a", "id": "1"}, {"name": "a", "id": "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			nested := &tfprotov6.SchemaAttribute{Name: "nested", Optional: true, Computed: c.computed, NestedType: &tfprotov6.SchemaObject{Nesting: c.nesting, Attributes: []*tfprotov6.SchemaAttribute{
				{Name: "name", Type: tftypes.String, Optional: true}, {Name: "id", Type: tftypes.String, Computed: true},
			}}}
			schema := &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{nested}}
			value := func(v any) tftypes.Value {
				made, err := newValue(schema.ValueType(), Values{"nested": v})
				if err != nil {
					t.Fatal(err)
				}
				return made
			}
			if got := proposedObject(schema.Attributes, value(c.prior), value(c.config)); !reflect.DeepEqual(GoValue(got), GoValue(value(c.want))) {
				t.Errorf("proposed %s", got)
			}
			if problems := planProblems("", schema.Attributes, value(c.prior), value(c.config), value(c.want)); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}
