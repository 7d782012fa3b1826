package core

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
)

// Timeouts is the attribute timeouts of a resource, with a description for each operation.
//
// If it is set, the operations that it leaves out get their defaults in the plan and the state.
// With nulls in it, the bridge that Pulumi uses for Terraform providers fails after the create, and
// forgets the object: its PIN would stay on the lock, and no state would have it.
func Timeouts(ctx context.Context, create, update, remove string) schema.Attribute {
	all, _ := timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}).(schema.SingleNestedAttribute)
	all.MarkdownDescription = "How long operations may take."
	for name, of := range map[string]struct {
		byDefault   time.Duration
		description string
	}{
		"create": {CreateTimeout, create},
		"update": {UpdateTimeout, update},
		"delete": {DeleteTimeout, remove + " Destroy uses the value in the state, so apply a change before destroy."},
	} {
		attribute, _ := all.Attributes[name].(schema.StringAttribute)
		attribute.Description = ""
		attribute.MarkdownDescription = fmt.Sprintf(of.description, FormatMinutes(of.byDefault))
		attribute.Computed, attribute.Default = true, stringdefault.StaticString(FormatMinutes(of.byDefault))
		all.Attributes[name] = attribute
	}
	return all
}
