package workspace

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// workspaceModel is the model of the resource seam_workspace.
type workspaceModel struct {
	core.Managed
	Create             types.Bool   `tfsdk:"create"`
	Name               types.String `tfsdk:"name"`
	ConnectPartnerName types.String `tfsdk:"connect_partner_name"`
	OrganizationID     types.String `tfsdk:"organization_id"`
	IsSandbox          types.Bool   `tfsdk:"is_sandbox"`
	PublishableKeyAuth types.Bool   `tfsdk:"is_publishable_key_auth_enabled"`
	Customization      types.Object `tfsdk:"connect_webview_customization"`
}

var workspaces = core.Declare(core.Noun[workspaceModel, seam.WorkspaceDetails, seam.WorkspaceInput]{
	Name: "workspace",
	Doc: "The settings of a workspace: that of the provider's credentials or, with `create = true`, a new one. Arguments that are not set are left unchanged.\n\n" +
		"Seam cannot delete a workspace: destroy stops managing it, with a warning, and changes nothing.",
	API:        seam.Workspaces,
	Attributes: workspaceAttributes(),
	FromAPI:    func(m *workspaceModel, w seam.WorkspaceDetails) { m.fromAPI(w) },
	ToAPI:      func(m, _ *workspaceModel) seam.WorkspaceInput { return m.input() },
})

func workspaceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"workspace_id": core.ComputedStable("Same as `id`."),
		"create": schema.BoolAttribute{
			MarkdownDescription: "Whether to create a workspace, instead of managing that of the provider's credentials. It requires a `name` that none of your workspaces has, and a personal access token in the provider. " +
				"Setting it later creates nothing; removing it later means that the workspace is managed only with credentials of its own. **A workspace cannot be deleted**, so replacing the resource leaves the workspace and creates another one.",
			Optional: true,
		},
		"name":                            core.OptionalComputedString("Name of the workspace. Removing the argument keeps the last name."),
		"connect_partner_name":            core.OptionalComputedString("Name shown to people who connect their accounts. Removing the argument keeps the last name."),
		"organization_id":                 core.OptionalComputedString("Organization that it belongs to. Removing the argument keeps the last one."),
		"is_sandbox":                      core.OptionalComputedBool("Whether it is a sandbox, with simulated devices. Of a new workspace, false by default; it cannot be changed."),
		"is_publishable_key_auth_enabled": core.OptionalComputedBool("Whether the publishable key of the workspace can be used."),
		"connect_webview_customization": schema.SingleNestedAttribute{
			MarkdownDescription: "Look of the Connect Webviews. Without this argument, Terraform leaves it as it is.", Optional: true,
			Attributes: map[string]schema.Attribute{
				"logo_shape":                schema.StringAttribute{MarkdownDescription: "`circle` or `square`; Seam's default otherwise.", Optional: true, Validators: []validator.String{stringvalidator.OneOf("circle", "square")}},
				"primary_button_color":      core.OptionalString("Color of the button, such as `#232426`; Seam's default otherwise."),
				"primary_button_text_color": core.OptionalString("Color of the text on the button; Seam's default otherwise."),
				"success_message":           core.OptionalString("Text shown after an account was connected; Seam's default otherwise."),
			},
		},
	}
}

// Plan says what cannot be undone or changed.
func (m *workspaceModel) Plan(_ context.Context, p *core.PlanRequest[workspaceModel]) {
	switch {
	case p.Prior != nil && !m.IsSandbox.IsUnknown() && !m.IsSandbox.Equal(p.Prior.IsSandbox):
		p.AddAttributeError("is_sandbox", "Seam cannot make a sandbox of a workspace, or the reverse.", "Set it to "+p.Prior.IsSandbox.String()+", or remove it. For another workspace, add a resource with create = true.")
	case p.Prior != nil || !m.Create.ValueBool() || p.Client == nil:
	case p.Config.Name.IsNull():
		p.AddAttributeError("name", "A new workspace needs a name.", "Set name, or remove create to manage the workspace of the provider's credentials.")
	default:
		if err := p.Client.RequirePersonalAccessToken(); err != nil {
			p.AddAttributeError("create", err.Error(), seam.Advice(err, ""))
			return
		}
		p.AddAttributeWarning("create", "A workspace cannot be deleted", "Apply creates a workspace, which Seam cannot delete: destroy will only remove it from the state.")
	}
}

func (m *workspaceModel) input() seam.WorkspaceInput {
	in := seam.WorkspaceInput{
		New:                m.Create.ValueBool(),
		Name:               core.KnownString(m.Name),
		ConnectPartnerName: core.KnownString(m.ConnectPartnerName),
		OrganizationID:     core.KnownString(m.OrganizationID),
		IsSandbox:          core.KnownBool(m.IsSandbox),
		PublishableKeyAuth: core.KnownBool(m.PublishableKeyAuth),
	}
	if !m.Customization.IsNull() {
		text := func(name string) *string {
			value, _ := m.Customization.Attributes()[name].(types.String)
			return value.ValueStringPointer()
		}
		in.Customization = &seam.WebviewCustomization{
			LogoShape: text("logo_shape"), ButtonColor: text("primary_button_color"), ButtonTextColor: text("primary_button_text_color"), SuccessMessage: text("success_message"),
		}
	}
	return in
}

// Read reads a workspace that was created here with a header of its own. Any other has to be that of the
// provider's credentials, as everything else.
func (m *workspaceModel) Read(ctx context.Context, op *core.Request[workspaceModel]) error {
	own, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	imported := m.WorkspaceID.IsNull()
	now, err := seam.Workspaces.Read(ctx, op.Client, m.ID.ValueString(), imported || m.Create.ValueBool())
	if err != nil {
		return err
	}
	if imported && now.ID != own {
		m.Create = types.BoolValue(true)
	}
	m.Identify(now.ID, now.ID)
	m.fromAPI(now)
	return nil
}

// fromAPI sets the model from a response. It takes the look only if it is configured.
func (m *workspaceModel) fromAPI(w seam.WorkspaceDetails) {
	m.WorkspaceID = m.ID // which may be another one than that of the credentials
	m.Name, m.ConnectPartnerName, m.OrganizationID = core.StringOrNull(w.Name), core.StringOrNull(w.ConnectPartnerName), core.StringOrNull(w.OrganizationID)
	m.PublishableKeyAuth, m.IsSandbox = types.BoolValue(w.PublishableKeyAuth), types.BoolValue(w.IsSandbox)
	if look := w.Customization; !m.Customization.IsNull() {
		m.Customization = types.ObjectValueMust(m.Customization.AttributeTypes(context.Background()), map[string]attr.Value{
			"logo_shape": types.StringPointerValue(look.LogoShape), "primary_button_color": types.StringPointerValue(look.ButtonColor),
			"primary_button_text_color": types.StringPointerValue(look.ButtonTextColor), "success_message": types.StringPointerValue(look.SuccessMessage),
		})
	}
}

func (m *workspaceModel) Delete(_ context.Context, op *core.Request[workspaceModel]) error {
	op.AddWarning("Workspace kept", "Seam cannot delete a workspace. "+m.ID.ValueString()+" stays as it is, and Terraform no longer manages its settings.")
	return nil
}
