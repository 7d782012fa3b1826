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
		MarkdownDescription: "The workspace of the provider's credentials, for checking that it is the intended one, or a sandbox, before anything is put on a lock.",
		Attributes: map[string]schema.Attribute{
			"id":                   core.ComputedString("ID of the workspace."),
			"name":                 core.ComputedString("Name of the workspace."),
			"connect_partner_name": core.ComputedString("Name shown to people who connect their accounts."),
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
