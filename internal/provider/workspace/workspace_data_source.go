package workspace

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// workspaceDataSourceModel is the model of seam_workspace.
type workspaceDataSourceModel struct {
	ID                 types.String `tfsdk:"id"`
	Name               types.String `tfsdk:"name"`
	ConnectPartnerName types.String `tfsdk:"connect_partner_name"`
	IsSandbox          types.Bool   `tfsdk:"is_sandbox"`
	IsSuspended        types.Bool   `tfsdk:"is_suspended"`
}

func newWorkspaceDataSource() datasource.DataSource {
	return core.NewDataSource[workspaceDataSourceModel]("workspace", schema.Schema{
		MarkdownDescription: "The workspace behind the provider's credentials: to check that it is the one that is meant, or a sandbox, before anything is put on a lock.",
		Attributes: map[string]schema.Attribute{
			"id":                   core.ComputedString("Seam's id of the workspace."),
			"name":                 core.ComputedString("Name of the workspace."),
			"connect_partner_name": core.ComputedString("Name that people see who connect their accounts."),
			"is_sandbox":           core.ComputedBool("Whether it is a sandbox, with simulated devices."),
			"is_suspended":         core.ComputedBool("Whether Seam has suspended it."),
		},
	})
}

func (v *workspaceDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	w, err := client.GetWorkspace(ctx)
	*v = workspaceDataSourceModel{core.StringOrNull(w.ID), core.StringOrNull(w.Name), core.StringOrNull(w.ConnectPartnerName), types.BoolValue(w.IsSandbox), types.BoolValue(w.IsSuspended)}
	return err
}
