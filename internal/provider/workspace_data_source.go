package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	return &dataSource[workspaceDataSourceModel, *workspaceDataSourceModel]{name: "workspace", schema: schema.Schema{
		MarkdownDescription: "The workspace behind the provider's credentials: to check that it is the one that is meant, or a sandbox, before anything is put on a lock.",
		Attributes: map[string]schema.Attribute{
			"id":                   computedString("Seam's id of the workspace."),
			"name":                 computedString("Name of the workspace."),
			"connect_partner_name": computedString("Name that people see who connect their accounts."),
			"is_sandbox":           computedBool("Whether it is a sandbox, with simulated devices."),
			"is_suspended":         computedBool("Whether Seam has suspended it."),
		},
	}}
}

func (v *workspaceDataSourceModel) read(ctx context.Context, client *seam.Client) error {
	w, err := client.GetWorkspace(ctx)
	*v = workspaceDataSourceModel{stringOrNull(w.ID), stringOrNull(w.Name), stringOrNull(w.ConnectPartnerName), types.BoolValue(w.IsSandbox), types.BoolValue(w.IsSuspended)}
	return err
}
