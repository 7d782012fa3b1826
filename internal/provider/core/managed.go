package core

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Managed is the part of a model that all nouns have. It is embedded in the model.
type Managed struct {
	ID          types.String   `tfsdk:"id"`
	WorkspaceID types.String   `tfsdk:"workspace_id"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

func (m *Managed) managed() *Managed { return m }

// managedModel is a model that embeds [Managed].
type managedModel[M any] interface {
	*M
	managed() *Managed
}

// Ref names the object to Seam.
func (m *Managed) Ref() seam.Ref {
	return seam.Ref{ID: m.ID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString()}
}

// ReadError is the error of a read. An object that was read before and is not found any more was
// removed outside Terraform; one that is being imported is an error.
func (m *Managed) ReadError(err error) error {
	if missing, ok := errors.AsType[*seam.NotFoundError](err); ok && !m.WorkspaceID.IsNull() {
		return RemovedOutside(missing)
	}
	return err
}

// Identify sets what is known of any object that Seam has.
func (m *Managed) Identify(workspace, id string) {
	m.ID, m.WorkspaceID = types.StringValue(id), StringOrNull(workspace)
}

// ManagedAttributes are the attributes of Managed, and others.
func ManagedAttributes(ctx context.Context, label string, others map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"id":           ComputedStable("Seam's id of the " + label + "."),
		"workspace_id": ComputedStable("Workspace in which it is."),
		"timeouts":     timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
	}
	maps.Copy(all, others)
	return all
}

// OptionalString is a text that can be set, changed and cleared.
func OptionalString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: NonEmpty}
}

// Changed is the argument that makes of a text what is planned: absent if that is the same as
// before, and null if it is cleared.
func Changed(planned, prior types.String) seam.Param[string] {
	switch {
	case planned.IsUnknown() || planned.Equal(prior):
		return seam.Param[string]{}
	case planned.IsNull():
		return seam.Null[string]()
	}
	return seam.Value(planned.ValueString())
}
