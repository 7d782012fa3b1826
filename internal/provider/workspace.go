package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// workspaceView is the model of seam_workspace.
type workspaceView struct {
	ID                 types.String `tfsdk:"id"`
	Name               types.String `tfsdk:"name"`
	ConnectPartnerName types.String `tfsdk:"connect_partner_name"`
	IsSandbox          types.Bool   `tfsdk:"is_sandbox"`
	IsSuspended        types.Bool   `tfsdk:"is_suspended"`
}

func newWorkspaceData() datasource.DataSource {
	return &data[workspaceView, *workspaceView]{noun: "workspace", schema: schema.Schema{
		MarkdownDescription: "The workspace behind the provider's credentials: to check that it is the one that is meant, or a sandbox, before anything is put on a lock.",
		Attributes: map[string]schema.Attribute{
			"id":                   shown("Seam's id of the workspace."),
			"name":                 shown("Name of the workspace."),
			"connect_partner_name": shown("Name that people see who connect their accounts."),
			"is_sandbox":           shownFlag("Whether it is a sandbox, with simulated devices."),
			"is_suspended":         shownFlag("Whether Seam has suspended it."),
		},
	}}
}

func (v *workspaceView) look(ctx context.Context, client *seam.Client) error {
	w, err := client.GetWorkspace(ctx)
	*v = workspaceView{textOrNull(w.ID), textOrNull(w.Name), textOrNull(w.ConnectPartnerName), types.BoolValue(w.IsSandbox), types.BoolValue(w.IsSuspended)}
	return err
}
