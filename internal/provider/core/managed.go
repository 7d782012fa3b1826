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

// Managed has the attributes that all nouns share. Models embed it.
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

// Ref identifies the object to Seam.
func (m *Managed) Ref() seam.Ref {
	return seam.Ref{ID: m.ID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString()}
}

// ReadError converts the error of a read. An object that was read before and is not found was removed
// outside Terraform. An object that is not found during import is an error.
func (m *Managed) ReadError(err error) error {
	if missing, ok := errors.AsType[*seam.NotFoundError](err); ok && !m.WorkspaceID.IsNull() {
		return RemovedOutside(missing)
	}
	return err
}

// Identify sets the ID and the workspace.
func (m *Managed) Identify(workspace, id string) {
	m.ID, m.WorkspaceID = types.StringValue(id), StringOrNull(workspace)
}

// SetID sets the ID, and the workspace of the credentials.
func (m *Managed) SetID(ctx context.Context, client *seam.Client, id string) error {
	workspace, err := client.Workspace(ctx)
	m.Identify(workspace, id)
	return err
}

// ManagedAttributes adds the attributes of Managed to others, which take precedence.
func ManagedAttributes(ctx context.Context, label string, others map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"id":           ComputedStable("ID of the " + label + "."),
		"workspace_id": ComputedStable("Workspace that it belongs to."),
		"timeouts":     Timeouts(ctx, "How long create may take, such as `90s`; %s by default.", "How long update may take; %s by default.", "How long destroy may take; %s by default."),
	}
	maps.Copy(all, others)
	return all
}

// OptionalString is an optional string that can be changed and cleared in place.
func OptionalString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: NonEmpty}
}

// Changed is the write argument for a string: absent if it is unchanged, null if it is cleared.
func Changed(planned, prior types.String) seam.Param[string] {
	switch {
	case planned.IsUnknown() || planned.Equal(prior):
		return seam.Param[string]{}
	case planned.IsNull():
		return seam.Null[string]()
	}
	return seam.Value(planned.ValueString())
}
